"""Words that a model hardly learnt: counted in training, kept beside the weights, told to the reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEngine

from translate.checks.terms import Terms
from translate.checks.unfamiliar import stem, unfamiliar_flags
from translate.errors import ModelError
from translate.glossary import Entry, Glossary
from translate.models import load_engine
from translate.models.checkpoint import FAMILIAR, read_familiar
from translate.sentences import Source, translate_sentences
from translate.settings import Settings
from translate.training.familiar import SELDOM, Familiarity, write_familiar

KNOWN = frozenset(map(stem, "le la un une du bar a donné alerte dans une homme femme président parle".split()))


def words(source: str, target: str, glossary: Glossary | None = None) -> list[str]:
    flags = unfamiliar_flags(source, target, KNOWN, Terms(glossary or Glossary()))
    assert all(flag.check == "unfamiliar" for flag in flags)
    return [flag.detail.split("”")[0].lstrip("“") for flag in flags]


@pytest.mark.parametrize(
    ("source", "target", "told"),
    [
        ("Le brimbelon du bar a donné l'alerte.", "The bar gate gave the alert.", ["brimbelon"]),
        ("Les brimbelons, le brimbelon.", "The gates, the gate.", ["brimbelons", "brimbelon"]),
        ("L’ébrouillis d'alertes", "The alert testament", ["ébrouillis"]),
        ("Il a extradé le président.", "He extradited the president.", []),
        ("Un podcast", "A podcast", []),
        ("Brimbelon parle à Le Brimbelon.", "Brimbelon speaks to Le Brimbelon.", []),
        ("BRIMBELON", "GATE", []),
        ("Un beau-frère parle @brimbelon #brimbelon brimbelon.fr a/brimbelon", "A beaufather speaks", []),
        ("Un ion du bar", "An ion of the bar", []),
        ("", "", []),
    ],
)
def test_what_is_told(source: str, target: str, told: list[str]) -> None:
    assert words(source, target) == told


def test_a_cognate_must_be_english() -> None:
    assert words("Un tiramisunet", "A tiramisulex") == ["tiramisunet"]


def test_set_terms_and_the_readers_own_are_verified_elsewhere() -> None:
    assert words("La grogne monte", "Discontent rises") == ["monte"]
    assert words("Le brimbelon parle", "The doorman speaks", Glossary((Entry("brimbelon", ("doorman",)),))) == []


def test_it_costs_no_other_try() -> None:
    engine = FakeEngine({"Le brimbelon parle.": "The gate speaks."}, familiar=KNOWN)
    (segment,) = translate_sentences([Source("Le brimbelon parle.")], engine, Settings())
    assert [flag.check for flag in segment.flags] == ["unfamiliar"]
    assert (segment.target, segment.rung, segment.attempts) == ("The gate speaks.", "first", ())
    assert len(engine.calls) == 1


def test_a_model_that_does_not_tell_is_not_doubted() -> None:
    engine = FakeEngine({"Le brimbelon parle.": "The gate speaks."})
    assert translate_sentences([Source("Le brimbelon parle.")], engine, Settings())[0].flags == ()


def test_lines_in_capitals_are_read_in_small_letters() -> None:
    engine = FakeEngine({"Le brimbelon parle": "The gate speaks"}, familiar=KNOWN)
    (segment,) = translate_sentences([Source("LE BRIMBELON PARLE")], engine, Settings())
    assert [flag.detail for flag in segment.flags] == ["“brimbelon” is hardly known to the model"]


class TestCounting:
    def test_what_comes_often_is_known(self, tmp_path: Path) -> None:
        counted = Familiarity()
        counted.learn(["Les brimbelons parlent."] * SELDOM + ["Un BRIMBELON d'hôtel."] + ["L'ébrouillis"] * SELDOM)
        counted.write(tmp_path)
        known = read_familiar(tmp_path)
        assert known is not None
        assert stem("brimbelon") in known
        assert stem("ébrouillis") not in known

    def test_fine_tuning_adds_to_what_the_origin_knew(self, tmp_path: Path) -> None:
        origin, model, learnt = tmp_path / "origin", tmp_path / "model", tmp_path / "learnt"
        origin.mkdir()
        model.mkdir()
        learnt.mkdir()
        (origin / FAMILIAR).write_text("# old\nancien\n", "utf-8")
        (learnt / FAMILIAR).write_text("# new\nneuf\n", "utf-8")
        write_familiar(model, learnt, origin)
        assert read_familiar(model) == {"ancien", "neuf"}

    def test_nothing_is_said_where_the_origin_says_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "origin").mkdir()
        (tmp_path / "learnt").mkdir()
        (tmp_path / "learnt" / FAMILIAR).write_text("neuf\n", "utf-8")
        write_familiar(tmp_path, tmp_path / "learnt", tmp_path / "origin")
        assert read_familiar(tmp_path) is None
        write_familiar(tmp_path, tmp_path / "missing", None)
        assert read_familiar(tmp_path) is None

    def test_a_damaged_list_is_an_error_in_words(self, tmp_path: Path) -> None:
        (tmp_path / FAMILIAR).write_bytes(b"\xff\xfe\x00bad")
        with pytest.raises(ModelError, match="familiar"):
            read_familiar(tmp_path)


def test_the_bundled_model_tells() -> None:
    engine = load_engine(model="bundled")
    assert engine.familiar is not None
    assert {stem("gouvernement"), stem("président"), stem("parler")} <= engine.familiar
    assert stem("tourtereaux") not in engine.familiar
