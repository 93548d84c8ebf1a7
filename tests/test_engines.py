from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_checkpoint import write_tiny

from translate.document import Link
from translate.engines import Engine
from translate.engines.ct2 import CT2Engine
from translate.engines.offsets import align, locate
from translate.engines.pieces import END, Pieces
from translate.errors import ModelError
from translate.models import Checkpoint, resolve
from translate.models.checkpoint import open_checkpoint
from translate.settings import Decoding

SENTENCES = (
    "Le président a déclaré que la guerre était finie.",
    "Les femmes ne sont pas d’accord avec « le gouvernement ».",
    "L’économie de la France a progressé de 3,5 % en 2023, selon l’Insee.",
    "Trois hommes sont morts à Paris",
    "Il n'a rien dit.",
    "Pourquoi les prix augmentent-ils ?",
    "BEYROUTH (AFP) – Au moins 1 200 personnes ont manifesté mardi 4 mars devant l’ambassade.",
    "« Nous ne voulons pas de cette loi », a-t-il ajouté, avant de quitter la salle.",
    "Un 🙂 et un mot inconnu : Zvrgłxk.",
)


@pytest.fixture(scope="module")
def bundled() -> Checkpoint:
    return resolve("bundled")


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FR2EN_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def pieces(bundled: Checkpoint) -> Pieces:
    return Pieces(bundled)


@pytest.fixture(scope="module")
def engine(bundled: Checkpoint) -> CT2Engine:
    return CT2Engine(bundled, threads=2)


@pytest.fixture(scope="module")
def exact(bundled: Checkpoint) -> CT2Engine:
    return CT2Engine(bundled, compute_type="float32", threads=1)


@pytest.fixture(scope="module")
def reference(bundled: Checkpoint) -> Engine:
    from translate.engines.marian import MarianEngine

    return MarianEngine(bundled)


# ---------------------------------------------------------------- both engines


@pytest.mark.parametrize(
    "decoding",
    [
        Decoding(beam=1, align=True),
        Decoding(beam=4, alternatives=3, align=True),
        Decoding(beam=4, max_tokens=5),
    ],
    ids=["greedy", "beam", "cut"],
)
def test_both_engines_agree(exact: CT2Engine, reference: Engine, decoding: Decoding) -> None:
    assert isinstance(reference, Engine)
    for ours, theirs in zip(
        exact.translate(SENTENCES, decoding), reference.translate(SENTENCES, decoding), strict=True
    ):
        assert [h.text for h in ours] == [h.text for h in theirs]
        assert [h.complete for h in ours] == [h.complete for h in theirs]
        assert [h.links for h in ours] == [h.links for h in theirs]
        # CTranslate2's vectorised exponential differs in the fourth digit.
        assert [h.score for h in ours] == pytest.approx([h.score for h in theirs], abs=0.01)


def test_the_torch_engine_names_a_checkpoint_it_cannot_load(tmp_path: Path) -> None:
    from translate.engines.marian import MarianEngine

    with pytest.raises(ModelError, match="cannot load"):
        MarianEngine(open_checkpoint(write_tiny(tmp_path / "tiny", activation_function="boom")))


