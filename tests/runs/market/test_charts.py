"""Plots of a report: places, paths and marks."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.runs.market.charts import chart_of, round_values

DAYS = [datetime.date(2021, 1, 4) + datetime.timedelta(days=number) for number in range(400)]
Numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 6))


@given(st.lists(Numbers, min_size=1, max_size=60))
def test_every_value_has_a_place(values):
    chart = chart_of(DAYS[: len(values)], [values], str)
    assert all(-0.001 <= chart.y(value) <= 100.001 for value in values)
    assert all(0 <= chart.x(place) <= 100 for place in range(len(values)))
    assert chart.line(values).count("L") == max(1, len(values) - 1)
    assert all(-0.001 <= mark.at <= 100.001 for mark in chart.values_axis())


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_marks_are_few_and_evenly_apart(low, room):
    marks = round_values(low, low + room)
    assert 1 <= len(marks) <= 7
    steps = {round(after - before, 6) for before, after in pairwise(marks)}
    assert not steps or max(steps) - min(steps) < 1e-3 * max(1, abs(low))


@pytest.mark.parametrize("count", [1, 2, 9, 40, 130, 400])
def test_dates_have_room(count):
    marks = chart_of(DAYS[:count], [[1.0] * count], str).dates_axis()
    assert 1 <= len(marks) <= 8


def test_stairs_hold_until_the_next_change():
    chart = chart_of(DAYS[:5], [[0.0, 0.0, 10.0, 10.0, 0.0]], str, include=(0.0,))
    path = chart.stairs([0.0, 0.0, 10.0, 10.0, 0.0])
    assert path.startswith("M0,100") and path.count("H") == 3 and path.endswith("H1000")
    assert chart.stairs([]) == ""


def test_a_plot_without_days_is_empty():
    chart = chart_of([], [[]], str)
    assert chart.line([]) == "" and chart.dates_axis() == [] and chart.dots([]) == ""
