"""Set terms of the press: the table is sound, what came out wrong is told, and said otherwise to the model."""

from __future__ import annotations

import re

import pytest
from fakes import FakeEngine

from translate import load_engine
from translate.checks import check
from translate.checks.table import Table, Term
from translate.checks.terms import (
    Occurrence,
    Terms,
    doubted,
    occurrences,
    proven_words,
    rare_words,
    set_terms,
    term_flags,
    without_proven,
)
from translate.sentences import Source, translate_sentences
from translate.settings import Settings

#: Rare words as well.
RARE = Terms(rare=True)


def test_every_row_is_a_pattern_another_wording_and_a_proof() -> None:
    assert len(set_terms().terms) > 300
    assert len(rare_words().terms) > 3000
    for term in (*set_terms().terms, *rare_words().terms):
        assert term.instead, term
        assert all(int(group) <= term.pattern.groups for group in re.findall(r"\\(\d)", term.instead)), term
        assert not term.proven.search(""), term
        assert not term.pattern.search(""), term


def test_no_term_stands_twice() -> None:
    patterns = [term.french for term in (*set_terms().terms, *rare_words().terms)]
    assert len(set(patterns)) == len(patterns)


@pytest.mark.parametrize(
    ("source", "wrong", "right"),
    [
        ("Il a été mis en examen.", "He was examined.", "He was placed under formal investigation."),
        ("Le garde des Sceaux a parlé.", "The Sceaux guard spoke.", "The justice minister spoke."),
        ("Le plan social est prêt.", "The social plan is ready.", "The redundancy plan is ready."),
        ("L'armée malienne avance.", "The Malaysian army advances.", "The Malian army advances."),
        ("Le président nigérien est là.", "The Nigerian president is here.", "The Nigerien president is here."),
        ("Un SDF est mort.", "An SDF died.", "A homeless man died."),
        ("La grogne monte.", "The grogne is rising.", "Discontent is rising."),
        ("Le bilan est de 40 morts.", "The balance sheet is 40 dead.", "The toll is 40 dead."),
        ("Deux ans de prison avec sursis.", "Two years in prison with oversight.", "A two-year suspended sentence."),
    ],
)
def test_a_term_whose_english_is_wrong_is_told(source: str, wrong: str, right: str) -> None:
    assert [flag.check for flag in term_flags(source, wrong)] == ["terms"]
    assert term_flags(source, right) == []


@pytest.mark.parametrize(
    "source",
    [
        "Le bilan du gouvernement est maigre.",
        "Il est resté à la maison.",
        "Le sdf du fichier.",
        "Des Maliens sont venus.",
        "Elle regarde la télévision.",
    ],
)
def test_other_senses_are_left_alone(source: str) -> None:
    assert occurrences(source) == ()


def test_of_two_terms_that_overlap_the_longer_counts() -> None:
    [found] = occurrences("Le chômage partiel recule.")
    assert found.text == "chômage partiel"


def test_a_term_keeps_the_capital_of_the_sentence_and_its_groups() -> None:
    assert [one.said for one in occurrences("Outre-Manche, on vote.")] == ["Au Royaume-Uni"]
    assert [one.instead for one in occurrences("Deux ministres taclés hier.")] == ["critiqués"]
    assert [one.text for one in occurrences("Le garde\u00a0des Sceaux parle.")] == ["Le garde\u00a0des Sceaux"]


def test_a_name_within_a_proven_term_is_not_missed() -> None:
    source = "Les ventes dans l'Hexagone ont baissé."
    assert check(source, "Sales in France fell.") == ()
    assert without_proven(source, "Sales in the Hexagon fell.") == source


def test_what_came_out_wrong_is_said_otherwise() -> None:
    engine = FakeEngine(
        {
            "Les cheminots sont là.": "The pathways are here.",
            "Les employés des chemins de fer sont là.": "The railway workers are here.",
        }
    )
    [segment] = translate_sentences([Source("Les cheminots sont là.")], engine, Settings())
    assert (segment.target, segment.rung, segment.flags) == ("The railway workers are here.", "reword", ())


