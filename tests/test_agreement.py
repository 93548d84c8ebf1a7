"""Her for his, where all persons of the French are women, and nowhere else."""

from __future__ import annotations

import pytest

from translate.agreement import agree


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        ("La ministre a présenté sa démission.", "The Minister submitted his resignation.", "her resignation"),
        ("L'actrice a confirmé sa séparation.", "The actress confirmed his separation.", "her separation"),
        ("La joueuse a remporté son premier titre.", "The player won his first title.", "her first"),
        ("La maire de Paris a présenté son budget.", "The mayor of Paris presented his budget.", "her budget"),
        ("L’ancienne ministre, Rachida Dati, nie.", "The former minister denied it himself.", "herself"),
        ("Mme Dati dit que son plan tient.", "Mrs Dati says he is holding his plan.", "she is holding her plan"),
        ("La patronne de la CGT est là.", "His boss is there.", "Her boss"),
        ("La chanteuse Angèle a perdu sa voix.", "The singer Angèle lost HIS voice.", "HER voice"),
    ],
)
def test_a_woman_is_she(source: str, text: str, said: str) -> None:
    assert said in agree(text, source)


@pytest.mark.parametrize(
    "source",
    [
        "Le ministre a présenté sa démission.",
        "La ministre a dit qu'il partait.",
        "La ministre a remercié M. Martin de son aide.",
        "La ministre a salué Emmanuel Macron pour son discours.",
        "L'actrice s'en prend à Patrick Sébastien et son émission.",
        "L'actrice était sa compagne.",
        "La victime a reconnu son agresseur.",
        "La star a annulé sa tournée.",
        "La voiture a perdu sa roue.",
        "La présidente a reçu le joueur et sa famille.",
        "Elle a vendu sa maison.",
        "",
    ],
)
def test_who_may_be_a_man_stays_one(source: str) -> None:
    assert agree("He lost his house himself.", source) == "He lost his house himself."


def test_other_words_stay() -> None:
    assert agree("She said this, the history of him'd.", "La ministre parle.") == "She said this, the history of him'd."
