"""Lines that tell when an article was published: by rule, and the dates written out."""

from __future__ import annotations

import pytest
from fakes import FakeEngine

from translate.sentences import Source, translate_sentences
from translate.sentences.rules.publication import english_publication
from translate.settings import Settings


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Publié le 11 mars 2024 à 17h32", "Published on 11 March 2024 at 17:32"),
        ("Publié le\u00a0: 03/07/2022 - 20:14 Modifié le\u00a0: 03/07/2022 - 21:02",
         "Published on 3 July 2022 at 20:14 Updated on 3 July 2022 at 21:02"),
        ("Publié hier à 16:50, mis à jour aujourd’hui à 9h - Temps de lecture : 2 min",
         "Published yesterday at 16:50, updated today at 09:00 - reading time: 2 min"),
        ("Publié le 24-11-2025 à 06h57 - Mis à jour le 24-11-2025 à 10h22",
         "Published on 24 November 2025 at 06:57 - Updated on 24 November 2025 at 10:22"),
        ("Publié hier à 19h00, modifié à 20h37", "Published yesterday at 19:00, updated at 20:37"),
        ("16/12/2025 17:58 Actualisé le 17/12/2025 à 9h",
         "16 December 2025 at 17:58 Updated on 17 December 2025 at 09:00"),
        ("Mis à jour il y a 2 heures", "Updated 2 hours ago"),
        ("PUBLIÉ LE 12 MARS 2024", "PUBLISHED ON 12 MARCH 2024"),
        ("Mis à jour il y a 1 jour.", "Updated 1 day ago."),
        ("Publié le vendredi 1er mars 2024", "Published on Friday 1 March 2024"),
    ],
)  # fmt: skip
def test_lines_of_dates_are_translated_by_rule(french: str, english: str) -> None:
    assert english_publication(french) == english
    engine = FakeEngine()
    [segment] = translate_sentences([Source(french)], engine, Settings())
    assert (segment.target, segment.passed, engine.sent) == (english, "publication", [])


@pytest.mark.parametrize(
    "text",
    ["Publié le 11 mars par Gallimard", "Publié le 3 mars, le rapport accuse.",
     "Publié le 45/03/2024", "Publié le 3/13/2024",
     "Publié le 31/02/2024", "Publié le 31 avril", "Publié le 0 mars", "Publié hier à 25h",
     "Publié le 3/3/2024 (17h32)", "Publié",
     "Temps de lecture : 2 min", "Publié le " + "1 mars " * 100],
)  # fmt: skip
def test_what_says_more_is_for_the_model(text: str) -> None:
    assert english_publication(text) is None
