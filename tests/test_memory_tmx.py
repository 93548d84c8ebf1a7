from __future__ import annotations

import argparse
import gzip
import io
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_memory import CONTEXT, FULL, approve, segment

from translate.cli import memory as command
from translate.cli.terminal import Terminal
from translate.document import Flag, Segment
from translate.errors import Fr2enError, InputError, OutputError, UsageError
from translate.memory import ImportReport, Key, Memory, TmxExport, import_tmx, open_memory
from translate.read.tmx import Unit, read_tmx

NOTHING = ImportReport(0, 0, 0, 0, 0, 0, 0, 0)
HEAD = '<?xml version="1.0"?>\n<tmx version="1.4"><header srclang="fr"/><body>\n'


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with open_memory(tmp_path / "m.db") as opened:
        yield opened


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Memory]:
    with open_memory(tmp_path / "other.db") as opened:
        yield opened


def unit(french: str, english: str, properties: str = "") -> str:
    tuvs = "".join(f'<tuv xml:lang="{k}"><seg>{v}</seg></tuv>' for k, v in (("fr", french), ("en", english)) if v)
    return f"<tu>{properties}{tuvs}</tu>\n"


def tmx(path: Path, *units: str, head: str = HEAD) -> Path:
    path.write_text(head + "".join(units) + "</body></tmx>\n", encoding="utf-8")
    return path


def units(text: str | bytes) -> list[Unit]:
    return list(read_tmx(io.BytesIO(text.encode() if isinstance(text, str) else text), "m.tmx"))


def exported(memory: Memory, path: Path) -> Path:
    path.write_bytes(b"".join(TmxExport(memory)))
    return path


def everything(memory: Memory) -> list[tuple[object, ...]]:
    with memory.snapshot() as snapshot:
        pairs = [(a.source, a.target) for a in snapshot.approved()]
        return [*pairs, *((e.context, e.payload) for e in snapshot.entries())]


