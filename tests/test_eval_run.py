from __future__ import annotations

from argparse import ArgumentTypeError

import pytest

from eval.run import RunSettings, System, metric_names, run, score_hypotheses
from eval.scoring import scored_files
from eval.suites import Check, Line, Suite
from translate.document import Flag
from translate.errors import InputError, UsageError

SUITE = Suite(
    "tiny",
    (
        Line("1", "Il pleut sur Paris.", ("It is raining on Paris.",), "a", "d1", (Check(("Paris",)),)),
        Line("2", "Le ministre a dit non.", ("The minister said no.",), "a", "d1", (Check(("no",)),)),
        Line("3", "mot " * 12, ("word " * 12,), "b", "d2"),
    ),
)
FAST = RunSettings(bootstrap=20, trials=20, worst=2)


def fake(*texts: str):
    return lambda lines: list(texts[: len(lines)])


GOOD = System("good", fake("It is raining on Paris.", "The minister said no.", "word " * 12))
BAD = System("bad", fake("Rain.", "", "word word"))


def test_a_run_holds_what_was_measured():
    result = run([GOOD, BAD], SUITE, FAST, lambda french, english: [Flag("empty", "")] if not english else [])
    good, bad = result.systems
    assert good.score("BLEU").value == pytest.approx(100)
    assert good.score("Checks").value == 100
    assert bad.score("Checks").value == 0
    assert [group.name for group in good.categories] == ["a", "b"]
    assert [group.name for group in good.documents] == ["d1", "d2"]
    assert [(g.name, g.lines) for g in good.lengths] == [("1–5 words", 2), ("11–20 words", 1)]
    assert [(rate.check, rate.lines, round(rate.rate)) for rate in bad.flags] == [("empty", 1, 33)]
    assert [r.line.id for r in bad.worst(2)] == ["2", "1"]
    assert good.worst(2) == ()
    assert bad.results[1].failed == SUITE.lines[1].checks
    assert {(c.baseline, c.system) for c in result.comparisons} == {("good", "bad")}
    assert good.seconds is not None
    assert dict(result.versions)["sacrebleu"]


def test_translations_made_elsewhere_have_no_seconds():
    result = score_hypotheses([("mine", GOOD.translate(SUITE.sources))], SUITE, FAST)
    assert result.systems[0].seconds is None
    assert result.comparisons == ()


def test_an_engine_that_loses_a_line_is_refused():
    with pytest.raises(InputError, match="short has 2 lines, the suite tiny has 3"):
        run([System("short", fake("a", "b"))], SUITE, FAST)


@pytest.mark.parametrize("systems", [[], [GOOD, GOOD]])
def test_no_system_and_twice_the_same_are_refused(systems):
    with pytest.raises(UsageError, match=r"no system|two systems are called good"):
        run(systems, SUITE, FAST)


def test_metric_names_ignore_case_and_refuse_the_unknown():
    assert metric_names("bleu, chrf,TER") == ("BLEU", "chrF++", "TER")
    with pytest.raises(ArgumentTypeError, match="unknown metric: rouge"):
        metric_names("bleu,rouge")


def test_files_are_scored_in_step(tmp_path):
    (tmp_path / "hyp.txt").write_text("One\n\n\nThree\n")
    (tmp_path / "ref.txt").write_text("One\n\nTwo\nThree\n")
    systems, suite = scored_files([tmp_path / "hyp.txt"], [tmp_path / "ref.txt"])
    assert systems == [("hyp.txt", ("One", "", "Three"))]
    assert [line.references for line in suite.lines] == [("One",), ("Two",), ("Three",)]
    assert suite.counted == "3 lines, 1 blank left out"
    (tmp_path / "ref.txt").write_text("One\n")
    with pytest.raises(InputError, match=r"hyp\.txt has 4 lines, .*ref\.txt has 1"):
        scored_files([tmp_path / "hyp.txt"], [tmp_path / "ref.txt"])
