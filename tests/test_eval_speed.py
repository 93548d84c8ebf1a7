from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import speed, speed_worker
from eval.speed import Measurement, SpeedSettings, measure
from translate.errors import InputError, ModelError


def test_contenders_take_turns_and_medians_are_compared(monkeypatch):
    asked = []
    seconds = iter([1.0, 20.0, 9.0, 30.0, 2.0, 40.0])

    def one(name, checkpoint, lines, threads, beam):
        asked.append(name)
        spent = next(seconds)
        return Measurement(name, 0.5, spent, 6 / spent, 100.0 if name == "fr2en" else 400.0)

    monkeypatch.setattr(speed, "_one", one)
    found = measure(Path("model"), ["un deux trois", "", "quatre cinq six", "sept"], SpeedSettings(sentences=2))
    assert asked == ["fr2en", "transformers"] * 3
    assert [m.translate_seconds for m in found.medians] == [2.0, 30.0]
    assert found.ratio("words_per_second") == pytest.approx(15)
    assert found.ratio("peak_mib") == 0.25
    assert (found.sentences, found.words) == (2, 6)
    assert {name for name, _ in found.versions} == {"ctranslate2", "transformers", "torch"}
    assert "Python" in found.machine


def test_unknown_memory_gives_no_ratio(monkeypatch):
    monkeypatch.setattr(speed, "_one", lambda name, *_: Measurement(name, 1, 1, 1, None))
    assert measure(Path("model"), ["un"]).ratio("peak_mib") is None


def test_no_sentences_is_an_input_error():
    with pytest.raises(InputError, match="no sentences"):
        measure(Path("model"), ["", " "])


def test_a_checkpoint_that_is_not_there_is_a_model_error(tmp_path):
    with pytest.raises(ModelError, match="fr2en could not translate with"):
        measure(tmp_path / "nothing", ["un"], SpeedSettings(repetitions=1, threads=1))


def test_the_worker_times_and_answers(tmp_path, monkeypatch):
    job, answer = tmp_path / "job.json", tmp_path / "answer.json"
    job.write_text(json.dumps({"contender": "fr2en", "checkpoint": "c", "lines": ["un", "deux"], "beam": 0}))
    monkeypatch.setattr(speed_worker, "load_fr2en", lambda *_: lambda lines: list(lines))
    speed_worker.main(job, answer, 1)
    told = json.loads(answer.read_text())
    assert set(told) == {"load", "translate", "peak_mib"}
    assert told["peak_mib"] is None or told["peak_mib"] > 1
    monkeypatch.setattr(speed_worker, "load_fr2en", lambda *_: lambda lines: [])
    with pytest.raises(SystemExit, match="2 lines in, 0 out"):
        speed_worker.main(job, answer, 1)
