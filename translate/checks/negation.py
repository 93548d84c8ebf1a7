"""Negation: a sentence that denies in French denies in English, and the reverse."""

from __future__ import annotations

import re

from translate.checks.words import fold
from translate.document import Flag

#: Words that deny, of which a set term may hold one or two: « n'est pas sans savoir ».
DENYING = re.compile(r"\b(?:ne|pas|point|jamais|rien|sans|aucune?|non)\b|\bn'", re.IGNORECASE)
_SECOND = r"(?:pas|point|jamais|rien|aucune?|personne|nulle?|guere|ni)"
#: « ne » with its second half after it (« n'a toutefois pas ») or before it (« personne ne »), or with
#: « plus » where that is no comparison. « que » ends the search: « ne … que » denies nothing.
_DENIAL = re.compile(
    rf"\b(?:ne\b|n')(?:(?!\b(?:que|qui)\b|\bqu')[^.;:!?«»,]){{1,60}}?\b{_SECOND}\b"
    rf"|\b(?:aucune?|personne|rien|jamais|nulle?|ni|pas une?)\b[^.;:!?]{{0,60}}?\b(?:ne\b|n')"
    r"|\b(?:ne\b|n') ?(?:[\w'-]+ ){1,3}?plus\b(?! (?:que|\w+ (?:que|encore)\b))"
)
#: Denials that English may say without one: n'est-ce pas, pas seulement, ne manque pas de, n'oubliez pas.
_NO_DENIAL = re.compile(
    r"n'est[- ]ce pas|pas (?:moins|seulement|que|uniquement)\b|n'(?:est|etait) pas (?:plus|autre)|"
    r"n'(?:a|ont|avait|avaient|avons|ai) (?:pas |jamais )?(?:cesse|manque)|n'empeche|n'importe|"
    r"ne manqu\w+ pas|ne cess|"
    r"ne tard\w+ pas|ne saurait trop|ne serait-ce|ne fut-ce|rien que|n'en sera que|n'est qu|n'oubli\w+ pas|"
    r"n'hesit\w+ pas|n'arret\w+ pas|\bne \w+[- ](?:t-)?(?:il|elle|on|ils|elles|vous|nous) (?:donc )?pas\b|"
    r"jusqu'a ce que|avant (?:que|de)|a moins que"
)
#: Words that deny by themselves, each of them once.
_STRONG = re.compile(
    r"n't\b|\b(?:cannot|not|never|nobody|nothing|nowhere|no|none|neither|nor|without|dont|doesnt|didnt|wont|"
    r"cant)\b",
    re.IGNORECASE,
)
#: Words by which English says what French denies: ne … pas réussi, failed; ne … pas encore, has yet to.
_LEXICAL = re.compile(
    r"\b(?:fail\w*|refus\w*|lack\w*|den(?:y|ies|ied|ying|ial)|absen\w*|avoid\w*|prevent\w*|prohibit\w*|"
    r"forb[ia]d\w*|bann?(?:ed|ing|s)?|exclu\w*|rejects?|rejected|ignor\w*|unless|except|hardly|barely|scarcely|"
    r"rarely|seldom|few|devoid|void|yet to|ever|no longer|rather than|instead of|far from|free (?:of|from)|"
    r"ruled? out|rules out|other than|apart from|against|anything but|stop\w*|ceas\w*|miss(?:ed|es|ing)?|"
    r"remains? to be|keep\w* from|held back|too \w+ (?:to|for)|non|nil|(?:use|hope|power|harm|end)less|"
    r"un(?!i[toqvf]|der|til|less|cle|ions?\b)\w{3,}|im(?:poss|prob|perf|mob|mune|prec)\w*|"
    r"in(?:cap|suff|cred|vis|comp[al]|eff|elig|expl|flex|sec|sep|signif|tol|valid|acc[eu]|adeq|act|app|"
    r"corr|escap)\w*|ir(?:re[gls]|ra)\w*|"
    r"dis(?:agree|allow|appear|approv|believ|continu|honest|like|miss|obe|reg|trust)\w*|"
    r"mis(?:s|under|trust)\w*)\b",
    re.IGNORECASE,
)
#: English denials that answer to no French one: not only, why not, nothing but, nevertheless.
_NOT_ONLY = re.compile(
    r"\bnot (?:only|just|least|merely|simply|solely|surprisingly|to mention|until|far|long|so much)\b|"
    r"\b(?:if|whether|or|why) not\b|\bnothing (?:but|more than|less than)\b|n't (?:just|only)\b|"
    r"\bno (?:fewer|less|later) than\b|\bno matter\b|\bno doubt\b|\bn't it\b",
    re.IGNORECASE,
)
#: English words that deny the verb or its object; « no » and « without » have too many French counterparts.
_VERBAL = re.compile(r"\w*n't\b|\b(?:cannot|not|never|nobody|nothing|nowhere)\b", re.IGNORECASE)
#: French that denies, or that English may say by a denial: peu, ignorer, impossible, empêcher, dépourvu.
_FRENCH_HINT = re.compile(
    r"\b(?:ne|non|pas|sans|aucune?s?|jamais|rien|ni|nul|nulle|nuls|nulles|guere|peu|peine|manqu\w*|absen\w*|sauf|"
    r"hors|hormis|refus\w*|empech\w*|evit\w*|interdi\w*|faux|fausse\w*|seulement|uniquement|defaut|faute|"
    r"echou\w*|echec\w*|loin|plutot|au lieu|contrairement|contraire\w*|rejet\w*|ignor\w*|dout\w*|oubli\w*|"
    r"neglig\w*|abst\w*|renon\w*|cess\w*|ni[ea]\w*|dement\w*|rare\w*|trop|vain\w*|zero|difficil\w*|difficulte\w*|depourvu\w*|"
    r"bloqu\w*|impasse|simplement|im(?:poss|pens|prat|prob|mobil|prev|puiss)\w*|in(?:cap|hab|suff|vis|comp|conn|"
    r"touch|tol|util|vrais|acc|achev|attend|solub|exist|trouv)\w*|il(?:leg|lis|log)\w*|absurd\w*|mecon\w*|"
    r"desaccord\w*|desapp\w*|autrement|sinon|craint\w*|craindre|craign\w*|peur|gare a|moins que)\b|\bn'"
)
_NUMBER_ABBREVIATION = re.compile(r"\bNo\.? ?(?=\d)|\bn[o°]s? ?(?=\d)")


