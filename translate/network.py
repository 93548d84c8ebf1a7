"""The promise that nothing is sent: forbid every connection, and silence libraries that phone home."""

from __future__ import annotations

import os
import sys

from translate.errors import OfflineError

#: Audit events (PEP 578) that CPython raises before it resolves a name or sends anything.
_EVENTS = frozenset(
    {
        "socket.connect",
        "socket.getaddrinfo",
        "socket.getnameinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.sendto",
        "socket.sendmsg",
    }
)

#: What keeps Hugging Face's libraries, here and in subprocesses, from looking anything up.
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "FR2EN_OFFLINE": "1"}

#: What keeps them from reporting use when they are allowed to download.
_QUIET = {"HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1", "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}

_HINT = "Run without --offline (and without FR2EN_OFFLINE), or use a model that is on this machine."


def is_forbidden() -> bool:
    """Return whether the user forbade the network, by :func:`forbid` or by FR2EN_OFFLINE."""
    return os.environ.get("FR2EN_OFFLINE", "0") not in ("", "0")


def hush() -> None:
    """Set the environment so that no library sends telemetry; to be called before any of them is imported."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)


def forbid() -> None:
    """Make every attempt of this process to resolve a name or to connect raise OfflineError, for good.

    An audit hook (PEP 578) sees the calls of every library written in Python, whatever it imported; it cannot
    be taken away again. Sockets of the AF_UNIX family, which leave no machine, stay allowed. Subprocesses
    inherit FR2EN_OFFLINE, HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE.
    """
    os.environ.update(_OFFLINE)
    hush()
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _EVENTS:
        return
    address = arguments[0] if event in ("socket.getaddrinfo", "socket.gethostbyname") else arguments[-1]
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        if not isinstance(address, tuple):  # AF_UNIX addresses are paths; None: already connected
            return
        address = address[0]
    raise OfflineError(f"a connection to {address} was attempted, and connections are forbidden", _HINT)
