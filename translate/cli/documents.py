"""``fr2en translate`` and ``fr2en summarise``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translate.cli.options import add_model, add_options, add_reading, from_args, new_file, not_negative, positive
from translate.cli.terminal import Stopwatch, Terminal
from translate.document import Document, Meta, Segment, Translation
from translate.errors import Fr2enError, LLMError, StrictError, UsageError
from translate.settings import OUTPUT_FORMATS, EngineSettings, Settings

if TYPE_CHECKING:
    from translate.engines import Engine
    from translate.glossary import Glossary
    from translate.llm import LanguageModel
    from translate.memory import Key, Recall

TRANSLATE_EXAMPLES = """\
examples:
  fr2en translate article.txt                     English on the terminal
  fr2en translate article.txt -o article.en.txt   into a file of the same layout
  fr2en translate article.txt -o article.html     a page: French beside the English, doubts and key sentences marked
  fr2en translate article.txt --to json           every sentence with source, score and doubts
  fr2en translate page.html                       the article of a saved page
  fr2en translate notes.md -o notes.en.md --boilerplate drop --summary 3
  fr2en translate article.txt --glossary g.tsv    with terms of your own, each verified
  curl -s https://... | fr2en translate -         from a pipe; a page is told from text
"""

#: Said to those who name several documents.
ONE = "One document at a time; for several, put them into a folder and use 'fr2en batch'."


def add_parsers(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the two commands to the command line."""
    translate = commands.add_parser(
        "translate",
        parents=[shared],
        help="translate a document",
        description="Translate a French document (text, Markdown, or a saved page) into English, block for block.",
        epilog=TRANSLATE_EXAMPLES,
        surplus=ONE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_input(translate)
    _add_output(translate)
    translate.add_argument(
        "--summary", type=not_negative, default=0, metavar="N", help="put the N key sentences in front"
    )
    translate.add_argument(
        "--memory",
        type=Path,
        metavar="FILE",
        help="translation memory: what is in it is not translated again, what is approved stands (see 'fr2en memory')",
    )
    translate.add_argument(
        "--post-edit",
        action="store_true",
        help="let the language model that FR2EN_LLM_BASE_URL names correct the English: the text is sent to it",
    )
    add_options(translate.add_argument_group("translation"), Settings)
    add_model(translate)
    translate.set_defaults(run=_translate)

    summarise = commands.add_parser(
        "summarise",
        parents=[shared],
        help="pick the key sentences of a document",
        description="Print the key sentences of a French document, each with its paragraph. They are chosen on "
        "the French text; only they are translated.",
        surplus=ONE,
    )
    _add_input(summarise)
    _add_output(summarise)
    summarise.add_argument("-n", "--sentences", type=positive, default=5, metavar="N", help="how many (default: 5)")
    summarise.add_argument(
        "--lang", choices=("en", "fr", "both"), default="both", help="language of the output (default: both)"
    )
    summarise.add_argument(
        "--llm",
        action="store_true",
        help="let the language model that FR2EN_LLM_BASE_URL names write the summary, citing paragraphs: the "
        "article is sent to it",
    )
    add_options(
        summarise.add_argument_group("translation"),
        Settings,
        ("beam", "wrapped", "quotes", "glossary", "retry", "strict"),
    )
    add_model(summarise)
    summarise.set_defaults(run=_summarise)


def _add_input(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", default="-", type=_named, metavar="FILE", help="the document; '-' or nothing: stdin"
    )
    add_reading(parser)


def _named(name: str) -> str:
    """Parse the name of a document: an empty one, as of a variable that is not set, would be the folder's here."""
    if not name:
        raise argparse.ArgumentTypeError("the name is empty")
    return name


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-o",
        "--output",
        type=_target,
        metavar="OUT",
        help="write to OUT instead of stdout ('-'); its ending chooses the format",
    )
    parser.add_argument("--to", choices=OUTPUT_FORMATS, help="format of the output")
    parser.add_argument("--force", action="store_true", help="replace OUT if it exists")


def _target(name: str) -> Path | None:
    """Parse the name of an output; None for standard output, which is there already and needs no --force."""
    return None if name in ("-", "/dev/stdout") else new_file(name)


