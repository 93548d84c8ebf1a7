"""ROUGE for French, the systems, and the report that sets ours beside lead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import extractive
from eval.extractive import SYSTEMS, Prepared
from eval.learnt import FEWEST, learnt_orders
from eval.rouge import longest_common, rouge, tokens
from eval.summaries import (
    LEARNT,
    Article,
    Comparison,
    Length,
    as_json,
    evaluate,
    parse_articles,
    prepare,
    read_articles,
    summary,
    table,
)
from translate.errors import InputError
from translate.summariser import Candidate

SENTENCES = (
    "Le barrage de l'Aubrette a rouvert mercredi après trois ans de travaux.",
    "Il avait été fermé en janvier 2021 par la préfecture, après deux inspections.",
    "L'usine hydroélectrique du barrage attend toujours ses deux turbines, bloquées dans un port belge.",
    "Les pêcheurs de la vallée ont retrouvé leurs bateaux dès le lendemain matin.",
)


def an_article(n: int = 0, abstract: str = "L'usine du barrage attend ses turbines.") -> Article:
    return Article(str(n), f"Usine et turbines {n}", "\n".join(SENTENCES), (abstract,))


def prepared(*words: str, reference: str = "a b c") -> Prepared:
    sentences = tuple(Candidate(w, n, n + 1, 0) for n, w in enumerate(words))
    return Prepared("", sentences, tuple(tuple(w.split()) for w in words), (tuple(reference.split()),))


def test_tokens_part_elisions_join_thousands_and_stem() -> None:
    assert tokens("L’État n'a-t-il pas versé 1\u202f200\u00a0000 ?") == tokens("l État n a t il pas verser 1200000")
    assert tokens("Les œuvres") == tokens("LES OEUVRE")
    assert tokens("3,5 % des chevaux") == ("3,5", *tokens("des cheval"))


@pytest.mark.parametrize(
    ("ours", "theirs", "length"),
    [
        ("a b c d", "a b c d", 4),
        ("a b c d", "d c b a", 1),
        ("a x b y c", "a b c", 3),
        ("", "a", 0),
        ("a a b", "b a a", 2),
    ],
)
def test_longest_common_subsequence(ours: str, theirs: str, length: int) -> None:
    assert longest_common(ours.split(), theirs.split()) == length


def test_rouge_by_hand() -> None:
    # Unigrams: 3 of 4 and 3 of 3; bigrams: 1 (a b) of 3 and of 2; subsequence: a b c.
    found = rouge(["a", "b", "x", "c"], [["a", "b", "c"]])
    assert (found.r1, found.r2, found.rl) == pytest.approx((6 / 7, 2 / 5, 6 / 7))


def test_rouge_clips_repeated_words_and_takes_the_best_reference() -> None:
    assert rouge(["a", "a", "a"], [["a", "b"]]).r1 == pytest.approx(2 / 5)
    assert rouge(["a", "b"], [["x", "y"], ["a", "b"]]).rl == 1.0
    assert rouge((), [["a"]]).r1 == 0.0


def test_rouge_agrees_with_rouge_score() -> None:
    scorer_module = pytest.importorskip("rouge_score.rouge_scorer")

    class Tokenizer:
        def tokenize(self, text: str) -> list[str]:
            return list(tokens(text))

    scorer = scorer_module.RougeScorer(["rouge1", "rouge2", "rougeL"], tokenizer=Tokenizer())
    for one in SENTENCES:
        for other in SENTENCES:
            theirs = scorer.score(other, f"{one} {other[:20]}")
            ours = rouge(tokens(f"{one} {other[:20]}"), [tokens(other)])
            expected = [theirs[name].fmeasure for name in ("rouge1", "rouge2", "rougeL")]
            assert [ours.r1, ours.r2, ours.rl] == pytest.approx(expected)


@pytest.mark.parametrize(("name", "system"), SYSTEMS, ids=[name for name, _ in SYSTEMS])
def test_every_system_orders_all_sentences_and_always_alike(name: str, system: extractive.System) -> None:
    article = prepare(an_article())
    order = list(system(article))
    assert sorted(order) == [0, 1, 2, 3]
    assert order == list(system(article))


def test_lead_oracle_and_ours() -> None:
    article = prepare(an_article())
    assert list(extractive.lead(article)) == [0, 1, 2, 3]
    assert extractive.oracle(article)[0] == 2
    assert list(extractive.lead_standing(article)) == [0, 2, 3, 1]
    assert list(extractive.ours(article))[:1] == [2]
    assert len(extractive.ours(prepared())) == 0


def test_lexrank_and_centroid_prefer_the_middle_of_a_star() -> None:
    star = prepared("barrage turbine", "barrage usine", "barrage turbine usine port", "usine port", "turbine port")
    assert extractive.lexrank(star)[0] == 2
    assert extractive.centroid(star)[0] == 2
    assert extractive.textrank(star)[0] == 2


def test_summary_of_a_number_of_sentences_stands_in_the_order_of_the_text() -> None:
    article = prepared("a b", "c d", "e f")
    assert summary(article, [2, 0, 1], Length(2)) == tuple("abef")


def test_summary_of_a_number_of_words_cuts_the_last_sentence_taken() -> None:
    article = prepared("a b c", "d e f", "g h i")
    assert summary(article, [2, 0, 1], Length(5, "words")) == tuple("abghi")
    assert summary(article, [2, 0, 1], Length(100, "words")) == tuple("abcdefghi")


def test_boilerplate_is_no_sentence_and_the_title_stays() -> None:
    article = Article("1", " Le  barrage\n", "\n".join([*SENTENCES, "Partager cet article"]), ("Le barrage.",))
    ready = prepare(article)
    assert ready.title == "Le barrage"
    assert [s.text for s in ready.sentences] == list(SENTENCES)


def test_report_is_deterministic_and_ours_beats_a_bad_lead() -> None:
    articles = [an_article(n) for n in range(8)]
    one, two = evaluate(articles, resamples=50), evaluate(articles, resamples=50)
    assert one == two
    assert one.articles == 8
    first = {score.system: score for score in one.scores if score.length == "1 sentence"}
    assert first["oracle"].mean.r2 >= first["ours"].mean.r2 > first["lead"].mean.r2
    assert first["ours"].low.r2 <= first["ours"].mean.r2 <= first["ours"].high.r2
    gain = next(c for c in one.comparisons if (c.length, c.measure) == ("1 sentence", "r2"))
    assert gain.gain == pytest.approx(first["ours"].mean.r2 - first["lead"].mean.r2)
    assert gain.verdict == "ours is better"
    shares = {(o.system, o.length): o.share for o in one.overlaps}
    assert shares["oracle", "1 sentence"] == 0.0  # the lead of these articles is bad: nobody should take it
    assert 0.0 <= shares["ours", "1 sentence"] <= shares["ours", "3 sentences"] <= 1.0


@pytest.mark.parametrize(
    ("gain", "p", "verdict"),
    [(0.1, 0.5, "no significant difference"), (-0.1, 0.01, "lead is better"), (0.1, 0.01, "ours is better")],
)
def test_verdict(gain: float, p: float, verdict: str) -> None:
    assert Comparison("ours", "1 sentence", "r2", gain, 0.0, 0.0, p).verdict == verdict


def test_no_comparison_without_lead() -> None:
    assert evaluate([an_article()], [("ours", extractive.ours)], resamples=10).comparisons == ()


def test_table_and_json_hold_every_system_and_the_signature() -> None:
    report = evaluate([an_article(n) for n in range(3)], resamples=20)
    text = table(report)
    assert all(name in text for name, _ in SYSTEMS)
    assert report.signature in text
    assert "ours against lead" in text
    assert "3 sentences: " in text
    assert "% of the oracle's" in text
    assert "not in sight" not in text  # three articles teach nothing
    read = json.loads(as_json(report))
    assert len(read["scores"]) == len(SYSTEMS) * 5
    assert read["scores"][0]["mean"]["r1"] == report.scores[0].mean.r1


def test_a_ranking_is_learnt_from_the_other_articles_where_there_are_enough() -> None:
    """The abstracts take up the sentence with figures, third or fourth: lead never does."""
    figures = "Le chantier de Port-Ligny a coûté 126 millions d'euros pour alimenter 48500 foyers."
    articles = []
    for n in range(FEWEST):
        lines = [sentence.replace("en janvier 2021 ", "") for sentence in SENTENCES]
        lines.insert(2 + n % 2, figures)
        articles.append(Article(str(n), "Un texte sans rapport", "\n".join(lines), (figures,)))
    orders = learnt_orders([prepare(article) for article in articles])
    assert all(sorted(order) == list(range(5)) for order in orders)
    assert sum(order[0] == 2 + n % 2 for n, order in enumerate(orders)) > 0.9 * FEWEST
    assert orders == learnt_orders([prepare(article) for article in articles])
    report = evaluate(articles, resamples=20)
    assert {c.system for c in report.comparisons} == {"ours", LEARNT}
    assert f"{LEARNT} against lead" in table(report)
    assert LEARNT not in {score.system for score in evaluate(articles[: FEWEST - 1], resamples=20).scores}


def test_what_nothing_gains_is_said() -> None:
    """The abstracts take up every sentence in turn: nothing can be learnt from them."""
    articles = [an_article(n, SENTENCES[n % 4]) for n in range(FEWEST)]
    assert "not in sight" in table(evaluate(articles, resamples=50))


GOOD = json.dumps({"id": "1", "title": "T", "text": "Un texte.", "summaries": ["Un résumé."]})


def test_parse_articles_leaves_blank_lines_out() -> None:
    assert [a.id for a in parse_articles([GOOD, "", GOOD])] == ["1", "1"]


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        "3",
        '{"id": "1"}',
        '{"id": "1", "text": "Un texte.", "summaries": "Un résumé."}',
        '{"id": "1", "text": "Un texte.", "summaries": []}',
        '{"id": "1", "text": " ", "summaries": ["Un résumé."]}',
        '{"id": "1", "text": 3, "summaries": ["Un résumé."]}',
    ],
)
def test_parse_articles_names_the_line_that_is_wrong(bad: str) -> None:
    with pytest.raises(InputError, match=r"set\.jsonl:2: no article"):
        parse_articles([GOOD, bad], "set.jsonl")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ('{"id": "1", "text": "Un texte."}', "'summaries' missing"),
        ("{}", "'id', 'text', 'summaries' missing"),
        ("[1]", "the line is no object"),
        ("[" * 100_000, "no article"),
        ('{"id": ' + '{"a": ' * 100_000, "no article"),
    ],
)
def test_parse_articles_says_what_is_wrong(bad: str, said: str) -> None:
    with pytest.raises(InputError, match=rf"set\.jsonl:1: .*{said}"):
        parse_articles([bad], "set.jsonl")


def test_read_articles(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode() + b"\r\n")
    assert read_articles(path)[0].summaries == ("Un résumé.",)
    path.write_text("\n")
    with pytest.raises(InputError, match="holds no article"):
        read_articles(path)
    path.write_text(GOOD.replace("Un r", "Un\u2028r"), encoding="utf-8")
    assert read_articles(path)[0].summaries == ("Un\u2028résumé.",)
    path.write_bytes(b"\xff")
    with pytest.raises(InputError, match="cannot be read"):
        read_articles(path)
    with pytest.raises(InputError, match=r"none\.jsonl: there is no such file"):
        read_articles(tmp_path / "none.jsonl")
