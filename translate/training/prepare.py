"""From corpus files to arrays: filtered, weighted, varied and tokenised, streamed throughout."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from translate.errors import InputError
from translate.training import alignment, arrays, origin, vocabulary
from translate.training.augment import Augmenter, shared_names
from translate.training.corpus import CorpusFile, read_lines, read_pairs
from translate.training.disk import remove, writing
from translate.training.events import Note, OnEvent, Prepared
from translate.training.events import prepared as prepared_event
from translate.training.familiar import Familiarity
from translate.training.filters import FilterReport, PairFilter
from translate.training.presets import preset
from translate.training.settings import FilterSettings, TrainSettings, Weights, parse_weights
from translate.typography import normalise
from translate.write.atomic import write_bytes

#: Lines given to sentencepiece in one call: enough to keep its threads busy.
_CHUNK = 10_000

#: Names that occur more often than this are known words to the model, not names to be copied.
_COMMON_NAME = 200


@dataclass(frozen=True)
class Folder:
    """The folder of a training and what is where in it."""

    path: Path

    @property
    def data(self) -> Path:
        """The prepared corpus."""
        return self.path / "data"

    @property
    def main(self) -> Path:
        """The arrays of the main mix."""
        return self.data / "main"

    @property
    def final(self) -> Path:
        """The arrays of the last phase's mix, if there is one."""
        return self.data / "final"

    @property
    def vocabulary(self) -> Path:
        """The vocabulary."""
        return self.path / "vocabulary"

    @property
    def dev(self) -> Path:
        """The development set, copied, so that a resumed training finds it."""
        return self.path / "dev.tsv"

    @property
    def checkpoints(self) -> Path:
        """The checkpoints."""
        return self.path / "checkpoints"

    @property
    def log(self) -> Path:
        """The log."""
        return self.path / "log.jsonl"

    @property
    def run(self) -> Path:
        """The settings of the training."""
        return self.path / "run.json"

    @property
    def model(self) -> Path:
        """The exported model."""
        return self.path / "model"

    @property
    def curve(self) -> Path:
        """The curve of the training."""
        return self.path / "curve.svg"

    @property
    def parts(self) -> tuple[Path, ...]:
        """All that a training writes beside its settings."""
        return (self.data, self.vocabulary, self.dev, self.checkpoints, self.log, self.curve, self.model)

    @property
    def prepared(self) -> Path:
        """What came of the preparation; written last."""
        return self.data / "prepared.json"


@dataclass(frozen=True)
class DevSet:
    """Lines to score a model on, and their translations; both raw."""

    french: tuple[str, ...]
    english: tuple[str, ...]

    def head(self, lines: int) -> DevSet:
        """Return the first ``lines`` of it."""
        return DevSet(self.french[:lines], self.english[:lines])


def read_dev(path: Path) -> DevSet:
    """Return a development set from a TSV; raises InputError for an empty one."""
    pairs = list(read_pairs(CorpusFile(path)))
    if not pairs:
        raise InputError(f"{path}: no lines to score on", "A development set is a TSV: French, tab, English.")
    return DevSet(tuple(pair.french for pair in pairs), tuple(pair.english for pair in pairs))


def prepare(
    files: Sequence[CorpusFile],
    folder: Folder,
    settings: TrainSettings,
    filters: FilterSettings,
    *,
    dev: DevSet | None,
    threads: int,
    on_event: OnEvent,
) -> Prepared:
    """Write the vocabulary and the arrays of both mixes into ``folder``, and say what came of the corpus.

    Done already (a resumed training): returns what was said then. Raises InputError for unreadable or
    malformed files, and for a corpus of which nothing is left, OutputError where it cannot be written; what
    was prepared until then is removed.
    """
    if folder.prepared.is_file():
        return _read_prepared(folder.prepared)
    remove(folder.data)
    with writing(folder.path, folder.data, folder.vocabulary):
        folder.data.mkdir(parents=True)
        prepared = _prepared(files, folder, settings, filters, dev, threads, on_event)
        write_bytes(json.dumps(asdict(prepared), ensure_ascii=False).encode(), folder.prepared, force=True)
    return prepared


