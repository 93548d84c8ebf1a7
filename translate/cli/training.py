"""``fr2en train``, ``fr2en train backtranslate`` and ``fr2en train distil``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translate.cli.options import add_options, from_args, new_file, positive
from translate.cli.terminal import Terminal
from translate.errors import UsageError
from translate.settings import EngineSettings
from translate.training.settings import FilterSettings, TrainSettings

if TYPE_CHECKING:
    from translate.training.backtranslate import Synthesis
    from translate.training.corpus import CorpusFile
    from translate.training.events import Event, Prepared

#: Words after ``train`` that are commands of their own; anything else is a corpus.
ACTIONS = ("backtranslate", "distil")

EXAMPLES = """\
examples:
  fr2en train corpus.tsv --dev dev.tsv --out run --minutes 60          from nothing
  fr2en train memory.tmx --out run --from bundled --steps 300          fine-tune the bundled model
  fr2en train --out run --resume --minutes 120                         go on with a longer budget
  fr2en translate article.txt --model run/model                        use the result
  fr2en train backtranslate english.txt --model EN-FR --out synthetic.tsv
  fr2en train distil corpus.tsv --model TEACHER --out taught.tsv
  fr2en train taught.tsv --from TEACHER --decoder-layers 2 --teacher TEACHER --minutes 60 --out student
"""


def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the three commands to the command line."""
    train = commands.add_parser(
        "train",
        parents=[shared],
        help="train or fine-tune a model on your own texts",
        description="Train a Marian model from French to English, or fine-tune one.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_corpus(train, "*")
    train.add_argument("--dev", type=Path, metavar="DEV", help="TSV of French and English to measure on")
    train.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder of the training; the model is DIR/model",
    )
    train.add_argument("--resume", action="store_true", help="go on from the last checkpoint in DIR")
    add_options(train.add_argument_group("training"), TrainSettings)
    add_options(train.add_argument_group("which pairs to learn from"), FilterSettings)
    train.set_defaults(run=_train)

    back = commands.add_parser(
        "train-backtranslate",
        parents=[shared],
        prog="fr2en train backtranslate",
        description="Translate English lines into French with a reverse model, as tagged training pairs.",
    )
    back.add_argument("file", type=Path, metavar="FILE", help="English: a line each, or the last column of a TSV")
    _add_synthesis(back)
    back.set_defaults(run=_backtranslate)

    distil = commands.add_parser(
        "train-distil",
        parents=[shared],
        prog="fr2en train distil",
        description="Let a stronger model translate the French of a corpus: its English is what a student learns.",
    )
    _add_corpus(distil, "+")
    _add_synthesis(distil)
    distil.set_defaults(run=_distil)


def _add_corpus(parser: argparse.ArgumentParser, number: str) -> None:
    parser.add_argument(
        "data",
        nargs=number,
        type=Path,
        metavar="DATA",
        help="TSV ([source,] French, English) or TMX, also .gz or .xz",
    )
    parser.add_argument(
        "--src",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="French half of a Moses pair; repeatable",
    )
    parser.add_argument(
        "--ref", type=Path, action="append", default=[], metavar="FILE", help="its English half, line by line"
    )


