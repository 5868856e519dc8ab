"""Time expressions in a question: `in June`, `on 14 March`, `last week`, as spans of days.

A cheap pattern finds what may be one, `dateparser` says what it means. A month or day without a year
means that month of every year, since a question about the past seldom says which.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

Span = tuple[datetime, datetime]
YEARS = 50
"""How far from the question's time a month without a year is looked for, where anything happened so near:
one date from another millennium must not make each such question a thousand."""

_MONTHS = "|".join(name.lower() for name in calendar.month_name[1:])
_DAYS = "|".join(name.lower() for name in calendar.day_name)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
EXPRESSION = re.compile(
    rf"""
      (?P<iso>\b\d{{4}}-\d\d(?:-\d\d)?\b)
    | (?P<date>(?:\b{_DAY}\s+(?:of\s+)?)?\b(?:{_MONTHS})\b(?:\s+{_DAY}\b(?!\d))?
        (?:,?\s+(?:of\s+)?(?:19|20)\d\d\b)?)
    | (?P<relative>\b(?:today|yesterday|last\s+(?:night|week|month|year|{_DAYS})|this\s+(?:week|month|year)
        |(?:\d+|an?|two|three|four|five|six|ten)\s+(?:day|week|month|year)s?\s+ago)\b)
    | (?P<year>\b(?:in|of|during|since)\s+(?:19|20)\d\d\b(?!-\d))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_VERB_MAY = re.compile(
    r"\b(in|of|since|until|by|early|late|mid|during|last|this|on|next)[\s-]+$", re.IGNORECASE
)


def spans(question: str, at: datetime, years: Callable[[], tuple[int, int]]) -> list[Span]:
    """The spans of time, first moment and first moment after, that a question names.

    Args:
        question: The question.
        at: The moment that `last week` is relative to.
        years: Gives the first and last year for dates that name none.
    """
    found: list[Span] = []
    for match in EXPRESSION.finditer(question):
        text = match[0]
        if text.lower() == "may" and not _VERB_MAY.search(question[: match.start()]):
            continue
        with suppress(OverflowError, ValueError):  # before the first year, or after the last
            if match["year"]:
                found.append(_year(int(text[-4:])))
            elif match["relative"]:
                found += _relative(text.lower(), at)
            else:
                found += _dates(text, at, years)
    return found


def _dates(text: str, at: datetime, years: Callable[[], tuple[int, int]]) -> list[Span]:
    candidates = [text]
    if re.search(r"(?:19|20)\d\d", text) is None:
        first, last = years()
        near = range(max(first, at.year - YEARS), min(last, at.year + YEARS) + 1)
        candidates = [f"{text} {year}" for year in near or range(max(first, last - YEARS), last + 1)]
    return [span for span in map(_parsed, candidates) if span is not None]


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Span | None:
    parsed = _parser().get_date_data(text)
    if parsed.date_obj is None:
        return None
    day = datetime(parsed.date_obj.year, parsed.date_obj.month, parsed.date_obj.day, tzinfo=UTC)
    if parsed.period == "month":
        return _month(day.year, day.month)
    return _year(day.year) if parsed.period == "year" else (day, day + timedelta(days=1))


def _relative(text: str, at: datetime) -> list[Span]:
    today = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if "week" in text and "ago" not in text:
        monday = today - timedelta(days=today.weekday() + (7 if text.startswith("last") else 0))
        return [(monday, monday + timedelta(days=7))]
    if "month" in text and "ago" not in text:
        month = today.replace(day=1) - timedelta(days=1) if text.startswith("last") else today
        return [_month(month.year, month.month)]
    if "year" in text and "ago" not in text:
        return [_year(today.year - (1 if text.startswith("last") else 0))]
    if text == "last night":
        text = "yesterday"
    parsed = _parser(relative_to=today).get_date_data(text.removeprefix("last "))
    if parsed.date_obj is None:
        return []
    day = parsed.date_obj.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    slack = 15 if "month" in text else 183 if "year" in text else 3 if "week" in text else 0
    return [(day - timedelta(days=slack), day + timedelta(days=slack + 1))]


@lru_cache(maxsize=8)
def _parser(relative_to: datetime | None = None) -> Any:
    from dateparser.date import DateDataParser

    settings: dict[str, Any] = {"PREFER_DATES_FROM": "past", "PREFER_DAY_OF_MONTH": "first"}
    if relative_to is not None:
        settings["RELATIVE_BASE"] = relative_to.replace(tzinfo=None)
    return DateDataParser(languages=["en"], settings=settings)


def _month(year: int, month: int) -> Span:
    first = datetime(year, month, 1, tzinfo=UTC)
    return first, (first + timedelta(days=32)).replace(day=1)


def _year(year: int) -> Span:
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
