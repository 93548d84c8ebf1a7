from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fakes import FakeEngine

from translate.boilerplate import label
from translate.cli import main
from translate.document import (
    Document,
    Flag,
    Hypothesis,
    KeySentence,
    Segment,
    TranslatedBlock,
    Translation,
)
from translate.pipeline import summarise_document, translate_document
from translate.read import flow, parse, read_document
from translate.segment import split
from translate.settings import Settings
from translate.write import output_format, render, summary_output

SEEDS = Path(__file__).parent.parent / "seeds"
VOID = {"meta", "br", "hr", "link"}
CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
EVIL = (
    "<script>document.title='broken'</script> &lt;b&gt; \"quoted\" onload='x' <img src=x onerror=alert(1)> "
    "javascript:alert(1) droite\u202egauche nul\0 \x1b[31m \udcff \ufdd00\ufdd1 \ufdd41\ufdd5 {{ 7 * 7 }} {% raw %}"
)


class Seen(HTMLParser):
    """What a browser makes of a page: elements in order, text by element, whether all that was opened is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not (tag == "a" and "a" in self.open), "a link within a link"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append((tuple(self.open), data))

    def values(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]

    def within(self, tag: str) -> str:
        return " ".join("".join(text for path, text in self.texts if tag in path).split())

    @property
    def text(self) -> str:
        return " ".join("".join(text for _, text in self.texts).split())


def page_of(text: str, format: str = "text", **options: object) -> str:  # noqa: A002
    """Return the page of a text translated by a visible engine: ⟦French⟧."""
    settings = options.pop("settings", Settings(retry=False))
    document = parse(text, format=format)
    return render(translate_document(document, FakeEngine(), settings, **options), "html")  # type: ignore[arg-type]


def made(document: Document, doubts: dict[int, tuple[Flag, ...]] | None = None, **options: object) -> Translation:
    """Return a translation whose sentence n (counted from 0) is doubtful for the reasons in ``doubts``."""
    blocks, count = [], 0
    for block in label(document).blocks:
        segments = []
        for sentence in split(flow(block)) if block.translatable else ():
            flags = (doubts or {}).get(count, ())
            segments.append(Segment(sentence.text, f"EN {sentence.text}", sentence.gap, -0.5, flags))
            count += 1
        text = "".join(s.target + s.gap for s in segments) if segments else block.text
        blocks.append(TranslatedBlock(block, text, tuple(segments)))
    return Translation(document, tuple(blocks), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def article() -> Translation:
    """The seed article with a visible engine: headline, boilerplate, key sentences, doubts."""
    document = read_document(SEEDS / "article.txt")
    translation = translate_document(document, FakeEngine(), Settings(retry=False), summary=3)
    assert translation.flagged
    return translation


def test_html_is_chosen_by_ending_and_name() -> None:
    assert output_format(Path("a.html"), None) == output_format(Path("a.HTM"), None) == "html"
    assert output_format(None, "html") == "html"


def test_a_page_holds_every_sentence_in_both_languages(article: Translation) -> None:
    seen = Seen(render(article, "html"))
    assert not seen.open
    for block in article.blocks:
        if block.source.translatable:
            assert " ".join(flow(block.source).split()) in seen.text
    for segment in article.segments:
        assert " ".join(segment.target.split()) in seen.text


def test_the_headline_is_the_title_and_the_only_h1(article: Translation) -> None:
    page = render(article, "html")
    headline = next(b.text for b in article.blocks if b.source.label.name == "headline")
    assert Seen(page).within("title") == " ".join(headline.split())
    assert page.count("<h1>") == 1
    assert page.index("kicker</small>") < page.index("<h1>") < page.index('class="keys"') < page.index("<article>")


def test_a_text_without_a_headline_is_called_by_its_file() -> None:
    document = parse("", meta=None)
    titled = replace(document, meta=replace(document.meta, source="saved/<b>&.txt"))
    assert Seen(render(made(titled), "html")).within("title") == "<b>&.txt"


def test_each_key_sentence_leads_to_its_place(article: Translation) -> None:
    seen = Seen(render(article, "html"))
    box = seen.values("href")[seen.values("href").index("#d1") + 1 :]
    marked = [a["id"] for tag, a in seen.elements if tag == "mark"]
    assert len(article.summary) == len(marked) == 3
    assert [value[1:] for value in box[:3]] == marked
    assert len(seen.values("id")) == len(set(seen.values("id")))
    assert {value[1:] for value in seen.values("href") if value.startswith("#")} <= set(seen.values("id"))


def test_a_key_sentence_behind_a_dateline_is_found() -> None:
    key = KeySentence("PARIS - Il part. Oui.", "He leaves.", 0, 1, 0, 1.0)
    document = parse("PARIS - Il part. Oui.")
    segments = (Segment("PARIS -", "PARIS -", " ", passed="dateline"), Segment("Il part. Oui.", "He leaves. Yes."))
    block = TranslatedBlock(document.blocks[0], "PARIS - He leaves. Yes.", segments)
    page = render(Translation(document, (block,), (key,)), "html")
    assert '<mark class="key" id="s0-1">He leaves. Yes.</mark>' in page
    assert '<a href="#s0-1">He leaves.</a>' in page


def test_doubts_are_counted_marked_and_explained() -> None:
    doubts = {1: (Flag("numbers", "3 is missing"), Flag("non_word", "“x”")), 3: (Flag("numbers", "<4>"),)}
    page = render(made(parse("Un. Il y a 3 lions.\n\nDeux.\n\nIl y en a 4."), doubts), "html")
    seen = Seen(page)
    assert "2 of 4 sentences are doubtful numbers 2 non word 1 Go to the first" in seen.text
    assert '<span class="doubt" id="s0-1" aria-describedby="d1">EN Il y a 3 lions.</span>\u2060<sup' in page
    assert "1 numbers 3 is missing · non word “x” Il y a 3 lions. The sentence Next doubt" in seen.within("details")
    assert "2 numbers <4> Il y en a 4. The sentence" in seen.within("details")
    assert seen.within("details").count("Next doubt") == 1


def test_no_doubt_is_said_not_to_mean_right() -> None:
    assert "None of the 2 sentences is doubtful That does not make them right" in Seen(page_of("Un mot. Oui.")).text


def test_alternatives_and_notes_are_shown() -> None:
    document = parse("Bonjour.")
    others = (Hypothesis("Hi.", -0.1), Hypothesis("Good <day>.", -0.2))
    segment = Segment("Bonjour.", "Hi.", flags=(Flag("length", "x"),), alternatives=others)
    translation = Translation(document, (TranslatedBlock(document.blocks[0], "Hi.", (segment,)),), notes=("a & b",))
    seen = Seen(render(translation, "html"))
    assert "Bonjour. or Good <day>. The sentence" in seen.within("details")
    assert "a & b" in seen.text


def test_boilerplate_is_labelled_and_what_is_dropped_is_counted() -> None:
    text = "Un titre assez long pour en être un\n\nLe maire parle à la ville depuis hier.\n\nLire aussi : autre chose\n"
    assert '<small class="label" title="' in page_of(text)
    assert "related Lire" not in Seen(page_of(text, settings=Settings(retry=False, boilerplate="drop"))).text
    assert "1 block of boilerplate left out" in Seen(page_of(text, settings=Settings(boilerplate="drop"))).text


def test_languages_are_named() -> None:
    text = "Le maire a parlé hier soir. The committee wishes to recognise ten years of patient field work here."
    page = page_of(text)
    english = "The committee wishes to recognise ten years of patient field work here."
    assert '<html lang="en">' in page
    assert '<div class="fr" lang="fr">' in page
    assert (
        f'<span class="passed" id="s0-1">{english} <small class="why" lang="en">English in the original</small>' in page
    )
    assert f'<span lang="en">{english}</span>' in page
    left = parse("Le maire ne viendra pas demain.")
    block = TranslatedBlock(left.blocks[0], left.blocks[0].text, (Segment(left.blocks[0].text, left.blocks[0].text),))
    page = render(Translation(left, (block,)), "html")
    assert 'lang="fr">Le maire ne viendra pas demain. <small class="why" lang="en">left in French</small>' in page


def test_text_keeps_lists_quotations_addresses_and_rules() -> None:
    page = page_of(
        "Titre\n=====\n\n- un mot ;\n- deux mots.\n\n> Une citation.\n\nhttps://example.org/a?b&c\n\n***\n\n°°°\n"
    )
    assert page.count("<li>") == 4
    assert '<span class="marker">-</span>' in page
    assert "<blockquote><p>⟦Une citation.⟧.</p></blockquote>" in page
    assert '<a href="https://example.org/a?b&amp;c" rel="noopener noreferrer">https://example.org/a?b&amp;c</a>' in page
    assert page.count("<hr>") == 1  # not the underline of the title
    assert '<p class="verbatim">°°°</p>' in page


MARKDOWN = """\
---
title: "Un titre de <journal>"
date: 2024
---

