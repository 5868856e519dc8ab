"""Precision, recall, F1 and expired items of known recalls, and what holds of all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem_bench.layered.data import Item, Query, Stream
from agentmem_bench.layered.scores import BANDS, band_of, difference, scored, summed

NOW = datetime(2024, 6, 1, tzinfo=UTC)
AGES = {"a": 0.5, "b": 3, "c": 20, "d": 400}
ITEMS = tuple(Item(item=id, time=NOW - timedelta(days=days), text=id) for id, days in AGES.items())


def stream(*queries: tuple[list[str], list[str]]) -> Stream:
    asked = tuple(
        Query(query=f"q{n}", time=NOW, text="?", relevant=tuple(relevant), expired=tuple(expired))
        for n, (relevant, expired) in enumerate(queries)
    )
    return Stream((*ITEMS, *asked))


def test_figures_of_a_known_recall() -> None:
    found = scored(stream((["a", "d"], ["b"])), [["a", "b", "c"]], 2)
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
    assert found.expired_share == 0.5
    assert found.expired_recalled == 1
    assert found.returned == 2
    assert (found.bands["≤ 1 day"].right, found.bands["≤ 1 week"].recalled) == (1, 1)
    assert (found.bands["older"].relevant, found.bands["older"].recalled) == (1, 0)


def test_recalling_fewer_is_not_counted_as_wrong() -> None:
    found = scored(stream((["a"], [])), [["a"]], 10)
    assert (found.precision, found.recall, found.f1) == (1, 1, 1)


def test_recalling_nothing_has_no_precision() -> None:
    found = scored(stream((["a"], ["b"])), [[]], 10)
    assert (found.precision, found.recall, found.f1, found.expired_share) == (0, 0, 0, 0)


def test_a_query_without_relevant_items_counts_only_for_expired_ones() -> None:
    found = scored(stream((["a"], []), ([], ["b"])), [["a"], ["b", "c"]], 10)
    assert found.f1 == 1
    assert found.expired_share == pytest.approx(1 / 3)


ids = st.lists(st.sampled_from("abcd"), unique=True)


@given(ids, ids, st.integers(1, 5))
def test_f1_is_the_harmonic_mean_and_recall_grows_with_k(
    relevant: list[str], found: list[str], k: int
) -> None:
    asked = stream((relevant, [id for id in "abcd" if id not in relevant]))
    one, more = scored(asked, [found], k), scored(asked, [found], k + 1)
    both = one.precision + one.recall
    assert one.f1 == pytest.approx(2 * one.precision * one.recall / both if both else 0)
    assert more.recall >= one.recall
    if relevant and found:
        assert one.expired_share == pytest.approx(1 - one.precision)


@pytest.mark.parametrize(("days", "band"), [(0, 0), (1, 0), (1.01, 1), (91, 3), (366, 4), (5_000, 5)])
def test_bands_reach_up_to_their_days(days: float, band: int) -> None:
    assert band_of(timedelta(days=days)) == list(BANDS)[band]


def test_streams_are_summed_and_compared() -> None:
    asked = stream((["a", "b"], []))
    good, bad = scored(asked, [["a", "b"]], 10), scored(asked, [["a", "c"]], 10)
    told = summed([good, bad])
    assert told["f1"] == 0.75
    assert told["by_age"]["≤ 1 week"] == {
        "relevant": 2,
        "recalled": 1,
        "precision": 1.0,
        "recall": 0.5,
        "f1": 0.6667,
    }
    assert told["by_age"]["older"]["f1"] is None
    assert difference([good, good], [bad, bad]) == {"f1": 0.5, "ci95": [0.5, 0.5]}
    assert summed([good])["f1_ci95"] is None