class TestReader:
    def test_what_a_unit_holds(self) -> None:
        text = (
            '<tmx version="1.4"><header><prop type="h">1</prop><note>n</note></header><body>\n'
            '<tu tuid="1"><note>n</note><prop type="x">a&amp;b</prop><prop>untyped</prop>\n'
            '<tuv xml:lang="FR-fr"><prop type="y">its own</prop><seg>L&#8217;é<hi>t</hi>é <ph>{1}<sub>no</sub></ph>.\n'
            '</seg></tuv><tuv lang="en_GB"><seg>Summer<it pos="begin">&lt;i></it>.</seg></tuv>\n'
            '<tuv xml:lang="en-US"><seg>second</seg></tuv></tu>\n<tu><tuv xml:lang="de"><seg>x</seg></tuv></tu>'
            "</body></tmx>"
        )
        properties = (("x", "a&b"), ("", "untyped"))
        header = (("h", "1"),)
        assert units(text) == [
            Unit("L’été .\n", "Summer.", 1, 2, properties, header),
            Unit("", "", 2, 6, (), header),
        ]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
    def test_encodings(self, encoding: str) -> None:
        name = encoding.removesuffix("-sig")
        text = HEAD.replace("?>", f' encoding="{name}"?>', 1) + unit("L'été", "Summer") + "</body></tmx>"
        assert [(u.french, u.english) for u in units(text.encode(encoding))] == [("L'été", "Summer")]

    def test_namespaces_and_document_types_do_not_disturb(self) -> None:
        text = (
            '<!DOCTYPE tmx SYSTEM "http://localhost:9/tmx14.dtd"><t:tmx xmlns:t="urn:tmx"><t:body>'
            '<t:tu><t:tuv xml:lang="fr"><t:seg>Un</t:seg></t:tuv></t:tu></t:body></t:tmx>'
        )
        assert [u.french for u in units(text)] == ["Un"]

    def test_bombs_and_files_of_others_are_refused(self) -> None:
        bomb = (
            '<?xml version="1.0"?>\n<!DOCTYPE tmx [\n<!ENTITY a "ha">\n'
            + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">\n' for n in range(1, 10))
            + "]>\n<tmx><body>"
            + unit("&a9;", "&a9;")
            + "</body></tmx>"
        )
        tracemalloc.start()
        with pytest.raises(InputError, match=r"m\.tmx, line 3: defines the entity 'a'"):
            units(bomb)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
        tracemalloc.stop()
        for declaration in ('x SYSTEM "file:///etc/passwd"', '% x SYSTEM "http://localhost:9/x"'):
            with pytest.raises(InputError, match="defines the entity"):
                units(f"<!DOCTYPE tmx [<!ENTITY {declaration}>]><tmx>{unit('&x;', 'x')}</tmx>")

    def test_an_entity_that_is_not_known_is_not_dropped(self) -> None:
        with pytest.raises(InputError, match=r"line 1: the entity &eacute; is defined nowhere"):
            units(f'<!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx><body>{unit("&eacute;t&eacute;", "x")}</body></tmx>')

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "line 1, column 0: not well-formed"),
            ("pas du XML", "line 1, column 0: not well-formed"),
            (HEAD + unit("Un", "One"), r"line 4, column 0: not well-formed XML \(no element found\)"),
            (HEAD + "<tu></body></tmx>", r"line 3.*mismatched tag"),
            (HEAD + unit("a \x01 b", "One"), r"line 3, .*invalid token"),
            ("<html><body/></html>", "line 1: not TMX but <html>"),
            ('<?xml version="1.0" encoding="klingon"?><tmx/>', "unknown encoding"),
            ('<?xml version="1.0" encoding="shift_jis"?><tmx/>', "line 1: .*encoding"),
            (b"<tmx><body>\xff</body></tmx>", "invalid token"),
        ],
    )
    def test_what_is_no_tmx_is_named_with_its_line(self, text: str | bytes, words: str) -> None:
        with pytest.raises(InputError, match=words) as caught:
            units(text)
        assert "m.tmx" in caught.value.what
        assert caught.value.hint

    def test_a_cut_archive(self) -> None:
        data = gzip.compress((HEAD + unit("Un", "One") * 5000).encode())[:-100]
        with gzip.open(io.BytesIO(data)) as stream, pytest.raises(InputError, match=r"m\.tmx, after unit"):
            list(read_tmx(stream, "m.tmx"))

    def test_a_long_file_takes_little_memory(self) -> None:
        class Endless(io.RawIOBase):
            """Gives a file of 2 MB without holding it."""

            left = 25

            def read(self, size: int = -1) -> bytes:
                self.left -= 1
                start = HEAD.encode() if self.left == 24 else b""
                end = b"</body></tmx>" if self.left == 0 else b""
                return start + unit("Une phrase.", "A sentence.").encode() * 800 + end if self.left >= 0 else b""

        tracemalloc.start()
        count = sum(1 for _ in read_tmx(Endless(), "m.tmx"))  # type: ignore[arg-type]
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
        tracemalloc.stop()
        assert count == 25 * 800


