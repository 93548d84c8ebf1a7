"""``fr2en models`` and ``fr2en doctor``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translate.cli.options import add_options, from_args
from translate.cli.terminal import Terminal, legible
from translate.settings import EngineSettings

if TYPE_CHECKING:
    from translate.models import Entry


def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add both commands to the command line."""
    models = commands.add_parser(
        "models",
        help="list, fetch, choose and convert models",
        description="The bundled model needs nothing; stronger ones are downloaded only when you say so.",
    )
    actions = models.add_subparsers(dest="action", metavar="ACTION", required=True)

    listing = actions.add_parser("list", parents=[shared], help="models known, and which are on this machine")
    listing.set_defaults(run=_list)

    info = actions.add_parser("info", parents=[shared], help="all about one model on this machine")
    info.add_argument("model", nargs="?", default="", metavar="MODEL", help="default: the one in use")
    info.set_defaults(run=_info)

    pull = actions.add_parser("pull", parents=[shared], help="download a model from the Hugging Face hub")
    pull.add_argument("model", metavar="ID", help="such as Helsinki-NLP/opus-mt-fr-en")
    pull.add_argument("--use", action="store_true", help="and make it the default")
    pull.set_defaults(run=_pull)

    use = actions.add_parser("use", parents=[shared], help="make a model this user's default")
    use.add_argument("model", metavar="MODEL", help="'bundled', a folder, or a hub id that was pulled")
    use.set_defaults(run=_use)

    convert = actions.add_parser(
        "convert",
        parents=[shared],
        help="write a model as a CTranslate2 folder, for other programs",
        description="Write a model, with its sentencepiece models, as a folder for other programs that run "
        "CTranslate2. fr2en needs none: it converts what --model names by itself, and takes no converted folder, "
        "whose weights it could not check.",
    )
    convert.add_argument("model", metavar="MODEL", help="'bundled', a folder, or a hub id that was pulled")
    convert.add_argument("output", type=Path, metavar="OUT", help="the new folder")
    convert.add_argument("--quantization", choices=("int8", "float32"), default="int8", help="(default: int8)")
    convert.set_defaults(run=_convert)

    doctor = commands.add_parser(
        "doctor", parents=[shared], help="what this machine has: versions, model, cache, one timed sentence"
    )
    add_options(doctor.add_argument_group("model"), EngineSettings)
    doctor.set_defaults(run=_doctor)


def _list(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.models import UPGRADE, list_models

    entries = list_models()
    for entry in entries:
        mark = "*" if entry.default else " "
        where = {"bundled": "ships with fr2en", "here": "on this machine", "hub": "to be downloaded"}
        facts = f"{_millions(entry.parameters)} parameters, {_megabytes(entry.size)}"
        sys.stdout.write(f"{mark} {entry.name}\n    {where.get(entry.place, entry.place)}; {facts}\n")
        for line in _scores(entry):
            sys.stdout.write(f"    {line}\n")
    terminal.note(f"* is in use. A stronger model, for those with a network: {UPGRADE}")
    return 0


def _info(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.models import info

    entry, checkpoint = info(args.model)
    shape = checkpoint.architecture
    rows = (
        ("name", entry.name + (" (in use)" if entry.default else "")),
        ("folder", str(checkpoint.path)),
        ("weights", checkpoint.weights.name),
        ("sha256", checkpoint.checksum),
        ("parameters", _millions(entry.parameters)),
        ("layers", f"{shape.encoder_layers} encoder, {shape.decoder_layers} decoder"),
        ("width", f"{shape.width}, feed-forward {shape.feed_forward}, {shape.heads} heads"),
        ("vocabulary", f"{shape.vocabulary:,} pieces"),
        ("positions", f"{shape.positions} tokens"),
        ("size", _megabytes(checkpoint.size)),
        *(("score", line) for line in _scores(entry)),
    )
    for name, value in rows:
        sys.stdout.write(f"{name:<12}{value}\n")
    return 0


def _pull(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.models import pull, use

    terminal.note(f"fetching {args.model} from the Hugging Face hub, if it is not here yet")
    checkpoint = pull(args.model)
    sys.stdout.write(f"{checkpoint.name} is on this machine: {checkpoint.path}\n")
    if args.use:
        _, file = use(args.model)
        terminal.note(f"{args.model} is the default from now on ({file}); back with: fr2en models use bundled")
    else:
        terminal.note(f"use it with --model {args.model}, or always with: fr2en models use {args.model}")
    return 0


def _use(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.models import use

    checkpoint, file = use(args.model)
    sys.stdout.write(f"{checkpoint.name} is the default from now on ({file})\n")
    return 0


def _convert(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.models import convert

    sys.stdout.write(f"{convert(args.model, args.output, args.quantization)}\n")
    return 0


def _doctor(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.doctor import examine

    well = True
    for finding in examine(from_args(EngineSettings, args)):
        well = well and finding.well
        sys.stdout.write(f"{'ok ' if finding.well else '!! '}{finding.topic:<18}{legible(finding.value)}\n")
        if finding.hint:
            sys.stdout.write(f"{'':<21}{legible(finding.hint)}\n")
    return 0 if well else 1


def _scores(entry: Entry) -> list[str]:
    return [f"{s.test} {s.metric} {s.value:.1f}" + (f"  ({s.source})" if s.source else "") for s in entry.scores]


def _millions(number: int) -> str:
    return f"{number / 1e6:.0f} million" if number else "unknown number of"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB" if size else "size unknown"
