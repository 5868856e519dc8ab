"""Logging: all loggers stand below `agentmem`, only commands add handlers, and nothing that was said is told.

A log names stores, models, numbers and kinds of errors. What an event, a query, a record or a model said is
in none of them, at no level: an error whose words may repeat it is told by its kind and where it was raised.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentmem.errors import AgentMemError

if TYPE_CHECKING:
    from agentmem.config import LogForm, LogLevel

ROOT = "agentmem"
FRAMES = 8
"""How many of the innermost frames of an error's way are told."""
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

logging.getLogger(ROOT).addHandler(logging.NullHandler())


def logger(module: str) -> logging.Logger:
    """The logger of a module: its name, below `agentmem`."""
    return logging.getLogger(module if module.partition(".")[0] == ROOT else f"{ROOT}.{module}")


def in_log(error: BaseException) -> str:
    """What a log may say of an error: its words, where they repeat nothing that was said; else its place."""
    if isinstance(error, AgentMemError) and not error.quotes:
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"
    way = way_of(error)
    return f"{type(error).__name__} at {way[-1]}" if way else type(error).__name__


def fields(error: BaseException) -> dict[str, Any]:
    """What a log record carries of an error: its kind, and the way it came, innermost frame last."""
    return {"error": type(error).__name__, "way": way_of(error)}


def way_of(error: BaseException) -> list[str]:
    """File, line and function of the innermost frames that an error came through; no values."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return [f"{'/'.join(Path(one.filename).parts[-2:])}:{one.lineno} in {one.name}" for one in frames]


class TextLines(logging.Formatter):
    """One line for people: `warning: …`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        kind = "warning" if record.levelno >= logging.WARNING else _KINDS.get(record.levelno, "note")
        error = record.exc_info[1] if record.exc_info else None
        message = f"{record.getMessage()}: {in_log(error)}" if error else record.getMessage()
        line = " ".join(message.split())
        return f"{kind}: {''.join(c if c.isprintable() else '?' for c in line)}"


class JsonLines(logging.Formatter):
    """One JSON object a line: `time` (UTC), `level`, `logger`, `message`, and the fields of the record."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _PLAIN | set(line)}
        error = record.exc_info[1] if record.exc_info else None
        return json.dumps(line | (fields(error) if error else {}), default=str)


class ToStderr(logging.Handler):
    """Writes to what is stderr at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            print(self.format(record), file=sys.stderr, flush=True)
        except Exception:  # as every handler of logging does
            self.handleError(record)


_KINDS = {logging.DEBUG: "debug"}
_FORMS: dict[LogForm, type[logging.Formatter]] = {"text": TextLines, "json": JsonLines}


def to_stderr(form: LogForm = "text", level: LogLevel | None = None, also: Sequence[str] = ()) -> None:
    """Let a command's log be seen on stderr; called again, it is changed.

    Args:
        form: Lines for people, or JSON lines.
        level: From which level on; none: warnings, and what embedders note of themselves.
        also: Loggers of others that write there too, from warnings on: below, they may tell anything.
    """
    least = logging.NOTSET if level is None else logging.getLevelNamesMapping()[level.upper()]
    for name in (ROOT, *also):
        log = logging.getLogger(name)
        handler = next((one for one in log.handlers if isinstance(one, ToStderr)), None)
        if handler is None:
            log.addHandler(handler := ToStderr())
        handler.setFormatter(_FORMS[form]())
        log.setLevel(least if name == ROOT else max(least, logging.WARNING))
    logging.getLogger(f"{ROOT}.embedders").setLevel(logging.INFO if level is None else logging.NOTSET)
