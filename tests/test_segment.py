from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.document import Sentence
from translate.segment import split, split_clauses

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "segment"
SEED = ROOT / "seeds" / "000_0ba664e24ee1242a.txt"

#: Pieces that meet at the boundaries the rules look at, mixed with any text at all.
WORDS = (
    "Il part",
    "M",
    "J.-C",
    "elle",
    "Elle",
    "12",
    "1 200",
    "3,5",
    "http://x.y/z",
    "1.",
    "a)",
    "e\u0301",
    "\u200b",
)
SIGNS = (*'.!«“”"()[]`–-,;:’', "...", "…", " ?", " »", "](", "**")
BLANKS = (*" \u00a0\u202f\u2003\u3000\x85\u2028\u2029\x1c\n", "\r\n", "\n\n")
PIECES = st.sampled_from((*WORDS, *SIGNS, *BLANKS))
TEXTS = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=30).map("".join))


def cases() -> list[str]:
    lines = (GOLDEN / "sentences.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]


def joined(sentences: tuple[Sentence, ...]) -> str:
    return "".join(sentence.text + sentence.gap for sentence in sentences)


def texts(sentences: tuple[Sentence, ...]) -> list[str]:
    return [sentence.text for sentence in sentences]


def assert_well_formed(text: str, sentences: tuple[Sentence, ...]) -> None:
    assert joined(sentences) == text
    for index, sentence in enumerate(sentences):
        assert sentence.text == sentence.text.strip()
        assert not sentence.gap.strip()
        assert sentence.text or index == 0
        assert sentence.text or sentence.gap


def test_there_are_many_golden_cases() -> None:
    assert len(cases()) >= 150
    assert len(set(cases())) == len(cases())


@pytest.mark.parametrize("case", cases())
def test_golden(case: str) -> None:
    text = case.replace(" ¦ ", " ").replace("¦¦", "")
    assert texts(split(text)) == re.split(" ¦ |¦¦", case)


def test_seed_article() -> None:
    expected = (GOLDEN / "seed.txt").read_text(encoding="utf-8").splitlines()
    paragraphs = [line for line in SEED.read_text(encoding="utf-8").splitlines() if line]
    assert [" ¦ ".join(texts(split(paragraph))) for paragraph in paragraphs] == expected


@given(TEXTS)
def test_sentences_joined_are_the_text(text: str) -> None:
    assert_well_formed(text, split(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" \n", (Sentence("", " \n"),)),
        ("\u202fIl part.\u00a0 ", (Sentence("", "\u202f"), Sentence("Il part.", "\u00a0 "))),
        ("Il part.\n\nelle reste", (Sentence("Il part.", "\n\n"), Sentence("elle reste"))),
        ("sans stop\r\n\r\nelle reste", (Sentence("sans stop", "\r\n\r\n"), Sentence("elle reste"))),
        ("Il part.\nElle reste\nun peu.", (Sentence("Il part.", "\n"), Sentence("Elle reste\nun peu."))),
        ("\u200b", (Sentence("\u200b"),)),
    ],
)
def test_white_space(text: str, expected: tuple[Sentence, ...]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    "piece",
    [
        "M. ",
        "Il part. ",
        "« ",
        "(",
        "[",
        "`",
        '"',
        ".",
        ". ",
        "! » ",
        "\n",
        "\n ",
        "a.B",
        "\u0301",
        "- ",
        "1. ",
        "…",
        "](",
        "<a:",
    ],
)
def test_long_lines_are_split_in_linear_time(piece: str) -> None:
    """Quadratic work on 200,000 characters takes minutes and ends at the time limit of the test run."""
    text = piece * (200_000 // len(piece))
    assert joined(split(text)) == text


def test_long_article_in_one_line() -> None:
    paragraph = " ".join(SEED.read_text(encoding="utf-8").split())
    text = " ".join([paragraph] * 80)
    assert len(text) > 250_000
    # Its last line has no final stop: it runs on into the first of the next copy.
    assert len(split(text)) == 80 * (len(split(paragraph)) - 1) + 1


LONG = (
    "En novembre, la secrétaire de presse adjointe du Pentagone, Sabrina Singh, a reconnu que les "
    "forces américaines en Irak et en Syrie avaient été attaquées 66 fois depuis le 17 octobre ; le "
    "personnel américain a subi environ 1 200 blessés (dont 62 graves, selon la même source, et 12 "
    "légers), mais la base d'al-Tanf n'a pas été touchée."
)


def pieces(text: str, limit: int) -> list[str]:
    return texts(split_clauses(text, lambda piece: len(piece) <= limit))


def test_what_fits_is_left_whole() -> None:
    assert split_clauses(LONG + " ", lambda piece: True) == (Sentence(LONG, " "),)


def test_strongest_boundary_first() -> None:
    first, second = pieces(LONG, 220)
    assert first.endswith("17 octobre ;")
    assert second.startswith("le personnel")


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Il part à midi, elle reste à la maison", 30, ["Il part à midi,", "elle reste à la maison"]),
        ("Il part demain matin et elle reste là", 30, ["Il part demain matin", "et elle reste là"]),
        ("Il a vu la femme qui chante à Paris", 25, ["Il a vu la femme", "qui chante à Paris"]),
        ("Il part demain – elle reste ici", 20, ["Il part demain", "– elle reste ici"]),
        ("Il a dit « je pars » avant de rester", 25, ["Il a dit « je pars »", "avant de rester"]),
        ("un deux trois quatre", 12, ["un deux", "trois quatre"]),
        ("Le total est de 1 200 000 000 euros", 25, ["Le total est", "de 1 200 000 000 euros"]),
    ],
)
def test_clause_boundaries(text: str, limit: int, expected: list[str]) -> None:
    assert pieces(text, limit) == expected


