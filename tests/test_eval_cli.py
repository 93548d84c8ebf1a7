from __future__ import annotations

import argparse
import json

import pytest

from eval import cli
from eval.run import System
from translate.cli.terminal import Terminal
from translate.errors import Fr2enError

TEXTS = [f"The minister presented plan number {i} on Tuesday." for i in range(30)]


def fr2en(*words: str) -> int:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("-q", "--quiet", action="store_true")
    parser = argparse.ArgumentParser()
    cli.add_parsers(parser.add_subparsers(dest="command"), shared)
    try:
        args = parser.parse_args(["eval", *words])
        return args.run(args, Terminal())
    except SystemExit as leaving:
        return leaving.code
    except Fr2enError as error:
        return error.exit_code


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fr.txt").write_text("".join(f"Phrase {i}.\n" for i in range(30)))
    (tmp_path / "en.txt").write_text("".join(f"{text}\n" for text in TEXTS))
    (tmp_path / "worse.txt").write_text("Something else altogether.\n" * 30)
    return tmp_path


def test_score_prints_a_table_and_writes_reports(files, capsys):
    options = ("--bootstrap", "20", "--trials", "20", "--against", "worse.txt")
    assert fr2en("score", "en.txt", "en.txt", *options, "-o", "r.json", "-o", "r.html") == 0
    out, err = capsys.readouterr()
    assert "100.0" in out
    assert "en.txt is better" in out
    assert "r.html" in err
    assert "BLEU|nrefs:1|" in out
    assert "TER|nrefs:1|" in out
    assert "-0.0" not in out
    assert len(json.loads((files / "r.json").read_text())["comparisons"]) == 3


def test_blank_lines_that_are_left_out_are_told(files, monkeypatch, capsys):
    monkeypatch.setattr(cli, "_system", lambda *_: System("fake", lambda lines: TEXTS))
    for name in ("fr.txt", "en.txt"):
        (files / name).write_text((files / name).read_text() + "\n\n")
    reports = [word for name in ("r.md", "r.html", "r.json") for word in ("-o", name)]
    assert fr2en("run", "--pair", "fr.txt", "en.txt", "--bootstrap", "10", *reports) == 0
    assert "fr: 30 lines, 2 blank left out" in capsys.readouterr().out
    for name in ("r.md", "r.html"):
        text = (files / name).read_text()
        assert "30 lines, 2 blank left out" in text
        assert "Worst sentences" not in text
    assert json.loads((files / "r.json").read_text())["suite"]["blank"] == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("score", "none.txt", "en.txt"), 4),
        (("score", "en.txt", "en.txt", "--metrics", "rouge"), 2),
        (("score", "en.txt", "en.txt", "-o", "fr.txt"), 2),
        (("score", "en.txt", "en.txt", "-o", "nowhere/r.md"), 6),
        (("run", "--suite", "nosuch"), 4),
        (("run", "--suite", "nosuch.toml"), 4),
        (("run", "--pair", "fr.txt"), 4),
        (("gate", "--pair", "fr.txt", "en.txt", "--baseline", "none.json"), 4),
        (("speed", "--suite", "nosuch"), 4),
    ],
)
def test_exit_codes(files, words, code):
    assert fr2en(*words) == code


def test_the_gate_from_first_floors_to_a_loss(files, monkeypatch, capsys):
    texts = list(TEXTS)
    monkeypatch.setattr(cli, "_system", lambda *_: System("fake", lambda lines: texts))
    gate = ("gate", "--pair", "fr.txt", "en.txt", "--baseline", "floors.json", "--bootstrap", "50")
    assert fr2en(*gate, "--update") == 0
    assert fr2en(*gate) == 0
    said = capsys.readouterr().out
    assert "ok: BLEU 100.00" in said
    assert said.count("|tok:13a|") == 2  # each number carries its signature, floors and verdicts alike
    texts[:] = ["Something else altogether."] * 30
    assert fr2en(*gate) == 8
    assert fr2en(*gate, "--update") == 8
    assert "FAILED: BLEU" in capsys.readouterr().out
    assert fr2en(*gate, "--update", "--allow-regression", "a trial") == 0
    assert json.loads((files / "floors.json").read_text())["regressions"][0]["reason"] == "a trial"
    assert fr2en(*gate) == 0


def test_several_suites_each_get_a_report(files, monkeypatch):
    monkeypatch.setattr(cli, "_system", lambda *_: System("fake", lambda lines: ["A line."] * len(lines)))
    pairs = ("--pair", "fr.txt", "en.txt", "--pair", "worse.txt", "en.txt")
    assert fr2en("run", *pairs, "--bootstrap", "10", "-o", "r.md", "-q") == 0
    assert {path.name for path in files.glob("r*.md")} == {"r.fr.md", "r.worse.md"}
