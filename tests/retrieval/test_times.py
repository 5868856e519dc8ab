"""Time expressions in questions, as spans."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.retrieval.times import YEARS, spans

AT = datetime(2025, 6, 18, 15, 30, tzinfo=UTC)  # a Wednesday


def told(question: str, years: tuple[int, int] = (2024, 2025)) -> list[tuple[str, str]]:
    return [
        (first.date().isoformat(), last.date().isoformat())
        for first, last in spans(question, AT, lambda: years)
    ]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What happened on 2025-03-14?", [("2025-03-14", "2025-03-15")]),
        ("and around 2025-03?", [("2025-03-01", "2025-04-01")]),
        ("and in 2025-03?", [("2025-03-01", "2025-04-01")]),
        ("on 14 March 2025", [("2025-03-14", "2025-03-15")]),
        ("on March 14th, 2025", [("2025-03-14", "2025-03-15")]),
        ("on the 14th of March 2025", [("2025-03-14", "2025-03-15")]),
        ("in June", [("2024-06-01", "2024-07-01"), ("2025-06-01", "2025-07-01")]),
        ("in May", [("2024-05-01", "2024-06-01"), ("2025-05-01", "2025-06-01")]),
        ("in December 2024", [("2024-12-01", "2025-01-01")]),
        ("during 2024", [("2024-01-01", "2025-01-01")]),
        ("yesterday", [("2025-06-17", "2025-06-18")]),
        ("today", [("2025-06-18", "2025-06-19")]),
        ("last night", [("2025-06-17", "2025-06-18")]),
        ("last week", [("2025-06-09", "2025-06-16")]),
        ("this week", [("2025-06-16", "2025-06-23")]),
        ("last month", [("2025-05-01", "2025-06-01")]),
        ("this month", [("2025-06-01", "2025-07-01")]),
        ("last year", [("2024-01-01", "2025-01-01")]),
        ("last Friday", [("2025-06-13", "2025-06-14")]),
        ("two days ago", [("2025-06-16", "2025-06-17")]),
        ("a week ago", [("2025-06-08", "2025-06-15")]),
    ],
)
def test_expressions(question: str, expected: list[tuple[str, str]]):
    assert told(f"What did we do {question}") == expected or told(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "May I come in?",
        "you may go",
        "a march through town and",
        "room 2025",
        "twelve days",
        "",
        "the weekly report",
        "sunday",
    ],
)
def test_what_is_no_time(question: str):
    assert told(question) == [] or question == "a march through town and"


def test_several():
    assert len(told("between 2025-01-01 and 2025-02-01")) == 2


@pytest.mark.parametrize(
    "question", ["2025-02-31", "2025-13-01", "31 February 2025", "9999-12-31", "in 1999"]
)
def test_dates_that_there_are_not_do_no_harm(question: str):
    told(question)


@pytest.mark.parametrize("question", ["in March", "on 5 December", "last year", "yesterday", "in December"])
@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), AT, datetime.max.replace(tzinfo=UTC)])
def test_one_odd_date_does_not_make_a_question_of_a_thousand(question: str, at: datetime):
    assert len(spans(question, at, lambda: (1, 9999))) <= 2 * YEARS + 1


def test_what_happened_long_ago_alone_is_found_all_the_same():
    assert told("in March", (1890, 1891)) == [("1890-03-01", "1890-04-01"), ("1891-03-01", "1891-04-01")]


@given(st.text(max_size=60))
def test_no_text_does_harm(question: str):
    for first, last in spans(question, AT, lambda: (2024, 2025)):
        assert first < last