def test_brackets_are_kept_together_where_there_is_a_choice() -> None:
    for piece in pieces(LONG, 170):
        assert piece.count("(") == piece.count(")")


@pytest.mark.parametrize("limit", [40, 60, 90, 130, 200])
def test_pieces_are_few_balanced_and_fit(limit: int) -> None:
    found = pieces(LONG, limit)
    assert all(len(piece) <= limit for piece in found)
    assert len(found) <= -(-len(LONG) // limit) * 1.6 + 1
    assert min(map(len, found)) >= limit // 5
    assert not any(left[-1:].isdigit() and right[:1].isdigit() for left, right in pairwise(found))


def test_a_word_without_end_is_cut_by_characters() -> None:
    found = pieces("Il dit " + "a" * 50_000 + " puis part.", 500)
    assert all(len(piece) <= 500 for piece in found)
    assert found[0] == "Il dit"
    assert found[-1] == "puis part."
    assert len(found) < 50_000 // 500 * 2 + 4


def test_a_single_character_is_never_cut() -> None:
    assert pieces("abc d", 0) == ["a", "b", "c", "d"]


def test_no_cut_before_a_combining_mark() -> None:
    for piece in pieces("e\u0301" * 300, 50):
        assert not unicodedata.combining(piece[0])


@given(TEXTS, st.integers(1, 40))
def test_clauses_joined_are_the_text(text: str, limit: int) -> None:
    found = split_clauses(text, lambda piece: len(piece) <= limit)
    assert_well_formed(text, found)
    assert all(len(sentence.text) <= limit for sentence in found)


def test_fits_is_asked_seldom() -> None:
    asked: list[int] = []

    def fits(piece: str) -> bool:
        asked.append(len(piece))
        return len(piece) <= 300

    text = " ".join([LONG] * 400)
    found = split_clauses(text, fits)
    assert len(asked) < 3 * len(found)
    assert sum(asked) < 4 * len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Publié le 3 mars • Lecture 3 min", ["Publié le 3 mars", "•", "Lecture 3 min"]),
        ("Accueil | Sport | M. Petit gagne.", ["Accueil", "|", "Sport", "|", "M. Petit gagne."]),
        ("Les étudiant·e·s de Paris · Lyon.", ["Les étudiant·e·s de Paris", "·", "Lyon."]),
        ("Le code `a | b` reste.", ["Le code `a | b` reste."]),
        ("• Un point •", ["•", "Un point", "•"]),
        ("a|b •", ["a|b", "•"]),
        ("Airbus\t152,30 €\t+1,25 %", ["Airbus", "152,30 €", "+1,25 %"]),
        ("PSG      54 pts   12 j", ["PSG", "54 pts   12 j"]),
    ],
)
def test_signs_between_spaces_part_what_stands_beside_them(text: str, expected: list[str]) -> None:
    assert [s.text for s in split(text)] == expected
    assert "".join(s.text + s.gap for s in split(text)) == text
