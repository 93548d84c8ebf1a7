"""Every option of a translation, once, with its default; the command line is built from these fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from translate.glossary import NO_GLOSSARY, Glossary

#: Formats by name: those of READERS in :mod:`translate.read`, and those of WRITERS in :mod:`translate.write`.
INPUT_FORMATS = ("text", "markdown", "html")
OUTPUT_FORMATS = ("text", "markdown", "html", "json", "tsv")

#: Retry rungs in the order they are climbed; see translate.sentences.
RUNGS = (
    "marks",
    "reword",
    "true-case",
    "final-stop",
    "no-repeat",
    "wider-beam",
    "placeholders",
    "clause-split",
    "around",
)

#: Widest beam, and most alternatives, that are taken: translations get worse from about 30 on (Koehn and Knowles
#: 2017, Six Challenges for Neural Machine Translation), and memory grows with the width.
WIDEST_BEAM = 64

#: Most threads that are taken; ten thousand bring a machine to a halt before they translate a word.
MOST_THREADS = 1024


def option(default: Any, help: str, **extra: Any) -> Any:  # noqa: A002 (argparse's own word)
    """Return a dataclass field that carries its command-line help, choices and flags as metadata."""
    return field(default=default, metadata={"help": help, **extra})


@dataclass(frozen=True)
class EngineSettings:
    """How a model is loaded and run.

    ``compute_type`` is CTranslate2's (int8, float32, ...); the torch engine always runs in float32 on the CPU.
    ``threads`` 0 takes the number of processors this process may use.
    """

    model: str = option(
        "",
        "checkpoint folder, hub id or 'bundled'; default: the model chosen by 'fr2en models use', else the bundled one",
        metavar="MODEL",
    )
    engine: str = option(
        "auto",
        "ct2 (CTranslate2) or torch (transformers); auto: ct2 on CPU, torch on CUDA",
        choices=("auto", "ct2", "torch"),
    )
    device: str = option("auto", "where to run; auto: CUDA where there is one", choices=("auto", "cpu", "cuda"))
    compute_type: str = option(
        "auto", "number format of the ct2 engine; auto: int8 on CPU", choices=("auto", "int8", "float32")
    )
    threads: int = option(0, "processor threads; 0: all this process may use", metavar="N", most=MOST_THREADS)


@dataclass(frozen=True)
class Decoding:
    """How one call decodes: beam width, hypotheses returned per unit, whether to align characters.

    ``no_repeat`` forbids any run of that many tokens to come twice in one output; 0 forbids nothing.

    ``max_tokens`` bounds the output of one unit; None lets the engine bound it by the length of the source.

    ``rough`` lets alignment do without the first token of the output, where that saves an encoding of the source.
    """

    beam: int = 4
    alternatives: int = 1
    align: bool = False
    rough: bool = False
    max_tokens: int | None = None
    no_repeat: int = 0


@dataclass(frozen=True)
class Settings:
    """What a translation does with a document."""

    beam: int = option(4, "beam width; 1 is fastest", metavar="N", most=WIDEST_BEAM)
    alternatives: int = option(1, "translations kept per sentence, in JSON", metavar="N", most=WIDEST_BEAM)
    boilerplate: str = option(
        "keep",
        "captions, share bars, related links...: keep them, mark them in the output, or drop them",
        choices=("keep", "mark", "drop"),
    )
    wrapped: str = option(
        "auto", "whether paragraphs are hard-wrapped and to be unwrapped", choices=("auto", "yes", "no")
    )
    quotes: str = option("curly", "quotation marks of the English text", choices=("curly", "straight"))
    glossary: Glossary = option(  # noqa: RUF009 (it makes a field, with a frozen default)
        NO_GLOSSARY,
        "terms and the English they must have: TSV or CSV, French first, checked in every sentence",
        metavar="FILE",
    )
    retry: bool = option(True, "try doubtful sentences again by other ways")
    strict: bool = option(False, "exit with 3 where a sentence is still doubtful or the text is not French")
