"""Selection and calibration: scores are told, order does not hang on order, weights are borne out by the past."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from agentmem.errors import InvalidInput
from agentmem.stores.concept.selection import (
    Calibration,
    Concepts,
    Corpus,
    Problems,
    Question,
    SelectionPolicy,
    calibrate,
    due,
    select,
    select_by,
)
from agentmem.stores.concept.selection.fitting import Examples, fitted
from agentmem.stores.concept.selection.judging import Recall, recall, worth
from agentmem.stores.concept.selection.ranking import ranks
from agentmem.stores.concept.selection.weighing import Weights

POLICY = SelectionPolicy()
MODES = ("popularity", "bm25", "embedding", "vote", "fused")


def drawn(seed: int, concepts: int = 12, problems: int = 20, themes: int = 3) -> Corpus:
    """Problems of a theme use its concepts, and some use any; what they say of it is noisy."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(themes, 8))

    def near(theme: np.ndarray) -> np.ndarray:
        found = centres[theme] + random.normal(size=(len(theme), 8))
        return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)

    of_concept, of_problem = random.integers(themes, size=concepts), random.integers(themes, size=problems)
    chance = np.where(of_problem[:, None] == of_concept[None], 0.5, 0.08)
    words = [f"word{theme}{place}" for theme in range(themes) for place in range(4)]
    said = [" ".join(random.choice(words[4 * one : 4 * one + 4], 2)) for one in [*of_concept, *of_problem]]
    types = ["Grid", "Shape", "list[Shape]"]
    return Corpus(
        Concepts(
            tuple(f"c{place:03}" for place in random.permutation(concepts)),
            tuple(said[:concepts]),
            near(of_concept),
            tuple((types[place % 3],) for place in range(concepts)),
            tuple(types[(place + 1) % 3] for place in range(concepts)),
        ),
        Problems(tuple(f"p{place}" for place in range(problems)), tuple(said[concepts:]), near(of_problem)),
        csr_array(random.random((problems, concepts)) < chance),
    )


def question(seed: int = 0) -> Question:
    random = np.random.default_rng(seed + 1000)
    vector = random.normal(size=8)
    return Question("word00 word11", (vector / np.linalg.norm(vector)).astype(np.float32))


def permuted(corpus: Corpus, order: np.ndarray) -> Corpus:
    concepts = corpus.concepts
    return Corpus(
        Concepts(
            tuple(concepts.ids[place] for place in order),
            tuple(concepts.texts[place] for place in order),
            concepts.vectors[order],
            tuple(concepts.parameters[place] for place in order),
            tuple(concepts.outputs[place] for place in order),
        ),
        corpus.problems,
        corpus.used[:, order],
    )


@given(st.integers(0, 10_000))
@settings(max_examples=6, deadline=None)
def test_the_parts_of_a_score_sum_to_it(seed: int) -> None:
    corpus = drawn(seed)
    rankings = [select(corpus, question(seed)), *(select_by(mode, corpus, question(seed)) for mode in MODES)]
    for ranking in rankings:
        np.testing.assert_allclose(np.sum([*ranking.parts.values()], axis=0), ranking.scores, atol=1e-9)
        for place in ranking.order[:3]:
            assert sum(ranking.explain(int(place)).values()) == pytest.approx(ranking.scores[place])
        assert sorted(ranking.order.tolist()) == list(range(len(corpus.concepts)))
        assert np.all(np.diff(ranking.scores[ranking.order]) <= 1e-8)


@given(st.integers(0, 10_000))
@settings(max_examples=6, deadline=None)
def test_another_order_of_concepts_gives_the_same_ranking(seed: int) -> None:
    corpus = drawn(seed)
    other = permuted(corpus, np.random.default_rng(seed).permutation(len(corpus.concepts)))
    calibration = calibrate(corpus.without(0))
    for ranked in (
        lambda c: select(c, question(seed), calibration),
        *(lambda c, m=mode: select_by(m, c, question(seed)) for mode in MODES),
    ):
        first, second = ranked(corpus), ranked(other)
        assert [corpus.concepts.ids[place] for place in first.order] == [
            other.concepts.ids[place] for place in second.order
        ]


@pytest.mark.parametrize(("concepts", "problems"), [(0, 0), (0, 3), (3, 0), (1, 1), (2, 8)])
def test_a_memory_of_any_size_can_be_asked(concepts: int, problems: int) -> None:
    corpus = drawn(1, concepts, problems)
    ranking = select(corpus, question())
    assert len(ranking.order) == len(ranking.scores) == concepts
    assert np.isfinite(ranking.scores).all()
    for mode in MODES:
        assert len(select_by(mode, corpus, question()).order) == concepts


def test_nothing_said_and_nothing_used_ranks_by_id() -> None:
    zero = np.zeros((3, 2), np.float32)
    corpus = Corpus(
        Concepts(("c", "a", "b"), ("", "", ""), zero),
        Problems(("p", "q"), ("", ""), zero[:2]),
        csr_array((2, 3), dtype=np.bool_),
    )
    ranking = select(corpus, Question("", zero[0]))
    assert [corpus.concepts.ids[place] for place in ranking.order] == ["a", "b", "c"]
    assert not ranking.scores.any()


