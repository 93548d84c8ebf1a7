"""When an article was published and updated: « Publié le 11 mars 2024 à 17h32 | Mis à jour hier à 9h »."""

from __future__ import annotations

import re

from translate.checks.dates import MONTHS, WEEKDAYS

_LEADS = {
    "publié": "Published",
    "publiée": "Published",
    "mis à jour": "Updated",
    "mise à jour": "Updated",
    "mis a jour": "Updated",
    "actualisé": "Updated",
    "actualisée": "Updated",
    "modifié": "Updated",
    "modifiée": "Updated",
    "créé": "Created",
}
_DAYS = {"hier": "yesterday", "aujourd'hui": "today", "ce matin": "this morning", "ce soir": "this evening"}
_UNITS = {"minute": "minute", "min": "minute", "heure": "hour", "h": "hour", "jour": "day", "semaine": "week"}
_NAMES = tuple(MONTHS.values())
_PART = re.compile(
    rf"(?P<lead>{'|'.join(sorted(_LEADS, key=len, reverse=True))})(?: ?:)?(?: le)?(?: ?:)? "
    rf"(?:(?P<day>{'|'.join(_DAYS)})"
    rf"|il y a (?P<count>\d{{1,3}}) ?(?P<unit>{'|'.join(_UNITS)})s?"
    rf"|(?:(?P<weekday>{'|'.join(WEEKDAYS)}),? )?(?P<date>\d{{1,2}})(?:er)? (?P<month>{'|'.join(MONTHS)})"
    r"(?: (?P<year>\d{4}))?"
    r"|(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4}))"
    r"(?:(?:,? à|,| -| –| \||) (?P<hour>\d{1,2}) ?[h:](?: ?(?P<minute>[0-5]\d))?)?(?![\w:])",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[ ,|•·/–()-]*")
_READING = re.compile(r"(?:temps de lecture|lecture) ?:? ?(?P<minutes>\d{1,3}) ?(?:min|minutes?|mn)\.?", re.IGNORECASE)
#: Such lines are short.
_LONGEST = 200


def english_publication(text: str) -> str | None:
    """Return a line that tells when an article was published or updated, or None where ``text`` is more than that.

    Dates are written out: 03/04/2024 is another day to half of those who read English.
    """
    if len(text) > _LONGEST:
        return None
    plain = text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
    said, at, told = "", 0, False
    while at < len(plain):
        between = _BETWEEN.match(plain, at)
        at = between.end() if between else at
        said += between[0] if between else ""
        if found := _PART.match(plain, at):
            words = _said(found)
            if words is None:
                return None
            told = True
        elif found := _READING.match(plain, at):
            words = f"reading time: {found['minutes']} min"
            words = words if said.strip() else words.capitalize()
        elif plain[at:] == "." and told:
            return f"{said}."
        elif at < len(plain):
            return None
        else:
            break
        said += words
        at = found.end()
    return said if told else None


def _said(found: re.Match[str]) -> str | None:
    lead = _LEADS[found["lead"].lower()]
    lead = lead.upper() if found["lead"].isupper() else lead if found["lead"][0].isupper() else lead.lower()
    if found["day"]:
        when = _DAYS[found["day"].lower()]
    elif found["count"]:
        unit = _UNITS[found["unit"].lower()]
        when = f"{found['count']} {unit}{'s' if int(found['count']) > 1 else ''} ago"
    elif found["month"]:
        weekday = f"{WEEKDAYS[found['weekday'].lower()]} " if found["weekday"] else ""
        year = f" {found['year']}" if found["year"] else ""
        when = f"on {weekday}{int(found['date'])} {MONTHS[found['month'].lower()]}{year}"
    else:
        if not 1 <= int(found["m"]) <= 12:
            return None
        when = f"on {int(found['d'])} {_NAMES[int(found['m']) - 1]} {found['y']}"
    time = f" at {int(found['hour']):02}:{found['minute'] or '00'}" if found["hour"] else ""
    return f"{lead} {when}{time}"
