"""What goes into a training: corpus files, filters, variations, vocabulary, arrays and settings."""

from __future__ import annotations

import errno
import gzip
import json
import lzma
import os
import random
import shutil
import subprocess
import sys
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate.errors import InputError, ModelError, OutputError, UsageError
from translate.training import alignment, arrays, augment, embedding, vocabulary
from translate.training.corpus import CorpusFile, Pair, read_pairs
from translate.training.events import Log, Note, Prepared, Progress, Stopped, ignore, read_log
from translate.training.filters import Drop, FilterReport, PairFilter, numbers_differ
from translate.training.prepare import DevSet, Folder, prepare
from translate.training.presets import PRESETS, preset
from translate.training.settings import (
    FilterSettings,
    TrainSettings,
    changed,
    parse_weights,
)

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header srclang="fr"/><body>
<tu><tuv xml:lang="fr-FR"><seg>Le <bpt i="1">&lt;b&gt;</bpt>drone<ept i="1">&lt;/b&gt;</ept> vole.</seg></tuv>
    <tuv xml:lang="EN_us"><seg>The drone flies.</seg></tuv></tu>
<tu><tuv xml:lang="de"><seg>Hund</seg></tuv><tuv xml:lang="en"><seg>dog</seg></tuv></tu>
<tu><tuv lang="fr"><seg>Le <hi>chien</hi>
  dort.</seg></tuv><tuv lang="en"><seg>The dog sleeps.</seg></tuv></tu>