def test_weights_in_a_pickle(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    from translate.engines.marian import MarianEngine

    folder = write_tiny(tmp_path / "tiny", scale_embedding=False)
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    first = MarianEngine(open_checkpoint(folder)).translate(SENTENCES[:3], Decoding(max_tokens=9))
    (folder / "model.safetensors").unlink()
    checkpoint = open_checkpoint(folder)
    assert checkpoint.weights.name == "pytorch_model.bin"
    for engine in (MarianEngine(checkpoint), CT2Engine(checkpoint, compute_type="float32", threads=1)):
        found = engine.translate(SENTENCES[:3], Decoding(max_tokens=9))
        assert [h[0].text for h in found] == [h[0].text for h in first]


@pytest.mark.parametrize("layers", [0, 2])
def test_a_pickle_with_other_layers_than_the_configuration_says(tmp_path: Path, layers: int) -> None:
    import torch
    from safetensors.torch import load_file

    from translate.engines.marian import MarianEngine

    folder = write_tiny(tmp_path / "tiny", **({"encoder_layers": layers} if layers else {}))
    state = load_file(folder / "model.safetensors")
    again = {name.replace("layers.0", "layers.1"): tensor for name, tensor in state.items() if "decoder.layers" in name}
    torch.save(state if layers else {**state, **again}, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    checkpoint = open_checkpoint(folder)
    with pytest.raises(ModelError, match=r"layers, but config\.json says"):
        CT2Engine(checkpoint)
    with pytest.raises(ModelError, match=r"layers, but config\.json says"):
        MarianEngine(checkpoint)


class Malicious:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("executed",))


def test_a_pickle_is_never_executed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    import torch

    from translate.engines.marian import MarianEngine

    folder = write_tiny(tmp_path / "tiny")
    (folder / "model.safetensors").unlink()
    torch.save({"model.shared.weight": Malicious()}, folder / "pytorch_model.bin")
    checkpoint = open_checkpoint(folder)
    with pytest.raises(ModelError):
        MarianEngine(checkpoint)
    with pytest.raises(ModelError, match="never unpickled"):
        CT2Engine(checkpoint)
    assert "executed" not in capfd.readouterr().out


# ---------------------------------------------------------------- CTranslate2


def test_one_answer_a_unit_in_order(engine: CT2Engine) -> None:
    units = [*SENTENCES, "", "Oui.", *SENTENCES[:2]]
    found = engine.translate(units, Decoding())
    assert len(found) == len(units)
    assert found[len(SENTENCES)] == engine.translate([""], Decoding())[0]
    assert found[len(SENTENCES)][0].text == ""
    assert found[-2:] == found[:2]
    assert "war" in found[0][0].text.lower()
    assert all(h[0].score < 0 and h[0].complete for i, h in enumerate(found) if units[i])


def test_no_unit_at_all(engine: CT2Engine) -> None:
    assert engine.translate([], Decoding()) == []
    assert engine.translate(["   "], Decoding(align=True))[0][0].text == ""


def test_company_does_not_change_a_translation(exact: CT2Engine) -> None:
    together = exact.translate(SENTENCES, Decoding(beam=2))
    alone = [exact.translate([s], Decoding(beam=2))[0] for s in SENTENCES]
    assert [h[0].text for h in together] == [h[0].text for h in alone]


def test_alternatives_come_best_first(engine: CT2Engine) -> None:
    (found,) = engine.translate(SENTENCES[:1], Decoding(beam=1, alternatives=3))
    assert len(found) == 3
    assert len({h.text for h in found}) > 1  # two segmentations may read the same
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)


@pytest.mark.parametrize("decoding", [Decoding(), Decoding(4, 4, align=True)])
def test_a_unit_comes_out_the_same_whatever_it_is_translated_with(engine: CT2Engine, decoding: Decoding) -> None:
    seeds = Path(__file__).parent.parent / "seeds"
    lines = "\n".join((seeds / name).read_text("utf-8") for name in ("article.txt", "capitals.txt", "wrapped.txt"))
    units = list(dict.fromkeys(line.strip()[:300] for line in lines.splitlines() if line.strip()))
    together = engine.translate(units, decoding)
    assert engine.translate(units[::-1], decoding)[::-1] == together
    assert [engine.translate([unit], decoding)[0] for unit in units] == together


def test_a_text_cut_at_the_bound_says_so(engine: CT2Engine) -> None:
    (found,) = engine.translate(SENTENCES[:1], Decoding(max_tokens=3))
    assert not found[0].complete
    assert len(found[0].text.split()) <= 3


def test_nothing_is_cut_on_the_way_in(engine: CT2Engine) -> None:
    long = "la guerre " * 300
    assert engine.length(long) > engine.max_length
    with pytest.raises(ModelError, match=r"longer than the model's 512: 'la guerre"):
        engine.translate(["Oui.", long], Decoding())


def test_length_counts_the_end(engine: CT2Engine, pieces: Pieces) -> None:
    assert engine.length("") == 1
    assert engine.length("Paris") == len(pieces.encode("Paris")) == 2


def test_ctrl_c_is_heard_between_looks_at_the_answers(engine: CT2Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("translate.engines.ct2.time.sleep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        engine.translate([f"Le {n}e ministre a retiré son projet de loi mardi." for n in range(300)], Decoding())


def test_information_for_the_record(engine: CT2Engine, bundled: Checkpoint) -> None:
    told = engine.info
    assert (told.engine, told.model, told.checksum) == ("ct2", "bundled", bundled.checksum)
    assert (told.device, told.compute_type, told.threads) == ("cpu", "int8", 2)
    assert dict(told.versions)["ctranslate2"]
    assert isinstance(engine, Engine)


def test_translating_imports_no_torch() -> None:
    code = (
        "import sys; from translate.models import load_engine; from translate.settings import Decoding; "
        "e = load_engine(model='bundled', device='cpu'); "
        "e.translate(['La guerre est finie.'], Decoding(align=True)); "
        "print([n for n in ('torch', 'transformers', 'huggingface_hub') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_a_conversion_computes_what_the_library_s_own_does(tmp_path: Path) -> None:
    """Started from a zero vector, as OPUS-MT checkpoints are, both converters give one text."""
    import ctranslate2
    from ctranslate2.converters import TransformersConverter
    from safetensors.numpy import load_file, save_file

    from translate.engines.conversion import convert

    folder = write_tiny(tmp_path / "tiny")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "MarianTokenizer"}))
    tensors = load_file(folder / "model.safetensors")
    tensors["model.shared.weight"][-1] = 0
    tensors["final_logits_bias"][0, 1] = -1e9
    save_file(tensors, folder / "model.safetensors")
    convert(folder, tmp_path / "ours", "float32")
    TransformersConverter(str(folder)).convert(str(tmp_path / "theirs"))
    tokens = Pieces(open_checkpoint(folder)).encode_all(SENTENCES)
    found = [
        [
            (r.hypotheses[0], pytest.approx(r.scores[0], abs=1e-3))
            for r in ctranslate2.Translator(str(tmp_path / side)).translate_batch(
                tokens, return_scores=True, max_decoding_length=20
            )
        ]
        for side in ("ours", "theirs")
    ]
    assert [text for text, _ in found[0]] == [text for text, _ in found[1]]


