"""Which sentences stand for an article: what can be understood alone, what is central, in the order of the text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from translate.boilerplate import label
from translate.document import Block, Document, Label
from translate.errors import UsageError
from translate.read import parse
from translate.segment import split
from translate.standalone import doubt, open_quotation
from translate.summariser import Candidate, candidates, choose, frequencies, rank, terms, tfidf

TITLE = "Le barrage de l'Aubrette rouvre sans son usine"
TEXT = [
    "Le barrage de l'Aubrette a rouvert mercredi après trois ans de travaux, mais sans son usine hydroélectrique.",
    "Il avait été fermé en janvier 2021 par la préfecture, après deux inspections.",
    "Les pêcheurs de la vallée ont retrouvé leurs bateaux et leurs habitudes dès le lendemain matin.",
    "L'usine hydroélectrique du barrage attend toujours ses deux turbines, bloquées dans un port belge.",
    "Toutefois, le directeur du chantier de l'usine du barrage promet une ouverture avant la fin de l'année.",
    "« Je ne dors plus à cause des turbines du barrage », a-t-il ajouté devant les élus de la vallée.",
]


def article(texts: list[str]) -> Document:
    return Document(tuple(Block("paragraph", text, label=Label("body")) for text in texts))


def texts(chosen: object) -> list[str]:
    return [c.candidate.text for c in chosen]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "Le barrage de l'Aubrette a rouvert mercredi après trois ans de travaux.",
        "« Nous n'avons pas été prévenus », a déclaré le directeur du chantier devant les élus de la vallée.",
        "Il y a trois ans, la préfecture fermait le barrage de l'Aubrette.",
        "Dans la vallée, il y a désormais trois barrages et deux usines.",
        "Il faut compter trois mois de travaux pour réparer la toiture du marché.",
        "Ce mercredi, le barrage de l'Aubrette a rouvert ses vannes au public.",
        "Cette année, la région versera 3,5 millions d'euros aux communes de la vallée.",
        "Dans cette nuit de mercredi à jeudi, deux drones ont visé la base de la vallée.",
        "Alors que la crue menace, la préfecture a fermé deux ponts de la vallée.",
        "Si le tribunal annule l'autorisation, l'usine tournera à 40 % de sa puissance.",
        "En novembre, la secrétaire de presse du Pentagone a reconnu 66 attaques en Syrie.",
        "Selon la préfecture, onze personnes ont été blessées dans l'accident du barrage.",
    ],
)
def test_stands_alone(text: str) -> None:
    assert doubt(text) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "Il avait été fermé en janvier 2021 par la préfecture, après deux inspections.",
            "begins with a pronoun",
        ),
        ("Elle n'a pas précisé la date de la réouverture du barrage.", "begins with a pronoun"),
        ("Celle-ci n'a pas précisé la date de la réouverture du barrage.", "begins with a pronoun"),
        ("Ce dernier n'a pas précisé la date de la réouverture du barrage.", "begins with a pronoun"),
        ("Interrogé par la presse, il n'a pas précisé la date de réouverture.", "begins with a pronoun"),
        ("Selon lui, le barrage ne rouvrira pas avant la fin de l'année.", "begins with a pronoun"),
        (
            "C'est une décision que personne n'attendait dans la vallée de l'Aubrette.",
            "begins with a pronoun",
        ),
        ("Cette décision n'a surpris personne dans la vallée de l'Aubrette.", "begins with a demonstrative"),
        (
            "Après cette décision, les communes ont saisi le tribunal administratif.",
            "begins with a demonstrative",
        ),
        (
            "Son avocate rappelle que le mot figure soixante-six fois dans le dossier.",
            "begins with a possessive",
        ),
        ("Mais le tribunal, saisi en janvier, ne s'est pas encore prononcé.", "begins with a connective"),
        (
            "Toutefois, le tribunal ne s'est pas encore prononcé sur cette affaire.",
            "begins with a connective",
        ),
        ("En effet, le tribunal ne s'est pas encore prononcé sur cette affaire.", "begins with a connective"),
        ("Par ailleurs, la région versera 3,5 millions d'euros aux communes.", "begins with a connective"),
        ("De son côté, la région versera 3,5 millions d'euros aux communes.", "begins with a demonstrative"),
        ("Pour sa part, la région versera 3,5 millions d'euros aux communes.", "begins with a demonstrative"),
        ("Le barrage rouvrira bientôt au public, a-t-il ajouté devant les élus.", "the speaker is a pronoun"),
        (
            "« Le barrage rouvrira », explique-t-elle devant les élus de la vallée.",
            "the speaker is a pronoun",
        ),
        (
            "Le chantier a coûté 126 millions, précise ce responsable de la région.",
            "the speaker is a pronoun",
        ),
        (
            "Nous n'avons pas dépensé un centime de trop pour le barrage.",
            "begins with the first or second person",
        ),
        ("« Le barrage rouvrira bientôt, mais l'usine attendra encore un an.", "half a quotation"),
        ("Le barrage rouvrira bientôt, mais l'usine attendra encore un an\".", "half a quotation"),
        ("« Le barrage rouvrira bientôt, et l'usine attendra encore au moins un an. »", "mostly a quotation"),
        ("Le barrage de l'Aubrette rouvre sans son usine hydroélectrique", "a fragment"),
        ("et le barrage de l'Aubrette rouvre sans son usine hydroélectrique.", "a fragment"),
        ("Construite en 1893, elle n'a jamais rapporté d'argent à la vallée.", "begins with a pronoun"),
        ("L'an dernier, elle comptait à peine cent vingt passagers par jour.", "begins with a pronoun"),
        ("— Le barrage rouvrira bientôt au public, répondit le chef de chantier.", "a line of dialogue"),
        ("Her measurements are the longest record of any glacier in the Alps.", "not French"),
        ("Un chantier sans fin.", "too short"),
        ("Pourquoi le barrage de l'Aubrette rouvre-t-il sans son usine hydroélectrique ?", "a question"),
        ("Le barrage " + "très " * 60 + "grand rouvre.", "too long"),
    ],
)
def test_does_not_stand_alone(text: str, why: str) -> None:
    assert doubt(text) == why


def test_sentence_within_a_quotation_of_several() -> None:
    block = (
        "« Le barrage rouvrira bientôt, dit le directeur. Les turbines de l'usine arrivent en mars à Gand. "
        "Rien n'est sûr. »"
    )
    second = candidates(article([block]), split)[1]
    assert second.text.startswith("Les turbines")
    assert second.doubt == "half a quotation"
    assert not doubt(second.text)


@pytest.mark.parametrize(
    ("text", "inside", "after"),
    [
        ("« Oui.", False, True),
        ("Oui. »", True, False),
        ("Oui.", True, True),
        ('Il dit "oui.', False, True),
        ("Oui.", False, False),
    ],
)
def test_open_quotation(text: str, inside: bool, after: bool) -> None:
    assert open_quotation(text, inside) is after


def test_straight_quotation_closes() -> None:
    assert not open_quotation('Les turbines arrivent".', inside=True)


def test_candidates_are_of_the_body_with_their_places() -> None:
    document = Document(
        (
            Block("paragraph", TITLE, label=Label("headline")),
            Block("blank", "\n"),
            Block("paragraph", f"{TEXT[0]} {TEXT[1]}"),
            Block("heading", "Un chantier sans fin"),
            Block("paragraph", "La salle. © AFP", label=Label("caption")),
            Block("paragraph", "Les pêcheurs ont retrouvé\nleurs bateaux dans la vallée.", wrapped=True),
        )
    )
    found = candidates(document, split)
    assert [(c.text, c.block, c.paragraph, c.sentence) for c in found] == [
        (TEXT[0], 2, 2, 0),
        (TEXT[1], 2, 2, 1),
        ("Les pêcheurs ont retrouvé leurs bateaux dans la vallée.", 5, 5, 0),
    ]
    assert [bool(c.doubt) for c in found] == [False, True, False]


def test_choice_is_central_stands_alone_and_keeps_the_order() -> None:
    chosen = choose(candidates(article(TEXT), split), 2, title=TITLE)
    assert texts(chosen) == [TEXT[0], TEXT[3]]


def test_title_counts() -> None:
    found = candidates(article(TEXT), split)
    with_title = rank(found, title="Les pêcheurs retrouvent leurs bateaux et leurs habitudes")
    assert with_title[0].candidate.text == TEXT[2]
    assert rank(found, title=TITLE)[0].candidate.text != TEXT[2]


def test_asking_for_more_takes_sound_sentences_first_then_fills_up() -> None:
    found = candidates(article([TEXT[5], TEXT[0], "Personne ne vient.", TEXT[3], TEXT[2]]), split)
    sound = [TEXT[0], TEXT[3], TEXT[2]]
    assert texts(choose(found, 3, title=TITLE)) == sound
    assert set(sound) < set(texts(choose(found, 4, title=TITLE)))
    assert len(choose(found, 99, title=TITLE)) == 5


def test_what_points_back_may_follow_what_it_points_to() -> None:
    title = "Deux inspections de la préfecture et un barrage fermé"
    one = "La maire de Port-Ligny a inauguré samedi un ouvrage attendu depuis deux inspections."
    back = "Il avait été fermé par la préfecture à cause d'un défaut du barrage."
    other = "Les pêcheurs de Gand votent dimanche pour une liste de marins et de dockers."
    assert texts(choose(candidates(article([f"{one} {back}", other]), split), 2, title=title)) == [one, back]
    assert texts(choose(candidates(article([f"{one} Rien. {back}", other]), split), 2, title=title)) == [
        one,
        other,
    ]


def test_the_same_is_not_said_twice() -> None:
    again = "Mercredi, après trois ans de travaux, le barrage de l'Aubrette a rouvert sans son usine hydroélectrique."
    chosen = choose(candidates(article([TEXT[0], again, TEXT[2]]), split), 2, title=TITLE)
    assert texts(chosen) == [TEXT[0], TEXT[2]]


def test_choice_is_deterministic_and_ties_go_to_the_first() -> None:
    same = [Candidate("Le barrage de l'Aubrette a rouvert mercredi ses vannes.", n, n + 1, 0) for n in range(4)]
    assert choose(same, 1) == choose(same, 1)
    assert choose(same, 1)[0].candidate.block == 0


@pytest.mark.parametrize("count", [0, -1])
def test_count_below_one_is_refused(count: int) -> None:
    with pytest.raises(UsageError, match="cannot pick"):
        choose(candidates(article(TEXT), split), count)


def test_nothing_to_choose_from() -> None:
    assert choose((), 3) == ()
    symbols = [Candidate("*** ...", 0, 1, 0)]
    assert texts(choose(symbols, 3)) == ["*** ..."]


def test_terms_are_stems_without_function_words() -> None:
    assert terms("L’usine des Chevaux n'a pas rouvert ses vannes en 2024, à 3,5 %.") == terms(
        "usines cheval rouvert vanne 2024 3,5"
    )


def test_tfidf_rows_have_unit_length_and_rare_terms_weigh_more() -> None:
    rows = tfidf([("barrag", "franc"), ("barrag",), ()], ("franc",))
    assert rows.shape == (4, 2)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 1, 0, 1])
    assert rows[0, 0] > rows[0, 1] > 0


def test_frequencies_are_those_of_news() -> None:
    sentences, known = frequencies()
    assert sentences > 50_000
    assert known["président"] > known["barrag"] >= 6
    assert max(known.values()) < sentences


def test_seed_article_summary() -> None:
    path = Path(__file__).parent.parent / "seeds" / "000_0ba664e24ee1242a.txt"
    blocks = tuple(Block("paragraph", line) for line in path.read_text("utf-8").splitlines() if line.strip())
    labelled = label(Document(blocks))
    chosen = choose(candidates(labelled, split), 3, title=blocks[1].text)
    assert len(chosen) == 3
    assert all(labelled.blocks[c.candidate.block].label.name == "body" for c in chosen)
    assert not any(c.candidate.doubt for c in chosen)
    assert any("Conoco" in c.candidate.text for c in chosen)


def test_doubts_do_not_change_scores() -> None:
    found = candidates(article(TEXT), split)
    sound = tuple(replace(c, doubt="") for c in found)
    scores = {c.candidate.text: c.score for c in rank(found, title=TITLE)}
    assert scores == {c.candidate.text: c.score for c in rank(sound, title=TITLE)}


def test_what_is_too_long_to_be_a_sentence_is_none() -> None:
    endless = "le mot et " * 500
    found = candidates(label(parse(f"{endless}\n\nLe ministre a parlé à Paris.\n")), split)
    assert [c.text for c in found] == ["Le ministre a parlé à Paris."]


def test_of_a_long_text_the_beginning_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translate.summariser.MOST_SENTENCES", 3)
    sentences = [Candidate(f"Le ministre numéro {n} a parlé à Paris.", n, n + 1, 0) for n in range(50)]
    assert all(choice.candidate.block < 3 for choice in choose(sentences, 10))
