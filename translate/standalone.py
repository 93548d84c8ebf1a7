"""Tells whether a French sentence can be understood without the one before it; for :mod:`translate.summariser`.

The rules look at how a sentence begins (pronouns, demonstratives, connectives), at who is said to speak, at its
quotation marks, its end and its length. They lean to doubt: a summary has other sentences to choose from.
"""

from __future__ import annotations

import re

#: Words of a sentence that may stand in a summary. Below 8, news sentences are verbless or comments on the one
#: before; above 60, one sentence is the length of two abstracts of OrangeSum (mean 34 words).
SHORTEST, LONGEST = 8, 60

_THIS = r"(?:ce|cet|cette|ces)"
#: « Ce lundi », « cette dernière semaine » point at the calendar, not at the sentence before.
_CALENDAR = (
    rf"{_THIS}(?: [^\W\d_]+)? (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|jour|matin|midi|soir|week-end|"
    r"mois|siècle|été|hiver|automne|printemps|après-midi|année|semaine|nuit|fois|saison|rentrée|fin|début)s?\b"
)
#: « Il y a » and « il faut » have no antecedent.
_IMPERSONAL = r"il (?:y (?:a|avait|aura|aurait|eut)|faut|faudra|fallait|faudrait|suffit)\b"

_SUBJECT = rf"(?!{_IMPERSONAL})(?:il|elle|ils|elles)"

#: Openings that point back, and what they do it with.
_OPENINGS: tuple[tuple[str, str], ...] = (
    ("a pronoun", rf"{_SUBJECT}\b"),
    ("a pronoun", r"(?:celui|celle|ceux|celles)(?:-ci|-là)?\b|(?:ce|ces) derni(?:er|ers)\b|cette dernière\b"),
    (
        "a pronoun",
        r"cela|ceci|ça|c['’](?:est|était|en)|ce (?:sont|n['’]|fut|sera|serait|qui|que|qu['’]|dont)",
    ),
    (
        "a pronoun",
        r"(?:lui|eux|tous|toutes|certains|certaines|d['’]autres|aucun|aucune|chacun|chacune)"
        r"(?:,| [^\W\d_]+(?:ent|a|ont)\b)",
    ),
    ("a pronoun", r"(?:tous|toutes) (?:deux|trois|les deux|les trois)\b|la plupart (?!d)"),
    ("a pronoun", r"(?:l['’]un|l['’]une|l['’]autre|les autres|un autre|une autre)\b"),
    (
        "a pronoun",
        r"(?:le|la|les) (?:premier|première|second|seconde|deux|trois|quatre|même|mêmes)"
        r"(?: (?:hommes|femmes)| [^\W\d_]+ent\b|,)",
    ),
    (
        "a pronoun",
        r"(?:selon|d['’]après|pour|avec|chez|parmi|contre|sans|devant|quant à) "
        r"(?:lui|elle|eux|elles|ce dernier|cette dernière)\b",
    ),
    ("a pronoun", r"tel(?:le)?s? (?:est|sont|était|étaient|a été)\b|(?:le|la|les) (?:sien|mien|nôtre)"),
    # A participle or an infinitive whose subject is a pronoun.
    (
        "a pronoun",
        rf"(?:en )?[^\W\d_]+(?:ant|[éiu]e?s?|[ts]e?s?)\b[^,«»\"]{{0,80}}, {_SUBJECT}\b",
    ),
    (
        "a pronoun",
        r"(?:pour|afin|sans|avant|après|à|âgée?s?|si|quand|lorsqu|comme|selon|en|au|dans|depuis)\b"
        rf"[^,«»\"]{{0,60}}, {_SUBJECT}\b",
    ),
    # « L'an dernier, elle … »: too short for an antecedent.
    ("a pronoun", rf"(?:[^\s,«»\"]+ ){{0,3}}[^\s,«»\"]+, {_SUBJECT}\b"),
    ("a possessive", r"(?:son|sa|ses|leur|leurs)\b"),
    ("a demonstrative", rf"(?!{_CALENDAR}){_THIS} [^\W\d_]"),
    (
        "a demonstrative",
        r"(?:à|de|dans|par|pour|sur|avec|après|avant|depuis|malgré|selon|face à|grâce à|d['’]après|en|lors de|outre) "
        rf"(?!{_CALENDAR})(?:{_THIS}|cela|ceci|son|sa|ses|leur|leurs)\b",
    ),
    (
        "a demonstrative",
        r"une? (?:telle?|décision|mesure|situation|annonce|initiative|déclaration|façon|manière|nouvelle qui)\b(?! d)",
    ),
    (
        "a connective",
        r"(?:mais|et|or|car|donc|ni|puis|soit|bref|oui|non|voilà|voici|là|ici|autant|pire|mieux)\b",
    ),
    ("a connective", r"résultat\b|reste\b|si (?!(?:l['’]on|le|la|l['’]|les|un|une|rien|tout)\b)"),
    (
        "a connective",
        r"(?:ainsi|toutefois|cependant|pourtant|néanmoins|ensuite|enfin|finalement|effectivement)\b",
    ),
    ("a connective", r"(?:également|désormais|seulement|heureusement|malheureusement|surtout|pour autant)\b"),
    (
        "a connective",
        r"(?:du coup|dès lors|en (?:effet|fait|revanche|outre|plus|conséquence)|au (?:contraire|final))\b",
    ),
    (
        "a connective",
        r"(?:par (?:conséquent|ailleurs|contre|exemple)|de (?:plus|même|fait|quoi)|pour cela)\b",
    ),
    (
        "a connective",
        r"d['’](?:ailleurs|autant|où)\b|à (?:l['’]inverse|ce titre|noter)\b|c['’]est pourquoi\b",
    ),
    ("a connective", r"(?:quoi qu['’]il en soit|dans (?:la foulée|la mesure|ce cas)|autre [^\W\d_]+)\b"),
    (
        "a connective",
        r"(?:de|pour|à) (?:son|sa|leur) (?:côté|part|tour)\b|d['’](?:un|une autre?) (?:côté|part)\b",
    ),
    (
        "a connective",
        r"(?:entre-temps|pendant ce temps|au même instant|le lendemain|la veille|plus tard|peu après)\b",
    ),
    (
        "a connective",
        r"l['’]an(?:née)? (?:suivante?|précédente?)\b|(?:quelques \w+|un peu) plus (?:tard|loin)\b",
    ),
    ("a connective", r"(?:une première|même (?:chose|son|constat|si))\b|(?:aussi|même|depuis|avant|après),"),
    ("a connective", r"alors\b(?! qu)"),
    ("the first or second person", r"(?:je|j['’]|moi|nous|notre|nos|mon|ma|mes|on|vous|votre|vos|tu)\b"),
)
_POINTS_BACK = tuple((re.compile(rf"(?:{pattern})", re.IGNORECASE), why) for why, pattern in _OPENINGS)
#: « a-t-il ajouté », « explique-t-elle », « disent-ils »: the speaker was named before.
_SAID_BY_PRONOUN = re.compile(
    r"\b[^\W\d_]+(?:-t)?\s?-\s?(?:il|elle|ils|elles)\b|,\s[^\W\d_]+\s(?:ce|cet|cette|ces|celui-ci|celle-ci)\b",
    re.IGNORECASE,
)
_DIALOGUE = re.compile(r"(?:--|[–—])\s*\S")
#: The words that tell the two languages apart at a glance; a loaded language model is not worth a second here.
_ENGLISH = re.compile(r"\b(?:the|of|and|to|is|are|was|has|have|they|his|her|for|with|that|this|it)\b", re.IGNORECASE)
_FRENCH = re.compile(r"\b(?:les?|la|des?|du|un|une|et|est|a|à|en|dans|que?|qui|pour|sur|par|au)\b", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…][\s»”\"’')\]*_]*$")
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")


