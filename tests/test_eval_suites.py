from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eval.suites import BUNDLED, Check, Line, known_suites, load_suite, pair_suite
from translate.errors import InputError, OfflineError

ROOT = Path(__file__).parent.parent

CATEGORIES = {
    *("numbers", "dates", "names", "negation", "quotes", "headlines", "capitals", "datelines"),
    *("titles_functions", "idioms_press", "false_friends", "long_sentences", "missing_stop"),
    *("single_words", "already_english"),
}


@pytest.fixture(scope="module")
def challenge():
    return load_suite("challenge")


def test_challenge_has_at_least_300_lines_and_20_of_each_category(challenge):
    counts = Counter(line.category for line in challenge.lines)
    assert len(challenge.lines) >= 300
    assert set(counts) == CATEGORIES
    assert min(counts.values()) >= 20


def test_challenge_lines_are_unique(challenge):
    assert len({line.id for line in challenge.lines}) == len(challenge.lines)
    assert len({line.source for line in challenge.lines}) == len(challenge.lines)


def test_challenge_ids_tell_their_category(challenge):
    assert [line.id for line in challenge.lines if line.id.rpartition("-")[0] != line.category] == []


def test_every_reference_passes_its_own_checks(challenge):
    failed = [(line.id, str(c)) for line in challenge.lines for r in line.references for c in line.failed(r)]
    assert failed == []


def test_every_line_has_a_check_that_the_source_copied_and_nothing_at_all_fail(challenge):
    assert [line.id for line in challenge.lines if not line.checks] == []
    copied = [line for line in challenge.lines if line.source not in line.references]
    assert [line.id for line in copied if not line.failed(line.source)] == []
    assert [line.id for line in challenge.lines if not line.failed("")] == []


def test_what_is_english_already_is_its_own_reference(challenge):
    for line in challenge.lines:
        if line.category == "already_english":
            assert line.references == (line.source,)


def test_no_line_of_the_challenge_ends_without_a_stop_by_chance(challenge):
    for line in challenge.lines:
        if line.category == "missing_stop":
            assert line.source[-1] not in ".!?…", line.id
        if line.category == "long_sentences":
            assert len(line.source.split()) >= 38, line.id
        if line.category == "capitals":
            assert line.source == line.source.upper(), line.id


def test_seed_suite_is_the_seed_article():
    folder = ROOT / "eval" / "suites" / "seed"
    assert (folder / "article.fr.txt").read_bytes() == (ROOT / "seeds/000_0ba664e24ee1242a.txt").read_bytes()
    reference = ROOT / "seeds/references/000_0ba664e24ee1242a.en.txt"
    assert (folder / "article.en.txt").read_bytes() == reference.read_bytes()
    suite = load_suite("seed")
    assert suite.lines[1].source.startswith("Syrie : la Résistance")
    assert len(suite.lines) == 20


@pytest.mark.parametrize(
    ("check", "text", "passes"),
    [
        (Check(("4",)), "There were 4 of them.", True),
        (Check(("4",)), "There were 14 of them.", False),
        (Check(("4",)), "It rose by 2.4 points.", False),
        (Check(("4",)), "It rose by 4.5 points.", False),
        (Check(("4",)), "On 4th May", True),
        (Check(("4",)), "There are 4.", True),
        (Check(("3.5 billion", "3.5bn")), "It cost €3.5bn.", True),
        (Check(("3.5",)), "It cost 3,5 billion.", False),
        (Check(("Orvanne",)), "the orvanne group", False),
        (Check(("orange",)), "Orange alert", True),
        (Check(('re:"[^"]+"',)), "He said “never”.", True),
        (Check(("re:n't",)), "It didn’t happen", True),
        (Check(("1 200",)), "1\u202f200 people", True),
        (Check(("wine",), forbidden=True), "Water in his wine", False),
        (Check(("wine",), forbidden=True), "The twine broke", True),
    ],
)
def test_check(check, text, passes):
    assert check.passes(text) is passes


def test_a_copied_source_and_an_empty_text_fail_every_check():
    line = Line("1", "Il pleut.", ("It rains.",), checks=(Check(("snow",), forbidden=True),))
    assert line.failed("It rains.") == ()
    assert line.failed("Il pleut.") == line.checks
    assert line.failed(" ") == line.checks


def write(folder: Path, **files: str | bytes) -> list[Path]:
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(path)
    return paths


def test_pair_with_bom_crlf_and_separators_stays_in_step(tmp_path):
    source, reference = write(
        tmp_path, fr=b"\xef\xbb\xbfUn\r\n\r\nDeux\xc2\x85\xe2\x80\xa8fin\r\n", en=b"One\n\nTwo end"
    )
    suite = pair_suite(source, [reference])
    assert [(line.id, line.source, line.references) for line in suite.lines] == [
        ("1", "Un", ("One",)),
        ("3", "Deux\x85\u2028fin", ("Two end",)),
    ]


def test_utf16_with_a_mark_is_read(tmp_path):
    source, reference = write(tmp_path, fr="Été\n".encode("utf-16"), en="Summer\n")
    assert pair_suite(source, [reference]).lines[0].source == "Été"