# Le *grand* titre

Un [lien](https://a.org/?x=1&y "t"), un [mauvais](javascript:alert(1)), un [relatif](../b.md), `du <code>` et [note][r].
Note[^n] et <b>gras</b>, un ![dessin <i>](x.png) et <https://c.org>.

> Cité.
>
> - **Tout gras. En deux.**
> - [x] fait

1. un
   1. a

| Nom | Prix |
|:--|--:|
| *Pain* | 12,5 |

```py
x = "<script>"
```

<div onclick="x">brut</div>

[^n]: Une note <b>.

[r]: mailto:a@b.org
"""


def test_markdown_is_what_it_is() -> None:
    page = page_of(MARKDOWN, "markdown")
    seen = Seen(page)
    assert not seen.open
    tags = [tag for tag, _ in seen.elements]
    assert not {"script", "img", "b", "i", "div onclick"} & set(tags) - {"b"}
    assert page.count("<h1>") == 1
    assert "<em>" in page.split("<h1>")[1].split("</h1>")[0]
    for tag, least in {"table": 2, "blockquote": 2, "ol": 4, "pre": 3, "strong": 2}.items():
        assert tags.count(tag) >= least, tag
    assert '<th style="text-align:right">' in page
    assert 'aria-label="done">☑' in page
    assert "&lt;div onclick=&#34;x&#34;&gt;brut&lt;/div&gt;" in page
    assert "x = &#34;&lt;script&gt;&#34;" in page
    assert "title: &#34;⟦Un titre de &lt;journal&gt;⟧&#34;" in page
    assert "dessin" in seen.text


def test_links_of_markdown_lead_to_the_web_and_to_mail_only() -> None:
    seen = Seen(render(made(parse(MARKDOWN, format="markdown")), "html"))
    links = [attributes for tag, attributes in seen.elements if tag == "a"]
    outside = [a for a in links if not (a["href"] or "").startswith("#")]
    assert {a["href"] for a in outside} == {"https://a.org/?x=1&y", "mailto:a@b.org", "https://c.org"}
    assert {a.get("rel") for a in outside} == {"noopener noreferrer"}
    assert {"javascript:alert(1)", "../b.md", "x.png"} <= set(seen.values("title"))
    assert "#fn-1" in seen.values("href")
    assert "fn-1" in seen.values("id")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un **mot gras** ici.", '<mark class="key" id="s0-0">EN Un <strong>mot gras</strong> ici.</mark>'),
        ("_Mot_ ici.", '<mark class="key" id="s0-0">EN <em>Mot</em> ici.</mark>'),
        (
            "Un **mot. Deux** mots.",
            '<mark class="key" id="s0-0">EN Un </mark><strong><mark class="key">mot.</mark> EN Deux</strong> mots.',
        ),
        ("`Un. Deux` mots.", "<mark"),
    ],
)
def test_formatting_within_and_beyond_a_sentence(text: str, expected: str) -> None:
    document = parse(text, format="markdown")
    translation = made(document)
    first = translation.blocks[0].segments[0]
    key = KeySentence(first.source, first.target, 0, 1, 0, 1.0)
    page = render(replace(translation, summary=(key,)), "html")
    assert expected in page
    assert not Seen(page).open


@pytest.mark.parametrize("format_", ["text", "markdown"])
def test_a_hostile_article_stays_text(format_: str) -> None:
    body = f"{EVIL}\n\n# {EVIL}\n\n- {EVIL}\n\n> {EVIL}\n\n| {EVIL.replace('|', '')} | b |\n|--|--|\n| {EVIL} | c |\n"
    document = parse(body, format=format_)
    document = replace(document, meta=replace(document.meta, source=EVIL, sha256=EVIL))
    first = made(document)
    keys = tuple(KeySentence(EVIL, EVIL, n, n + 1, 0, 1.0, (Flag(EVIL, EVIL),)) for n in (0, 2))
    doubts = {n: (Flag(EVIL, EVIL),) for n in range(len(first.segments))}
    record = {"engine": {"model": EVIL, "versions": {EVIL: EVIL}}, EVIL: EVIL, "settings": {EVIL: EVIL}}
    page = render(made(document, doubts, summary=keys, notes=(EVIL,), made=record), "html")
    seen = Seen(page)
    assert not {"script", "img", "iframe", "object", "form", "base", "link"} & {tag for tag, _ in seen.elements}
    assert not [n for _, attributes in seen.elements for n in attributes if n.startswith("on")]
    assert {v for v in seen.values("href") if not v.startswith("#")} == set()
    assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef]", page)
    assert "⟨U+202E⟩" in page
    assert "⟨U+0000⟩" in page
    assert "{{ 7 * 7 }}" in page
    page.encode("utf-8")


def test_a_page_asks_for_nothing_and_runs_nothing(article: Translation) -> None:
    page = render(article, "html")
    assert {a.get("content") for t, a in Seen(page).elements if a.get("http-equiv")} == {CSP}
    assert not re.search(r"@import|url\(|<script|<link|srcset|src=", page)


def test_a_page_is_the_same_every_time(article: Translation) -> None:
    assert render(article, "html") == render(article.timed({"load": 1.0}), "html")


def test_the_footer_says_how_it_was_made(article: Translation) -> None:
    footer = Seen(render(article, "html")).within("footer")
    for text in (article.document.meta.sha256, "Modelfake", "0" * 64, "engine fake", "beam 4", "fr2en"):
        assert text in footer


@pytest.mark.parametrize(("lang", "english", "french"), [("en", 1, 0), ("fr", 0, 1), ("both", 1, 1)])
def test_a_summary_is_a_page_too(lang: str, english: int, french: int) -> None:
    document = parse("# Titre\n\nLe **maire** de la ville a parlé de la note[^1].\n\n[^1]: Oui.\n", format="markdown")
    engine = FakeEngine(
        {"Le maire de la ville a parlé de la note": "The mayor spoke"}, default=lambda text: f"EN {text}"
    )
    page = summary_output(summarise_document(document, engine, Settings(retry=False), count=1), "html", lang)
    seen = Seen(page)
    assert (seen.within("ol").count("EN "), seen.within("ol").count("maire")) == (english, english + french)
    assert "**" not in page.split("</style>")[1]
    assert "¶2" in seen.text
    assert not seen.open


def test_the_command_writes_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, page = tmp_path / "a.txt", tmp_path / "a.html"
    source.write_bytes("Le maire a inauguré le pont.\r\n".encode("cp1252"))
    assert main(["translate", str(source), "-o", str(page), "-q"]) == 0
    text = page.read_bytes().decode("utf-8")
    assert text.startswith("<!doctype html>\n")
    assert "inauguré le pont" in text
    assert main(["summarise", str(source), "--lang", "fr", "--to", "html"]) == 0
    assert "<!doctype html>" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["[" * 30_000, "*a_" * 10_000, "> " * 500 + "mot", "`" * 20_000, "![" * 10_000])
def test_pathological_markdown_comes_to_an_end(text: str) -> None:
    document = parse(text, format="markdown")
    page = render(made(document), "html")
    assert not Seen(page).open


# A real browser


def chromium(*options: str, profile: Path) -> str:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium: pages are tested in a real one (apt-get install chromium)")
        pytest.skip("no Chromium on this machine")
    fixed = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync --hide-scrollbars"
    )
    command = [program, *fixed.split(), f"--user-data-dir={profile}", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


PROBE = """<script>addEventListener('load', () => {
  const box = name => document.querySelector(name).getBoundingClientRect(), data = document.documentElement.dataset;
  data.overflow = document.documentElement.scrollWidth - innerWidth;
  data.beside = box('.body-row .fr').left >= box('.body-row .en').right;
  data.below = box('.body-row .fr').top >= box('.body-row .en').bottom;
  data.line = getComputedStyle(document.querySelector('.doubt')).textDecorationStyle;
})</script></body>"""


@pytest.mark.parametrize(("width", "beside"), [(1280, True), (500, False)])
def test_a_browser_lays_it_out(tmp_path: Path, article: Translation, width: int, beside: bool) -> None:
    page = re.sub(r"<meta http-equiv[^>]*>", "", render(article, "html"))
    page = page.replace('class="row text"', 'class="row text body-row"').replace("</body>", PROBE)
    path, picture = tmp_path / "article.html", tmp_path / "article.png"
    path.write_text(page, "utf-8")
    size = f"--window-size={width},900"
    dom = chromium(size, "--dump-dom", path.as_uri(), profile=tmp_path / "profile")
    found = dict(re.findall(r'data-(\w+)="([^"]*)"', dom.split(">", 2)[1]))
    assert int(found["overflow"]) <= 0
    assert (found["beside"], found["below"]) == (str(beside).lower(), str(not beside).lower())
    assert found["line"] == "wavy"
    chromium(size, f"--screenshot={picture}", path.as_uri(), profile=tmp_path / "profile")
    assert struct.unpack(">II", picture.read_bytes()[16:24]) == (width, 900)


def test_a_browser_runs_nothing_of_a_hostile_article(tmp_path: Path) -> None:
    path = tmp_path / "evil.html"
    text = f"{EVIL}\n\n[a](javascript:document.title='broken')\n\n<script>document.title='broken'</script>\n"
    path.write_text(page_of(text, "markdown"), "utf-8")
    dom = chromium("--dump-dom", path.as_uri(), profile=tmp_path / "profile")
    assert "<title>broken" not in dom
    assert "<script" not in dom
    assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', dom))
