"""Prompt templates for an optional language model, one Markdown file each: ``NAME.VERSION.md``.

A file begins with front matter in YAML (``name``, ``version``, ``task``, ``licence``, ``variables``, ``schema``);
then come ``## System`` and ``## User``, the two messages. ``variables`` says of each whether it is ``data`` (text
that others wrote) or a ``number``. ``{{name}}`` stands for a variable; data is put between two lines that it cannot
hold itself, and ``{{fence}}`` in the system message is the key of those lines. A released version is never edited:
results name it and its SHA-256.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from translate.errors import PromptError

__all__ = ["Prompt", "Rendered", "load", "names", "versions"]

#: What a variable may be.
KINDS = ("data", "number")

_KEYS = {"name", "version", "task", "licence", "variables", "schema"}
_FILE = re.compile(r"(?P<name>[a-z]+(?:-[a-z]+)*)\.(?P<version>[1-9]\d*)\.md")
_PARTS = re.compile(r"\A---\n(?P<matter>.*?)\n---\n\s*## System\n(?P<system>.*?)\n## User\n(?P<user>.*)\Z", re.DOTALL)
_PLACE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Rendered:
    """The two messages of one request; ``fence`` is the key of the lines that enclose the data."""

    system: str
    user: str
    fence: str


@dataclass(frozen=True)
class Prompt:
    """A prompt of a released version.

    ``variables`` are (name, kind) with a kind of :data:`KINDS`; ``schema`` is the JSON Schema of the answer;
    ``text`` the whole file and ``sha256`` its checksum in UTF-8.
    """

    name: str
    version: int
    task: str
    licence: str
    variables: tuple[tuple[str, str], ...]
    schema: Mapping[str, Any]
    system: str
    user: str
    text: str
    sha256: str

    def render(self, **variables: str | int) -> Rendered:
        """Return the messages with every variable in its place, data fenced.

        The key of the fence derives from the prompt and all data, and occurs in none of it: no text can close its
        own fence, and the same texts make the same request. Raises PromptError for a variable that is missing,
        unknown or of the wrong kind.
        """
        self._expect(variables)
        kinds = dict(self.variables)
        fence = _fence(self.sha256, [str(variables[name]) for name, kind in self.variables if kind == "data"])

        def put(place: re.Match[str]) -> str:
            name = place[1]
            if name == "fence":
                return fence
            return _fenced(name, str(variables[name]), fence) if kinds[name] == "data" else str(variables[name])

        # One pass: what a text holds is never taken for a place.
        return Rendered(_PLACE.sub(put, self.system), _PLACE.sub(put, self.user), fence)

    def _expect(self, given: Mapping[str, object]) -> None:
        wanted = {name for name, _ in self.variables}
        if missing := sorted(wanted - set(given)):
            raise PromptError(f"prompt {self.name}: variable {missing[0]!r} is missing")
        if unknown := sorted(set(given) - wanted):
            raise PromptError(f"prompt {self.name}: unknown variable {unknown[0]!r}")
        for name, kind in self.variables:
            value = given[name]
            right = isinstance(value, str) if kind == "data" else isinstance(value, int) and not isinstance(value, bool)
            if not right:
                raise PromptError(f"prompt {self.name}: variable {name!r} is {kind}, not {type(value).__name__}")


def names() -> tuple[str, ...]:
    """Return the names of all prompts, in order of the alphabet."""
    return tuple(sorted({name for name, _ in _files()}))


def versions(name: str) -> tuple[int, ...]:
    """Return the released versions of a prompt, oldest first; none for an unknown name."""
    return tuple(sorted(version for known, version in _files() if known == name))


@lru_cache(maxsize=32)
def load(name: str, version: int | None = None) -> Prompt:
    """Return a prompt, by default its newest version; raises PromptError for one that is not there or not sound."""
    known = versions(name)
    if not known:
        raise PromptError(f"there is no prompt {name!r}", f"There are: {', '.join(names())}.")
    if version is not None and version not in known:
        raise PromptError(f"prompt {name} has no version {version}", f"There are: {', '.join(map(str, known))}.")
    number = known[-1] if version is None else version
    file = f"{name}.{number}.md"
    prompt = parse(resources.files("prompts").joinpath(file).read_text("utf-8"), file)
    if (prompt.name, prompt.version) != (name, number):
        raise PromptError(f"{file}: its front matter names {prompt.name} version {prompt.version}")
    return prompt


def parse(text: str, where: str) -> Prompt:
    """Return the prompt that the text of a file holds; raises PromptError, which names ``where``."""
    import yaml

    text = text.replace("\r\n", "\n")
    parts = _PARTS.match(text)
    if parts is None:
        raise PromptError(f"{where}: not a prompt: front matter, '## System' and '## User' are needed")
    try:
        matter = yaml.safe_load(parts["matter"])
    except yaml.YAMLError as error:
        raise PromptError(f"{where}: the front matter is not YAML: {error}") from None
    if not isinstance(matter, dict) or set(matter) != _KEYS:
        raise PromptError(f"{where}: the front matter needs exactly {', '.join(sorted(_KEYS))}")
    variables = tuple((str(name), str(kind)) for name, kind in matter["variables"].items())
    system, user = parts["system"].strip(), parts["user"].strip()
    _check_places(where, variables, system, user)
    return Prompt(
        str(matter["name"]),
        int(matter["version"]),
        str(matter["task"]),
        str(matter["licence"]),
        variables,
        matter["schema"],
        system,
        user,
        text,
        hashlib.sha256(text.encode("utf-8")).hexdigest(),
    )


def _check_places(where: str, variables: tuple[tuple[str, str], ...], system: str, user: str) -> None:
    """Raise unless each variable has a place, each place a variable, and all data stands in the user's message."""
    for name, kind in variables:
        if kind not in KINDS:
            raise PromptError(f"{where}: variable {name!r} is {kind!r}, not one of {', '.join(KINDS)}")
        if kind == "data" and name in _PLACE.findall(system):
            raise PromptError(f"{where}: data ({name}) has no place in the system message")
    places = set(_PLACE.findall(system + user))
    if places != {name for name, _ in variables} | {"fence"}:
        raise PromptError(f"{where}: places {sorted(places)} do not match the variables and the fence")


def _files() -> list[tuple[str, int]]:
    found = (_FILE.fullmatch(item.name) for item in resources.files("prompts").iterdir())
    return [(match["name"], int(match["version"])) for match in found if match]


def _fence(seed: str, texts: list[str]) -> str:
    """Return a key that none of ``texts`` holds: the digest of them all, or the digest of that, and so on."""
    key = hashlib.sha256("\0".join((seed, *texts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    while any(key in text.casefold() for text in texts):
        key = hashlib.sha256(key.encode("ascii")).hexdigest()[:16]
    return key


def _fenced(name: str, text: str, fence: str) -> str:
    return f"<<<{name} {fence}\n{text}\n{fence} {name}>>>"
