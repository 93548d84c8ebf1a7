"""What a model gets wrong the same way every time, put right after it: hearsay, shares, « une vingtaine », ordinals."""

from __future__ import annotations

import re

from translate.checks.directions import SHARE
from translate.checks.words import LONGEST_SENTENCE

_ORDINAL = re.compile(r"\b(\d+)(st|nd|rd|th)\b", re.IGNORECASE)
_FRENCH_ORDINAL = re.compile(r"(?<![\w.,])(\d{1,3})e(?![\w'’])")
_EUROPEAN = re.compile(r"europ|eurod|eurosc|strasbourg|bruxelles", re.IGNORECASE)

#: « Il aurait été vu »: French news tells hearsay in the conditional, which English has no use for. Wishes, duties
#: and conditions are told in it too, and so is what somebody had said that would be.
_HEARSAY = re.compile(
    r"\b(?:aurai(?P<many>en)?t|serai(?P<some>en)?t)(?: (?:pas|jamais|plus|déjà|ainsi|aussi|également|été|notamment|"
    r"alors|ensuite|même|d['’]abord|par ailleurs|pourtant|tous|toutes|fait|en))* "
    r"(?!(?:pu|dû|fallu|aimé|voulu|préféré|souhaité|mérité|suffi|mieux|permis|évité|empêché|valu)\b)"
    r"(?:l['’])?[^\W\d_]+(?:é|ée|és|ées|i|is|ie|ies|it|ite|its|u|ue|us|ues|ert|erte|ort|orte|orts|ortes|eint|eints)\b"
)
_NO_HEARSAY = re.compile(
    r"\baurai(?:en)?t (?:eu|fêté) (?:ses |leurs )?\w+ ans|"
    r"\b(?:(?:si|s['’]ils?|s['’]elles?|sinon|sans|faute|à condition|au cas|à moins|que|où|comment|pourquoi|autrement|"
    r"personne|nulle?|une? autre|(?:dans|en) ce cas|en cas|avec (?:plus|davantage|un peu|cette|ce|ces)|projet|"
    r"idéalement|cela|ça|c['’]|tel|telle|rien|aucune?|on|moi|nous|vous)\b|qu['’]|quand bien|rêv|espér|souhait|voudrai|"
    r"aimerai)",
    re.IGNORECASE,
)
_WOULD_HAVE = re.compile(
    r"(?:\b(?P<pronoun>it|he|she|they))?(?:(?<=\w)['’]d| would) "
    r"(?P<adverb>also |already |then |not |never )?have (?=[a-z])",
    re.IGNORECASE,
)
#: « Il serait en fuite »: of the present only what no wish or plan is told in.
_HEARSAY_NOW = re.compile(
    r"\bserai(?P<many>en)?t (?:(?:ainsi|aussi|notamment|désormais|même) )?(?:âgée?s?|en fuite|soupçonnée?s?|"
    r"impliquée?s?|hospitalisée?s?|originaires?|à l['’]origine|cachée?s?|"
    r"(?:encore|toujours) (?:en fuite|en vie|vivante?s?|recherchée?s?|sur place|là))(?![\w'’])"
)
_WOULD_BE = re.compile(
    r"(?:\b(?P<pronoun>it|he|she|they))?(?:(?<=\w)['’]d| would) (?P<adverb>still |now |also )?be\b(?! to)",
    re.IGNORECASE,
)
_OTHER_SUBJECT = re.compile(r"\b(?:I|we|you)(?:['’]d| would)\b", re.IGNORECASE)

_ABOUT = {
    "dizaine": "ten", "quinzaine": "fifteen", "vingtaine": "twenty", "trentaine": "thirty", "quarantaine": "forty",
    "cinquantaine": "fifty", "soixantaine": "sixty",
}  # fmt: skip
_ABOUT_FRENCH = re.compile(rf"\b[Uu]ne ({'|'.join(_ABOUT)})\b(?! de jours)")
_QUARANTINE = re.compile(r"\b[Aa] quarantine(?: of)?\b")

_OF_HOW_MANY = {
    "deux": "two", "trois": "three", "quatre": "four", "cinq": "five", "six": "six", "sept": "seven", "huit": "eight",
    "neuf": "nine", "dix": "ten", "vingt": "twenty", "cent": "(?:a |one )?hundred", "mille": "(?:a |one )?thousand",
}  # fmt: skip

