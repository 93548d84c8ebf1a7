"""Where a language model answers: FR2EN_LLM_BASE_URL, FR2EN_LLM_MODEL, FR2EN_LLM_API_KEY."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, urlsplit

from translate.errors import UsageError

BASE_URL, MODEL, API_KEY = "FR2EN_LLM_BASE_URL", "FR2EN_LLM_MODEL", "FR2EN_LLM_API_KEY"

#: Seconds for an answer of this machine, as OpenAI's own client waits: what a service writes in seconds takes a
#: processor minutes (SmolLM2 135M on one busy core: 20 tokens a second; useful models are fifty times as large).
LOCAL_TIMEOUT = 600.0

_HINT = f"Set {BASE_URL} (such as http://127.0.0.1:8080/v1), {MODEL} and, where the service wants one, {API_KEY}."


@dataclass(frozen=True)
class Endpoint:
    """A service and the model asked of it.

    ``base_url`` ends before ``/chat/completions``. ``timeout`` bounds one try, in seconds. ``retries`` are the tries
    after the first.
    """

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    timeout: float = 120.0
    retries: int = 4
    temperature: float = 0.0

    def __post_init__(self) -> None:
        parts = _parts(self.base_url)
        if parts is None:
            # Without what stands before the host: it may be a password.
            shown = re.sub("//.*@", "//...@", self.base_url)
            raise UsageError(f"{BASE_URL}: {shown!r} is no address of http or https", _HINT)
        if parts.username or parts.password or parts.query or parts.fragment:
            # It would end up in the notes and the record of every result.
            raise UsageError(f"{BASE_URL} holds more than an address", f"Put the key into {API_KEY}.")
        if not self.model:
            raise UsageError("no language model is named", _HINT)
        if any(not " " < char < "\x7f" for char in self.api_key):
            raise UsageError(f"{API_KEY} holds a character that no key has", "Check for spaces and line ends.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Endpoint:
        """Return the endpoint that the three variables name; raises UsageError where one is missing or wrong."""
        found = os.environ if environment is None else environment
        address = found.get(BASE_URL, "").strip()
        if not address:
            raise UsageError("no language model's service is named", _HINT)
        endpoint = cls(address.rstrip("/"), found.get(MODEL, "").strip(), found.get(API_KEY, "").strip())
        return replace(endpoint, timeout=LOCAL_TIMEOUT) if endpoint.is_local else endpoint

    @property
    def url(self) -> str:
        """The address that questions go to."""
        return f"{self.base_url.rstrip('/')}/chat/completions"

    @property
    def host(self) -> str:
        """Host and port as the address names them."""
        return urlsplit(self.base_url).netloc

    @property
    def is_local(self) -> bool:
        """Whether the service runs on this machine."""
        name = urlsplit(self.base_url).hostname or ""
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return name == "localhost"

    @property
    def is_open(self) -> bool:
        """Whether texts would cross a network that others may read."""
        return urlsplit(self.base_url).scheme == "http" and not self.is_local


def _parts(address: str) -> SplitResult | None:
    """Return the parts of an address that a request can be sent to; None for any other."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port  # raises where the port is no number
        host.encode("idna")  # as the look-up will: labels of 1 to 63 letters
    except ValueError:
        return None
    sendable = not re.search(r"[\x00-\x20\x7f]", address) and parts.path.isascii()
    return parts if parts.scheme in ("http", "https") and host and sendable else None
