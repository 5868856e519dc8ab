"""Times as the database keeps them: microseconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import overload

from agentmem.errors import Damaged
from agentmem.records import utc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE = timedelta(microseconds=1)


@overload
def micros(moment: datetime) -> int: ...
@overload
def micros(moment: None) -> None: ...
def micros(moment: datetime | None) -> int | None:
    """Microseconds since 1970 of `moment`, exactly.

    Raises:
        InvalidInput: `moment` has no time zone.
    """
    if moment is None:
        return None
    try:
        return (moment - EPOCH) // ONE
    except TypeError:
        utc(moment)  # it says what is wrong
        raise


@overload
def moment(value: int) -> datetime: ...
@overload
def moment(value: None) -> None: ...
def moment(value: int | None) -> datetime | None:
    """The UTC moment of `value` microseconds since 1970.

    Raises:
        Damaged: there is no such moment: nobody has written it.
    """
    try:
        return None if value is None else EPOCH + timedelta(microseconds=value)
    except (OverflowError, TypeError) as error:
        raise Damaged(f"a time is {value!r} microseconds after 1970", "run `agentmem verify`") from error
