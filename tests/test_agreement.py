"""Her for his, where a sentence is about a woman and about nobody else, and nowhere else."""

from __future__ import annotations

import pytest

from translate.sentences.english.agreement import agree


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        ("La ministre a présenté sa démission.", "The Minister submitted his resignation.", "her resignation"),
        ("L'actrice a confirmé sa séparation.", "The actress confirmed his separation.", "her separation"),
        ("La joueuse a remporté son premier titre.", "The player won his first title.", "her first"),
        ("La maire de Paris a présenté son budget.", "The mayor of Paris presented his budget.", "her budget"),
        ("L'ancienne ministre, Rachida Dati, a défendu sa réforme.", "She defended his reform.", "her reform"),
        ("Mme Dati a défendu son plan.", "Mrs Dati defended his plan.", "her plan"),
        ("La patronne de la CGT a confirmé sa position.", "The boss confirmed his position.", "her position"),
        ("La chanteuse Angèle a perdu sa voix.", "The singer Angèle lost HIS voice.", "HER voice"),
    ],
)
def test_a_woman_is_she(source: str, text: str, said: str) -> None:
    assert said in agree(text, source)


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        ("Son mari l'a tuée avant de fuir.", "Her husband killed him before fleeing.", "killed her before"),
        ("Le tribunal l’a déjà condamnée.", "The court has already sentenced him.", "sentenced her"),
        ("La ministre s'est défendue.", "The minister defended himself.", "defended herself"),
        ("Elle s'est dite satisfaite.", "She said he was satisfied.", "said she was"),
    ],
)
def test_a_participle_tells_of_a_woman(source: str, text: str, said: str) -> None:
    assert said in agree(text, source)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Son père l'a tué.", "His father killed him."),
        ("Il l'a tuée et on lui a pardonné.", "He killed her, and they forgave him."),
        ("Il l'a vue, puis elle l'a dénoncée avec lui.", "He saw him, then she denounced him."),
        ("Le maire s'est défendu lui-même.", "The mayor defended himself."),
        ("La situation s'est aggravée quand le maire a démissionné.", "It worsened when the mayor killed himself."),
        ("La ministre s'est dite prête, et le président a dit qu'il l'écouterait.", "The president said he would."),
        ("La majorité s'est dite prête.", "The majority said he was ready."),
        ("La ministre l'a défendue contre son rival.", "The minister defended it against him."),
        ("La balle l'a tué sur le coup ; sa moto, il l'avait vendue.", "The bullet killed him; he had sold his bike."),
    ],
)
def test_a_man_stays_a_man(source: str, text: str) -> None:
    assert agree(text, source) == text


@pytest.mark.parametrize(
    "source",
    """
Le ministre a présenté sa démission.
La ministre a dit qu'il perdait sa maison.
La ministre a remercié M. Martin de son aide.
La ministre a salué Emmanuel Macron pour son discours.
Bayrou a reçu la ministre dans son bureau.
Trump a limogé la ministre pour protéger sa famille.
Selon la ministre, Trump a renié sa parole.
Sa femme, une infirmière, l'a quitté.
Une voisine l'a vu partir avec sa valise.
La juge l'a condamné dans son tribunal.
La procureure a requis sa condamnation.
Son avocate a dit qu'une juge avait ordonné sa libération.
La mère d'Émile a évoqué sa disparition.
L'avocate de Nicolas Sarkozy dénonce sa condamnation.
La présidente a salué le travail de Kylian Mbappé et son but.
La ministre a parlé de Trump et de sa politique.
Une fillette enlevée par un inconnu dans sa voiture.
L'actrice était sa compagne.
La victime a reconnu son agresseur.
La star a annulé sa tournée.
La voiture a perdu sa roue.
La présidente a reçu le joueur et sa famille.
La religieuse prie Dieu pour sa miséricorde.
Elle a vendu sa maison.
La ministre a vendu sa maison à Dupont.
""".strip().split("\n"),
)
def test_who_may_be_a_man_stays_one(source: str) -> None:
    assert agree("He lost his house.", source) == "He lost his house."
    assert agree("They lost his house.", source) == "They lost his house."
