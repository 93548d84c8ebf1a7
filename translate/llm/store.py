"""Answers kept in the user's cache folder: the same question is sent once."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from prompts import Prompt, Rendered
from translate.errors import OutputError
from translate.llm.endpoint import Endpoint
from translate.write.atomic import write_bytes

#: Raised when what a key or an entry holds changes.
LAYOUT = 1


class AnswerStore:
    """A folder of answers, one file each, under the checksum of all that decides an answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, endpoint: Endpoint, prompt: Prompt, rendered: Rendered) -> Path:
        """Return where the answer to a question is kept."""
        parts = [
            LAYOUT,
            endpoint.base_url,
            endpoint.model,
            endpoint.temperature,
            prompt.sha256,
            rendered.system,
            rendered.user,
        ]
        key = hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()
        return self.folder / key[:2] / f"{key}.json"

    def read(self, path: Path) -> Any:
        """Return what is kept there; None where nothing is, or nothing that can be read."""
        try:
            return json.loads(path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return None

    def write(self, path: Path, value: object) -> bool:
        """Keep an answer, whole or not at all; return whether that was possible. A full disk loses no answer."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_bytes(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), path, force=True)
        except (OSError, OutputError):
            return False
        return True