class TestExport:
    def test_what_an_editor_reads(self, memory: Memory, tmp_path: Path) -> None:
        approve(memory, ("Un & deux <b>.", "One & two <b>."))
        memory.bound(CONTEXT).put([((FULL.source, False), FULL)])
        root = ElementTree.parse(exported(memory, tmp_path / "m.tmx")).getroot()
        assert (root.tag, root.get("version")) == ("tmx", "1.4")
        header = root.find("header")
        assert header is not None
        wanted = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
        assert set(header.keys()) == wanted
        assert (header.get("creationtool"), header.get("srclang"), header.get("segtype")) == ("fr2en", "fr", "sentence")
        first, second = root.findall("body/tu")
        assert [seg.text for seg in first.iter("seg")] == ["Un & deux <b>.", "One & two <b>."]
        assert first.find("prop") is None
        assert [seg.text for seg in second.iter("seg")] == [FULL.source, FULL.target]
        properties = {prop.get("type"): prop.text for prop in second.findall("prop")}
        assert properties["x-fr2en-model"] == "bundled aaaaaaaaaaaa"
        assert properties["x-fr2en-flags"] == "numbers: 3,5"
        assert [child.tag for child in second] == ["prop"] * 4 + ["tuv"] * 2, "the order of the TMX definition"

    def test_the_report_counts(self, memory: Memory) -> None:
        approve(memory, ("Un.", "One."))
        memory.bound(CONTEXT).put(
            [
                (("a\x00b\x1b", False), Segment("a\x00b\x1b", "a\ufffe\ud800")),
                (("\t\r\n\U0001f600", False), Segment("\t\r\n\U0001f600", "ok")),
            ]
        )
        export = TmxExport(memory)
        ElementTree.fromstring(b"".join(export))
        report = export.report
        assert (report.approved, report.machine, report.dropped, report.damaged) == (1, 2, 4, 1)

    def test_an_empty_memory(self, memory: Memory) -> None:
        assert units(b"".join(TmxExport(memory))) == []

    def test_it_is_streamed(self, memory: Memory) -> None:
        memory.bound(CONTEXT).put([((f"{number} {'é' * 500}", False), segment(number)) for number in range(500)])
        chunks = list(TmxExport(memory))
        assert len(chunks) > 4
        assert max(map(len, chunks)) < 200_000


class TestImport:
    def test_pairs_are_approved_for_every_context(self, memory: Memory, tmp_path: Path) -> None:
        path = tmp(
            tmp_path, unit("L'été\n  est fini.", " Summer\u00a0is\n over. "), unit("Deux &amp; trois", "2 &amp; 3")
        )
        assert import_tmx(memory, path) == replace(NOTHING, approved=2)
        asked = [("L’été est fini.", False), ("Deux & trois", True)]
        assert memory.bound(CONTEXT).get(asked) == {
            asked[0]: Segment("L’été est fini.", "Summer\u00a0is over.", passed="memory"),
            asked[1]: Segment("Deux & trois", "2 & 3", passed="memory"),
        }

    def test_every_unit_is_accounted_for(self, memory: Memory, tmp_path: Path) -> None:
        approve(memory, ("Un.", "One."), ("Deux.", "Two."))
        path = tmp(
            tmp_path,
            unit("Un.", "One."),
            unit("Deux.", "Both."),
            unit("Trois.", "3"),
            unit("Trois.", "Three."),
            unit("Quatre.", ""),
            unit("", "Five."),
            unit(" \n ", "Six."),
            unit("Sept.", "Seven.", '<prop type="x-fr2en-model">bundled</prop>'),
        )
        assert import_tmx(memory, path) == ImportReport(
            approved=1, changed=1, unchanged=1, superseded=1, restored=0, known=0, incomplete=1, one_sided=3
        )
        assert everything(memory) == [("Un.", "One."), ("Deux.", "Both."), ("Trois.", "Three.")]

    @pytest.mark.parametrize("ending", ["<tu>", "\x01</body></tmx>", "&nothing;</body></tmx>"])
    def test_nothing_is_half_imported(self, memory: Memory, tmp_path: Path, ending: str) -> None:
        path = tmp_path / "in.tmx"
        path.write_text(HEAD + unit("Un.", "One.") * 3000 + ending)
        with pytest.raises(InputError, match=r"in\.tmx, line 300\d"):
            import_tmx(memory, path)
        assert everything(memory) == []

    def test_a_missing_file(self, memory: Memory, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="cannot be read"):
            import_tmx(memory, tmp_path / "none.tmx")


def tmp(folder: Path, *units: str) -> Path:
    return tmx(folder / "in.tmx", *units)


