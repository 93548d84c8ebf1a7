"""Command-line options made from the settings dataclasses, so that each exists once."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from pathlib import Path
from typing import Any, TypeVar

from translate.errors import OutputError
from translate.glossary import NO_GLOSSARY, Glossary
from translate.settings import INPUT_FORMATS, EngineSettings

Settings = TypeVar("Settings")


def positive(text: str) -> int:
    """Parse a whole number of at least 1."""
    return _whole(text, 1)


def not_negative(text: str) -> int:
    """Parse a whole number of at least 0."""
    return _whole(text, 0)


def _whole(text: str, least: int, most: int = sys.maxsize) -> int:
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if not least <= number <= most:
        beyond = f"less than {least}" if number < least else f"more than {most}"
        raise argparse.ArgumentTypeError(f"{text} is {beyond}")
    return number


def new_file(name: str) -> Path:
    """Parse the name of a file to write; raises OutputError for one that can only be a folder's, be it there or not."""
    if not name:
        raise argparse.ArgumentTypeError("the name is empty")
    if os.path.basename(name) in ("", ".", ".."):  # noqa: PTH119 (Path forgets the slash at the end)
        raise OutputError(f"{name}: is a folder", "Name a file in it.")
    return Path(name)


def add_options(parser: argparse._ActionsContainer, settings: type, only: tuple[str, ...] = ()) -> None:
    """Add one option for every field of ``settings`` that carries a help text (or for those of ``only``).

    A boolean field that is False becomes ``--name``, one that is True ``--no-name``. Metadata: ``flags`` are
    option strings to use instead of the field's name, ``repeat`` lets the option be given several times, ``most``
    is the largest number taken; all else goes to argparse as it is.
    """
    for field in dataclasses.fields(settings):
        if "help" in field.metadata and (not only or field.name in only):
            _add_option(parser, field)


def _add_option(parser: argparse._ActionsContainer, field: dataclasses.Field[Any]) -> None:
    extra = dict(field.metadata)
    text = extra.pop("help").replace("%", "%%")
    name = field.name.replace("_", "-")
    flags = extra.pop("flags", (f"--{name}",))
    default: Any = field.default
    if isinstance(default, bool):
        flags = (f"--no-{name}",) if default else flags
        action = "store_false" if default else "store_true"
        parser.add_argument(*flags, dest=field.name, action=action, help=f"do not {text}" if default else text)
        return
    if extra.pop("repeat", False):
        # argparse appends to a copy of the default, which a tuple is not fit for.
        extra["action"], default = "append", list(default)
    elif isinstance(default, int):
        most = extra.pop("most", sys.maxsize)
        least = min(default, 1) if default >= 0 else -sys.maxsize
        extra.setdefault("type", lambda text: _whole(text, least, most))
    elif isinstance(default, float):
        extra.setdefault("type", float)
    elif isinstance(default, Glossary):
        extra["type"] = _glossary
    shown = "" if default in ("", None, [], 0, -1, NO_GLOSSARY) or "default" in text else f" (default: {default})"
    parser.add_argument(*flags, dest=field.name, default=default, help=text + shown, **extra)


def _glossary(name: str) -> Glossary:
    from translate.read.glossary import read_glossary

    return read_glossary(name)


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose a model and how it runs."""
    group = parser.add_argument_group("model")
    add_options(group, EngineSettings)
    group.add_argument(
        "--download", action="store_true", help="fetch the model named by --model from the hub if it is not here"
    )


def add_reading(parser: argparse._ActionsContainer) -> None:
    """Add the options that say how an input is to be read, where its detection is wrong."""
    parser.add_argument("--encoding", help="encoding of the input, where its detection is wrong (cp1252, utf-8 ...)")
    parser.add_argument(
        "--from", dest="read_as", choices=INPUT_FORMATS, help="format of the input; default: by its ending"
    )


def from_args(settings: type[Settings], args: argparse.Namespace) -> Settings:
    """Build ``settings`` from parsed arguments; fields without an option keep their defaults."""
    found: dict[str, Any] = {}
    for field in dataclasses.fields(settings):  # type: ignore[arg-type]
        if hasattr(args, field.name):
            value = getattr(args, field.name)
            found[field.name] = tuple(value) if isinstance(value, list) else value
    return settings(**found)
