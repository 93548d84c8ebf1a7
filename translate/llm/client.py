"""Asking a language model: announced, cached, validated, and mended once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from prompts import Prompt, Rendered
from translate.errors import AnswerError, LLMError
from translate.llm.answers import InvalidError, content, parse, validate
from translate.llm.endpoint import Endpoint
from translate.llm.store import AnswerStore
from translate.llm.transport import RefusedError, Sleep, post
from translate.network import is_forbidden

#: Told, before anything is sent, where it goes.
Announce = Callable[[str], None]


@dataclass(frozen=True)
class Answer:
    """What a model answered: a value valid by the prompt's schema; ``cached`` where nothing was sent for it."""

    value: Mapping[str, Any]
    cached: bool = False
    mended: bool = False


class LanguageModel:
    """A model at an endpoint, asked one question at a time.

    ``announce`` is called once, before the first request, with the host, the model and what is sent there. Raises
    LLMError on construction where the user forbade connections.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        announce: Announce,
        store: AnswerStore | None = None,
        *,
        sleep: Sleep = time.sleep,
    ) -> None:
        if is_forbidden():
            raise LLMError(
                f"{endpoint.host}: a language model was asked for, and connections are forbidden",
                "Run without --offline (and without FR2EN_OFFLINE), or without the language model.",
            )
        self.endpoint = endpoint
        self._announce: Announce | None = announce
        self._store = store
        self._sleep = sleep

    def ask(self, prompt: Prompt, **variables: str | int) -> Answer:
        """Return the answer to ``prompt``, from the store where it is kept.

        An answer that is not valid by the prompt's schema is sent back once with the reason, and the schema for the
        service to hold the answer to where it can. Raises AnswerError
        where the second is not valid either, LLMError where the service fails, PromptError for wrong variables.
        """
        rendered = prompt.render(**variables)
        path = self._store.path(self.endpoint, prompt, rendered) if self._store else None
        if self._store and path:
            kept = self._store.read(path)
            if kept is not None and _is_valid(kept, prompt):
                return Answer(kept, cached=True)
        answer = self._fresh(prompt, rendered)
        if self._store and path:
            self._store.write(path, answer.value)
        return answer

    def record(self, prompt: Prompt) -> dict[str, object]:
        """Return what a result should say of how it was made."""
        return {
            "host": self.endpoint.host,
            "model": self.endpoint.model,
            "temperature": self.endpoint.temperature,
            "prompt": prompt.name,
            "prompt_version": prompt.version,
            "prompt_sha256": prompt.sha256,
        }

    def _fresh(self, prompt: Prompt, rendered: Rendered) -> Answer:
        messages = [{"role": "system", "content": rendered.system}, {"role": "user", "content": rendered.user}]
        reason = ""
        for mended in (False, True):
            reply = self._send_bound(messages, prompt) if mended else self._send(messages)
            said = ""
            try:
                said = content(reply, self.endpoint.host)
                return Answer(parse(said, prompt.schema), mended=mended)
            except InvalidError as invalid:
                reason = str(invalid)
            again = f"That was not valid: {reason}. Answer again with one JSON object as asked, and nothing else."
            messages = [
                *messages,
                {"role": "assistant", "content": said or "(no answer)"},
                {"role": "user", "content": again},
            ]
        raise AnswerError(
            f"{self.endpoint.model} did not answer prompt {prompt.name} in the form asked for: {reason}",
            "Try a stronger model.",
        )

    def _send_bound(self, messages: list[dict[str, str]], prompt: Prompt) -> Any:
        """Send a question whose answer the service shall hold to the schema; where it cannot, without that.

        A model of 135 million parameters answers no prompt of ours in JSON unless it is held to it.
        """
        try:
            return self._send(messages, {"type": "json_object", "schema": prompt.schema})
        except RefusedError:
            return self._send(messages)

    def _send(self, messages: list[dict[str, str]], form: Mapping[str, Any] | None = None) -> Any:
        if self._announce:
            secret = ", unencrypted" if self.endpoint.is_open else ""
            self._announce(f"text is sent to {self.endpoint.host}{secret} (model {self.endpoint.model})")
            self._announce = None
        # No limit of tokens, and response_format only where an answer went wrong: services differ in which they take,
        # and refuse the others; the answer is validated here.
        body: dict[str, Any] = {
            "model": self.endpoint.model,
            "messages": messages,
            "temperature": self.endpoint.temperature,
            "stream": False,
            **({"response_format": form} if form else {}),
        }
        return post(self.endpoint, body, self._sleep)


def open_model(announce: Announce) -> LanguageModel:
    """Return the model that the environment names, with a store in the user's cache folder.

    Raises UsageError where the environment names none, LLMError where connections are forbidden.
    """
    from translate.models.cache import cache_folder

    return LanguageModel(Endpoint.from_environment(), announce, AnswerStore(cache_folder() / "llm"))


def _is_valid(value: object, prompt: Prompt) -> bool:
    try:
        validate(value, prompt.schema)
    except InvalidError:
        return False
    return isinstance(value, dict)
