"""What must hold of the folders at the end of the soak."""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from soak_command import fr2en

#: Files translated again alone at the end.
SAMPLE = 30

#: Ends a paragraph, in French and in English.
_BLANK = re.compile(r"\n\s*\n")


@dataclass
class Account:
    """What was counted, and what is wrong: every line of ``losses`` names a file."""

    good: int = 0
    bad: int = 0
    outputs: int = 0
    sampled: int = 0
    copies: int = 0
    paragraphs: int = 0
    losses: list[str] = field(default_factory=list)


def check(inputs: Path, outputs: Path, goodness: Mapping[str, bool], vanished: frozenset[str], seed: int) -> Account:
    """Compare the folders; ``goodness`` tells of every name of ``inputs`` whether it can be translated.

    ``vanished`` names lay in ``inputs`` once; their outputs may be there.
    """
    account = Account()
    there = {name for name in names(outputs) if not name.startswith(".fr2en/")}
    expected = {output_of(name): name for name, good in goodness.items() if good}
    account.good, account.bad, account.outputs = len(expected), len(goodness) - len(expected), len(there)
    account.losses += [f"no output: {expected[name]!r}" for name in sorted(expected.keys() - there)]
    allowed = expected.keys() | {output_of(name) for name in vanished}
    account.losses += [f"nobody's output: {name!r}" for name in sorted(there - allowed)]
    pairs = {output: name for output, name in expected.items() if output in there}
    check_whole(inputs, outputs, pairs, account)
    _check_manifest(outputs, goodness, account)
    _check_sample(inputs, outputs, sorted(pairs.items()), seed, account)
    return account


def names(folder: Path) -> Iterator[str]:
    """Yield the names of all files below a folder, temporary ones among them."""
    for parent, _, files in os.walk(folder):
        for file in files:
            yield os.path.relpath(os.path.join(parent, file), folder)  # noqa: PTH118 (undecodable names stay as they are)


def output_of(name: str) -> str:
    """Return the name of the output: ``a.txt`` becomes ``a.en.txt``."""
    stem, ending = os.path.splitext(name)  # noqa: PTH122 (as above)
    return f"{stem}.en{ending}"


def check_whole(inputs: Path, outputs: Path, pairs: Mapping[str, str], account: Account) -> None:
    """Every output has the paragraphs of its French; what is the same in French is the same in English."""
    copies: dict[tuple[str, str], bytes] = {}
    paragraphs: dict[tuple[str, str], str] = {}
    for output, name in sorted(pairs.items()):
        french, english = (inputs / name).read_bytes(), (outputs / output).read_bytes()
        key = sha256(french).hexdigest(), name.rpartition(".")[2].lower()
        if copies.setdefault(key, english) != english:
            account.losses.append(f"differs from that of the same text: {output!r}")
        account.copies += copies[key] is not english
        try:
            before, after = (_BLANK.split(data.decode("utf-8").strip()) for data in (french, english))
        except UnicodeDecodeError:
            continue
        if len(before) != len(after) or (any(before) and not all(part.strip() for part in after)):
            account.losses.append(f"{len(after)} paragraphs for {len(before)}: {output!r}")
            continue
        for source, target in zip(before, after, strict=True):
            account.paragraphs += 1
            if paragraphs.setdefault((source, key[1]), target) != target:
                account.losses.append(f"a paragraph differs from that of another file: {output!r}: {target!r}")


def _check_manifest(outputs: Path, goodness: Mapping[str, bool], account: Account) -> None:
    status = json.loads(fr2en("batch", "status", outputs, "--json").stdout)
    failed = {record["file"] for record in status["failures"]}
    bad = {shown(name) for name, good in goodness.items() if not good}
    account.losses += [f"not noted as failed: {name!r}" for name in sorted(bad - failed)]
    account.losses += [f"noted as failed: {name!r}" for name in sorted(failed - bad)]
    if status["unfinished"]:
        account.losses.append(f"{status['unfinished']} files unfinished in the manifest")
    for database in sorted((outputs / ".fr2en").glob("*.sqlite")):
        with closing(sqlite3.connect(database)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            account.losses.append(f"{database.name}: {found}")


def _check_sample(inputs: Path, outputs: Path, pairs: list[tuple[str, str]], seed: int, account: Account) -> None:
    """Translate some files alone, without a memory: the same bytes must come out."""
    for output, name in random.Random(seed).sample(pairs, min(SAMPLE, len(pairs))):
        alone = outputs.parent / "alone" / os.path.basename(output)  # noqa: PTH119 (as above)
        alone.parent.mkdir(exist_ok=True)
        done = fr2en("translate", "-q", "--force", inputs / name, "-o", alone)
        account.sampled += 1
        if done.returncode or alone.read_bytes() != (outputs / output).read_bytes():
            account.losses.append(f"not as translated alone: {output!r} {done.stderr}")


def shown(name: str) -> str:
    """Return a name as the command prints it."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
