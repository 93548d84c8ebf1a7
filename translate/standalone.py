"""Tells whether a French sentence can be understood without the one before it; for :mod:`translate.summariser`.

The rules look at how a sentence begins (pronouns, demonstratives, connectives), at who is said to speak, at its
quotation marks, its end and its length. They lean to doubt: a summary has other sentences to choose from.
"""

from __future__ import annotations

import re

#: Words of a sentence that may stand in a summary. Below 8, news sentences are verbless or comments on the one
#: before; above 60, one sentence is the length of two abstracts of OrangeSum (mean 34 words).
SHORTEST, LONGEST = 8, 60

_TIME = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|jour|matin|midi|soir|week-end|mois|siècle|été|hiver"
_TIME += r"|automne|printemps|après-midi|année|semaine|nuit|fois|saison|rentrée|fin|début)"
_SUBJECT = r"(?:il|elle|ils|elles)"

#: Openings that point back, and what they do it with.
_OPENINGS: tuple[tuple[str, str], ...] = (
    # « Il y a » and « Il faut » have no antecedent.
    (rf"(?!il (?:y (?:a|avait|aura|aurait|eut)|faut|faudra|fallait|faudrait|suffit)\b){_SUBJECT}\b", "a pronoun"),
    (r"(?:celui|celle|ceux|celles)(?:-ci|-là)?\b|(?:ce|ces) derni(?:er|ers)\b|cette dernière\b", "a pronoun"),
    (r"(?:cela|ceci|ça|c['’](?:est|était|en)|ce (?:sont|n['’]|fut|sera|serait|qui|que|qu['’]|dont))", "a pronoun"),
    (r"(?:lui|eux|tous|toutes|certains|certaines|d['’]autres|aucun|aucune|chacun|chacune)(?:,| [^\W\d_]+(?:ent|a|ont)\b)", "a pronoun"),
    (r"(?:tous|toutes) (?:deux|trois|les deux|les trois)\b|(?:l['’]un|l['’]une|l['’]autre|les autres|un autre|une autre)\b", "a pronoun"),
    (r"(?:le|la|les) (?:premier|première|second|seconde|deux|trois|quatre|même|mêmes)(?: (?:hommes|femmes)| [^\W\d_]+ent\b|,)", "a pronoun"),
    (r"(?:selon|d['’]après|pour|avec|chez|parmi|contre|sans|devant) (?:lui|elle|eux|elles|ce dernier|cette dernière)\b", "a pronoun"),
    (r"(?:son|sa|ses|leur|leurs)\b", "a possessive"),
    (rf"(?!(?:ce|cet|cette|ces)(?: [^\W\d_]+)? {_TIME}s?\b)(?:ce|cet|cette|ces) [^\W\d_]", "a demonstrative"),
    (rf"(?:à|de|dans|par|pour|sur|avec|après|avant|depuis|malgré|selon|face à|grâce à|d['’]après|en|lors de|outre) "
     rf"(?!(?:ce|cet|cette|ces)(?: [^\W\d_]+)? {_TIME}s?\b)(?:ce|cet|cette|ces|cela|ceci|son|sa|ses|leur|leurs)\b", "a demonstrative"),
    (r"(?:une|un) (?:telle?|décision|mesure|situation|annonce|initiative|déclaration|façon|manière|nouvelle qui)\b(?! d)", "a demonstrative"),
    (r"(?:mais|et|or|car|donc|ni|puis|soit|bref|oui|non|si|voilà|voici|là|ici|autant|pire|mieux|résultat|reste)\b"
     r"(?! (?:l['’]on|le|la|les|un|une|rien|tout) [^,]*,)", "a connective"),
    (r"(?:ainsi|toutefois|cependant|pourtant|néanmoins|ensuite|enfin|finalement|effectivement|également|désormais|"
     r"seulement|heureusement|malheureusement|surtout|du coup|dès lors|en effet|en fait|en revanche|en outre|en plus|"
     r"en conséquence|par conséquent|par ailleurs|par contre|par exemple|de plus|de même|de fait|d['’]ailleurs|d['’]autant|"
     r"d['’]où|au contraire|à l['’]inverse|au final|quoi qu['’]il en soit|pour autant|pour cela|c['’]est pourquoi|"
     r"dans (?:ce|la) (?:cas|foulée|mesure)|entre-temps|pendant ce temps|à ce titre|de quoi|autre [^\W\d_]+|"
     r"(?:de|pour|à|d['’]un|de l['’]autre) (?:son|sa|leur) (?:côté|part|tour)|(?:au|à l['’])(?: même)? instant|"
     r"le lendemain|la veille|l['’]an(?:née)? (?:suivante?|précédente?)|plus tard|peu après|quelques \w+ plus tard|"
     r"un peu plus (?:tard|loin)|à noter|une première|même (?:chose|son|constat|s['’]il|si))\b", "a connective"),
    (r"tel(?:le)?s? (?:est|sont|était|étaient|a été)\b|la plupart (?!d)|(?:le|la|les) (?:sien|mien|nôtre)", "a pronoun"),
    (r"(?:je|j['’]|moi|nous|notre|nos|mon|ma|mes|on|vous|votre|vos|tu)\b", "the first or second person"),
    (r"aussi,|alors(?! qu)|même,|depuis,|avant,|après,|quant à (?:lui|elle|eux|elles)\b", "a connective"),
    # A participle or an infinitive whose subject is a pronoun.
    (rf"(?:en )?[^\W\d_]+(?:ant|é|ée|és|ées|i|ie|is|ies|u|ue|us|ues)\b[^,«»\"]{{0,80}}, {_SUBJECT}\b", "a pronoun"),
    (rf"(?:pour|afin|sans|avant|après|à|âgée?s?|si|quand|lorsqu|comme|selon|en|au|dans|depuis)\b[^,«»\"]{{0,60}}, {_SUBJECT}\b", "a pronoun"),
)  # fmt: skip
_POINTS_BACK = tuple(
    (re.compile(rf"[–—-]?\s*(?:{pattern})", re.IGNORECASE), why) for pattern, why in _OPENINGS
)
#: « a-t-il ajouté », « explique-t-elle », « disent-ils »: the speaker was named before.
_SAID_BY_PRONOUN = re.compile(
    r"\b[^\W\d_]+(?:-t)?\s?-\s?(?:il|elle|ils|elles)\b|,\s[^\W\d_]+\s(?:ce|cet|cette|ces|celui-ci|celle-ci)\b",
    re.IGNORECASE,
)
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