def test_markup_and_addresses_stay_where_they_are() -> None:
    engine = FakeEngine(default=lambda text: text.replace("employés des chemins de fer", "railway workers"))
    source = Source("Les **cheminots** : https://a.fr/cheminots", markup=True)
    [segment] = translate_sentences([source], engine, Settings())
    assert "**railway workers**" in segment.target
    assert "https://a.fr/cheminots" in segment.target


def test_a_term_that_no_wording_mends_is_doubtful() -> None:
    engine = FakeEngine(default=lambda _: "The pathways are here.")
    [segment] = translate_sentences([Source("Les cheminots sont là.")], engine, Settings())
    assert segment.target == "The pathways are here."
    assert [flag.check for flag in segment.flags] == ["terms"]


def test_a_term_that_begins_a_headline_is_reworded_whole() -> None:
    engine = FakeEngine({"canicule : six morts": "Canicular: six dead", "Heatwave : six morts": "Heatwave: six dead"})
    [segment] = translate_sentences([Source("Canicule : six morts")], engine, Settings())
    assert (segment.target, segment.rung) == ("Heatwave: six dead", "reword")


def test_a_name_that_stays_is_held_where_the_model_translated_it() -> None:
    engine = FakeEngine(
        default=lambda text: text.replace("Hauts-de-Seine", "Highs").replace("Il vit dans les", "He lives in the")
    )
    [segment] = translate_sentences([Source("Il vit dans les Hauts-de-Seine.")], engine, Settings())
    assert (segment.target, segment.rung, segment.flags) == ("He lives in the Hauts-de-Seine.", "placeholders", ())


def test_a_name_that_stays_may_lose_its_accents() -> None:
    assert term_flags("Il vit en Isère.", "He lives in Isere.") == []
    assert [flag.detail for flag in term_flags("Il vit en Isère.", "He lives in Iserie.")] == ["“Isère” is missing"]
    assert term_flags("Le Val-d’Oise vote.", "Val-d'Oise votes.") == []


@pytest.mark.parametrize(
    "source", ["La vallée de l'Indus.", "Laurent Berger parle.", "Le docteur Savon est là.", "Indus le sait."]
)
def test_a_word_with_a_capital_may_be_a_name(source: str) -> None:
    assert not [one for one in occurrences(source, RARE) if one.text in ("Indus", "Berger", "Savon")]


@pytest.mark.parametrize("source", ["Otages : la fin", "OTAGES", "Gaza : Otages libres", "Les otages"])
def test_but_not_one_that_hardly_ever_has_one(source: str) -> None:
    assert [one.text.lower() for one in occurrences(source, RARE)] == ["otages"]


@pytest.mark.parametrize(
    ("french", "text"),
    [
        ("assurance[- ]chômage", "L'assurance\u00a0chômage"),
        ("assurance[- ]chômage", "L'assurance-chômage"),
        ("garde bien d[e']", "Il se garde bien d’"),
        (r"juge d'instruction", "Le juge d’instruction"),
        (r"(?<=est )non\.", "Il est non."),
    ],
)
def test_patterns_are_plain_and_match_typography(french: str, text: str) -> None:
    assert Term(french, "x", "x").pattern.search(text)


def test_a_table_is_searched_by_letters_and_finds_all() -> None:
    rows = [Term(f, "x", "x") for f in ("(?-i:malien|néo-malien)", "l'Hexagone", "(?<=le )plan social", "plan")]
    text = "le plan social malien de l'Hexagone, néo-malien"
    assert [match[0] for _, match in Table(rows).matches(text)] == [
        "malien",
        "néo-malien",
        "l'Hexagone",
        "plan social",
        "plan",
    ]


