"""One question over HTTP: a deadline, and bounded tries with exponential back-off."""

from __future__ import annotations

import email.utils
import http.client
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from translate.errors import LLMError
from translate.llm.endpoint import API_KEY, BASE_URL, MODEL, Endpoint

#: What passes by itself: a time-out, a limit of requests, a server that restarts or is overloaded (RFC 9110, 6585).
PASSING = frozenset({408, 429, 500, 502, 503, 504})

#: Seconds before the second try, doubled for each further one, and their bound: those of OpenAI's own client.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0

#: Seconds that a service may ask to wait (Retry-After); one that asks for more is given up.
LONGEST_WAIT = 60.0

#: Questions sent in vain to a service that gives no answer in time. At temperature 0 the same question takes as long
#: again, and small servers work on one that was given up until its end: five tries of a model that rambled kept one
#: busy for 17 minutes (llama-cpp-python 0.3.36, SmolLM2 135M).
LATE_TRIES = 2

_LATE_HINT = "Is the model too large for its machine, or does it ramble? Try another, or later."

#: Bytes of an answer: a long article's post-edit has some 50,000.
LARGEST = 8 * 1024 * 1024

Sleep = Callable[[float], None]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: key and text go to the host that was named, and to no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Let the redirect be an error."""


class RefusedError(LLMError):
    """The service takes no such question (status 400 or 422): too long, or with a parameter that it does not know."""


class _PassingError(Exception):
    """A failure that may pass; ``wait`` is what the service asked for, in seconds; ``late`` tells of a time-out."""

    def __init__(self, what: str, wait: float | None = None, *, late: bool = False) -> None:
        super().__init__(what)
        self.wait = wait
        self.late = late


def post(endpoint: Endpoint, body: Mapping[str, Any], sleep: Sleep = time.sleep) -> Any:
    """Send ``body`` as JSON and return the JSON that comes back.

    A broken connection and the statuses of :data:`PASSING` are tried again, ``endpoint.retries`` times, a time-out at
    most :data:`LATE_TRIES` times in all; any other failure ends it at once. Raises LLMError, which names host and
    status, RefusedError where the service takes no such question.
    """
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    pause, late = FIRST_PAUSE, 0
    for left in range(endpoint.retries, -1, -1):
        try:
            return _once(endpoint, data)
        except _PassingError as failure:
            late += failure.late
            if not left or late == LATE_TRIES:
                tries = endpoint.retries + 1 - left
                hint = _LATE_HINT if failure.late else "Try again later."
                raise LLMError(f"{endpoint.host}: {failure} ({tries} tries)", hint) from None
            if failure.wait is not None and failure.wait > LONGEST_WAIT:
                wait = f"asks to wait {failure.wait:.0f} s"
                raise LLMError(f"{endpoint.host}: {failure}, and {wait}", "Try again then.") from None
            sleep(max(pause, failure.wait or 0.0))
            pause = min(2 * pause, LONGEST_PAUSE)
    raise AssertionError("unreachable")


def _once(endpoint: Endpoint, data: bytes) -> Any:
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "fr2en"}
    if endpoint.api_key:
        headers["Authorization"] = f"Bearer {endpoint.api_key}"
    request = urllib.request.Request(endpoint.url, data, headers)
    # A proxy would carry to another machine what is meant for this one.
    proxies = [urllib.request.ProxyHandler({})] if endpoint.is_local else []
    opener = urllib.request.build_opener(_NoRedirect, *proxies)
    deadline = time.monotonic() + endpoint.timeout
    try:
        with opener.open(request, timeout=endpoint.timeout) as response:
            return _decoded(endpoint, _read(response, deadline))
    except urllib.error.HTTPError as error:
        with error:
            raise _of_status(endpoint, error) from None
    except TimeoutError:
        raise _PassingError(f"no answer within {endpoint.timeout:g} s", late=True) from None
    except urllib.error.URLError as error:
        raise _of_connection(endpoint, error.reason) from None
    except (ValueError, http.client.InvalidURL) as error:  # of a proxy's address, or of one that is redirected to
        raise LLMError(
            f"{endpoint.host}: no connection: {error}", f"Check {BASE_URL}, and the proxy if one is set."
        ) from None
    except (OSError, http.client.HTTPException) as error:
        raise _of_connection(endpoint, error) from None


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """Read an answer; the socket's time-out bounds one read only, so that a trickle would never end."""
    parts, size = [], 0
    while part := response.read1(65536):
        parts.append(part)
        size += len(part)
        if time.monotonic() > deadline:
            raise TimeoutError
        if size > LARGEST:
            raise LLMError(f"the answer has more than {LARGEST} bytes", "Is this a language model's service?")
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and size < int(length):
        raise http.client.IncompleteRead(b"".join(parts), int(length) - size)
    return b"".join(parts)


def _decoded(endpoint: Endpoint, data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise LLMError(
            f"{endpoint.host} answered, but not in JSON", f"Check {BASE_URL}; it often ends in /v1."
        ) from None


def _of_status(endpoint: Endpoint, error: urllib.error.HTTPError) -> Exception:
    said = _message(error)
    what = f"status {error.code}{said}"
    if error.code in PASSING:
        return _PassingError(what, _wait(error.headers.get("Retry-After")))
    hints = {
        401: f"Check {API_KEY}.",
        403: f"Check {API_KEY}, and that it may use {endpoint.model}.",
        404: f"Check {BASE_URL} (it often ends in /v1) and {MODEL}.",
        413: "The text is too long for this service.",
    }
    if 300 <= error.code < 400:
        return LLMError(f"{endpoint.host} sends to another address", f"Set {BASE_URL} to it if you trust it.")
    hint = hints.get(error.code, f"Check {BASE_URL} and {MODEL}; the text may be too long for the model.")
    kind = RefusedError if error.code in (400, 422) else LLMError
    return kind(f"{endpoint.host}: {what}", hint)


def _of_connection(endpoint: Endpoint, reason: object) -> Exception:
    if isinstance(reason, TimeoutError):
        return _PassingError(f"no answer within {endpoint.timeout:g} s", late=True)
    if isinstance(reason, ConnectionResetError | BrokenPipeError | http.client.HTTPException):
        return _PassingError("the connection broke")
    said = getattr(reason, "strerror", None) or reason
    return LLMError(f"{endpoint.host}: no connection: {said}", f"Is the service running? Check {BASE_URL}.")


def _message(error: urllib.error.HTTPError) -> str:
    """Return what the service says of its refusal, on one line and without control characters."""
    try:
        found = json.loads(error.read(65536))
        detail = found.get("error", found) if isinstance(found, dict) else found
        said = detail.get("message", "") if isinstance(detail, dict) else str(detail)
    except (ValueError, RecursionError, OSError, http.client.HTTPException):
        return ""
    line = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", str(said)).split())
    return f": {line[:200]}" if line else ""


def _wait(asked: str | None) -> float | None:
    """Return the seconds that Retry-After asks for, as a number or a date (RFC 9110, 10.2.3)."""
    if not asked:
        return None
    if asked.strip().isdigit():
        return float(asked)
    try:
        moment = email.utils.parsedate_to_datetime(asked)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())
