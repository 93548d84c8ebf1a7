from __future__ import annotations

import io
import json
import os
import re
import shutil
import struct
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.metrics import Comparison, Score
from eval.report import render_html, render_json, render_markdown, tables
from eval.report.differences import difference
from eval.report.files import write_report
from eval.report.wording import cell, verdict
from eval.run import RunSettings, System, run
from eval.suites import Check, Line, Suite
from translate.document import Flag
from translate.errors import OutputError, UsageError

EVIL = "<script>document.title='broken'</script>&amp;\"'"
SUITE = Suite(
    "tiny",
    tuple(
        Line(
            f"{category}-{i}",
            f"Phrase {i} " + "longue " * i + EVIL,
            (f"The sentence {i} is " + "very " * i + "long.",),
            category,
            checks=(Check((str(i),)), Check(("never|*",), forbidden=True)),
        )
        for category in ("numbers", "single_words")
        for i in range(12)
    ),
    title=f"Tiny {EVIL}",
)


def translate(lines):
    return ["" if i == 3 else f"The sentence {i % 12} was {EVIL}" for i, _ in enumerate(lines)]


def measured(count: int = 2):
    systems = [
        System("first", translate),
        System(f"se_cond {EVIL}", lambda lines: [x[:20] for x in translate(lines)]),
    ]
    flags = [Flag("numbers", EVIL)]
    return run(systems[:count], SUITE, RunSettings(bootstrap=20, trials=20, worst=5), lambda *_: flags)


@pytest.fixture(scope="module")
def both():
    return measured()


def test_json_holds_every_line_and_score(both):
    report = json.loads(render_json(both))
    assert report["version"] == 1
    assert report["suite"]["sha256"] == SUITE.checksum
    assert [s["name"] for s in report["systems"]] == ["first", f"se_cond {EVIL}"]
    assert len(report["systems"][0]["lines"]) == 24
    assert report["systems"][0]["lines"][3]["failed"] == ["must hold 3", "must not hold never|*"]
    assert {c["metric"] for c in report["comparisons"]} == {"BLEU", "chrF++", "TER", "Checks"}
    assert all(score["signature"] for score in report["systems"][0]["scores"])


def test_markdown_shows_text_as_it_is(both):
    from markdown_it import MarkdownIt

    text = render_markdown(both)
    page = MarkdownIt("commonmark").enable("table").render(text)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<table>") == 5
    assert "tok:13a" in text
    assert "no winner" in text or "is better" in text


def test_terminal_tables_name_systems_and_groups(both):
    from rich.console import Console

    out = io.StringIO()
    console = Console(file=out, width=160)
    for table in tables(both):
        console.print(table)
    shown = out.getvalue()
    for text in ("first", "numbers", "single_words", "BLEU", "By length of the source"):
        assert text in shown


def test_an_interval_of_nothing_has_no_sign():
    assert cell(Score("BLEU", 100.0, 100.00000000000004, 100.0, "s", 2)) == "100.0 ± 0.0"
    assert "BLEU +0.0;" in verdict(Comparison("BLEU", "a", "b", 30.0, 29.99, 0.9, 0.9))


def test_differences_mark_words_on_both_sides():
    found = difference(("Nothing alike at all", "The court, on Monday, ruled."), "The court, on Tuesday, ruled.")
    assert [p.text for p in found.reference if p.changed] == ["Monday"]
    assert [p.text for p in found.hypothesis if p.changed] == ["Tuesday"]
    assert "".join(p.text for p in found.hypothesis) == "The court, on Tuesday, ruled."
    assert difference(("Text.",), "").hypothesis == ()


class Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.targets += [v or "" for k, v in attrs if k in ("src", "href", "action", "data", "srcset")]


def test_the_page_asks_for_nothing_and_runs_nothing(both):
    page = render_html(both)
    seen = Collector()
    seen.feed(page)
    assert set(seen.targets) == {"data:,"}
    assert not {"script", "iframe", "img", "object"} & set(seen.tags)
    assert "@import" not in page
    assert not re.search(r"url\(", page)
    assert seen.tags.count("svg") > 6


def test_reports_are_never_written_over_unasked(tmp_path, both):
    path = tmp_path / "report.md"
    write_report(both, path)
    with pytest.raises(OutputError, match="exists"):
        write_report(both, path)
    write_report(both, path, force=True)
    with pytest.raises(UsageError, match="no report has this ending"):
        write_report(both, tmp_path / "report.doc")
    with pytest.raises(OutputError, match="no such folder"):
        write_report(both, tmp_path / "none" / "report.md")
    assert list(tmp_path.iterdir()) == [path]


def chromium(*options: str, profile: Path) -> str:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium: the HTML report is tested in a real one (apt-get install chromium)")
        pytest.skip("no Chromium on this machine")
    fixed = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync --hide-scrollbars"
    )
    command = [program, *fixed.split(), f"--user-data-dir={profile}", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def test_one_system_is_not_compared():
    page = render_html(measured(1))
    assert "Who is better" not in page
    assert page.count("<details") == 3


def test_a_browser_shows_the_whole_page(tmp_path, both):
    path = tmp_path / "report.html"
    path.write_text(render_html(both), "utf-8")
    dom = chromium("--dump-dom", path.as_uri(), profile=tmp_path / "profile")
    assert "<title>Evaluation on Tiny &lt;script&gt;" in dom
    assert "broken'</script>" not in dom.replace("&lt;", "<!--")
    assert dom.count('<li><span class="soft">') == 10
    assert dom.count('class="card c') == 4


@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_fits_its_window(tmp_path, both, width):
    probe = (
        "<script>addEventListener('load',()=>{document.documentElement.dataset.overflow="
        "document.documentElement.scrollWidth-innerWidth})</script></body>"
    )
    page = re.sub(r"<meta http-equiv[^>]*>", "", render_html(both)).replace("</body>", probe)
    path = tmp_path / "report.html"
    path.write_text(page, "utf-8")
    size = f"--window-size={width},900"
    dom = chromium(size, "--dump-dom", path.as_uri(), profile=tmp_path / "profile")
    assert int(re.search(r'data-overflow="(-?\d+)"', dom)[1]) <= 0
    if width < 1280:
        return
    picture = tmp_path / "page.png"
    chromium(size, f"--screenshot={picture}", path.as_uri(), profile=tmp_path / "profile")
    assert struct.unpack(">II", picture.read_bytes()[16:24]) == (width, 900)
