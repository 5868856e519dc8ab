"""Moments as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from agentmem.errors import InvalidInput

DAY_CHARS = len("2025-03-01")


def moment(option: str, text: str | None, *, whole_day: bool = False) -> datetime | None:
    """The UTC moment of an ISO-8601 text; without a zone it is UTC, a date alone is its midnight.

    Args:
        option: The name of what was given, for messages.
        text: What was typed; none gives none.
        whole_day: Whether a date alone is the end of that day.

    Raises:
        InvalidInput: it is no such text.
    """
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            f"{option} {text!r} is no time", "write ISO 8601: 2025-03-01 or 2025-03-01T14:05Z"
        ) from error
    if whole_day and len(text) <= DAY_CHARS:
        parsed += timedelta(days=1) - timedelta(microseconds=1)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
