"""A scripted OpenAI-compatible server on this machine: it answers by a list and records what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Reply:
    """One answer: ``body`` goes out as it is; ``hang`` answers only after the client has gone."""

    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    cut: bool = False


def said(text: str, finish: str = "stop") -> Reply:
    """A model's reply with ``text`` as its content."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    return Reply(json.dumps({"choices": [choice]}).encode())


def answers(value: object) -> Reply:
    return said(json.dumps(value))


def fails(status: int, message: str = "", **headers: str) -> Reply:
    body = json.dumps({"error": {"message": message}}).encode() if message else b""
    return Reply(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


def name_server(monkeypatch: pytest.MonkeyPatch, folder: Path, server: LLMServer) -> None:
    """Set the environment so that the command asks ``server``, and keeps the answers in ``folder``."""
    monkeypatch.setenv("FR2EN_LLM_BASE_URL", server.base_url)
    monkeypatch.setenv("FR2EN_LLM_MODEL", "tiny")
    monkeypatch.setenv("FR2EN_CACHE", str(folder / "cache"))


Script = Sequence[Reply] | Callable[[dict[str, Any]], Reply]


class LLMServer:
    """What a test sees: where the server is and what came in."""

    def __init__(self, port: int) -> None:
        self.base_url = f"http://127.0.0.1:{port}/v1"
        self.requests: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.keys: list[str | None] = []

    def texts(self, role: str) -> list[str]:
        """The contents of all messages of ``role``, in order."""
        return [m["content"] for request in self.requests for m in request["messages"] if m["role"] == role]


@contextmanager
def serving(script: Script) -> Iterator[LLMServer]:
    """Serve ``script``: one reply a request, the last one over and over; or what a function of the request says."""
    released = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            at = len(seen.requests)
            seen.requests.append(request)
            seen.paths.append(self.path)
            seen.keys.append(self.headers["Authorization"])
            reply = script(request) if callable(script) else script[min(at, len(script) - 1)]
            if reply.hang:
                released.wait(20)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + (9 if reply.cut else 0)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    seen = LLMServer(server.server_address[1])
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        released.set()
        server.shutdown()
        server.server_close()
        thread.join()
