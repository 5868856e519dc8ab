"""The steps, on tables made by hand: pure functions, each with its named parts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.db.times import micros
from agentmem.retrieval import steps
from agentmem.retrieval.policy import DEFAULT, RetrievalPolicy
from agentmem.retrieval.question import Question
from agentmem.retrieval.steps import Surroundings
from agentmem.retrieval.table import Table

NONE = Surroundings()
DAY = timedelta(days=1)
START = datetime(2025, 3, 1, tzinfo=UTC)


def table(n: int = 4, **given: Any) -> Table:
    """n records of one session, one after the other."""
    columns = {
        "actor": np.zeros(n, np.int32),
        "time": np.array([micros(START + i * DAY) for i in range(n)]),
        "asks": np.zeros(n, np.float32),
        **given.pop("columns", {}),
    }
    places = np.arange(n)[:, None] + np.arange(-2, 3)
    values: dict[str, Any] = {
        "question": Question("q", "q", ()),
        "shelf": SimpleNamespace(column=columns.__getitem__),
        "slots": np.arange(n),
        "answers": np.ones(n, bool),
        "around": np.where((places < 0) | (places >= n), n, places),
        "cosine": np.linspace(1, 0, n, dtype=np.float32),
        "words": np.zeros((0, n), np.float32),
        "coverage": np.zeros(n, np.float32),
    }
    return Table(**{**values, **given})


def test_dense_is_the_cosine_standardised():
    part = steps.dense(table(), NONE, DEFAULT)["dense"]
    assert part.mean() == pytest.approx(0, abs=1e-6)
    assert part.std() == pytest.approx(1)
    assert list(np.argsort(-part)) == [0, 1, 2, 3]
    assert steps.dense(table(), NONE, RetrievalPolicy(dense=3.0))["dense"] == pytest.approx(3 * part)


def test_what_has_no_vector_is_neither_near_nor_far():
    part = steps.dense(table(cosine=np.array([1, np.nan, 0, np.nan], np.float32)), NONE, DEFAULT)["dense"]
    assert list(part) == pytest.approx([1, 0, -1, 0])
    assert not steps.dense(table(cosine=np.full(4, np.nan, np.float32)), NONE, DEFAULT)["dense"].any()


def test_text_prefers_what_holds_the_words():
    words = np.array([[0, 2, 0, 0], [0, 1, 1, 0]], np.float32)
    part = steps.text(table(words=words), NONE, DEFAULT)["text"]
    assert list(np.argsort(-part, kind="stable"))[:2] == [1, 2]


def test_neighbours_lend_by_their_distance():
    cosine = np.zeros(12, np.float32)
    cosine[5] = 1
    lent = steps.neighbours(table(12, cosine=cosine), NONE, DEFAULT)["near dense"]
    assert lent[4] == pytest.approx(lent[6])
    assert lent[4] > lent[3] > lent[9]


def test_a_word_in_a_neighbour_counts_less_than_in_the_record_itself():
    words = np.array([[0, 1, 0, 0]], np.float32)
    there = table(words=words)
    near, own = steps.neighbours(there, NONE, DEFAULT)["near text"], steps.text(there, NONE, DEFAULT)["text"]
    total = near + own
    assert total[1] > total[0] == pytest.approx(total[2])
    assert total[2] > total[3]
    assert near[1] == 0


def test_names_add_only_where_somebody_is_named():
    there = table(columns={"actor": np.array([0, 1, -1, 1], np.int32)})
    assert steps.names(there, NONE, DEFAULT) == {}
    named = table(question=Question("q", "q", (1,)), columns={"actor": np.array([0, 1, -1, 1], np.int32)})
    assert list(steps.names(named, NONE, DEFAULT)["names"]) == [0, 3, 0, 3]


def test_time_adds_to_what_happened_then_or_was_told_soon_after():
    around = Surroundings(spans=((START + DAY, START + 2 * DAY),))
    policy = RetrievalPolicy(time_slack=1.0)
    assert list(steps.time(table(5), around, policy)["time"]) == [0, 3, 3, 0, 0]
    assert steps.time(table(5), NONE, policy) == {}


def test_a_record_without_a_time_happened_at_no_time():
    there = table(2, columns={"time": np.array([np.iinfo(np.int64).min, np.iinfo(np.int64).max])})
    assert not steps.time(there, Surroundings(spans=((START, START + DAY),)), DEFAULT)["time"].any()


def test_questions_are_penalised_by_their_share():
    there = table(columns={"asks": np.array([0, 0.5, 1, 0], np.float32)})
    assert list(steps.asks(there, NONE, DEFAULT)["asks"]) == [0, -1, -2, 0]


def test_strength_is_the_stores_own():
    assert steps.strength(table(), NONE, DEFAULT) == {}
    around = Surroundings(strength=np.array([1.0, 0, 0, 2]))
    assert list(steps.strength(table(), around, RetrievalPolicy(strength=0.5))["strength"]) == [0.5, 0, 0, 1]


@given(st.integers(1, 12), st.data())
def test_parts_are_finite_whatever_the_table(n: int, data: st.DataObject):
    floats = st.floats(-1, 1, width=32) | st.just(float("nan"))
    cosine = np.array(data.draw(st.lists(floats, min_size=n, max_size=n)), np.float32)
    words = np.array(
        data.draw(st.lists(st.lists(st.floats(0, 30, width=32), min_size=n, max_size=n), max_size=3)),
        np.float32,
    )
    there = table(n, cosine=cosine, words=words.reshape(-1, n))
    around = Surroundings(spans=((START, START + DAY),), strength=np.ones(n))
    for step in steps.STEPS.values():
        for part in step(there, around, DEFAULT).values():
            assert part.shape == (n,)
            assert np.isfinite(part).all()
    assert np.isfinite(steps.relevance(there, DEFAULT)).all()


def test_relevance_is_raw():
    there = table(
        coverage=np.array([0.5, 0, 0, 0], np.float32), cosine=np.array([0.4, np.nan, 0, -1], np.float32)
    )
    assert list(steps.relevance(there, DEFAULT)) == pytest.approx([1.1, 0, 0, -1.5])
