import datetime

import numpy as np
import pytest

from agentmem.errors import InvalidInput, NotFound
from agentmem.worlds.market.prices import Prices, builtin_prices, series

FIRST = datetime.date(2020, 2, 28)


def test_the_built_in_prices_are_twenty_stocks_to_the_end_of_2022():
    prices = builtin_prices()
    assert len(prices.symbols) == 20 and len(prices.calendar) == 8313
    apple = prices.of("AAPL")
    assert str(apple.dates[0]) == "1990-01-02" and str(apple.dates[-1]) == "2022-12-28"
    assert apple.close[-1] == 125.674 and np.isnan(apple.open).all()
    assert builtin_prices(["XOM", "AAPL"]).symbols == ("AAPL", "XOM")


def test_an_unknown_symbol_names_those_that_there_are():
    with pytest.raises(NotFound, match=r"no prices of 'TSLA'.*AAPL, AMD") as caught:
        builtin_prices(["TSLA"])
    assert "XOM" in caught.value.remedy
    with pytest.raises(InvalidInput, match="no symbol"):
        builtin_prices().chosen([])


@pytest.mark.parametrize(
    ("dates", "closes", "opens", "said"),
    [
        ([FIRST, FIRST], [1, 2], None, "comes after"),
        ([FIRST], [0], None, "the price of 2020-02-28 is 0"),
        ([FIRST], [float("nan")], None, "is nan"),
        ([FIRST], [1], [-1], "open -1"),
        ([FIRST], [1, 2], None, "2 closes"),
        ([], [], None, "no prices"),
    ],
)
def test_a_series_that_is_none_is_refused(dates, closes, opens, said):
    with pytest.raises(InvalidInput, match=said):
        series(dates, closes, opens)


def test_what_there_was_on_a_leap_day_ends_with_it():
    days = [FIRST, datetime.date(2020, 2, 29), datetime.date(2020, 3, 2)]
    prices = Prices({"A": series(days, [1, 2, 3]), "B": series(days[2:], [4])})
    cut = prices.until(days[1])
    assert cut.symbols == ("A",) and cut.of("A").close.tolist() == [1, 2]
    assert cut.calendar.tolist() == days[:2] and prices.calendar.tolist() == days
    assert cut.of("A").place(days[1]) == 1 and cut.of("A").place(days[2]) is None
    assert prices.until(datetime.date(2019, 1, 1)).symbols == ()


def test_prices_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        builtin_prices(["AAPL"]).of("AAPL").close[0] = 1.0
