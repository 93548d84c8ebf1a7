"""Quotation marks that break the next word: left out before the model, put back by alignment."""

from __future__ import annotations

import pytest
from fakes import FakeEngine

from translate import load_engine
from translate.document import Hypothesis, Link
from translate.sentences import Source, translate_sentences
from translate.sentences.quotation import Opening, with_openings, without_openings
from translate.settings import Settings


def breaks(mark: str, word: str) -> bool:
    assert mark == '"'
    return word[0] in "Ssm"


@pytest.mark.parametrize(
    ("unit", "left"),
    [
        ("« Sans accord », dit-il.", "Sans accord », dit-il."),
        ("Il a dit : «\u00a0Sans accord, la guerre\u00a0».", "Il a dit : Sans accord, la guerre\u00a0»."),
        ('"Sans accord", dit-il, "mais sans fin".', 'Sans accord", dit-il, mais sans fin".'),
        ("“Sans accord” ou « paix »", "Sans accord” ou « paix »"),
        ("« Il crie “sors” et part », dit-elle.", "« Il crie sors” et part », dit-elle."),
        ("Le film « Sans filtre » sort « sans bruit ».", "Le film « Sans filtre » sort sans bruit »."),
        ("« Sors, a dit “Marc”, ou pas »", "Sors, a dit “Marc”, ou pas »"),
        ("« Sans fin", "Sans fin"),
        ("Il dit „sans“ et part", "Il dit sans“ et part"),
    ],
)
def test_marks_that_break_a_word_are_left_out(unit: str, left: str) -> None:
    assert without_openings(unit, breaks)[0] == left


@pytest.mark.parametrize(
    "unit", ["« Il part », dit-il.", "Sans rien", 'un écran de 12" sale', "« 10 000 », dit-il.", "«"]
)
def test_all_other_marks_stay(unit: str) -> None:
    assert without_openings(unit, breaks) == (unit, ())


def test_what_is_left_out_says_where_it_was() -> None:
    text, openings = without_openings("Il veut « sa » part et « sans ».", breaks)
    assert text == "Il veut sa » part et sans »."
    assert openings == (Opening(8, 10, 2, closed=True), Opening(21, 25, 2, closed=True))
    assert [text[one.start : one.end] for one in openings] == ["sa", "sans"]


def words(source: str, target: str, pairs: str) -> tuple[Link, ...]:
    """Link words by their numbers, from 0: "0-1 1-0"."""
    ends = [_ends(source), _ends(target)]
    numbers = (pair.split("-") for pair in pairs.split())
    return tuple(Link(*ends[0][int(a)], *ends[1][int(b)]) for a, b in numbers)


def _ends(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for word in text.split(" "):
        found.append((at, at + len(word)))
        at += len(word) + 1
    return found


def test_marks_come_back_before_what_they_open() -> None:
    unit, openings = without_openings("Une « maison verte » brûle.", breaks)
    text = 'A green house" burns.'
    made = with_openings(Hypothesis(text, -1.0, words(unit, text, "0-0 1-2 2-1 4-3")), unit, openings)
    assert made.text == 'A "green house" burns.'


def test_the_closing_mark_of_a_word_stays_with_it() -> None:
    unit, openings = without_openings("La visite « sale » consiste à voir.", breaks)
    text = 'The dirty visit" is to see.'
    links = words(unit, text, "0-0 1-2 2-1 4-3 6-5")
    made = with_openings(Hypothesis(text, -1.0, links), unit, openings)
    assert made.text == 'The "dirty" visit is to see.'
    assert [made.text[link.target_start : link.target_end] for link in made.links] == [
        "The", "visit", "dirty", "is", "see.",
    ]  # fmt: skip


def test_links_lead_from_the_sentence_as_it_was() -> None:
    raw = "Une « maison » brûle."
    unit, openings = without_openings(raw, breaks)
    text = 'A house" burns.'
    made = with_openings(Hypothesis(text, -1.0, words(unit, text, "0-0 1-1 3-2")), unit, openings)
    assert made.text == 'A "house" burns.'
    assert [(raw[a.source_start : a.source_end], made.text[a.target_start : a.target_end]) for a in made.links] == [
        ("Une", "A"),
        ("maison", 'house"'),
        ("brûle.", "burns."),
    ]


@pytest.mark.parametrize(
    ("raw", "text", "expected"),
    [
        ("« Sans fin », dit-il.", 'Without end," he says.', '"Without end," he says.'),
        ("« Sans fin », dit-il.", '"Without end," he says.', '"Without end," he says.'),  # the model set it itself
        ("« Sans fin », dit-il.", "Without end,' he says.", '"Without end," he says.'),  # in single marks
        ("Il dit : « Sans fin. »", 'He says: without end."', 'He says: "Without end."'),  # a capital as in the French
    ],
)
def test_marks_at_the_edges(raw: str, text: str, expected: str) -> None:
    unit, openings = without_openings(raw, breaks)
    numbers = "0-0 1-1" if raw.startswith("«") else "0-0 1-1 3-2 4-3"
    assert with_openings(Hypothesis(text, -1.0, words(unit, text, numbers)), unit, openings).text == expected


def test_a_model_that_does_not_align_reads_every_mark() -> None:
    engine = FakeEngine(broken=frozenset(["Zorg"]))
    translate_sentences([Source("« Zorg », dit-il.")], engine, Settings())
    assert engine.sent[0] == "« Zorg », dit-il."


def test_a_sentence_that_lost_its_marks_is_tried_with_them() -> None:
    answers = {"Zorg », dit-il.": 'Zorg" " he "says.', "« Zorg », dit-il.": '"Zorg," he says.'}
    engine = FakeEngine(answers, guided=True, broken=frozenset(["Zorg"]))
    [segment] = translate_sentences([Source("« Zorg », dit-il.")], engine, Settings())
    assert engine.sent[0] == "Zorg », dit-il."
    assert (segment.rung, segment.target) == ("marks", "“Zorg,” he says.")


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("« Sans accord, la guerre continuera », a-t-il dit.", "Without"),
        ("« Malgré la guerre, nous restons », a dit le maire.", "Despite"),
        ("Le ministre a dit : « Deux hommes sont morts. »", "said: “Two men"),
        ("« Rien ne change », dit-il.", "“Nothing"),
        ("Il a dénoncé un « manque de courage » du gouvernement.", "“lack of courage”"),
        ("Il n'a accordé « aucun crédit » à ces accusations.", "“any credit”"),
    ],
)
def test_the_bundled_model_reads_what_is_quoted(french: str, english: str) -> None:
    [segment] = translate_sentences([Source(french)], load_engine(), Settings())
    assert english in segment.target
    assert segment.target.count("“") == segment.target.count("”") == 1
    assert segment.flags == ()
