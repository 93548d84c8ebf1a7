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
#: What such a line is made of; what else stands in it makes it another.
_TOKEN = re.compile(
    rf"(?P<lead>{'|'.join(sorted(_LEADS, key=len, reverse=True))})(?: ?:)?(?: le\b)?(?: ?:)?(?!\w)"
    rf"|(?P<day>{'|'.join(_DAYS)})(?!\w)"
    rf"|il y a (?P<count>\d{{1,3}}) ?(?P<unit>{'|'.join(_UNITS)})s?(?!\w)"
    rf"|(?:(?P<weekday>{'|'.join(WEEKDAYS)}),? )?(?P<date>0?[1-9]|[12]\d|3[01])(?:er)? "
    rf"(?P<month>{'|'.join(MONTHS)})(?!\w)"
    r"(?: (?P<year>\d{4})\b)?"
    r"|(?P<d>0?[1-9]|[12]\d|3[01])[/.-](?P<m>0?[1-9]|1[0-2])[/.-](?P<y>\d{4})\b"
    r"|(?:à )?(?P<hour>[01]?\d|2[0-3]) ?[h:](?: ?(?P<minute>[0-5]\d))?(?![\w:])"
    r"|(?:temps de )?lecture ?:? ?(?P<reading>\d{1,3}) ?(?:min|minutes?|mn)(?!\w)"
    r"|(?P<mark>[ ,|•·/–-]+|\.$)",
    re.IGNORECASE,
)
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: Such lines are short.
_LONGEST = 200


def english_publication(text: str) -> str | None:
    """Return a line that tells when an article was published or updated, or None where ``text`` is more than that.

    Dates are written out: 03/04/2024 is another day to half of those who read English.
    """
    if len(text) > _LONGEST:
        return None
    plain = text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
    said, mark, before, at = "", "", "", 0
    leads = answered = 0
    while at < len(plain):
        found = _TOKEN.match(plain, at)
        if found is None:
            return None
        at = found.end()
        if found["mark"]:
            mark += found["mark"]
            continue
        if not _is_day(found):
            return None
        kind = "lead" if found["lead"] else "time" if found["hour"] else "reading" if found["reading"] else "date"
        leads += kind == "lead"
        answered += before == "lead" and kind in ("date", "time")
        # « le 11 mars - 17h32 » is one moment.
        said += " " if before and ((kind, before) == ("time", "date") or before == "lead") else mark
        said += _said(found, kind, opens=not said, led=before == "lead")
        mark, before = "", kind
    if not leads or leads != answered:
        return None
    return (said + mark).upper() if text.isupper() else said + mark


def _is_day(found: re.Match[str]) -> bool:
    """Tell a day that its month has, the 29th of February included."""
    if found["date"]:
        return int(found["date"]) <= _LENGTHS[list(MONTHS).index(found["month"].lower())]
    return not found["d"] or int(found["d"]) <= _LENGTHS[int(found["m"]) - 1]


def _said(found: re.Match[str], kind: str, *, opens: bool, led: bool) -> str:
    if kind == "lead":
        lead, word = _LEADS[found["lead"].lower()], found["lead"]
        return lead.upper() if word.isupper() else lead if word[0].isupper() else lead.lower()
    if kind == "time":
        return f"at {int(found['hour']):02}:{found['minute'] or '00'}"
    if kind == "reading":
        return f"{'Reading' if opens else 'reading'} time: {found['reading']} min"
    if found["day"]:
        return _DAYS[found["day"].lower()]
    if found["count"]:
        unit = _UNITS[found["unit"].lower()]
        return f"{found['count']} {unit}{'s' if int(found['count']) > 1 else ''} ago"
    on = "on " if led else ""
    if found["d"]:
        return f"{on}{int(found['d'])} {_NAMES[int(found['m']) - 1]} {found['y']}"
    weekday = f"{WEEKDAYS[found['weekday'].lower()]} " if found["weekday"] else ""
    year = f" {found['year']}" if found["year"] else ""
    return f"{on}{weekday}{int(found['date'])} {MONTHS[found['month'].lower()]}{year}"