def negation_flags(source: str, target: str) -> list[Flag]:
    """Return a flag where one of source and target denies more often; texts made ``plain``."""
    french = _NUMBER_ABBREVIATION.sub("", fold(source))
    english = _NUMBER_ABBREVIATION.sub("", target)
    denials = [found[0] for found in _DENIAL.finditer(_NO_DENIAL.sub(" , ", french))]
    if denials:
        said = len(_STRONG.findall(english))
        if said < len(denials) and said + len(_LEXICAL.findall(english)) < len(denials):
            return [Flag("negation", f"« {_ends(denials[said])} » is missing")]
        if said:
            return _new_denial(source, french, english, said)
        return []
    return _new_denial(source, french, english, 0)


def _new_denial(source: str, french: str, english: str, said: int) -> list[Flag]:
    found = _VERBAL.findall(_NOT_ONLY.sub("", english))
    # Words that stand in the source as they are belong to a quotation or a title in English.
    found = [word for word in found if word not in source]
    if found and len(found) > len(_FRENCH_HINT.findall(french)):
        return [Flag("negation", f"“{found[0]}” is not in the source")]
    return []


def _ends(phrase: str) -> str:
    words = phrase.split()
    return phrase if len(words) <= 4 else f"{words[0]} … {words[-1]}"
