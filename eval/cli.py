"""``fr2en eval``: score, run, gate, speed, summaries and judge; the only module of ``eval`` that prints."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.gate import BASELINE
from eval.judging import JudgeSettings
from eval.run import RunSettings
from eval.speed import SpeedSettings
from eval.suites import BUNDLED
from translate.cli.options import add_options, from_args, new_file
from translate.errors import UsageError
from translate.settings import EngineSettings, Settings, option

if TYPE_CHECKING:
    from rich.console import RenderableType

    from eval.gate import Verdict
    from eval.run import Run, System
    from eval.speed import Speed
    from eval.suites import Suite

EXAMPLES = """\
examples:
  fr2en eval run                                         the bundled model on the challenge set
  fr2en eval run --model A --model B -o report.html      two models side by side, significance and all
  fr2en eval run --pair mine.fr mine.en                  on your own lines
  fr2en eval score output.en reference.en                translations made elsewhere
  fr2en eval gate                                        exit 8 if significantly worse than the baseline
  fr2en eval speed                                       against transformers, on the same weights
  fr2en eval judge output.en article.fr                  by a language model of yours
"""


@dataclass(frozen=True)
class GateSettings:
    """What the gate compares with, and what it may change."""

    baseline: str = option(str(BASELINE), "file of floors; default: the one that ships", metavar="FILE")
    update: bool = option(False, "raise the floors to this run's scores")
    allow_regression: str = option(
        "", "with --update: lower floors too, for this reason, which is recorded", metavar="REASON"
    )


def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add ``eval`` and its commands to the command line."""
    top = commands.add_parser(
        "eval",
        help="score translations: BLEU, chrF++, TER, challenge set, gate, speed",
        description="Measure translations. Every score carries its signature and its 95 % interval.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    measures = top.add_subparsers(dest="measure", metavar="MEASURE", required=True)
    _add_score(measures, shared)
    _add_run(measures, shared)
    _add_gate(measures, shared)
    _add_speed(measures, shared)
    _add_summaries(measures, shared)
    _add_judge(measures, shared)


def _add_score(measures: Any, shared: argparse.ArgumentParser) -> None:
    parser = measures.add_parser(
        "score",
        parents=[shared],
        help="score a file of translations",
        description="Score lines of translations.",
    )
    parser.add_argument("hypotheses", type=Path, metavar="HYP", help="translations, one a line")
    parser.add_argument("references", type=Path, nargs="+", metavar="REF", help="references, line by line")
    parser.add_argument("--source", type=Path, metavar="FILE", help="the French lines: for COMET and lengths")
    parser.add_argument(
        "--against",
        type=Path,
        action="append",
        default=[],
        metavar="HYP",
        help="compare with these translations too",
    )
    _add_output(parser)
    add_options(parser.add_argument_group("scoring"), RunSettings)
    parser.set_defaults(run=_score)


def _add_run(measures: Any, shared: argparse.ArgumentParser) -> None:
    parser = measures.add_parser(
        "run",
        parents=[shared],
        help="translate suites and score them",
        description="Translate suites and score.",
    )
    parser.add_argument(
        "--model",
        dest="models",
        action="append",
        metavar="MODEL",
        help="a model to measure; repeat to compare each with the first; default: the model in use",
    )
    _add_suites(parser)
    _add_output(parser)
    add_options(parser.add_argument_group("scoring"), RunSettings)
    _add_engine(parser)
    parser.set_defaults(run=_run)


def _add_gate(measures: Any, shared: argparse.ArgumentParser) -> None:
    parser = measures.add_parser(
        "gate",
        parents=[shared],
        help="compare with the floors of a baseline",
        description="Translate suites and fail (exit 8) on a significant loss below a floor.",
    )
    parser.add_argument("--model", metavar="MODEL", default="", help="the model; default: the model in use")
    _add_suites(parser)
    add_options(parser, GateSettings)
    add_options(parser.add_argument_group("scoring"), RunSettings, ("bootstrap", "download"))
    _add_engine(parser)
    parser.set_defaults(run=_gate)


def _add_speed(measures: Any, shared: argparse.ArgumentParser) -> None:
    parser = measures.add_parser(
        "speed",
        parents=[shared],
        help="words per second, load time and memory against transformers",
        description="Measure speed on the same weights and text, in one run, as ratios.",
    )
    parser.add_argument("--model", type=Path, metavar="DIR", help="a Marian checkpoint; default: the bundled one")
    parser.add_argument("--suite", default="challenge", metavar="NAME|FILE", help="text (default: challenge)")
    add_options(parser, SpeedSettings)
    parser.set_defaults(run=_speed)


def _add_summaries(measures: Any, shared: argparse.ArgumentParser) -> None:
    parser = measures.add_parser(
        "summaries",
        parents=[shared],
        help="ROUGE of the summariser beside lead, TextRank, LexRank and the oracle",
        description="Measure extractive summaries on articles that have one written by an editor.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="JSON lines: id, title, text, summaries")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=_summaries)


def _add_judge(measures: Any, shared: argparse.ArgumentParser) -> None:
    parser = measures.add_parser(
        "judge",
        parents=[shared],
        help="let a language model mark errors and rate",
        description="Rate translations by the language model that FR2EN_LLM_BASE_URL and FR2EN_LLM_MODEL name: the "
        "texts are sent to it. Rates HYP, or what a model makes of a suite.",
    )
    parser.add_argument("hypotheses", nargs="?", type=Path, metavar="HYP", help="translations, one a line")
    parser.add_argument("source", nargs="?", type=Path, metavar="SRC", help="the French, line by line")
    parser.add_argument(
        "--reference", type=Path, action="append", default=[], metavar="REF", help="a file of references: for agreement"
    )
    parser.add_argument("--suite", default="challenge", metavar="NAME|FILE", help="without HYP (default: challenge)")
    parser.add_argument("--model", default="", metavar="MODEL", help="without HYP: the model; default: the one in use")
    parser.add_argument("--json", action="store_true", help="print JSON, with every rating")
    add_options(parser.add_argument_group("judging"), JudgeSettings)
    _add_engine(parser)
    parser.set_defaults(run=_judge)


def _add_suites(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--suite",
        dest="suites",
        action="append",
        default=[],
        metavar="NAME|FILE",
        help=f"{', '.join(BUNDLED)}, one of sacreBLEU's sets (wmt14, iwslt17 ...) or a TOML file; "
        "repeat for more; default: challenge",
    )
    parser.add_argument(
        "--pair",
        dest="pairs",
        action="append",
        nargs="+",
        default=[],
        type=Path,
        metavar=("SRC", "REF"),
        help="a file of French lines and one or more of references",
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-o",
        "--output",
        dest="outputs",
        action="append",
        default=[],
        type=new_file,
        metavar="OUT",
        help="write a report too: .html, .md or .json; repeat for more",
    )
    parser.add_argument("--force", action="store_true", help="replace OUT if it exists")


def _add_engine(parser: argparse.ArgumentParser) -> None:
    add_options(parser.add_argument_group("translation"), Settings, ("beam", "retry"))
    only = ("engine", "device", "compute_type", "threads")
    add_options(parser.add_argument_group("engine"), EngineSettings, only)


def _score(args: argparse.Namespace, terminal: Any) -> int:
    from eval.run import score_hypotheses
    from eval.scoring import scored_files

    targets = _targets(args, [args.hypotheses.stem])
    systems, suite = scored_files((args.hypotheses, *args.against), args.references, args.source)
    result = score_hypotheses(systems, suite, from_args(RunSettings, args))
    _show(result, args, targets[0])
    return 0


def _run(args: argparse.Namespace, terminal: Any) -> int:
    from eval.run import run
    from translate.checks import check

    suites = _suites(args)
    targets = _targets(args, [suite.name for suite in suites])
    systems = [_system(model, args) for model in dict.fromkeys(args.models or [""])]
    for suite, paths in zip(suites, targets, strict=True):
        terminal.note(f"translating {suite.name}: {len(suite.lines)} lines", level=1)
        _show(run(systems, suite, from_args(RunSettings, args), check), args, paths)
    return 0


def _gate(args: argparse.Namespace, terminal: Any) -> int:
    from eval.gate import Baseline, check_gate, enforce, load_baseline, save_baseline, update_baseline
    from eval.run import run

    path = Path(args.baseline)
    settings, suites = from_args(RunSettings, args), _suites(args)
    baseline = Baseline() if args.update and not path.exists() else load_baseline(path)
    system = _system(args.model, args)
    verdicts: list[Verdict] = []
    for suite in suites:
        result = run([system], suite, settings)
        if args.update:
            baseline = update_baseline(result, baseline, args.allow_regression)
            scores = result.systems[0].scores
            _print(
                [f"{suite.name}: " + ", ".join(map(str, scores)), *(f"    {s.metric}: {s.signature}" for s in scores)]
            )
            continue
        own = check_gate(result, baseline)
        _print([suite.name, *(line for one in own for line in (f"  {one}", f"    {one.signature}"))])
        verdicts.extend(own)
    if args.update:
        save_baseline(baseline, path)
        terminal.note(f"floors written to {path}")
    enforce(verdicts)
    return 0


def _speed(args: argparse.Namespace, terminal: Any) -> int:
    from eval.speed import measure
    from eval.suites import load_suite

    checkpoint = args.model or Path(sys.modules["translate"].__path__[0], "bundled", "fr-en")
    settings = from_args(SpeedSettings, args)
    terminal.note(f"repetitions of each: {settings.repetitions}; the machine should be idle", level=0)
    _print(_speed_lines(measure(checkpoint, load_suite(args.suite).sources, settings)))
    return 0


def _summaries(args: argparse.Namespace, terminal: Any) -> int:
    from eval.summaries import as_json, evaluate, read_articles, table

    report = evaluate(read_articles(args.file))
    sys.stdout.write(as_json(report) if args.json else f"{table(report)}\n")
    return 0


def _judge(args: argparse.Namespace, terminal: Any) -> int:
    from eval.judging import judge
    from eval.judging.report import as_json, tables
    from eval.scoring import judged_files
    from eval.suites import load_suite
    from translate.llm import open_model

    if (args.hypotheses is None) != (args.source is None):
        raise UsageError("HYP needs SRC", "give the translations and the French, or neither and --suite")
    judge_model = open_model(lambda text: terminal.note(text, level=-1))
    if args.hypotheses:
        name, texts, suite = judged_files(args.hypotheses, args.source, args.reference)
    else:
        suite, system = load_suite(args.suite), _system(args.model, args)
        name, texts = system.name, tuple(system.translate(suite.sources))
    with terminal.progress("judging") as progress:
        result = judge(suite, name, texts, judge_model, from_args(JudgeSettings, args), progress)
    if args.json:
        sys.stdout.write(as_json(result))
    else:
        _print_tables(tables(result))
    return 0


def _speed_lines(speed: Speed) -> list[str]:
    lines = [f"{'':14}{'words/s':>10}{'load, s':>10}{'peak, MiB':>12}"]
    for median in speed.medians:
        peak = "–" if median.peak_mib is None else f"{median.peak_mib:.0f}"
        lines.append(f"{median.contender:14}{median.words_per_second:10.1f}{median.load_seconds:10.2f}{peak:>12}")
    ratios = [speed.ratio(field) for field in ("words_per_second", "load_seconds", "peak_mib")]
    shown = ["–" if ratio is None else f"{ratio:.2f} x" for ratio in ratios]
    lines.append(f"{'ratio':14}{shown[0]:>10}{shown[1]:>10}{shown[2]:>12}")
    versions = ", ".join(f"{name} {number}" for name, number in speed.versions)
    beam = f"beam {speed.beam}" if speed.beam else "each with its default beam"
    lines.append(f"{speed.sentences} sentences, {speed.words} words; {speed.threads} threads; {beam}; {speed.model}")
    lines.append(f"{speed.machine}; {versions}; medians of {len(speed.repetitions) // len(speed.medians)}, interleaved")
    return lines


def _suites(args: argparse.Namespace) -> list[Suite]:
    from eval.suites import load_suite, pair_suite

    chosen = [load_suite(name, download=args.download) for name in dict.fromkeys(args.suites)]
    chosen.extend(pair_suite(source, references) for source, *references in args.pairs)
    return chosen or [load_suite("challenge")]


def _system(model: str, args: argparse.Namespace) -> System:
    from dataclasses import replace

    from eval.run import System
    from translate.models import load_engine
    from translate.pipeline import translate_lines

    # Test sets are written with straight quotes: curly ones are a choice of dress, not a worse translation.
    settings = replace(from_args(Settings, args), quotes="straight")
    engine = load_engine(replace(from_args(EngineSettings, args), model=model))
    name = model or Path(engine.info.model).name
    return System(name, lambda lines: translate_lines(lines, engine, settings), engine.info)


def _targets(args: argparse.Namespace, names: Sequence[str]) -> list[list[Path]]:
    """Return the reports of each suite, checked before any work; of several suites each has its own."""
    from eval.report.files import check_report

    several = len(names) > 1
    targets = [
        [path.with_stem(f"{path.stem}.{name.replace('/', '-')}") if several else path for path in args.outputs]
        for name in names
    ]
    for path in (path for paths in targets for path in paths):
        check_report(path, force=args.force)
    return targets


def _show(result: Run, args: argparse.Namespace, paths: Sequence[Path]) -> None:
    from eval.report import tables
    from eval.report.files import write_report

    _print_tables(tables(result))
    for path in paths:
        write_report(result, path, force=args.force)
        if not args.quiet:
            sys.stderr.write(f"fr2en: report: {path}\n")


def _print_tables(shown: Sequence[RenderableType]) -> None:
    from rich.console import Console

    # A pipe has no width; 120 columns hold every table.
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120, highlight=False)
    for table in shown:
        console.print(table)


def _print(lines: Sequence[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
