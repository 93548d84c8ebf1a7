"""From a document to its translation, with a visible fake engine."""

from __future__ import annotations

import pytest
from fakes import FakeEngine

from translate.document import Block, Document
from translate.errors import StrictError
from translate.pipeline import summarise_document, translate_document, translate_documents, translate_lines
from translate.read import parse
from translate.settings import Settings

PLAIN = Settings(quotes="straight", retry=False)


def bare(unit: str) -> str:
    """A fake translation that the typography leaves alone."""
    return f"⟦{unit}⟧"


def test_layout_survives_block_for_block() -> None:
    text = "Titre du jour\n\n  Une phrase. Une autre.\n\n\n- Un point\n- Deux points\n"
    translation = translate_document(parse(text), FakeEngine(default=lambda unit: unit.upper()), PLAIN)
    assert translation.text == "TITRE DU JOUR\n\n  UNE PHRASE. UNE AUTRE.\n\n\n- UN POINT\n- DEUX POINTS\n"


def test_all_sentences_go_in_one_call() -> None:
    engine = FakeEngine()
    translate_document(parse("Une phrase. Une autre.\n\nUn second alinéa.\n"), engine, PLAIN)
    assert [units for units, _ in engine.calls] == [("Une phrase.", "Une autre.", "Un second alinéa.")]


def test_a_sentence_that_comes_twice_is_translated_once() -> None:
    engine = FakeEngine()
    translation = translate_document(parse("Il pleut. Il neige.\n\nIl pleut.\n"), engine, PLAIN)
    assert engine.sent == ["Il pleut.", "Il neige."]
    assert translation.text.count("⟦Il pleut.⟧") == 2


def test_symbols_and_blank_lines_are_never_sent() -> None:
    engine = FakeEngine()
    text = "***\n\n—\n\n1 200\n\n€ €\n"
    assert translate_document(parse(text), engine, PLAIN).text == text.replace("1 200", "1,200")
    assert engine.sent == []


def test_english_lines_pass_through() -> None:
    engine = FakeEngine()
    english = "The government announced on Tuesday that it would not take part in the talks."
    text = f"Le gouvernement a annoncé mardi la fin des négociations.\n\n{english}\n"
    translation = translate_document(parse(text), engine, PLAIN)
    assert engine.sent == ["Le gouvernement a annoncé mardi la fin des négociations."]
    assert english in translation.text
    assert any("English already" in note for note in translation.notes)


def test_a_text_all_in_english_is_said_to_be_left_and_nothing_else() -> None:
    english = "The government announced on Tuesday that it would not take part in the talks.\n\n" * 3
    assert translate_document(parse(english + "1,200\n"), FakeEngine(), PLAIN).notes == (
        "3 sentences are English already and were left as they are",
    )
    both = translate_document(parse(english + "Il pleut.\n"), FakeEngine(), PLAIN)
    assert "not French but looks like English (" in both.notes[0]
    assert "not to be trusted" in both.notes[0]


def test_a_text_that_is_left_alone_keeps_its_line_ends() -> None:
    text = (
        "> The government announced on Tuesday that it would present\n> its plan to parliament before the end\n"
        "> of the year, and that it would not\n> change its mind about the matter.\n"
    )
    for format_ in ("text", "markdown"):
        engine = FakeEngine()
        assert translate_document(parse(text, format=format_), engine, PLAIN).text == text
        assert engine.sent == []


def test_a_sentence_with_a_long_address_is_translated_around_it() -> None:
    address = f"https://example.com/{'abc/' * 80}fin"
    engine = FakeEngine(default=lambda unit: unit.replace("Le ministre", "The minister"))
    translation = translate_document(parse(f"Le ministre a publié le texte ({address}) hier soir."), engine, PLAIN)
    assert translation.text.startswith(f"The minister a publié le texte ({address})")
    assert engine.sent


@pytest.mark.parametrize("format_", ["text", "markdown"])
@pytest.mark.parametrize("word", ["mot/" * 20_000, "`" * 300 + "mot"])
def test_what_is_too_long_to_be_a_word_is_never_sent(word: str, format_: str) -> None:
    engine = FakeEngine()
    text = f"{word}\n"
    assert translate_document(parse(text, format=format_), engine, PLAIN).text == text
    assert engine.sent == []


def test_a_long_link_target_does_not_keep_a_sentence_from_its_translation() -> None:
    engine = FakeEngine(default=lambda unit: unit.replace("Le ministre", "The minister"))
    text = f"Le ministre a publié [le texte](/chemin/{'abc/' * 80}fin) hier soir.\n"
    translation = translate_document(parse(text, format="markdown"), engine, PLAIN)
    assert translation.text == text.replace("Le ministre", "The minister")


