from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    # -E would hide the variables under test; the root is the working folder, so that the package is found.
    import os

    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


ATTEMPTS = {
    "connect": "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
    "connect_ex": "import socket; socket.socket().connect_ex(('127.0.0.1', 9))",
    "resolve": "import socket; socket.getaddrinfo('localhost', 80)",
    "datagram": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "urllib": "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/', timeout=1)",
    "asyncio": "import asyncio; asyncio.run(asyncio.open_connection('127.0.0.1', 9))",
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_every_way_to_connect_is_refused(attempt: str) -> None:
    done = run(f"from translate.network import forbid; forbid(); {attempt}")
    assert "OfflineError" in done.stderr
    assert "connections are forbidden" in done.stderr


def test_what_is_forbidden_was_possible_before() -> None:
    done = run("import socket; print(socket.getaddrinfo('127.0.0.1', 80)[0][4][0])")
    assert done.stdout.strip() == "127.0.0.1"


def test_sockets_that_leave_no_machine_stay_allowed() -> None:
    code = (
        "from translate.network import forbid; forbid(); import socket; "
        "a, b = socket.socketpair(); a.send(b'x'); print(b.recv(1))"
    )
    if sys.platform == "win32":
        pytest.skip("socketpair is a TCP connection there")
    assert run(code).stdout.strip() == "b'x'"


def test_subprocesses_inherit_the_prohibition() -> None:
    code = (
        "from translate.network import forbid; forbid(); import subprocess, sys; "
        "subprocess.run([sys.executable, '-c', 'from translate.network import is_forbidden; import os; "
        'print(is_forbidden(), os.environ["HF_HUB_OFFLINE"], os.environ["HF_HUB_DISABLE_TELEMETRY"])\'])'
    )
    assert run(code).stdout.strip() == "True 1 1"


@pytest.mark.parametrize(("value", "expected"), [("1", "True"), ("0", "False"), ("", "False")])
def test_the_environment_forbids(value: str, expected: str) -> None:
    done = run("from translate.network import is_forbidden; print(is_forbidden())", FR2EN_OFFLINE=value)
    assert done.stdout.strip() == expected


def test_importing_changes_nothing() -> None:
    code = "import os; before = dict(os.environ); import translate.network; print(before == dict(os.environ))"
    assert run(code).stdout.strip() == "True"
