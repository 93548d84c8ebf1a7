"""Saved pages: the article is found, its structure kept, and what is no page is told."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fakes import FakeEngine

from translate.document import Document
from translate.errors import InputError
from translate.pipeline import translate_document
from translate.read import parse, read_document
from translate.write import render

PAGE = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>Le port de Calais ferme - Le Journal</title>
<script>var texte = "Bonjour";</script><style>p { color: red }</style></head>
<body><nav><ul><li><a href="/">Accueil</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<main><article><h1>Le port de Calais ferme</h1>
<p>Le port restera fermé <em>jusqu’à</em> lundi, a annoncé <a href="/x">la préfecture</a>.</p>
<p>Publié le <time datetime="2024-03-11T17:32">11 mars 2024 à 17h32</time></p>
<figure><img src="a.jpg" alt="x"><figcaption>Le port de Calais, le 11 mars. Anne Petit / AFP</figcaption></figure>
<p>Le trafic n’a pas repris. Il faudra 3&nbsp;000&nbsp;euros pour le 1<sup>er</sup> quai.<br>
Les ferrys attendent au large.</p>
<h2>Deux jours de grève</h2>
<ul><li>Calais : 48 départs</li><li>Dunkerque : 12 départs</li></ul>
<ol><li>La grève</li><li>La tempête</li></ol>
<blockquote><p>« Nous ne bougerons pas », a promis un marin.</p></blockquote>
<table><tr><th>Port</th><th>Navires</th></tr><tr><td>Calais | Nord</td><td>4</td></tr></table>
<p>La reprise est prévue mardi matin, si le vent faiblit.</p></article>
<section class="comments"><h3>Commentaires</h3><p>Bravo pour cet article !</p></section></main>
<footer><p>Mentions légales - Cookies</p></footer></body></html>"""

ARTICLE = """\
Le port de Calais ferme

Le port restera fermé jusqu’à lundi, a annoncé la préfecture.

Publié le 11 mars 2024 à 17h32

Le port de Calais, le 11 mars. Anne Petit / AFP

Le trafic n’a pas repris. Il faudra 3 000 euros pour le 1er quai.

Les ferrys attendent au large.

Deux jours de grève

- Calais : 48 départs
- Dunkerque : 12 départs
1. La grève
2. La tempête

> « Nous ne bougerons pas », a promis un marin.

Port | Navires
Calais | Nord | 4

La reprise est prévue mardi matin, si le vent faiblit.
"""


def page(text: str) -> Document:
    return parse(text, format="html")


def test_the_article_of_a_page_is_its_text() -> None:
    document = page(PAGE)
    assert document.render() == ARTICLE
    assert document.meta.format == "html"


def test_blocks_keep_their_kinds_and_lines() -> None:
    document = page(PAGE)
    lines = ARTICLE.split("\n")
    kinds = {block.text: block.kind for block in document.blocks}
    assert kinds["Le port de Calais ferme"] == kinds["Deux jours de grève"] == "heading"
    assert kinds["La tempête"] == "list_item"
    assert kinds["« Nous ne bougerons pas », a promis un marin."] == "quote"
    assert kinds["Navires"] == "table_cell"
    assert all(block.text in lines[block.line - 1] for block in document.blocks if block.translatable)


def test_the_title_stands_first_where_the_article_lacks_it() -> None:
    text = page(PAGE.replace("<h1>Le port de Calais ferme</h1>", "")).render()
    assert text.startswith("Le port de Calais ferme")
    assert text.count("Le port de Calais ferme") == 1


def test_a_brief_keeps_its_paragraphs() -> None:
    text = page("<html><body><h1>Séisme au Japon</h1><p>Il n’y a pas de victime.</p></body></html>").render()
    assert text == "Séisme au Japon\n\nIl n’y a pas de victime.\n"


def test_old_pages_laid_out_by_tables_and_breaks_are_paragraphs() -> None:
    lines = [f"Paragraphe {n} : le ministre a parlé longuement de la situation du pays." for n in range(5)]
    text = page(f"<html><body><table><tr><td>{'<br><br>'.join(lines)}</td></tr></table></body></html>").render()
    assert [line for line in text.split("\n") if line] == lines