def test_a_concept_that_harmed_sinks_and_one_that_helped_rises() -> None:
    corpus = drawn(3)
    before = select(corpus, question())
    assert not before.parts["outcomes"].any()
    best, last = before.order[0], before.order[-1]
    outcomes = np.zeros((len(corpus.concepts), 4), np.int64)
    outcomes[best], outcomes[last] = (20, 20, 0, 20), (20, 20, 20, 0)
    told = Corpus(replace(corpus.concepts, outcomes=outcomes), corpus.problems, corpus.uses)
    after = select(told, question(), before.calibration)
    assert after.scores[best] < before.scores[best]
    assert after.scores[last] > before.scores[last]
    assert after.explain(int(best))["outcomes"] == pytest.approx(-POLICY.outcome * 20 / 24)
    assert select(told, question()).parts["outcomes"][best] < 0


def test_an_unknown_signal_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"'tfidf' is no single signal .*fused"):
        select_by("tfidf", drawn(0), question())


def test_without_a_past_weights_are_those_of_experience() -> None:
    calibration = calibrate(drawn(0, problems=3))
    assert (calibration.source, calibration.problems, calibration.past) == ("experience", 0, 3)
    assert calibration.weights.common == calibration.weights.rare
    assert not calibration.weights.offset


def test_calibration_is_the_same_every_time_and_says_where_it_comes_from() -> None:
    corpus = drawn(5, 30, 60)
    first, second = calibrate(corpus), calibrate(drawn(5, 30, 60))
    assert first == second
    assert first.past == 60
    assert 0 < first.problems <= 60
    assert {"embedding", "bm25", "popularity", "vote", first.source} == set(first.recall)
    assert select(corpus, question(), first).calibration is first


@pytest.mark.parametrize("seed", range(2))
def test_weights_are_worth_no_less_than_any_single_signal_on_the_past(seed: int) -> None:
    calibration = calibrate(drawn(seed, 40, 80, themes=6))
    told = {
        name: Recall(np.array(calibration.recall[name]), np.array(calibration.recall_tail[name]))
        for name in calibration.recall
    }
    singles = [one for name, one in told.items() if name != calibration.source]
    best = Recall(np.max([one.all for one in singles], 0), np.max([one.tail for one in singles], 0))
    chosen = worth(told[calibration.source], best, POLICY)
    assert all(chosen >= worth(one, best, POLICY) for one in singles)


def test_a_part_of_the_signals_can_be_left_out() -> None:
    calibration = calibrate(drawn(2, 30, 40), families=("embedding", "popularity"))
    assert set(calibration.weights.common) <= {"embedding", "popularity", "bm25", "vote"}
    if calibration.source == "calibrated":
        assert set(calibration.weights.common) == {"embedding", "popularity"}


def test_calibration_sees_the_latest_problems_only_and_no_more_than_the_policy_says() -> None:
    corpus = drawn(7, 20, 60)
    policy = SelectionPolicy(past=10, regressed=30, others=5, pool=3)
    assert calibrate(corpus, policy).problems == 10
    assert np.isfinite(select(corpus, question(), policy=policy).scores).all()


def test_weights_are_due_with_the_first_problems_and_then_as_the_past_grows() -> None:
    assert due(None, drawn(0), POLICY)
    at = {
        then: [now for now in range(40) if due(Calibration(Weights(), past=then), drawn(0, 2, now), POLICY)]
        for then in (0, 20)
    }
    assert at[0][0] == 5
    assert at[20] == [*range(19), *range(22, 40)]


def test_recall_counts_places_before_the_cutoff_and_ranks_ties_by_row() -> None:
    group = np.array([0, 0, 0, 1, 1, 1])
    used = np.array([True, False, True, False, True, False])
    rare = np.array([False, False, True, False, False, False])
    found = recall(np.array([3.0, 2.0, 1.0, 5.0, 5.0, 0.0]), group, used, rare, (1, 2, 3))
    assert found.all.tolist() == [0.25, 0.75, 1.0]
    assert found.tail.tolist() == [0, 0, 1]


def test_ranks_of_what_is_equal_are_their_mean() -> None:
    assert ranks(np.array([5.0, 7.0, 5.0, 1.0])).tolist() == [2.5, 1.0, 2.5, 4.0]
    assert ranks(np.zeros(0)).tolist() == []


@given(st.integers(0, 1000))
@settings(max_examples=8, deadline=None)
def test_fitted_weights_stay_in_bounds_and_no_step_from_them_is_better(seed: int) -> None:
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(10), 6)
    features = random.normal(size=(60, 3))
    used = features @ np.array([1.0, -1.0, 0.2]) + random.normal(size=60) > 1
    examples = Examples(features, group, used, random.random(60) < 0.5, np.ones(60))
    prior = np.array([0.2, 0.2, 0.2])
    free = np.array([False, True, False])
    told = fitted(examples, prior, free, shrinkage=0.05, leaning=2.0, start=prior)
    again = fitted(examples, prior, free, shrinkage=0.05, leaning=2.0, start=np.ones(3))
    np.testing.assert_allclose(told, again, atol=0.02)
    assert (told[~free] >= 0).all()
    far = fitted(examples, prior, free, shrinkage=1e6, leaning=2.0, start=prior)
    np.testing.assert_allclose(far, prior, atol=1e-3)


def test_a_row_that_stands_for_many_weighs_as_if_they_were_there() -> None:
    features = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.0]])
    used = np.array([True, False, False])
    rows = np.array([0, 1, 2, 2, 2])
    thrice = Examples(features[rows], np.zeros(5, np.int64), used[rows], used[rows], np.ones(5))
    once = Examples(features, np.zeros(3, np.int64), used, used, np.array([1.0, 1.0, 3.0]))
    given_ = {"shrinkage": 0.1, "leaning": 1.0, "start": np.zeros(2)}
    free = np.array([False, True])
    np.testing.assert_allclose(
        fitted(once, np.zeros(2), free, **given_), fitted(thrice, np.zeros(2), free, **given_), atol=1e-4
    )
