"""What is not sent to a model: by which rule it is English already, or becomes English."""

from __future__ import annotations

import re

from translate.checks.terms import as_asked, asked_line
from translate.language import is_english
from translate.markup.masking import Masked
from translate.sentences.french.protect import FOREIGN, is_symbols, protect
from translate.sentences.plans import Source
from translate.sentences.rules.bylines import english_byline
from translate.sentences.rules.datelines import english_dateline
from translate.sentences.rules.publication import english_publication
from translate.sentences.rules.rubrics import english_rubric
from translate.settings import Settings
from translate.typography import english

#: A run of characters longer than any word (the longest French ones in use have 25 letters) is data, not language.
LONGEST_WORD = 200

_OTHER_SCRIPT = re.compile(FOREIGN)


def why_passed(source: Source, settings: Settings) -> str:
    """Return why a sentence needs no translation, or nothing."""
    if asked_line(source.text, settings.glossary):
        return "glossary"
    if english_dateline(source.text):
        return "dateline"
    if english_rubric(source.text):
        return "rubric"
    if english_byline(source.text):
        return "byline"
    if english_publication(source.text):
        return "publication"
    if any(len(word) > LONGEST_WORD for word in _words(source)):
        return "no words"
    if is_symbols(source.text) or not protect(source.text, markup=source.markup).translatable:
        return "script" if _OTHER_SCRIPT.search(source.text) else "symbols"
    return "english" if is_english(source.text) else ""


def _words(source: Source) -> list[str]:
    """Return what stands between white space, without what is taken out before the model sees it."""
    if source.markup:
        return Masked.of(source.text).text.split()
    return [word for word in source.text.split() if "://" not in word[:LONGEST_WORD]]


def by_rule(text: str, passed: str, settings: Settings) -> str:
    """Return the English of what no model is asked for."""
    if passed == "glossary":
        line = english(asked_line(text, settings.glossary) or text, text, quotes=settings.quotes)
        return as_asked(line, text, settings.glossary, capitals=False)
    if passed in ("dateline", "rubric", "byline", "publication"):
        rules = (english_dateline, english_rubric, english_byline, english_publication)
        return next((said for rule in rules if (said := rule(text))), text)
    return english(text, text, quotes=settings.quotes) if passed == "symbols" else text
