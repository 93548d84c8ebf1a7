"""Negation: a sentence that denies in French denies in English, and the reverse."""

from __future__ import annotations

import re

from translate.checks.words import fold
from translate.document import Flag

# « pas » and its like, within reach of a « ne »: the second half may stand far off, or before (« personne ne »).
_NE = r"\b(?:ne\b|n')"
_SECOND = r"(?:pas|point|jamais|rien|aucun|aucune|personne|nulle?|nulle part|gu[eè]re|ni)"
_NE_SECOND = re.compile(rf"{_NE}(?:(?!\bque\b)[^.;:!?«»]){{1,60}}?\b{_SECOND}\b")
_SECOND_NE = re.compile(rf"\b(?:aucune?|personne|rien|jamais|nulle?|ni|pas une?)\b[^.;:!?]{{0,60}}?{_NE}")
_NE_PLUS = re.compile(rf"{_NE}\s?(?:[\w']+\s){{0,3}}?plus\b(?! (?:que|de|d'|d’)\b)")
_NO_NE = re.compile(
    r"\bpas (?:de|d'|du|un|une|encore|question|non|moins|toujours|seulement)\b|^pas\b|\bni\b.*\bni\b"
)

#: After these a « pas » denies nothing that English must deny: n'est-ce pas, pas seulement, pas moins, ce n'est pas ... que.
_NO_DENIAL = re.compile(
    r"n'est[- ]ce pas|pas (?:moins|seulement|que)\b|pas (?:plus )?(?:tard|loin) que|n'(?:est|était) (?:pas|plus) à|"
    r"n'(?:a|ont|avait) (?:pas )?(?:cessé|de cesse)|n'empêche|n'importe|ne manqu|ne cess|ne tard|ne saurait trop|"
    r"ne serait-ce|ne fût-ce|de rien|rien que|en rien moins|plus rien"
)

_NEGATIVE = re.compile(
    r"n't\b|\b(?:no|not|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|non|nought|zero|nil|hardly|barely|"
    r"scarcely|rarely|seldom|little|few|fewer|less|only|just|but|except|unless|until|instead|rather|than|yet|still|"
    r"any|anyone|anything|anybody|ever|either|lest|ain|dont|doesnt|didnt|wont|cant|alone|last|longer|"
    r"fail\w*|refus\w*|lack\w*|den(?:y|ies|ied|ying|ial)|absen\w*|miss\w*|avoid\w*|prevent\w*|stop\w*|ban\w*|"
    r"prohibit\w*|forb[ia]d\w*|exclu\w*|reject\w*|ignor\w*|neglect\w*|omit\w*|abstain\w*|ceas\w*|quit|"
    r"doubt\w*|false\w*|void|empty|free|beyond|short|far|out|against|anti\w*|oppos\w*|contrary|unlike\w*|"
    r"remain\w*|ill|poor\w*|hard|difficult\w*|rare|minor|too|wrong\w*|nonsense|nothingness|"
    r"un(?!it|iv|ion|iq|der|til|less|cle)\w{3,}|im(?:poss|prob|perf|pract|pat|mat|mob|mune|pair|part|prop)\w*|"
    r"in(?:cap|suff|cred|vis|comp|def|dep|dis|eff|elig|exp|fin|flex|form|just|op|sec|sep|sig|tol|val|var|acc|adeq|act|"
    r"app|cons|cor|cur|differ|direct|equ|ev|nocent|nocuous|tact|escap|sol|nat)\w*|il(?:leg|log|lic|lit)\w*|"
    r"ir(?:re|ra)\w*|dis\w{3,}|mis\w{3,}|non-?\w+|\w+less|\w+-free|nil|neutral\w*|withh\w*|withdr\w*|"
    r"escap\w*|elud\w*|eva[ds]\w*|los[ets]\w*|declin\w*|keep\w* (?:from|out)|kept|abandon\w*|end(?:ed|s)?|gone|"
    r"unable|off|reluctan\w*|shun\w*|spar(?:e|ed|es|ing)|stalled?|halt\w*|drop\w*|gave up|giv\w+ up|sore|simply)\b",
    re.IGNORECASE,
)
#: English words that deny by themselves; where one stands, the French must deny somehow.
_STRONG = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|wo|would|ca|could|should|must|need|might|ai)n't\b|\bcannot\b|"
    r"\b(?:not|never|nobody|nothing|nowhere)\b",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(
    r"\bnot (?:only|just|least|merely|simply|surprisingly|to mention|until|far|long)\b|\bnever ?the ?less\b|"
    r"\b(?:if|whether|or|why|but|and) not\b|\bnothing (?:but|more than|less than)\b|n't (?:just|only)\b",
    re.IGNORECASE,
)
#: Anything in French that may become a denial in English.
_FRENCH_HINT = re.compile(
    r"\b(?:ne|non|pas|sans|aucune?s?|jamais|rien|personne|ni|nul|nulle|nuls|guere|point|peu|peine|manqu\w*|absen\w*|"
    r"sauf|hors|hormis|moins|refus\w*|empech\w*|evit\w*|interdi\w*|faux|fausse\w*|seul\w*|uniquement|defaut|faute|"
    r"echou\w*|echec\w*|loin|plutot|lieu|autre\w*|contrairement|contraire\w*|exclu\w*|rejet\w*|ignor\w*|doute\w*|"
    r"dout\w*|impossib\w*|im[mp]\w+|in\w{4,}|ir[re]\w+|il[le]\w+|de[sm]\w{4,}|mal\w*|me\w{5,}|anti\w*|contre|"
    r"dif[fi]\w*|avant|prive\w*|perd\w*|perte\w*|oubli\w*|neglig\w*|inconnu\w*|abst\w*|renon\w*|cess\w*|fin|nie\w*|"
    r"nier|dement\w*|rare\w*|trop|vain|vide|zero|limit\w*|restre\w*|egalement|tout|que|alors|bien|or|quasi\w*|moindre)\b|\bn'"
)
_NUMBER_ABBREVIATION = re.compile(r"\bNo\.? ?(?=\d)")


def negation_flags(source: str, target: str) -> list[Flag]:
    """Return a flag where only one of source and target denies; both texts as ``plain`` leaves them."""
    lowered = source.lower()
    english = _NUMBER_ABBREVIATION.sub("", target)
    denial = _denial(lowered)
    if denial and not _NEGATIVE.search(english):
        return [Flag("negation", f"« {denial} » is missing")]
    strong = _STRONG.search(_NOT_ONLY.sub("", english))
    if strong and not _FRENCH_HINT.search(fold(lowered)):
        return [Flag("negation", f"“{strong[0]}” is not in the source")]
    return []


def _denial(source: str) -> str:
    """Return the words of ``source`` that deny for sure, or nothing."""
    text = _NO_DENIAL.sub(" ", source)
    for pattern in (_NE_SECOND, _SECOND_NE, _NE_PLUS):
        found = pattern.search(text)
        if found:
            return _ends(found[0])
    return ""


def _ends(phrase: str) -> str:
    words = phrase.split()
    return phrase if len(words) <= 4 else f"{words[0]} … {words[-1]}"
