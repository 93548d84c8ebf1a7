"""French said otherwise before the model: times, spans, numbers of other countries, labels, first words."""

from __future__ import annotations

import itertools

import pytest
from fakes import FakeEngine

from translate.sentences import Source, translate_sentences
from translate.sentences.french.rewording import Rewording, always
from translate.settings import Settings


def reworded(text: str) -> str:
    for one in reversed(always(text)):
        text = f"{text[: one.start]}{one.text}{text[one.end :]}"
    return text


@pytest.mark.parametrize(
    ("french", "said"),
    [
        ("Il part à 18 h 30.", "Il part à 18:30."),
        ("Il part à 18h30 et arrive vers 20h.", "Il part à 18:30 et arrive vers 20:00."),
        ("Ouvert de 9h à 17h.", "ouvert de 09:00 à 17:00."),
        ("Ouvert entre 8 heures et 20 heures.", "ouvert entre 08:00 et 20:00."),
        ("Les bureaux ferment à 20 heures.", "Les bureaux ferment à 20:00."),
        ("Départs 6 h 40   12 h 05   17 h 30", "départs 06:40   12:05   17:30"),
        ("Ouvert 8 h - 12 h, 14h-18h.", "ouvert 08:00 - 12:00, 14:00-18:00."),
        ("A 0h15, le feu est éteint.", "A 00:15, le feu est éteint."),
        ("07h42 : le train part.", "07:42 : le train part."),
        ("Il a couru en 2 h 18.", "Il a couru en 2 heures et 18 minutes."),
        ("Il y a 1 h 05 de bouchons.", "Il y a une heure et 5 minutes de bouchons."),
        ("480'000 habitants", "480\u00a0000 habitants"),
        ("Ils sont nonante-cinq.", "Ils sont quatre-vingt-quinze."),
        ("Elle a septante et un ans.", "Elle a soixante et onze ans."),
        ("Il en reste huitante.", "Il en reste quatre-vingts."),
        ("fixé à 2,4 % au 1er février", "fixé à 2,4 % le 1er février"),
        ("en hausse de 0,8 % à 7\u202f912 points", "en hausse de 0,8 %, à 7\u202f912 points"),
        ("Nul ne peut ignorer que la guerre approche.", "Nul ne peut pas ignorer que la guerre approche."),
        ("Elle n'ose espérer.", "Elle n'ose pas espérer."),
        ("Seuls Zurich et Vaud ont dit oui.", "Seulement Zurich et Vaud ont dit oui."),
        ("Il est à 4'05\" du leader.", "Il est à 4 minutes et 5 secondes du leader."),
        ("Il était 21h15.", "Il était 21:15."),
        ("Tué par balles, il avait 20 ans.", "tué par balles, il avait 20 ans."),
        ("Grève : ce que l'on sait", "grève : ce que l'on sait"),
        ("« Otages libérés »", "« otages libérés »"),
        ("EN DIRECT - Grève du 18 septembre", "Live - grève du 18 septembre"),
        ("Lire aussi : Trêve à Gaza", "Read also : trêve à Gaza"),
    ],
)
def test_what_models_misread_is_said_otherwise(french: str, said: str) -> None:
    assert reworded(french) == said


@pytest.mark.parametrize(
    "text",
    [
        "Il est resté pendant 14 heures.",
        "La boutique est fermée depuis 14 heures.",
        "C'est à 2 heures de route.",
        "Il passe à 6 heures par jour.",
        "Il est parti à 2 heures du matin.",
        "Il roulait à 80 km/h.",
        "Ils ont des retards de 40 min à 1 h.",
        "Le record est de 3h15'12.",
        "Marine Dupont a parlé.",
        "Rose Martin et Pierre Dupont.",
        "Paris : deux morts",
        "Nice s'incline.",
        "Orange supprime 500 postes.",
        "Le vote a eu lieu.",
        "Il n'y a rien.",
        "La version 2.0h.",
        "",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert always(text) == ()


def test_places_are_in_order_and_apart() -> None:
    found = always("Direct : de 9h à 17h, « Rien ne va » à 20 h 30, 12'000 et nonante")
    assert list(found) == sorted(found, key=lambda one: one.start)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(isinstance(one, Rewording) and one.start < one.end for one in found)


def test_the_reader_sees_the_headline_with_its_capital_and_the_source_as_it_was() -> None:
    engine = FakeEngine({"grève : on vote à 18:30": "strike: vote at 18:30"})
    [segment] = translate_sentences([Source("Grève : on vote à 18 h 30")], engine, Settings())
    assert segment.source == "Grève : on vote à 18 h 30"
    assert segment.target == "Strike: vote at 18:30"
    assert segment.flags == ()


def test_contrast_is_said_in_full() -> None:
    assert [one.text for one in always("Le Kremlin, lui, refuse ; Paris, elle, attend.")] == [
        "quant à lui",
        "quant à elle",
    ]
    assert not [one for one in always("Il parle de lui, et non d'elle. Lui, elle et moi.") if "quant" in one.text]
