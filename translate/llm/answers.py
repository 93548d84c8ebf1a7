"""Reading what a language model answered: the text in the reply, the JSON in the text, and its schema."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from translate.errors import LLMError

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


class InvalidError(Exception):
    """The answer is not what the schema asks for; its text says why, for the model to mend it."""


def content(reply: Any, host: str) -> str:
    """Return the text of the first choice; raises LLMError for another layout, InvalidError where it was cut off."""
    try:
        choice = reply["choices"][0]
        text = choice["message"]["content"]
    except (KeyError, IndexError, TypeError):
        raise LLMError(f"{host}: the reply holds no answer", "Is this an OpenAI-compatible service?") from None
    if choice.get("finish_reason") == "length":
        raise InvalidError("the answer was cut off at the service's limit of tokens; answer more briefly")
    if not isinstance(text, str) or not text.strip():
        raise InvalidError("the answer is empty")
    return text


def parse(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first JSON object in ``text``, valid by ``schema``; raises InvalidError.

    Models put thoughts before it, a code fence around it, and a remark behind it: all that is left aside.
    """
    text = _THOUGHT.sub("", text)
    start = text.find("{")
    if start < 0:
        raise InvalidError("there is no JSON object in the answer")
    try:
        value, _ = json.JSONDecoder(parse_constant=_no_constant).raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise InvalidError(f"the answer is not valid JSON: {error}") from None
    validate(value, schema)
    found: dict[str, Any] = value
    return found


def validate(value: object, schema: Mapping[str, Any]) -> None:
    """Raise InvalidError, naming place and reason, unless ``value`` is valid by the JSON Schema."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    try:
        error = best_match(Draft202012Validator(schema).iter_errors(value))
    except RecursionError:
        raise InvalidError("the object is nested too deeply") from None
    if error is not None:
        place = "/".join(map(str, error.absolute_path)) or "the object"
        raise InvalidError(f"{place}: {error.message[:300]}")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