</body></tmx>
"""


def texts(path: Path, english: Path | None = None) -> list[tuple[str, str, str]]:
    return [(pair.name, pair.french, pair.english) for pair in read_pairs(CorpusFile(path, english))]


def test_importing_the_package_imports_no_heavy_library() -> None:
    code = (
        "import sys, translate.training, translate.training.trainer, translate.training.settings, "
        "translate.training.backtranslate, translate.training.distil\n"
        "print([m for m in ('torch', 'transformers', 'ctranslate2', 'scipy', 'lingua', 'matplotlib', "
        "'sentencepiece', 'eflomal') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class TestCorpus:
    @pytest.mark.parametrize("ending", ["", ".gz", ".xz"])
    def test_reads_tsv_of_two_and_three_columns_plain_and_compressed(self, tmp_path: Path, ending: str) -> None:
        data = "\ufeffUn.\tOne.\r\nnews\tDeux.\tTwo.\n".encode()
        path = tmp_path / f"press.tsv{ending}"
        path.write_bytes({"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}[ending](data))
        assert texts(path) == [("press", "Un.", "One."), ("news", "Deux.", "Two.")]

    def test_a_given_name_replaces_the_names_of_sources(self, tmp_path: Path) -> None:
        (tmp_path / "a.tsv").write_text("news\tUn.\tOne.\n")
        [pair] = read_pairs(CorpusFile(tmp_path / "a.tsv", name="mine"))
        assert pair == Pair("mine", "Un.", "One.", str(tmp_path / "a.tsv"), 1)

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"Un.\tOne.\nDeux.\n", "line 2: 1 columns"),
            (b"Un.\tOne.\na\tb\tc\td\n", "line 2: 4 columns"),
            (b"Un.\tOne.\nCaf\xe9.\tCafe.\n", "line 2: not UTF-8"),
        ],
    )
    def test_malformed_tsv_is_an_error_with_file_and_line(self, tmp_path: Path, data: bytes, said: str) -> None:
        (tmp_path / "bad.tsv").write_bytes(data)
        with pytest.raises(InputError, match=said) as caught:
            texts(tmp_path / "bad.tsv")
        assert "bad.tsv" in str(caught.value)

    def test_missing_and_truncated_files_are_input_errors(self, tmp_path: Path) -> None:
        for name in ("none.tsv", "none.tsv.gz", "none.tmx", "none.tmx.xz"):
            with pytest.raises(InputError, match=rf"{name}: there is no such file\n"):
                texts(tmp_path / name)
        (tmp_path / "folder.tsv").mkdir()
        with pytest.raises(InputError, match=r"folder\.tsv: is a folder"):
            texts(tmp_path / "folder.tsv")
        (tmp_path / "plain.tsv.gz").write_text("Un.\tOne.\n")
        with pytest.raises(InputError, match=r"plain\.tsv\.gz: Not a gzipped file"):
            texts(tmp_path / "plain.tsv.gz")
        (tmp_path / "cut.tsv.gz").write_bytes(gzip.compress(b"Un.\tOne.\n" * 1000)[:-20])
        with pytest.raises(InputError, match=r"cut\.tsv\.gz, after line \d+: "):
            texts(tmp_path / "cut.tsv.gz")

    def test_moses_pairs_must_be_of_one_length(self, tmp_path: Path) -> None:
        fr, en = tmp_path / "a.fr", tmp_path / "a.en"
        fr.write_text("Un.\nDeux.\n")
        en.write_text("One.\nTwo.\n")
        assert texts(fr, en) == [("a", "Un.", "One."), ("a", "Deux.", "Two.")]
        en.write_text("One.\n")
        with pytest.raises(InputError, match=r"a\.en ends before line 2 of .*a\.fr"):
            texts(fr, en)

    def test_tmx_takes_variants_by_language_prefix_and_leaves_markup_out(self, tmp_path: Path) -> None:
        (tmp_path / "m.tmx").write_text(TMX)
        assert texts(tmp_path / "m.tmx") == [
            ("m", "Le drone vole.", "The drone flies."),
            ("m", "", "dog"),
            ("m", "Le chien dort.", "The dog sleeps."),
        ]

    def test_broken_tmx_is_an_error_with_its_line(self, tmp_path: Path) -> None:
        (tmp_path / "m.tmx").write_text(TMX.replace("</body>", ""))
        with pytest.raises(InputError, match=r"m\.tmx, line 8"):
            texts(tmp_path / "m.tmx")


class TestFilters:
    def reasons(self, pairs: list[Pair], filters: FilterSettings | None = None) -> FilterReport:
        chosen = PairFilter(filters or FilterSettings(), frozenset({"Phrase gardée."}))
        list(chosen.passed(pairs))
        return chosen.report()

    @pytest.mark.parametrize(
        ("french", "english", "reason"),
        [
            ("", "One.", "empty"),
            ("Un.", " \u00a0 ", "empty"),
            ("Phrase\u00a0gardée.", "Sentence kept.", "in the development set"),
            ("x" * 900, "y" * 900, "too long"),
            ("Une phrase qui est beaucoup trop longue pour cela.", "Short.", "length ratio"),
            ("--- 12 ---", "No letters here", "no letters"),
            (
                "The same long line on both sides of the tab, alas.",
                "The same long line on both sides of the tab, alas.",
                "copied",
            ),
            ("En 2003 et en 2004, rien.", "Nothing at all happened.", "numbers"),
        ],
    )
    def test_each_reason_is_counted_by_source(self, french: str, english: str, reason: str) -> None:
        report = self.reasons([Pair("a", french, english), Pair("b", "Un chat.", "A cat.")])
        assert report == FilterReport((("b", 1),), (Drop("a", reason, 1),))
        assert report.read == 2

    def test_duplicates_are_found_after_normalising(self) -> None:
        pairs = [Pair("a", "L'« ami ».", 'The "friend".'), Pair("b", "L’“ami”.", "The “friend”.")]
        assert self.reasons(pairs).dropped == (Drop("b", "duplicate", 1),)
        assert self.reasons(pairs, FilterSettings(duplicates=True)).dropped == ()

    def test_what_passes_is_normalised(self) -> None:
        [pair] = PairFilter(FilterSettings()).passed([Pair("a", "L’« ami »\u202f!", "The “friend”!", "f", 3)])
        assert pair == Pair("a", 'L\'"ami" !', 'The "friend"!', "f", 3)

    def test_language_is_checked_on_request_and_on_long_lines_alone(self) -> None:
        pairs = [
            Pair(
                "a",
                "Dies ist ein deutscher Satz über das Wetter von heute.",
                "This is about the weather of today.",
            ),
            Pair("a", "Ceci est une phrase sur le temps qu'il fait.", "This is a sentence about the weather."),
            Pair("a", "Hund", "dog"),
        ]
        report = self.reasons(pairs, FilterSettings(language=True))
        assert report.dropped == (Drop("a", "language", 1),)

    @pytest.mark.parametrize(
        ("french", "english", "differ"),
        [
            ("12 000 euros", "12,000 euros", False),
            ("vingt hommes", "20 men", False),
            ("14 h 30", "2:30 pm", False),
            ("en 2003, 45 morts", "in 2003 many died", False),
            ("45 morts et 56 blessés", "many dead and injured", True),
        ],
    )
    def test_numbers_written_otherwise_are_let_pass(self, french: str, english: str, differ: bool) -> None:
        assert numbers_differ(french, english) is differ


class TestAugment:
    @given(st.integers(0, 2**32), st.decimals("2", "99999999", places=0))
    @settings(max_examples=60, deadline=None)
    def test_a_changed_number_is_the_same_on_both_sides(self, seed: int, value: Decimal) -> None:
        french, english = augment.french_number(value), augment.english_number(value, augment.is_year(value))
        source, target = f"Les {french} hommes sont partis.", f"The {english} men have gone."
        changed_fr, changed_en = augment.change_number(source, target, random.Random(seed))
        assert changed_fr.startswith("Les ")
        assert changed_en.endswith(" men have gone.")
        left = changed_fr[4:].partition(" hommes")[0].replace(" ", "").replace(",", ".")
        assert Decimal(left) == Decimal(changed_en[4:].partition(" men")[0].replace(",", ""))

    @pytest.mark.parametrize(
        ("french", "english"),
        [
            ("Il a 1 chien.", "He has 1 dog."),
            ("Le G20 et la COP21.", "The G20 and COP21."),
            ("Le 12/03, rien.", "On 12/03, nothing."),
            ("12 et 12 hommes.", "12 and 12 men."),
            ("Douze hommes.", "12 men."),
            ("Il a 1,5 million.", "He has 2.5 million."),
        ],
    )
    def test_a_number_that_is_not_sure_is_left_alone(self, french: str, english: str) -> None:
        for seed in range(20):
            assert augment.change_number(french, english, random.Random(seed)) == (french, english)

    def test_hours_and_days_stay_hours_and_days(self) -> None:
        seen = set()
        for seed in range(300):
            french, english = augment.change_number("Le 12 mars à 14h30.", "On 12 March at 14:30.", random.Random(seed))
            day, hour = french[3:].split(" mars à ")
            assert english == f"On {day} March at {hour.replace('h', ':')}"
            assert 2 <= int(day) <= 28
            seen.add(day if hour == "14h30." else "hour")
        assert {"hour", "2"} < seen

    @pytest.mark.parametrize(
        ("value", "french", "english"),
        [
            ("1234567.8", "1 234 567,8", "1,234,567.8"),
            ("1999", "1999", "1999"),
            ("1234", "1 234", "1,234"),
            ("0.5", "0,5", "0.5"),
        ],
    )
    def test_numerals_of_both_languages(self, value: str, french: str, english: str) -> None:
        number = Decimal(value)
        assert augment.french_number(number) == french
        assert augment.english_number(number, augment.is_year(number)) == english

    def test_variations_are_decided_by_the_seed(self) -> None:
        varier = augment.Augmenter(("Berlanger", "Kowalski"))
        pair = ('Hier, Martinez a dit "non" à 45 élus.', 'Yesterday, Martinez said "no" to 45 MPs.')
        first = [varier.vary(*pair, random.Random(seed)) for seed in range(200)]
        assert first == [varier.vary(*pair, random.Random(seed)) for seed in range(200)]
        assert any("BERLANGER" in fr or "Berlanger" in fr for fr, _ in first)
        assert any(fr.isupper() and en.isupper() for fr, en in first)
        assert any("«\u00a0non\u00a0»" in fr for fr, _ in first)
        assert any(not fr.endswith(".") and not en.endswith(".") for fr, en in first)
        assert all(("Martinez" in fr) == ("Martinez" in en) or fr.isupper() for fr, en in first)

    def test_a_dateline_stands_before_both_sides(self) -> None:
        lines = [augment.add_dateline("Un.", "One.", random.Random(seed)) for seed in range(40)]
        assert all(fr.endswith("Un.") and en.endswith("One.") and len(fr) > 5 for fr, en in lines)
        assert any("1er" in fr or "janvier" in fr for fr, _ in lines)

    def test_back_translated_french_keeps_its_tag_and_its_text(self) -> None:
        pair = ("<bt> Il y a 45 élus.", "There are 45 MPs.")
        assert {augment.Augmenter().vary(*pair, random.Random(seed)) for seed in range(50)} == {pair}

    def test_one_final_stop_is_dropped_and_an_ellipsis_is_not(self) -> None:
        assert augment.drop_stop("Un.", "One.") == ("Un", "One")
        assert augment.drop_stop("Un...", "One...") == ("Un...", "One...")


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> vocabulary.Vocabulary:
    folder = tmp_path_factory.mktemp("vocabulary")
    (folder / "lines.txt").write_text("Le chat dort bien ici en 1984 .\nThe cat sleeps well here in 2023675 .\n" * 50)
    vocabulary.learn(folder / "lines.txt", 320, folder, seed=1, threads=1)
    return vocabulary.load(folder)


class TestVocabulary:
    def test_the_layout_is_that_of_opus_mt(self, words: vocabulary.Vocabulary) -> None:
        assert (words.end, words.unknown, words.padding) == (0, 1, words.size - 1)
        assert words.pieces[0] == "</s>"
        assert words.pieces[-1] == "<pad>"
        assert words.aligned

    def test_text_comes_back_digits_stand_alone_and_nothing_is_unknown(self, words: vocabulary.Vocabulary) -> None:
        text = ["Le chat 1984 dort 漢 ici.", "<bt> chat"]
        lists = words.encode_source(text)
        assert words.decode(lists) == text
        assert words.unknown not in lists[0]
        assert [words.pieces[i] for i in lists[0] if words.pieces[i] in "1984"] == ["1", "9", "8", "4"]
        assert lists[1].count(words.ids["<bt>"]) == 1

    def test_ids_go_through_the_table_where_they_differ_from_the_models(self, words: vocabulary.Vocabulary) -> None:
        turned = {piece: (number * 7) % 2999 + 2 for piece, number in words.ids.items()}
        pieces = [""] * 3002
        for piece, number in turned.items():
            pieces[number] = piece
        other = replace(words, ids=turned, pieces=tuple(pieces), aligned=False, unknown=turned["<unk>"])
        [ids] = other.encode_target(["The cat sleeps."])
        assert ids == [turned[words.pieces[i]] for i in words.encode_target(["The cat sleeps."])[0]]
        assert other.decode([ids]) == ["The cat sleeps."]

    def test_missing_broken_and_oversized_vocabularies_are_model_errors(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"source\.spm"):
            vocabulary.load(tmp_path)
        for name in vocabulary.FILES:
            (tmp_path / name).write_text("{}")
        with pytest.raises(ModelError, match=r"cannot be read"):
            vocabulary.load(tmp_path)

    def test_a_size_too_small_for_the_characters_is_an_input_error(self, tmp_path: Path) -> None:
        (tmp_path / "lines.txt").write_text("Le chat dort.\n" * 20)
        with pytest.raises(InputError, match="no vocabulary of 20 pieces"):
            vocabulary.learn(tmp_path / "lines.txt", 20, tmp_path, seed=1, threads=1)


def corpus(folder: Path, pairs: list[tuple[list[int], list[int]]]) -> arrays.PairArrays:
    arrays.write(folder, pairs)
    return arrays.load(folder)


def random_pairs(count: int, seed: int = 0) -> list[tuple[list[int], list[int]]]:
    rng = random.Random(seed)
    return [([rng.randint(2, 90) for _ in range(rng.randint(1, 20))], [5] * rng.randint(1, 20)) for _ in range(count)]


class TestArrays:
    def test_what_is_written_is_read(self, tmp_path: Path) -> None:
        pairs = [([5, 6], [7]), ([], [65_535]), ([8], [])]
        read = corpus(tmp_path, pairs)
        for number, (french, english) in enumerate(pairs):
            assert read.source.pieces[read.source.offsets[number] : read.source.offsets[number + 1]].tolist() == french
            assert read.target.pieces[read.target.offsets[number] : read.target.offsets[number + 1]].tolist() == english

    def test_arrays_cut_short_are_an_input_error(self, tmp_path: Path) -> None:
        corpus(tmp_path, [([5, 6], [7])])
        (tmp_path / "source.u16").write_bytes(b"\0\0")
        with pytest.raises(InputError, match=r"source\.u16"):
            arrays.load(tmp_path)
        (tmp_path / "source.offsets.npy").write_bytes(b"")
        with pytest.raises(InputError, match="the prepared corpus cannot be read"):
            arrays.load(tmp_path)

    @pytest.mark.parametrize("widths", [(), (8, 16, 24)])
    def test_an_epoch_holds_every_pair_once_in_batches_of_bounded_size(
        self, tmp_path: Path, widths: tuple[int, ...]
    ) -> None:
        read = corpus(tmp_path, [*random_pairs(500), ([5] * 30, [5]), ([], [5])])
        order = arrays.Order(read, tokens=100, longest=20, seed=3, widths=widths)
        assert order.left_out == 2
        position, seen = arrays.Position(), []
        while True:
            lines, after = order.at(position)
            if after.epoch:
                break
            assert order.width(lines) * len(lines) <= 100
            if widths:
                assert order.width(lines) in widths
            seen += lines.tolist()
            position = after
        assert sorted(seen) == list(range(500))
        assert seen != sorted(seen)

    def test_the_order_is_a_function_of_seed_and_position(self, tmp_path: Path) -> None:
        read = corpus(tmp_path, random_pairs(300))
        first, again = (arrays.Order(read, tokens=100, longest=20, seed=3) for _ in range(2))
        position = arrays.Position()
        for _ in range(90):
            _, position = first.at(position)
        assert position.epoch >= 1
        assert np.array_equal(first.at(position)[0], again.at(position)[0])
        other = arrays.Order(read, tokens=100, longest=20, seed=4)
        assert not np.array_equal(other.at(arrays.Position())[0], first.at(arrays.Position())[0])

    def test_nothing_that_fits_is_an_error(self, tmp_path: Path) -> None:
        read = corpus(tmp_path, [([5] * 30, [5] * 30)])
        with pytest.raises(InputError, match="at most 20 pieces"):
            arrays.Order(read, tokens=100, longest=20, seed=3)
        with pytest.raises(InputError, match="batches of 20"):
            arrays.Order(read, tokens=20, longest=40, seed=3)

    def test_lines_are_closed_and_padded_and_spare_rows_hold_an_end(self, tmp_path: Path) -> None:
        read = corpus(tmp_path, [([5, 6], [7]), ([8], [9, 9, 9])])
        matrix = arrays.pad(read.source, np.array([1, 0]), rows=3, width=4, padding=99, end=0)
        assert matrix.tolist() == [[8, 0, 99, 99], [5, 6, 0, 99], [0, 99, 99, 99]]

    def test_links_of_pharaoh_format_reach_the_padded_batch(self, tmp_path: Path) -> None:
        read = corpus(tmp_path, [([5, 6], [7]), ([8], [9, 9, 9])])
        links = alignment.read_links(["0-0 0-2"], np.array([1]), read)
        assert links.tolist() == [255, 0, 255, 0]
        linked = arrays.PairArrays(read.source, read.target, links)
        assert arrays.pad_links(linked, np.array([1, 0]), rows=3, width=4).tolist() == [
            [0, 255, 0, 255],
            [255] * 4,
            [255] * 4,
        ]


def test_pieces_that_occur_together_begin_near_each_other(tmp_path: Path) -> None:
    pytest.importorskip("scipy")
    rng = random.Random(1)
    pairs = []
    for _ in range(600):
        line = [rng.randint(2, 21) for _ in range(6)]
        pairs.append((line, [piece + 30 for piece in line]))
    rows = embedding.cross_lingual(corpus(tmp_path, pairs), 60, 16, seed=1)
    near = [int(np.argmax([rows[i] @ rows[j] for j in range(32, 52)])) + 32 for i in range(2, 22)]
    assert sum(other == i + 30 for i, other in zip(range(2, 22), near, strict=True)) >= 14
    assert np.linalg.norm(rows, axis=1).min() > 0.3
    again = embedding.cross_lingual(arrays.load(tmp_path), 60, 16, seed=1)
    assert np.allclose(rows, again, atol=1e-4)


class TestPrepare:
    def run(self, folder: Path, rows: list[str], **options: object) -> Prepared:
        (folder / "c.tsv").write_text("".join(f"{row}\n" for row in rows))
        chosen = TrainSettings(steps=1, pieces=300, guide=0.0, augment=False, **options)  # type: ignore[arg-type]
        dev = DevSet(("Le chat numéro zéro.",), ("Cat zero.",))
        return prepare(
            [CorpusFile(folder / "c.tsv")],
            Folder(folder / "run"),
            chosen,
            FilterSettings(),
            dev=dev,
            threads=1,
            on_event=ignore,
        )

    def rows(self) -> list[str]:
        news = [f"news\tLe chat numéro {i}.\tCat number {i}." for i in range(10, 30)]
        return news + [f"laws\tLa loi numéro {i}.\tLaw number {i}." for i in range(10, 50)]

    def test_sources_are_seen_as_often_as_they_weigh(self, tmp_path: Path) -> None:
        done = self.run(tmp_path, self.rows(), weights=("news=3", "laws=0.5"), final_weights=("*=0", "news=1"))
        assert 60 + 8 <= done.pairs <= 60 + 32
        assert done.final_pairs == 20
        assert done.report.kept == (("laws", 40), ("news", 20))

    def test_preparing_is_decided_by_the_seed_and_done_once(self, tmp_path: Path) -> None:
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
        first, second = (self.run(tmp_path / name, self.rows(), weights=("laws=0.5",)) for name in ("a", "b"))
        assert first == second
        one, two = ((tmp_path / name / "run/data/main/target.u16").read_bytes() for name in ("a", "b"))
        assert one == two
        assert self.run(tmp_path / "a", ["other\tUn.\tOne."], weights=("laws=0.5",)) == first

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"pairs": 1}', "[" * 100_000])
    def test_a_damaged_record_says_how_to_prepare_anew(self, tmp_path: Path, text: str) -> None:
        first = self.run(tmp_path, self.rows())
        record = tmp_path / "run/data/prepared.json"
        whole = json.loads(record.read_text())
        for damaged in (text, json.dumps({**whole, "pairs": "many"})):
            record.write_text(damaged)
            with pytest.raises(InputError, match=r"prepared\.json: cannot be read") as caught:
                self.run(tmp_path, self.rows())
            assert "--resume" in caught.value.hint
        record.unlink()
        assert self.run(tmp_path, self.rows()) == first

    def test_a_record_is_written_whole_or_not_at_all(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("translate.write.atomic.os.fsync", full)
        with pytest.raises(OutputError, match=r"prepared\.json: cannot be written: the disk is full"):
            self.run(tmp_path, self.rows())
        assert list((tmp_path / "run").iterdir()) == []

    def test_a_full_disk_leaves_nothing_of_it(self, tmp_path: Path) -> None:
        mount, umount = shutil.which("mount"), shutil.which("umount")
        disk, rows = tmp_path / "run", self.rows() * 30
        disk.mkdir()
        if not mount or not umount or os.system(f"{mount} -t tmpfs -o size=1m tmpfs '{disk}' 2>/dev/null"):
            pytest.skip("needs the right to mount a small disk")
        try:
            ballast = disk / "ballast"
            # Room for nothing, for the cleaned corpus, for the vocabulary and for some of the arrays.
            for room in (0, 60, 120, 160):
                ballast.write_bytes(b"x" * (1024 - room) * 1024)
                with pytest.raises(OutputError, match=r"run.*: cannot be written: ") as caught:
                    self.run(tmp_path, rows, weights=("*=90",))
                assert "space" in caught.value.hint
                assert [path.name for path in disk.iterdir()] == ["ballast"]
            ballast.unlink()
            assert self.run(tmp_path, rows, weights=("*=9",)).pairs == 9 * 60
        finally:
            os.system(f"{umount} '{disk}'")

    def test_links_that_are_not_whole_are_a_model_error(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        arrays.write(tmp_path, [([1, 2], [3, 4])] * 3)
        monkeypatch.setattr(alignment, "_run", lambda files, count: files[2].write_text("0-0\n"))
        with pytest.raises(ModelError, match="not whole") as caught:
            alignment.write_links(tmp_path, seed=1)
        assert "--guide 0" in caught.value.hint

    def test_lines_of_the_development_set_are_held_out(self, tmp_path: Path) -> None:
        done = self.run(tmp_path, [*self.rows(), "news\tLe chat numéro zéro.\tCat zero."])
        assert done.report.dropped == (Drop("news", "in the development set", 1),)

    def test_a_corpus_of_which_nothing_is_left_says_why(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="nothing is left of 2 pairs") as caught:
            self.run(tmp_path, ["a\t\tOne.", "a\tUn.\t"])
        assert "2 empty" in caught.value.hint


class TestSettings:
    def test_every_option_has_help(self) -> None:
        for kind in (TrainSettings, FilterSettings):
            assert all(field.metadata.get("help") for field in fields(kind))

    @pytest.mark.parametrize("budget", [{}, {"minutes": 1.0, "steps": 5}])
    def test_a_training_has_exactly_one_budget(self, budget: dict[str, int]) -> None:
        with pytest.raises(UsageError, match="one budget"):
            TrainSettings(**budget)

    @pytest.mark.parametrize("text", ["news", "=3", "news=x", "news=-1", "news=nan"])
    def test_what_is_no_weight_is_a_usage_error(self, text: str) -> None:
        with pytest.raises(UsageError, match="is no weight"):
            TrainSettings(steps=1, weights=(text,))

    def test_a_mix_names_sources_and_the_others(self) -> None:
        mix, final = parse_weights(("newstest2008-2013=3", "laws=0.4")), parse_weights(("*=0", "newstest2008-2013=2"))
        assert (mix.of("newstest2008-2013"), mix.of("laws"), mix.of("europarl_v7")) == (3.0, 0.4, 1.0)
        assert (final.of("newstest2008-2013"), final.of("debian_web")) == (2.0, 0.0)

    def test_a_resumed_training_may_change_its_budget_and_not_its_curve(self) -> None:
        old = TrainSettings(steps=10)
        assert changed(old, replace(old, steps=20, threads=1)) == ()
        assert changed(old, replace(old, seed=2, dropout=0.1)) == ("dropout", "seed")

    def test_presets_have_the_sizes_that_are_told(self) -> None:
        sizes = [round(p.shape(p.pieces + 1).parameters / 1e6) for p in PRESETS]
        assert sizes == [11, 22, 56]
        with pytest.raises(UsageError, match="no preset 'huge'"):
            preset("huge")


class TestLog:
    def test_events_come_back_and_a_line_cut_short_is_ignored(self, tmp_path: Path) -> None:
        log = Log(tmp_path / "log.jsonl")
        report = FilterReport((("a", 1),), (Drop("a", "empty", 2),))
        events = [Note("é\u2028\x85"), Prepared(1, 2, 3, report), Progress(1, 2, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)]
        for event in events:
            log.write(event)
        with (tmp_path / "log.jsonl").open("a") as stream:
            stream.write('{"event": "prog')
        assert read_log(tmp_path / "log.jsonl") == events
        log.forget_after(0)
        assert read_log(tmp_path / "log.jsonl") == events[:2]
        with (tmp_path / "log.jsonl").open("ab") as stream:
            stream.write('{"event": "note", "text": "é'.encode()[:-1])
        assert read_log(tmp_path / "log.jsonl") == events[:2]

    def test_damage_is_an_error_with_its_line(self, tmp_path: Path) -> None:
        (tmp_path / "log.jsonl").write_text(json.dumps({"event": "note", "text": "a"}) + "\nnonsense\n")
        with pytest.raises(InputError, match="line 2"):
            read_log(tmp_path / "log.jsonl")
        (tmp_path / "log.jsonl").write_text("1\n")
        with pytest.raises(InputError, match="line 1"):
            read_log(tmp_path / "log.jsonl")

    def test_a_stop_is_kept(self, tmp_path: Path) -> None:
        log = Log(tmp_path / "log.jsonl")
        log.write(Stopped(5, 1, 1.0, "interrupted"))
        log.forget_after(5)
        assert len(read_log(tmp_path / "log.jsonl")) == 1


def test_names_and_numbers_that_both_sides_share_are_held() -> None:
    from translate.training.augment import hold

    pair = ("Selon Hashem Kindi, il y a 66 blessés à Deir Zor.", "There are 66 wounded in Deir Zor, says Hashem Kindi.")
    seen = {hold(*pair, random.Random(seed)) for seed in range(30)}
    assert ("Selon Z1, il y a Z2 blessés à Z3.", "There are Z2 wounded in Z3, says Z1.") in seen
    assert all(
        french.count("Z") == english.count("Z") + ("Zor" in french) - ("Zor" in english) for french, english in seen
    )
    assert hold("Rien à tenir.", "Nothing to hold.", random.Random(1)) == ("Rien à tenir.", "Nothing to hold.")