#: « le 16 octobre à 06:15 », « vers 05:00 »: at that time, and not to it.
_TIME = re.compile(r"\b(?P<when>[Vv]ers|à) (?P<time>\d\d?:\d\d)\b")
_FROM_TIME = re.compile(
    r"décal|retard|recul|prolong|\b(?:de|depuis|entre|du|dès) (?:\d|midi|minuit)|jusqu|report|repouss|avanc"
)
#: « Me Berton » is what lawyers are called; English has no such title.
_LAWYERS = re.compile(
    r"(?:(?P<before>[^\W\d_][\w'’-]*)[ \u00a0])?(?<!\w)Me[ \u00a0\u202f](?!Too\b)(?P<name>[^\W\d_a-z][\w'’-]+)"
)

#: « il n'a exprimé « aucun regret » » denies once.
_NONE = re.compile(
    r"\b(?:n['’]|ne )(?!(?:\w+ )*(?:dit|répond|répété|crié|écrit|déclar))[^.;:,!?«»“”\"]{1,60}[«“\"]\s*aucune?\b",
    re.IGNORECASE,
)
_TWICE_NO = re.compile(r"(\b(?:not|never)\b|n['’]t\b)(?P<between>[^.;!?“”\"]{1,60}[“\"])no (?=\w)", re.IGNORECASE)

#: « Le ministre, lui, refuse », said with « quant à lui »: mostly "meanwhile", but now and then this.
_CONTRAST = re.compile(r"(?<=\w),[ \u00a0](?:quant à )?(?:lui|elle|eux|elles),")
_FOR_HIM = re.compile(r"(?<![;:.]),? (?:as )?(?:for|on) (?:him|her|it|them|(?:his|her|its|their) part),", re.IGNORECASE)
#: « Il était 21 h 15 »
_IT_WAS = re.compile(r"\b[Ii]l (?:est|était) (?:environ |presque )?\d")
_CLOCK = re.compile(r"\b([Hh])e (was|is) (?=(?:about |around |almost )?\d\d:\d\d)")
#: « Deux drones ont été abattus »
_AIRCRAFT = re.compile(
    r"\b(?:drone|missile|avion|appareil|hélicoptère|ballon|roquette)s?(?: [\w'’-]+){0,2} "
    r"(?:a|ont) été (?:\w+ )?abattue?s?\b",
    re.IGNORECASE,
)
#: « un immeuble de neuf étages »
_STOREYS = re.compile(r"\b([A-Za-z]+|\d+)-stage(?= (?:\w+ )?(?:building|tower|block|house|apartment|hotel)s?\b)")

#: A headline after its label: « EN DIRECT - Grève ».
_AFTER_LABEL = re.compile(r"[^\W\d_][^\d_:.!?|–-]{2,39}[ \u00a0]?(?:[|.]|[-–])[ \u00a0](?P<letter>[^\W\d_])")

_BY = re.compile(
    r"\ben (?:forte |nette |légère )?(?:hausse|baisse|recul|progression|repli|retrait|augmentation|diminution) "
    r"de (?P<number>\d[\d ,.]*\d|\d)(?! ?%? ?(?:à|euros à|points à))"
)
_FROM = (
    r"\b(?P<verb>up|down|ris\w+|rose|f[ae]ll\w*|increas\w+|decreas\w+|declin\w+|drop\w*|gain\w*|grow\w*|grew) "
    r"from (?P<number>{})(?![\d.,]*\d)(?!\S*(?: \w+)?,? to )"
)


