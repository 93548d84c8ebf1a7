from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fakes import FakeEngine
from tiny_checkpoint import write_tiny

from translate.doctor import Finding, examine
from translate.document import Hypothesis
from translate.models import UPGRADE, resolve
from translate.models.cache import converted
from translate.settings import EngineSettings


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FR2EN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FR2EN_CONFIG", str(tmp_path / "config.json"))


def by_topic(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    assert len({finding.topic for finding in findings}) == len(findings)
    return {finding.topic: finding for finding in findings}


def test_a_healthy_installation(tmp_path: Path) -> None:
    found = by_topic(examine(EngineSettings(device="cpu", threads=1)))
    checkpoint = resolve("bundled")
    assert found["checksum"].value == f"sha256 {checkpoint.checksum}"
    assert found["model"].value.startswith("bundled (")
    assert found["folder"].value == str(checkpoint.path)
    assert UPGRADE in found["scores"].hint
    assert str(tmp_path / "cache") in found["cache"].value
    assert "ct2" in found["engine"].value
    assert " s: " in found["one sentence"].value
    assert all(finding.well for topic, finding in found.items() if topic != "fr2en")


def test_the_cache_is_measured(tmp_path: Path) -> None:
    with converted(resolve("bundled"), "int8") as folder:
        size = sum(file.stat().st_size for file in folder.iterdir())
    assert f"({size / 1e6:.1f} MB)" in by_topic(examine(EngineSettings(model="nowhere")))["cache"].value


def test_a_missing_model_is_a_finding() -> None:
    found = by_topic(examine(EngineSettings(model="Helsinki-NLP/no-such-model-here")))
    assert not found["model"].well
    assert "models pull" in found["model"].hint
    assert not found["engine"].well


@pytest.mark.parametrize("heads", [0, 3])
def test_a_broken_model_is_a_finding(tmp_path: Path, heads: int) -> None:
    folder = write_tiny(tmp_path / "odd", encoder_attention_heads=heads, decoder_attention_heads=heads)
    found = by_topic(examine(EngineSettings(model=str(folder), device="cpu")))
    assert (found["model"].well, found["engine"].well) == (False, False)
    assert "config.json" in found["model"].value


def test_a_model_that_fails_to_translate_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(FakeEngine):
        def translate(self, *_: object, **__: object) -> list[tuple[Hypothesis, ...]]:
            raise RuntimeError("sizes differ")

    monkeypatch.setattr("translate.doctor.load_engine", lambda *_: Failing())
    found = by_topic(examine(EngineSettings()))["engine"]
    assert (found.well, "sizes differ" in found.value, bool(found.hint)) == (False, True, True)


@pytest.mark.parametrize("gibberish", ["", "On Tuesday announced that the price price of of of.....", "\x04."])
def test_a_model_that_translates_nonsense_is_a_finding(monkeypatch: pytest.MonkeyPatch, gibberish: str) -> None:
    monkeypatch.setattr("translate.doctor.load_engine", lambda *_: FakeEngine(default=lambda _: gibberish))
    found = by_topic(examine(EngineSettings()))["one sentence"]
    assert (found.well, bool(found.hint)) == (False, True)


@pytest.mark.parametrize("path", ["~nobody-of-this-name/x", "/" + "a" * 300])
@pytest.mark.parametrize("variable", ["FR2EN_CACHE", "FR2EN_CONFIG", "HF_HUB_CACHE"])
def test_a_path_that_cannot_be_is_a_finding(monkeypatch: pytest.MonkeyPatch, variable: str, path: str) -> None:
    monkeypatch.setenv(variable, path)
    found = by_topic(examine(EngineSettings(model="nowhere")))
    topic = {"FR2EN_CACHE": "cache", "FR2EN_CONFIG": "settings", "HF_HUB_CACHE": "hub cache"}[variable]
    assert found[topic].well == (topic == "hub cache" and path.startswith("/"))


def test_a_cache_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FR2EN_CACHE", str(tmp_path / "file" / "cache"))
    found = by_topic(examine(EngineSettings(model="nowhere")))
    assert not found["cache"].well
    assert "FR2EN_CACHE" in found["cache"].hint


def test_a_prohibited_network_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FR2EN_OFFLINE", "1")
    assert by_topic(examine(EngineSettings(model="nowhere")))["network"].value == "forbidden"


def test_examining_imports_no_torch_and_prints_nothing() -> None:
    code = (
        "import sys; from translate.doctor import examine; from translate.settings import EngineSettings; "
        "examine(EngineSettings(device='cpu')); sys.stderr.write(str('torch' in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("", "False")
