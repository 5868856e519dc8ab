"""Three agents of different characters who debate one account's trades."""

from __future__ import annotations

import pytest

from agentmem.agents.debate import DebatePolicy
from agentmem.agents.trading.character import ADAPTIVE, AVERSE, SEEKING
from agentmem.agents.trading.judging import EvidenceJudge
from agentmem.agents.trading.signal import SignalPolicy
from agentmem.agents.trading.team import TRADES, Team, TeamState
from agentmem.errors import InvalidInput, Unavailable
from agentmem.records import Event, Trust

CHARACTERS = (SEEKING, AVERSE, ADAPTIVE)


def team_in(bank, agent_in, policies=(), memory="layered", rounds=2, judge=None, **habits) -> Team:
    given = dict(policies)
    agents = [agent_in(bank, one, memory, given.get(one.name), **habits) for one in CHARACTERS]
    return Team(agents, TRADES.altered({"rounds": rounds}), judge)


def run(team, market, days, state=None, fills=(), warm=0):
    turns = []
    for place in days:
        turn = team.turn(market.day(place), state, fills, warm=place < warm)
        fills, state = market.fill(turn.order, place), turn.state
        turns.append(turn)
    return turns, fills


class Broken(SignalPolicy):
    """Is out of order on one day, at one stage."""

    def __init__(self, stage: str, day: str) -> None:
        self.stage, self.day = stage, day

    def _check(self, stage: str, briefing) -> None:
        if self.stage == stage and str(briefing.day.date) == self.day:
            raise Unavailable("out of order")

    def decide(self, briefing):
        self._check("decide", briefing)
        return super().decide(briefing)

    def answer(self, briefing, own, others):
        self._check("answer", briefing)
        return super().answer(briefing, own, others)


@pytest.mark.parametrize("judge", [None, EvidenceJudge()], ids=["vote", "judge"])
@pytest.mark.parametrize("memory", ["layered", pytest.param("flat", marks=pytest.mark.slow)])
def test_ten_days_cut_off_in_the_middle_are_the_same_as_in_one_go(
    open_bank, agent_in, trading, memory, judge
):
    straight, _ = run(team_in(open_bank("one.db"), agent_in, (), memory, judge=judge), trading(), range(10))
    market = trading()
    bank = open_bank("two.db")
    before, fills = run(team_in(bank, agent_in, (), memory, judge=judge), market, range(5))
    team_in(bank, agent_in, (), memory, judge=judge).turn(market.day(5), before[-1].state, fills)
    bank.close()
    kept = TeamState.model_validate_json(before[-1].state.model_dump_json())
    again = team_in(open_bank("two.db"), agent_in, (), memory, judge=judge)
    after, _ = run(again, market, range(5, 10), kept, fills)
    assert [*before, *after] == straight
    assert {turn.decision.side for turn in straight} >= {"buy"}
    assert all(turn.transcript.verdict.method == ("judge" if judge else "vote") for turn in straight)


def test_arguments_are_in_the_memory_of_all_as_the_word_of_agents(bank, agent_in, trading):
    team = team_in(bank, agent_in)
    turns, _ = run(team, trading(), range(3))
    said = sum(len(turn.transcript.said) for turn in turns)
    for agent in team.agents:
        kept = agent.memory.store.select('type = "argument"')
        assert len(kept) == said
        assert {one.trust for one in kept} == {Trust.AGENT}
        assert {one.actor for one in kept} == {"seeking", "averse", "adaptive"}
        assert kept[0].text.startswith("would buy ACME (size 1.00")
        assert "- ACME rose after strong demand" in kept[0].text


def test_one_learns_in_the_debate_what_only_another_remembers(bank, agent_in, trading):
    team, market = team_in(bank, agent_in), trading()
    averse = team.agents[1]
    day = market.day(0, items=())
    for text in ("ACME sued for fraud", "ACME crashed"):
        averse.memory.store.observe(Event(type="news", text=text, time=day.now, data={"importance": 50}))
    turn = team.turn(day)
    first, *_, last = turn.transcript.rounds
    stated = {one.speaker: one.choice for one in first}
    ended = {one.speaker: one.choice for one in last}
    assert stated == {"seeking": "hold", "averse": "sell", "adaptive": "hold"}
    assert ended["seeking"] == ended["adaptive"] == "sell"
    assert turn.transcript.verdict.supporters == ("seeking", "averse", "adaptive")
    assert next(one for one in last if one.speaker == "seeking").cited == ()


