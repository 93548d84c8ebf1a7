"""Texts that nobody should write and somebody pastes: none crashes, hangs, or loses a character of its layout."""

from __future__ import annotations

import pytest
from fakes import FakeEngine

from translate.pipeline import translate_document
from translate.read import parse
from translate.settings import Settings
from translate.write import WRITERS, render

BODY = "Le ministre a annoncé mardi trois mesures à Paris. Il a quitté la salle."
MANY = 2000

#: Each would take minutes, or overflow the stack, where a step is quadratic or recursive.
TEXTS = {
    "nested list": "".join("  " * depth + f"- Élément {depth} du ministre\n" for depth in range(120)),
    "nested quotes": "".join(">" * depth + f" Citation {depth} du ministre\n\n" for depth in range(1, 120)),
    "quote marks": "> " * MANY + BODY,
    "brackets": "[" * MANY + BODY + "]" * MANY,
    "parentheses": "(" * MANY + BODY + ")" * MANY,
    "guillemets": "« " * MANY + BODY + " »" * MANY,
    "open emphasis": "*a **b " * MANY + BODY,
    "backticks": "`" * MANY + " mot " + "`" * (MANY + 1),
    "underscores": "_" * MANY + "mot" + "_" * MANY,
    "angles": "<" * MANY + "a" + ">" * MANY,
    "ampersands": "&" * MANY + "eacute;" * MANY,
    "stops": "Fin" + "." * 10 * MANY + " ! ? ; :" * MANY,
    "dashes": "-" * 5 * MANY + "\n" + "— " * MANY,
    "spaces": "Le " + " " * 20 * MANY + "ministre." + " " * 20 * MANY + "\n" * MANY,
    "figures": "Le code est " + "123 456 " * MANY + "et il finit.",
    "one figure": "Le code est " + "9" * 3 * MANY + " et il finit.",
    "decimals": "Le code est " + "1,2" * MANY + " et il finit.",
    "numerals": "Louis " + "X" * MANY + " est mort.",
    "address": "Voir http://" + "a." * MANY + "fr, écrire à " + "a" * MANY + "@" + "b" * MANY + ".fr.",
    "handles": "@" * MANY + "a " + "a@b" * MANY + "#" * MANY + "mot",
    "paths": "/a" * MANY + " mot " + "a/" * MANY,
    "accents": "e" + "\u0301" * MANY + " mot du ministre.",
    "emoji": "🙂" * MANY + " mot du ministre.",
    "capitals": "LE MINISTRE A ANNONCÉ " * 500,
    "no stop": "le ministre, " * MANY + "fin.",
    "another script": "قال الوزير يوم الثلاثاء. " * 300,
    "placeholders": "Z1 X1 F1 A1 K1 V1 T1 @a @b #mot http://a.fr Le ministre.",
    "private use": "Le \U000f0000 ministre \U000f0001 a `x` parlé http://a.fr.",
    "bars": "|a|b|\n|-|-|\n" + "|" * MANY + "\n",
    "tabs": "Airbus\t152,30 €\t+1,25 %\n" * 200,
    "table": "|" + " Colonne |" * 40 + "\n|" + "---|" * 40 + "\n" + ("|" + " cellule |" * 40 + "\n") * 25,
    "line ends": f"Titre\r\r{BODY}\r\n{BODY}\n\r{BODY}\u2028{BODY}\u2029{BODY}\f{BODY}\x0b{BODY}\x85{BODY}\x1c",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize("name", TEXTS)
def test_hostile_text(name: str, form: str) -> None:
    text = TEXTS[name]
    document = parse(text, format=form)
    assert document.render() == text
    translation = translate_document(document, FakeEngine(default=str), Settings(retry=False))
    assert len(translation.blocks) == len(document.blocks)
    for block in translation.blocks:
        assert bool(block.text.strip()) == bool(block.source.text.strip())
    for writer in WRITERS:
        assert render(translation, writer)


def test_words_with_hidden_characters_reach_the_checks_whole() -> None:
    source = "Le gouver\u00adnement de Fran\u200bçois a dit non."
    engine = FakeEngine({source: "The government of François said no."})
    (segment,) = translate_document(parse(source), engine, Settings()).segments
    assert segment.target == "The government of François said no."
    assert not segment.flags


def test_columns_keep_their_tabs() -> None:
    translation = translate_document(parse("Airbus\t152,30 €\t+1,25 %\n"), FakeEngine(default=str), Settings())
    assert translation.text == "Airbus\t€152.30\t+1.25%\n"


def test_a_text_in_another_script_is_left_as_it_is() -> None:
    text = "قال الوزير يوم الثلاثاء إن القانون سيتغير.\n\n部长周二在巴黎宣布了三项措施。\n"
    engine = FakeEngine()
    translation = translate_document(parse(text), engine, Settings())
    assert translation.text == text
    assert {segment.passed for segment in translation.segments} == {"script"}
    assert "2 sentences in another script were left as they are" in translation.notes
    assert not engine.sent
