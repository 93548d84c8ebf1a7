"""The checks of a sentence: what they must let pass, what they must catch, and how much damage they find."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.checks import CHECKS, check, severity
from translate.checks.loops import without_repeats
from translate.document import Flag

TABLES = Path(__file__).parent / "checks"


def rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (TABLES / name).read_text(encoding="utf-8").splitlines()]


RIGHT = [(source, target) for source, target in rows("right.tsv")]


@pytest.mark.parametrize(("source", "target"), RIGHT)
def test_lets_right_translations_pass(source: str, target: str) -> None:
    assert check(source, target) == ()


@pytest.mark.parametrize(("name", "detail", "source", "target"), rows("wrong.tsv"))
def test_catches_wrong_translations(name: str, detail: str, source: str, target: str) -> None:
    assert Flag(name, detail) in check(source, target)


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", " "])
def test_reads_french_typography(space: str) -> None:
    source = f"«{space}L’aide atteint 1{space}200{space}000{space}€{space}»"
    assert check(source, "“The aid amounts to €1,200,000”") == ()
    assert check(source, '"The aid amounts to 1.2 million euros"') == ()
    assert [flag.check for flag in check(source, "“The aid amounts to €1,200”")] == ["numbers"]


def test_one_sentence_may_have_several_flags() -> None:
    flags = check("Le 3 mai, Kerouac n'a pas parlé.", "On 4 May, Kerouac spoke.")
    assert [flag.check for flag in flags] == ["numbers", "negation"]


def test_a_decomposed_accent_is_the_same_letter() -> None:
    assert check("Les E\u0301tats-Unis ont réagi.", "The United States reacted.") == ()


def test_severity_orders_candidates() -> None:
    assert severity(()) == 0
    one = {name: severity((Flag(name, ""),)) for name in CHECKS}
    assert one["empty"] > one["copied"] == one["loop"] > one["numbers"] == one["negation"] > one["names"]
    assert one["numbers"] > 2 * one["names"] > 2 * one["quotes"]
    assert severity((Flag("names", "a"), Flag("names", "b"))) == 2 * one["names"]


@given(st.text(max_size=200), st.text(max_size=200))
def test_reads_any_text(source: str, target: str) -> None:
    assert {flag.check for flag in check(source, target)} <= set(CHECKS)


Damage = Callable[[str, random.Random], str]


def change_number(text: str, rng: random.Random) -> str:
    return re.sub(r"\d+", lambda found: str(int(found[0]) + rng.choice((3, 10, 1000))), text, count=1)


def drop_name(text: str, rng: random.Random) -> str:
    return re.sub(r"(?<=[a-z,] )(?!I\b)[A-Z][\w-]+(?: [A-Z][\w-]+)*", "them", text, count=1)


def drop_denial(text: str, rng: random.Random) -> str:
    return re.sub(r"\b(?:did )?not (?!only|the)|\bno |\bNobody|\bNeither\b.* nor\b", "People ", text, count=1)


def break_off(text: str, rng: random.Random) -> str:
    words = text.split()
    return " ".join(words[: len(words) // 4]) if len(words) > 11 else text


def repeat(text: str, rng: random.Random) -> str:
    words = text.split()
    start, size = rng.randrange(len(words)), rng.randint(1, 4)
    return " ".join(words[:start] + words[start : start + size] * 4 + words[start + size :])


def drop_quotes(text: str, rng: random.Random) -> str:
    return re.sub("[“”]", "", text)


@pytest.mark.parametrize(
    ("damage", "name", "at_least"),
    [
        (change_number, "numbers", 0.95),
        (drop_name, "", 0.75),
        (drop_denial, "negation", 0.8),
        (break_off, "", 0.95),
        (repeat, "loop", 0.95),
        (drop_quotes, "quotes", 1.0),
    ],
)
def test_finds_seeded_damage(damage: Damage, name: str, at_least: float) -> None:
    rng = random.Random(20231214)
    damaged = [(source, target, damage(target, rng)) for source, target in RIGHT if len(target) > 8]
    cases = [(source, worse) for source, target, worse in damaged if worse != target]
    found = [any(name in ("", flag.check) for flag in check(source, worse)) for source, worse in cases]
    missed = [case for case, ok in zip(cases, found, strict=True) if not ok]
    assert len(cases) >= 3
    assert sum(found) >= at_least * len(cases), missed


@pytest.mark.parametrize(
    ("french", "english", "words"),
    [
        ("Le chat dort.", "The bucklerslers sleeps.", ["bucklerslers"]),
        ("La Résistance attaque.", "The Facketlelele attacks.", ["Facketlelele"]),
        ("Il n'a pas vu la couleur.", "He didn't favour the neighbouring colour, realised in metres.", []),
        ("Krenfienfi est venu.", "Krenfienfi came.", []),
        ("Il parle à Poutine.", "He speaks to Putin.", []),
        ("Les podcasts du voisin.", "The neighbour's podcasts and smartphones.", []),
        ("Voir exemple.fr/abcdxyz", "See exemple.fr/abcdxyz", []),
        ("Le ministre du Logement parle.", "The Logment minister speaks.", ["Logment"]),
        ("Un trentième du salaire.", "A thirty-thirth of the wage.", ["thirty-thirth"]),
        ("Quatre-vingt-dix centimes", "Ninety-t-dix and ninety-t-dix cents", ["ninety-t-dix"]),
        ("Les impôts changent.", "Impôtes are changing.", ["Impôtes"]),
        ("Une hausse post-électorale.", "A post-election, pro-European, self-made rise.", []),
    ],
)
def test_words_that_are_none(french: str, english: str, words: list[str]) -> None:
    found = [flag.detail for flag in check(french, english) if flag.check == "nonword"]
    assert found == [f"“{word}” is in no dictionary" for word in words]


@pytest.mark.parametrize(
    ("french", "english", "found"),
    [
        ("La croissance passera de 3 % à 2,4 %.", "Growth will rise from 3% to 2.4%.", True),
        ("La croissance passera de 3 % à 2,4 %.", "Growth will fall from 3% to 2.4%.", False),
        ("Le prix est passé de 900 à 1 200 euros.", "The price rose from 900 to 1,200 euros.", False),
        ("Les prix ont baissé de 3 %.", "Prices rose by 3%.", True),
        ("Les prix ont augmenté de 3 %.", "Prices fell by 3%.", True),
        ("Les prix ont augmenté de 3 %.", "Prices went up by 3%.", False),
        ("C'est deux fois moins cher.", "It is twice as expensive.", True),
        ("C'est deux fois moins cher.", "It costs half as much.", False),
        ("Un enfant sur mille est touché.", "A child over a thousand is affected.", True),
        ("Un enfant sur mille est touché.", "One child in a thousand is affected.", False),
        ("Il ferme à 17h.", "It closes at 17 p.m.", True),
        ("Il ferme à 9h.", "It closes at 9 p.m.", True),
        ("Il ferme à 12h.", "It closes at 12 a.m.", True),
        ("Il ferme à 9 heures du soir.", "It closes at 9 p.m.", False),
        ("Il ferme à 12h.", "It closes at 12 p.m.", False),
        ("Publié à 17 h 30, modifié à 18h05.", "Published at 5:30 p.m., changed at 6:05 p.m.", False),
        ("Publié à 17 h 30, modifié à 18h05.", "Published at 17:30, changed at 18:05.", False),
    ],
)
def test_directions_shares_and_times_of_the_day(french: str, english: str, found: bool) -> None:
    assert any(flag.check == "numbers" for flag in check(french, english)) == found


@pytest.mark.parametrize(
    ("french", "english", "flags"),
    [
        ("Le RN a gagné.", "The NR won.", ["names"]),
        ("Les ONG et les TGV", "NGOs and TGVs", []),
        ("Il va dans le Sud-Est.", "He goes to the Southeast.", []),
        ("Des rafales et du verglas.", "Rafales and verglas.", ["terms", "terms", "untranslated"]),
        ("Il mange du hareng.", "He eats hareng.", ["untranslated"]),
    ],
)
def test_acronyms_points_of_the_compass_and_words_left_in_french(french: str, english: str, flags: list[str]) -> None:
    assert sorted(flag.check for flag in check(french, english)) == flags


@pytest.mark.parametrize(
    ("looped", "once"),
    [
        ("He said that he said that he said that it rains.", "He said that it rains."),
        ("The minister minister minister.", "The minister."),
        ("The army, the army, the army and the police.", "The army, and the police."),
        ("I had had enough of the same of the same of the same", "I had had enough of the same"),
        ("Hahahahahahaha!", "Ha!"),
        ("He spoke......", "He spoke."),
        ("Nothing to cut here.", "Nothing to cut here."),
    ],
)
def test_what_repeats_itself_is_said_once(looped: str, once: str) -> None:
    assert without_repeats(looped) == once


def test_a_feast_is_no_weekday() -> None:
    assert check("Vendredi saint, la messe a été dite.", "On Good Friday, mass was said.") == ()
    assert check("Mardi gras, on danse.", "On Shrove Tuesday, people dance.") == ()
