"""A file of rows: a header that says what they depend on, then a line of JSON each, written as they come."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from agentmem.errors import FormatError, InvalidInput, Unavailable
from agentmem.records import Value
from agentmem.runs.claiming import claim


class RowFile:
    """Rows that outlive a kill, so that a run can be taken up again.

    A file that is there is read, and further rows are added. A last line that is not whole, because its
    writer was killed, is taken away. One run at a time has a file open.

    Args:
        path: The file.
        header: What the rows depend on.
        keep: Takes up a line that is there, raising a `ValidationError` where it is no row.
        parents: Whether folders above that are missing are made.

    Raises:
        InvalidInput: the rows of the file depend on something else, or it cannot be written.
        FormatError: the file holds no rows.
        Unavailable: another run has it open.
    """

    def __init__(
        self, path: Path, header: Value, keep: Callable[[bytes], object], *, parents: bool = False
    ) -> None:
        try:
            if parents:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise InvalidInput(
                f"--rows {path} cannot be read and written: {error.strerror}",
                "name a file in a folder of yours",
            ) from error
        try:
            _claim(self._file, path)
            _read(path, header, keep)
        except BaseException:
            self._file.close()
            raise
        if not path.stat().st_size:
            self.write(header)

    def write(self, line: Value) -> None:
        """Add a line; it is in the file before this returns."""
        self._file.write(line.model_dump_json() + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _claim(file: IO[str], path: Path) -> None:
    if not claim(file):
        raise Unavailable(f"another run has --rows {path} open", "wait for its end, or end it")


def _read(path: Path, header: Value, keep: Callable[[bytes], object]) -> None:
    if not path.is_file() or not path.stat().st_size:
        return
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    first, *further = whole.splitlines() or [b""]
    if whole:
        _check(header, first, path)
    elif not header.model_dump_json().encode().startswith(content):
        raise _no_rows(path, 1, "the first line is no header")
    for number, line in enumerate(further, 2):
        try:
            keep(line)
        except ValidationError as error:
            raise _no_rows(path, number, error.errors()[0]["msg"]) from error
    if len(whole) < len(content):
        os.truncate(path, len(whole))


def _check(header: Value, line: bytes, path: Path) -> None:
    """See to it that the rows under the header `line` are those of the same run."""
    try:
        found = type(header).model_validate_json(line)
    except ValidationError as error:
        raise _no_rows(path, 1, error.errors()[0]["msg"]) from error
    for (name, there), (_, here) in zip(found, header, strict=True):
        if there != here:
            raise InvalidInput(
                f"--rows {path} holds rows of another run: {name} is {there!r} there and {here!r} here",
                "name another file, or run with what the file's first line says",
            )


def _no_rows(path: Path, number: int, fault: str) -> FormatError:
    return FormatError(f"{path}, line {number}: no row of this benchmark: {fault}", "name another file")
