"""What a model lost is held for it."""

from __future__ import annotations

import pytest

from translate.checks import check
from translate.document import Flag
from translate.sentences.french.holding import holds
from translate.sentences.french.protect import protect, restore


@pytest.mark.parametrize(
    ("text", "detail", "held", "shown"),
    [
        ("La base de Deir ez-Zor en Syrie", "Zor is missing", "Deir ez-Zor", "Deir ez-Zor"),
        ("la base d'al-Tanf", "Tanf is missing", "al-Tanf", "al-Tanf"),
        ("L'adjointe du Pentagone, Sabrina Singh, a reconnu", "Singh is missing", "Sabrina Singh", "Sabrina Singh"),
        ("Le correspondant d'Al Mayadeen a dit", "Mayadeen is missing", "Al Mayadeen", "Al Mayadeen"),
        ("Selon Conoco, rien", "Conoco is missing", "Conoco", "Conoco"),
        ("attaquées 66 fois depuis", "66 is missing", "66", "66"),
        ("soit 32 en Irak", "32 -> 4", "32", "32"),
        ("avec 1 200 hommes", "1 200 is missing", "1 200", "1,200"),
        ("avec 1\u202f200 hommes", "1 200 is missing", "1\u202f200", "1,200"),
        ("le 14 décembre", "décembre -> October", "décembre", "December"),
        ("dans la nuit de mercredi", "mercredi is missing", "mercredi", "Wednesday"),
        ("en Syrie et en Irak", "Syrie is missing", "Syrie", "Syria"),
        ("avec l'Arabie saoudite", "Arabie is missing", "Arabie saoudite", "Saudi Arabia"),
        ("à Bagdad mardi", "Bagdad is missing", "Bagdad", "Baghdad"),
    ],
)
def test_what_is_held(text: str, detail: str, held: str, shown: str) -> None:
    check_name = "names" if detail[0].isupper() else "numbers"
    (hold,) = holds(text, [Flag(check_name, detail)])
    assert (text[hold.start : hold.end], hold.shown) == (held, shown)


@pytest.mark.parametrize(
    "flag",
    [
        Flag("names", "Américains is missing"),  # English spells it otherwise, and no table says how
        Flag("numbers", "12 is not in the source"),
        Flag("numbers", "deux is missing"),
        Flag("loop", "the 6 times in a row"),
        Flag("names", "Nowhere is missing"),
    ],
)
def test_what_is_left_to_the_model(flag: Flag) -> None:
    assert holds("Les Américains comptent deux camps, dit-il", [flag]) == ()


def test_the_checks_word_their_doubts_as_holding_reads_them() -> None:
    source = "Le 14 mars, Hashem al-Kindi a compté 66 attaques."
    flags = check(source, "In June, he counted 62 attacks.")
    held = {source[h.start : h.end] for h in holds(source, flags)}
    assert held == {"14", "mars", "Hashem al-Kindi", "66"}


def test_held_words_come_back_in_english() -> None:
    source = "Le 14 décembre, 1 200 hommes."
    held = holds(source, [Flag("numbers", "décembre is missing"), Flag("numbers", "1 200 is missing")])
    protected = protect(source, markup=False, held=held)
    first, second = (holder.placeholder for holder in protected.holders)
    assert protected.plain == f"Le 14 {first}, {second} hommes."
    assert restore(protected, f"On 14 {first}, {second} men.", ()) == "On 14 December, 1,200 men."