def test_of_two_rows_for_the_same_words_either_proves() -> None:
    one = Occurrence(0, 3, "mot", "word", (re.compile("word"), re.compile("term")))
    assert one.proof("a word")
    assert one.proof("a term")
    assert one.proof("a plan") is None


def test_what_proves_a_term_is_no_unknown_word() -> None:
    source = "Un Costaricien a gagné."
    assert proven_words(source, "A Costa Rican has won.") == {"costa", "rican"}
    assert check(source, "A Costa Rican has won.") == ()


def test_plurals_of_lines_in_capitals_are_english() -> None:
    assert [one.said for one in occurrences("LES LIMOGEAGES", RARE)] == ["dismissals"]


@pytest.mark.parametrize(
    ("source", "wrong", "right"),
    [
        ("Il n'ignore rien de l'affaire.", "He knows nothing about the matter.", "He is well aware of the matter."),
        ("Elle n'ignore pas qu'il ment.", "She doesn't know that he is lying.", "She knows that he is lying."),
        ("Ses jours ne sont pas en danger.", "His days are not in danger.", "His life is not in danger."),
        ("Il n'est pas sans savoir qu'il ment.", "It is not known that he is lying.", "He knows that he is lying."),
    ],
)
def test_turns_with_a_denial_in_them(source: str, wrong: str, right: str) -> None:
    assert "terms" in [flag.check for flag in check(source, wrong)]
    assert check(source, right) == ()


def test_rare_words_are_for_models_that_say_what_they_know() -> None:
    source, wrong = "Le braconnier dort.", "The braconnier sleeps."
    assert "terms" not in [flag.check for flag in check(source, wrong)]
    assert "terms" in [flag.check for flag in check(source, wrong, RARE)]
    answers = {source: "The brake sleeps.", "Le poacher dort.": "The poacher sleeps."}
    (known,) = translate_sentences([Source(source)], FakeEngine(answers, familiar=frozenset()), Settings())
    (other,) = translate_sentences([Source(source)], FakeEngine(answers), Settings())
    assert (known.target, other.target) == ("The poacher sleeps.", "The brake sleeps.")


def test_what_comes_out_as_no_word_is_doubted_whatever_proves_it() -> None:
    source = "Après cette attaque, ils ont pilonné la ville."
    flags = check(source, "After this attack they piloned the city.", RARE)
    assert [flag.check for flag in flags] == ["nonword"]
    assert [one.text for one in doubted(source, flags, RARE)] == ["pilonné"]


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("« Nous n'avons pas peur », a lancé le maire.", "the mayor said"),
        ("« Nous n'avons pas peur », souffle-t-il.", "he says"),
        ("Le taux de participation s'est élevé à 49,5 %.", "was 49.5%"),
        ("L'accident a fait un mort et trois blessés.", "killed one person and injured three"),
        ("Près de 600 000 foyers privés d'électricité", "without electricity"),
        ("À trois semaines du scrutin, les candidats accélèrent.", "Three weeks before the vote"),
        ("L'action a cédé 4 % à la Bourse de Paris.", "lost 4%"),
        ("Née en 1924, elle a vécu à Lyon.", "Born in 1924"),
        ("Âgé de 67 ans, il vivait seul.", "Aged 67"),
        ("Son pronostic vital n'est plus engagé.", "no longer in danger"),
        ("Le bilan est passé de 12 à 35 morts.", "toll"),
        ("Reste à savoir qui paiera.", "still need"),
        ("Le suspect est toujours recherché.", "still"),
        ("Les moins de 25 ans ont peu voté.", "under the age of 25"),
        ("Les socialistes ont voté pour, à l'exception de six d'entre eux.", "for the text"),
    ],
)
def test_turns_of_the_news_come_out_right(french: str, english: str) -> None:
    [segment] = translate_sentences([Source(french)], load_engine(), Settings())
    assert english in segment.target
    assert segment.flags == ()
