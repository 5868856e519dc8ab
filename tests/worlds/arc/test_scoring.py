from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.errors import InvalidInput
from agentmem.worlds.arc.scoring import at_depth, oracle, oracle_at_depth, total

ATTEMPTS = st.integers(1, 4).flatmap(
    lambda cases: st.lists(st.lists(st.booleans(), min_size=cases, max_size=cases), min_size=1, max_size=7)
)


def by_hand(attempts, k):
    shares = [
        sum(map(any, zip(*chosen, strict=True))) / len(chosen[0]) for chosen in combinations(attempts, k)
    ]
    return sum(shares) / len(shares)


@given(ATTEMPTS, st.data())
def test_the_closed_form_is_the_mean_over_all_subsets(attempts, data):
    k = data.draw(st.integers(1, len(attempts)))
    assert oracle(attempts, k) == pytest.approx(by_hand(attempts, k), abs=1e-12)


@given(ATTEMPTS)
def test_more_attempts_never_count_less(attempts):
    scores = [oracle(attempts, k) for k in range(1, len(attempts) + 1)]
    assert all(0 <= one <= 1 for one in scores)
    assert all(low <= high + 1e-12 for low, high in pairwise(scores))


@given(ATTEMPTS, st.data())
def test_the_order_of_attempts_does_not_matter(attempts, data):
    k = data.draw(st.integers(1, len(attempts)))
    assert oracle(data.draw(st.permutations(attempts)), k) == pytest.approx(oracle(attempts, k), abs=1e-12)


def test_a_thread_counts_by_its_last_step_up_to_the_depth():
    thread = [[False, True], [True, True], [True, False]]
    assert [at_depth(thread, depth) for depth in range(5)] == [*thread, thread[-1], thread[-1]]
    stopped = [[True, False]]
    assert oracle_at_depth([thread, stopped], 2, 0) == 1.0
    assert oracle_at_depth([thread, stopped], 1, 0) == 0.5
    assert oracle_at_depth([thread, stopped], 1, 1) == 0.75
    assert oracle_at_depth([thread, stopped], 2, 2) == 0.5
    assert total([[thread, stopped], [[[True]], [[False]]]], 1, 1) == 1.25


@pytest.mark.parametrize(
    ("attempts", "k"), [([], 1), ([[True]], 0), ([[True]], 2), ([[], []], 1), ([[True], []], 1)]
)
def test_what_cannot_be_scored_is_refused(attempts, k):
    with pytest.raises(InvalidInput):
        oracle(attempts, k)


def test_threads_without_steps_and_depths_below_0_are_refused():
    for wrong in (lambda: at_depth([], 0), lambda: at_depth([[True]], -1)):
        with pytest.raises(InvalidInput):
            wrong()
