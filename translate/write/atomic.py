"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

from translate.errors import OutputError


def write_bytes(data: bytes, path: Path, *, force: bool) -> None:
    """Write ``data`` to ``path`` as :func:`write_stream` does."""
    write_stream((data,), path, force=force)


def write_stream(chunks: Iterable[bytes], path: Path, *, force: bool) -> None:
    """Write ``chunks`` to ``path``: first beside it under another name, then in its place in one step.

    A file that is there stays as it was until then, and for good without ``force`` or when anything fails, be it
    what yields the chunks; its mode is kept, and a link to it stays a link. Pipes and devices are written to
    directly. Raises OutputError; nothing is left behind, whatever ends the writing.
    """
    target, mode = check_target(path, force=force)
    try:
        if mode is not None and not stat.S_ISREG(mode):
            with target.open("wb") as file:
                file.writelines(chunks)
        else:
            _replace(chunks, target, mode)
    except OSError as error:
        raise _explained(path, error) from error


def check_target(path: Path, *, force: bool) -> tuple[Path, int | None]:
    """Return the file that ``path`` leads to, and its mode if it is there.

    Raises OutputError if it may not be written. Called before a long translation too, so that nobody waits
    for a result that has nowhere to go.
    """
    path = Path(path)
    try:
        mode = _mode(path)
        # A pipe may have no other name that opens it than the one given: /proc/self/fd/1.
        target = path if mode is not None and not stat.S_ISREG(mode) else path.resolve()
    except OSError as error:
        raise _explained(path, error) from error
    except (RuntimeError, ValueError) as error:  # loops of links; a NUL in the name
        raise OutputError(f"{path}: cannot be written: {error}", "Check the path.") from error
    _refuse(path, target, mode, force=force)
    return target, mode


def _mode(path: Path) -> int | None:
    """Return the mode of the file that ``path`` leads to, None where there is none; a loop of links raises."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None


def _refuse(path: Path, target: Path, mode: int | None, *, force: bool) -> None:
    if mode is not None and stat.S_ISDIR(mode):
        raise OutputError(f"{path}: is a folder", f"Name a file in it, e.g. {path / 'article.en.txt'}.")
    if mode is None and not os.path.isdir(target.parent):  # noqa: PTH112 (Path's own raises in a closed folder)
        raise OutputError(f"{path}: there is no folder {target.parent}", "Create it first, or check the path.")
    if mode is not None and stat.S_ISREG(mode):
        if not force:
            raise OutputError(f"{path}: is there already", "Name another file, or replace it with --force.")
        if not os.access(target, os.W_OK):
            raise OutputError(f"{path}: may not be written", "It is read-only: name another file.")
    if (mode is None or stat.S_ISREG(mode)) and not os.access(target.parent, os.W_OK | os.X_OK):
        raise OutputError(f"{path}: the folder may not be written to", "Write to a folder of your own.")


def _replace(chunks: Iterable[bytes], target: Path, mode: int | None) -> None:
    beside = target.with_name(f".fr2en-{secrets.token_hex(6)}.tmp")
    try:
        # 0o666 less the user's mask, as any new file; tempfile would make it 0o600.
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        with open(handle, "wb", closefd=True) as file:  # noqa: PTH123 (a descriptor)
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            beside.chmod(stat.S_IMODE(mode))
        os.replace(beside, target)  # noqa: PTH105 (Path.replace is the same; this one reads as what it is)
    except BaseException:  # Ctrl-C, too, leaves nothing behind
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _explained(path: Path, error: OSError) -> OutputError:
    known = {
        errno.ENOSPC: ("the disk is full", "Free some space, or write elsewhere."),
        errno.EDQUOT: ("your quota of the disk is used up", "Free some space, or write elsewhere."),
        errno.EACCES: ("the folder may not be written to", "Write to a folder of your own."),
        errno.EPERM: ("the folder may not be written to", "Write to a folder of your own."),
        errno.EROFS: ("the disk is read-only", "Write elsewhere."),
        errno.ELOOP: ("links lead back to it", "Check the path."),
        errno.ENAMETOOLONG: ("the name is too long", "Choose a shorter name."),
    }
    what, hint = known.get(error.errno or 0, (error.strerror or str(error), "Check the path and the disk."))
    return OutputError(f"{path}: cannot be written: {what}", hint)