def mend(text: str, source: str) -> str:
    """Return ``text``, a translation of the French ``source``, without the model's habitual mistakes.

    Hearsay (« il aurait été vu ») is said to have happened, not that it would have; « un sur quatre » is one in four,
    « une quarantaine » about forty, « en hausse de 2 % » up by 2%; 42th is 42nd; members of a parliament that the
    source does not call European are MPs, and amounts in EUR have the sign.
    """
    if len(source) > LONGEST_SENTENCE:
        return text
    if "aurai" in source or "serai" in source:
        text = _hearsay(text, source)
    if found := _ABOUT_FRENCH.findall(source):
        text = _about(text, source, found)
    for share in SHARE.finditer(source):
        number = _OF_HOW_MANY.get(share["of"].lower(), share["of"])
        text = re.sub(rf"\b(?:on|over) ({number})\b", r"in \1", text, count=1)
        text = re.sub(rf"\b(a|A)n? ((?:[\w'’-]+ ){{1,4}}in {number})\b", _one, text, count=1)
    for match in _BY.finditer(source):
        digits = re.escape(match["number"]).replace(",", "[.,]")
        text = re.sub(_FROM.format(digits), r"\g<verb> by \g<number>", text, count=1)
    if (headline := _AFTER_LABEL.match(source)) and headline["letter"].isupper():
        text = _AFTER_LABEL.sub(lambda found: found[0][:-1] + found[0][-1].upper(), text, count=1)
    for number in _FRENCH_ORDINAL.findall(source):
        text = re.sub(rf"(?<![\w.,]){number}e(?!\w)", f"{number}th", text)
    text = _ORDINAL.sub(lambda found: found[1] + _suffix(found), text)
    for match in _TIME.finditer(source):
        if match["when"].lower() == "vers" or not _FROM_TIME.search(source):
            at = "at about" if match["when"].lower() == "vers" else "at"
            wrong = "(?:to|at)" if at == "at about" else "to"
            text = re.sub(rf"(?<!from )\b{wrong}(?= {match['time']}\b)", at, text, count=1)
    if _NONE.search(source):
        text = _TWICE_NO.sub(r"\1\g<between>any ", text)
    if _CONTRAST.search(source):
        text = _FOR_HIM.sub(", meanwhile,", text, count=1)
    if "shot dead" in text and _AIRCRAFT.search(source):
        text = text.replace("shot dead", "shot down")
    if "étage" in source:
        text = _STOREYS.sub(r"\1-storey", text)
    if _IT_WAS.search(source):
        text = _CLOCK.sub(lambda found: f"{'It' if found[1] == 'H' else 'it'} {found[2]} ", text)
    for lawyer in _LAWYERS.finditer(source):
        if not (lawyer["before"] or "").istitle():  # « Call Me Maybe »
            text = re.sub(rf"(?<!\w)Me (?={re.escape(lawyer['name'])}(?!\w))", "", text)
    if "MEP" in text and not _EUROPEAN.search(source):
        text = re.sub(r"\bMEP(?=s?\b)", "MP", text)
    if "EUR" in text and not re.search(r"\bEUR\b", source):
        text = re.sub(r"\bEUR (?=\d)", "€", text)
    return text


def _hearsay(text: str, source: str) -> str:
    if _NO_HEARSAY.search(source) or _OTHER_SUBJECT.search(text):
        return text
    for told, said in ((_HEARSAY, _WOULD_HAVE), (_HEARSAY_NOW, _WOULD_BE)):
        found = list(told.finditer(source)), list(said.finditer(text))
        if len(found[0]) != len(found[1]):
            continue
        for french, english in reversed(list(zip(*found, strict=True))):
            be = "are" if any(french.groups()) else "is"
            words = _now(english["adverb"]) if said is _WOULD_BE else _before(english["adverb"])
            text = f"{text[: english.start()]}{english['pronoun'] or ''} {be} {words}{text[english.end() :]}"
    return text


def _before(adverb: str | None) -> str:
    if adverb in ("not ", "never "):
        return f"said {adverb}to have "
    return f"{adverb or ''}said to have "


def _now(adverb: str | None) -> str:
    return f"said to {adverb or ''}be"


def _about(text: str, source: str, found: list[str]) -> str:
    if "quarantaine" in found and not re.search(r"\b(?:en|de|la|sa|leur) quarantaine", source):
        text = _QUARANTINE.sub("about forty", text)
    for word in found:
        text = re.sub(rf"\b[Aa] ({_ABOUT[word]})(?: of)?(?![\w-])", r"about \1", text)
    return text[:1].upper() + text[1:] if text[:1].islower() and source[:1].isupper() else text


def _one(found: re.Match[str]) -> str:
    return f"{'One' if found[1] == 'A' else 'one'} {found[2]}"


def _suffix(found: re.Match[str]) -> str:
    number = int(found[1][-2:])
    right = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return right.upper() if found[2].isupper() else right
