"""Lines of nothing but names: to the letter, whatever a model would make of them."""

from __future__ import annotations

import time

import pytest
from fakes import FakeEngine

from translate.sentences import Source, translate_sentences
from translate.sentences.rules.bylines import english_byline
from translate.settings import Settings


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Par Claire Gatinel-Roussel et Nathan Ségur", "By Claire Gatinel-Roussel and Nathan Ségur"),
        ("MICHELE CATTANI / AFP", "MICHELE CATTANI / AFP"),
        ("© Jean Moreau / AFP", "© Jean Moreau / AFP"),
        ("Chloé Banerjee-Din", "Chloé Banerjee-Din"),
        ("Olivier Faure (PS)", "Olivier Faure (PS)"),
        ("Photo : Albert Facelly", "Photo: Albert Facelly"),
        ("Le Monde avec AFP", "Le Monde with AFP"),
        ("Propos recueillis par Anne Le Gall", "Interview by Anne Le Gall"),
        ("Par Romain Delattre, au Caire", "By Romain Delattre, in Cairo"),
        ("Par Romain Delattre, à Lens", "By Romain Delattre, in Lens"),
        ("Par Léa Noé (envoyée spéciale à Kiev)", "By Léa Noé, special correspondent in Kyiv"),
        ("Keystone/EPA/Laurent Gillieron", "Keystone/EPA/Laurent Gillieron"),
    ],
)
def test_names_stay(french: str, english: str) -> None:
    assert english_byline(french) == english
    [segment] = translate_sentences([Source(french)], FakeEngine(default=lambda _: "FISH FILMS"), Settings())
    assert (segment.target, segment.passed) == (english, "byline")


@pytest.mark.parametrize(
    "text",
    [
        "Londres", "Assemblée Nationale", "Union Européenne", "Joyeux Noël", "LES FILMS DU POISSON", "Chers Lecteurs",
        "Journées Portes Ouvertes", "ATTENTION DANGER", "Résultats Complets", "Pierre Martin, Paris", "La France",
        "AFP", "Par la suite", "Par Claire Gatinel, au Figaro", "Par Léa Noé, à Nice et Paris",
        "Photo de famille", "Avec le temps",
        "Emmanuel Macron a parlé", "Grève Générale", "SPORTS MÉCANIQUES", "PRESSE LOCALE",
        "INCENDIE / VAR", "Inondations (Var)", "12 mai", "", "…", "Liberté, Egalité, Fraternité",
    ],
)  # fmt: skip
def test_anything_else_is_left_to_the_model(text: str) -> None:
    assert english_byline(text) is None


def test_long_lines_are_quick() -> None:
    begun = time.process_time()
    assert english_byline("Jean-" * 20_000) is None
    assert english_byline("A" * 100_000) is None
    assert time.process_time() - begun < 1
