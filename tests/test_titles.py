"""Newspapers keep their names, article and all; what only looks like one does not."""

from __future__ import annotations

import pytest
from fakes import FakeEngine

from translate.sentences import Source, translate_sentences
from translate.sentences.french.titles import held_titles
from translate.settings import Settings


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Selon Le Point, il part.", [("Le Point", "Le Point")]),
        ("Il part, révèle Le\u00a0Monde.", [("Le\u00a0Monde", "Le Monde")]),
        ("dans L’Équipe ce matin", [("L’Équipe", "L'Équipe")]),
        ("Il l'a dit au Figaro hier.", [("Figaro", "Le Figaro")]),
        ("Il a déclaré au Monde qu'il partait.", [("Monde", "Le Monde")]),
        ("Dans un entretien accordé au Point, elle nie.", [("Point", "Le Point")]),
        (
            "Le Monde révèle que, selon Le Monde diplomatique, rien ne change.",
            [("Le Monde", "Le Monde"), ("Le Monde diplomatique",) * 2],
        ),
        ("Le Soir rapporte une panne.", [("Le Soir", "Le Soir")]),
        ("« Le Soir rapporte une panne »", [("Le Soir", "Le Soir")]),
        ("Selon Libération et Mediapart", [("Libération",) * 2, ("Mediapart",) * 2]),
        ("D'après Sud Ouest, il pleut.", [("Sud Ouest",) * 2]),
        ("Le port. | ARCHIVES OUEST-FRANCE", [("OUEST-FRANCE",) * 2]),
        ("JULIEN MUGUET POUR « LE MONDE »", [("LE MONDE",) * 2]),
    ],
)
def test_titles(text: str, held: list[tuple[str, str]]) -> None:
    assert [(text[hold.start : hold.end], hold.shown) for hold in held_titles(text)] == held


@pytest.mark.parametrize(
    "text",
    [
        "La Coupe du Monde commence.",
        "Le Monde arabe change.",
        "Le Point sur la situation",
        "Le Soir venu, il part.",
        "À la Libération, il avait dix ans.",
        "L'Équipe de France gagne.",
        "dans L'Équipe de France",
        "dans le Sud Ouest du pays",
        "La Croix-Rouge et le monde",
        "Le point de vue, la presse, le temps, la croix, pour 20 minutes",
        "Le Parisien",
        "SELON LE MONDE, IL PART",
        "Un Parisien de 30 ans",
        "Le Parisien moyen gagne 2 000 euros.",
        "Que choisir pour Noël ?",
        "L'Étudiant palestinien a été arrêté hier.",
        "Il a été prêté au Parisien Warren Zaïre-Emery.",
        "Le Front de Libération nationale",
        "Elle chantait La Vie en rose.",
        "Il lit Le Temps retrouvé de Proust.",
        "Il l'a confié au Monde entier.",
        "Pendant 20 Minutes",
        "la place de Libération",
        "Le Figaro de Mozart",
        "",
    ],
)
def test_what_is_none(text: str) -> None:
    assert held_titles(text) == ()


def test_the_model_reads_a_placeholder_and_the_reader_the_title() -> None:
    engine = FakeEngine({"Il part, dit Z1.": "He is leaving, Z1 says."})
    (segment,) = translate_sentences([Source("Il part, dit Le Point.")], engine, Settings())
    assert (segment.target, segment.rung, segment.flags) == ("He is leaving, Le Point says.", "first", ())


def test_it_is_held_at_every_try() -> None:
    answers = {
        "Les gilets jaunes partent, dit Z1.": "The yellow jackets leave, Z1 says.",
        "Les yellow vests partent, dit Z1.": "The yellow vests leave, Z1 says.",
    }
    (segment,) = translate_sentences(
        [Source("Les gilets jaunes partent, dit Le Point.")], FakeEngine(answers), Settings()
    )
    assert (segment.target, segment.rung) == ("The yellow vests leave, Le Point says.", "reword")
