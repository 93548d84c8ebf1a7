"""Every line of whole saved articles, in the layouts of several outlets, gets its label; no body is lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from translate.boilerplate import label
from translate.document import BOILERPLATE_LABELS, LABELS, Block, Document

GOLDEN = Path(__file__).parent / "boilerplate"
SEEDS = Path(__file__).parent.parent / "seeds"


def document(texts: Sequence[str], kind: str = "paragraph") -> Document:
    return Document(tuple(Block(kind, text, suffix="\n\n", line=2 * n + 1) for n, text in enumerate(texts)))


def names(texts: Sequence[str]) -> list[str]:
    return [block.label.name for block in label(document(texts)).blocks]


def lines_of(path: Path, encoding: str = "utf-8") -> list[str]:
    return [line for line in path.read_text(encoding).splitlines() if line.strip()]


def golden(path: Path) -> list[tuple[str, str]]:
    return [(line.split(" | ", 1)[0], line.split(" | ", 1)[1]) for line in lines_of(path)]


#: Around every line in question, so that it is judged within an article.
ARTICLE = [
    "La ville de Port-Ligny rouvre son théâtre",
    "Le théâtre de Port-Ligny a rouvert samedi, après six ans de travaux et deux faillites.",
    "{}",
    "La maire n'a pas caché sa joie devant les 340 spectateurs de la première.",
    "La saison compte dix-sept spectacles, dont trois créations.",
]


def label_within(text: str, place: int = 2) -> str:
    lines = [line for line in ARTICLE if line != "{}"]
    lines.insert(place, text)
    return names(lines)[place]


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_golden_article(path: Path) -> None:
    expected = golden(path)
    found = names([text for _, text in expected])
    assert [(name, text) for name, (_, text) in zip(found, expected, strict=True)] == expected


def test_golden_articles_hold_every_label() -> None:
    rows = [row for path in GOLDEN.glob("*.txt") for row in golden(path)]
    assert len(rows) >= 80
    assert {name for name, _ in rows} == {*LABELS}


def test_seed_article() -> None:
    texts = lines_of(SEEDS / "000_0ba664e24ee1242a.txt")
    found = [(name, text) for name, text in zip(names(texts), texts, strict=True) if name != "body"]
    assert found == [
        ("kicker", "TV"),
        (
            "headline",
            "Syrie : la Résistance irakienne a ciblé deux fois en une heure la base américaine Conoco",
        ),
        ("caption", "Forces d'occupation américaines en Syrie ©AFP"),
        ("related", texts[13]),
        ("share", "Partager Cet Article"),
        ("source", "SOURCE: FRENCH PRESS TV"),
    ]
    assert texts[13].startswith("A lire: Irak/Syrie")


@pytest.mark.parametrize(
    ("path", "encoding", "expected"),
    [
        ("article.txt", "utf-8", "kicker headline credit credit caption related share share source"),
        ("capitals.txt", "utf-8", "headline kicker"),
        ("english.txt", "utf-8", "headline"),
        ("windows-1252.txt", "cp1252", "headline"),
        ("wrapped.txt", "utf-8", "headline"),
    ],
)
def test_other_seeds(path: str, encoding: str, expected: str) -> None:
    paragraphs = (SEEDS / path).read_text(encoding).split("\n\n")
    assert [name for name in names(paragraphs) if name != "body"] == expected.split()


@pytest.mark.parametrize(
    "text",
    [
        "Selon la source, aucun accord n'a été signé avant minuit.",
        "À lire les journaux, la pièce est un triomphe.",
        "À lire aussi les critiques, on croirait à un chef-d'œuvre.",
        "Partager le pouvoir est difficile.",
        "Partager cet article de foi ne suffit pas.",
        "Source d'inquiétude, le toit fuit encore.",
        "Source : le mot vient du latin, explique le metteur en scène, et il n'a pas changé depuis.",
        "Sur le même sujet, deux livres paraissent en mai.",
        "Pour en savoir plus, il a interrogé les machinistes.",
        "Voir aussi souvent le même spectacle lasse, dit-elle.",
        "Publié en 1987, le texte n'avait jamais été joué.",
        "Publié le 3 mars, le décret n'autorise que 340 places.",
        "Par Toutatis, s'est écrié un spectateur.",
        "Imprimer un billet coûte 2 euros.",
        "Avec l'AFP, le théâtre a signé une convention.",
        "Le logo © du théâtre a été refait. Il a coûté 12 000 euros et n'a pas plu à tous les élus.",
        "Un texte de trente mots qui finit sans point, parce que le copiste l'a oublié en chemin, mais qui n'"
        "en reste pas moins un paragraphe, avec ses verbes, et même une incise",
        "« Nous n'attendions personne »",
        "Une salle à l'italienne",
        "Facebook",
        "La dépêche est signée AFP.",
        "Le public, lui, s'en moque (AFP)",
        "Lire la suite demanderait du courage.",
        "Suivez-nous, crie le guide aux derniers arrivants.",
        "Abonnez-vous à la patience, conseille-t-il.",
        "Photo ou pas, le souvenir reste.",
        "Newsletter ou affiche, tout a été essayé.",
        "La salle a rouvert. Elle compte 340 places. (Photo Jeanne Morel)",
        "Sujets : la scène, le public et l'argent, dit-il.",
        "Tags : le maire n'en veut plus sur les murs du théâtre.",
        "***",
        "- 340 places assises ;",
    ],
)
@pytest.mark.parametrize("place", [2, 4])
def test_body_is_never_taken_for_boilerplate(text: str, place: int) -> None:
    assert label_within(text, place) == "body"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("À lire : Le théâtre, mode d'emploi", "related"),
        ("A lire: Le théâtre, mode d'emploi", "related"),
        ("À lire aussi", "related"),
        ("Lire aussi : Dix salles qui rouvrent", "related"),
        ("Lire aussi | Dix salles qui rouvrent", "related"),
        ("LIRE AUSSI > Dix salles qui rouvrent", "related"),
        ("Voir aussi : notre diaporama", "related"),
        ("→ À VOIR AUSSI - Les coulisses du théâtre", "related"),
        ("Lire notre reportage : Une nuit sur le chantier", "related"),
        ("Sur le même sujet", "related"),
        ("Pour aller plus loin :", "related"),
        ("[Lire la suite...]", "related"),
        ("Partager cet article", "share"),
        ("PARTAGER CET ARTICLE", "share"),
        ("Partager cet article sur Facebook", "share"),
        ("Partager sur Facebook", "share"),
        ("Facebook Twitter WhatsApp Email", "share"),
        ("Facebook | Twitter | Imprimer", "share"),
        ("Tweeter", "share"),
        ("Imprimer", "share"),
        ("Suivez-nous", "share"),
        ("Suivez-nous sur Facebook et Twitter", "share"),
        ("Abonnez-vous à notre newsletter", "share"),
        ("Commentaires (12)", "share"),
        ("12 commentaires", "share"),
        ("Publicité", "share"),
        ("Crédit photo : Théâtre municipal", "credit"),
        ("La salle avant les travaux. © Théâtre municipal", "caption"),
        ("La salle, le 12 mars 2024 (photo Théâtre municipal)", "caption"),
        ("La façade du théâtre. J. Morel / AFP", "caption"),
        ("La façade du théâtre (AFP/J. Morel)", "caption"),
        ("La façade rouvre. | ARCHIVES OUEST-FRANCE", "caption"),
        ("La maire, lundi. LP/Olivier Lejeune", "caption"),
        ("Signaler une erreur", "share"),
        ("Voir tous les commentaires (3)", "share"),
        ("La rédaction vous conseille", "related"),
    ],
)
def test_boilerplate_within_an_article(text: str, name: str) -> None:
    assert label_within(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "SOURCE: FRENCH PRESS TV",
        "Source : AFP",
        "Source: Le Monde avec AFP",
        "(Avec AFP)",
        "Avec Reuters",
        "© Le Monde",
    ],
)
def test_source_line_at_the_end(text: str) -> None:
    assert label_within(text, place=4) == "source"


@pytest.mark.parametrize("text", ["Mots-clés : théâtre, Port-Ligny", "Tags: théâtre", "Sujets : Théâtre, Culture"])
def test_keywords_at_the_end(text: str) -> None:
    assert label_within(text, place=4) == "related"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Par Jeanne Loriol", "credit"),
        ("Jeanne Loriol", "credit"),
        ("Avec AFP", "credit"),
        ("12/03/2024 à 17:30", "credit"),
        ("Mardi 12 mars 2024", "credit"),
        ("© Jeanne Loriol", "credit"),
        ("Le théâtre rénové (AFP)", "caption"),
        ("REPORTAGE", "kicker"),
    ],
)
def test_lines_between_headline_and_text(text: str, name: str) -> None:
    assert label_within(text, place=1) == name


def test_every_block_gets_a_short_reason_and_keeps_its_text() -> None:
    texts = lines_of(SEEDS / "article.txt")
    before = document(texts)
    after = label(before)
    assert after.render() == before.render()
    assert all(0 < len(block.label.reason) <= 100 for block in after.blocks)
    assert label(after) == after


def test_blank_and_verbatim_blocks_are_left_alone() -> None:
    blocks = (Block("blank", "\n"), Block("verbatim", "Partager cet article"), Block("paragraph", "   "))
    assert label(Document(blocks)).blocks == blocks


def test_markdown_headings() -> None:
    blocks = (
        Block("heading", "Le théâtre rouvre", prefix="# "),
        Block("paragraph", "Le théâtre de Port-Ligny a rouvert samedi, après six ans de travaux."),
        Block("heading", "Pour aller plus loin", prefix="## "),
        Block("quote", "À lire : un mot gravé dans la pierre", prefix="> "),
        Block("table_cell", "Source : AFP"),
        Block("paragraph", "Partager cet article"),
    )
    found = [block.label.name for block in label(Document(blocks)).blocks]
    assert found == ["headline", "body", "body", "body", "body", "share"]


def test_document_with_code_is_body_but_for_its_heading() -> None:
    blocks = (
        Block("heading", "Marché", prefix="# "),
        Block("paragraph", "Voir aussi : le guide d'installation"),
        Block("verbatim", "```sh\nmarche --date 2024-03-16\n```"),
        Block("paragraph", "Partager"),
    )
    assert [block.label.name for block in label(Document(blocks)).blocks] == [
        "headline",
        "body",
        "body",
        "body",
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ["Syrie : la base américaine attaquée deux fois"],
        ["C'est un trou de verdure où chante une rivière,", "Accrochant follement aux herbes des haillons"],
        ["Bonjour Paul,", "Je ne viendrai pas demain, parce que le train ne roule pas.", "À demain"],
        [],
    ],
)
def test_no_article_no_boilerplate(texts: list[str]) -> None:
    assert set(names(texts)) <= {"body"}


def test_links_below_a_heading_end_with_the_next_paragraph() -> None:
    texts = [*ARTICLE[:2], "À lire aussi", "Dix salles qui rouvrent", "Un chantier sans fin", *ARTICLE[3:]]
    assert names(texts)[2:6] == ["related", "related", "body", "body"]


def test_a_line_without_end_is_body_at_once() -> None:
    assert names([*ARTICLE[:2], "Partager" + "a" * 2_000_000, *ARTICLE[3:]])[2] == "body"


def test_boilerplate_labels_are_labels() -> None:
    assert set(BOILERPLATE_LABELS) < set(LABELS)


def test_accents_of_two_characters_and_hidden_hyphens_change_nothing() -> None:
    for text in ("Publié le 3 mars 2024 à 17h30", "À lire aussi : Le théâtre rouvre", "Réservé aux abonnés"):
        hidden = unicodedata.normalize("NFD", text).replace("r", "\u00adr").replace("l", "l\u00ad")
        assert label_within(hidden) == label_within(text) != "body"
