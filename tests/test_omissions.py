"""Omissions: what no link leads to is told, where attention was taught to align; a retry may bring it back."""

from collections.abc import Sequence

import pytest
from fakes import FakeEngine

from translate.checks.omissions import omission_flags
from translate.document import Hypothesis, Link, Segment
from translate.sentences import Source, translate_sentences
from translate.settings import Decoding, Settings

SENTENCE = "Le directeur de campagne de cette liste, Hayk Shahinyan, a démenti."


LONG = (
    "Le directeur de campagne de cette liste a démenti jeudi tout lien avec Bernard Tapie, "
    "mais Hayk Shahinyan, qui la conduit depuis le mois de janvier, ne dit rien de cela."
)


def links(*words: str) -> tuple[Link, ...]:
    """Link these words of SENTENCE to somewhere."""
    return tuple(Link(at, at + len(word), 1, 2) for word in words for at in [SENTENCE.index(word)])


def test_three_words_of_meaning_in_a_row_are_an_omission() -> None:
    (flag,) = omission_flags(SENTENCE, links("Le", "Hayk", "Shahinyan", "démenti"))
    assert flag.check == "omitted"
    assert flag.detail == "“directeur de campagne de cette liste” left no trace"


@pytest.mark.parametrize(
    "linked",
    [("campagne", "Hayk", "démenti"), ("directeur", "Hayk", "démenti"), ("liste", "Hayk", "démenti")],
)
def test_fewer_are_a_turn_of_phrase(linked: tuple[str, ...]) -> None:
    assert omission_flags(SENTENCE, links(*linked)) == []


def test_the_first_word_of_the_translation_and_of_the_source_do_not_count() -> None:
    first = Link(SENTENCE.index("campagne"), SENTENCE.index("campagne") + 8, 0, 3)
    assert omission_flags(SENTENCE, (first, *links("Hayk", "démenti"))) != []
    assert omission_flags("Directeur de campagne de cette liste", links("Hayk")) == []


def test_without_links_nothing_is_known() -> None:
    assert omission_flags(SENTENCE, ()) == []
    assert omission_flags("", links("Le")) == []


class HalfDeaf(FakeEngine):
    """Hears of a long unit only what stands behind Hayk, and a shorter one in full."""

    def translate(self, sources: Sequence[str], decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        self.calls.append((tuple(sources), decoding))
        return [(self._heard(source, decoding),) for source in sources]

    def _heard(self, source: str, decoding: Decoding) -> Hypothesis:
        begin = source.find("Hayk") if len(source.split()) > 20 else 0
        found = tuple(Link(at, at + 1, 1, 2) for at in range(begin, len(source))) if decoding.align else ()
        return Hypothesis(source[begin:], -0.1, found)


def test_an_omission_is_tried_again_and_found_only_by_a_guided_engine() -> None:
    def translated(engine: FakeEngine, retry: bool) -> Segment:
        return translate_sentences([Source(LONG)], engine, Settings(retry=retry))[0]

    assert "omitted" not in {flag.check for flag in translated(HalfDeaf(), retry=True).flags}
    engine = HalfDeaf(guided=True)
    heard = translated(engine, retry=False)
    assert "omitted" in {flag.check for flag in heard.flags}
    assert engine.calls[0][1].align
    again = translated(engine, retry=True)
    assert "omitted" in {flag.check for flag in again.attempts[0].flags}
    assert again.rung == "clause-split"
    assert "omitted" not in {flag.check for flag in again.flags}