# ---------------------------------------------------------------- pieces


@pytest.mark.parametrize("text", SENTENCES)
def test_pieces_are_those_of_transformers(bundled: Checkpoint, pieces: Pieces, text: str) -> None:
    from transformers import MarianTokenizer

    from translate.typography import normalise

    tokenizer = MarianTokenizer.from_pretrained(bundled.path, local_files_only=True)
    ids = [pieces.vocabulary[token] for token in pieces.encode(text)]
    assert ids == tokenizer(normalise(text)).input_ids
    tokens = pieces.encode(text)
    assert pieces.decode(tokens) == tokenizer.decode(ids, skip_special_tokens=True)


@pytest.mark.parametrize(
    ("text", "pieces_wanted"),
    [
        ("(malgré tout)", ["\u2581(", "\u2581malgré", "\u2581tout"]),
        ("Il part (deux fois).", ["\u2581(", "\u2581deux"]),
        ("(Macron)", ["\u2581(", "M"]),
    ],
)
def test_a_bracket_does_not_break_a_word(pieces: Pieces, text: str, pieces_wanted: list[str]) -> None:
    found = pieces.encode(text)
    start = found.index(pieces_wanted[0])
    assert found[start : start + len(pieces_wanted)] == pieces_wanted


def test_marks_that_break_words_are_told(pieces: Pieces) -> None:
    assert pieces.breaks('"', "Sans")
    assert not pieces.breaks('"', "il")


def test_special_tokens_in_a_text_are_text(pieces: Pieces) -> None:
    tokens = pieces.encode("Le </s> et le <pad>.")
    assert tokens.count(END) == 1
    assert tokens[-1] == END
    assert "<pad>" not in tokens


@pytest.mark.parametrize(
    ("length", "wanted", "bound"),
    [
        (2, None, 68),
        (16, None, 68),
        (17, None, 116),
        (500, None, 512),
        (5, 40, 40),
        (5, 9999, 512),
        (5, 0, 1),
    ],
)
def test_the_bound_of_an_output(pieces: Pieces, length: int, wanted: int | None, bound: int) -> None:
    assert pieces.bound(length, wanted) == bound


@pytest.mark.parametrize(
    ("capitals", "expected"),
    [
        ("L'ATTAQUE CONTRE L'ONU FAIT 12 MORTS À PARIS", "L'attaque contre l'ONU fait 12 morts à Paris"),
        ("L’UE ET L’OTAN CONDAMNENT LES FRAPPES", "L’UE et l’OTAN condamnent les frappes"),
        ("UKRAINE : LA GUERRE CONTINUE", "Ukraine : la guerre continue"),
        ("GUERRE EN SYRIE. LA RUSSIE ACCUSE", "Guerre en Syrie. La Russie accuse"),
        ("LE G7 SE RÉUNIT EN FRANCE", "Le G7 se réunit en France"),
        ("LOUIS XIV N'AIMAIT PAS PARIS", "Louis XIV n'aimait pas Paris"),
        ("LE 2E TRIMESTRE, À 17H", "Le 2e trimestre, à 17h"),
        ("LE PSG A GAGNÉ", "Le PSG a gagné"),
        ("QU'EST-CE QUE LA GUERRE ?", "Qu'est-ce que la guerre ?"),
        ("Le PARIS d'hier", "Le Paris d'hier"),
        ("", ""),
        ("12 – 30 %", "12 – 30 %"),
    ],
)
def test_capitals_become_words(pieces: Pieces, capitals: str, expected: str) -> None:
    assert pieces.true_case(capitals) == expected


# ---------------------------------------------------------------- alignment


