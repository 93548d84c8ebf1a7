from __future__ import annotations

import json

import pytest

from eval.gate import Baseline, check_gate, enforce, load_baseline, save_baseline, update_baseline
from eval.run import RunSettings, System, run
from eval.suites import Check, Line, Suite
from translate.errors import GateError, InputError, UsageError

LINES = tuple(
    Line(
        str(i),
        f"Phrase numéro {i}.",
        (f"The number {i} is in this sentence of news.",),
        checks=(Check((str(i),)),),
    )
    for i in range(40)
)
SUITE = Suite("tiny", LINES)
GOOD = [line.references[0] for line in LINES]
WORSE = ["Nothing of it is in this other line." for _ in LINES]
SLIGHTLY = [GOOD[0].replace("news", "new"), *GOOD[1:]]


def measured(texts, suite=SUITE):
    return run([System("fake", lambda lines: texts)], suite, RunSettings(bootstrap=100, trials=10))


@pytest.fixture
def baseline():
    return update_baseline(measured(GOOD), Baseline())


def test_the_same_translations_pass(baseline):
    verdicts = check_gate(measured(GOOD), baseline)
    assert [v.metric for v in verdicts] == ["BLEU", "chrF++", "TER", "Checks"]
    enforce(verdicts)


def test_a_significant_loss_fails_with_exit_code_8(baseline):
    verdicts = check_gate(measured(WORSE), baseline)
    assert all(v.failed for v in verdicts)
    with pytest.raises(GateError, match=r"BLEU .* below 100\.00") as raised:
        enforce(verdicts)
    assert raised.value.exit_code == 8


def test_a_loss_that_may_be_chance_passes(baseline):
    verdicts = check_gate(measured(SLIGHTLY), baseline)
    assert verdicts[0].score < verdicts[0].floor
    enforce(verdicts)


def test_a_gain_passes_and_raises_the_floors():
    low = update_baseline(measured(SLIGHTLY), Baseline())
    enforce(check_gate(measured(GOOD), low))
    high = update_baseline(measured(GOOD), low)
    assert high.of(SUITE).floors[0].score == 100 > low.of(SUITE).floors[0].score
    assert high.regressions == ()
    assert len(high.suites) == 1


def test_floors_go_down_only_for_a_reason_that_is_recorded(baseline):
    with pytest.raises(GateError, match=r"would be lowered: BLEU from 100\.00"):
        update_baseline(measured(SLIGHTLY), baseline)
    with pytest.raises(UsageError, match="needs a reason"):
        update_baseline(measured(SLIGHTLY), baseline, "  ")
    lowered = update_baseline(measured(SLIGHTLY), baseline, "smaller model")
    assert {(r.metric, r.reason) for r in lowered.regressions} >= {
        ("BLEU", "smaller model"),
        ("TER", "smaller model"),
    }
    assert lowered.of(SUITE).floors[0].score < 100


def test_a_changed_suite_cannot_be_compared_nor_updated_without_a_reason(baseline):
    changed = Suite("tiny", LINES[1:])
    with pytest.raises(GateError, match="not the one its floors"):
        check_gate(measured(GOOD[1:], changed), baseline)
    with pytest.raises(GateError, match="its lines have changed"):
        update_baseline(measured(GOOD[1:], changed), baseline)
    assert update_baseline(measured(GOOD[1:], changed), baseline, "line withdrawn").of(changed)


def test_a_suite_without_floors_is_an_error(baseline):
    with pytest.raises(GateError, match="no floors for the suite other"):
        check_gate(measured(GOOD, Suite("other", LINES)), baseline)


def test_a_score_of_another_kind_cannot_be_compared(baseline, tmp_path):
    path = tmp_path / "baseline.json"
    save_baseline(baseline, path)
    path.write_text(path.read_text().replace("tok:13a", "tok:intl"))
    with pytest.raises(GateError, match="cannot be compared"):
        check_gate(measured(GOOD), load_baseline(path))
    save_baseline(baseline, path)
    path.write_text(path.read_text().replace("version:2.", "version:1."))
    enforce(check_gate(measured(GOOD), load_baseline(path)))


def test_the_file_keeps_everything(baseline, tmp_path):
    path = tmp_path / "baseline.json"
    save_baseline(baseline, path)
    assert load_baseline(path) == baseline
    assert json.loads(path.read_text())["suites"][0]["suite_sha256"] == SUITE.checksum
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "text", [None, "{", "[]", '{"version": 1, "suites": [{}], "regressions": []}', '{"version": 9}']
)
def test_a_broken_file_is_an_input_error(tmp_path, text):
    path = tmp_path / "baseline.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=r"baseline\.json"):
        load_baseline(path)
