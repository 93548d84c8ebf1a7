from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from translate import language
from translate.language import Verdict, document_language, identify, is_english
from translate.segment import split

GOLDEN = Path(__file__).parent / "language"
SEED = Path(__file__).parent.parent / "seeds" / "000_0ba664e24ee1242a.txt"


def lines(name: str) -> list[str]:
    return (GOLDEN / name).read_text(encoding="utf-8").splitlines()


def article() -> list[str]:
    paragraphs = [line for line in SEED.read_text(encoding="utf-8").splitlines() if line]
    return [sentence.text for paragraph in paragraphs for sentence in split(paragraph)]


def test_golden_tables_are_large() -> None:
    assert len(set(lines("french.txt"))) >= 80
    assert len(set(lines("english.txt"))) >= 60


@pytest.mark.parametrize("text", lines("french.txt"))
def test_is_not_english(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize("text", lines("english.txt"))
def test_is_english(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize("text", ["", " ", "\n", "–", "12 %", "🙂", "a", "I", "The", "Press"])
def test_what_is_hardly_text_is_not_english(text: str) -> None:
    assert not is_english(text)


def test_seed_article_has_one_english_line() -> None:
    assert [text for text in article() if is_english(text)] == ["SOURCE: FRENCH PRESS TV"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Le gouvernement a présenté hier une nouvelle loi.", "fr"),
        ("The government has said that it will not go.", "en"),
        ("Esto no es un texto francés, señor, sino español de verdad.", "es"),
        ("Il governo ha detto che non c'è nessun accordo con la Francia.", "it"),
        ("O governo disse ontem que não há acordo com a França.", "pt"),
        ("Die Regierung hat gestern in Berlin ein neues Gesetz vorgestellt.", "de"),
        ("De regering heeft gisteren gezegd dat ze het akkoord wil.", "nl"),
        ("Guvernul a spus că nu este de acord cu noua lege.", "ro"),
        ("El govern va dir ahir que les lleis no són bones.", "ca"),
        ("قال الرئيس إن الحرب انتهت", "ar"),
        ("Президент сказал, что война закончилась", "ru"),
        ("", "und"),
        ("123 – 45 %", "und"),
    ],
)
def test_identify(text: str, code: str) -> None:
    verdict = identify(text)
    assert verdict.language == code
    assert 0 <= verdict.confidence <= 1
    assert (verdict.confidence > 0.5) == (code != "und")


FRENCH = "Le ministre a dit que les forces ont été attaquées dans une base qui est au nord."
ENGLISH = "The minister said that they were attacked in a base which is to the north."
SPANISH = "El ministro dijo ayer que las fuerzas fueron atacadas en una base del norte."


def test_document_of_nothing() -> None:
    assert document_language([]) == Verdict("und", 0.0)
    assert document_language(["", "***", "12"]) == Verdict("und", 0.0)


def test_document_in_french() -> None:
    assert document_language(article()).language == "fr"
    assert document_language(article()).confidence > 0.9


@pytest.mark.parametrize("line", ["Le pont a coûté 3 millions d'euros.", "Elle a gagné.", "Grève à la SNCF"])
def test_a_line_of_french_is_taken_for_no_other_language(line: str) -> None:
    assert document_language([line]).language == "fr"


@pytest.mark.parametrize("line", ["El puente costó 3 millones de euros.", "Das Wetter ist heute schön."])
def test_a_line_of_another_language_is_not_taken_for_french(line: str) -> None:
    assert document_language([line]).language != "fr"


def test_document_in_another_language() -> None:
    assert document_language([SPANISH] * 5).language == "es"
    assert document_language([ENGLISH] * 5).language == "en"


def test_document_of_mixed_languages() -> None:
    verdict = document_language([FRENCH, ENGLISH, FRENCH])
    assert verdict.language == "fr"
    assert 0.5 < verdict.confidence < 0.9
    assert document_language([FRENCH, ENGLISH, ENGLISH]).language == "en"


def test_names_alone_are_no_sure_language() -> None:
    assert document_language(["Hamas", "Sputnik"]).confidence < 0.9


def test_the_sample_of_a_document_is_bounded_and_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    original = language._Evidence.of

    def of(text: str) -> language._Evidence:
        seen.append(text)
        return original(text)

    monkeypatch.setattr(language._Evidence, "of", staticmethod(of))
    texts = [f"{FRENCH} {number} " * 50 for number in range(10_000)]
    assert document_language(texts).language == "fr"
    assert len(seen) <= 200
    assert max(map(len, seen)) <= 400
    assert "9950" in seen[-1]


def test_plain_french_loads_no_detector() -> None:
    """Run apart: whatever another test has loaded must not count."""
    code = (
        "import sys; from translate.language import document_language, is_english\n"
        f"texts = {article()!r}\n"
        "assert document_language(texts).language == 'fr'\n"
        "[is_english(text) for text in texts]\n"
        "assert 'lingua' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=SEED.parent.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
