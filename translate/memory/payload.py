"""An entry as bytes: a sentence and every field of its Segment, as compact JSON, compressed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from translate.document import Segment

#: zlib's fastest: on entries of some 360 bytes, which become 236, level 6 saves 1 % more.
_LEVEL = 1

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Payload:
    """What an entry holds: the sentence that was asked for, whether it held inline Markdown, what it became."""

    text: str
    markup: bool
    segment: Segment


@dataclass(frozen=True)
class _Field:
    """A field as JSON has it: ``nested`` values in a list, or one value of exactly one of ``types``."""

    name: str
    types: tuple[type, ...]
    nested: type | None
    default: object


def to_json(payload: Payload, *, ascii_only: bool = False) -> str:
    """Return ``payload`` as one line of JSON; fields that have their default are left out."""
    plain = {"text": payload.text, "markup": payload.markup, "segment": _plain(payload.segment)}
    if payload.segment.source == payload.text:
        del plain["text"]
    return json.dumps(plain, ensure_ascii=ascii_only, separators=(",", ":"))


def from_json(text: str) -> Payload:
    """Return the payload that :func:`to_json` wrote, equal in every field; raises ValueError for anything else."""
    try:
        plain = json.loads(text)
        segment = _built(Segment, plain["segment"])
        source, markup = plain.get("text", segment.source), plain["markup"]
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"not an entry: {error}") from error
    if type(source) is not str or type(markup) is not bool:
        raise ValueError("not an entry: no sentence")
    return Payload(source, markup, segment)


def pack(payload: Payload) -> bytes:
    """Return ``payload`` as bytes; characters that no encoding has (lone surrogates) included."""
    return zlib.compress(to_json(payload).encode("utf-8", "surrogatepass"), _LEVEL)


def unpack(data: bytes) -> Payload:
    """Return the payload that :func:`pack` wrote; raises ValueError where a bit of it has changed."""
    try:
        return from_json(zlib.decompress(data).decode("utf-8", "surrogatepass"))
    except zlib.error as error:
        raise ValueError(str(error)) from error


def _read_fields(cls: type) -> tuple[_Field, ...]:
    """Return the fields of a dataclass, read off its annotations, so that a new one is never left behind."""
    hints, found = get_type_hints(cls), []
    for field in fields(cls):
        hint, nested = hints[field.name], None
        types: tuple[Any, ...] = get_args(hint) or (hint,)
        if get_origin(hint) is tuple:
            types, nested = (list,), types[0]
        found.append(_Field(field.name, (*types, int) if float in types else types, nested, field.default))
    return tuple(found)


_fields: Callable[[type], tuple[_Field, ...]] = cache(_read_fields)


def _plain(value: Any) -> dict[str, object]:
    plain: dict[str, object] = {}
    for field in _fields(type(value)):
        own = getattr(value, field.name)
        if own != field.default:
            plain[field.name] = own if field.nested is None else [_plain(part) for part in own]
    return plain


def _built(cls: type[_Value], plain: Any) -> _Value:
    known: tuple[_Field, ...] = _fields(cls)
    values: dict[str, object] = {}
    if not plain.keys() <= {field.name for field in known}:
        raise ValueError(f"not a {cls.__name__}: unknown fields")
    for field in known:
        if field.name not in plain:
            if field.default is MISSING:
                raise ValueError(f"a {cls.__name__} without {field.name}")
            continue
        value = plain[field.name]
        if type(value) not in field.types:
            raise ValueError(f"{cls.__name__}.{field.name} is {type(value).__name__}")
        values[field.name] = value if field.nested is None else tuple(_built(field.nested, part) for part in value)
    return cls(**values)
