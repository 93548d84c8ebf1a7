"""A woman is she: « la ministre a remis sa démission » is her resignation, which models take for his."""

from __future__ import annotations

import re

from translate.checks.common_words import COMMON_WORDS
from translate.checks.exonyms import EXONYMS
from translate.checks.words import LONGEST_SENTENCE, fold

#: Women by their nouns; not « la victime » or « la star », who may be men, nor those who speak of another's affairs
#: (« l'avocate », « la juge » ... « sa condamnation »).
_WOMEN = """
actrice adjointe administratrice agricultrice animatrice attachée auteure autrice basketteuse boulangère candidate
cavalière championne chancelière chanteuse cheffe chercheuse chroniqueuse cofondatrice colistière comédienne
compositrice concurrente conductrice conseillère créatrice cuisinière danseuse députée dessinatrice directrice
dirigeante duchesse écrivaine éditrice élue enseignante entrepreneuse étudiante eurodéputée footballeuse fondatrice
golfeuse gouverneure handballeuse historienne impératrice institutrice joueuse lauréate lycéenne mairesse médaillée
militante musicienne nageuse navigatrice organisatrice ouvrière patineuse patronne pharmacienne poétesse préfète
présentatrice présidente princesse productrice professeure rapporteuse rapporteure réalisatrice rectrice reine retraitée
romancière salariée sénatrice serveuse skieuse soldate sportive sprinteuse traductrice trésorière vendeuse
vice-présidente volleyeuse youtubeuse
""".split()
#: Nouns of persons that are women's after « la » or « une ».
_EITHER = """
artiste athlète cinéaste cycliste diplomate économiste gymnaste humoriste judoka lieutenant maire ministre philosophe
photographe pianiste pilote porte-parole quadragénaire quinquagénaire scientifique secrétaire septuagénaire sexagénaire
sociologue styliste syndicaliste trentenaire violoniste
""".split()
_SPACE = "[ \u00a0\u202f]"
_ADJECTIVE = rf"(?:(?:jeune|ancienne|future|nouvelle|première|célèbre|seule|ex-|vice-){_SPACE}?)?"
_CAPITAL = r"[A-ZÀ-Ý][\w'’-]*"
_NAMES = rf"{_CAPITAL}(?:{_SPACE}{_CAPITAL}){{0,3}}"
#: A woman whom a sentence begins with, and what she is or whose; her name beside her or between commas.
_SUBJECT = (
    rf"(?:(?:[Ll]a|[Uu]ne|[Cc]ette|[Ll]['’]){_SPACE}?{_ADJECTIVE}(?:{'|'.join(_WOMEN)})"
    rf"|(?:[Ll]a|[Uu]ne|[Cc]ette|[Ll]['’]ancienne){_SPACE}{_ADJECTIVE}(?:{'|'.join(_EITHER)})"
    rf"|(?:Mme|Mlle|Madame)(?={_SPACE}{_CAPITAL}))"
    rf"(?:{_SPACE}(?:d[eu]s?|de{_SPACE}l[a']|d['’]|de{_SPACE}l['’]){_SPACE}?[\w-]+)?"
    rf"(?:{_SPACE}{_NAMES})?(?:,{_SPACE}{_NAMES},)?"
)
#: Between her and what is hers: words that name nobody else.
_OTHERS = r"(?:l[ae]s?|une?|d[eu]s?|aux?|à|par|pour|que|qui|et|ou|en|lui|leur|son|sa|ses)\b"
_BETWEEN = rf"(?:{_SPACE}(?!{_OTHERS})[a-zà-ÿ]+){{1,5}}"
_HERS = re.compile(rf"^[\W_]*{_SUBJECT}{_BETWEEN}{_SPACE}(?:son|sa|ses)\b(?P<rest>[^\n]*)$")
_POSSESSIVE = re.compile(r"\b(?:son|sa|ses)\b", re.IGNORECASE)
#: Who or what else « his » may be about: pronouns, and persons acting (« par un inconnu »).
_ELSE = re.compile(
    r"\b(?:ils?|lui|eux|celui|ceux|leurs?|M|MM|par|avec)\b|\bl['’](?:a|ai|ont|avait|aurait|est)\b", re.IGNORECASE
)
_IS = re.compile(rf"\b(?:est|était|fut|sera|devient|devenue){_SPACE}(?:\w+{_SPACE})?(?:son|sa)\b")
_NAME = re.compile(_CAPITAL)
_FEMININE = (
    r"(?:(?:pas|jamais|plus|déjà|ensuite|alors|aussi|également|finalement|toujours|aussitôt|même|ainsi|bien) )?"
    r"[^\W\d_]+(?:ée|ie|ue|ise|ite|erte|ainte|einte)\b(?!-)"
)
#: « Il l'a tuée », « elle s'est défendue »: a participle that agrees tells that it happened to a woman.
_OBJECT = re.compile(
    rf"\bl['’](?:a|ont|avait|avaient|aurait|auraient|ait|aient|ai|avons|avez) {_FEMININE}", re.IGNORECASE
)
_HERSELF = re.compile(rf"\bs['’](?:est|était|serait|étant) {_FEMININE}", re.IGNORECASE)
_SAID = re.compile(r"\bs['’](?:est|était) (?:\w+ )?dite\b", re.IGNORECASE)
_TO_HIM = re.compile(r"\b(?:lui|celui)\b", re.IGNORECASE)
_ALSO_HE = re.compile(r"\b(?:qu['’]ils?|(?:qui|il|elle|on|ils|elles|je|nous)(?: ne)? le)\b", re.IGNORECASE)
_MASCULINE = re.compile(r"\bl['’](?:a|ont|avait|avaient) [^\W\d_]+(?:é|i|u|is|it)\b")
#: « Sa moto, il l'avait vendue »
_TAKEN_UP = re.compile(
    r"\b(?:l[ae]|une?|cette|sa|ma)\b[^,;]*, (?:il|elle|je|on|nous|ils|elles|son|sa|le|la)\b", re.IGNORECASE
)
_OF_HIM = re.compile(r"\b(?:to|for|with|from|by|of|against|about|before|after|on|at|in) him\b", re.IGNORECASE)
_SHE = re.compile(rf"[\W_]*(?:Elle\b|{_SUBJECT})")
_HIS = re.compile(r"\b(?:his|he|him|himself)\b", re.IGNORECASE)