def doubt(text: str, *, quoted: bool = False) -> str:
    """Return why ``text`` cannot stand alone in a summary, or nothing where it can.

    ``quoted`` tells that the sentence lies within a quotation that spans several.
    """
    words = text.split()
    if not SHORTEST <= len(words) <= LONGEST:
        return "too short" if len(words) < SHORTEST else "too long"
    if not _ENDS.search(text) or text.lstrip("«“\"'( \u00a0\u202f")[:1].islower():
        return "a fragment"
    if quoted or _unbalanced(text):
        return "half a quotation"
    if text.rstrip('»”" \u00a0\u202f').endswith("?"):
        return "a question"
    if _DIALOGUE.match(text):
        return "a line of dialogue"
    if len(_ENGLISH.findall(text)) > len(_FRENCH.findall(text)):
        return "not French"
    for pattern, why in _POINTS_BACK:
        if pattern.match(text):
            return f"begins with {why}"
    if _SAID_BY_PRONOUN.search(_QUOTED.sub("", text)):
        return "the speaker is a pronoun"
    if 2 * sum(len(quotation.split()) for quotation in _QUOTED.findall(text)) > len(words) + 4:
        return "mostly a quotation"
    return ""


def points_back(why: str) -> bool:
    """Tell whether the doubt ``why`` goes away where the sentence before stands in the summary too."""
    return why.startswith(("begins with", "the speaker"))


def _unbalanced(text: str) -> bool:
    pairs = (("«", "»"), ("“", "”"), ("(", ")"))
    return text.count('"') % 2 == 1 or any(text.count(a) != text.count(b) for a, b in pairs)


def open_quotation(text: str, inside: bool) -> bool:
    """Tell whether a quotation is open behind ``text``, given whether one was open before it."""
    depth = int(inside) + text.count("«") + text.count("“") - text.count("»") - text.count("”")
    return (depth > 0) != (text.count('"') % 2 == 1)
