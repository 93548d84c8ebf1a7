"""The model that this user chose with ``fr2en models use``."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from translate.errors import ModelError, OutputError
from translate.models.paths import expanded


def config_file() -> Path:
    """Return the user's settings file: FR2EN_CONFIG, else config.json in the platform's folder."""
    if chosen := os.environ.get("FR2EN_CONFIG"):
        return expanded(chosen, "FR2EN_CONFIG")
    from platformdirs import user_config_path

    return user_config_path("fr2en", appauthor=False) / "config.json"


def chosen_model() -> str:
    """Return the model that the user chose, or ''; raises ModelError where the file is damaged."""
    model = _read(config_file()).get("model", "")
    if not isinstance(model, str):
        raise ModelError(f"'model' in {config_file()} is not a text", "Choose again with 'fr2en models use MODEL'.")
    return model


def choose_model(name: str) -> Path:
    """Make ``name`` the model of this user and return the file that now says so; '' goes back to the bundled
    one.

    Written aside and renamed; other settings in the file stay. Raises OutputError where it cannot be written.
    """
    path = config_file()
    settings = _read(path)
    settings["model"] = name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(prefix=path.name, dir=path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(json.dumps(settings, indent=2) + "\n")  # in ASCII: a folder's name need not be UTF-8
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror or error}",
            "Set FR2EN_CONFIG to a file that can be written, or give --model each time.",
        ) from error
    return path


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        settings = json.loads(text) if text.strip() else {}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"cannot read the settings in {path}: {error}", "Correct or delete that file.") from error
    if not isinstance(settings, dict):
        raise ModelError(f"{path} does not hold a JSON object", "Correct or delete that file.")
    return settings
