"""Spans of time without a figure: « en une heure » is neither a number in digits nor one in words, and gets lost."""

from __future__ import annotations

import re

from translate.document import Flag

#: A span of one unit, French to the English that is put back where a model lost it.
SPANS = {
    "une minute": "one minute",
    "une heure": "one hour",
    "une demi-heure": "half an hour",
    "une journée": "one day",
    "une semaine": "one week",
    "une année": "one year",
    "un mois": "one month",
    "un an": "one year",
}
#: What English may say for the unit: « d'une heure » is hourly, « en un an » over the past twelve months.
_ENGLISH = {
    "minute": r"minute|60 seconds",
    "heure": r"hour|60 minutes|sixty minutes|\b[ap]\.?m\b|o'clock",
    "journée": r"day|24 hours|overnight",
    "semaine": r"week|seven days|7 days",
    "année": r"year|annual|12 months|twelve months|\b(?:19|20)\d\d",
    "mois": r"month|30 days|four weeks",
    "an": r"year|annual|12 months|twelve months",
}
_FRENCH = re.compile(
    r"\b(?:en|pendant|durant|après|depuis|il y a|moins d['’]|plus d['’]|près d['’]) ?"
    r"(?P<span>(?P<one>une|un) (?:demi-)?(?P<unit>minute|heure|journée|semaine|année|mois|an))\b(?! (?:plus|et dem))",
    re.IGNORECASE,
)


def duration_flags(source: str, target: str) -> list[Flag]:
    """Return a flag for each span of one unit of time of which the English names no such unit; texts made ``plain``."""
    return [
        Flag("numbers", f"{match['span']} is missing")
        for match in _FRENCH.finditer(source)
        if match["span"].lower() in SPANS and not re.search(_ENGLISH[match["unit"].lower()], target, re.IGNORECASE)
    ]
