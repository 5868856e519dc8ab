"""Figures of a run, against answers that are known."""

from __future__ import annotations

import pytest

from agentmem.config import Settings
from agentmem.runs.arc.results import Outcome, Row, Step
from agentmem.runs.arc.spec import arc_of
from agentmem.runs.arc.summary import ArcSummary, mistaken, solved

SETTINGS = Settings(embedder="hashing")


def step(*, fits: bool, program: str = "p", tried: int = 0) -> Step:
    return Step(program=program, fits=(fits,), reason="" if fits else "wrong", tried=tried, prompt_tokens=10)


def row(position: int, threads: list[list[Step]], passed: list[list[list[bool]]], tests: int = 1) -> Row:
    outcome = Outcome(
        position=position, task=f"t{position}", threads=tuple(map(tuple, threads)), tried=7, stopped="tried"
    )
    told = tuple(tuple(map(tuple, thread)) for thread in passed)
    return Row(outcome=outcome, tests=tests, scored=True, passed=told)


def figures(summary: ArcSummary) -> dict[tuple[int, int], float]:
    return {(one.k, one.depth): one.total for one in summary.oracle}


def test_retries_count_from_their_depth_on():
    spec = arc_of({"tasks": "made", "model": "llama", "retries": 1, "attempts": 2}, SETTINGS)
    wrong, right = step(fits=False), step(fits=True)
    rows = [
        row(0, [[wrong, right], [wrong, wrong]], [[[False], [True]], [[False], [False]]]),
        row(1, [[right], [right]], [[[True, False]], [[False, True]]], tests=2),
    ]
    summary = ArcSummary.of(spec, 3, rows)
    assert figures(summary) == {(1, 0): 0.5, (2, 0): 1.0, (1, 1): 1.0, (2, 1): 2.0}
    assert (summary.solved, summary.first, summary.verified, summary.mistaken) == (1, 1, 2, 1)
    assert summary.prompt_tokens == 60 and summary.finished == 2 and not summary.complete


def test_attempts_that_were_not_given_pass_nothing():
    spec = arc_of({"tasks": "made"}, SETTINGS)
    summary = ArcSummary.of(spec, 2, [row(0, [[step(fits=True, tried=5)]], [[[True]]]), row(1, [], [])])
    assert figures(summary) == {(1, 0): 0.5, (2, 0): 1.0}
    assert [one.found for one in summary.tasks] == [5, None]
    assert summary.tasks[1].reason == "nothing found (tried)" and summary.tried == 14


def test_a_task_without_known_outputs_has_no_score():
    spec = arc_of({"tasks": "made"}, SETTINGS)
    unknown = Row(outcome=Outcome(position=0, task="t", threads=((step(fits=True),),)))
    summary = ArcSummary.of(spec, 1, [unknown])
    assert (summary.scored, summary.solved, summary.verified, summary.mistaken) == (0, 0, 1, 0)
    assert summary.tasks[0].solved is None and all(one.share == 0 for one in summary.oracle)


def test_what_fits_the_examples_and_fails_a_test_is_mistaken():
    wrong = row(0, [[step(fits=True)], [step(fits=True, program="q")]], [[[False]], [[True]]])
    assert mistaken(wrong) and solved(wrong)
    assert not mistaken(row(0, [[step(fits=False)]], [[[False]]]))


def test_the_program_that_stands_for_a_task_is_the_first_verified_or_the_best():
    threads = [[step(fits=False)], [step(fits=True, program="q")], [step(fits=True, program="r")]]
    assert row(0, threads, []).outcome.best.program == "q"
    assert row(0, [[step(fits=False, program="")]], []).outcome.best is None


def test_the_summary_of_nothing_is_told():
    assert ArcSummary.of(arc_of({"tasks": "made"}, SETTINGS), 2, []).finished == 0


@pytest.mark.parametrize("attempts", [1, 3])
def test_oracle_counts_no_more_attempts_than_there_are(attempts: int):
    spec = arc_of({"tasks": "made", "attempts": attempts}, SETTINGS)
    found = figures(ArcSummary.of(spec, 1, [row(0, [[step(fits=True)]], [[[True]]])]))
    assert found == (
        {(1, 0): 1.0} if attempts == 1 else {(1, 0): pytest.approx(1 / 3), (2, 0): pytest.approx(2 / 3)}
    )