class TestThereAndBack:
    ITEMS: tuple[tuple[Key, Segment], ...] = (
        ((FULL.source, True), FULL),
        (("a\x00\r\n\t b\u00a0", False), Segment("a\x00\r\n\t b\u00a0", " c\x1b\ud800 ", score=-0.25)),
        (("***", False), Segment("***", "***", passed="symbols")),
        (("Vide.", False), Segment("Vide.", "", flags=(Flag("empty", "<&>"),))),
    )

    def test_the_machines_own_stays_what_it_was(self, memory: Memory, other: Memory, tmp_path: Path) -> None:
        approve(memory, ("Un.", "One."))
        memory.bound(CONTEXT).put(self.ITEMS)
        memory.bound(replace(CONTEXT, beam=1)).put([(("Un.", False), Segment("Un.", "A.", score=-1.0))])
        path = exported(memory, tmp_path / "m.tmx")
        assert import_tmx(other, path) == replace(NOTHING, approved=1, restored=5)
        assert everything(other) == everything(memory)
        assert other.bound(CONTEXT).get([key for key, _ in self.ITEMS]) == dict(self.ITEMS)
        assert import_tmx(other, path) == replace(NOTHING, unchanged=1, known=5)

    def test_what_was_corrected_is_approved(self, memory: Memory, other: Memory, tmp_path: Path) -> None:
        memory.bound(CONTEXT).put(self.ITEMS)
        path = exported(memory, tmp_path / "m.tmx")
        text = path.read_text("utf-8").replace("<seg>It weighs 3.5 t.</seg>", "<seg>It weighs 3.5 tonnes.</seg>")
        path.write_text(text, "utf-8")
        assert import_tmx(other, path) == replace(NOTHING, approved=1, restored=3)
        found = other.bound(CONTEXT).get([(FULL.source, True)])
        assert found[FULL.source, True] == Segment(FULL.source, "It weighs 3.5 tonnes.", passed="memory")

    @pytest.mark.parametrize("lost", ["x-fr2en-context", "x-fr2en-segment"])
    def test_what_an_editor_has_stripped_is_counted_not_approved(
        self, memory: Memory, other: Memory, tmp_path: Path, lost: str
    ) -> None:
        memory.bound(CONTEXT).put(self.ITEMS)
        path = exported(memory, tmp_path / "m.tmx")
        path.write_text(path.read_text("utf-8").replace(lost, "x-lost"), "utf-8")
        assert import_tmx(other, path) == replace(NOTHING, incomplete=4)
        assert everything(other) == []

    def test_layout_by_an_editor_is_no_correction(self, memory: Memory, other: Memory, tmp_path: Path) -> None:
        memory.bound(CONTEXT).put(self.ITEMS)
        path = exported(memory, tmp_path / "m.tmx")
        text = path.read_text("utf-8").replace("<seg>", "<seg>\n   ").replace("</seg>", "\n</seg>")
        path.write_text(text, "utf-8")
        assert import_tmx(other, path) == replace(NOTHING, restored=4)

    @given(st.lists(st.text(st.characters(codec="utf-8")), max_size=5), st.text(st.characters(codec="utf-8")))
    @settings(deadline=None, max_examples=15)
    def test_any_text(self, tmp_path_factory: pytest.TempPathFactory, texts: list[str], target: str) -> None:
        folder = tmp_path_factory.mktemp("any")
        with open_memory(folder / "a.db") as one, open_memory(folder / "b.db") as two:
            one.bound(CONTEXT).put(((text, False), Segment(text, target, score=-0.5)) for text in texts)
            import_tmx(two, exported(one, folder / "m.tmx"))
            assert everything(two) == everything(one)


def fr2en(*words: object) -> int:
    top = argparse.ArgumentParser()
    command.add_parsers(top.add_subparsers(), argparse.ArgumentParser(add_help=False))
    args = top.parse_args(["memory", *map(str, words)])
    code: int = args.run(args, Terminal())
    return code


