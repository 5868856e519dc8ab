"""News about symbols: a file of JSON lines, and what was known of it at a moment."""

from __future__ import annotations

import datetime
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agentmem.agents.trading.values import Item
from agentmem.errors import AgentMemError, FormatError, NotFound

FIELDS = ("time", "symbol", "kind", "text", "importance")
"""What a line may say; only the importance may be missing."""
RESERVED = ("reflection",)
"""Kinds that only an agent's own memory may use."""
_FORM = 'write {"time": "2022-12-28T14:30:00Z", "symbol": …, "kind": "news", "text": …, "importance"?: 0–100}'


@dataclass(frozen=True)
class News:
    """Items by symbol, the oldest first.

    Attributes:
        items: By symbol.
        source: Where they come from, in words.
        repeated: How many equal items were left out.
    """

    items: Mapping[str, tuple[Item, ...]]
    source: str = ""
    repeated: int = 0

    def between(
        self, symbol: str, after: datetime.datetime | None, until: datetime.datetime
    ) -> tuple[Item, ...]:
        """The items of a symbol later than `after` (none: all) and not later than `until`."""
        items = self.items.get(symbol, ())
        start = 0 if after is None else bisect_right(items, after, key=attrgetter("time"))
        return items[start : bisect_right(items, until, key=attrgetter("time"))]

    def until(self, moment: datetime.datetime) -> News:
        """What was known at a moment."""
        cut = {symbol: self.between(symbol, None, moment) for symbol in self.items}
        return News({symbol: items for symbol, items in cut.items() if items}, self.source, self.repeated)


NO_NEWS = News({})
"""Nothing."""


def news_of(items: Iterable[Item], source: str = "") -> News:
    """Items in any order; of equal ones, one is kept."""
    found: dict[str, dict[Item, None]] = {}
    count = 0
    for item in items:
        found.setdefault(item.symbol, {})[item] = None
        count += 1
    sorted_ = {symbol: tuple(sorted(ones, key=attrgetter("time"))) for symbol, ones in found.items()}
    return News(sorted_, source, count - sum(map(len, sorted_.values())))


def read_news(path: Path | str) -> News:
    """The news of a file: one JSON object a line, as `FIELDS` says; empty lines are passed over.

    Raises:
        NotFound: there is no such file.
        FormatError: a line is no such object: no JSON, a field missing or unknown, a time that is none or
            has no time zone, an importance that is not from 0 to 100; names file and line.
    """
    file = Path(path)
    if not file.is_file():
        raise NotFound(f"there is no file {file}", "look whether the path is right")
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise FormatError(f"{file} is not UTF-8 ({error.reason})", "write it as UTF-8 text") from None
    return news_of(
        (_item(line, f"{file}, line {number}:") for number, line in enumerate(lines, 1) if line.strip()),
        str(file),
    )


def _item(line: str, where: str) -> Item:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{where} it is no JSON ({error})", _FORM) from None
    if not isinstance(data, dict):
        raise FormatError(f"{where} it is no object", _FORM)
    unknown = [name for name in data if name not in FIELDS]
    if unknown:
        raise FormatError(f"{where} nothing is called {unknown[0]!r} there", _FORM)
    missing = [name for name in FIELDS[:-1] if not data.get(name)]
    if missing:
        raise FormatError(f"{where} `{missing[0]}` is missing or empty", _FORM)
    if data["kind"] in RESERVED:
        raise FormatError(
            f"{where} the kind {data['kind']!r} is kept for an agent's own memory", "call it by another name"
        )
    return _validated(data, where)


def _validated(data: Mapping[str, Any], where: str) -> Item:
    if not isinstance(data["time"], str):
        raise FormatError(f"{where} the time {data['time']!r} is no text", _FORM)
    if isinstance(data.get("importance"), bool | str):
        raise FormatError(f"{where} the importance {data['importance']!r} is no number", _FORM)
    try:
        moment = datetime.datetime.fromisoformat(data["time"])
    except ValueError:
        raise FormatError(f"{where} the time {data['time']!r} is none", _FORM) from None
    try:
        return Item(**{**data, "time": moment})
    except ValidationError as error:
        first = error.errors()[0]
        named = ".".join(map(str, first["loc"]))
        raise FormatError(f"{where} {named}: {first['msg']} (got {first['input']!r:.80})", _FORM) from None
    except AgentMemError as error:
        raise FormatError(f"{where} {error.message}", error.remedy) from None
