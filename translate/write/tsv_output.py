"""The writer of tab-separated values, for spreadsheets and data frames."""

from __future__ import annotations

import csv
import io

from translate.document import Translation

#: The header row.
COLUMNS = ("block", "paragraph", "sentence", "label", "source", "target", "score", "flags")


def tsv_output(translation: Translation) -> str:
    """Return one sentence a row under a header row, dropped blocks left out.

    ``block`` counts from 0 (the index in JSON's ``blocks``), ``paragraph`` and ``sentence`` (within the
    paragraph) from 1; ``score`` is empty where no model was asked; ``flags`` are "check: detail", parted by
    "; ". Tabs and line ends within a field are a space each; a field that holds ``"`` is quoted as
    spreadsheets and pandas expect.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, dialect="excel-tab", lineterminator="\n")
    writer.writerow(COLUMNS)
    paragraph = 0
    for index, block in enumerate(translation.blocks):
        paragraph += block.source.translatable
        if block.dropped:
            continue
        for number, segment in enumerate(block.segments, 1):
            flags = "; ".join(f"{flag.check}: {flag.detail}" for flag in segment.flags)
            score = "" if segment.score is None else f"{segment.score:.4f}"
            texts = [_one_line(text) for text in (block.source.label.name, segment.source, segment.target)]
            writer.writerow([index, paragraph, number, *texts, score, _one_line(flags)])
    return stream.getvalue()


def _one_line(text: str) -> str:
    """Return ``text`` with each tab and each line end a space."""
    return " ".join(text.replace("\t", " ").splitlines())
