"""Files that appear whole, or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, TypeVar

from agentmem.errors import Conflict

T = TypeVar("T")


def write_new(target: Path, write: Callable[[IO[str]], T], *, over: bool = False) -> T:
    """Write a file that nobody else reads and that appears whole or not at all.

    Args:
        target: Its path.
        write: Writes its text, and returns what this returns.
        over: Whether a file that is there is replaced.

    Raises:
        Conflict: it is there already.
    """
    if target.exists() and not over:
        raise _there(target)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, delete=False) as file:
        try:
            result = write(file)
            file.flush()
            os.fsync(file.fileno())
            if over:
                Path(file.name).replace(target)
            else:
                _place(Path(file.name), target)
            _keep_name(target)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return result


def _place(written: Path, target: Path) -> None:
    """Give a file its name, unless another process has made one of that name meanwhile."""
    try:
        os.link(written, target)
    except FileExistsError as error:
        raise _there(target) from error
    except OSError:  # a file system without links
        written.replace(target)
    else:
        written.unlink()


def _keep_name(target: Path) -> None:
    """Let the name be on the disk too: without it the file is lost where the power fails."""
    if os.name != "posix":
        return
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system that syncs no folders
            raise
    finally:
        os.close(folder)


def _there(target: Path) -> Conflict:
    return Conflict(f"{target} is there already", "give another path, or move it away")
