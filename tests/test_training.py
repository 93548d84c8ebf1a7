"""The training itself, on a small artificial language: the network, resuming to the step, export, synthesis."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from translate.checks.unfamiliar import stem
from translate.document import Hypothesis
from translate.engines import EngineInfo
from translate.errors import InputError, ModelError, OutputError, UsageError
from translate.models.checkpoint import read_familiar
from translate.settings import Decoding
from translate.training import card, course, export, origin, plot, presets
from translate.training.backtranslate import Synthesis, backtranslate
from translate.training.corpus import CorpusFile
from translate.training.course import Result
from translate.training.distil import distil
from translate.training.events import Event, Exported, Note, Progress, Saved, Scored, ignore, read_log
from translate.training.settings import TrainSettings
from translate.training.trainer import begun_with, train

torch = pytest.importorskip("torch")

from translate.training import checkpoint, decoding, network, optimiser  # noqa: E402 (torch code)

NOUNS = (
    ("ministre", "le ", "minister"), ("journaliste", "le ", "journalist"), ("voiture", "la ", "car"),
    ("maison", "la ", "house"), ("chien", "le ", "dog"), ("femme", "la ", "woman"), ("accord", "l'", "agreement"),
    ("soldat", "le ", "soldier"), ("ville", "la ", "town"), ("juge", "le ", "judge"), ("drone", "le ", "drone"),
)  # fmt: skip
ADJECTIVES = (("rouge", "red"), ("jeune", "young"), ("rapide", "fast"), ("triste", "sad"), ("calme", "calm"))
VERBS = (
    ("regarde", "watches"),
    ("trouve", "finds"),
    ("cherche", "seeks"),
    ("quitte", "leaves"),
    ("filme", "films"),
)
PLACES = (("à Paris", "in Paris"), ("en Syrie", "in Syria"), ("ce matin", "this morning"), ("", ""), ("", ""))


def language(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield sentences whose adjectives change places between the languages, and numbers that are copied."""
    rng = random.Random(seed)

    def noun_phrase() -> tuple[str, str]:
        french, article, english = rng.choice(NOUNS)
        if rng.random() < 0.5:
            ours, theirs = rng.choice(ADJECTIVES)
            return f"{article}{french} {ours}", f"the {theirs} {english}"
        return f"{article}{french}", f"the {english}"

    for _ in range(count):
        (subject, who), (verb, does), (thing, whom) = noun_phrase(), rng.choice(VERBS), noun_phrase()
        place, where = rng.choice(PLACES)
        number = rng.randint(2, 9999)
        french = f"{subject} {verb} {thing} {place}".strip() + (f" avec {number} amis" if number % 3 == 0 else "")
        english = f"{who} {does} {whom} {where}".strip() + (f" with {number} friends" if number % 3 == 0 else "")
        yield french[0].upper() + french[1:] + ".", english[0].upper() + english[1:] + "."


def write_tsv(path: Path, count: int, seed: int) -> Path:
    path.write_text("".join(f"{fr}\t{en}\n" for fr, en in language(count, seed)), encoding="utf-8")
    return path