def test_an_image_between_sentences_swaps_no_words_with_them() -> None:
    text = "Le maire a parlé. ![Le chat](chat.png) Le juge dort.\n"
    engine = FakeEngine({"Le chat": "The cat", "Le juge dort.": "The judge is sleeping."})
    translation = translate_document(parse(text, format="markdown"), engine, PLAIN)
    assert translation.text == "⟦Le maire a parlé.⟧. ![The cat](chat.png) The judge is sleeping.\n"


def test_the_data_of_an_image_has_no_language() -> None:
    data = "ie7TQw+5qoG+UFLBIWOZN3oiZxXNS7tB0fWhELXUG5iG3PCS/EzLiUShqnjHZ2ky7bxyB0sURYQAPkvKWlfdODI47VoYOz8zWGX5RfL"
    text = (
        f"Le ministre a rencontré le maire mardi. ![Le chat](data:image/png;base64,{data * 3}) Le ministre a dit non.\n"
    )
    assert not translate_document(parse(text, format="markdown"), FakeEngine(), PLAIN).notes


def test_a_link_known_by_its_text_keeps_its_label() -> None:
    text = "La [ministre] part.\n\n[Conseil d'État][]\n\nUn [mot].\n\n[ministre]: a\n[conseil d'état]: b\n"
    same = translate_document(parse(text, format="markdown"), FakeEngine(default=str), PLAIN)
    assert same.text == text
    changed = translate_document(parse(text, format="markdown"), FakeEngine(default=str.upper), PLAIN)
    assert "[MINISTRE][ministre]" in changed.text
    assert "[CONSEIL D'ÉTAT][Conseil d'État]" in changed.text
    assert "UN [MOT].\n" in changed.text
    assert [s.source for s in changed.segments] == ["La [ministre] part.", "[Conseil d'État][]", "Un [mot]."]


def test_html_that_holds_text_is_told_to_be_left() -> None:
    told = "<div>\n<p>Le maire a parlé.</p>\n</div>\n\n> <p>Il dort.</p>\n\n1. Mot\n\n    <p>Il rêve.</p>\n\n"
    code = "    <p>code</p>\n\n```\n<p>code</p>\n```\n\n"
    silent = f"<br>\n\n<!-- Le maire -->\n\n<script>\nlet mot\n</script>\n\nMot <b>un</b>.\n\n{code}"
    document = parse(told + silent, format="markdown")
    translation = translate_document(document, FakeEngine(default=str), PLAIN)
    assert translation.notes == ("3 blocks of HTML were left as they are",)
    assert translate_document(parse(silent, format="markdown"), FakeEngine(default=str), PLAIN).notes == ()


def test_hard_wrapped_lines_are_joined_for_the_model_and_wrapped_again() -> None:
    text = (
        "Le gouvernement a présenté mercredi son projet de loi sur\n"
        "la réforme des retraites, que les syndicats rejettent en\n"
        "bloc depuis le mois de janvier.\n"
    )
    engine = FakeEngine(default=lambda unit: unit)
    translation = translate_document(parse(text, wrapped="yes"), engine, PLAIN)
    assert len(engine.sent) == 1
    assert "\n" not in engine.sent[0]
    assert len(translation.text.splitlines()) == 3
    assert " ".join(translation.text.split()) == " ".join(text.split())


def test_dropped_boilerplate_is_neither_sent_nor_written() -> None:
    body = "Le président a signé le décret qui fixe les nouvelles règles du commerce extérieur. " * 3
    text = f"Le décret est signé\n\n{body.strip()}\n\nPartager cet article\n"
    engine = FakeEngine()
    kept = translate_document(parse(text), engine, Settings(boilerplate="keep", retry=False))
    assert "Share this article" in kept.text
    engine = FakeEngine()
    dropped = translate_document(parse(text), engine, Settings(boilerplate="drop", retry=False))
    assert "Partager" not in dropped.text
    assert not any("Partager" in unit for unit in engine.sent)


def test_pooled_documents_come_out_as_each_alone() -> None:
    documents = [parse("Une phrase. Une autre.\n"), parse("Une autre.\n\nUne troisième.\n")]
    pooled = translate_documents(documents, FakeEngine(), PLAIN)
    alone = [translate_document(document, FakeEngine(), PLAIN) for document in documents]
    assert [t.text for t in pooled] == [t.text for t in alone]
    assert [t.segments for t in pooled] == [t.segments for t in alone]