def test_some_of_several_references_may_be_missing(tmp_path):
    source, first, second = write(tmp_path, fr="Un\nDeux\n", a="One\nTwo\n", b="\nA pair\n")
    assert [line.references for line in pair_suite(source, [first, second]).lines] == [
        ("One",),
        ("Two", "A pair"),
    ]


@pytest.mark.parametrize(
    ("source", "reference", "message"),
    [
        ("Un\nDeux\n", "One\n", r"fr\.txt has 2 lines, .*en\.txt has 1"),
        ("Un\nDeux\n", "One\n\n", r"en\.txt:2: the reference is empty"),
        ("Un\n\n", "One\nTwo\n", r"fr\.txt:2: the source is empty"),
        ("", "", "no lines"),
        (b"\xe9t\xe9\n", "Summer\n", r"fr\.txt:1: not UTF-8"),
    ],
)
def test_a_pair_that_does_not_fit_is_refused(tmp_path, source, reference, message):
    paths = write(tmp_path, fr=source, en=reference)
    with pytest.raises(InputError, match=message) as raised:
        pair_suite(paths[0], paths[1:])
    assert raised.value.exit_code == 4


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.txt: no such file"):
        pair_suite(tmp_path / "nowhere.txt", [tmp_path / "en.txt"])


def test_an_unknown_suite_lists_the_known():
    with pytest.raises(InputError, match="unknown suite: chalenge") as raised:
        load_suite("chalenge")
    for name in (*BUNDLED, "wmt14", "iwslt17"):
        assert name in raised.value.hint


def test_toml_suite_from_a_path(tmp_path):
    (tmp_path / "mine.toml").write_text(
        'title = "Mine"\n[[line]]\nfr = "Un"\nen = ["One", "A"]\nmust = ["one | a"]\nnever = ["un"]\n'
        'category = "c"\ndocument = "d"\n'
    )
    suite = load_suite(str(tmp_path / "mine.toml"))
    line = suite.lines[0]
    assert (suite.name, suite.title, line.id, line.document) == ("mine", "Mine", "c-001", "d")
    assert line.checks == (Check(("one", "a")), Check(("un",), forbidden=True))


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[[line]", "not TOML"),
        ('[[line]]\nfr = "Un"\n', "en, the reference, is empty"),
        ('[[line]]\nfr = ""\nen = "One"\n', "fr, the source, is empty"),
        ('[[line]]\nfr = "Un"\nen = "One"\nmsut = ["x"]\n', "unknown key 'msut'"),
        ('[[line]]\nfr = "Un"\nen = "One"\nmust = ["re:("]\n', "not an expression"),
        ('[[line]]\nfr = "Un"\nen = "One"\nmust = ["a |  | b"]\n', "not an expression"),
        ('[[line]]\nid = "a"\nfr = "Un"\nen = "One"\n[[line]]\nid = "a"\nfr = "Deux"\nen = "Two"\n', "twice"),
        ('files = ["other.toml"]\n', r"other\.toml: no such file"),
        ('source = "fr.txt"\n', "source without references"),
        ('name = "empty"\n', "without lines"),
        ("line = [1]\n", "two brackets"),
    ],
)
def test_a_malformed_suite_is_refused(tmp_path, toml, message):
    (tmp_path / "suite.toml").write_text(toml)
    with pytest.raises(InputError, match=message):
        load_suite(str(tmp_path))


def test_the_checksum_follows_content_and_checks(tmp_path):
    sums = set()
    for end in ("", 'must = ["one"]\n', 'must = ["two"]\n', 'never = ["two"]\n'):
        (tmp_path / "suite.toml").write_text('[[line]]\nfr = "Un"\nen = "One"\n' + end)
        sums.add(load_suite(str(tmp_path)).checksum)
    assert len(sums) == 4


def test_sacrebleu_sets_are_known_and_never_fetched_unasked(monkeypatch, tmp_path):
    import sacrebleu

    monkeypatch.setattr(sacrebleu, "SACREBLEU_DIR", str(tmp_path))
    monkeypatch.setattr(sacrebleu, "get_source_file", lambda *_: pytest.fail("fetched"))
    assert {"wmt14", "iwslt17"} < set(known_suites())
    with pytest.raises(OfflineError, match="wmt14 is not on this machine") as raised:
        load_suite("wmt14")
    assert "--download" in raised.value.hint


def test_a_sacrebleu_set_that_is_here_is_read(monkeypatch, tmp_path):
    import sacrebleu

    source, reference = write(tmp_path, src="Un\nDeux\n", ref="One\nTwo\n")
    monkeypatch.setattr(sacrebleu, "get_source_file", lambda *_: str(source))
    monkeypatch.setattr(sacrebleu, "get_reference_files", lambda *_: [str(reference)])
    suite = load_suite("wmt14", download=True)
    assert (suite.name, [line.source for line in suite.lines]) == ("wmt14", ["Un", "Deux"])


def test_a_failed_download_is_an_error_of_ours(monkeypatch):
    import sacrebleu

    def fail(*_: str) -> str:
        raise SystemExit(1)

    monkeypatch.setattr(sacrebleu, "get_source_file", fail)
    with pytest.raises(OfflineError, match="could not be fetched"):
        load_suite("iwslt17", download=True)
