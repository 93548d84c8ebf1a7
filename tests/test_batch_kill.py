"""kill -9 at random moments of the real command: after the last run, nothing is lost, doubled or half-written."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from batches import tree

from translate.batch import MANIFEST, STATE, Manifest

FILES = 40

#: Small pools, so that there are many moments at which something is half done.
COMMAND = "from translate.batch import run\nrun.POOL_BYTES = 300\nfrom translate.cli import run\nrun()"


def start(root: Path, out: str) -> subprocess.Popen[bytes]:
    options = ["--memory", str(root / f"{out}.memory"), "--to", "text", "--to", "json", "--quiet"]
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "batch", str(root / "in"), str(root / out), *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "FR2EN_OFFLINE": "1"},
    )


def finish(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    _, stderr = process.communicate(timeout=240)
    return process.returncode, stderr.decode()


def outputs(root: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(root).items() if not name.startswith(STATE)}


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles, and the English that an undisturbed run makes of it."""
    root = tmp_path_factory.mktemp("kill")
    for number in range(FILES):
        path = root / "in" / f"{number % 3}" / f"{number:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Le maire a reçu {number + 2} habitants mardi.\n\nIls sont venus à pied.\n")
    code, told = finish(start(root, "undisturbed"))
    assert code == 0, told
    assert len(outputs(root / "undisturbed")) == 2 * FILES
    return root


def killed(process: subprocess.Popen[bytes], out: Path, chance: random.Random) -> bool:
    """Kill the command while it starts, or some outputs later; return False where it was done before."""
    before, more = len(list(out.rglob("*.en.*"))), chance.choice((0, 1, 4, 9))
    end = time.monotonic() + (2 * chance.random() if not more else 60)
    while time.monotonic() < end and process.poll() is None:
        if more and len(list(out.rglob("*.en.*"))) >= before + more:
            time.sleep(0.05 * chance.random())
            break
        time.sleep(0.002)
    process.kill()
    return finish(process)[0] == -9


def disturb(root: Path, out: str, kills: int, seed: int) -> int:
    """Kill run after run; where all is done, some outputs are lost, so that there is something to do again."""
    chance, done = random.Random(seed), 0
    for _ in range(3 * kills):
        done += killed(start(root, out), root / out, chance)
        if done == kills:
            break
        made = sorted((root / out).rglob("*.en.*"))
        if len(made) == 2 * FILES:
            for path in chance.sample(made, FILES):
                path.unlink()
    return done


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_after_kills_every_output_is_there_once_and_whole(press: Path, kills: int) -> None:
    out = f"out{kills}"
    assert disturb(press, out, kills, seed=kills) == kills
    code, told = finish(start(press, out))
    assert code == 0, told
    assert text_of(outputs(press / out)) == text_of(outputs(press / "undisturbed"))
    assert not list((press / out).rglob("*.tmp"))
    with Manifest(press / out / STATE / MANIFEST, readonly=True) as manifest:
        totals = manifest.totals()
    assert (totals.done, totals.failed, totals.unfinished) == (FILES, 0, 0)
    for database in (press / out / STATE / MANIFEST, press / f"{out}.memory"):
        with sqlite3.connect(database) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    times = {path: path.stat().st_mtime_ns for path in (press / out).rglob("*.en.*")}
    assert finish(start(press, out))[0] == 0
    assert {path: path.stat().st_mtime_ns for path in times} == times


def text_of(found: dict[str, bytes]) -> dict[str, bytes]:
    assert all(data.rstrip().endswith(b"}") for name, data in found.items() if name.endswith(".json"))
    return found