@pytest.mark.parametrize(
    "head",
    [
        "<html>",
        "\n\n<!doctype HTML><html>",
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"'
        ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html xmlns="http://www.w3.org/1999/xhtml">',
    ],
)
def test_a_page_is_told_from_text_by_how_it_begins(head: str, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(head + "<body><p>Le port a fermé. Il n’a pas rouvert.</p></body></html>", encoding="utf-8")
    document = read_document(path)
    assert document.meta.format == "html"
    assert document.render() == "Le port a fermé. Il n’a pas rouvert.\n"
    assert read_document(path, format="text").meta.format == "text"


def test_old_encodings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE.replace("utf-8", "windows-1252").encode("cp1252"))
    assert read_document(path).render() == ARTICLE


@pytest.mark.parametrize(
    "text",
    [
        "Le port a fermé.",
        "<html><head><title>Un titre</title><script>1</script></head><body><div id=root></div></body></html>",
        "<" * 1000,
        "<html><body>" + "<div>" * 100_000 + "<p>Le port a fermé.</p>",
    ],
)
def test_a_page_without_an_article_is_an_error_that_says_so(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="no article") as caught:
        page(text)
    assert ".txt" in caught.value.hint
    assert capfd.readouterr().err == ""


def test_a_blank_page_has_nothing_to_translate() -> None:
    assert page(" \n").blocks == ()


def test_nothing_of_a_long_article_is_lost() -> None:
    words = "port navire marin vent quai grève tempête départ ferry large".split()
    chosen = random.Random(7)
    lines = [f"{' '.join(chosen.choices(words, k=12))} {n}." for n in range(1000)]
    text = page("<html><body><article>" + "".join(f"<p>{line}</p>" for line in lines) + "</article>").render()
    assert [line for line in text.split("\n") if line] == lines


def test_controls_and_entities_are_characters() -> None:
    text = page(
        "<html><body><p>5&nbsp;&euro; &lt;b&gt; &amp; \x00\x08fin de la phrase &#x1F600; du texte.</p></body></html>"
    )
    assert text.render() == "5 € <b> & fin de la phrase 😀 du texte.\n"


def test_a_table_keeps_its_empty_cells() -> None:
    rows = "<tr><th>Ville</th><th>Avant</th><th>Après</th></tr><tr><td>Paris</td><td></td><td>3</td></tr>"
    document = page(f"<html><body><article><p>Les villes ont voté dimanche.</p><table>{rows}</table></article>")
    assert document.render().endswith("Ville | Avant | Après\nParis |  | 3\n")
    translation = translate_document(document, FakeEngine())
    assert render(translation, "html").count("<td>") == 12
    assert render(translation, "markdown").splitlines()[-1].count("|") == 4


def test_items_go_on_after_a_break_and_stay_in_their_quotation() -> None:
    items = "<ul><li>Un point,<br>et sa suite</li><li>Un autre</li></ul>"
    text = (
        f"<html><body><article><p>Le maire a parlé.</p>{items}<blockquote><p>Il dit :</p>{items}</blockquote></article>"
    )
    document = page(text)
    assert "- Un point,\n  et sa suite\n- Un autre\n" in document.render()
    assert "> - Un point,\n>   et sa suite\n> - Un autre\n" in document.render()
    markdown = render(translate_document(document, FakeEngine()), "markdown")
    assert markdown.count("\n- ") == 2
    assert markdown.count("\n> - ") == 2


def test_references_to_controls_cost_no_text() -> None:
    assert page("<html><body><p>Le port&#1; a fermé&#xFFFE; lundi.</p></body></html>").render() == (
        "Le port a fermé lundi.\n"
    )


def test_the_english_has_the_structure_of_the_page() -> None:
    translation = translate_document(page(PAGE), FakeEngine())
    assert "the article of the page, 6 paragraphs" in translation.notes[0]
    text, markdown, html = (render(translation, name) for name in ("text", "markdown", "html"))
    assert text.count("\n") == ARTICLE.count("\n")
    assert markdown.startswith("# ")
    assert markdown.count("\n## ") == 1
    rows = [line for line in markdown.split("\n") if line.startswith("|")]
    assert len(rows) == 3
    assert rows[1] == "| --- | --- |"
    assert rows[2].count("|") == 4  # the bar within a cell is escaped
    assert "\\|" in rows[2]
    assert html.count("<table>") == 2  # English and French
    assert html.count("<td>") == 8
