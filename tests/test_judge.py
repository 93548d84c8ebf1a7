from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from llm_server import LLMServer, Reply, answers, fails, said, serving

from eval.judging import JudgeSettings, Judging, Span, judge
from eval.judging.agreement import agreement, interval
from eval.judging.judge import mqm, prompt_names
from eval.judging.report import as_json
from eval.suites import Line, Suite
from translate.cli import main
from translate.errors import AnswerError, InputError, LLMError
from translate.llm import Endpoint, LanguageModel

TEXTS = ("The mayor resigned on Monday.", "He speak of 3 million.", "")
SUITE = Suite(
    "two",
    (
        Line("1", "Le maire a démissionné lundi.", ("The mayor resigned on Monday.",)),
        Line("2", "Il parle de 2 millions.", ("He speaks of 2 million.",)),
        Line("3", "Il part.", ("He is leaving.",)),
    ),
)
ERRORS = [
    {"text": "3 Million", "category": "number", "severity": "critical", "in": "translation"},
    {"text": "speak", "category": "grammar", "severity": "minor"},
    {"text": "nowhere at all", "category": "addition", "severity": "critical"},
]


def script(request: dict[str, list[dict[str, str]]]) -> Reply:
    """A judge that finds fault with the second line only, whatever it is asked."""
    system, user = (m["content"] for m in request["messages"][:2])
    bad = "millions" in user
    value: dict[str, object] = {}
    if "mark every error" in system:
        value["errors"] = ERRORS if bad else []
    if "from 0 to 100" in system:
        value["score"] = 30 if bad else 95
    return answers(value)


@contextmanager
def model(replies: object = script) -> Iterator[tuple[LanguageModel, LLMServer]]:
    with serving(replies) as server:  # type: ignore[arg-type]
        endpoint = Endpoint(server.base_url, "tiny", timeout=5.0)
        yield LanguageModel(endpoint, lambda _: None, sleep=lambda _: None), server


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FR2EN_OFFLINE", raising=False)


@pytest.fixture(scope="module")
def judging() -> Judging:
    with pytest.MonkeyPatch.context() as patch, model() as (judge_model, _):
        patch.delenv("FR2EN_OFFLINE", raising=False)
        return judge(SUITE, "mine", TEXTS, judge_model)


def test_each_prompt_rates_each_line(judging: Judging) -> None:
    scores = {one.prompt: one.scores for one in judging.judgements}
    # An empty translation is the worst there is, and nobody is asked about it.
    assert scores == {"judge-mqm": (0.0, -25.0, -25.0), "judge-da": (95, 30, 0), "judge-esa": (95, 30, 0)}
    assert judging.judgements[0].mean == pytest.approx(-50 / 3)


def test_a_span_that_stands_nowhere_does_not_count(judging: Judging) -> None:
    spans = judging.judgements[0].ratings[1].spans
    assert [span.found for span in spans] == [True, True, False]
    assert mqm(spans) == -25.0
    assert mqm(spans[1:]) == -1.0
    assert math.copysign(1, mqm(())) == 1.0


@pytest.mark.parametrize(
    ("severities", "score"),
    [(["minor"] * 3, -3), (["major", "minor"], -6), (["critical"], -25), (["major"] * 6, -25), ([], 0)],
)
def test_mqm_takes_off_by_severity_and_no_more_than_25(severities: list[str], score: float) -> None:
    assert mqm([Span("x", "other", severity) for severity in severities]) == score


def test_agreement_is_between_prompts_and_with_the_references(judging: Judging) -> None:
    pairs = {(one.first, one.second) for one in judging.agreements}
    assert ("judge-mqm", "judge-da") in pairs
    assert ("judge-esa", "chrF++") in pairs
    assert ("judge-da", "BLEU") in pairs
    assert ("chrF++", "BLEU") not in pairs
    assert next(one for one in judging.agreements if one.second == "chrF++").lines == 3


def test_the_report_names_judge_prompts_and_every_rating(judging: Judging) -> None:
    report = json.loads(as_json(judging))
    assert report["judge"]["model"] == "tiny"
    assert [len(one["sha256"]) for one in report["prompts"]] == [64, 64, 64]
    assert report["lines"][1]["ratings"]["judge-mqm"]["spans"][0]["severity"] == "critical"


def test_a_line_without_a_usable_answer_is_counted_not_invented() -> None:
    replies = [said("hm"), said("hm"), answers({"score": 40})]
    with model(replies) as (judge_model, _):
        result = judge(SUITE, "mine", TEXTS, judge_model, JudgeSettings(prompts=("judge-da",)))
    assert result.judgements[0].scores == (None, 40.0, 0.0)
    assert (result.judgements[0].failed, result.judgements[0].mean) == (1, 20.0)
    assert "no JSON object" in result.judgements[0].ratings[0].failure


def test_a_judge_without_a_usable_answer_and_a_service_that_fails_end_it() -> None:
    full = Suite("two", SUITE.lines[:2])
    with model([said("hm")]) as (judge_model, _), pytest.raises(AnswerError, match="no usable rating"):
        judge(full, "mine", TEXTS[:2], judge_model)
    with model([fails(401)]) as (judge_model, server), pytest.raises(LLMError, match="401"):
        judge(full, "mine", TEXTS[:2], judge_model)
    assert len(server.requests) == 1


