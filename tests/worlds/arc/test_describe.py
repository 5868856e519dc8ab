import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agentmem.worlds.arc.describe import QUESTIONS, describe
from agentmem.worlds.arc.describing.sight import View
from agentmem.worlds.arc.grids import grid_of
from agentmem.worlds.arc.tasks import Pair, Task, dataset, find_tasks

KNOWN = {
    "67a3c6ac": ["grid is flipped"],
    "3c9b0459": ["grid is rotated"],
    "74dd1130": ["transposed"],
    "00d62c1b": ["Closed-off areas are filled"],
    "a5313dff": ["Closed-off areas are filled"],
    "1cf80156": ["bounding box of everything"],
    "be94b721": ["largest object is extracted"],
    "0520fde7": ["logical AND"],
    "94f9d214": ["logical NOR"],
    "3428a4f5": ["logical XOR"],
    "dae9d2b5": ["logical OR"],
    "c59eb873": ["scaled up"],
    "a416b8f3": ["repeated as tiles"],
    "007bbfb7": ["fractal"],
    "3af2c5a8": ["kaleidoscope"],
    "1e0a9b12": ["Gravity"],
    "d511f180": ["swapped in pairs", "fixed colour map"],
    "90c28cc7": ["Repeated rows and columns"],
    "2dc579da": ["divide"],
    "08ed6ac7": ["Objects of one colour get different colours"],
    "6e82a1ae": ["goes with its size"],
    "22eb0ac0": ["Straight lines are drawn", "connected"],
    "484b58aa": ["repeating pattern is continued"],
    "b8825c91": ["symmetrical"],
    "d13f3404": ["has diagonal lines", "larger than"],
    "7468f01a": ["cut out and flipped"],
}
"""Tasks whose rule is known, and what must be said of them."""
GRIDS = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda size: st.lists(
        st.lists(st.sampled_from([0, 0, 0, 1, 2, 5]), min_size=size[1], max_size=size[1]),
        min_size=size[0],
        max_size=size[0],
    ).map(grid_of)
)


@pytest.mark.parametrize("name", KNOWN)
def test_known_rules_are_guessed(name):
    (task,) = find_tasks(f"arcagi/training/{name}")
    text = describe(task).text
    assert [said for said in KNOWN[name] if said not in text] == [], text


@pytest.mark.slow
def test_tasks_of_the_data_set_have_descriptions_of_their_own():
    texts = {}
    for task in dataset("arcagi"):
        described = describe(task)
        assert described == describe(task.visible())
        assert 3 <= len(described.seen) + len(described.guessed) <= 30
        assert len(described.text.split()) < 250
        texts[task.id] = described.text
        assert task.id not in described.text and not re.search(r"\d", described.text)
    assert len(set(texts.values())) >= 0.98 * len(texts)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.builds(Pair, GRIDS, GRIDS), min_size=1, max_size=3), GRIDS, st.none() | GRIDS)
def test_any_task_has_a_description_without_the_outputs_of_its_tests(train, given, output):
    task = Task("t", tuple(train), (Pair(given, output),))
    described = describe(task)
    assert described == describe(task.visible())
    assert described.text and all(said.endswith(".") for said in (*described.guessed, *described.seen))


@settings(max_examples=25, deadline=None)
@given(st.lists(GRIDS, min_size=2, max_size=3), st.permutations([1, 2, 3, 4, 5, 6, 7, 8, 9]))
def test_which_colours_are_used_does_not_matter_where_black_stays(grids, colours):
    def painted(grid):
        return grid_of(np.array([0, *colours])[np.array(grid)])

    def task(paint):
        pairs = tuple(Pair(paint(grid), paint(grid_of(np.fliplr(grid)))) for grid in grids)
        return Task("t", pairs, (Pair(paint(grids[0])),))

    assume(all(View(grid).has_background and View(grid).background == 0 for grid in grids))
    first, second = (describe(task(paint)) for paint in (lambda grid: grid, painted))
    assert first.guessed == second.guessed


@settings(max_examples=25, deadline=None)
@given(GRIDS.filter(lambda grid: len(np.unique(grid)) > 1))
def test_a_magnified_grid_is_said_to_be(grid):
    large = grid_of(np.kron(np.array(grid), np.ones((2, 3), dtype=int)))
    text = describe(Task("t", (Pair(grid, large), Pair(grid, large)), (Pair(grid),))).text
    assert "scaled up" in text and "larger than the input" in text
    back = describe(Task("t", (Pair(large, grid), Pair(large, grid)), (Pair(large),))).text
    assert "scaled down" in back and "smaller than the input" in back


def test_no_two_questions_say_the_same():
    assert len(set(QUESTIONS)) == len(QUESTIONS) == len(set(QUESTIONS.values()))
