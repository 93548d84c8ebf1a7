"""Inline Markdown: found to the character, and put where it belongs in the translation."""

from __future__ import annotations

import re

import pytest

from translate.document import Link
from translate.markup.marks import find_marks
from translate.markup.references import in_full, labels
from translate.sentences.french.placement import Span, place
from translate.sentences.french.protect import protect, restore


def shown(raw: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Return the plain text of ``raw`` and its spans as (opening, text, closing)."""
    protected = protect(raw, markup=True)
    spans = [(s.opening, protected.plain[s.start : s.end], s.closing) for s in protected.spans]
    return protected.plain, spans


PARSED = [
    ("Un **mot** fort.", "Un mot fort.", [("**", "mot", "**")]),
    ("Un *mot* et _un autre_.", "Un mot et un autre.", [("*", "mot", "*"), ("_", "un autre", "_")]),
    ("***Très*** fort", "Très fort", [("*", "Très", "*"), ("**", "Très", "**")]),
    ("**un *deux* trois**", "un deux trois", [("**", "un deux trois", "**"), ("*", "deux", "*")]),
    ("~~faux~~ vrai", "faux vrai", [("~~", "faux", "~~")]),
    ("re**con**struire", "reconstruire", [("**", "con", "**")]),
    ("[un lien](http://x.fr/a_b)", "un lien", [("[", "un lien", "](http://x.fr/a_b)")]),
    (
        '[un *lien*](<a b> "le titre")',
        "un lien",
        [("[", "un lien", '](<a b> "le titre")'), ("*", "lien", "*")],
    ),
    ("[texte][ref] ou [ref][]", "texte ou ref", [("[", "texte", "][ref]"), ("[", "ref", "][]")]),
    ("![une photo](p.png)", "une photo", [("![", "une photo", "](p.png)")]),
    ("[![photo](p.png)](u)", "photo", [("[", "photo", "](u)"), ("![", "photo", "](p.png)")]),
    ("mot[^1] suite", "mot suite", [("[^1]", "", "")]),
    ("un <b>mot</b> <br> fin", "un mot  fin", [("<b>", "mot", "</b>"), ("<br>", "", "")]),
    ("un [mot] entre crochets", "un [mot] entre crochets", []),
    ("5 * 3 = 15 et 3*4", "5 * 3 = 15 et 3*4", []),
    ("prix* hors taxes", "prix hors taxes", [("*", "", "")]),
    ("**Une phrase.", "Une phrase.", [("**", "", "")]),
    ("Deux phrases.**", "Deux phrases.", [("**", "", "")]),
    ("***Une phrase.", "Une phrase.", [("***", "", "")]),
    ("[Une phrase.", "Une phrase.", [("[", "", "")]),
    ("Deux](http://x.fr) fin.", "Deux fin.", [("](http://x.fr)", "", "")]),
    ("<em>Une phrase.", "Une phrase.", [("<em>", "", "")]),
    ("*<b>a*</b>", "a", [("*", "a", "*"), ("<b>", "", ""), ("</b>", "", "")]),
    (r"5 \* 3", "5 * 3", []),
    ("R&amp;D", "R&D", []),
    ("un\\\ndeux", "un deux", [("\\\n", "", "")]),
    ("un  \ndeux", "un deux", [("  \n", "", "")]),
]


@pytest.mark.parametrize(("raw", "plain", "spans"), PARSED)
def test_markup_is_taken_apart(raw: str, plain: str, spans: list[tuple[str, str, str]]) -> None:
    assert shown(raw) == (plain, spans)


def test_code_spans_and_autolinks_are_atoms() -> None:
    raw = "`a *b* c` et <https://x.fr/_a_> et ``d ` e``"
    atoms = [raw[a:b] for a, b in find_marks(raw, (), ()).atoms]
    assert atoms == ["`a *b* c`", "<https://x.fr/_a_>", "``d ` e``"]


def linked(source: str, target: str, words: str) -> tuple[Link, ...]:
    """Link words by ``ours=theirs`` pairs; each must stand once on its side."""
    found = []
    for pair in words.split():
        ours, theirs = pair.split("=")
        assert source.count(ours) == target.count(theirs) == 1
        a, b = source.index(ours), target.index(theirs)
        found.append(Link(a, a + len(ours), b, b + len(theirs)))
    return tuple(found)


# Markdown, translation of its plain text, word links, expected
RESTORED = [
    (
        "Un chat **noir** dort.",
        "A black cat sleeps.",
        "chat=cat noir=black dort=sleeps",
        "A **black** cat sleeps.",
    ),
    (
        "Le *Conseil européen* a voté.",
        "The European Council voted.",
        "Conseil=Council européen=European voté=voted",
        "The *European Council* voted.",
    ),
    (
        "Voir [notre grande enquête](http://x.fr/e_(1)) ici.",
        "See our big investigation here.",
        "Voir=See notre=our enquête=investigation ici=here",
        "See [our big investigation](http://x.fr/e_(1)) here.",
    ),
    ("**Titre de l'article.**", "Title of the article.", "", "**Title of the article.**"),
    ("**Titre**.", "Title.", "", "**Title**."),
    ("**« Oui », dit-il.**", "“Yes”, he said.", "", "**“Yes”, he said.**"),
    ("Il dit « **oui** ».", "He says “yes”.", "dit=says oui=yes", "He says “**yes**”."),
    ("Il dit **« oui »**.", "He says “yes”.", "dit=says oui=yes", "He says **“yes”**."),
    (
        "**Attention :** le sol est *mouillé*.",
        "Warning: the floor is wet.",
        "Attention=Warning sol=floor mouillé=wet",
        "**Warning:** the floor is *wet*.",
    ),
    (
        "Le **maire de [Lyon](l)** part.",
        "The mayor of Lyon leaves.",
        "maire=mayor part=leaves",
        "The **mayor of [Lyon](l)** leaves.",
    ),
    (
        "Selon l'Insee[^1], tout baisse.",
        "According to Insee, everything falls.",
        "tout=everything baisse=falls",
        "According to Insee[^1], everything falls.",
    ),
    ("Tout baisse.[^1]", "Everything falls.", "", "Everything falls.[^1]"),
    ("Tout baisse[^1].", "Everything falls.", "", "Everything falls[^1]."),
    ("**Une phrase longue.", "A long sentence.", "", "**A long sentence."),
    ("Deux phrases longues.**", "Two long sentences.", "", "Two long sentences.**"),
    ("Fin du lien](http://x.fr).", "End of the link.", "lien=link", "End of the link](http://x.fr)."),
    (r"Le prix \* est fixe.", "The price * is fixed.", "", r"The price \* is fixed."),
    ("Le R&amp;D baisse.", "R&D falls.", "", "R&amp;D falls."),
    ("Un vers,  \nun autre.", "A verse, another.", "un=another", "A verse,  \nanother."),
    ("🔴 Le direct 🔴", "The live feed", "", "🔴 The live feed 🔴"),
    ("Un → deux", "One two", "Un=One deux=two", "One → two"),
    ("[*Le Monde*](u) et **`ls`**", "Le Monde and Z1", "", "[*Le Monde*](u) and **`ls`**"),
    ("![Un chat](c.png) noir", "A black cat", "chat=cat noir=black", "A black ![cat](c.png)"),
    ("Des [mots](u)", "", "", "[](u)"),
]


@pytest.mark.parametrize(("raw", "target", "words", "expected"), RESTORED)
def test_markup_goes_where_the_words_went(raw: str, target: str, words: str, expected: str) -> None:
    protected = protect(raw, markup=True)
    assert restore(protected, target, linked(protected.plain, target, words)) == expected


def test_a_stray_link_does_not_stretch_a_span() -> None:
    source, target = "un chat noir dort sur le lit", "a black cat sleeps on the bed"
    links = linked(source, target, "chat=cat noir=black dort=sleeps lit=bed sur=on")
    stray = Link(source.index("noir"), source.index("noir") + 4, target.index("the"), target.index("the") + 3)
    span = Span(source.index("noir"), source.index("noir") + 4, "**", "**")
    assert place([span], source, target, (*links, stray)) == ((2, 7),)


def test_without_links_names_then_position_decide() -> None:
    name = protect("Hier, *Emmanuel Macron* a parlé à la presse.", markup=True)
    assert restore(name, "Emmanuel Macron spoke to the press yesterday.", ()) == (
        "*Emmanuel Macron* spoke to the press yesterday."
    )
    place_only = protect("Un deux trois **quatre** cinq.", markup=True)
    assert restore(place_only, "One two three four five.", ()) == "One two three **four** five."


def test_siblings_never_share_a_word() -> None:
    protected = protect("*un* **deux** trois", markup=True)
    links = (Link(0, 2, 0, 3), Link(3, 7, 0, 3))
    restored = restore(protected, "one two", links)
    assert restored == "*one* **two**"


def test_many_marks_in_one_sentence_are_placed_without_comparing_all_with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    from translate.sentences.french import placement

    scored = []
    score = placement._Layout.score
    monkeypatch.setattr(placement._Layout, "score", lambda *given: scored.append(1) or score(*given))
    raw = "*mot " * 400
    protected = protect(raw, markup=True)
    target = protected.plain.replace("mot", "word")
    links = tuple(Link(m.start(), m.end(), n.start(), n.end()) for m, n in zip(
        re.finditer("mot", protected.plain), re.finditer("word", target), strict=True
    ))  # fmt: skip
    assert restore(protected, target, links) == raw.replace("mot", "word")
    assert len(scored) < 10 * 400


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("La [ministre] part.", "La [ministre][ministre] part."),
        (
            "Le [Conseil d'État][] et *la [ministre]*.",
            "Le [Conseil d'État][Conseil d'État] et *la [ministre][ministre]*.",
        ),
        ("Une ![ministre] et ![ministre][].", "Une ![ministre][ministre] et ![ministre][ministre]."),
        ("Un [lien](a), un [autre][1], un [mot] et [ ].", "Un [lien](a), un [autre][1], un [mot] et [ ]."),
        ("`[ministre]`, \\[ministre], [ministre](a), [elle][ministre]", None),
    ],
)
def test_a_link_known_by_its_text_is_written_in_full(raw: str, expected: str | None) -> None:
    known = labels(raw, {"MINISTRE", "CONSEIL D'ÉTAT", "1"})
    assert in_full(raw, known) == (expected or raw)
