"""The command as a person runs it: a process, its output, its exit code."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SEED = Path(__file__).parent.parent / "seeds" / "000_0ba664e24ee1242a.txt"
SENTENCE = "Le gouvernement a présenté son projet de loi mercredi."


def fr2en(*args: str | Path, stdin: str | bytes | None = None, **env: str) -> subprocess.CompletedProcess[bytes]:
    data = stdin.encode() if isinstance(stdin, str) else stdin
    return subprocess.run(
        [sys.executable, "-c", "from translate.cli import run; run()", *map(str, args)],
        input=data if data is not None else b"",
        capture_output=True,
        timeout=240,
        env={**os.environ, "FR2EN_OFFLINE": "1", **env},
        check=False,
    )


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode()


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom translate.cli import main\nmain(['--help'])\n"
        "heavy = {'torch', 'transformers', 'ctranslate2', 'rich', 'numpy', 'lingua'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "exit codes" in done.stdout


@pytest.mark.parametrize(
    "command",
    [
        ["translate"], ["summarise"], ["doctor"], ["train"], ["train", "backtranslate"], ["train", "distil"], ["eval"],
        ["models"], *(["models", action] for action in ("list", "info", "pull", "use", "convert")),
        *(["eval", measure] for measure in ("score", "run", "gate", "speed", "summaries", "judge")),
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_command_has_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from translate.cli import main

    assert main([*command, "--help"]) == 0
    assert " ".join(["usage: fr2en", *command]) in capsys.readouterr().out


def test_every_option_of_translate_is_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    from translate.cli import main

    main(["translate", "--help"])
    options = {word.rstrip(",") for word in capsys.readouterr().out.split() if word.startswith("--")}
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    missing = {option for option in options - {"--help", "--quiet", "--verbose", "--output"} if option not in readme}
    assert not missing


def test_exit_codes_are_the_same_in_help_and_readme() -> None:
    from translate.cli import EXIT_CODES

    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    for line in EXIT_CODES.splitlines()[1:]:
        code, meaning = line.split(maxsplit=1)
        assert f"| {code} | {meaning.replace('--strict', '`--strict`')} |" in readme


def test_the_seed_article_comes_out_block_for_block(tmp_path: Path) -> None:
    out = tmp_path / "article.en.txt"
    done = fr2en("translate", SEED, "-o", out, "--summary", "3")
    assert done.returncode == 0, said(done)
    assert done.stdout == b""
    english = out.read_text("utf-8")
    head, _, article = english.partition("\nTV\n")
    assert head.count("[¶") == 3
    french = SEED.read_text("utf-8")
    assert len(("TV\n" + article).split("\n")) == len(french.split("\n"))
    for block, original in zip(("TV\n" + article).split("\n"), french.split("\n"), strict=True):
        assert bool(block.strip()) == bool(original.strip())
    assert "SOURCE: FRENCH PRESS TV" in english
    for number in ("70", "66", "62", "34", "32", "55", "11", "14", "17", "hour"):
        assert number in article, number
    for name in (
        "Conoco",
        "Deir ez-Zor",
        "Al Mayadeen",
        "al-Shadadi",
        "al-Tanf",
        "Sputnik",
        "Sabrina Singh",
        "Hashem al-Kindi",
    ):
        assert name.lower() in article.lower(), name


@pytest.mark.parametrize("encoding", ["ascii", "utf-8:strict"])
def test_names_that_stdout_cannot_hold_end_nothing(tmp_path: Path, encoding: str) -> None:
    odd, memory = tmp_path / os.fsdecode(b"q\xff"), tmp_path / "m.db"
    odd.mkdir()
    (odd / "é.txt").write_text("Le chat dort.\n")
    done = fr2en("batch", odd, odd / "out", "--memory", memory, "--json", PYTHONIOENCODING=encoding)
    assert done.returncode == 0, said(done)
    (finished,) = (e for e in map(json.loads, done.stdout.splitlines()) if e["event"] == "finished")
    assert finished["outputs"] == ["é.en.txt"]
    done = fr2en("memory", "export", memory, odd / "é.tmx", PYTHONIOENCODING=encoding)
    assert done.returncode == 0, said(done)
    assert b"0 approved translations, 1 of the machine" in done.stdout
    memory.rename(odd / "m.db")
    done = fr2en("memory", "stats", odd / "m.db", "--json", PYTHONIOENCODING=encoding)
    assert done.returncode == 0, said(done)
    assert os.fsencode(json.loads(done.stdout)["file"]) == os.fsencode(odd / "m.db")


def test_a_model_in_a_folder_whose_name_is_no_utf8(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"mod\xff")
    shutil.copytree(Path(__file__).parent.parent / "translate" / "bundled" / "fr-en", odd)
    env = {"PYTHONIOENCODING": "utf-8:strict", "FR2EN_CONFIG": str(tmp_path / "config" / "config.json")}
    for command in ("info", "use"):
        done = fr2en("models", command, odd, **env)
        assert done.returncode == 0, said(done)
    assert [path.name for path in (tmp_path / "config").iterdir()] == ["config.json"]
    done = fr2en("translate", "--to", "json", stdin="Le chat dort.\n", **env)
    assert done.returncode == 0, said(done)
    assert json.loads(done.stdout)["made"]["engine"]["model"] == f"{tmp_path}/mod\\xff"


def test_json_tells_everything() -> None:
    done = fr2en("translate", "--to", "json", stdin=f"{SENTENCE}\n\nPartager cet article\n")
    report = json.loads(done.stdout)
    assert report["schema"] == "fr2en/1"
    (sentence,) = report["blocks"][0]["sentences"]
    assert sentence["source"] == SENTENCE
    assert "government" in sentence["target"].lower()
    assert sentence["score"] < 0
    assert report["made"]["engine"]["model"] == "bundled"
    assert report["made"]["settings"]["beam"] == 4
    assert set(report["seconds"]) == {"read", "load", "translate"}


def test_translating_with_the_bundled_model_imports_no_torch_and_opens_no_socket() -> None:
    code = (
        "import io, sys\nfrom translate.cli import main\n"
        "sys.addaudithook(lambda event, args: event.startswith('socket.') and event != 'socket.gethostname' "
        "and sys.exit(f'{event} {args}'))\n"
        f"sys.stdin = io.TextIOWrapper(io.BytesIO({SENTENCE.encode()!r}))\n"
        "code = main(['translate', '-'])\n"
        "heavy = {'torch', 'transformers'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    assert "government" in done.stdout.lower()


def test_summarise_prints_english_french_and_paragraphs() -> None:
    done = fr2en("summarise", SEED, "-n", "2")
    lines = done.stdout.decode().splitlines()
    assert [line[:2] for line in lines] == ["1.", "  ", "2.", "  "]
    assert all("[¶" in line for line in lines[::2])
    french = " ".join(SEED.read_text("utf-8").split())
    assert all(" ".join(line.split()) in french for line in lines[1::2])


def test_a_summary_of_headings_alone_says_that_there_is_none() -> None:
    done = fr2en("summarise", "--from", "markdown", stdin="# Titre\n\n## Autre titre\n")
    assert (done.returncode, done.stdout) == (0, b"")
    assert "no sentence to pick" in said(done)


def test_an_empty_file_gives_an_empty_output_and_a_note(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    done = fr2en("translate", empty)
    assert (done.returncode, done.stdout) == (0, b"")
    assert "no text to translate" in said(done)
    assert said(fr2en("translate", empty, "-q")) == ""


def test_an_encoding_that_french_texts_are_not_in_is_told(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_bytes("Президент заявил сегодня, что переговоры будут продолжены в Москве.\n".encode("cp1251"))
    done = fr2en("summarise", "--lang", "fr", article)
    assert (done.returncode, "is read as cp1251, a guess" in said(done)) == (0, True)
    article.write_bytes(f"{SENTENCE}\n".encode("cp1252"))
    assert "guess" not in said(fr2en("summarise", "--lang", "fr", article))


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06"


@pytest.mark.parametrize(
    ("name", "data", "code", "message"),
    [
        ("picture.png", PNG, 4, "picture.png"),
        ("archive.txt", b"PK\x03\x04\x14\x00\x00\x00\x08\x00" * 9, 4, "archive.txt"),
        ("nul.txt", b"Bonjour\x00le monde\x00\n", 4, "nul.txt"),
        ("random.txt", bytes(range(256)) * 20, 4, "random.txt"),
    ],
)
def test_bad_input_is_told_in_two_lines(tmp_path: Path, name: str, data: bytes, code: int, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    done = fr2en("translate", path, "-o", tmp_path / "out.txt")
    assert done.returncode == code
    assert message in said(done)
    assert len(said(done).splitlines()) <= 2
    assert "Traceback" not in said(done)
    assert path.read_bytes() == data
    assert not (tmp_path / "out.txt").exists()


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.txt", tmp_path):
        done = fr2en("translate", path)
        assert done.returncode == 4
        assert str(path) in said(done)
    article = tmp_path / "article.txt"
    article.write_text(SENTENCE, "utf-8")
    done = fr2en("translate", article, "-o", tmp_path / "nowhere" / "out.txt")
    assert done.returncode == 6
    assert "nowhere" in said(done)
    done = fr2en("translate", article, "--model", tmp_path / "nothing")
    assert done.returncode == 5
    assert "nothing" in said(done)


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_standard_output_can_be_named(tmp_path: Path, name: str) -> None:
    done = fr2en("translate", "-o", name, stdin="12 %\n")
    assert (done.returncode, done.stdout) == (0, b"12%\n"), said(done)
    done = fr2en("translate", "-o", "", stdin="12 %\n")
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such devices")
def test_standard_input_can_be_named_as_a_device(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("12 %\n", "utf-8")
    assert fr2en("translate", "/dev/stdin", stdin="12 %\n").stdout == b"12%\n"
    code = "from translate.cli import run; run()"
    with article.open("rb") as file:
        done = subprocess.run(
            [sys.executable, "-c", code, "translate", "/dev/stdin"], stdin=file, capture_output=True, check=False
        )
    assert done.stdout == b"12%\n"
    done = subprocess.run(
        [sys.executable, "-c", code, "translate", "/dev/stdin"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"")
    done = fr2en("translate", "/dev/zero")
    assert (done.returncode, "/dev/zero: is a device" in said(done)) == (4, True)


@pytest.mark.parametrize("command", ["translate", "summarise"])
def test_an_empty_name_is_no_folder(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    from translate.cli import main

    assert main([command, ""]) == 2
    assert "the name is empty" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="only Linux has names that are no UTF-8")
def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    article, out = tmp_path / "in\udcff.txt", tmp_path / "out\udcff.json"
    article.write_text("12 %", "utf-8")
    done = fr2en("translate", article, "-o", out)
    assert done.returncode == 0, said(done)
    assert json.loads(out.read_bytes())["document"]["source"].endswith("in\\udcff.txt")


@pytest.mark.parametrize("name", ["outdir/", "outdir/.", "there/", "there", "."])
@pytest.mark.parametrize("command", [["translate", "a.txt", "-o"], ["memory", "export", "a.db"]])
def test_a_folder_is_not_written_to_whether_it_is_there_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str], name: str
) -> None:
    from translate.cli import main

    monkeypatch.chdir(tmp_path)
    Path("there").mkdir()
    Path("a.txt").write_text(SENTENCE, "utf-8")
    assert main([*command, name]) == 6
    assert f"{name}: is a folder" in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"there", "a.txt"}


def test_an_existing_file_is_replaced_only_with_force(tmp_path: Path) -> None:
    article, out = tmp_path / "article.txt", tmp_path / "out.txt"
    article.write_text(SENTENCE, "utf-8")
    out.write_text("precious", "utf-8")
    done = fr2en("translate", article, "-o", out)
    assert (done.returncode, out.read_text("utf-8")) == (6, "precious")
    assert "--force" in said(done)
    assert fr2en("translate", article, "-o", out, "--force").returncode == 0
    assert "government" in out.read_text("utf-8").lower()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["article.txt", "out.txt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(SENTENCE, "utf-8")
    done = fr2en("translate", article, "-o", "/dev/full", "--to", "text", "--force")
    assert done.returncode == 6
    assert "Traceback" not in said(done)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("redirected", [">/dev/full", "2>/dev/full", ">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize("command", ["translate - --beam 1", "translate missing.txt", "models list", "--help"])
def test_streams_that_are_full_or_closed_give_no_traceback(command: str, redirected: str) -> None:
    program = f"{sys.executable} -c 'from translate.cli import run; run()'"
    line = f"{program} {command} {redirected}"
    done = subprocess.run(["sh", "-c", line], input=SENTENCE.encode(), capture_output=True, check=False, timeout=240)
    assert "Traceback" not in said(done)
    assert len(said(done).splitlines()) <= 2
    full = redirected == ">/dev/full"
    assert done.returncode == (4 if "missing" in command else 6 if full and command != "--help" else 0)


def test_notes_that_nobody_reads_do_not_stop_the_work(tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    program = f"{sys.executable} -c 'from translate.cli import run; run()'"
    line = f"{program} translate -v - -o {out} 2>&1 | true"
    subprocess.run(["sh", "-c", line], input=SENTENCE.encode(), check=False, timeout=240)
    assert out.exists()


def test_a_model_folder_without_its_files_is_told(tmp_path: Path) -> None:
    from translate.models import resolve

    broken = tmp_path / "model"
    shutil.copytree(resolve("bundled").path, broken)
    (broken / "vocab.json").unlink()
    done = fr2en("translate", "--model", broken, stdin=SENTENCE)
    assert done.returncode == 5
    assert "vocab.json" in said(done)


def test_another_language_warns_and_strict_refuses() -> None:
    spanish = "El gobierno anunció el martes que no participará en las negociaciones con los sindicatos.\n" * 3
    done = fr2en("translate", stdin=spanish)
    assert done.returncode == 0
    assert "not French but looks like Spanish (" in said(done)
    done = fr2en("translate", "--strict", stdin=spanish)
    assert (done.returncode, done.stdout) == (3, b"")


def test_a_hub_model_offline_fails_with_what_to_do() -> None:
    done = fr2en("models", "pull", "Helsinki-NLP/opus-mt-fr-en", HF_HUB_CACHE="/nonexistent", HF_HOME="/nonexistent")
    assert done.returncode == 5
    assert "--offline" in said(done)


def test_a_huge_line_that_is_no_language_passes_in_seconds(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    path.write_bytes(b"A" * 50_000_000)
    done = fr2en("translate", path)
    assert done.returncode == 0, said(done)[:500]
    assert len(done.stdout) == 50_000_000


def article_of(sentences: int) -> str:
    return "\n\n".join(
        f"Le ministre numéro {n} a déclaré mardi que les {n + 3} projets de loi seraient retirés."
        for n in range(sentences)
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_ends_a_long_translation_and_leaves_nothing_behind(tmp_path: Path, number: int) -> None:
    article, out = tmp_path / "long.txt", tmp_path / "out.txt"
    article.write_text(article_of(20_000), "utf-8")  # many minutes of work
    # Under nohup SIGHUP is ignored, in the background of a script SIGINT, and what is started there inherits that.
    code = f"import signal\nsignal.signal({int(number)}, signal.SIG_DFL)\nfrom translate.cli import run\nrun()"
    command = [sys.executable, "-c", code, "translate", str(article), "-o", str(out)]
    with subprocess.Popen([*command, "-v"], stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        while b"model" not in process.stderr.readline():
            pass
        time.sleep(1)
        process.send_signal(number)
        stderr = process.stderr.read()
        process.wait(timeout=60)
    assert process.returncode == 128 + number
    assert b"nothing was left half-written" in stderr
    assert b"Traceback" not in stderr
    assert [path.name for path in tmp_path.iterdir()] == ["long.txt"]


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    code = (
        "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\nfrom translate.cli import _end_on_signals\n"
        "_end_on_signals()\nassert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN\n"
        "assert callable(signal.getsignal(signal.SIGTERM))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_usage_errors_exit_with_2() -> None:
    assert fr2en("translate", "--beam", "0").returncode == 2
    assert fr2en("unknown").returncode == 2
    assert fr2en().returncode == 2
    assert len(said(fr2en("translate", "--beam", "0")).splitlines()) == 2


@pytest.mark.parametrize(
    ("line", "what", "hint"),
    [
        (
            "translate --sumary 3 a.txt",
            "fr2en translate: error: unrecognised option: --sumary\n",
            "mean --summary? See fr2en ",
        ),
        ("translate --sumary=3 a.txt", "unrecognised option: --sumary\n", "See fr2en translate --help."),
        ("translate a.txt --zzz", "unrecognised option: --zzz\n", "       See fr2en translate --help."),
        ("translate a.txt b.md", "unrecognised arguments: b.md\n", "One document at a time; for several"),
        ("translate a.txt -", "unrecognised arguments: -\n", "One document at a time"),
        ("summarise a.txt b.md c.md", "unrecognised arguments: b.md c.md\n", "fr2en batch"),
        ("tranlsate a.txt", "fr2en: error: there is no command tranlsate\n", "mean translate? There are: translate, "),
        ("models lst", "fr2en models: error: there is no action lst\n", "Did you mean list?"),
        ("eval rn", "fr2en eval: error: there is no measure rn\n", "Did you mean run?"),
        ("batch status x --jsn", "fr2en batch status: error: unrecognised option: --jsn\n", "Did you mean --json?"),
        ("--versoin", "fr2en: error: ", "See fr2en --help."),
    ],
)
def test_words_that_are_not_understood(line: str, what: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    from translate.cli import main

    assert main(line.split()) == 2
    err = capsys.readouterr().err
    assert what in err
    assert hint in err
    assert len(err.splitlines()) == 2
    assert "train-distil" not in err


def test_a_page_without_an_article_is_told_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from translate.cli import main

    page = tmp_path / "page.html"
    page.write_text("Bonjour", "utf-8")
    assert main(["translate", str(page)]) == 4
    err = capsys.readouterr().err
    assert "there is no article in this page" in err
    assert "into a .txt file" in err


def test_a_folder_is_for_batch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from translate.cli import main

    assert main(["translate", str(tmp_path)]) == 4
    assert "'fr2en batch FOLDER OUT_DIR'" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--beam=x", "--beam=100000", "--threads=99999", "--alternatives=3000"])
def test_numbers_that_no_machine_could_bear_are_refused(option: str) -> None:
    done = fr2en("translate", option, stdin=SENTENCE)
    assert done.returncode == 2
    assert option.split("=")[0] in said(done)
    assert "Traceback" not in said(done)


def test_summaries_are_measured(tmp_path: Path) -> None:
    text = "\n".join(f"Le ministre numéro {n} a présenté mardi la réforme des retraites à Lyon." for n in range(6))
    article = {"id": "1", "title": "La réforme des retraites", "text": text, "summaries": ["La réforme des retraites."]}
    path = tmp_path / "articles.jsonl"
    path.write_text(f"{json.dumps(article)}\n", "utf-8")
    done = fr2en("eval", "summaries", path)
    assert done.returncode == 0, said(done)
    assert "lead" in done.stdout.decode()
    path.write_text("{}\n", "utf-8")
    done = fr2en("eval", "summaries", path)
    assert done.returncode == 4
    assert "articles.jsonl" in said(done)


def test_names_of_files_do_nothing_to_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from translate.cli import main
    from translate.cli.terminal import Terminal

    name = "a\x1b[2J\nb.txt"
    assert main(["translate", str(tmp_path / name)]) == 4
    Terminal().note(name, name)
    assert main(["translate", "--" + name]) == 2
    err = capsys.readouterr().err
    assert err.count("a\\x1b[2J\\x0ab.txt") == 4
    assert "\x1b" not in err


def test_a_model_of_an_impossible_name_is_no_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from translate.cli import main

    article = tmp_path / "article.txt"
    article.write_text(SENTENCE, "utf-8")
    for name, why in (("a" * 300, "there is no model"), ("~nobody-of-this-name/m", "there is no home folder")):
        assert main(["translate", str(article), "--model", name]) == 5
        assert why in capsys.readouterr().err


def test_the_version_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    from translate.cli import main

    assert main(["--version"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("fr2en ")
    assert err == ""