SCRIPT = """
import json
import sys
from pathlib import Path
from translate.training import presets
from translate.training.corpus import CorpusFile
from translate.training.settings import TrainSettings
from translate.training.trainer import train
presets.PRESETS += (presets.Preset("toy", 32, 64, 1, 1, 2, 340),)
folder = Path(sys.argv[1])
settings = TrainSettings(**{**json.loads(sys.argv[2]), "weights": ("c=2",), "final_weights": ("c=1",)})
train([CorpusFile(folder / "c.tsv")], folder / "killed", settings)
"""


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A preset that trains in seconds, without the comparison of both engines (TestRelease has it)."""
    monkeypatch.setattr(presets, "PRESETS", (*presets.PRESETS, presets.Preset("toy", 32, 64, 1, 1, 2, 340)))
    monkeypatch.setattr(export, "compare_engines", lambda folder, lines: export.Agreement(1, 1))
    return "toy"


def toy_settings(**options: object) -> TrainSettings:
    given: dict[str, object] = {
        "preset": "toy",
        "threads": 1,
        "batch_tokens": 300,
        "guide": 0.0,
        "log_steps": 1,
    }
    return TrainSettings(**{**given, **options})  # type: ignore[arg-type]


def losses(out: Path) -> dict[int, tuple[float, int]]:
    return {e.step: (e.loss, e.tokens) for e in read_log(out / "log.jsonl") if isinstance(e, Progress)}


def wait_for_step(out: Path, step: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(2400):
        if (out / "log.jsonl").exists() and f'"progress", "step": {step},' in (out / "log.jsonl").read_text():
            return
        assert process.poll() is None, "the training ended before it was to be killed"
        time.sleep(0.05)
    pytest.fail(f"step {step} was never reached")


class TestResume:
    def test_after_a_kill_the_losses_are_those_of_a_training_left_alone(self, tmp_path: Path, toy: str) -> None:
        write_tsv(tmp_path / "c.tsv", 400, 1)
        files = [CorpusFile(tmp_path / "c.tsv")]
        settings = toy_settings(
            steps=24,
            checkpoint_steps=5,
            dropout=0.1,
            sampled=50,
            weights=("c=2",),
            final_weights=("c=1",),
            final_from=0.5,
        )
        train(files, tmp_path / "whole", settings)
        (tmp_path / "script.py").write_text(SCRIPT)
        process = subprocess.Popen(
            [sys.executable, str(tmp_path / "script.py"), str(tmp_path), json.dumps(asdict(settings))]
        )
        wait_for_step(tmp_path / "killed", 12, process)
        process.send_signal(signal.SIGSTOP)
        reached = max(losses(tmp_path / "killed"))
        process.kill()
        process.wait()
        assert 12 <= reached < 24
        train([], tmp_path / "killed", settings, resume=True)
        whole, resumed = losses(tmp_path / "whole"), losses(tmp_path / "killed")
        assert sorted(whole) == sorted(resumed) == list(range(1, 25))
        for step in whole:
            assert resumed[step] == pytest.approx(whole[step], rel=1e-6), step

    def test_a_signal_saves_and_stops_and_the_rest_follows(self, tmp_path: Path, toy: str) -> None:
        write_tsv(tmp_path / "c.tsv", 200, 1)
        out, files = tmp_path / "out", [CorpusFile(tmp_path / "c.tsv")]

        def stop(event: Event) -> None:
            if isinstance(event, Progress) and event.step == 3:
                signal.raise_signal(signal.SIGTERM)

        before = signal.getsignal(signal.SIGTERM)
        stopped = train(files, out, toy_settings(steps=6), on_event=stop)
        assert (stopped.reason, stopped.step, stopped.model) == ("interrupted", 3, None)
        assert signal.getsignal(signal.SIGTERM) is before
        assert [path.name for path in checkpoint.steps(out / "checkpoints")] == ["step-00000003"]
        done = train([], out, begun_with(out), resume=True)
        assert (done.reason, done.step) == ("budget", 6)
        assert sorted(losses(out)) == [1, 2, 3, 4, 5, 6]

    def test_the_newest_checkpoint_that_can_be_read_is_taken(self, tmp_path: Path) -> None:
        def parts(seed: int) -> tuple[network.MarianNetwork, optimiser.Optimiser]:
            torch.manual_seed(seed)
            net = network.MarianNetwork(presets.Shape(8, 16, 1, 1, 2, 20), 19)
            return net, optimiser.Optimiser(net, muon=True, rate=0.1, matrix_rate=0.1)

        net, opt = parts(1)
        for step in (1, 2, 3, 4):
            checkpoint.save(tmp_path, net, opt, checkpoint.State(step, 10 * step, 1.5), 3)
        assert [path.name[-1] for path in checkpoint.steps(tmp_path)] == ["2", "3", "4"]
        assert not (tmp_path / "step-00000002/optimiser.pt").exists()
        (tmp_path / "step-00000004/optimiser.pt").write_bytes(b"torn")
        (tmp_path / ".writing-00000005").mkdir()
        other, its = parts(2)
        assert checkpoint.restore(tmp_path, other, its) == checkpoint.State(3, 30, 1.5)
        assert torch.equal(other.model.shared.weight, net.model.shared.weight)
        (tmp_path / "step-00000003/state.json").write_text('{"step": 3, "tokens": 30, "seconds": 1, "positions": [4]}')
        with pytest.raises(ModelError, match="no checkpoint can be read"):
            checkpoint.restore(tmp_path, other, its)

    def test_what_would_change_the_curve_or_overwrite_a_training_is_refused(self, tmp_path: Path, toy: str) -> None:
        write_tsv(tmp_path / "c.tsv", 100, 1)
        out, files = tmp_path / "out", [CorpusFile(tmp_path / "c.tsv")]
        with pytest.raises(InputError, match="no training to resume"):
            train(files, out, toy_settings(steps=1), resume=True)
        with pytest.raises(UsageError, match="nothing to train on"):
            train([], out, toy_settings(steps=1))
        train(files, out, toy_settings(steps=1))
        with pytest.raises(OutputError, match="holds a training already"):
            train(files, out, toy_settings(steps=1))
        with pytest.raises(UsageError, match="cannot change seed"):
            train(files, out, toy_settings(steps=1, seed=2), resume=True)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "not the settings"),
            ("{", "not the settings"),
            ("[]", "there are none in it"),
            ("{}", "there are none in it"),
            ('{"settings": [1]}', "there are none in it"),
            ('{"settings": {}}', "a training needs one budget"),
            ('{"settings": {"steps": "many"}}', "steps is 'many'"),
            ('{"settings": {"steps": true}}', "steps is True"),
            ('{"settings": {"steps": 1, "weights": [3]}}', r"weights is \[3\]"),
            ('{"settings": {"steps": 1, "weights": ["x"]}}', "'x' is no weight"),
            ("[" * 100_000, "not the settings"),
        ],
    )
    def test_damaged_settings_are_an_input_error(self, tmp_path: Path, text: str, said: str) -> None:
        (tmp_path / "run.json").write_text(text)
        with pytest.raises(InputError, match=rf"run\.json: .*{said}"):
            begun_with(tmp_path)
        with pytest.raises(InputError, match=r"run\.json: "):
            train([], tmp_path, toy_settings(steps=1), resume=True)

    def test_settings_of_an_older_training_are_read(self, tmp_path: Path) -> None:
        (tmp_path / "run.json").write_text('{"settings": {"minutes": 5, "weights": ["news=2"], "gone": 1}}')
        assert begun_with(tmp_path) == TrainSettings(minutes=5.0, weights=("news=2",))

    def test_what_a_training_did_not_write_is_never_replaced(self, tmp_path: Path, toy: str) -> None:
        files, out = [CorpusFile(write_tsv(tmp_path / "c.tsv", 100, 1))], tmp_path / "out"
        out.mkdir()
        (out / "notes.txt").write_text("mine")
        for name in ("data", "model", "checkpoints", "vocabulary"):
            (out / name).mkdir()
            (out / name / "mine.txt").write_text("mine")
            with pytest.raises(OutputError, match=rf"out holds {name} already") as caught:
                train(files, out, toy_settings(steps=1))
            assert "another folder" in caught.value.hint
            assert (out / name / "mine.txt").read_text() == "mine"
            (out / name).rename(tmp_path / name)
        for name in ("dev.tsv", "log.jsonl", "curve.svg"):
            (out / name).write_text("Un.\tOne.\n")
            with pytest.raises(OutputError, match=rf"out holds {name} already"):
                train(files, out, toy_settings(steps=1), dev=tmp_path / "c.tsv")
            assert (out / name).read_text() == "Un.\tOne.\n"
            (out / name).unlink()
        (out / "model").symlink_to(tmp_path / "gone")
        with pytest.raises(OutputError, match="out holds model already"):
            train(files, out, toy_settings(steps=1))
        (out / "model").unlink()
        (tmp_path / "file").write_text("mine")
        with pytest.raises(OutputError, match="file: cannot be written"):
            train(files, tmp_path / "file", toy_settings(steps=1))
        assert (tmp_path / "file").read_text() == "mine"
        assert [path.name for path in out.iterdir()] == ["notes.txt"]
        assert train(files, out, toy_settings(steps=1)).model == out / "model"
        assert (out / "notes.txt").read_text() == "mine"

    def test_a_corpus_that_cannot_be_prepared_leaves_nothing_behind(self, tmp_path: Path, toy: str) -> None:
        good, bad = CorpusFile(write_tsv(tmp_path / "c.tsv", 100, 1)), tmp_path / "bad.tsv"
        bad.write_text("Un.\tOne.\nDeux.\n")
        out, settings = tmp_path / "new" / "out", toy_settings(steps=1)
        before = sorted(tmp_path.iterdir())
        for files, dev, said in (
            ([good, CorpusFile(tmp_path / "nope.tsv")], None, r"nope\.tsv: there is no such file"),
            ([CorpusFile(good.path, tmp_path / "nope.en")], None, r"nope\.en: there is no such file"),
            ([good], tmp_path / "nope.tsv", r"nope\.tsv: there is no such file"),
            ([good, CorpusFile(bad)], None, r"bad\.tsv, line 2"),
        ):
            with pytest.raises(InputError, match=said):
                train(files, out, settings, dev=dev)
            assert sorted(tmp_path.iterdir()) == before
        out.mkdir(parents=True)
        (out / "notes.txt").write_text("mine")
        with pytest.raises(InputError, match=r"bad\.tsv, line 2"):
            train([good, CorpusFile(bad)], out, settings, dev=good.path)
        assert [path.name for path in out.iterdir()] == ["notes.txt"]

    def test_a_training_killed_while_preparing_is_resumed(
        self, tmp_path: Path, toy: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files, out = [CorpusFile(write_tsv(tmp_path / "c.tsv", 100, 1))], tmp_path / "out"

        def killed(*_: object) -> int:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr("translate.training.arrays.write", killed)
            with pytest.raises(KeyboardInterrupt):
                train(files, out, toy_settings(steps=1), dev=write_tsv(tmp_path / "dev.tsv", 3, 2))
        (out / "data").mkdir(exist_ok=True)
        (out / "data/pairs.tsv").write_text("half a li")
        assert train(files, out, begun_with(out), resume=True).model == out / "model"


@pytest.fixture(scope="module")
def pair() -> tuple[network.MarianNetwork, object]:
    transformers = pytest.importorskip("transformers")
    shape = presets.Shape(16, 32, 2, 2, 2, 40, activation="swish", positions=64)
    torch.manual_seed(1)
    ours = network.MarianNetwork(shape, 39)
    ours.initialise(torch.Generator().manual_seed(1))
    ours.final_logits_bias.normal_()
    config = transformers.MarianConfig(
        vocab_size=40, d_model=16, encoder_layers=2, decoder_layers=2, encoder_ffn_dim=32, decoder_ffn_dim=32,
        encoder_attention_heads=2, decoder_attention_heads=2, pad_token_id=39, eos_token_id=0,
        decoder_start_token_id=39, max_position_embeddings=64, scale_embedding=True, activation_function="swish",
        attn_implementation="eager", dropout=0.0, bos_token_id=None, forced_eos_token_id=None,
    )  # fmt: skip
    theirs = transformers.MarianMTModel(config)
    missing, unexpected = theirs.load_state_dict(ours.state_dict(), strict=False)
    assert not unexpected
    assert all("embed" in name or "lm_head" in name for name in missing)
    theirs.tie_weights()
    return ours.eval(), theirs.eval()


class TestNetwork:
    def test_it_computes_what_transformers_computes(self, pair: tuple[network.MarianNetwork, object]) -> None:
        ours, theirs = pair
        source = torch.tensor([[5, 6, 7, 0], [8, 0, 39, 39]])
        shifted = torch.tensor([[39, 9, 10], [39, 11, 12]])
        hidden, looks = ours(source, shifted, True)
        expected = theirs(  # type: ignore[operator]
            input_ids=source, attention_mask=source != 39, decoder_input_ids=shifted, output_attentions=True
        )
        assert torch.allclose(ours.logits(hidden), expected.logits, atol=1e-4)
        assert torch.allclose(looks, expected.cross_attentions[-1].mean(1), atol=1e-5)
        plain, _ = ours(source, shifted, False)
        assert torch.allclose(hidden, plain, atol=1e-5)

    @pytest.mark.parametrize("beam", [1, 4])
    def test_its_search_finds_what_transformers_finds(
        self, pair: tuple[network.MarianNetwork, object], beam: int
    ) -> None:
        ours, theirs = pair
        sources = [[5, 6, 7], [8], [9, 10, 11, 12, 13]]
        found = decoding.decode(ours, sources, decoding.Ids(0, 39), beam=beam)
        for source, ids in zip(sources, found, strict=True):
            [row] = theirs.generate(  # type: ignore[attr-defined]
                input_ids=torch.tensor([[*source, 0]]), num_beams=beam, max_new_tokens=2 * (len(source) + 1) + 10,
                bad_words_ids=[[39]], do_sample=False, early_stopping=False,
            ).tolist()  # fmt: skip
            if 0 in row[1:] and beam == 1:
                assert ids == row[1 : row.index(0, 1)]
            elif 0 in ids:
                pytest.fail("the end of sentence is part of the text")

    def test_candidates_that_are_all_pieces_give_the_full_loss(
        self, pair: tuple[network.MarianNetwork, object]
    ) -> None:
        ours, _ = pair
        source = torch.tensor([[5, 6, 0], [7, 0, 39]])
        target = torch.tensor([[9, 10, 0], [11, 0, -100]])
        batch = network.Batch(source, torch.tensor([[39, 9, 10], [39, 11, 0]]), target, None, 5)
        full = network.training_loss(ours, batch, network.Objective(), None)[0]
        same = network.training_loss(ours, batch, network.Objective(), torch.arange(39))[0]
        static = network.training_loss(ours, batch, network.Objective(static=True), None)[0]
        fewer = network.training_loss(ours, batch, network.Objective(), torch.tensor([0, 9, 10, 11, 20]))[0]
        assert full.item() == pytest.approx(same.item(), rel=1e-5)
        assert full.item() == pytest.approx(static.item(), rel=1e-5)
        assert fewer.item() < full.item()

    def test_a_teacher_is_followed_at_every_piece(self, pair: tuple[network.MarianNetwork, object]) -> None:
        ours, _ = pair
        teacher = network.MarianNetwork(presets.Shape(8, 16, 1, 1, 1, 40), 39).eval()
        teacher.initialise(torch.Generator().manual_seed(2))
        source = torch.tensor([[5, 6, 0], [7, 0, 39]])
        target = torch.tensor([[9, 10, 0], [11, 0, -100]])
        batch = network.Batch(source, torch.tensor([[39, 9, 10], [39, 11, 0]]), target, None, 5)

        def total(share: float, candidates: torch.Tensor | None = None, static: bool = False) -> float:
            objective = network.Objective(teacher=share, static=static)
            return network.training_loss(ours, batch, objective, candidates, teacher)[0].item()

        def probabilities(model: network.MarianNetwork) -> torch.Tensor:
            hidden, _ = model(source, batch.shifted)
            return model.logits(hidden)[..., :39].softmax(-1)[target != -100]

        theirs, mine = probabilities(teacher), probabilities(ours)
        divergence = (theirs * (theirs / mine).log()).sum(-1).mean().item()
        alone = network.training_loss(ours, batch, network.Objective(), None)[0].item()
        assert total(1.0) == pytest.approx(divergence, rel=1e-4)
        assert total(0.25) == pytest.approx(0.75 * alone + 0.25 * divergence, rel=1e-4)
        for candidates, static in ((torch.arange(39), False), (None, True), (torch.arange(39), True)):
            assert total(0.25, candidates, static) == pytest.approx(total(0.25), rel=1e-4)
        itself = network.training_loss(ours, batch, network.Objective(teacher=1.0), None, ours)[0]
        assert itself.item() == pytest.approx(0, abs=1e-6)

    def test_the_guide_falls_when_attention_is_where_the_links_are(
        self, pair: tuple[network.MarianNetwork, object]
    ) -> None:
        ours, _ = pair
        source, shifted = torch.tensor([[5, 6, 0]]), torch.tensor([[39, 9, 10]])
        target, best = torch.tensor([[9, 10, 0]]), ours(source, shifted, True)[1].argmax(-1)
        guides = [
            float(network.training_loss(
                ours, network.Batch(source, shifted, target, links, 3), network.Objective(guide=1.0), None
            )[2])
            for links in (best, (best + 1) % 3, torch.full((1, 3), 255))
        ]  # fmt: skip
        assert guides[0] < guides[1]
        assert guides[2] == 0


class TestOptimiser:
    @pytest.mark.parametrize("shape", [(3, 8, 8), (2, 8, 20)])
    def test_orthogonalised_matrices_have_singular_values_near_one(self, shape: tuple[int, ...]) -> None:
        values = torch.linalg.svdvals(
            optimiser.orthogonalise(torch.randn(shape, generator=torch.Generator().manual_seed(1)))
        )
        assert bool(((values > 0.5) & (values < 1.3)).all())

    def test_the_rate_rises_holds_and_falls(self) -> None:
        scale = [optimiser.rate_scale(step / 100, step, warmup=10, decay_from=0.5) for step in range(101)]
        assert scale[0] == pytest.approx(0.1)
        assert scale[9] == scale[49] == 1.0
        assert scale[75] == pytest.approx(0.5)
        assert scale[100] == pytest.approx(0.01)

    def test_tall_and_wide_matrices_are_trained_and_others_by_adam(self) -> None:
        torch.manual_seed(1)
        model = torch.nn.Sequential(torch.nn.Linear(4, 12), torch.nn.ReLU(), torch.nn.Linear(12, 3))
        both = optimiser.Optimiser(model, muon=True, rate=0.02, matrix_rate=0.02)
        x, y = torch.randn(64, 4), torch.randint(0, 3, (64,))
        seen = []
        for _ in range(60):
            loss = torch.nn.functional.cross_entropy(model(x), y)
            loss.backward()
            both.step(1.0)
            seen.append(loss.item())
        assert seen[-1] < 0.8 * seen[0]
        assert all(p.grad is None for p in model.parameters())


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Result, list[Event]]]:
    """A training of a few steps with development set, two checkpoints to average, and an embedding start."""
    folder = tmp_path_factory.mktemp("trained")
    write_tsv(folder / "c.tsv", 300, 1)
    write_tsv(folder / "dev.tsv", 12, 2)
    events: list[Event] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(presets, "PRESETS", (*presets.PRESETS, presets.Preset("toy", 32, 64, 1, 1, 2, 340)))
        patch.setenv("FR2EN_CACHE", str(folder / "cache"))
        result = train(
            [CorpusFile(folder / "c.tsv")],
            folder / "out",
            toy_settings(steps=12, checkpoint_steps=4, score_steps=6, licence="cc-by-4.0"),
            dev=folder / "dev.tsv",
            on_event=events.append,
        )
        yield folder / "out", result, events


class TestRelease:
    def test_the_events_tell_the_course(self, trained: tuple[Path, Result, list[Event]]) -> None:
        out, result, events = trained
        assert [e.step for e in events if isinstance(e, Saved)] == [4, 8, 12]
        assert [(e.step, e.what) for e in events if isinstance(e, Scored)] == [
            (6, "training"), (12, "training"), (12, "last"), (12, "average"),
        ]  # fmt: skip
        assert [e for e in events if not isinstance(e, Note)] == [
            e for e in read_log(out / "log.jsonl") if not isinstance(e, Note)
        ]
        assert result.scores is not None
        assert "version:" in result.scores.bleu_signature
        assert "nc:6" in result.scores.chrf_signature

    def test_both_engines_agree_and_no_conversion_is_left(self, trained: tuple[Path, Result, list[Event]]) -> None:
        out, _, events = trained
        [exported] = [e for e in events if isinstance(e, Exported)]
        assert exported.compared == 12
        assert exported.agreeing >= 10
        assert not list((out.parent / "cache").glob("*float32*"))

    def test_transformers_and_ctranslate2_load_it_as_it_is(
        self, trained: tuple[Path, Result, list[Event]], tmp_path: Path
    ) -> None:
        transformers, ct2 = pytest.importorskip("transformers"), pytest.importorskip("ctranslate2")
        model = transformers.MarianMTModel.from_pretrained(trained[0] / "model")
        tokenizer = transformers.MarianTokenizer.from_pretrained(trained[0] / "model")
        batch = tokenizer(["Le chien trouve la ville 42."], return_tensors="pt")
        assert batch["input_ids"][0, -1] == 0
        assert tokenizer.decode(batch["input_ids"][0], skip_special_tokens=True) == "Le chien trouve la ville 42."
        assert model.generation_config.num_beams == 4
        assert model.config.decoder_start_token_id == len(tokenizer) - 1
        ct2.converters.TransformersConverter(str(trained[0] / "model")).convert(str(tmp_path / "ct2"))
        assert ct2.Translator(str(tmp_path / "ct2")).translate_batch([["▁Le", "</s>"]], max_decoding_length=4)

    def test_it_tells_which_words_it_has_learnt(self, trained: tuple[Path, Result, list[Event]]) -> None:
        known = read_familiar(trained[0] / "model")
        assert known is not None
        assert stem("chien") in known
        assert stem("tourtereau") not in known

    def test_the_card_is_written_from_the_log(self, trained: tuple[Path, Result, list[Event]]) -> None:
        out, result, events = trained
        text = (out / "model/README.md").read_text()
        assert text.startswith("---\nlanguage: [fr, en]\nlicense: cc-by-4.0\n")
        [exported] = [e for e in events if isinstance(e, Exported)]
        assert result.scores is not None
        for said in (
            exported.sha256,
            "12 steps",
            "seed 1",
            result.scores.bleu_signature,
            f"value: {result.scores.bleu:.1f}",
        ):
            assert said in text
        assert (
            max(map(len, card.render([], toy_settings(steps=1), presets.PRESETS[0].shape(9), "x").splitlines())) < 400
        )

    def test_the_curve_is_drawn(self, trained: tuple[Path, Result, list[Event]], tmp_path: Path) -> None:
        pytest.importorskip("matplotlib")
        assert (trained[0] / "curve.svg").read_text().startswith("<?xml")
        assert plot.write_curve(trained[2], tmp_path / "curve.png") == ""
        assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
        assert "nothing was logged" in plot.write_curve([], tmp_path / "none.svg")

    def test_resuming_a_finished_training_with_more_steps_goes_on(
        self, trained: tuple[Path, Result, list[Event]], toy: str
    ) -> None:
        out = trained[0]
        more = toy_settings(steps=14, checkpoint_steps=4, score_steps=6, licence="cc-by-4.0")
        assert train([], out, more, resume=True).step == 14
        assert sum(isinstance(e, Exported) for e in read_log(out / "log.jsonl")) == 1


class TestStudent:
    @pytest.mark.parametrize(
        ("layers", "keep", "kept"),
        [(6, 2, (0, 5)), (6, 3, (0, 2, 5)), (3, 1, (2,)), (2, 2, (0, 1)), (12, 4, (0, 4, 7, 11))],
    )
    def test_the_layers_kept_are_spread_over_the_decoder(self, layers: int, keep: int, kept: tuple[int, ...]) -> None:
        assert origin.kept_layers(layers, keep) == kept

    def test_a_student_has_fewer_layers_begins_from_its_teacher_and_follows_it(
        self, trained: tuple[Path, Result, list[Event]], tmp_path: Path, toy: str
    ) -> None:
        files, deep = [CorpusFile(trained[0].parent / "c.tsv")], tmp_path / "deep"
        train(files, deep, toy_settings(steps=40, decoder_layers=3))
        teacher = str(deep / "model")
        options = {"teacher": teacher, "teacher_share": 0.5, "steps": 8}
        train(files, tmp_path / "small", toy_settings(**options, start=teacher, decoder_layers=2, log_steps=8))
        train(files, tmp_path / "raw", toy_settings(**options, decoder_layers=2, log_steps=8))
        config = json.loads((tmp_path / "small" / "model" / "config.json").read_text())
        assert (config["encoder_layers"], config["decoder_layers"]) == (1, 2)
        assert losses(tmp_path / "small")[8][0] < losses(tmp_path / "raw")[8][0]
        assert "50% of the loss" in (tmp_path / "small" / "model" / "README.md").read_text()
        words = (Path(teacher) / "vocab.json").read_bytes()
        assert (tmp_path / "raw" / "model" / "vocab.json").read_bytes() == words
        assert read_familiar(tmp_path / "small" / "model") == read_familiar(Path(teacher))

    def test_the_first_weights_are_those_of_the_layers_kept(self, tmp_path: Path, toy: str) -> None:
        write_tsv(tmp_path / "c.tsv", 300, 1)
        train([CorpusFile(tmp_path / "c.tsv")], tmp_path / "deep", toy_settings(steps=1, decoder_layers=3))
        folder, name = tmp_path / "deep" / "model", "model.decoder.layers.{}.fc1.weight"
        whole = export.read_weights(folder, {name.format(number) for number in range(3)})
        shape = origin.first_shape(toy_settings(start=str(folder), decoder_layers=2, steps=1), 341)
        less = origin.start_weights(folder, shape, {name.format(number) for number in range(2)})
        assert torch.equal(less[name.format(0)], whole[name.format(0)])
        assert torch.equal(less[name.format(1)], whole[name.format(2)])

    def test_layers_that_are_not_there_and_teachers_of_other_words_are_refused(
        self, trained: tuple[Path, Result, list[Event]], tmp_path: Path, toy: str
    ) -> None:
        model, files = str(trained[0] / "model"), [CorpusFile(trained[0].parent / "c.tsv")]
        with pytest.raises(UsageError, match="--decoder-layers 2: the checkpoint has 1"):
            train(files, tmp_path / "more", toy_settings(steps=1, start=model, decoder_layers=2))
        write_tsv(tmp_path / "other.tsv", 60, 5)
        train([CorpusFile(tmp_path / "other.tsv")], tmp_path / "other", toy_settings(steps=1, pieces=330))
        with pytest.raises(UsageError, match="vocabulary"):
            train(
                files, tmp_path / "out", toy_settings(steps=1, start=model, teacher=str(tmp_path / "other" / "model"))
            )
        with pytest.raises(UsageError, match="no share"):
            toy_settings(steps=1, teacher=model, teacher_share=0.0)
        assert not (tmp_path / "more").exists()
        assert not (tmp_path / "out").exists()


def test_the_command_line_hands_on_what_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from translate.cli import main

    asked: list[TrainSettings] = []

    def begin(files: object, out: Path, settings: TrainSettings, **rest: object) -> Result:
        asked.append(settings)
        return Result("budget", 1, 1, 1.0, out / "model")

    monkeypatch.setattr("translate.training.trainer.train", begin)
    (tmp_path / "c.tsv").write_text("Le chien.\tThe dog.\n")
    command = ["train", str(tmp_path / "c.tsv"), "--out", str(tmp_path / "out"), "--steps", "1"]
    assert main(command) == 0
    assert main([*command, "--weights", "news=3", "--weights", "*=0.5", "--final-weights", "news=1"]) == 0
    assert main([*command, "--from", "bundled", "--teacher", "bundled", "--decoder-layers", "1"]) == 0
    assert asked[0].weights == asked[0].final_weights == ()
    assert asked[1].weights == ("news=3", "*=0.5")
    assert asked[1].final_weights == ("news=1",)
    assert asked[2].decoder_layers == 1
    assert Path(asked[2].start, "config.json").is_file()
    assert asked[2].teacher == asked[2].start


def test_a_mean_of_checkpoints_is_their_mean(tmp_path: Path) -> None:
    net = network.MarianNetwork(presets.Shape(8, 16, 1, 1, 2, 20), 19)
    opt = optimiser.Optimiser(net, muon=True, rate=0.1, matrix_rate=0.1)
    paths = []
    for step, value in ((1, 1.0), (2, 4.0)):
        torch.nn.init.constant_(net.model.shared.weight, value)
        paths.append(checkpoint.save(tmp_path, net, opt, checkpoint.State(step), 2))
    assert float(checkpoint.average(paths)["model.shared.weight"].mean()) == pytest.approx(2.5)


@pytest.mark.parametrize("name", ["weights.safetensors", "optimiser.pt", "state.json"])
def test_a_checkpoint_that_cannot_be_written_leaves_nothing_aside(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import safetensors

    net = network.MarianNetwork(presets.Shape(8, 16, 1, 1, 2, 20), 19)
    opt = optimiser.Optimiser(net, muon=True, rate=0.1, matrix_rate=0.1)
    first = checkpoint.save(tmp_path, net, opt, checkpoint.State(1), 2)
    (tmp_path / ".writing-00000007").mkdir()

    def full(error: Exception) -> object:
        def fail(*_: object, **__: object) -> None:
            [aside] = tmp_path.glob(".writing-*")
            (aside / name).write_bytes(b"half")
            raise error

        return fail

    with monkeypatch.context() as patch:
        if name == "weights.safetensors":
            patch.setattr("safetensors.torch.save_file", full(safetensors.SafetensorError("No space left")))
        elif name == "optimiser.pt":
            patch.setattr(torch, "save", full(RuntimeError("unexpected pos 576 vs 534\nframe 0")))
        else:
            patch.setattr(checkpoint.json, "dumps", full(OSError(28, "No space left on device")))
        with pytest.raises(OutputError, match=r"cannot be written: (No space left|unexpected pos)") as caught:
            checkpoint.save(tmp_path, net, opt, checkpoint.State(2), 2)
    assert str(tmp_path) in caught.value.what
    assert "frame" not in caught.value.what
    assert "--resume" in caught.value.hint
    assert list(tmp_path.iterdir()) == [first]
    checkpoint.save(tmp_path, net, opt, checkpoint.State(2), 2)


def test_a_training_on_a_small_disk_ends_and_goes_on_once_there_is_room(tmp_path: Path, toy: str) -> None:
    mount, umount = shutil.which("mount"), shutil.which("umount")
    disk, files, settings = (
        tmp_path / "disk",
        [CorpusFile(write_tsv(tmp_path / "c.tsv", 100, 1))],
        toy_settings(steps=4),
    )
    disk.mkdir()
    if not mount or not umount or os.system(f"{mount} -t tmpfs -o size=8m tmpfs '{disk}' 2>/dev/null"):
        pytest.skip("needs the right to mount a small disk")
    try:
        out, ballast = disk / "out", disk / "ballast"

        def fill(room: int) -> None:
            with ballast.open("ab") as stream:
                stream.write(b"x" * max(0, shutil.disk_usage(disk).free - room))

        def spoil(event: Event) -> None:
            if isinstance(event, Progress) and event.step == 4:
                fill(100_000)

        def refuse(event: Event) -> None:
            if isinstance(event, Saved):
                fill(50_000)

        fill(0)
        with pytest.raises(OutputError, match="cannot be written"):
            train(files, out, settings)
        assert list(disk.iterdir()) == [ballast]
        ballast.unlink()
        with pytest.raises(OutputError, match="checkpoints: cannot be written"):
            train(files, out, settings, on_event=spoil)
        assert list((out / "checkpoints").iterdir()) == []
        ballast.unlink()
        with pytest.raises(OutputError, match="model: cannot be written"):
            train([], out, settings, resume=True, on_event=refuse)
        assert not list(out.glob(".*"))
        assert not (out / "model").exists()
        ballast.unlink()
        assert train([], out, settings, resume=True).model == out / "model"
    finally:
        os.system(f"{umount} '{disk}'")


def test_a_loss_that_is_not_finite_ends_the_training(tmp_path: Path, toy: str) -> None:
    write_tsv(tmp_path / "c.tsv", 100, 1)
    with pytest.raises(ModelError, match="diverged"):
        train([CorpusFile(tmp_path / "c.tsv")], tmp_path / "out", toy_settings(steps=5, rate=1e30, embed=False))
    assert not list((tmp_path / "out/checkpoints").glob("step-*"))


def test_cuda_asked_for_and_not_there_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UsageError, match="no CUDA device"):
        course.resolve(toy_settings(steps=1, device="cuda"))


def test_batches_made_ahead_are_the_same_and_errors_come_through(tmp_path: Path) -> None:
    from translate.training import arrays, feed

    arrays.write(tmp_path, [([i % 30 + 2] * (i % 9 + 1), [i % 20 + 2] * (i % 7 + 1)) for i in range(200)])
    corpus = arrays.load(tmp_path)

    def served() -> feed.Feed:
        order = arrays.Order(corpus, tokens=64, longest=20, seed=1, widths=(8, 16))
        drawn = feed.FeedSettings(seed=1, vocabulary=40, sampled=5, rows_of=64)
        return feed.Feed((feed.Mix(corpus, order),), decoding.Ids(0, 39), drawn, ())

    plain, ahead = served(), feed.Ahead(served(), 0, lambda step: 0.0)
    for step in range(30):
        one, two = plain.serve(step, 0.0), ahead.serve(step, 0.0)
        assert one.after == two.after
        assert torch.equal(one.batch.target, two.batch.target)
        assert one.batch.source.shape in ((8, 8), (4, 16))
        assert one.batch.tokens == int((one.batch.target >= 0).sum())
        assert one.candidates is not None
        assert set(one.batch.target[one.batch.target >= 0].tolist()) <= set(one.candidates.tolist())
    ahead.close()
    assert threading.active_count() == 1 or all(t.name != "batches" for t in threading.enumerate())

    def broken(step: int) -> float:
        raise InputError("torn", "")

    failing = feed.Ahead(served(), 0, broken)
    with pytest.raises(InputError, match="torn"):
        failing.serve(0, 0.0)
    failing.close()


class Teacher:
    """An engine that answers from a table, best first, and reads at most 20 characters."""

    max_length = 20

    def __init__(self, table: dict[str, list[str]]) -> None:
        self._table = table

    @property
    def info(self) -> EngineInfo:
        return EngineInfo("table", "table", "", "cpu", "float32", 1)

    def length(self, source: str) -> int:
        return len(source)

    def true_case(self, text: str) -> str:
        return text

    def translate(self, sources: Sequence[str], decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        return [
            tuple(Hypothesis(text, -0.1) for text in self._table.get(source, [""])[: decoding.alternatives])
            for source in sources
        ]


class TestSynthesis:
    def test_back_translations_are_tagged_and_what_is_left_out_is_counted(self, tmp_path: Path) -> None:
        (tmp_path / "mono.tsv").write_text("news\tThe dog.\n\nnews\tNothing.\nnews\tA sentence that is too long.\n")
        engine = Teacher({"The dog.": ["Le  chien."]})
        done = backtranslate(engine, tmp_path / "mono.tsv", tmp_path / "out.tsv")
        assert (tmp_path / "out.tsv").read_text() == "backtranslated\t<bt> Le chien.\tThe dog.\n"
        assert done == Synthesis(read=4, written=1, blank=1, too_long=1, empty=1)

    def test_an_input_that_cannot_be_read_leaves_nothing_behind(self, tmp_path: Path) -> None:
        (tmp_path / "mono.txt").write_bytes(b"Fine.\n\xff\xfe\n")
        with pytest.raises(InputError, match="line 2"):
            backtranslate(Teacher({}), tmp_path / "mono.txt", tmp_path / "out.tsv")
        (tmp_path / "mono.txt").write_text("")
        with pytest.raises(InputError, match="nothing to translate"):
            backtranslate(Teacher({}), tmp_path / "mono.txt", tmp_path / "out.tsv")
        assert [path.name for path in tmp_path.iterdir()] == ["mono.txt"]

    def test_a_file_that_is_there_is_replaced_only_on_request_and_a_link_to_it_stays(self, tmp_path: Path) -> None:
        (tmp_path / "mono.txt").write_text("Le chat.\n")
        kept, link = tmp_path / "kept.tsv", tmp_path / "link.tsv"
        kept.write_text("mine\n")
        link.symlink_to(kept)
        engine, files = Teacher({"Le chat.": ["The cat."]}), [CorpusFile(tmp_path / "mono.txt")]
        for out in (kept, link):
            with pytest.raises(OutputError, match="is there already"):
                distil(engine, files, out, beam=1)
            with pytest.raises(OutputError, match="is there already"):
                backtranslate(engine, tmp_path / "mono.txt", out)
        assert kept.read_text() == "mine\n"
        distil(engine, files, link, beam=1, force=True)
        assert link.is_symlink()
        assert kept.read_text() == "mono\tLe chat.\tThe cat.\n"
        backtranslate(engine, tmp_path / "mono.txt", link, force=True)
        assert kept.read_text() == "backtranslated\t<bt> The cat.\tLe chat.\n"

    def test_a_device_is_written_to_and_stays_one(self, tmp_path: Path) -> None:
        (tmp_path / "mono.txt").write_text("Le chat.\n")
        link = tmp_path / "out.tsv"
        link.symlink_to("/dev/null")
        distil(Teacher({"Le chat.": ["The cat."]}), [CorpusFile(tmp_path / "mono.txt")], link, beam=1)
        assert link.is_char_device()

    @pytest.mark.parametrize("action", ["distil", "backtranslate"])
    def test_the_output_is_looked_at_before_a_model_is_loaded(
        self, action: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from translate.cli import main

        (tmp_path / "mono.txt").write_text("Le chat.\n")
        (tmp_path / "out.tsv").write_text("mine\n")
        command = ["train", action, str(tmp_path / "mono.txt"), "--out", str(tmp_path / "out.tsv")]
        with monkeypatch.context() as patch:
            patch.setattr("translate.models.load_engine", lambda *_: pytest.fail("a model was loaded"))
            assert main(command) == OutputError.exit_code
        assert "--force" in capsys.readouterr().err
        monkeypatch.setattr("translate.models.load_engine", lambda *_: Teacher({"Le chat.": ["The cat."]}))
        assert main([*command, "--force"]) == 0
        assert "The cat." in (tmp_path / "out.tsv").read_text()

    def test_the_hypothesis_nearest_to_the_reference_is_taught(self, tmp_path: Path) -> None:
        (tmp_path / "a.tsv").write_text("Le chien.\tThe small dog.\nLe chat.\t\n")
        engine = Teacher({"Le chien.": ["A hound.", "The small dogs."], "Le chat.": ["The cat.", "A cat."]})
        done = distil(engine, [CorpusFile(tmp_path / "a.tsv")], tmp_path / "out.tsv", beam=2)
        assert (tmp_path / "out.tsv").read_text() == "a\tLe chien.\tThe small dogs.\na\tLe chat.\tThe cat.\n"
        assert done == Synthesis(read=2, written=2)

    def test_bare_lines_are_taught_the_best(self, tmp_path: Path) -> None:
        (tmp_path / "mono.txt").write_text("Le chat.\n")
        engine = Teacher({"Le chat.": ["The cat.", "A cat."]})
        distil(engine, [CorpusFile(tmp_path / "mono.txt")], tmp_path / "out.tsv", beam=2, name="taught")
        assert (tmp_path / "out.tsv").read_text() == "taught\tLe chat.\tThe cat.\n"


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_model_learns_a_small_language_is_interrupted_goes_on_and_translates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from translate.engines.ct2 import CT2Engine
    from translate.models.checkpoint import open_checkpoint

    monkeypatch.setattr(presets, "PRESETS", (*presets.PRESETS, presets.Preset("toy", 64, 128, 2, 1, 4, 400)))
    monkeypatch.setenv("FR2EN_CACHE", str(tmp_path / "cache"))
    write_tsv(tmp_path / "c.tsv", 20_000, 1)
    write_tsv(tmp_path / "dev.tsv", 60, 2)
    settings = toy_settings(steps=260, batch_tokens=1500, log_steps=20, score_steps=65, checkpoint_steps=65, guide=0.3)
    out, files = tmp_path / "out", [CorpusFile(tmp_path / "c.tsv")]

    def stop(event: Event) -> None:
        if isinstance(event, Progress) and event.step == 140:
            signal.raise_signal(signal.SIGINT)

    assert train(files, out, settings, dev=tmp_path / "dev.tsv", on_event=stop).reason == "interrupted"
    done = train(files, out, settings, resume=True)
    bleu = [e.bleu for e in read_log(out / "log.jsonl") if isinstance(e, Scored) and e.what == "training"]
    assert len(bleu) == 4
    assert bleu[0] + 20 < bleu[-1]
    assert done.scores is not None
    assert done.scores.bleu > 60
    engine = CT2Engine(open_checkpoint(out / "model"), threads=1)
    [[best]] = engine.translate(["Le chien rouge regarde la ville à Paris."], Decoding(beam=4))
    assert best.text == "The red dog watches the town in Paris."


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_fine_tuning_on_a_translation_memory_shifts_its_terms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from translate.engines.ct2 import CT2Engine
    from translate.models.checkpoint import open_checkpoint

    bundled = Path(course.__file__).parents[1] / "bundled" / "fr-en"
    if not (bundled / "config.json").is_file():
        pytest.skip("there is no bundled checkpoint")
    monkeypatch.setenv("FR2EN_CACHE", str(tmp_path / "cache"))
    subjects = [("Un", "An"), ("Le", "The"), ("Ce", "This"), ("Leur", "Their"), ("Notre", "Our")]
    verbs = [
        ("a survolé", "flew over"),
        ("a frappé", "struck"),
        ("a quitté", "left"),
        ("surveille", "watches"),
    ]
    places = [
        ("la ville", "the city"),
        ("le port", "the port"),
        ("la base", "the base"),
        ("le camp", "the camp"),
    ]
    units = "".join(
        f'<tu><tuv xml:lang="fr"><seg>{a} drone {b} {c}.</seg></tuv>'
        f'<tuv xml:lang="en"><seg>{d} unmanned craft {e} {f}.</seg></tuv></tu>'
        for a, d in subjects for b, e in verbs for c, f in places
    )  # fmt: skip
    (tmp_path / "memory.tmx").write_text(f'<tmx version="1.4"><header/><body>{units}</body></tmx>')
    settings = TrainSettings(
        start=str(bundled),
        steps=60,
        threads=1,
        batch_tokens=600,
        guide=0.0,
        augment=False,
        warmup=5,
        log_steps=10,
    )
    done = train([CorpusFile(tmp_path / "memory.tmx")], tmp_path / "out", settings, on_event=ignore)
    assert done.model is not None
    sources = ["Un drone a frappé le village.", "Hier, le drone a survolé la frontière."]
    before, after = (
        [tries[0].text for tries in CT2Engine(open_checkpoint(path), threads=1).translate(sources, Decoding(beam=4))]
        for path in (bundled, done.model)
    )
    assert not any("unmanned craft" in text for text in before)
    assert any("unmanned craft" in text for text in after)
    config = json.loads((done.model / "config.json").read_text())
    assert config["d_model"] == json.loads((bundled / "config.json").read_text())["d_model"]
