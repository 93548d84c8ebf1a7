from __future__ import annotations

import pytest

from translate.checks.bounds import bound_flags


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Moins de 100 personnes sont venues.", "Fewer than 100 people came."),
        ("en moins d'une heure", "within an hour"),
        ("Plus de 3 000 morts", "Over 3,000 dead"),
        ("plus d'un égard", "in many ways"),
        ("au moins 12 blessés", "at least 12 wounded"),
        ("Pas moins de quatre partis", "As many as four parties"),
        ("Il n'y a plus de pain.", "There is no bread left."),
        ("plus de justice", "justice"),
        ("Au moins, il est venu.", "He came, anyway."),
        ("Il ne compte plus de dix élus.", "It has no ten members any more."),
    ],
)
def test_a_bound_that_is_there_or_none(source: str, target: str) -> None:
    assert bound_flags(source, target) == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("en moins d'une heure", "in at least one hour"),
        ("Moins de 100 personnes", "100 people"),
        ("plus de 400 enfants", "approximately 400 children"),
        ("au moins 12 blessés", "12 wounded"),
        ("pas moins de 8 000 baleines", "less than 8,000 whales"),
    ],
)
def test_a_bound_that_is_lost_or_turned_round(source: str, target: str) -> None:
    (flag,) = bound_flags(source, target)
    assert flag.check == "numbers"
    assert flag.detail.endswith("has lost its bound")
