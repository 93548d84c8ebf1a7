"""Protection, checks and the retry ladder, with a visible fake engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from fakes import FakeEngine

from translate.document import Segment
from translate.sentences import Key, Source, translate_sentences
from translate.settings import Settings

SETTINGS = Settings(quotes="straight")


def one(text: str, engine: FakeEngine, settings: Settings = SETTINGS, *, markup: bool = False):  # type: ignore[no-untyped-def]
    (segment,) = translate_sentences([Source(text, markup)], engine, settings)
    return segment


def test_a_good_first_try_is_not_tried_again() -> None:
    engine = FakeEngine({"Le ministre est arrivé mardi.": "The minister arrived on Tuesday."})
    segment = one("Le ministre est arrivé mardi.", engine)
    assert segment.target == "The minister arrived on Tuesday."
    assert (segment.rung, segment.attempts, segment.flags) == ("first", (), ())
    assert len(engine.calls) == 1


def test_a_missing_final_stop_is_the_rung_that_helps() -> None:
    engine = FakeEngine(
        {
            "Le ministre est arrivé mardi": "minister minister minister minister minister minister",
            "Le ministre est arrivé mardi.": "The minister arrived on Tuesday.",
        }
    )
    segment = one("Le ministre est arrivé mardi", engine)
    assert segment.target == "The minister arrived on Tuesday"
    assert segment.rung == "final-stop"
    assert [attempt.rung for attempt in segment.attempts] == ["first", "final-stop"]
    assert segment.attempts[0].flags
    assert not segment.attempts[1].flags


def test_the_wider_beam_offers_all_its_hypotheses() -> None:
    source = "Il y avait 66 blessés."
    engine = FakeEngine({source: ["There were 62 wounded.", "There were wounded.", "There were 66 wounded."]})
    segment = one(source, engine)
    assert segment.target == "There were 66 wounded."
    assert segment.rung == "wider-beam"
    assert segment.flags == ()


def test_what_no_rung_mends_is_flagged_and_the_first_try_kept() -> None:
    engine = FakeEngine(default=lambda _: "He said yes.")
    segment = one("Il a dit « oui ».", engine)
    assert segment.target == "He said yes."
    assert {flag.check for flag in segment.flags} == {"quotes"}
    assert segment.rung == "first"


def test_without_retry_there_is_one_call() -> None:
    engine = FakeEngine({"Il y avait 66 blessés.": "There were 62 wounded."})
    assert one("Il y avait 66 blessés.", engine, Settings(retry=False)).flags
    assert len(engine.calls) == 1


def test_capitals_are_sent_in_lower_case_and_come_back_in_capitals() -> None:
    engine = FakeEngine({"Le ministre démissionne mardi": "The minister resigns on Tuesday"})
    assert one("LE MINISTRE DÉMISSIONNE MARDI", engine).target == "THE MINISTER RESIGNS ON TUESDAY"


def test_a_url_is_never_seen_by_the_model() -> None:
    engine = FakeEngine(
        default=lambda unit: unit.replace("voir", "see").replace("pour", "for").replace("la suite", "the rest")
    )
    segment = one("Voir https://exemple.fr/a_b?x=1 pour la suite.", engine)
    assert not any("exemple" in unit for unit in engine.sent)
    assert segment.target == "See https://exemple.fr/a_b?x=1 for the rest."


def test_a_url_whose_placeholder_is_lost_is_translated_around() -> None:
    engine = FakeEngine(
        default=lambda unit: "See" if unit == "Voir" else "for the rest." if unit.startswith("pour") else "Garbage."
    )
    segment = one("Voir https://exemple.fr/a pour la suite.", engine, Settings(retry=False))
    assert segment.target == "See https://exemple.fr/a for the rest."


def test_emphasis_and_links_survive() -> None:
    engine = FakeEngine({"Le rapport complet est en ligne.": "The full report is online."})
    segment = one("Le **rapport** [complet](https://exemple.fr) est en ligne.", engine, markup=True)
    assert "**" in segment.target
    assert "](https://exemple.fr)" in segment.target
    assert (
        segment.target.replace("**", "").replace("[", "").replace("](https://exemple.fr)", "")
        == "The full report is online."
    )


def test_a_sentence_too_long_for_the_model_is_cut_and_counted() -> None:
    engine = FakeEngine(max_length=12, default=lambda unit: unit)
    long = ", ".join(f"le ministre numéro {number} a parlé" for number in range(6)) + "."
    segment = one(long, engine, Settings(retry=False, quotes="straight"))
    assert segment.clauses > 1
    assert all(engine.length(unit) <= 12 for unit in engine.sent)
    assert [word for word in segment.target.split() if word.strip(",.").isdigit()] == [
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
    ]


def test_data_that_is_no_language_passes_through() -> None:
    engine = FakeEngine()
    data = "A" * 5000
    segment = one(data, engine)
    assert (segment.target, segment.passed) == (data, "no words")
    assert engine.calls == []


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("***", "***"),
        ("1 200", "1,200"),
        ("12,5 %", "12.5%"),
        ("→ €", "→ €"),
        ("https://exemple.fr/a", "https://exemple.fr/a"),
    ],
)
def test_nothing_to_translate(text: str, english: str) -> None:
    engine = FakeEngine()
    assert one(text, engine).target == english
    assert engine.calls == []


def test_alternatives_are_kept_where_asked_for() -> None:
    engine = FakeEngine({"Il neige.": ["It is snowing.", "It snows."]})
    segment = one("Il neige.", engine, Settings(alternatives=2))
    assert [other.text for other in segment.alternatives] == ["It is snowing.", "It snows."]


def test_clauses_are_joined_without_stray_stops_and_capitals() -> None:
    engine = FakeEngine(
        {"Le ministre a parlé,": "The minister spoke.", "et il est parti.": "And he left."}, max_length=6
    )
    segment = one("Le ministre a parlé, et il est parti.", engine, Settings(retry=False))
    assert segment.target == "The minister spoke, and he left."


def test_a_loop_is_decoded_again_without_repetition() -> None:
    class Looping(FakeEngine):
        def translate(self, sources, decoding):  # type: ignore[no-untyped-def]
            self.default = lambda _: "He spoke of peace." if decoding.no_repeat else "He spoke of of of of of of peace."
            return super().translate(sources, decoding)

    segment = one("Il a parlé de paix.", Looping())
    assert (segment.target, segment.rung) == ("He spoke of peace.", "no-repeat")


def test_a_translation_that_ran_into_its_limit_is_doubtful() -> None:
    class Endless(FakeEngine):
        def _answer(self, source, decoding):  # type: ignore[no-untyped-def]
            return tuple(replace(h, complete=False) for h in super()._answer(source, decoding))

    segment = one("Il a parlé de paix.", Endless({"Il a parlé de paix.": "He spoke of peace."}))
    assert [flag.check for flag in segment.flags] == ["loop"]


def test_a_lost_name_is_held_behind_a_placeholder() -> None:
    engine = FakeEngine(
        {"Il a quitté Deir ez-Zor.": "He left the door.", "Il a quitté Z1.": ["He left the zone.", "He left Z1."]}
    )
    segment = one("Il a quitté Deir ez-Zor.", engine)
    assert (segment.target, segment.rung, segment.flags) == ("He left Deir ez-Zor.", "placeholders", ())


def test_what_no_placeholder_saves_is_translated_around_and_flagged() -> None:
    answers = {"Il y avait": "There were", "blessés.": "wounded."}
    engine = FakeEngine(default=lambda unit: answers.get(unit, "There were wounded."))
    segment = one("Il y avait 66 blessés.", engine)
    assert segment.target == "There were 66 wounded."
    assert segment.rung == "around"
    assert [flag.check for flag in segment.flags] == ["pieced"]


def test_pieces_are_joined_as_parts_of_one_sentence() -> None:
    answers = {"Il a quitté": "He has left", ", et il est mort.": "And he died."}
    engine = FakeEngine(default=lambda unit: answers.get(unit, "He died."))
    segment = one("Il a quitté Deir ez-Zor, et il est mort.", engine)
    assert segment.target == "He has left Deir ez-Zor, and he died."


class Kept:
    """A memory that counts what it is asked."""

    def __init__(self, known: dict[Key, Segment]) -> None:
        self.known = dict(known)

    def get(self, keys: Sequence[Key]) -> dict[Key, Segment]:
        return {key: self.known[key] for key in keys if key in self.known}

    def put(self, items: Iterable[tuple[Key, Segment]]) -> None:
        self.known.update(items)


def test_what_is_known_is_not_translated_again_and_what_is_new_is_kept() -> None:
    old = Segment("Le ministre part.", "The minister is leaving.", passed="memory")
    kept = Kept({("Le ministre part.", False): old})
    engine = FakeEngine({"Le ministre arrive.": "The minister arrives."})
    sources = [Source("Le ministre part."), Source("Le ministre arrive."), Source("Le ministre part.")]
    progress: list[tuple[int, int]] = []
    found = translate_sentences(sources, engine, SETTINGS, lambda *seen: progress.append(seen), kept)
    assert [segment.target for segment in found] == [old.target, "The minister arrives.", old.target]
    assert engine.sent == ["Le ministre arrive."]
    assert kept.known["Le ministre arrive.", False] == found[1]
    assert progress == [(2, 2)]
    again = FakeEngine()
    assert translate_sentences(sources, again, SETTINGS, None, kept) == found
    assert not again.sent


def test_what_loops_to_the_end_is_said_once_and_stays_doubtful() -> None:
    looped = "The minister has spoken has spoken has spoken has spoken in Paris."
    segment = one("Le ministre a parlé à Paris.", FakeEngine(default=lambda _: looped))
    assert segment.target == "The minister has spoken in Paris."
    assert [flag.check for flag in segment.flags] == ["loop"]
    assert segment.attempts[0].target == looped


def test_acronyms_among_words_stay_in_capitals_when_others_are_tried_as_words() -> None:
    class Lowering(FakeEngine):
        def true_case(self, text: str) -> str:
            return text.lower()

    engine = Lowering(default=lambda text: "Nothing.")
    translate_sentences([Source("La FEB dit NON À LA GUERRE en 2024, selon le PDG.")], engine, Settings())
    assert "la FEB dit non à la guerre en 2024, selon le PDG." in engine.sent
