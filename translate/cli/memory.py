"""``fr2en memory``: what a translation memory holds, and its way to and from translators' editors."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translate.cli.options import new_file
from translate.cli.terminal import Terminal
from translate.errors import InputError, UsageError

if TYPE_CHECKING:
    from translate.memory import ContextStats, MemoryStats


def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the command to the command line."""
    memory = commands.add_parser(
        "memory",
        help="look into a translation memory; exchange it with translators' editors (TMX)",
        description="A translation memory keeps what was translated, so that nothing is translated twice, and what "
        "people approved, which then stands wherever the sentence comes again.",
    )
    actions = memory.add_subparsers(dest="action", metavar="ACTION", required=True)

    stats = actions.add_parser("stats", parents=[shared], help="what is in it, by model and settings")
    _add_file(stats)
    stats.add_argument("--json", action="store_true", help="as JSON")
    stats.set_defaults(run=_stats)

    export = actions.add_parser(
        "export",
        parents=[shared],
        help="write all of it as TMX 1.4",
        description="Write the memory as TMX 1.4, for translators' editors: what people approved, and what the "
        "machine made, each with its model and its doubts.",
    )
    _add_file(export)
    export.add_argument("output", type=new_file, metavar="OUT.tmx", help="the new file")
    export.add_argument("--force", action="store_true", help="replace OUT.tmx if it exists")
    export.set_defaults(run=_export)

    taking = actions.add_parser(
        "import",
        parents=[shared],
        help="take approved translations in from TMX",
        description="Take the pairs of a TMX file in as approved translations: they stand wherever the sentence "
        "comes again, whatever the model. Of what 'export' wrote, the machine's own stays the machine's, unless it "
        "was changed since. FILE is made if it is not there.",
    )
    _add_file(taking)
    taking.add_argument("input", type=Path, metavar="IN.tmx", help="the file to read")
    taking.set_defaults(run=_import)


def _add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the translation memory")


def _stats(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.memory import open_memory

    with open_memory(args.file, create=False) as memory, memory.snapshot() as snapshot:
        stats = snapshot.statistics()
    if args.json:
        sys.stdout.write(json.dumps(_as_json(stats), indent=2) + "\n")
        return 0
    rows = [
        ("file", str(stats.path)),
        ("size", f"{stats.size / 1e6:,.1f} MB on the disk, {stats.most_bytes / 1e6:,.0f} MB at most"),
        ("approved", f"{stats.approved:,} by people, recalled {_times(stats.approved_hits)}"),
        ("machine", f"{stats.entries:,}, recalled {_times(sum(c.hits for c in stats.contexts))}"),
    ]
    if stats.oldest is not None and stats.newest is not None:
        rows.append(("used", f"last between {_date(stats.oldest)} and {_date(stats.newest)}"))
    for name, value in rows:
        sys.stdout.write(f"{name:<12}{value}\n")
    for context in stats.contexts:
        sys.stdout.write("".join(f"{line}\n" for line in _described(context)))
    return 0


def _export(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.memory import TmxExport, open_memory
    from translate.write.atomic import check_target, write_stream

    if args.output.exists() and args.file.exists() and args.output.samefile(args.file):
        raise UsageError(f"{args.output}: is the translation memory itself", "Name another file for its export.")
    check_target(args.output, force=args.force)
    with open_memory(args.file, create=False) as memory:
        export = TmxExport(memory)
        write_stream(export, args.output, force=args.force)
    report = export.report
    if report.dropped:
        terminal.note(
            f"{args.output}: control characters that XML cannot hold, left out: {report.dropped:,} "
            f"(units concerned: {report.damaged:,})"
        )
    sys.stdout.write(f"{args.output}: {report.approved:,} approved translations, {report.machine:,} of the machine\n")
    return 0


def _import(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.memory import check_tmx, import_tmx, open_memory

    if not args.input.is_file():  # or an empty memory would be left for a slip of the pen
        raise InputError(f"{args.input}: there is no such file", "Check the path.")
    if not args.file.exists():  # nor for a file that is found damaged half-way
        check_tmx(args.input)
    with open_memory(args.file) as memory:
        report = import_tmx(memory, args.input)
    sys.stdout.write(
        f"{args.file}: {report.approved:,} approved translations are new, {report.changed:,} replaced others, "
        f"{report.unchanged:,} were there\n"
    )
    if report.restored or report.known:
        sys.stdout.write(
            f"{args.file}: {report.restored:,} translations of the machine were put back, {report.known:,} were there\n"
        )
    for count, what in (
        (report.superseded, "with other English than a later unit with the same French, which counts"),
        (report.one_sided, "without French or without English, left out"),
        (report.incomplete, "of the machine, without what it takes to put them back, left out"),
    ):
        if count:
            terminal.note(f"{args.input}: units {what}: {count:,}")
    return 0


def _described(context: ContextStats) -> list[str]:
    made = context.context
    versions = ", ".join(f"{name} {number}" for name, number in made.versions)
    settings = f"beam {made.beam}, alternatives {made.alternatives}, {made.quotes} quotes"
    settings += "" if made.retry else ", no retries"
    settings += f", glossary {made.glossary[:12]}" if made.glossary else ""
    return [
        f"\n{made.model or 'model'} ({made.checksum[:12]})",
        f"    {context.entries:,} translations, recalled {_times(context.hits)}",
        f"    {settings}",
        f"    fr2en {made.fr2en}, {made.engine} {made.compute_type} on {made.device}" + (versions and f", {versions}"),
        f"    last used between {_date(context.oldest)} and {_date(context.newest)}",
    ]


def _as_json(stats: MemoryStats) -> dict[str, object]:
    contexts = [
        {
            **json.loads(c.context.to_json()),
            "digest": c.context.digest,
            "entries": c.entries,
            "hits": c.hits,
            "oldest_use": _date(c.oldest),
            "newest_use": _date(c.newest),
        }
        for c in stats.contexts
    ]
    return {
        "file": str(stats.path),
        "bytes": stats.size,
        "most_bytes": stats.most_bytes,
        "approved": stats.approved,
        "approved_hits": stats.approved_hits,
        "entries": stats.entries,
        "oldest_use": None if stats.oldest is None else _date(stats.oldest),
        "newest_use": None if stats.newest is None else _date(stats.newest),
        "contexts": contexts,
    }


def _date(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
