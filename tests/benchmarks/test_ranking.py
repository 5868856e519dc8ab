"""Ranking metrics are those of the textbooks."""

from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem_bench.ranking import ndcg_at, recall_at, reciprocal_rank

RANKED = ["a", "b", "c", "d", "e"]
IDS = st.text("abcdefgh", min_size=1, max_size=1)


def test_recall_is_the_share_of_the_relevant_among_the_first_k() -> None:
    relevant = {"b", "d", "x"}
    assert [recall_at(k, RANKED, relevant) for k in (1, 2, 4, 5)] == [0, 1 / 3, 2 / 3, 2 / 3]


def test_reciprocal_rank_is_that_of_the_first_relevant_id() -> None:
    assert reciprocal_rank(RANKED, {"c", "e"}) == 1 / 3
    assert reciprocal_rank(RANKED, {"x"}) == 0
    assert reciprocal_rank([], {"x"}) == 0


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    found = 1 / log2(3) + 1 / log2(5)
    assert ndcg_at(5, RANKED, {"b", "d"}) == pytest.approx(found / (1 + 1 / log2(3)))
    assert ndcg_at(3, RANKED, {"b", "d"}) == pytest.approx((1 / log2(3)) / (1 + 1 / log2(3)))


def test_ndcg_is_one_where_the_first_k_are_all_relevant() -> None:
    assert ndcg_at(2, RANKED, {"a", "b", "c"}) == 1


@given(st.lists(IDS, unique=True), st.sets(IDS, min_size=1), st.integers(1, 10))
def test_metrics_lie_between_0_and_1(ranked: list[str], relevant: set[str], k: int) -> None:
    values = (recall_at(k, ranked, relevant), reciprocal_rank(ranked, relevant), ndcg_at(k, ranked, relevant))
    assert all(0 <= value <= 1 + 1e-12 for value in values)


@given(st.lists(IDS, unique=True), st.sets(IDS, min_size=1), st.integers(1, 9))
def test_recall_never_falls_with_k(ranked: list[str], relevant: set[str], k: int) -> None:
    assert recall_at(k, ranked, relevant) <= recall_at(k + 1, ranked, relevant)