def agree(text: str, source: str) -> str:
    """Return ``text``, a translation of ``source``, with her for his where a woman is whom the sentence is about.

    "Him" is her where the French participle agrees with a woman (« il l'a tuée »), and so is "himself" (« elle s'est
    défendue »). His things are hers only where the sentence begins with her (« la ministre », « Mme Dati »), what is
    hers follows as the object of the verb, every son, sa, ses has its "his", and nobody else is named, neither by a
    name nor by a pronoun.
    """
    if len(source) > LONGEST_SENTENCE:
        return text
    text = _participles(text, source)
    hers, his = _HERS.match(source), _HIS.findall(text)
    if hers is None or not his or {word.lower() for word in his} != {"his"}:
        return text
    if len(his) != len(_POSSESSIVE.findall(source)) or _ELSE.search(source) or _IS.search(source):
        return text
    if any(map(_is_somebody, _NAME.findall(hers["rest"]))):
        return text
    return _HIS.sub(lambda found: _like(found[0]), text)


def _participles(text: str, source: str) -> str:
    if _TO_HIM.search(source) or _ALSO_HE.search(source):
        return text
    if len(_OBJECT.findall(source)) == 1 and not _MASCULINE.search(source) and not _TAKEN_UP.search(source):
        text = _only(text, "him", "her") if not _OF_HIM.search(text) else text
    if _SHE.match(source) and len(_HERSELF.findall(source)) == 1:
        text = _only(text, "himself", "herself")
    if _SHE.match(source) and len(_SAID.findall(source)) == 1:
        text = _only(text, "said he", "said she")
    return text


def _only(text: str, wrong: str, right: str) -> str:
    """Replace words that stand exactly once."""
    found = re.findall(rf"\b{wrong}\b", text)
    return re.sub(rf"\b{wrong}\b", right, text) if len(found) == 1 else text


def _is_somebody(word: str) -> bool:
    return not word.isupper() and fold(word) not in EXONYMS and fold(word) not in COMMON_WORDS


def _like(word: str) -> str:
    return "HER" if word.isupper() else "Her" if word[0].isupper() else "her"
