"""What can be verified about a translated sentence without a reference.

One module a concept: :mod:`numerals` (with :mod:`french_numbers`, :mod:`english_numbers`, :mod:`durations`,
:mod:`bounds`), :mod:`dates`, :mod:`names` (with :mod:`exonyms`), :mod:`negation`, :mod:`quotes`,
:mod:`lengths`, :mod:`loops`, :mod:`leftovers`, :mod:`terms` (with :mod:`asked`, a reader's own); and :mod:`omissions`,
which needs the alignment besides.
"""

from __future__ import annotations

from translate.checks.leftovers import copied_flags, untranslated_flags
from translate.checks.lengths import length_flags
from translate.checks.loops import loop_flags
from translate.checks.names import name_flags
from translate.checks.negation import DENYING, negation_flags
from translate.checks.nonwords import nonword_flags
from translate.checks.numerals import number_flags
from translate.checks.quotes import quote_flags
from translate.checks.terms import SET_TERMS, Terms, proven_words, term_flags, without_asked, without_proven
from translate.checks.words import plain
from translate.document import Flag

#: What a flag of each check weighs when candidates for one sentence are compared: no text at all is worst,
#: then text that is no translation, then facts changed (numbers, negation), then names, then what readers can
#: see for themselves. A flag outweighs two of the next kind: no number is bought with two names.
WEIGHTS = {
    "empty": 100.0,
    "copied": 40.0,
    "loop": 40.0,
    "numbers": 10.0,
    "negation": 10.0,
    "glossary": 8.0,
    "length": 5.0,
    "untranslated": 5.0,
    "omitted": 5.0,
    "names": 4.0,
    "terms": 4.0,
    "nonword": 3.5,
    "pieced": 3.0,
    "quotes": 1.5,
    "unfamiliar": 1.0,
}

#: The names of the checks, worst first; ``pieced`` is the retry ladder's own, ``omitted`` is found by alignment,
#: ``unfamiliar`` by what the model learnt from.
CHECKS = tuple(WEIGHTS)


def check(source: str, target: str, terms: Terms = SET_TERMS) -> tuple[Flag, ...]:
    """Return a flag for everything doubtful in ``target``, the English of the French ``source``.

    Both are raw text of one sentence, in French or plain typography; ``terms`` are those to look for. No
    flag means that nothing was found, not that the translation is right. Deterministic, free of input and output. A
    target without a letter or digit for a source that has some gets only ``empty``; one that copies the source gets
    only ``copied``.
    """
    if not any(map(str.isalnum, target)):
        return (Flag("empty", "no translation"),) if any(map(str.isalnum, source)) else ()
    french, english = plain(source), plain(target)
    others = without_asked(french, english, terms)
    # What is kept because the reader asks for it is no copy, and its number or negation none of the text's.
    copied = copied_flags(source, target) if others == (french, english) else ()
    if copied:
        return tuple(copied)
    return (
        *loop_flags(french, english),
        *number_flags(*others),
        *_negation_flags(*others, terms),
        *length_flags(french, english),
        *untranslated_flags(*((source, target) if others == (french, english) else others)),
        *name_flags(without_proven(french, english, terms), english),
        *term_flags(french, english, terms),
        *nonword_flags(source, english, proven_words(french, english, terms)),
        *quote_flags(source, target),
    )


def _negation_flags(french: str, english: str, terms: Terms) -> list[Flag]:
    """Return the doubts about denials, but for those that a proven term settles: « n'ignore rien », knows all."""
    flags = negation_flags(french, english)
    return flags if flags and negation_flags(without_proven(french, english, terms, DENYING), english) else []


def severity(flags: tuple[Flag, ...]) -> float:
    """Return how bad ``flags`` are together, 0 for none: the sum of their :data:`WEIGHTS`."""
    return sum(WEIGHTS[flag.check] for flag in flags)
