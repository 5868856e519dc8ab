import datetime

import pytest
from pydantic import ValidationError

from agentmem.worlds.market.calendar import NEW_YORK, Session


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        ("2019-03-08", 21),  # Friday before the clocks go forward
        ("2019-03-11", 20),
        ("2019-11-01", 20),  # Friday before they go back
        ("2019-11-04", 21),
        ("2020-02-28", 21),
        ("2020-02-29", 21),
        ("2020-03-02", 21),
        ("2006-03-27", 21),  # in 2006 the clocks went forward in April only
        ("2006-10-30", 21),
    ],
)
def test_the_close_is_at_four_in_new_york_in_summer_and_in_winter(day, hour):
    moment = NEW_YORK.closes(datetime.date.fromisoformat(day))
    assert moment == datetime.datetime.fromisoformat(f"{day}T{hour}:00:00+00:00")
    assert moment.tzinfo is datetime.UTC


def test_another_exchange_has_its_own_clocks():
    tokyo = Session(zone="Asia/Tokyo", close=datetime.time(15, 0))
    assert tokyo.closes(datetime.date(2020, 7, 1)).hour == 6


def test_an_unknown_zone_and_a_close_with_a_zone_are_refused():
    with pytest.raises(ValidationError, match="there is no time zone 'Mars/Phobos'"):
        Session(zone="Mars/Phobos")
    with pytest.raises(ValidationError, match="without a time zone"):
        Session(close=datetime.time(16, tzinfo=datetime.UTC))
