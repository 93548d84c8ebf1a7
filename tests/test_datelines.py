"""Datelines are split off and translated by rule."""

from __future__ import annotations

import pytest
from fakes import FakeEngine

from translate.document import Sentence
from translate.pipeline import translate_document
from translate.places import english_place, in_english
from translate.read import parse
from translate.sentences.rules.datelines import english_dateline, split_dateline
from translate.settings import Settings


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("PARIS, 12 mars (AFP) –", "PARIS, March 12 (AFP) –"),
        ("LONDRES, 1er mai 2024 (Reuters) -", "LONDON, May 1, 2024 (Reuters) -"),
        ("Beyrouth (AFP) —", "Beirut (AFP) —"),
        ("Gaza, 12 déc. 2023 –", "Gaza, December 12, 2023 –"),
        ("JÉRUSALEM/GAZA, 3 juin (Reuters) --", "JERUSALEM/GAZA, June 3 (Reuters) --"),
        ("NEW YORK (Nations unies), 2 août –", None),
        ("Le Caire, le 4 juillet –", "Cairo, July 4 –"),
    ],
)
def test_in_english(french: str, english: str | None) -> None:
    assert english_dateline(french) == english


@pytest.mark.parametrize(
    "text",
    [
        "Paris – Le président a parlé.",
        "Le ministre, 12 mars, a parlé.",
        "Syrie : deux attaques – bilan",
        "Emmanuel Macron (LREM) est arrivé – enfin.",
        "PARIS, 12 mars (AFP) – ",
    ],
)
def test_what_is_none(text: str) -> None:
    assert split_dateline(Sentence(text, "\n")) == (Sentence(text, "\n"),)


def test_split_off_and_joined_again() -> None:
    sentence = Sentence("PARIS, 12 mars (AFP) – Le président a parlé.", " ")
    line, rest = split_dateline(sentence)
    assert (line.text, rest.text) == ("PARIS, 12 mars (AFP) –", "Le président a parlé.")
    assert line.text + line.gap + rest.text + rest.gap == sentence.text + sentence.gap


def test_the_model_never_sees_it() -> None:
    engine = FakeEngine(default=lambda unit: unit)
    document = parse("PARIS, 12 mars (AFP) – Le président a parlé.\n")
    translation = translate_document(document, engine, Settings(retry=False))
    assert translation.text == "PARIS, March 12 (AFP) – Le président a parlé.\n"
    assert engine.sent == ["Le président a parlé."]


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Syrie", "Syria"),
        ("Côte d’Ivoire", "Côte d’Ivoire"),
        ("pékin", "Beijing"),
        ("Nulle-Part", None),
        ("Turquie", "Turkey"),
    ],
)
def test_places(french: str, english: str | None) -> None:
    assert english_place(french) == english


def test_a_place_copied_in_french_gets_its_english_name() -> None:
    source = "Le correspondant à Bagdad a quitté la Syrie pour Mexico."
    assert in_english("The reporter in Bagdad left Syrie.", source) == "The reporter in Baghdad left Syria."
    assert (
        in_english("He went to Mexico, not to Syria.", "Il est allé au Mexique.") == "He went to Mexico, not to Syria."
    )
