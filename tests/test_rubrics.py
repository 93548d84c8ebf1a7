"""Rubrics by rule: the whole line is one, whatever its case and accents; anything else goes to the model."""

import pytest

from translate.sentences.rules.rubrics import english_rubric


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Société", "Society"),
        ("SOCIÉTÉ", "SOCIETY"),
        ("ENERGIE", "ENERGY"),
        ("Economie :", "Economy:"),
        ("Éditorial\u00a0:", "Editorial:"),
        ("EN DIRECT", "LIVE"),
        ("A la une", "Front page"),
        ("Faits  divers", "Crime and incidents"),
        ("Proche-Orient", "Middle East"),
        ("S’abonner", "Subscribe"),
        ("Accueil > Société > Logement", "Home > Society > Housing"),
        ("FAITS DIVERS - JUSTICE", "CRIME AND INCIDENTS - JUSTICE"),
        ("À lire aussi :", "Read also:"),
        ("Temps de lecture : 3 min", "Reading time: 3 min"),
        ("Il vous reste 60\u00a0% de cet article à lire.", "You have 60% of this article left to read."),
    ],
)
def test_a_rubric_is_translated_by_rule(french: str, english: str) -> None:
    assert english_rubric(french) == english


@pytest.mark.parametrize(
    "text",
    [
        "Société générale",
        "Direct : suivez la soirée",
        "Monde.",
        "Le monde change",
        "Sport 2024",
        "Disparition",
        "Politique > autre chose",
        "Culture - ",
        "",
        ":",
        "Une société",
        "12",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert english_rubric(text) is None
