from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
import sacrebleu

from eval.comet import comet_score
from eval.metrics import METRICS, Comparison, compare, score_groups, score_lines, sentence_scores
from eval.suites import Check, Line
from translate.errors import InputError, ModelError, UsageError

TEXTS = [
    "The minister presented his plan on Tuesday.",
    "Nobody was hurt in the fire, the prefect said.",
    "Exports rose by four per cent last year.",
    "The strike will last until the end of the week.",
    "The court adjourned the case until May.",
    "Farmers blocked three roads in the morning.",
]
LINES = [Line(str(i), "", (text,), "odd" if i % 2 else "even") for i, text in enumerate(TEXTS)]
WORSE = [text.replace("the", "a").replace("was", "were").replace("three", "two") for text in TEXTS]


def test_scores_are_sacrebleus_own():
    bleu, chrf, ter = score_lines(LINES, WORSE)
    assert bleu.value == pytest.approx(sacrebleu.corpus_bleu(WORSE, [TEXTS]).score)
    assert chrf.value == pytest.approx(sacrebleu.corpus_chrf(WORSE, [TEXTS], word_order=2).score)
    assert ter.value == pytest.approx(sacrebleu.corpus_ter(WORSE, [TEXTS]).score)
    assert "nrefs:1|bs:1000|seed:12345|case:mixed|eff:no|tok:13a|smooth:exp" in bleu.signature
    assert "nc:6|nw:2" in chrf.signature
    assert bleu.low is not None
    assert bleu.low < bleu.value < bleu.high <= 100
    assert not ter.higher_is_better


def test_a_second_reference_counts():
    lines = [Line(line.id, "", (*line.references, other)) for line, other in zip(LINES, WORSE, strict=True)]
    lines[0] = LINES[0]
    hypotheses = [TEXTS[0], *WORSE[1:]]
    bleu = score_lines(lines, hypotheses, ["BLEU"], bootstrap=1)[0]
    assert bleu.value == pytest.approx(100)
    assert "nrefs:var" in bleu.signature
    assert bleu.low is None


def test_checks_count_only_lines_that_have_some():
    lines = [Line("1", "x", ("one",), checks=(Check(("one",)),)), Line("2", "y", ("two",))]
    assert score_lines(lines, ["one", "no"], ["Checks"])[0].value == 100
    assert score_lines(lines, ["no", "no"], ["Checks"])[0].value == 0
    assert score_lines(lines, ["no", "no"], ["Checks"])[0].lines == 1
    assert score_lines(LINES, TEXTS, ["Checks"]) == ()


def test_groups_score_their_own_lines():
    hypotheses = [text if i % 2 else "nothing of the kind" for i, text in enumerate(TEXTS)]
    even, odd = score_groups([line.category for line in LINES], LINES, hypotheses, ["chrF++"], bootstrap=1)
    assert (even.name, odd.name, even.lines) == ("even", "odd", 3)
    assert odd.scores[0].value == 100 > even.scores[0].value


def test_sentence_scores_are_by_line():
    scores = sentence_scores(LINES, [TEXTS[0], "", *TEXTS[2:]])
    assert scores[0] == 100
    assert scores[1] == 0


def test_a_difference_on_every_line_has_a_winner_and_none_has_none():
    lines, better = LINES * 6, TEXTS * 6
    worse = ["nothing of the kind was said"] * len(lines)
    found = compare(lines, [("a", worse), ("b", better), ("c", list(worse))], ["BLEU", "TER"], 200, 200)
    winners = {(c.metric, c.system): c.winner for c in found}
    assert winners == {("BLEU", "b"): "b", ("TER", "b"): "b", ("BLEU", "c"): "", ("TER", "c"): ""}
    assert compare(lines, [("a", worse)]) == ()


def test_the_winner_of_ter_is_the_lower():
    assert Comparison("TER", "a", "b", 50, 40, 0.01, 0.01).winner == "b"
    assert Comparison("BLEU", "a", "b", 50, 40, 0.01, 0.01).winner == "a"
    assert Comparison("BLEU", "a", "b", 50, 40, 0.01, 0.06).winner == ""


def test_a_few_checks_lost_are_no_significant_loss():
    lines = [Line(str(i), "x", ("yes",), checks=(Check(("yes",)),)) for i in range(60)]
    passed = ["yes"] * 60
    for lost, p in ((3, 0.25), (8, 2 / 2**8)):
        found = compare(lines, [("a", passed), ("b", ["no"] * lost + passed[lost:])], ["Checks"], 200)
        assert found[0].p_randomisation == pytest.approx(p)
        assert found[0].winner == ("a" if lost == 8 else "")


@pytest.mark.parametrize(
    ("lines", "texts", "metrics", "error"),
    [
        (LINES, TEXTS[1:], ["BLEU"], InputError),
        ([], [], ["BLEU"], InputError),
        (LINES, TEXTS, ["BLUE"], UsageError),
    ],
)
def test_what_cannot_be_scored_is_refused(lines, texts, metrics, error):
    with pytest.raises(error, match=r"references|no lines|unknown metric"):
        score_lines(lines, texts, metrics)


def test_comet_missing_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "comet", None)
    with pytest.raises(ModelError, match="COMET is not installed") as raised:
        comet_score(LINES, TEXTS)
    assert "fr2en[comet]" in raised.value.hint


def test_comet_scores_sources_with_references(monkeypatch):
    seen = []

    def predict(data, **_):
        seen.extend(data)
        return SimpleNamespace(scores=[0.5, 0.7] * 3)

    fake = SimpleNamespace(
        download_model=lambda name, local_files_only: f"{name}/{local_files_only}",
        load_from_checkpoint=lambda path: SimpleNamespace(predict=predict),
    )
    monkeypatch.setitem(sys.modules, "comet", fake)
    score = comet_score(LINES, WORSE)
    assert score.value == pytest.approx(60)
    assert score.low < 60 < score.high
    assert seen[0] == {"src": "", "mt": WORSE[0], "ref": TEXTS[0]}
    assert METRICS["COMET"]
