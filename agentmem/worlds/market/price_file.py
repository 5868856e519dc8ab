"""Prices from a CSV or Parquet file: `date, symbol, close`, and `open, high, low, volume` where there."""

from __future__ import annotations

import csv
import datetime
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentmem.errors import FormatError, InvalidInput, NotFound
from agentmem.extras import needed
from agentmem.records import clean_text
from agentmem.worlds.market.prices import Prices, series

REQUIRED = ("date", "symbol", "close")
"""The columns that a file must have; upper or lower case, in any order."""
OPTIONAL = ("open", "high", "low", "volume")
"""The columns that are understood besides; others are passed over."""
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_MAGIC = b"PAR1"
_LONG_FORM = "write one line a day and symbol, with the columns date, symbol, close"
_SLACK = 1e-6
"""By what share a close may lie outside low and high: rounding."""


@dataclass(frozen=True)
class _Row:
    where: str
    symbol: str
    day: datetime.date
    close: float
    open: float | None
    outside: bool
    """Whether a price lies outside low and high."""


def read_prices(path: Path | str, symbols: Sequence[str] = ()) -> Prices:
    """The prices of a file, CSV or Parquet; its lines may be in any order.

    Args:
        path: The file.
        symbols: Which; none: all.

    Raises:
        NotFound: there is no such file, or no price of a symbol; names those that there are.
        FormatError: a column is missing, a date is none, a price is missing, not a number or not above 0, a
            day comes twice, or there are no lines; names file and line (of Parquet: row).
        Unavailable: it is a Parquet file, and pyarrow is not installed.
    """
    file = Path(path)
    if not file.is_file():
        raise NotFound(f"there is no file {file}", "look whether the path is right")
    columns: dict[str, dict[datetime.date, _Row]] = {}
    outside: dict[str, list[datetime.date]] = {}
    for row in _rows(file):
        days = columns.setdefault(row.symbol, {})
        if row.day in days:
            raise FormatError(
                f"{row.where} {row.symbol} has a price of {row.day} already,"
                f" {days[row.day].where.removeprefix(f'{file}, ').rstrip(':')}",
                "keep one of them",
            )
        days[row.day] = row
        if row.outside:
            outside.setdefault(row.symbol, []).append(row.day)
    if not columns:
        raise FormatError(f"{file} has no prices", _LONG_FORM)
    read = {
        symbol: series(dates, [days[day].close for day in dates], [days[day].open for day in dates])
        for symbol, days in sorted(columns.items())
        for dates in [sorted(days)]
    }
    remarks = tuple(
        f"{symbol}: on {len(days)} days, first {min(days)}, the open or close lies outside low and high:"
        " perhaps only the closes are adjusted, and then orders are filled at wrong prices"
        for symbol, days in outside.items()
    )
    prices = Prices(read, str(file), remarks)
    return prices.chosen(tuple(symbols)) if symbols else prices


def _rows(file: Path) -> Iterator[_Row]:
    with file.open("rb") as opened:
        parquet = opened.read(len(_MAGIC)) == _MAGIC
    if parquet or file.suffix.lower() in {".parquet", ".pq"}:
        names, lines, word = *_parquet(file), "row"
        places = _places(names, f"{file}:")
    else:
        lines, word = _csv(file), "line"
        _, header = next(lines, (0, ()))
        places = _places([str(name) for name in header], f"{file}, line 1:")
    for number, cells in lines:
        where = f"{file}, {word} {number}:"
        if len(cells) <= max(places[name] for name in REQUIRED):
            raise FormatError(f"{where} it has {len(cells)} cells, too few", _LONG_FORM)
        yield _row({name: cells[at] for name, at in places.items() if at < len(cells)}, where)


