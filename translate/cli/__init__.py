"""The command ``fr2en``: it parses options, calls the library, prints, and chooses the exit code."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn

from translate.cli import batch, documents, memory, models, training
from translate.cli.terminal import Terminal, silence
from translate.cli.usage import Parser
from translate.errors import Fr2enError, OutputError

EXIT_CODES = """\
exit codes:
  0    done
  1    `doctor` found something amiss
  2    wrong usage
  3    --strict: a sentence is doubtful, or the text is not French
  4    an input cannot be read
  5    a model is missing or broken, or cannot be fetched
  6    an output cannot be written
  7    `batch`: partly done, some files failed
  8    an evaluation fell below its floor
  9    a language model's service failed or may not be used
  129  hung up (SIGHUP)
  130  interrupted
  143  terminated (SIGTERM)
"""

#: Signals that end the command as Ctrl-C does; it leaves with 128 and the number, as a shell reports it.
_ENDING = {"SIGHUP": "hung up", "SIGINT": "interrupted", "SIGTERM": "terminated"}


class _Ended(KeyboardInterrupt):
    """A signal that asks the command to end; ``number`` is its own."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def version() -> str:
    """Return the installed version of fr2en."""
    from importlib.metadata import version as installed

    return installed("fr2en")


class _Version(argparse.Action):
    """Look the version up only when it is asked for: it costs a search of the installed packages."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.write(f"fr2en {version()}\n")
        parser.exit(0)


def parser(command: str = "") -> argparse.ArgumentParser:
    """Return the parser; the evaluation's own options are loaded only where ``command`` is ``eval``."""
    top = Parser(
        prog="fr2en",
        description="Translate French documents into English on this machine, with every sentence checked "
        "and the key ones picked out. Nothing is sent anywhere unless you ask for it in that very command.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    shared = _shared_options()
    documents.add_parsers(commands, shared)
    batch.add_parsers(commands, shared)
    memory.add_parsers(commands, shared)
    models.add_parsers(commands, shared)
    training.add_parsers(commands, shared)
    if command == "eval":
        from eval.cli import add_parsers

        add_parsers(commands, shared)
    else:
        commands.add_parser("eval", help="score translations: BLEU, chrF++, TER, challenge set, gate, speed")
    return top


def _shared_options() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    group = shared.add_argument_group("at the terminal")
    group.add_argument("-q", "--quiet", action="store_true", help="print nothing but the result and errors")
    group.add_argument("-v", "--verbose", action="count", default=0, help="say more: encoding, model, doubts")
    group.add_argument("--offline", action="store_true", help="forbid every connection (or set FR2EN_OFFLINE=1)")
    return shared


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (see :data:`EXIT_CODES`); KeyboardInterrupt is told and passed on."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["train"] and words[1:2] and words[1] in training.ACTIONS:
        words[:2] = [f"train-{words[1]}"]
    if words[:2] == ["batch", "status"]:
        words[:2] = ["batch-status"]
    try:
        args = parser(words[0] if words else "").parse_args(words)
    except SystemExit as leaving:  # argparse has already printed its help or its complaint
        return leaving.code if isinstance(leaving.code, int) else 2
    except Fr2enError as error:  # of a name that is no file's
        Terminal().error(error)
        return error.exit_code
    terminal = Terminal(-1 if args.quiet else args.verbose)
    try:
        if args.offline or os.environ.get("FR2EN_OFFLINE", "0") not in ("", "0"):
            from translate.network import forbid

            forbid()
        code: int = args.run(args, terminal)
        sys.stdout.flush()
        return code
    except Fr2enError as error:
        terminal.error(error)
        return error.exit_code
    except BrokenPipeError:  # the reader of the pipe has seen enough
        silence(sys.stdout)
        return 0
    except OSError as error:
        silence(sys.stdout)
        where = error.filename or "standard output"
        what = f"{where}: cannot be used: {error.strerror or error}"
        terminal.error(OutputError(what, "Free some space on the disk, or check what the output goes to."))
        return OutputError.exit_code
    except KeyboardInterrupt as ending:
        terminal.note(f"{_ENDING[_number(ending).name]}; nothing was left half-written")
        raise


def run() -> None:
    """Entry point of the console script."""
    _open_closed_streams()
    _write_whatever_comes()
    _end_on_signals()
    try:
        code = main()
    except KeyboardInterrupt as ending:
        # Here, where the exception still holds the engine: who lets go of it waits for all that it was asked.
        os._exit(128 + _number(ending))
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            silence(stream)
    sys.exit(code)


def _end_on_signals() -> None:
    """Let what ends a process end it as Ctrl-C does, with files put right; what is ignored (nohup) stays so."""
    for name in _ENDING:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _end)


def _number(ending: KeyboardInterrupt) -> signal.Signals:
    return signal.Signals(ending.number) if isinstance(ending, _Ended) else signal.SIGINT


def _end(number: int, _: FrameType | None) -> NoReturn:
    raise _Ended(number)


def _write_whatever_comes() -> None:
    """Escape on stdout what its encoding lacks, as Python does on stderr: a name of a file must not end the work."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _open_closed_streams() -> None:
    """Open the null device in place of closed standard streams, so that no file of ours takes their number."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            if os.open(os.devnull, os.O_RDWR) != number:
                continue
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
