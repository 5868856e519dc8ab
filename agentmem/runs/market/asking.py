"""From what a user writes on the command line to what a run in the market is, and what it trades on."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agentmem.agents.trading.character import CHARACTERS
from agentmem.config import Settings
from agentmem.errors import InvalidInput
from agentmem.faults import first_fault
from agentmem.runs.market.spec import MARKET, MOST_AGENTS, MarketSpec
from agentmem.worlds.market.checks import Checks
from agentmem.worlds.market.market import Market
from agentmem.worlds.market.news import NO_NEWS, News, read_news
from agentmem.worlds.market.price_file import read_prices
from agentmem.worlds.market.prices import Prices, builtin_prices

WARM_UP = 250
"""Days of trading before the first one, where nothing is said and there are prices: about a year."""
ROUNDS = 2
"""Rounds of a debate where nothing is said."""
OPTIONS = (
    *("symbols", "from", "to", "warm_up", "agents", "characters", "debate", "verdict", "policy", "model"),
    *("memory", "prices", "news", "cash", "commission", "slippage", "position_limit", "short", "execution"),
    "seed",
)
"""What can be written of a run, with `_` for `-`."""
_RENAMED = {"start": "from", "end": "to", "costs.commission_bps": "commission"} | {
    "costs.slippage_bps": "slippage",
    "rules.position_limit": "position-limit",
}


def asked_for(given: Mapping[str, Any], settings: Settings) -> tuple[MarketSpec, Market]:
    """The run that a user asks for, and the market up to its last day.

    Args:
        given: By the names of `OPTIONS`; what is none is as if it were not there.
        settings: They name the model where it is not given.

    Raises:
        InvalidInput: a value is none that it can be, or there are no prices for the days.
        NotFound: there is no such file, symbol or character.
        FormatError: a file is not in its format; names file and line.
        Unavailable: a library of the extra `market` is missing.
    """
    asked = {name: value for name, value in given.items() if value is not None}
    for name in asked:
        if name not in OPTIONS:
            known = ", ".join(f"--{one.replace('_', '-')}" for one in OPTIONS)
            raise InvalidInput(f"world {MARKET!r} takes no --{name.replace('_', '-')}", f"it takes: {known}")
    symbols = _names("symbols", asked.get("symbols"))
    start, end = (_date(f"--{name}", asked.get(name)) for name in ("from", "to"))
    told = _spelt(asked, settings) | {"symbols": symbols, "start": start, "end": end}
    _spec(told)  # what is wrong with it is said before files are read
    market = _market(asked, symbols)
    warm_up = _warm_up(asked.get("warm_up"), market, symbols, start)
    _check_days(market.prices, symbols, start, end)
    sources = {"prices": market.prices.source, "news": market.news.source, "warm_up": warm_up}
    return _spec(told | sources), market


def _spelt(asked: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """All fields that depend on no file."""
    characters = _characters(asked.get("agents"), asked.get("characters"))
    told = {name: asked[name] for name in ("cash", "execution", "memory", "seed", "verdict") if name in asked}
    told["characters"] = characters
    told["debate"] = asked.get("debate", ROUNDS if len(characters) > 1 else 0)
    told["policy"] = asked.get("policy") or ("model" if "model" in asked else "signal")
    told["model"] = asked.get("model") or (settings.model if told["policy"] == "model" else None)
    told["costs"] = {
        field: asked[name]
        for name, field in (("commission", "commission_bps"), ("slippage", "slippage_bps"))
        if name in asked
    }
    told["rules"] = {name: asked[name] for name in ("position_limit", "short") if name in asked}
    told["name"] = f"{MARKET}-{asked.get('memory', 'layered')[:20].lstrip('{')}-{told['policy']}"
    return told


def _spec(told: Mapping[str, Any]) -> MarketSpec:
    try:
        return MarketSpec(**told)
    except ValidationError as error:
        fault = first_fault(error)
        name = _RENAMED.get(fault.where, fault.where)
        raise InvalidInput(
            f"--{name.replace('_', '-')} is {fault.given!r:.60}: {fault.message}", "correct it"
        ) from error


def _names(option: str, given: Any) -> tuple[str, ...]:
    """Names between commas, as they are written."""
    names = tuple(one.strip() for one in str(given or "").split(",") if one.strip())
    if not names:
        raise InvalidInput(f"no {option} are named", f"name some: --{option} AAPL,JPM")
    return names


def _characters(agents: int | None, given: str | None) -> tuple[str, ...]:
    """The characters of a team: those named, over again until there are enough."""
    names = tuple(CHARACTERS) if given is None else _names("characters", given)
    if agents is not None and agents > MOST_AGENTS:
        raise InvalidInput(f"--agents is {agents}", f"give {MOST_AGENTS} at most")
    if given is None and agents in (None, 1):
        return ("adaptive",)
    count = len(names) if agents is None else agents
    if given is not None and count < len(names):
        raise InvalidInput(
            f"--characters names {len(names)}, and --agents is {count}", "leave some out, or give more agents"
        )
    return tuple(names[place % len(names)] for place in range(count))


def _date(option: str, given: Any) -> datetime.date:
    if given is None:
        raise InvalidInput(f"{option} is missing", f"name a day: {option} 2019-01-02")
    try:
        return datetime.date.fromisoformat(str(given))
    except ValueError:
        raise InvalidInput(f"{option} {given!r:.40} is no day", "write it as 2019-01-02") from None


def _market(asked: Mapping[str, Any], symbols: tuple[str, ...]) -> Market:
    file: Path | None = asked.get("prices")
    prices = builtin_prices(symbols) if file is None else read_prices(file, symbols)
    news = NO_NEWS if "news" not in asked else read_news(asked["news"])
    return Market(prices, News({name: news.items.get(name, ()) for name in symbols}, news.source))


def _check_days(prices: Prices, symbols: tuple[str, ...], start: datetime.date, end: datetime.date) -> None:
    """Let pass where each symbol has prices from the first day to the last, but for a few at the edges."""
    slack = datetime.timedelta(days=Checks().longest_gap)
    for symbol in symbols:
        dates = prices.of(symbol).dates
        first, last = dates[0].item(), dates[-1].item()
        if first > start + slack or last < end - slack:
            edge = f"--from {first}" if first > start + slack else f"--to {last}"
            raise InvalidInput(
                f"the prices of {symbol} go from {first} to {last}, not from {start} to {end}", f"give {edge}"
            )


def _warm_up(
    given: Any, market: Market, symbols: tuple[str, ...], start: datetime.date
) -> datetime.date | None:
    """The first day of the warm-up: a date, or so many days of trading before the first one."""
    first = max(market.prices.of(symbol).dates[0].item() for symbol in symbols)
    if given is not None and not str(given).isdigit():
        day = _date("--warm-up", given)
        if day < first:
            raise InvalidInput(
                f"--warm-up {day} is before the first price, of {first}", f"give --warm-up {first}"
            )
        return day
    before = [day for day in market.days() if first <= day < start]
    wanted = min(WARM_UP, len(before)) if given is None else int(given)
    if wanted > len(before):
        raise InvalidInput(
            f"--warm-up {wanted} is more days than have prices before {start}: {len(before)}", "give fewer"
        )
    return before[-wanted] if wanted else None
