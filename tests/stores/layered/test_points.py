"""The points of a course are where `standing_at` says that the item stands, at every moment."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from agentmem.db.times import micros
from agentmem.stores.layered.course import standing_at
from agentmem.stores.layered.points import course_of, points_of
from agentmem.stores.layered.trajectory import Ladder


@pytest.mark.parametrize("policy", ["finmem", "support_desk", "assistant"])
def test_points_are_where_the_item_stands(bank, opened, clock, policy):
    memory = opened(bank, policy=policy)
    begun = clock.now
    item = memory.note("a printer prints nothing", importance=62.0)
    for days, value in ((2, 1.0), (9, 1.0), (3, -1.0), (60, 4.0)):
        clock.forward(days=days)
        memory.feedback([item], "used", value)
    clock.forward(days=30)
    memory.advance(clock.now)
    course = course_of(memory, memory.get([item])[0], relevance=0.25)
    points = points_of(course, memory.policy, begun - timedelta(days=5), clock.now + timedelta(days=400))
    assert len(points.times) > 240
    weights = {layer.name: layer.weights for layer in memory.policy.layers}
    for place, at in enumerate(points.times):
        stand = standing_at(course.versions, Ladder(memory.policy), micros(at))
        if stand is None or stand.faded:
            assert points.layers[place] == ""
            assert np.isnan([points.recency[place], points.importance[place], points.rank[place]]).all()
            continue
        assert points.layers[place] == stand.layer
        assert points.recency[place] == pytest.approx(stand.recency, abs=1e-12)
        assert points.importance[place] == pytest.approx(stand.importance, abs=1e-9)
        weight = weights[stand.layer]
        rank = weight.recency * stand.recency + weight.importance * min(stand.importance, 100) / 100 + 0.25
        assert points.rank[place] == pytest.approx(rank, abs=1e-9)
