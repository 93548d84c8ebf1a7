"""What must not be translated is kept to the letter, whatever the model does."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate.document import Link
from translate.sentences.french.protect import Protected, is_symbols, pieces, protect, restore

KEPT = [
    ("Voir https://www.lemonde.fr/a_b/c(d)?e=1&f=2#g.", ["https://www.lemonde.fr/a_b/c(d)?e=1&f=2#g"]),
    ("(voir http://x.fr/a)", ["http://x.fr/a"]),
    ("Sur www.20minutes.fr, tout.", ["www.20minutes.fr"]),
    ("Sur lemonde.fr/idees et mediapart.fr.", ["lemonde.fr/idees", "mediapart.fr"]),
    ("Écrivez à jean.dupont@afp.com !", ["jean.dupont@afp.com"]),
    ("Selon @EmmanuelMacron, non.", ["@EmmanuelMacron"]),
    ("Le #MeToo et #JO2024, mais #1 non.", ["#MeToo", "#JO2024"]),
    ("Ouvrez /etc/hosts ou ~/notes.txt.", ["/etc/hosts", "~/notes.txt"]),
    (r"Dans C:\Users\moi\doc.txt il y a tout.", [r"C:\Users\moi\doc.txt"]),
    ("Le fichier rapport-2024.pdf et src/main.py.", ["rapport-2024.pdf", "src/main.py"]),
    ("La variable nom_de_famille et f() ici.", ["nom_de_famille", "f()"]),
    ("La résolution A/RES/63/120 et CVE-2024-1234.", ["A/RES/63/120", "CVE-2024-1234"]),
    ("Ouvert 24h/24 et 7j/7, 24H/24, à 90 km/h.", []),
    ("Le 12/03/2024, 1 200 et/ou 3,5 %, J.-C., 17 h 30.", []),
    ("M. Dupont, de l'U.R.S.S., est venu. Il part.", []),
    ("Les lecteur·rice·s du Covid-19 en 2020-2021.", []),
    ("Le PSG/OM et l'A320, le G20.", []),
    ("Au 01 23 45 67 89, ou au +33 (0)1 44 55 66 77.", ["01 23 45 67 89", "+33 (0)1 44 55 66 77"]),
    ("IBAN : FR76 3000 6000 0112 3456 7890 189, BIC.", ["FR76 3000 6000 0112 3456 7890 189"]),
    ("Les JO 2020 2024 et 2028, 200 000 morts, 01 02 2024.", []),
    ("Le mot كتاب, « livre », et 部长 周二 aussi.", ["كتاب", "部长 周二"]),
    ("Le relais 4 × 100 m, 5 < 10.", ["4 × 100", "5 < 10"]),
]


@pytest.mark.parametrize(("text", "kept"), KEPT)
@pytest.mark.parametrize("markup", [True, False])
def test_what_is_kept(text: str, kept: list[str], markup: bool) -> None:
    assert [holder.original for holder in protect(text, markup=markup).holders] == kept


@pytest.mark.parametrize(
    "text", ["قال الوزير يوم 3 إن القانون سيتغير.", "部长周二在巴黎宣布了三项措施。", "Министр !", "α β"]
)
def test_a_sentence_in_another_script_is_not_translated(text: str) -> None:
    assert not protect(text, markup=False).translatable


def test_tags_in_plain_text_are_lifted_out() -> None:
    text = "Le <b>ministre</b> a <a href='http://x.fr/a'>parlé</a>.<br/>"
    protected = protect(text, markup=False)
    assert protected.plain == "Le ministre a parlé."
    assert restore(protected, protected.plain, ()) == text
    assert not protect("<div class='a'>", markup=False).translatable
    assert protect("Le jeu <vidéo> de 5 <br", markup=False).plain == "Le jeu <vidéo> de 5 <br"


def test_signs_before_a_word_are_lifted_out() -> None:
    assert protect("Il a obtenu ~ 80 % des voix.", markup=False).plain == "Il a obtenu  80 % des voix."


def test_placeholders_are_put_back() -> None:
    protected = protect("Tapez `rm -r` sur https://x.fr/a.", markup=True)
    assert protected.plain == "Tapez Z1 sur Z2."
    assert restore(protected, "On Z2, type Z1.", ()) == "On https://x.fr/a, type `rm -r`."


def test_a_placeholder_written_small_is_found() -> None:
    assert restore(protect("Voir #MeToo ici", markup=False), "see z1 here", ()) == "see #MeToo here"


@pytest.mark.parametrize("target", ["Type this.", "Type Z1 and Z1.", "Type Z12.", "Type Z1 on Z2.", "Type aZ1."])
def test_a_placeholder_lost_doubled_or_invented_is_refused(target: str) -> None:
    assert restore(protect("Tapez `rm -r`.", markup=True), target, ()) is None


def test_placeholders_never_collide_with_the_text() -> None:
    protected = protect("La Z1 et le z2 sur @moi", markup=False)
    assert [holder.placeholder for holder in protected.holders] == ["Z3"]
    many = protect(" ".join(f"@moi{i}" for i in range(80)), markup=False)
    assert len({holder.placeholder for holder in many.holders}) == 80


def test_many_placeholders_survive_the_identity() -> None:
    text = " ".join(f"@moi{i}," for i in range(80))
    assert restore(protect(text, markup=False), protect(text, markup=False).plain, ()) == text


def translated(parts: tuple[Protected | str, ...]) -> str:
    done = [part if isinstance(part, str) else restore(part, part.plain.upper(), ()) for part in parts]
    assert None not in done
    return "".join(part for part in done if part is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tapez `rm -r` sur @moi.", "TAPEZ `rm -r` SUR @moi."),
        ("**Tapez `rm` ici** vite", "**TAPEZ `rm` ICI** VITE"),
        ("[voir `x` ici](http://x.fr/a)", "[VOIR `x` ICI](http://x.fr/a)"),
        ("**`x`**", "**`x`**"),
        ("@moi", "@moi"),
        ("Un  @moi  deux", "UN  @moi  DEUX"),
    ],
)
def test_pieces_keep_what_the_model_does_not(text: str, expected: str) -> None:
    assert translated(pieces(protect(text, markup=True))) == expected


@pytest.mark.parametrize("text", ["", " ", "-", "***", "12/03/2024", "€", "→", "1 200", "3,5 %", "🔴", "…", "« »"])
def test_symbols_are_symbols(text: str) -> None:
    assert is_symbols(text)


@pytest.mark.parametrize("text", ["a", "17 h 30", "5 km", "1er", "É", "- oui", "日本"])
def test_text_is_not_symbols(text: str) -> None:
    assert not is_symbols(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://x.fr", False),
        ("**`x`** – #a", False),
        ("[12](u)", False),
        ("voir #a", True),
        ("[ici](u)", True),
    ],
)
def test_whether_anything_is_left_to_translate(text: str, expected: bool) -> None:
    assert protect(text, markup=True).translatable is expected


# ---------------------------------------------------------------- properties

_MARKERS = "* ** _ __ ~~ *** ` `` [ ] ](http://x.fr/a_b) ][y] ][] ![ [^1] <b> </b> <i> </i> <br> <!--c-->"
_THINGS = "https://a.fr/b_c* @moi #tag a@b.fr x_y A/63/L.2 🔴 → [1] <http://x.fr> /etc/x lemonde.fr Z1 12"
_PROSE = "mot mot Une phrase l'eau été \\* \\ ( ) < & ~ | « » . , ! &amp; &nbsp;"
_SPACES = (" ", " ", " ", "  ", "\n", "  \n", "\\\n", '](u "t")', "1 200", " ?")
_TOKENS = (*_MARKERS.split(), *_THINGS.split(), *_PROSE.split(), *_SPACES)
_TEXT = st.lists(st.sampled_from(_TOKENS), max_size=12).map("".join)
_POSITION = st.integers(0, 60)
_LINKS = st.lists(st.builds(Link, _POSITION, _POSITION, _POSITION, _POSITION), max_size=8).map(tuple)
_SETTINGS = settings(max_examples=150, deadline=None)


@_SETTINGS
@given(_TEXT, st.booleans())
def test_the_identity_gives_back_the_text(text: str, markup: bool) -> None:
    protected = protect(text, markup=markup)
    links = tuple(Link(i, i + 1, i, i + 1) for i in range(len(protected.plain)))
    assert restore(protected, protected.plain, links) == text
    parts = pieces(protected)
    assert "".join(p if isinstance(p, str) else restore(p, p.plain, ()) or "" for p in parts) == text
    assert all(isinstance(p, str) or not p.holders for p in parts)


@_SETTINGS
@given(_TEXT, _LINKS, st.randoms(use_true_random=False))
def test_no_marker_is_ever_lost(text: str, links: tuple[Link, ...], random: object) -> None:
    protected = protect(text, markup=True)
    words = [*protected.plain.split(), "word"]
    random.shuffle(words)  # type: ignore[attr-defined]
    restored = restore(protected, " ".join(words), links)
    if restored is None:  # placeholders that touched words: the pipeline then translates the pieces
        return
    for marker in {m for span in protected.spans for m in (span.opening.strip(), span.closing) if m}:
        expected = sum((s.opening.strip(), s.closing).count(marker) for s in protected.spans)
        assert restored.count(marker) >= expected
    assert all(holder.original in restored for holder in protected.holders)


@_SETTINGS
@given(_TEXT, st.text(alphabet="ab .,\"“'-", max_size=20), _LINKS)
def test_markup_stays_balanced_and_nested(text: str, target: str, links: tuple[Link, ...]) -> None:
    protected = protect(text, markup=True)
    spans = (
        replace(span, opening=f"<{i}>", closing=f"</{i}>" if span.closing else "")
        for i, span in enumerate(protected.spans)
    )
    restored = restore(replace(protected, holders=(), spans=tuple(spans)), target, links)
    assert restored is not None
    opened: list[str] = []
    for closing, number in re.findall(r"<(/?)(\d+)>", restored):
        if closing:
            assert opened.pop() == number
        elif protected.spans[int(number)].closing:
            parent = protected.spans[int(number)].parent
            assert (opened[-1] if opened else "-1") == str(parent)
            opened.append(number)
    assert not opened
    assert len(re.findall(r"<\d+>", restored)) == len(protected.spans)