@pytest.mark.parametrize(
    ("derived", "raw", "expected"),
    [
        ("abc", "abc", "abc"),
        ("l'été", "l’e\u0301té", "l’eté"),
        ("fin", "ﬁn", "ﬁﬁn"),
        (' "oui" !', "« oui » !", "««oui» !"),
        ("a b", "a\u00a0\u00a0b", "a\u00a0b"),
        ("...fin", "…fin", "………fin"),
        ("1/2 a", "½ a", "½½½ a"),
    ],
)
def test_characters_are_located(derived: str, raw: str, expected: str) -> None:
    places = locate(derived, raw)
    assert "".join(raw[place] for place in places) == expected
    assert places == sorted(places)


def test_letters_that_differ_are_located_in_proportion() -> None:
    assert locate("xx fin", "abcd fin") == [0, 2, 2, 5, 6, 7]
    assert locate("abc", "") == [0, 0, 0]
    assert locate("abc", "!") == [0, 0, 0]


def test_links_are_in_the_characters_of_the_raw_unit() -> None:
    raw, target = "«\u00a0L’été\u00a0» fini", '"Summer" over'
    surfaces = [' "', "L", "'", "été", '"', " fini"]
    rows = [' "', "Sum", "mer", '"', " over"]
    attention = [
        [1, 0, 0, 0, 0, 0, 0],
        [0, 0.1, 0, 0.5, 0, 0, 0.4],
        [0, 0.6, 0, 0.3, 0, 0, 0.1],
        [0, 0, 0, 0, 1, 0, 0],
        [0, 0, 0, 0, 0, 0.2, 0.8],
        [0, 0, 0, 0, 0, 0, 1],
    ]
    links = align(raw, surfaces, target, rows, attention)
    assert [(raw[k.source_start : k.source_end], target[k.target_start : k.target_end]) for k in links] == [
        ("«", '"'),
        ("été", "Summer"),
        ("»", '"'),
        ("fini", "over"),
    ]


def test_words_the_model_knows_are_linked(engine: CT2Engine) -> None:
    source = "«\u00a0La guerre\u00a0» est finie à Paris."
    (found,) = engine.translate([source], Decoding(align=True))
    linked = {source[k.source_start : k.source_end] for k in found[0].links}
    assert {"guerre", "Paris"} <= linked
    for link in found[0].links:
        assert isinstance(link, Link)
        assert 0 <= link.source_start < link.source_end <= len(source)
        assert 0 <= link.target_start < link.target_end <= len(found[0].text)


def test_links_are_not_computed_unless_asked_for(engine: CT2Engine) -> None:
    assert engine.translate(SENTENCES[:1], Decoding())[0][0].links == ()


# ---------------------------------------------------------------- damaged checkpoints


def test_a_sentencepiece_model_that_is_none(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    (folder / "target.spm").write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"target\.spm is not a sentencepiece model"):
        CT2Engine(open_checkpoint(folder))


def test_a_tensor_that_is_missing(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = write_tiny(tmp_path / "tiny")
    tensors = load_file(folder / "model.safetensors")
    del tensors["model.decoder.layers.0.fc2.bias"]
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(ModelError, match=r"model\.decoder\.layers\.0\.fc2\.bias"):
        CT2Engine(open_checkpoint(folder))


FC1 = "model.encoder.layers.0.fc1.weight"


@pytest.mark.parametrize("form", ["safetensors", "pickle"])
@pytest.mark.parametrize("engine", ["ct2", "torch"])
@pytest.mark.parametrize("unsound", ["nan", "inf", "beyond", "int8", "shape"])
def test_a_tensor_that_is_not_sound_is_named(tmp_path: Path, unsound: str, engine: str, form: str) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    from translate.engines.marian import MarianEngine

    folder = write_tiny(tmp_path / "tiny")
    state = load_file(folder / "model.safetensors")
    if unsound == "int8":
        state[FC1] = state[FC1].to(torch.int8)
    elif unsound == "shape":
        state[FC1] = state[FC1][:-8].clone()
    else:
        state[FC1] = state[FC1].double()  # "beyond": of what float32 can hold
        state[FC1][3, 5] = {"nan": float("nan"), "inf": -float("inf"), "beyond": 1e300}[unsound]
    if form == "pickle":
        torch.save(state, folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()
    else:
        save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    said = {"int8": r"of the type (I8|torch\.int8)", "shape": r"has the shape \[8, 8\], but .* says \[16, 8\]"}
    with pytest.raises(ModelError, match=rf"{FC1} in .* {said.get(unsound, 'no finite numbers')}"):
        (CT2Engine if engine == "ct2" else MarianEngine)(open_checkpoint(folder))