def _read(args: argparse.Namespace, terminal: Terminal) -> Document:
    from translate.read import is_promised, read_document

    document = read_document(args.file, encoding=args.encoding, wrapped=args.wrapped, format=args.read_as)
    meta = document.meta
    guessed = " (detected)" if meta.detected else ""
    terminal.note(f"{meta.source}: {meta.format}, {meta.encoding}{guessed}, {len(document.blocks)} blocks", level=1)
    if meta.detected and not is_promised(meta.encoding):
        terminal.note(
            f"{meta.source}: is read as {meta.encoding}, a guess by its letters, and no encoding that French texts are "
            "usually in; where they come out wrong, name another with --encoding"
        )
    if not any(block.translatable for block in document.blocks):
        terminal.note(f"{meta.source}: no text to translate")
    return document


def _translate(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.models import load_engine
    from translate.pipeline import translate_document
    from translate.read import READERS
    from translate.write import check_target, output_format, render

    settings, watch = from_args(Settings, args), Stopwatch()
    model = _language_model(terminal) if args.post_edit else None
    with watch.stage("read"):
        document = _read(args, terminal)
    format_ = output_format(args.output, args.to, default=READERS[document.meta.format].layout)
    if args.output:
        check_target(args.output, force=args.force)
    with watch.stage("load"):
        engine = load_engine(from_args(EngineSettings, args), allow_download=args.download, tell=terminal.note)
    _say_engine(engine, terminal)
    with (
        watch.stage("translate"),
        terminal.progress("translating") as progress,
        _recall(args, engine, settings) as known,
    ):
        translation = translate_document(
            document, engine, settings, summary=args.summary, progress=progress, recall=known
        )
    failed: list[tuple[str, Fr2enError]] = []
    if known is not None and known.failure is not None:
        failed.append(("the English was written, and is not all in the translation memory", known.failure))
    if model is not None:
        from translate.llm.postedit import post_edit

        try:
            with watch.stage("post-edit"), terminal.progress("correcting") as progress:
                translation = post_edit(translation, model, settings, progress)
        except LLMError as error:  # the English is there, and took longer to make than the error to happen
            failed.append(("the English was written as the machine made it: the language model failed", error))
    translation = translation.timed(watch.seconds)
    _put(render(translation, format_), args, document.meta if format_ in ("text", "markdown") else None, terminal)
    code = _report(translation, settings, terminal)
    for what, failure in failed:
        terminal.note(what)
        terminal.error(failure)
    return failed[-1][1].exit_code if failed else code


class _Kept:
    """A translation memory that can fail without costing the English: what cannot be kept is only not kept."""

    def __init__(self, recall: Recall) -> None:
        self.failure: Fr2enError | None = None
        self._recall = recall

    def get(self, keys: Sequence[Key]) -> dict[Key, Segment]:
        """Return what is known of ``keys``; a memory that cannot be read leaves nothing to lose yet, and raises."""
        return {} if self.failure else self._recall.get(keys)

    def put(self, items: Iterable[tuple[Key, Segment]]) -> None:
        """Keep translations as long as that can be done."""
        if self.failure is None:
            try:
                self._recall.put(items)
            except Fr2enError as error:
                self.failure = error


@contextmanager
def _recall(args: argparse.Namespace, engine: Engine, settings: Settings) -> Iterator[_Kept | None]:
    """Open the translation memory that was named, for as long as the translation takes."""
    if args.memory is None:
        yield None
        return
    from translate.memory import context_of, open_memory

    with open_memory(args.memory) as memory:
        yield _Kept(memory.bound(context_of(engine.info, settings)))


def _summarise(args: argparse.Namespace, terminal: Terminal) -> int:
    from translate.models import load_engine
    from translate.pipeline import summarise_document
    from translate.write import check_target, output_format, summary_output

    if args.llm and args.lang == "fr":
        raise UsageError("--llm writes English", "Leave out --lang fr, or --llm.")
    settings, watch = from_args(Settings, args), Stopwatch()
    model = _language_model(terminal) if args.llm else None
    with watch.stage("read"):
        document = _read(args, terminal)
    format_ = output_format(args.output, args.to)
    if args.output:
        check_target(args.output, force=args.force)
    if model is not None:
        with watch.stage("summarise"):
            written = _written_summary(document, model, settings, args, terminal)
        if written is not None:
            _put(summary_output(written.timed(watch.seconds), format_, args.lang), args, None, terminal)
            return _report(written.timed(watch.seconds), settings, terminal)
    engine = None
    if args.lang != "fr":
        with watch.stage("load"):
            engine = load_engine(from_args(EngineSettings, args), allow_download=args.download, tell=terminal.note)
        _say_engine(engine, terminal)
    with watch.stage("summarise"), terminal.progress("summarising") as progress:
        summary = summarise_document(document, engine, settings, count=args.sentences, progress=progress)
    if not summary.summary and any(block.translatable for block in document.blocks):
        terminal.note(f"{document.meta.source}: no sentence to pick: there is no running text in it")
    summary = summary.timed(watch.seconds)
    _put(summary_output(summary, format_, args.lang), args, None, terminal)
    return _report(summary, settings, terminal)


def _glossary_note(translation: Translation, glossary: Glossary) -> str:
    from translate.checks.terms import glossary_use
    from translate.sentences.french.protect import protect

    uses = [
        # Not in code and addresses, which nothing translates.
        glossary_use(protect(segment.source, markup=block.source.markup).plain, segment.target, glossary)
        for block in translation.blocks
        for segment in block.segments
    ]
    found, kept = sum(one for one, _ in uses), sum(one for _, one in uses)
    if not found:
        return f"glossary {glossary.name}: none of its {len(glossary.entries):,} terms is in the text"
    times = "once" if found == 1 else f"{found:,} times"
    return f"glossary {glossary.name}: its terms stand {times} in the French, {kept:,} of them kept to in the English"


def _language_model(terminal: Terminal) -> LanguageModel:
    """Return the language model the environment names; where text goes is said even to those who asked for quiet."""
    from translate.llm import open_model

    return open_model(lambda text: terminal.note(text, level=-1))


def _written_summary(
    document: Document, model: LanguageModel, settings: Settings, args: argparse.Namespace, terminal: Terminal
) -> Translation | None:
    """Return the language model's summary; None, with a note, where it was refused."""
    from translate.llm.abstract import Refusal, abstract

    written = abstract(document, model, settings, count=args.sentences)
    if isinstance(written, Refusal):
        terminal.note(f"the language model's summary was refused: {written.reason}; key sentences are given instead")
        return None
    return written


def _say_engine(engine: Any, terminal: Terminal) -> None:
    info = engine.info
    terminal.note(
        f"model {info.model} ({info.checksum[:12]}), {info.engine} {info.compute_type} on {info.device}, "
        f"{info.threads} threads",
        level=1,
    )


def _put(text: str, args: argparse.Namespace, meta: Meta | None, terminal: Terminal) -> None:
    """Write to the output file in the encoding of the input (``meta``) or UTF-8; to stdout always in UTF-8."""
    from translate.read import output_encoding
    from translate.write import save

    if args.output:
        if meta and output_encoding(text, meta) != meta.encoding:
            terminal.note(f"{args.output}: written in UTF-8, since {meta.encoding} lacks some of its characters")
        save(text, args.output, meta, force=args.force)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    if text and not text.endswith("\n") and sys.stdout.isatty():
        sys.stdout.buffer.write(b"\n")  # or the prompt would stand on the article's last line
    sys.stdout.buffer.flush()


def _report(translation: Translation, settings: Settings, terminal: Terminal) -> int:
    """Say on stderr what the reader should know: notes, and what is doubtful and why; return the exit code."""
    for note in translation.notes:
        terminal.note(note)
    segments, flagged = translation.segments, translation.flagged
    if settings.glossary.entries:
        terminal.note(_glossary_note(translation, settings.glossary))
    if flagged:
        counts = Counter(flag.check for s in flagged for flag in s.flags)
        kinds = ", ".join(f"{check} {number}" for check, number in counts.most_common())
        hint = "" if terminal.loudness > 0 else " (-v lists them)"
        verb = "is" if len(flagged) == 1 else "are"
        terminal.note(f"{len(flagged)} of {len(segments)} sentences {verb} doubtful: {kinds}{hint}")
    for segment in flagged:
        why = "; ".join(f"{flag.check}: {flag.detail}" for flag in segment.flags)
        terminal.note(f"  {why}", segment.source, segment.target, level=1)
    spent = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in translation.seconds.items())
    terminal.note(f"{len(segments)} sentences; {spent}", level=1)
    return StrictError.exit_code if settings.strict and flagged else 0
