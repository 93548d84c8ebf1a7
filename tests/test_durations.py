from __future__ import annotations

import pytest

from translate.checks.durations import SPANS, duration_flags
from translate.sentences.french.holding import holds


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("La base a été visée deux fois en une heure.", "The base was targeted twice within an hour."),
        ("Il y a un an, il partait.", "A year ago, he left."),
        ("Les prix ont pris 37 % en un an.", "Prices rose 37% in the last 12 months."),
        ("Moins d'une semaine après la fuite", "Less than a week after the leak"),
        ("Depuis une heure plus tardive", "Since later on"),
        ("Il viendra à une heure précise.", "He will come at one sharp."),
        ("C'est un an de trop.", "That is too long."),
    ],
)
def test_no_doubt_where_the_unit_is_there_or_not_asked_for(source: str, target: str) -> None:
    assert duration_flags(source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "span"),
    [
        ("La base a été visée deux fois en une heure.", "The base was targeted twice at a time.", "une heure"),
        ("Pendant une semaine, rien ne bouge.", "For a while, nothing moves.", "une semaine"),
        ("Près d'une demi-heure d'attente", "A long wait", "une demi-heure"),
        ("Il y a un mois", "Some time ago", "un mois"),
    ],
)
def test_a_lost_span_is_doubted_and_held(source: str, target: str, span: str) -> None:
    (flag,) = duration_flags(source, target)
    assert flag.check == "numbers"
    assert flag.detail == f"{span} is missing"
    (hold,) = holds(source, [flag])
    assert source[hold.start : hold.end] == span
    assert hold.shown == SPANS[span]
