"""``fr2en models`` and ``fr2en doctor``."""

from __future__ import annotations

import argparse
from typing import Any

def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None: ...
