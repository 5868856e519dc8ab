"""A small market: two symbols whose prices go up and down for half a year, and news of one of them."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from agentmem.config import Settings
from agentmem.runs.market.asking import asked_for
from agentmem.runs.market.folder import MarketFolder

SETTINGS = Settings(embedder="hashing")
FIRST = datetime.date(2021, 1, 4)


def weekdays(count: int) -> list[datetime.date]:
    days = (FIRST + datetime.timedelta(days=number) for number in range(2 * count))
    return [day for day in days if day.weekday() < 5][:count]


def prices_csv(count: int = 130, seed: int = 1) -> str:
    """Waves with noise: enough unusual moves that there is something to derive."""
    chance = random.Random(seed)
    lines = ["date,symbol,open,close"]
    for symbol, begins in (("UP", 100.0), ("DOWN", 40.0)):
        price = begins
        for number, day in enumerate(weekdays(count)):
            opened = price * (1 + chance.gauss(0, 0.002))
            jump = 0.06 if number % 17 == 0 else 0.0
            price *= 1 + chance.gauss(0.001, 0.008) + jump * (1 if number % 34 else -1)
            lines.append(f"{day},{symbol},{opened!r},{price!r}")
    return "\n".join(lines) + "\n"


def news_lines(count: int = 130) -> str:
    told = []
    for number, day in enumerate(weekdays(count)):
        if number % 6 == 0:
            text = f"UP {'beats' if number % 4 else 'misses'} what was expected of week {number}"
            kind = "quarterly" if number % 60 == 0 else "news"
            told.append({"time": f"{day}T14:00:00Z", "symbol": "UP", "kind": kind, "text": text})
    return "".join(json.dumps(one) + "\n" for one in told)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """The files of the market, as options."""
    prices, news = tmp_path / "prices.csv", tmp_path / "news.jsonl"
    prices.write_text(prices_csv())
    news.write_text(news_lines())
    return {"prices": prices, "news": news}


@pytest.fixture
def begun(tmp_path: Path, files: dict[str, Path]) -> Callable[..., MarketFolder]:
    """Begin a run of a few weeks in a folder of this name, with other options where given."""

    def begin(name: str = "run", **options: object) -> MarketFolder:
        days = weekdays(130)
        given = {"symbols": "UP,DOWN", "from": days[80], "to": days[93], "warm_up": "6", **files, **options}
        spec, market = asked_for(given, SETTINGS)
        folder = MarketFolder(tmp_path / name)
        folder.begin(spec, market)
        return folder

    return begin


@pytest.fixture
def settings() -> Settings:
    return SETTINGS


@pytest.fixture
def days() -> list[datetime.date]:
    return weekdays(130)
