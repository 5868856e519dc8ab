"""Debates: bounded, early to end, and deaf to the order of those who take part."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.agents.debate import DebatePolicy, Position, Transcript, Verdict, debate, vote
from agentmem.errors import Cancelled, InvalidInput

RULES = DebatePolicy(choices=("yes", "no", "pass"), otherwise="pass", rounds=3)


class Steady:
    """Holds what it holds."""

    def __init__(self, name: str, choice: str, confidence: float = 0.5, size: float = 0.5) -> None:
        self.name = name
        self.position = Position(speaker=name, choice=choice, confidence=confidence, size=size)
        self.read: list[tuple[Position, ...]] = []
        self.heard: tuple[Position, ...] = ()

    def state(self) -> Position:
        return self.position

    def answer(self, own, others, round) -> Position:
        self.read.append(tuple(others))
        return own

    def hear(self, said) -> None:
        self.heard = tuple(said)


class Restless(Steady):
    """Is for something else each time."""

    def answer(self, own, others, round) -> Position:
        return own.altered({"choice": "no" if own.choice == "yes" else "yes"})


class Failing(Steady):
    """Fails at one stage, in one round."""

    def __init__(
        self, name: str, choice: str, stage: str, round: int = 1, error: Exception | None = None
    ) -> None:
        super().__init__(name, choice, confidence=1.0)
        self.fails, self.round, self.error = stage, round, error or RuntimeError("the line is dead")

    def state(self) -> Position:
        if self.fails == "state":
            raise self.error
        return super().state()

    def answer(self, own, others, round) -> Position:
        if self.fails == "answer" and round == self.round:
            raise self.error
        return super().answer(own, others, round)

    def hear(self, said) -> None:
        if self.fails == "hear":
            raise self.error
        super().hear(said)


def test_a_debate_ends_when_nobody_changes_any_more():
    made = debate([Steady("a", "yes"), Steady("b", "no", 0.9)], RULES)
    assert (made.ended, len(made.rounds), made.verdict.choice) == ("unchanged", 2, "no")
    assert made.verdict.supporters == ("b",)


def test_a_debate_that_would_never_end_is_bounded():
    made = debate([Restless("a", "yes"), Restless("b", "no")], RULES)
    assert (made.ended, len(made.rounds)) == ("rounds", 4)
    assert len(made.said) == 8


def test_without_rounds_there_is_a_vote_at_once():
    made = debate([Steady("a", "yes"), Steady("b", "yes")], RULES.altered({"rounds": 0}))
    assert (made.ended, len(made.rounds), made.verdict.choice) == ("rounds", 1, "yes")


def test_each_reads_what_the_others_held_in_the_round_before():
    a, b = Steady("a", "yes"), Restless("b", "no")
    debate([b, a], RULES)
    assert [[one.choice for one in read] for read in a.read] == [["no"], ["yes"], ["no"]]


def test_all_hear_each_position_that_was_new_their_own_among_them():
    a, b = Steady("a", "yes"), Restless("b", "no")
    debate([a, b], RULES.altered({"rounds": 1}))
    told = [("a", 0, "yes"), ("b", 0, "no"), ("b", 1, "yes")]
    assert [(one.speaker, one.round, one.choice) for one in a.heard] == told
    assert a.heard == b.heard


@pytest.mark.parametrize("stage", ["state", "answer"])
def test_who_fails_is_left_out_from_then_on_and_the_others_go_on(stage):
    a, c = Steady("a", "yes", 0.4), Steady("c", "yes", 0.4)
    made = debate([a, Failing("b", "no", stage), c], RULES)
    (gone,) = made.left_out
    assert (gone.speaker, gone.stage, gone.round) == ("b", stage, 0 if stage == "state" else 1)
    assert "RuntimeError: the line is dead" in gone.error
    assert made.verdict.choice == "yes"
    assert [one.speaker for one in made.last] == ["a", "c"]
    assert a.heard


def test_who_cannot_keep_what_was_said_has_voted_all_the_same():
    made = debate([Failing("a", "no", "hear"), Steady("b", "yes", 0.2)], RULES)
    assert made.verdict.choice == "no"
    assert [(one.speaker, one.stage) for one in made.left_out] == [("a", "hear")]


def test_what_is_no_choice_is_a_failure_of_who_is_for_it():
    made = debate([Steady("a", "everything"), Steady("b", "yes"), Steady("c", "yes")], RULES)
    assert made.left_out[0].speaker == "a"
    assert "'everything', which is none of the choices" in made.left_out[0].error


def test_where_all_fail_nothing_is_done():
    made = debate([Failing("a", "yes", "state"), Failing("b", "yes", "state")], RULES)
    assert (made.ended, made.verdict.choice, made.verdict.size, made.last) == ("alone", "pass", 0, ())
    alone = debate([Failing("a", "yes", "answer"), Steady("b", "no")], RULES)
    assert (alone.ended, alone.verdict.choice) == ("alone", "no")
    assert debate([], RULES).verdict.choice == "pass"


def test_whoever_cancels_ends_it():
    with pytest.raises(Cancelled):
        debate([Steady("a", "yes"), Failing("b", "yes", "answer", error=Cancelled("stop"))], RULES)


def test_equal_votes_mean_what_is_agreed_for_them():
    assert vote([Steady("a", "yes").position, Steady("b", "no").position], RULES).choice == "pass"
    tenths = [Steady(str(n), "yes", 0.1).position for n in range(3)]
    assert (
        vote([*tenths, Steady("b", "no", 0.3).position], RULES).choice == "pass"
    )  # 0.1 + 0.1 + 0.1 is not 0.3
    assert vote([Steady("a", "yes", 0.0).position], RULES).choice == "pass"


def test_size_is_the_mean_by_confidence_and_confidence_falls_with_what_is_against():
    for_it = [Steady("a", "yes", 0.8, 1.0).position, Steady("b", "yes", 0.4, 0.25).position]
    found = vote(for_it, RULES)
    assert found.size == pytest.approx((0.8 + 0.1) / 1.2)
    assert found.confidence == pytest.approx(0.6)
    against = vote([*for_it, Steady("c", "no", 0.6).position], RULES)
    assert against.confidence == pytest.approx(0.6 * 1.2 / 1.8)


positions = st.builds(
    Position,
    speaker=st.sampled_from("abcd"),
    choice=st.sampled_from(RULES.choices),
    size=st.floats(0, 1),
    confidence=st.floats(0, 1),
)


@given(st.lists(positions, max_size=4))
def test_the_order_of_votes_plays_no_part(held):
    first = vote(held, RULES)
    assert first.choice in RULES.choices
    for other in permutations(held):
        found = vote(other, RULES)
        assert (found.choice, found.confidence) == (first.choice, pytest.approx(first.confidence, abs=1e-6))
        assert found.size == pytest.approx(first.size, abs=1e-6)


class Judging:
    def __init__(self, verdict: Verdict | Exception) -> None:
        self.verdict = verdict

    def judge(self, positions) -> Verdict:
        if isinstance(self.verdict, Exception):
            raise self.verdict
        return self.verdict


def test_a_judge_may_decide_against_the_votes():
    held = [Steady("a", "yes", 0.9), Steady("b", "no", 0.1)]
    made = debate(held, RULES, Judging(Verdict(choice="no", size=0.3, reason="it is so")))
    assert (made.verdict.choice, made.verdict.method, made.verdict.supporters) == ("no", "judge", ("b",))


@pytest.mark.parametrize(
    "verdict", [ValueError("no idea"), Verdict(choice="maybe")], ids=["fails", "no choice"]
)
def test_a_judge_that_does_not_judge_is_replaced_by_a_vote_that_says_so(verdict):
    made = debate([Steady("a", "yes")], RULES, Judging(verdict))
    assert (made.verdict.choice, made.verdict.method) == ("yes", "vote")
    assert made.verdict.error.startswith("the judge did not judge")


def test_names_must_differ_and_the_last_resort_must_be_a_choice():
    with pytest.raises(InvalidInput, match="same name"):
        debate([Steady("a", "yes"), Steady("a", "no")], RULES)
    with pytest.raises(InvalidInput, match="none of the choices"):
        debate([Steady("a", "yes")], RULES.altered({"otherwise": "abstain"}))


def test_a_transcript_is_json_and_back():
    made = debate([Restless("a", "yes"), Failing("b", "no", "answer")], RULES)
    assert Transcript.model_validate_json(made.model_dump_json()) == made