def _prepared(
    files: Sequence[CorpusFile],
    folder: Folder,
    settings: TrainSettings,
    filters: FilterSettings,
    dev: DevSet | None,
    threads: int,
    on_event: OnEvent,
) -> Prepared:
    mixes = [(folder.main, parse_weights(settings.weights))]
    if settings.final_weights:
        mixes.append((folder.final, parse_weights(settings.final_weights)))
    clean = folder.data / "pairs.tsv"
    held_out = frozenset(normalise(line) for line in dev.french) if dev else frozenset()
    familiarity = Familiarity()
    report, names = _clean(files, clean, PairFilter(filters, held_out), familiarity)
    familiarity.write(folder.data)
    _vocabulary(folder, clean, settings, mixes[0][1], threads)
    words = vocabulary.load(folder.vocabulary)
    counts = []
    for number, (path, weights) in enumerate(mixes):
        augmenter = Augmenter(names) if settings.augment else None
        lines = _mixed(clean, weights, augmenter, random.Random(f"{settings.seed}:{number}"))
        counts.append(arrays.write(path, _encoded(lines, words)))
        if not counts[-1]:
            raise InputError(
                "nothing is left of the corpus" + (" for the last phase" if number else ""),
                "Look at the reasons why pairs were dropped, and at the weights.",
            )
    clean.unlink()
    if settings.guide > 0:
        _align(folder.main, settings.seed, on_event)
    return Prepared(counts[0], sum(counts[1:]), len(arrays.load(folder.main).target.pieces), report)


def _read_prepared(path: Path) -> Prepared:
    try:
        return prepared_event(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"{path}: cannot be read: {error}",
            "Delete it, and give the corpus again with --resume: it is then prepared anew.",
        ) from error


def _clean(
    files: Sequence[CorpusFile], path: Path, pair_filter: PairFilter, familiarity: Familiarity
) -> tuple[FilterReport, tuple[str, ...]]:
    names: Counter[str] = Counter()
    with path.open("w", encoding="utf-8") as stream:
        for file in files:
            for pair in pair_filter.passed(read_pairs(file)):
                stream.write(f"{normalise(pair.name)}\t{pair.french}\t{pair.english}\n")
                names.update(shared_names(pair.french, pair.english))
                familiarity.learn((pair.french,))
    report = pair_filter.report()
    if not report.kept:
        raise InputError(
            f"nothing is left of {report.read} pairs",
            "; ".join(f"{drop.source}: {drop.count} {drop.reason}" for drop in report.dropped),
        )
    return report, tuple(sorted(name for name, count in names.items() if count < _COMMON_NAME))


def _vocabulary(folder: Folder, clean: Path, settings: TrainSettings, weights: Weights, threads: int) -> None:
    theirs = origin.vocabulary_of(settings)
    if theirs is not None:
        vocabulary.copy(theirs, folder.vocabulary)
        return
    lines = folder.data / "lines.txt"
    with lines.open("w", encoding="utf-8") as stream:
        for _, line in read_lines(clean):
            name, french, english = line.split("\t")
            if weights.of(name) > 0:
                stream.write(f"{french}\n{english}\n")
    size = settings.pieces or preset(settings.preset).pieces
    vocabulary.learn(lines, size, folder.vocabulary, seed=settings.seed, threads=threads)
    lines.unlink()


def _mixed(clean: Path, weights: Weights, augmenter: Augmenter | None, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield each pair as often as its source weighs, a fraction by chance, every copy varied on its own."""
    for _, line in read_lines(clean):
        name, french, english = line.split("\t")
        times = weights.of(name)
        for _ in range(int(times) + (rng.random() < times % 1)):
            yield (french, english) if augmenter is None else augmenter.vary(french, english, rng)


def _encoded(pairs: Iterator[tuple[str, str]], words: vocabulary.Vocabulary) -> Iterator[tuple[list[int], list[int]]]:
    chunk: list[tuple[str, str]] = []
    for pair in pairs:
        chunk.append(pair)
        if len(chunk) == _CHUNK:
            yield from _encoded_chunk(chunk, words)
            chunk = []
    if chunk:
        yield from _encoded_chunk(chunk, words)


def _encoded_chunk(chunk: list[tuple[str, str]], words: vocabulary.Vocabulary) -> Iterator[tuple[list[int], list[int]]]:
    french = words.encode_source([pair[0] for pair in chunk])
    return zip(french, words.encode_target([pair[1] for pair in chunk]), strict=True)


def _align(folder: Path, seed: int, on_event: OnEvent) -> None:
    if not alignment.available():
        on_event(Note("eflomal is not installed: no guided alignment (pip install 'fr2en[train]')"))
        return
    linked = alignment.write_links(folder, seed=seed)
    on_event(Note(f"{linked:,} pairs aligned word by word"))
