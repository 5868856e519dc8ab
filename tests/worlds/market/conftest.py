import datetime

import numpy as np
import pytest

from agentmem.worlds.market.prices import Prices, series


def weekdays(start, count):
    day, found = start, []
    while len(found) < count:
        if day.weekday() < 5:
            found.append(day)
        day += datetime.timedelta(days=1)
    return found


@pytest.fixture
def walk():
    """Makes a random walk of daily prices on weekdays."""

    def made(count=400, seed=0, start=datetime.date(2018, 6, 1), deviation=0.02, opens=False):
        generator = np.random.default_rng(seed)
        closes = 100 * np.exp(np.cumsum(generator.normal(0, deviation, count)))
        first = closes * np.exp(generator.normal(0, 0.005, count)) if opens else None
        return series(weekdays(start, count), closes, first)

    return made


@pytest.fixture
def quoted():
    """Makes prices of symbols from closes on the weekdays from 2020-01-01 on."""

    def made(**closes):
        days = weekdays(datetime.date(2020, 1, 1), max(map(len, closes.values())))
        columns = {}
        for symbol, values in closes.items():
            there = [(day, value) for day, value in zip(days, values, strict=False) if value is not None]
            columns[symbol] = series([day for day, _ in there], [value for _, value in there])
        return Prices(columns)

    return made