def _add_synthesis(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=new_file, required=True, metavar="TSV", help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace TSV if it exists")
    parser.add_argument("--beam", type=positive, default=4, metavar="N", help="beam width (default: 4)")
    parser.add_argument("--name", default="", metavar="NAME", help="name of the source in the TSV")
    add_options(parser.add_argument_group("model"), EngineSettings)


def _corpus(args: argparse.Namespace) -> list[CorpusFile]:
    from translate.training.corpus import CorpusFile

    if len(args.src) != len(args.ref):
        raise UsageError(
            f"--src is given {len(args.src)} times, --ref {len(args.ref)} times",
            "Every --src FILE needs its --ref FILE.",
        )
    pairs = [CorpusFile(french, english) for french, english in zip(args.src, args.ref, strict=True)]
    return [CorpusFile(path) for path in args.data] + pairs


def _train(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.training.trainer import train

    files = _corpus(args)
    if not files and not args.resume:
        raise UsageError("there is nothing to train on", "Name a corpus, or go on with --resume.")
    result = train(
        files,
        args.out,
        _settings(args),
        filters=from_args(FilterSettings, args),
        dev=args.dev,
        resume=args.resume,
        on_event=lambda event: _tell(event, terminal),
    )
    if result.model is None:
        terminal.note(f"stopped at step {result.step}; go on with: fr2en train --out {args.out} --resume")
        return 130
    sys.stdout.write(f"{result.model}\n")
    return 0


def _settings(args: argparse.Namespace) -> TrainSettings:
    """Return the settings asked for; of a resumed training those it began with, but for a new budget."""
    from translate.training.trainer import begun_with

    if args.resume:
        begun = begun_with(args.out)
        budget = {"minutes": args.minutes, "steps": args.steps}
        return replace(begun, **budget) if any(budget.values()) else begun
    from translate.models import resolve

    settings = from_args(TrainSettings, args)
    start, teacher = (str(resolve(model).path) if model else "" for model in (settings.start, settings.teacher))
    return replace(settings, start=start, teacher=teacher)


def _tell(event: Event, terminal: Terminal) -> None:
    """Say what happens in a training, a line an event."""
    from translate.training import events

    if isinstance(event, events.Note):
        terminal.note(event.text)
    elif isinstance(event, events.Prepared):
        for line in _drops(event):
            terminal.note(line)
    elif isinstance(event, events.Progress):
        terminal.note(
            f"{event.fraction:4.0%}  step {event.step}  {event.tokens / 1e6:.2f} M tokens  "
            f"{event.tokens_per_second:,.0f} tokens/s  loss {event.loss:.3f}"
        )
    elif isinstance(event, events.Scored):
        terminal.note(f"dev ({event.lines} lines, {event.what}): BLEU {event.bleu:.1f}  chrF {event.chrf:.1f}")
        terminal.note(f"     {event.bleu_signature}", level=1)
        terminal.note(f"     {event.chrf_signature}", level=1)
    elif isinstance(event, events.Saved):
        terminal.note(f"checkpoint {event.path}", level=1)
    elif isinstance(event, events.Exported):
        terminal.note(
            f"exported {event.path} ({event.what} weights, sha256 {event.sha256[:12]}); both engines agree on "
            f"{event.agreeing} of {event.compared} lines"
        )


def _drops(event: Prepared) -> list[str]:
    report = event.report
    lines = [f"{event.pairs:,} pairs to learn from, {event.target_pieces:,} target pieces"]
    lines += [f"  left out: {drop.count:>8,}  {drop.reason} ({drop.source})" for drop in report.dropped]
    return lines


def _backtranslate(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.models import load_engine
    from translate.training.backtranslate import backtranslate
    from translate.write import check_target

    check_target(args.out, force=args.force)
    engine = load_engine(from_args(EngineSettings, args))
    extra = {"name": args.name} if args.name else {}
    with terminal.progress("back-translating") as progress:
        done = backtranslate(
            engine,
            args.file,
            args.out,
            beam=args.beam,
            force=args.force,
            on_progress=lambda c: progress and progress(c.read, 0),
            **extra,
        )
    return _report(done, args.out, terminal)


def _distil(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.models import load_engine
    from translate.training.distil import distil
    from translate.write import check_target

    check_target(args.out, force=args.force)
    engine = load_engine(from_args(EngineSettings, args))
    done = distil(engine, _corpus(args), args.out, beam=args.beam, name=args.name, force=args.force)
    return _report(done, args.out, terminal)


def _report(done: Synthesis, out: Path, terminal: Terminal) -> int:
    terminal.note(
        f"{done.written:,} of {done.read:,} lines written to {out}; left out: {done.blank:,} blank, "
        f"{done.too_long:,} too long, {done.empty:,} with an empty translation"
    )
    return 0
