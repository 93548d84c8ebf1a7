"""Web and mail addresses that stand alone: there is nothing to translate in them."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"<?(?:(?:https?|ftp)://|www\.|mailto:)[^\s<>]+>?|<?[\w.+-]+@[\w-]+\.[\w.-]+>?")


def is_address(text: str) -> bool:
    """Tell whether ``text`` is one address, in angle brackets or not, and nothing else."""
    return _ADDRESS.fullmatch(text) is not None
