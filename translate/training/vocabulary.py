"""Vocabularies in OPUS-MT's layout: learnt by sentencepiece, or taken from a checkpoint."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from translate.errors import InputError, ModelError
from translate.training.augment import BACK_TRANSLATED

FILES = ("source.spm", "target.spm", "vocab.json")


@dataclass(frozen=True)
class Vocabulary:
    """Turns text into ids and back, as MarianTokenizer would.

    ``ids`` maps pieces to ids; where it is the very order of the sentencepiece models (vocabularies learnt
    here), the mapping is skipped. The end of sentence is never part of a list of ids.
    """

    source: Any
    target: Any
    ids: dict[str, int]
    pieces: tuple[str, ...]
    aligned: bool
    end: int
    unknown: int
    padding: int

    @property
    def size(self) -> int:
        """How many ids there are, ``<pad>`` included."""
        return len(self.pieces)

    def encode_source(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of French lines."""
        return self._encode(self.source, texts)

    def encode_target(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of English lines."""
        return self._encode(self.target, texts)

    def decode(self, lists: Sequence[Sequence[int]]) -> list[str]:
        """Return the English of lists of ids; special ids are left out."""
        special = {self.end, self.padding}
        kept = [[i for i in ids if i not in special] for ids in lists]
        if self.aligned:
            return [str(text).strip() for text in self.target.decode(kept)] if kept else []
        return [str(self.target.decode_pieces([self.pieces[i] for i in ids])).strip() for ids in kept]

    def _encode(self, model: Any, texts: Sequence[str]) -> list[list[int]]:
        if self.aligned:
            return list(model.encode(list(texts)))
        return [
            [self.ids.get(piece, self.unknown) for piece in line] for line in model.encode(list(texts), out_type=str)
        ]


def load(folder: Path) -> Vocabulary:
    """Return the vocabulary of a Marian checkpoint; raises ModelError where it is missing, broken or unfit.

    Unfit: more than 65,536 ids (the arrays hold 16 bits), or separate source and target vocabularies.
    """
    import sentencepiece

    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise ModelError(f"{folder}: no {', '.join(missing)}", "A Marian checkpoint folder is needed.")
    try:
        source = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
        target = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))
        ids: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        pieces = [""] * (max(ids.values()) + 1)
        for piece, number in ids.items():
            pieces[number] = piece
        end, unknown, padding = ids["</s>"], ids["<unk>"], ids["<pad>"]
    except (OSError, RuntimeError, ValueError, KeyError, AttributeError) as error:
        raise ModelError(f"{folder}: the vocabulary cannot be read: {error}", "Fetch the checkpoint again.") from error
    if (folder / "target_vocab.json").exists():
        raise ModelError(
            f"{folder}: source and target have vocabularies of their own",
            "Such models cannot be trained here.",
        )
    if len(pieces) > 65_536:
        raise ModelError(f"{folder}: a vocabulary of {len(pieces)} pieces", "At most 65,536 can be trained here.")
    aligned = all(
        model.get_piece_size() == len(pieces) - 1
        and all(model.id_to_piece(i) == pieces[i] for i in range(len(pieces) - 1))
        for model in (source, target)
    )
    return Vocabulary(source, target, ids, tuple(pieces), aligned, end, unknown, padding)


def learn(lines: Path, size: int, folder: Path, *, seed: int, threads: int) -> None:
    """Learn a joint vocabulary of at most ``size`` pieces from French and English lines, into ``folder``.

    Unigram (Kudo 2018), with byte fallback, so that no character is unknown, NFKC normalisation, and digits
    one by one, so that no number is. ``</s>`` is 0, ``<unk>`` 1, ``<pad>`` the last id, as CTranslate2's
    converter expects. A small text yields fewer pieces. Raises InputError where ``size`` cannot hold the
    characters.
    """
    import sentencepiece

    learnt = io.BytesIO()
    sentencepiece.set_random_generator_seed(seed)
    try:
        sentencepiece.SentencePieceTrainer.train(
            input=str(lines),
            model_writer=learnt,
            vocab_size=size,
            model_type="unigram",
            character_coverage=0.9999,
            byte_fallback=True,
            hard_vocab_limit=False,
            split_digits=True,
            normalization_rule_name="nmt_nfkc",
            eos_id=0,
            unk_id=1,
            bos_id=-1,
            pad_id=-1,
            user_defined_symbols=[BACK_TRANSLATED],
            num_threads=threads,
            minloglevel=2,
        )
    except RuntimeError as error:
        raise InputError(
            f"no vocabulary of {size} pieces can be learnt from this corpus: {error}",
            "Give a larger --pieces.",
        ) from error
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES[:2]:
        (folder / name).write_bytes(learnt.getvalue())
    model = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
    ids = {model.id_to_piece(i): i for i in range(model.get_piece_size())}
    ids["<pad>"] = len(ids)
    (folder / "vocab.json").write_text(json.dumps(ids, ensure_ascii=False, indent=1), encoding="utf-8")


def copy(origin: Path, folder: Path) -> None:
    """Copy the vocabulary of a checkpoint into another folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(origin / name, folder / name)