def test_an_empty_document_gives_an_empty_translation() -> None:
    engine = FakeEngine()
    assert translate_document(parse(""), engine, PLAIN).text == ""
    assert translate_document(Document((Block("blank", "", "\n\n"),)), engine, PLAIN).text == "\n\n"
    assert engine.calls == []


def test_another_language_is_told_and_refused_when_strict() -> None:
    text = "El gobierno anunció el martes que no participará en las negociaciones con los sindicatos de Madrid.\n" * 3
    document = parse(text, wrapped="no")
    assert any("like Spanish" in note for note in translate_document(document, FakeEngine(), PLAIN).notes)
    engine = FakeEngine()
    with pytest.raises(StrictError, match="not French"):
        translate_document(document, engine, Settings(strict=True))
    assert engine.calls == []


def test_lines_stay_lines() -> None:
    lines = ["Une phrase. Une autre.", "", "Trois."]
    assert translate_lines(lines, FakeEngine(default=lambda u: u.upper()), PLAIN) == [
        "UNE PHRASE. UNE AUTRE.",
        "",
        "TROIS.",
    ]


ARTICLE = "\n\n".join(
    [
        "La réforme des retraites divise le Parlement",
        "Le gouvernement a présenté mercredi au Parlement sa réforme des retraites, attendue depuis deux ans.",
        "Les syndicats appellent à une journée de grève nationale contre la réforme des retraites le 7 mars.",
        "Il a refusé de répondre.",
        "Les députés de l'opposition ont déposé 1 200 amendements contre le texte du gouvernement.",
        "Partager cet article",
    ]
)


def test_a_summary_translates_only_what_it_chose() -> None:
    engine = FakeEngine()
    summary = summarise_document(parse(ARTICLE), engine, PLAIN, count=2)
    assert len(summary.summary) == 2
    assert sorted(engine.sent) == sorted(key.source for key in summary.summary)
    assert [key.block for key in summary.summary] == sorted(key.block for key in summary.summary)
    assert all(key.target and "⟦" in key.target for key in summary.summary)


def test_a_summary_in_french_needs_no_engine() -> None:
    summary = summarise_document(parse(ARTICLE), None, PLAIN, count=2)
    assert all(key.target is None for key in summary.summary)
    assert not any("Partager" in key.source for key in summary.summary)


def test_the_summary_of_a_translation_points_at_its_sentences() -> None:
    translation = translate_document(parse(ARTICLE), FakeEngine(), PLAIN, summary=2)
    for key in translation.summary:
        segment = translation.blocks[key.block].segments[key.sentence]
        assert (segment.source, segment.target) == (key.source, key.target)


def test_what_was_done_is_recorded() -> None:
    translation = translate_document(parse("Une phrase.\n"), FakeEngine(), PLAIN)
    assert translation.made["settings"] == {
        "beam": 4,
        "alternatives": 1,
        "boilerplate": "keep",
        "wrapped": "auto",
        "quotes": "straight",
        "retry": False,
        "strict": False,
        "glossary": None,
    }
    assert "engine" in translation.made


def test_a_text_without_a_stop_is_cut_before_it_costs_too_much() -> None:
    engine = FakeEngine(default=lambda unit: unit, max_length=100)
    text = "le ministre a parlé et il est parti, " * 2000
    translation = translate_document(parse(text), engine, PLAIN)
    assert translation.text.split() == text.split()
    assert all(engine.length(unit) <= 100 for unit in engine.sent)


@pytest.mark.parametrize(
    "kept",
    [
        "`" + "git add fichier.py && " * 300 + "fin`",
        "``" + "abc ` def(" * 1000 + "``",
        "[un lien](data:image/png;base64," + "4NcI6+0f" * 1000 + ")",
        "https://a.fr/" + "b/c-d" * 2000,
    ],
)
def test_what_stays_to_the_letter_is_never_cut_or_sent(kept: str) -> None:
    engine = FakeEngine(default=lambda unit: unit.replace("ministre", "minister"))
    text = f"Tapez {kept} puis validez avec le ministre.\n"
    translation = translate_document(parse(text, format="markdown"), engine, PLAIN)
    assert kept.removeprefix("[un lien") in translation.text
    assert translation.text.endswith(" puis validez avec le minister.\n")
    assert [len(unit) < 100 for unit in engine.sent] == [True]


def test_a_forgotten_space_between_sentences_is_put_in() -> None:
    translation = translate_document(parse("Le texte est fini.Il part.\n"), FakeEngine(), PLAIN)
    assert translation.text == "⟦Le texte est fini.⟧. ⟦Il part.⟧.\n"
