"""Suites to measure on: bundled, from TOML, from a pair of text files, or one of sacreBLEU's named sets."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from eval.suites.lines import Check, Line, Suite
from eval.suites.suitefile import read_suite
from eval.suites.texts import read_parallel
from translate.errors import InputError, OfflineError

__all__ = ["BUNDLED", "Check", "Line", "Suite", "known_suites", "load_suite", "pair_suite"]

#: The suites that ship, each a folder beside this file.
BUNDLED = ("challenge", "seed")

#: The language pair asked of sacreBLEU.
_PAIR = "fr-en"


def known_suites() -> tuple[str, ...]:
    """Return the names :func:`load_suite` knows: the bundled ones, then sacreBLEU's for French to English."""
    from sacrebleu.utils import get_available_testsets_for_langpair

    return (*BUNDLED, *sorted(get_available_testsets_for_langpair(_PAIR)))


def load_suite(name: str, *, download: bool = False) -> Suite:
    """Return the suite ``name``: a known name, or the path of a TOML file or of a folder with suite.toml.

    sacreBLEU's sets are fetched only with ``download``. Raises InputError for an unknown name, a missing file
    or a suite that is not well formed, OfflineError for a set that is not here and cannot be fetched.
    """
    if name in BUNDLED:
        with resources.as_file(resources.files("eval.suites") / name) as folder:
            return read_suite(folder / "suite.toml")
    path = Path(name)
    if path.is_dir():
        return read_suite(path / "suite.toml")
    if path.suffix == ".toml" or path.is_file():
        return read_suite(path)
    if name in known_suites():
        return _sacrebleu_suite(name, download)
    raise InputError(f"unknown suite: {name}", f"known: {', '.join(known_suites())}; or the path of a TOML file")


def pair_suite(source: Path, references: Sequence[Path], name: str = "") -> Suite:
    """Return a suite from a text file of sources and one or more of references, line by line.

    Raises InputError where the files do not fit together: different counts, an empty source or reference.
    """
    if not references:
        raise InputError(f"{source}: no reference given", "name one or more files of references")
    lines = []
    rows, blank = read_parallel((source, *references))
    for number, (text, *targets) in rows:
        if not text:
            raise InputError(f"{source}:{number}: the source is empty", "remove the line from every file")
        lines.append(Line(str(number), text, tuple(t for t in targets if t)))
    return Suite(name or source.stem, tuple(lines), origin=str(source), blank=blank)


def _sacrebleu_suite(name: str, download: bool) -> Suite:
    """Return one of sacreBLEU's sets, fetched by sacreBLEU itself where allowed."""
    import sacrebleu
    from sacrebleu.dataset import DATASETS

    stored = Path(sacrebleu.SACREBLEU_DIR) / name / f"{name.replace('/', '_')}.{_PAIR}.src"
    if not stored.is_file() and not download:
        address = (DATASETS[name].data or ["its publisher"])[0]
        raise OfflineError(f"{name} is not on this machine", f"--download lets sacreBLEU fetch it from {address}")
    try:
        source = Path(sacrebleu.get_source_file(name, _PAIR))
        references = [Path(path) for path in sacrebleu.get_reference_files(name, _PAIR)]
    except (OSError, SystemExit) as error:
        # sacreBLEU ends the process itself on a failed download or checksum.
        raise OfflineError(
            f"{name} could not be fetched: {error}", "try again, or give your own files with --pair"
        ) from None
    suite = pair_suite(source, references, name)
    description = DATASETS[name].description or name
    return Suite(name, suite.lines, title=description, origin=f"sacreBLEU's {name}, {_PAIR}", blank=suite.blank)