class TestCommand:
    def test_import_export_stats(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp(tmp_path, unit("Un.", "One."), unit("Deux.", ""))
        assert fr2en("import", tmp_path / "m.db", path) == 0
        out, err = capsys.readouterr()
        assert "1 approved translations are new, 0 replaced others, 0 were there" in out
        assert "units without French or without English, left out: 1\n" in err
        with open_memory(tmp_path / "m.db") as memory:
            memory.bound(CONTEXT).put([((FULL.source, False), FULL), (("\x01", False), Segment("\x01", "x"))])
            memory.bound(CONTEXT).get([(FULL.source, False), ("Un.", False)])
        assert fr2en("export", tmp_path / "m.db", tmp_path / "out.tmx") == 0
        out, err = capsys.readouterr()
        assert "1 approved translations, 2 of the machine" in out
        assert "control characters that XML cannot hold, left out: 1 (units concerned: 1)" in err
        assert len(units((tmp_path / "out.tmx").read_bytes())) == 3
        assert fr2en("stats", tmp_path / "m.db") == 0
        out, err = capsys.readouterr()
        for words in (
            "approved    1 by people, recalled once",
            "machine     2, recalled once",
            "bundled (aaaaaaaaaaaa)",
        ):
            assert words in out
        assert "beam 4, alternatives 1, curly quotes\n" in out
        assert err == ""

    @pytest.mark.parametrize("cut", ["<tmx>", HEAD + "<tu><tuv"])
    def test_a_failed_import_leaves_no_new_memory(self, tmp_path: Path, cut: str) -> None:
        (tmp_path / "cut.tmx").write_text(cut, "utf-8")
        with pytest.raises(InputError):
            fr2en("import", tmp_path / "m.db", tmp_path / "cut.tmx")
        assert [file.name for file in tmp_path.iterdir()] == ["cut.tmx"]

    def test_stats_as_json(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with open_memory(tmp_path / "m.db") as memory:
            memory.bound(CONTEXT).put([((FULL.source, False), FULL)])
        assert fr2en("stats", tmp_path / "m.db", "--json") == 0
        report = json.loads(capsys.readouterr().out)
        assert (report["entries"], report["approved"], report["contexts"][0]["beam"]) == (1, 0, 4)
        assert report["contexts"][0]["digest"] == CONTEXT.digest
        assert report["bytes"] > 0
        assert report["newest_use"].endswith("Z")

    @pytest.mark.parametrize(
        ("words", "kind", "said"),
        [
            (("stats", "none.db"), InputError, "no such translation memory"),
            (("export", "none.db", "out.tmx"), InputError, "no such translation memory"),
            (("export", "m.db", "m.db", "--force"), UsageError, "is the translation memory itself"),
            (("export", "m.db", "in.tmx"), OutputError, "is there already"),
            (("import", "new.db", "none.tmx"), InputError, "there is no such file"),
            (("import", "in.tmx", "in.tmx"), InputError, "no translation memory"),
        ],
    )
    def test_slips(self, tmp_path: Path, words: tuple[str, ...], kind: type[Fr2enError], said: str) -> None:
        path = tmp(tmp_path, unit("Un.", "One."))
        fr2en("import", tmp_path / "m.db", path)
        before = {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}
        action, *names = words
        with pytest.raises(kind, match=said):
            fr2en(action, *(name if name.startswith("-") else tmp_path / name for name in names))
        assert {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()} == before

    def test_an_export_that_fails_leaves_the_file_that_was_there(self, tmp_path: Path) -> None:
        path = tmp(tmp_path, unit("Un.", "One."))
        with open_memory(tmp_path / "m.db") as memory:
            memory.bound(CONTEXT).put([((FULL.source, False), FULL)])
            with memory.writing() as connection:
                connection.execute("UPDATE entries SET data = x'00'")
        before = path.read_bytes()
        with pytest.raises(InputError, match="damaged"):
            fr2en("export", tmp_path / "m.db", path, "--force")
        assert path.read_bytes() == before
        assert {entry.name for entry in tmp_path.iterdir()} == {"m.db", "in.tmx"}
