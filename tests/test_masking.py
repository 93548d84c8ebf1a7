"""What is no language is told from text, to the character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.clauses import split_clauses
from translate.markup.masking import Masked, opaque


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tapez `a b` puis ``c ` d`` ici.", ["`a b`", "``c ` d``"]),
        ("Un ` seul, et `` deux.", []),
        (r"Un \` échappé, `un autre`.", ["`un autre`"]),
        (r"Un \\`code`.", ["`code`"]),
        ('[un](http://a.fr/b_(c) "Titre") et ![deux](data:x,`y`)', ['](http://a.fr/b_(c) "Titre")', "](data:x,`y`)"]),
        ("Voir <http://a.fr> ou http://b.fr/c.", ["<http://a.fr>", "http://b.fr/c"]),
        ("Si a < b et c > d.", []),
    ],
)
def test_opaque_stretches(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in opaque(text)] == expected


@given(st.lists(st.sampled_from(["`", "``", "a b", "](c)", "\\", "<d>", "\U000f0000", " ", "é."])).map("".join))
def test_pieces_of_a_masked_text_joined_are_the_text(text: str) -> None:
    masked = Masked.of(text)
    pieces = masked.unmasked(split_clauses(masked.text, lambda piece: len(piece) <= 5))
    assert "".join(piece.text + piece.gap for piece in pieces) == text


@pytest.mark.timeout(10)
@pytest.mark.parametrize("sign", ["` ``", "](", "<a", "` `` ```", "\\`", '[a](b "'])
def test_opaque_stretches_are_found_in_linear_time(sign: str) -> None:
    assert len(Masked.of(sign * 100_000).text) <= 100_000 * len(sign)
    assert Masked.of(" ".join("`" * width for width in range(1, 600))).stretches == ()
