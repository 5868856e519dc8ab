"""Values as people type them: times, name=value pairs, lists, and texts from stdin."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence

from agentmem.errors import InvalidInput
from agentmem.moments import moment

__all__ = ["given_text", "moment", "names", "pairs", "question", "stdin_text"]

STDIN = "-"


def days(option: str, text: str | None) -> float | None:
    """A span as days: `90d`, `12h`, `2w`, or a number of days; none gives none.

    Raises:
        InvalidInput: it is no such span, or not above 0.
    """
    if text is None:
        return None
    parts = re.fullmatch(r"(\d+(?:\.\d+)?)([hdw]?)", text.strip().lower())
    found = float(parts[1]) * {"h": 1 / 24, "w": 7.0}.get(parts[2], 1.0) if parts else 0.0
    if not found:
        raise InvalidInput(f"{option} {text!r} is no span of time", "write 90d, 12h or 2w")
    return found


def size(option: str, text: str | None) -> int | None:
    """A size in bytes: `500kB`, `50MB`, `1GiB`, or a number of bytes; none gives none.

    Raises:
        InvalidInput: it is no such size.
    """
    if text is None:
        return None
    parts = re.fullmatch(r"(\d+(?:\.\d+)?) ?(?:([kmgt])(i?))?b?", text.strip().lower())
    if parts is None:
        raise InvalidInput(f"{option} {text!r} is no size", "write 500kB, 50MB or 1GiB")
    power = "kmgt".index(parts[2]) + 1 if parts[2] else 0
    return int(float(parts[1]) * (1024 if parts[3] else 1000) ** power)


def pairs(option: str, texts: Sequence[str] | None) -> dict[str, float | int | bool | str]:
    """`NAME=VALUE` texts as a mapping; numbers, true and false are what they look like.

    Raises:
        InvalidInput: one has no `=`.
    """
    found: dict[str, float | int | bool | str] = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise InvalidInput(f"{option} {text!r} has no value", f"write {option} NAME=VALUE")
        found[name.strip()] = _scalar(value.strip())
    return found


def names(text: str | None) -> tuple[str, ...] | None:
    """A comma-separated list; none gives none."""
    return None if text is None else tuple(name.strip() for name in text.split(",") if name.strip())


def given_text(what: str, text: str | None) -> str:
    """`text`, or with `-` or none what stands on stdin, without its last line end.

    Raises:
        InvalidInput: there is no text, or it is not UTF-8.
    """
    if text is None and sys.stdin.isatty():
        raise InvalidInput(f"no {what} is given", "write it as an argument, or pipe it in")
    if text is None or text == STDIN:
        text = stdin_text().removesuffix("\n").removesuffix("\r")
    if not text.strip():
        raise InvalidInput(f"the {what} is empty", "write some")
    return text


def question(text: str) -> str:
    """A question as typed, or with `-` what stands on stdin."""
    return given_text("question", text) if text == STDIN else text


def stdin_text() -> str:
    """All of stdin.

    Raises:
        InvalidInput: it is not UTF-8.
    """
    content = sys.stdin.buffer.read()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"stdin is not UTF-8 at byte {error.start}", "convert it, for example by iconv"
        ) from error


def _scalar(text: str) -> float | int | bool | str:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float) else text