def _csv(file: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    number = 0
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            lines = csv.reader(opened, strict=True)
            for cells in lines:
                number = lines.line_num
                if any(cell.strip() for cell in cells):
                    yield number, cells
    except UnicodeDecodeError as error:
        raise FormatError(f"{file} is not UTF-8 ({error.reason})", "write it as UTF-8 text") from None
    except csv.Error as error:
        raise FormatError(f"{file}, line {number + 1}: it is no CSV ({error})", _LONG_FORM) from None


def _parquet(file: Path) -> tuple[list[str], Iterator[tuple[int, Sequence[Any]]]]:
    with needed("Parquet files", "market"):
        import pyarrow
        import pyarrow.parquet
    try:
        table = pyarrow.parquet.read_table(file)
    except (pyarrow.ArrowException, OSError) as error:
        raise FormatError(f"{file} is no Parquet file ({error})", "write it as Parquet or CSV") from None
    wanted = [name for name in table.column_names if name.strip().lower() in (*REQUIRED, *OPTIONAL)]
    columns = [table.column(table.column_names.index(name)).to_pylist() for name in wanted]
    return wanted, enumerate(zip(*columns, strict=True), 1)


def _places(names: Iterable[str], where: str) -> dict[str, int]:
    cleaned = [name.strip().lower() for name in names]
    places = {name: cleaned.index(name) for name in (*REQUIRED, *OPTIONAL) if name in cleaned}
    missing = [name for name in REQUIRED if name not in places]
    if missing:
        there = f"there are: {', '.join(cleaned)}" if cleaned else "the file is empty"
        raise FormatError(f"{where} the column `{'`, `'.join(missing)}` is missing; {there}", _LONG_FORM)
    twice = next((name for name in places if cleaned.count(name) > 1), None)
    if twice is not None:
        raise FormatError(f"{where} the column `{twice}` comes twice", "keep one of them")
    return places


def _row(cells: Mapping[str, Any], where: str) -> _Row:
    symbol = "" if cells["symbol"] is None else str(cells["symbol"]).strip()
    try:
        clean_text(symbol)
    except InvalidInput as error:
        raise FormatError(f"{where} the symbol: {error.message}", error.remedy) from None
    if not symbol:
        raise FormatError(f"{where} the symbol is missing", _LONG_FORM)
    close = _number(cells["close"], "close", where)
    if close is None:
        raise FormatError(
            f"{where} the close of {symbol} is missing", "leave the line out if there was no trade that day"
        )
    first, high, low = (_number(cells.get(name), name, where) for name in ("open", "high", "low"))
    _number(cells.get("volume"), "volume", where, least=0.0)
    if high is not None and low is not None and high < low:
        raise FormatError(f"{where} the high {high:g} is under the low {low:g}", "correct the line")
    known = [one for one in (first, close) if one is not None]
    outside = (high is not None and max(known) > high * (1 + _SLACK)) or (
        low is not None and min(known) < low * (1 - _SLACK)
    )
    return _Row(where, symbol, _day(cells["date"], where), close, first, outside)


def _day(cell: Any, where: str) -> datetime.date:
    if isinstance(cell, datetime.datetime):
        if (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0):
            return cell.date()
    elif isinstance(cell, datetime.date):
        return cell
    elif isinstance(cell, str) and (found := _DAY.fullmatch(cell.strip())):
        try:
            return datetime.date.fromisoformat(found[1])
        except ValueError:
            pass
    raise FormatError(f"{where} the date {str(cell)!r} is none", "write it as 2022-12-28")


def _number(cell: Any, name: str, where: str, least: float | None = None) -> float | None:
    """A number above 0, or from `least` on; none where the cell is empty."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    try:
        number = float(cell.replace("_", "?") if isinstance(cell, str) else cell)  # 1_000 is Python's form
    except (TypeError, ValueError):
        raise FormatError(f"{where} the {name} {str(cell)!r} is no number", "write it as 1234.5") from None
    if not math.isfinite(number):
        raise FormatError(f"{where} the {name} is {number}", "leave the cell empty, or the line out")
    if number < least if least is not None else number <= 0:
        raise FormatError(
            f"{where} the {name} is {number:g}", f"a {name} is {'0 or more' if least == 0 else 'above 0'}"
        )
    return number
