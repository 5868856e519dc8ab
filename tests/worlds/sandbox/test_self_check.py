from pathlib import Path

import pytest

from agentmem.worlds.sandbox import self_check
from agentmem.worlds.sandbox.hostile import ALL, GOOD, REACHING, TIME

ENDLESS = {*TIME, "a list that lies", "recursion without a limit", "recursion in C"}


def named(names, quick):
    """The names, those that are not quick for `make test-slow`."""
    return [name if name in quick else pytest.param(name, marks=pytest.mark.slow) for name in sorted(names)]


@pytest.mark.parametrize("name", named(set(ALL) - ENDLESS, {*GOOD, *REACHING}))
def test_hostile_programs_fail_with_their_reason_and_good_ones_answer(box, name):
    assert self_check.check(box, name) is True
    assert not list(Path("/tmp").glob("agentmem-hostile*"))


@pytest.mark.parametrize("name", named(ENDLESS, {"sleep"}))
def test_programs_without_an_end_are_ended(hasty, name):
    assert self_check.check(hasty, name) is True


def test_a_check_says_how_a_program_fared_where_it_should_not(box):
    endless = ALL["recursion"]
    said = self_check.fares(box, type(endless)(endless.text, ("memory",)))
    assert "failed with `raised`" in said and "RecursionError" in said
    assert "it answered" in self_check.fares(box, type(endless)("def transform(grid): return 1", ("died",)))
