"""Where items stand is a function of time: jumps equal steps, importance is continuous, nothing bounces."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.stores.layered.presets import ASSISTANT, FINMEM, FINMEM_CODE, PRESETS, SUPPORT_DESK
from agentmem.stores.layered.trajectory import (
    DAY,
    GRAIN,
    NEVER,
    Ladder,
    Move,
    Standings,
    begun,
    importance_at,
    next_moves,
    raised,
    recency_at,
    rolled,
)

LADDERS = {name: Ladder(policy) for name, policy in PRESETS.items()}
BORN = 1_700_000_000_000_000

ladders = st.sampled_from(list(LADDERS.values()))
importances = st.one_of(
    st.sampled_from([0.0, 4.9, 5, 40, 49.9, 50, 59.9, 60, 70, 79.9, 80, 100]), st.floats(0, 100)
)
spans = st.integers(0, 900 * DAY)


@st.composite
def items(draw: st.DrawFn, ladder: Ladder, most: int = 5) -> Standings:
    """Some new items, of which some have been used."""
    layer = st.integers(0, len(ladder.policy.layers) - 1)
    made = []
    for _ in range(draw(st.integers(1, most))):
        one = begun(ladder, draw(layer), BORN + draw(st.integers(0, 50 * DAY)), draw(importances))
        for _ in range(draw(st.integers(0, 2))):
            at = int(one.since[0]) + draw(st.integers(0, 60 * DAY))
            one = raised(ladder, one, at, draw(st.sampled_from([5.0, -5.0, 30.0, 0.0])))
        made.append(one)
    return joined(made)


def joined(some: list[Standings]) -> Standings:
    return Standings(
        *(np.concatenate([getattr(one, name.name) for one in some]) for name in fields(Standings))
    )


def same(one: Standings, other: Standings) -> bool:
    return all(
        np.array_equal(getattr(one, column.name), getattr(other, column.name)) for column in fields(Standings)
    )


@given(st.data())
def test_asking_at_a_moment_equals_stepping_there_in_any_partition(data: st.DataObject):
    ladder = data.draw(ladders)
    some = data.draw(items(ladder))
    end = BORN + data.draw(spans)
    steps = sorted(data.draw(st.lists(st.integers(BORN, end), max_size=6)))
    walked, taken = some, list[Move]()
    for step in [*steps, end]:
        walked = rolled(ladder, walked, step, taken)
    moves: list[Move] = []
    jumped = rolled(ladder, some, end, moves)
    assert same(walked, jumped)
    assert sorted(map(str, taken)) == sorted(map(str, moves))
    assert np.array_equal(importance_at(ladder, walked, end), importance_at(ladder, jumped, end))


@given(st.data())
def test_one_item_moves_alike_alone_and_among_others(data: st.DataObject):
    ladder = data.draw(ladders)
    some, end = data.draw(items(ladder)), BORN + data.draw(spans)
    together = rolled(ladder, some, end)
    for place in range(len(some)):
        alone = rolled(ladder, some.taken(np.array([place])), end)
        assert same(alone, together.taken(np.array([place])))


@given(st.data())
def test_importance_never_jumps_at_a_move(data: st.DataObject):
    ladder = data.draw(ladders)
    some = data.draw(items(ladder))
    moves: list[Move] = []
    rolled(ladder, some, NEVER - 1, moves)
    for move in moves:
        one = some.taken(np.array([move.place]))
        before = rolled(ladder, one, move.at - GRAIN)
        if int(before.since[0]) <= move.at - GRAIN:
            fallen = float(importance_at(ladder, before, move.at - GRAIN)[0])
            assert move.importance <= fallen + 1e-8
            assert move.importance == pytest.approx(fallen, abs=1e-4)
        after = rolled(ladder, one, move.at)
        assert float(importance_at(ladder, after, move.at)[0]) == pytest.approx(move.importance, abs=1e-8)


@given(st.data())
def test_nothing_bounces_and_everything_ends(data: st.DataObject):
    ladder = data.draw(ladders)
    some = data.draw(items(ladder))
    moves: list[Move] = []
    final = rolled(ladder, some, NEVER - 1, moves)
    assert {move.kind for move in moves} <= {"demoted", "faded"}
    for place in range(len(some)):
        own = [move for move in moves if move.place == place]
        layers = [move.target for move in own if move.kind == "demoted"]
        assert layers == sorted(layers, reverse=True)
        assert len(set(layers)) == len(layers)
        assert [move.kind for move in own].count("faded") <= 1
        assert [move.at for move in own] == sorted(move.at for move in own)
    assert (next_moves(ladder, final)[0] == NEVER).all()


@given(st.data())
def test_an_item_fades_at_the_first_moment_at_which_recency_or_importance_is_used_up(data: st.DataObject):
    ladder = data.draw(ladders)
    one = data.draw(items(ladder, most=1))
    moves: list[Move] = []
    rolled(ladder, one, NEVER - 1, moves)
    policy = ladder.policy
    for move in moves:
        if move.kind == "faded":
            used_up = move.recency < policy.least_recency or move.importance < policy.least_importance
            assert used_up or move.importance == pytest.approx(policy.least_importance, abs=1e-6)
            earlier = rolled(ladder, one, move.at - 2 * GRAIN)
            if int(earlier.since[0]) <= move.at - 2 * GRAIN:
                assert not earlier.faded[0]
                at = move.at - 2 * GRAIN
                assert recency_at(ladder, earlier, at)[0] >= policy.least_recency
                assert importance_at(ladder, earlier, at)[0] >= policy.least_importance - 1e-6


def test_scores_are_those_of_the_paper():
    ladder = LADDERS["finmem"]
    for number, (stability, retention) in enumerate([(14, 0.9), (90, 0.967), (365, 0.988), (365, 0.988)]):
        one = begun(ladder, number, BORN, 59 if number == 0 else 79)
        layer = int(one.layer[0])
        assert layer == number
        for days in (0.0, 0.5, 1.0, 3.25):
            at = BORN + round(days * DAY)
            assert recency_at(ladder, one, at)[0] == pytest.approx(math.exp(-days / stability))
            assert importance_at(ladder, one, at)[0] == pytest.approx(
                float(one.importance[0]) * retention**days
            )


def test_an_eighty_in_deep_falls_after_a_day_at_bare_thresholds_and_stays_with_a_margin():
    day_later = BORN + DAY
    bare = rolled(LADDERS["finmem_code"], begun(LADDERS["finmem_code"], 2, BORN, 80), day_later)
    assert FINMEM_CODE.names[int(bare.layer[0])] == "intermediate"
    assert float(bare.importance[0]) == pytest.approx(79.04)
    held = rolled(LADDERS["finmem"], begun(LADDERS["finmem"], 2, BORN, 80), day_later)
    assert FINMEM.names[int(held.layer[0])] == "deep"


@pytest.mark.parametrize("layer", [1, 2])
def test_a_fresh_item_does_not_fall_in_its_first_day(layer: int):
    ladder = LADDERS["finmem"]
    one = begun(ladder, layer, BORN, 20)
    assert int(rolled(ladder, one, BORN + DAY - GRAIN).layer[0]) == layer
    moves: list[Move] = []
    fallen = rolled(ladder, one, BORN + DAY, moves)
    assert int(fallen.layer[0]) == 0
    assert [move.target for move in moves] == list(range(layer - 1, -1, -1))  # each of several once


def test_a_promotion_starts_the_clock_and_a_demotion_lets_it_run():
    ladder = LADDERS["finmem"]
    one = begun(ladder, 0, BORN, 55)
    risen = raised(ladder, one, BORN + DAY, 15.0)
    assert FINMEM.names[int(risen.layer[0])] == "intermediate"
    assert recency_at(ladder, risen, BORN + DAY)[0] == 1.0
    fallen = rolled(ladder, risen, BORN + 20 * DAY)
    assert FINMEM.names[int(fallen.layer[0])] == "shallow"
    assert int(fallen.entered[0]) == BORN + DAY


def test_one_use_may_reach_through_several_layers_each_once():
    ladder, moves = LADDERS["finmem"], list[Move]()
    raised(ladder, begun(ladder, 0, BORN, 59), BORN + GRAIN, 40.0, moves)
    assert [(move.kind, move.source, move.target) for move in moves] == [
        ("promoted", 0, 1),
        ("promoted", 1, 2),
    ]


def test_a_good_use_revives_what_has_faded_and_a_bad_one_does_not():
    ladder = LADDERS["finmem"]
    faded = rolled(ladder, begun(ladder, 0, BORN, 40), BORN + 30 * DAY)
    assert faded.faded[0]
    assert raised(ladder, faded, BORN + 31 * DAY, -5.0).faded[0]
    revived = raised(ladder, faded, BORN + 31 * DAY, 5.0)
    assert not revived.faded[0]
    assert recency_at(ladder, revived, BORN + 31 * DAY)[0] == 1.0
    assert float(revived.importance[0]) >= FINMEM.least_importance


def test_an_importance_may_exceed_a_hundred_and_is_never_under_nothing():
    ladder = LADDERS["finmem"]
    one = begun(ladder, 2, BORN, 100)
    assert float(raised(ladder, one, BORN, 5.0).importance[0]) == 105
    assert float(raised(ladder, begun(ladder, 0, BORN, 3), BORN - DAY, -5.0).importance[0]) in (0.0, 3.0)


def test_leap_days_and_changes_of_the_clock_are_days_of_24_hours():
    ladder = LADDERS["finmem"]
    leap = 1_709_164_800_000_000  # 2024-02-29T00:00Z
    one = begun(ladder, 0, leap, 40)
    assert importance_at(ladder, one, leap + DAY)[0] == pytest.approx(36)
    assert importance_at(ladder, one, leap + 366 * DAY)[0] == pytest.approx(40 * 0.9**366)


def test_the_presets_are_told_apart_by_how_long_things_last():
    for policy, days in ((FINMEM, 40), (SUPPORT_DESK, 20), (ASSISTANT, 20)):
        ladder = LADDERS[policy.name]
        brief = rolled(ladder, begun(ladder, 0, BORN, 40), BORN + days * DAY)
        assert brief.faded[0], policy.name
