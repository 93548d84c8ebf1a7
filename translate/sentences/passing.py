"""What is not sent to a model: by which rule it is English already, or becomes English."""

from __future__ import annotations

import re

from translate.checks.terms import as_asked, asked_line
from translate.language import is_english
from translate.sentences.french.protect import FOREIGN, is_symbols, protect
from translate.sentences.plans import Source
from translate.sentences.rules.bylines import english_byline
from translate.sentences.rules.datelines import english_dateline
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
    if any(len(word) > LONGEST_WORD and not _holds_address(word, source.markup) for word in source.text.split()):
        return "no words"
    if is_symbols(source.text) or not protect(source.text, markup=source.markup).translatable:
        return "script" if _OTHER_SCRIPT.search(source.text) else "symbols"
    return "english" if is_english(source.text) else ""


def _holds_address(word: str, markup: bool) -> bool:
    """Tell whether a run of characters is long for what is taken out of it before the model sees it."""
    return "://" in word[:LONGEST_WORD] or (markup and any(sign in word for sign in ("](", "<", "`", "://")))


def by_rule(text: str, passed: str, settings: Settings) -> str:
    """Return the English of what no model is asked for."""
    if passed == "glossary":
        line = english(asked_line(text, settings.glossary) or text, text, quotes=settings.quotes)
        return as_asked(line, text, settings.glossary, capitals=False)
    if passed in ("dateline", "rubric", "byline"):
        return english_dateline(text) or english_rubric(text) or english_byline(text) or text
    return english(text, text, quotes=settings.quotes) if passed == "symbols" else text
