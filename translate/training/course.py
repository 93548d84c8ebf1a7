"""The course of a training on a prepared corpus: what it starts from, what it is fed, and the loop."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from translate.errors import UsageError
from translate.training import alignment, arrays, embedding, origin, scoring, vocabulary
from translate.training.events import Log, Note, OnEvent, Scores, scored
from translate.training.prepare import DevSet, Folder
from translate.training.settings import TrainSettings

if TYPE_CHECKING:
    from translate.training.checkpoint import State
    from translate.training.feed import Feed, Mix
    from translate.training.network import MarianNetwork
    from translate.training.optimiser import Optimiser

#: Padded lengths on CUDA: multiples of 8, as tensor cores and fused attention want, a third apart at most.
_WIDTHS = (8, 16, 24, 32, 40, 48, 64, 80, 96, 128, 160, 208, 256, 384, 512)

#: The beam of the scores on the way: greedy, to lose little time.
_BEAM = 1


@dataclass(frozen=True)
class Result:
    """What came of a call: ``model`` is the exported folder, None after an interruption (resume to go on)."""

    reason: str
    step: int
    tokens: int
    seconds: float
    model: Path | None = None
    scores: Scores | None = None


@dataclass(frozen=True)
class Resolved:
    """The settings that depend on the device or on the start, decided."""

    device: str
    threads: int
    batch_tokens: int
    longest: int
    sampled: int
    rate: float
    matrix_rate: float
    widths: tuple[int, ...]


def resolve(settings: TrainSettings) -> Resolved:
    """Return what the settings leave to device and start; raises UsageError for CUDA where there is none."""
    import torch

    from translate.engines.ct2 import usable_threads

    there = torch.cuda.is_available()
    if settings.device == "cuda" and not there:
        raise UsageError("--device cuda: torch finds no CUDA device", "Train with --device cpu.")
    cuda = there and settings.device != "cpu"
    return Resolved(
        device="cuda" if cuda else "cpu",
        threads=settings.threads or usable_threads(),
        batch_tokens=settings.batch_tokens or (65_536 if cuda else 2_304),
        longest=settings.max_pieces or (159 if cuda else 72),
        sampled=settings.sampled if settings.sampled >= 0 else (0 if cuda else 2_000),
        rate=settings.rate or (0.0003 if settings.start else 0.001),
        matrix_rate=settings.matrix_rate or (0.002 if settings.start else 0.01),
        widths=_WIDTHS if cuda else (),
    )


@dataclass(frozen=True)
class Course:
    """One training, begun or resumed, in its folder."""

    folder: Folder
    settings: TrainSettings
    resolved: Resolved
    dev: DevSet | None
    tell: OnEvent

    def run(self, log: Log) -> Result:
        """Train to the end of the budget and release the model, or to an interruption."""
        import torch

        from translate.training import checkpoint, release
        from translate.training.loop import Loop, Machine
        from translate.training.optimiser import Optimiser

        torch.set_num_threads(self.resolved.threads)
        torch.manual_seed(self.settings.seed)
        words = vocabulary.load(self.folder.vocabulary)
        network = self._network(words)
        teacher = None
        if self.settings.teacher:
            teacher = origin.load_teacher(Path(self.settings.teacher), words, self.resolved.device)
        optimiser = Optimiser(
            network,
            muon=self.settings.optimiser == "muon",
            rate=self.resolved.rate,
            matrix_rate=self.resolved.matrix_rate,
        )
        state = self._restore(network, optimiser, words)
        log.forget_after(state.step)

        def score(now: checkpoint.State) -> None:
            if self.dev is not None:
                head = self.dev.head(self.settings.score_lines)
                result = scoring.score(network, words, head, _BEAM)
                self.tell(scored(result, now.step, now.tokens, now.seconds, len(head.french), _BEAM, "training"))

        cuda = self.resolved.device == "cuda"
        loop = Loop(
            network,
            optimiser,
            self.settings,
            Machine(self.resolved.device, compiled=cuda, half=cuda),
            folder=self.folder.checkpoints,
            on_event=self.tell,
            on_score=score,
            teacher=teacher,
        )
        state, reason = loop.run(self._feed(words, state), state)
        if reason != "budget":
            return Result(reason, state.step, state.tokens, state.seconds)
        hardware = release.hardware(self.resolved.device, self.resolved.threads)
        scores = release.release(
            self.folder, self.settings, network, words, state, dev=self.dev, hardware=hardware, tell=self.tell
        )
        return Result(reason, state.step, state.tokens, state.seconds, self.folder.model, scores)

    def _network(self, words: vocabulary.Vocabulary) -> MarianNetwork:
        from translate.training.network import MarianNetwork

        shape = origin.first_shape(self.settings, words.size)
        if self.resolved.longest >= shape.positions:
            raise UsageError(
                f"--max-pieces {self.resolved.longest} is too much for {shape.positions} positions",
                f"Give at most {shape.positions - 1}.",
            )
        return MarianNetwork(shape, words.padding, self.settings.dropout).to(self.resolved.device)

    def _restore(self, network: MarianNetwork, optimiser: Optimiser, words: vocabulary.Vocabulary) -> State:
        from translate.training import checkpoint

        state = checkpoint.restore(self.folder.checkpoints, network, optimiser)
        if state is None:
            self._begin(network, words)
            state = checkpoint.State()
        return state

    def _begin(self, network: MarianNetwork, words: vocabulary.Vocabulary) -> None:
        """Set the weights a new training starts from: a checkpoint's, or random ones and an embedding."""
        import torch

        if self.settings.start:
            start = Path(self.settings.start)
            network.load_state_dict(origin.start_weights(start, network.shape, set(network.state_dict())))
            return
        weights, width = network.model.shared.weight, network.shape.d_model
        network.initialise(torch.Generator(weights.device).manual_seed(self.settings.seed))
        if self.settings.embed and not embedding.available():
            self.tell(Note("scipy is not installed: the embedding starts at random (pip install 'fr2en[train]')"))
        elif self.settings.embed and words.size > width + 2:
            corpus = arrays.load(self.folder.main)
            rows = embedding.cross_lingual(corpus, words.size, width, self.settings.seed)
            with torch.no_grad():
                weights.copy_(torch.from_numpy(rows))

    def _feed(self, words: vocabulary.Vocabulary, state: State) -> Feed:
        from translate.training.decoding import Ids
        from translate.training.feed import Feed, FeedSettings

        settings, resolved = self.settings, self.resolved
        drawn = FeedSettings(
            seed=settings.seed,
            vocabulary=words.size,
            shares=(settings.early_share, settings.final_share),
            final_from=settings.final_from,
            sampled=resolved.sampled,
            full_from=settings.full_from,
            guide_until=settings.guide_until if settings.guide > 0 and alignment.available() else 0.0,
            rows_of=resolved.batch_tokens if resolved.widths else 0,
            pin=resolved.device == "cuda",
        )
        paths = [path for path in (self.folder.main, self.folder.final) if arrays.is_written(path)]
        mixes = tuple(self._mix(path, settings.seed + number, not state.step) for number, path in enumerate(paths))
        return Feed(mixes, Ids(words.end, words.padding), drawn, state.positions)

    def _mix(self, path: Path, seed: int, first: bool) -> Mix:
        from translate.training.feed import Mix

        corpus, longest = arrays.load(path), self.resolved.longest
        order = arrays.Order(
            corpus, tokens=self.resolved.batch_tokens, longest=longest, seed=seed, widths=self.resolved.widths
        )
        if order.left_out and first:
            self.tell(Note(f"{order.left_out:,} of {len(corpus):,} pairs are longer than {longest} pieces"))
        return Mix(corpus, order)