@pytest.mark.parametrize("stage", ["decide", "answer"])
def test_who_fails_in_the_middle_is_left_out_that_day_and_back_on_the_next(bank, agent_in, trading, stage):
    market = trading()
    day = str(market.day(2).date)
    turns, _ = run(team_in(bank, agent_in, {"averse": Broken(stage, day)}), market, range(5))
    gone = turns[2].transcript.left_out
    assert [(one.speaker, one.stage) for one in gone] == [
        ("averse", "state" if stage == "decide" else "answer")
    ]
    assert "out of order" in gone[0].error
    assert {one.speaker for one in turns[2].transcript.last} == {"seeking", "adaptive"}
    assert not turns[3].transcript.left_out
    assert {one.speaker for one in turns[3].transcript.last} == {"seeking", "averse", "adaptive"}
    assert turns[2].state.agents["averse"].last == market.day(2).date
    assert turns[2].state.agents["averse"].awaiting.cited == ()


def test_an_agent_whose_memory_fails_keeps_what_it_was_to_learn(bank, agent_in, trading):
    team, market = team_in(bank, agent_in), trading()
    turns, _ = run(team, market, range(2), warm=10)
    taken = Event(id=f"averse/ACME/{market.day(2).date}/item/0", text="not what the market tells")
    team.agents[1].memory.store.observe(taken)
    broken = team.turn(market.day(2), turns[-1].state, warm=True)
    assert [(one.speaker, one.stage) for one in broken.transcript.left_out] == [("averse", "begin")]
    assert broken.state.agents["averse"].lessons
    whole = team.turn(market.day(3), broken.state, warm=True)
    assert not whole.transcript.left_out
    assert whole.state.agents["averse"].lessons == ()


def test_only_who_was_for_it_is_taught_by_what_comes_of_it(bank, agent_in, trading):
    turns, _ = run(team_in(bank, agent_in), trading(), range(10))
    for turn in turns:
        for position in turn.transcript.last:
            awaiting = turn.state.agents[position.speaker].awaiting
            assert awaiting.side == turn.decision.side
            assert awaiting.cited == (position.cited if position.choice == turn.decision.side else ())
    assert any(set(turn.transcript.verdict.supporters) != {"seeking", "averse", "adaptive"} for turn in turns)


def test_the_warm_up_of_a_team_is_on_paper(bank, agent_in, trading):
    turns, _ = run(team_in(bank, agent_in), trading(), range(5), warm=5)
    assert {turn.order.side for turn in turns} == {"hold"}
    assert {turn.decision.side for turn in turns} > {"hold"} or turns[0].decision.side == "buy"


def test_a_team_of_one_does_what_the_one_would(open_bank, agent_in, trading):
    alone = agent_in(open_bank("one.db"), AVERSE)
    team = Team([agent_in(open_bank("two.db"), AVERSE)])
    market, state, kept = trading(), None, None
    for place in range(10):
        turn, told = alone.turn(market.day(place), state), team.turn(market.day(place), kept)
        state, kept = turn.state, told.state
        assert (told.decision.side, told.decision.cited) == (turn.decision.side, turn.decision.cited)
        assert told.decision.size == pytest.approx(turn.decision.size)


def test_teams_that_cannot_be_are_refused(bank, agent_in):
    with pytest.raises(InvalidInput, match="at least one"):
        Team([])
    with pytest.raises(InvalidInput, match="own name"):
        Team([agent_in(bank, AVERSE), agent_in(bank, AVERSE)])
    with pytest.raises(InvalidInput, match="share an account"):
        Team([agent_in(bank, AVERSE), agent_in(bank, SEEKING, limit=0.5)])
    with pytest.raises(InvalidInput, match="choices"):
        Team([agent_in(bank, AVERSE)], DebatePolicy(choices=("yes", "hold"), otherwise="hold"))
