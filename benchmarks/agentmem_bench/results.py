"""Results on their way out: JSON to a file (whole or not at all) or standard output, tables to a console."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentmem.errors import InvalidInput

if TYPE_CHECKING:
    from rich.console import Console

STANDARD_OUTPUT = "-"
PIPED_WIDTH = 132
"""Characters of a line where no terminal says how wide it is."""


def console(out: str | None) -> Console:
    """Where tables go: standard output, or standard error where the JSON goes to standard output."""
    from rich.console import Console

    stream = sys.stderr if out == STANDARD_OUTPUT else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else PIPED_WIDTH, highlight=False)


def check_writable(out: str | None, option: str = "--json") -> None:
    """See to it that a result can be written to `out`, which `option` names, before a long run begins.

    Raises:
        InvalidInput: the folder is not there, or cannot be written.
    """
    if out is None or out == STANDARD_OUTPUT:
        return
    folder = Path(out).absolute().parent
    try:
        can_be = folder.is_dir() and os.access(folder, os.W_OK) and not Path(out).is_dir()
    except OSError:  # a name that no file can have
        can_be = False
    if not can_be:
        raise InvalidInput(f"{option}: {out} cannot be written", "name a file in a folder that is there")


def write_json(result: dict[str, Any], out: str | None) -> None:
    """Write `result` to the file `out`, to standard output for `-`, nowhere for none."""
    if out is None:
        return
    text = json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if out == STANDARD_OUTPUT:
        sys.stdout.write(text)
        return
    target = Path(out).absolute()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