def test_counts_and_sources_are_checked_before_anything_is_sent() -> None:
    with model() as (judge_model, server):
        with pytest.raises(InputError, match="3 sources, 1 translations"):
            judge(SUITE, "mine", TEXTS[:1], judge_model)
        with pytest.raises(InputError, match="line 7 has no source"):
            judge(Suite("none", (Line("7", "", ("A.",)),)), "mine", ["A."], judge_model)
    assert server.requests == []


def test_a_limit_takes_lines_evenly() -> None:
    lines = tuple(Line(str(i), f"Phrase {i}.", ()) for i in range(10))
    with model() as (judge_model, _):
        settings = JudgeSettings(prompts=("judge-da",), limit=3)
        result = judge(Suite("ten", lines), "mine", [f"Line {i}." for i in range(10)], judge_model, settings)
    assert [line.id for line in result.suite.lines] == ["0", "3", "6"]
    assert result.hypotheses == ("Line 0.", "Line 3.", "Line 6.")
    assert result.agreements == ()


def test_prompts_by_name() -> None:
    assert prompt_names("da, judge-mqm,da") == ("judge-da", "judge-mqm")
    with pytest.raises(Exception, match="unknown prompt: judge-best"):
        prompt_names("best")


def test_agreement_golden_values() -> None:
    # Of 6 pairs 5 concordant and 1 tied in a.
    result = agreement("a", [1, 2, 2, 4], "b", [1, 3, 2, 4])
    assert result.kendall == pytest.approx(5 / math.sqrt(5 * 6))
    assert result.spearman == pytest.approx(0.9486832980505138)
    assert agreement("a", [1, 2, 3], "b", [3, 2, 1]).kendall == pytest.approx(-1)
    constant = agreement("a", [1, 1, 1], "b", [1, 2, 3])
    assert (constant.kendall, constant.spearman) == (None, None)
    assert agreement("a", [1, None, 3], "b", [1, 2, None]).lines == 1


@pytest.mark.parametrize(
    ("a", "b", "tau", "rho"),  # scipy 1.17: kendalltau, spearmanr
    [
        ([3, 1, 4, 1, 5, 9, 2, 6], [2, 7, 1, 8, 2, 8, 1, 8], 0.160514471, 0.198853681),
        ([0, 0, 0, 1], [5, 5, 6, 6], 0.577350269, 0.577350269),
        ([1, 2, 3, 4, 5], [1, 2, 3, 5, 4], 0.800000000, 0.900000000),
    ],
)
def test_agreement_is_that_of_scipy(a: list[float], b: list[float], tau: float, rho: float) -> None:
    ours = agreement("a", a, "b", b)
    assert (ours.kendall, ours.spearman) == (pytest.approx(tau), pytest.approx(rho))


def test_an_interval_holds_the_mean_and_narrows_with_more_lines() -> None:
    few, many = interval([0, 100] * 5, 500), interval([0, 100] * 200, 500)
    assert few is not None
    assert many is not None
    assert few[0] < many[0] < 50 < many[1] < few[1]
    assert interval([3.0], 500) is None
    assert interval([1.0, 2.0], 1) is None
    assert interval([1.0, 2.0, 4.0], 500) == interval([1.0, 2.0, 4.0], 500)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FR2EN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FR2EN_LLM_MODEL", "tiny")
    for name, lines in {
        "fr.txt": [line.source for line in SUITE.lines],
        "en.txt": TEXTS,
        "ref.txt": [line.references[0] for line in SUITE.lines],
        "short.txt": TEXTS[:1],
    }.items():
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return tmp_path


def test_the_command_prints_tables_and_json(
    files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(script) as server:
        monkeypatch.setenv("FR2EN_LLM_BASE_URL", server.base_url)
        assert main(["eval", "judge", "en.txt", "fr.txt", "--reference", "ref.txt"]) == 0
        out, err = capsys.readouterr()
        assert main(["eval", "judge", "en.txt", "fr.txt", "--json", "-q"]) == 0
        again = capsys.readouterr()
    for word in ("judge-mqm 1", "Kendall", "chrF++", "tiny", "en.txt on fr: 3 lines"):
        assert word in out
    assert f"text is sent to {server.base_url.split('/')[2]}" in err
    assert json.loads(again.out)["prompts"][1]["mean"] == pytest.approx(125 / 3)
    # The second run finds every answer in the cache: 2 lines that hold something, by 3 prompts.
    assert (len(server.requests), again.err) == (6, "")
    assert all(a != b for a, b in pairwise(json.dumps(request) for request in server.requests))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("en.txt",), 2),
        (("en.txt", "none.txt"), 4),
        (("short.txt", "fr.txt"), 4),
        (("en.txt", "fr.txt", "--prompts", "best"), 2),
        (("--suite", "nosuch"), 4),
    ],
)
def test_exit_codes(files: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int) -> None:
    with serving(script) as server:
        monkeypatch.setenv("FR2EN_LLM_BASE_URL", server.base_url)
        assert main(["eval", "judge", *words]) == code
    assert server.requests == []
