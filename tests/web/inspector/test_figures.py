"""Figures tell what they are of: segments sum to scores, shares to the whole, curves stay within their axes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.runs.web.curves import WIDTH
from agentmem.web.inspector.figures import Span, area, bars, colours_of, line, plot_of, shares, stairs

amounts = st.floats(-50, 50, allow_nan=False).map(lambda value: round(value, 6))
parts = st.dictionaries(st.sampled_from(["dense", "text", "near", "time", "asks"]), amounts, min_size=1)


@given(st.lists(parts, min_size=1, max_size=6))
def test_segments_sum_to_the_score_and_do_not_overlap(given_):
    colours = colours_of(given_)
    drawn = bars(given_)
    low = max(-sum(value for value in one.values() if value < 0) for one in given_)
    high = max(sum(value for value in one.values() if value > 0) for one in given_)
    scale = WIDTH / max(low + high, 1e-9)
    for one, bar in zip(given_, drawn, strict=True):
        assert bar.end == pytest.approx(bar.zero + sum(one.values()) * scale, abs=1e-6)
        total = sum(segment.width * (1 if segment.value > 0 else -1) for segment in bar.segments)
        assert total == pytest.approx(bar.end - bar.zero, abs=1e-5)
        edges = sorted((segment.x, segment.x + segment.width) for segment in bar.segments)
        for (_, end), (start, _) in pairwise(edges):
            assert end <= start + 1e-6
        for segment in bar.segments:
            assert segment.x >= -1e-6 and segment.x + segment.width <= WIDTH + 1e-6
            assert segment.colour == colours[segment.name]
            assert segment.value == one[segment.name]


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=4))
def test_shares_fill_the_width(values):
    drawn = shares([(str(n), value) for n, value in enumerate(values)])
    assert [one.value for one in drawn] == values
    assert sum(one.width for one in drawn) == pytest.approx(WIDTH if any(values) else 0)
    assert all(one.x + one.width <= WIDTH + 1e-6 for one in drawn)


def test_a_line_is_broken_where_there_is_nothing():
    plot = plot_of([4.0])
    path = line(plot, [(0.0, 1.0), None, (0.5, 2.0), (1.0, 4.0)])
    assert path.count("M") == 2 and path.count("L") == 1
    assert line(plot, [None]) == ""


def test_curves_stay_within_their_axes():
    plot = plot_of([3.0, 7.0])
    path = area(plot, [0.0, 0.5, 1.0], [0.0, 1.0, 2.0], [3.0, 7.0, 5.0])
    numbers = [tuple(map(float, pair.split(","))) for pair in re.findall(r"[\d.]+,[\d.]+", path)]
    assert all(0 <= x <= WIDTH and 0 <= y <= 100 for x, y in numbers)
    assert path.endswith("Z")


def test_stairs_hold_each_value_until_the_next():
    assert stairs([(0, 1), (2, 0.5), (3, 0.2)]) == [(0, 1), (2, 1), (2, 0.5), (3, 0.5), (3, 0.2)]


def test_a_span_places_moments():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    span = Span(start, start + timedelta(days=10))
    assert span.share(start + timedelta(days=5)) == 0.5
    assert [mark.at for mark in span.marks()] == [0, 20, 40, 60, 80]
    assert span.marks()[1].text == "2026-01-03"
    assert Span(start, start + timedelta(hours=5)).marks()[1].text == "01-01 01:00"
