"""When a trading day closes: the moment of its decisions, in UTC, whatever the clocks do."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import model_validator

from agentmem.records import Text, Value


class Session(Value):
    """When a day of trading ends.

    Days on which the exchange shuts early count as all others: what comes out between the early close and
    the usual one is known at that day's decision, which is filled the day after.

    Attributes:
        zone: The time zone of the exchange, by its IANA name.
        close: When it shuts, on the clocks there.
    """

    zone: Text = "America/New_York"
    close: datetime.time = datetime.time(16, 0)

    @model_validator(mode="after")
    def _exists(self) -> Self:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                f"there is no time zone {self.zone!r}: give an IANA name such as Europe/London;"
                " if that fails too, pip install tzdata"
            ) from None
        if self.close.tzinfo is not None:
            raise ValueError("`close` is a time on the clocks of `zone`: give it without a time zone")
        return self

    def closes(self, day: datetime.date) -> datetime.datetime:
        """The moment of the close of a day, in UTC."""
        return _closes(self.zone, self.close, day)


NEW_YORK = Session()
"""16:00 in New York."""


@lru_cache(maxsize=4096)
def _closes(zone: str, close: datetime.time, day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, close, ZoneInfo(zone)).astimezone(datetime.UTC)
