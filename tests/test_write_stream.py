from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from translate.errors import InputError, OutputError
from translate.write.atomic import write_stream


def test_chunks_are_joined(tmp_path: Path) -> None:
    write_stream((b"%d," % number for number in range(1000)), tmp_path / "out", force=False)
    assert (tmp_path / "out").read_bytes() == b"".join(b"%d," % number for number in range(1000))
    write_stream([], tmp_path / "empty", force=False)
    assert (tmp_path / "empty").read_bytes() == b""


@pytest.mark.parametrize("error", [InputError("the source failed"), KeyboardInterrupt()])
def test_what_fails_midway_leaves_what_was_there(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "out"
    path.write_text("old")

    def chunks() -> Iterator[bytes]:
        yield b"x" * 100_000
        assert path.read_text() == "old"
        raise error

    with pytest.raises(type(error)):
        write_stream(chunks(), path, force=True)
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_nothing_is_asked_for_where_nothing_may_be_written(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    chunks = iter([b"new"])
    with pytest.raises(OutputError, match="is there already"):
        write_stream(chunks, path, force=False)
    assert next(chunks) == b"new"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has /dev/full")
def test_a_full_device_is_reported() -> None:
    with pytest.raises(OutputError, match="disk is full"):
        write_stream([b"un", b"deux"], Path("/dev/full"), force=False)
