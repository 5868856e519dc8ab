"""The prices and news of a run, as they are kept in its folder: nothing after its last day is among them."""

from __future__ import annotations

import csv
import datetime
import io
import json
import math
from pathlib import Path

from agentmem.runs.market.spec import MarketSpec
from agentmem.worlds.market.market import Market
from agentmem.worlds.market.news import NO_NEWS, read_news
from agentmem.worlds.market.price_file import read_prices

BEFORE = datetime.timedelta(days=3 * 366)
"""So long before the first day prices are kept: more than a day, or what is derived from it, looks back."""
_COLUMNS = ("date", "symbol", "open", "close")


def prices_text(market: Market, spec: MarketSpec) -> str:
    """The prices of a run, as CSV; a number is written so that it is read as the same."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(_COLUMNS)
    first = (spec.warm_up or spec.start) - BEFORE
    known = market.prices.until(spec.end)
    for symbol in spec.symbols:
        one = known.of(symbol)
        for day, opened, close in zip(one.dates.tolist(), one.open.tolist(), one.close.tolist(), strict=True):
            if day >= first:
                lines.writerow([day, symbol, repr(opened) if math.isfinite(opened) else "", repr(close)])
    return out.getvalue()


def news_text(market: Market, spec: MarketSpec) -> str:
    """The news of a run, as JSON lines."""
    known = market.news.until(market.session.closes(spec.end))
    told = []
    for symbol in spec.symbols:
        for item in known.items.get(symbol, ()):
            line = {"time": item.time.isoformat(), "symbol": symbol, "kind": item.kind, "text": item.text}
            told.append(line if item.importance is None else {**line, "importance": item.importance})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told)


def market_of(spec: MarketSpec, prices: Path, news: Path) -> Market:
    """The market of a run, from the files in its folder.

    Raises:
        NotFound: a file is not there.
        FormatError: a file is not as it was written.
    """
    return Market(
        read_prices(prices, spec.symbols),
        read_news(news) if news.exists() else NO_NEWS,
        costs=spec.costs,
        rules=spec.rules,
        execution=spec.execution,
    )
