"""The forecast is arithmetic that can be checked by hand; a small run measures all that it is made of."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import Conflict
from agentmem_bench.commands import app
from agentmem_bench.scaling.costs import Costs, Line, line
from agentmem_bench.scaling.forecast import DAY, GB, Activity, Load, forecast, limits
from agentmem_bench.scaling.measure import Steps, measure
from agentmem_bench.scaling.result import forecast_of, run
from agentmem_bench.scaling.simulation import hits, simulate
from agentmem_bench.scaling.tables import markdown
from agentmem_bench.speed import place

ROOT = Path(__file__).parents[2]
SMALL = Steps(growth=(((3, 20),), ((1, 200),)), visited=3, asked=6, single=5, threads=2, each=3, idle=10)
COSTS = Costs(
    database="sqlite",
    record_bytes=900,
    vector_bytes=800,
    namespace_bytes=300,
    writes=500,
    together=1_000,
    appended=4_000,
    embedded=100,
    recall=Line(fixed=0.002, each=1e-7),
    opening=Line(fixed=0.01, each=3e-5),
    index=Line(fixed=1e5, each=2_000),
    listing=1e-6,
    copied=5e8,
    rewritten=5e7,
)


def test_a_forecast_is_arithmetic():
    told = forecast(COSTS, Load(records=1e9, namespaces=1e6, days=100, memory=1e20))
    assert told.bytes == pytest.approx(1e9 * 1_700 + 1e6 * 300)
    assert told.index_bytes == 1e5 + 2_000 * 1_000
    assert told.writes == pytest.approx(1e9 / (100 * DAY))
    assert told.days_to_append == pytest.approx(1e9 / 4_000 / DAY)
    assert told.days_to_embed == pytest.approx(1e9 / 100 / DAY)
    assert told.copy_ == pytest.approx(told.bytes / 5e8)
    assert told.upgrade == pytest.approx(told.bytes / 5e8 + told.bytes / 5e7)
    assert told.listing == pytest.approx(1.0)
    assert told.hits == 1.0
    assert told.recalls == pytest.approx(8 / told.recall)


def test_what_does_not_fit_into_memory_is_built_again():
    full, half = (forecast(COSTS, Load(memory=memory)) for memory in (1e20, 10 * GB))
    assert half.hits < full.hits
    assert half.recalls == pytest.approx(8 / (half.recall + (1 - half.hits) * half.opening))


def test_limits_are_told_by_when_they_are_reached():
    load = Load()
    found = limits(COSTS, load)
    assert [one.records for one in found] == sorted(one.records for one in found)
    by_name = {one.name: one for one in found}
    disk = by_name["disk"]
    assert disk.needed == pytest.approx(forecast(COSTS, load).bytes / GB)
    assert disk.records == pytest.approx(load.records / disk.times, rel=1e-3)
    for one in (found[0], disk):
        at = {other.name: other for other in limits(COSTS, load.scaled(one.records / load.records))}
        assert at[one.name].times == pytest.approx(1, rel=0.02)
    server = limits(COSTS.model_copy(update={"copied": None}), load)
    assert {one.name for one in found} - {one.name for one in server} == {"a backup"}


def test_more_banks_take_less_each():
    one, four = (forecast(COSTS, Load(banks=banks)) for banks in (1, 4))
    assert four.bytes == pytest.approx(one.bytes / 4)
    assert four.index_bytes == one.index_bytes
    assert four.hits > one.hits


@given(st.integers(1, 400), st.sampled_from([0.0, 0.8, 1.0, 1.3]))
def test_activity_is_that_of_zipfs_law(namespaces: int, exponent: float):
    activity = Activity(namespaces, exponent)
    each = np.arange(1, namespaces + 1) ** -exponent
    each /= each.sum()
    for time in (0.5, 7.0, 300.0):
        assert activity.held(time) == pytest.approx((1 - np.exp(-each * time)).sum(), rel=1e-6)
        assert activity.share(time) == pytest.approx((each * (1 - np.exp(-each * time))).sum(), rel=1e-6)


@pytest.mark.parametrize("exponent", [0.8, 1.0, 1.2])
def test_ranks_that_are_taken_together_change_little(exponent: float):
    namespaces = 200_000
    each = np.arange(1, namespaces + 1) ** -exponent
    each /= each.sum()
    activity = Activity(namespaces, exponent)
    for time in (1e3, 1e6):
        assert activity.held(time) == pytest.approx((1 - np.exp(-each * time)).sum(), rel=1e-3)


def test_a_cache_of_those_used_last_has_the_hits_that_are_computed():
    """Against a cache that is played through."""
    generator = np.random.default_rng(0)
    each = np.arange(1, 1_001) ** -1.0
    asked = generator.choice(1_000, 100_000, p=each / each.sum()).tolist()
    activity = Activity(1_000, 1.0)
    assert activity.hits(100) == pytest.approx(hits(asked, 100), abs=0.01)
    assert activity.held_for(activity.hits(100)) == pytest.approx(100, rel=1e-3)
    assert activity.hits(1_000) == 1.0


def test_a_cache_that_is_played_holds_those_asked_last():
    assert hits([9, 9, 9, 9, 1, 2, 1, 2], 1) == 0
    assert hits([9, 9, 9, 9, 1, 2, 1, 2], 2) == 0.5
    first, again = (list(simulate(COSTS, Load(), seed=3, recalls=2_000)) for _ in range(2))
    assert first == again
    assert all(0 <= one.hits <= 1 for one in first)
    for smaller, larger in pairwise(first):
        assert smaller.namespaces != larger.namespaces or smaller.hits <= larger.hits


def test_lines_go_through_what_lies_on_one_and_never_fall():
    assert line([(100, 1.2), (1_000, 3.0)]).at(10_000) == pytest.approx(21.0)
    assert line([(100, 3.0), (1_000, 1.0)]).each == 0
    assert line([(100, 1.0), (1_000, 30.0)]).fixed == 0


def test_a_small_run_measures_all_of_it(own_folder: Path):
    told = run(None, Load(), steps=SMALL, embedder=HashingEmbedder(), played=2_000)
    (measured,) = told["databases"]
    assert [one["records"] for one in measured["recall"]] == [20, 200]
    assert [one["records"] for one in measured["growth"]] == [65, 270]
    last = measured["growth"][-1]
    assert {"event", "record", "vector", "field"} <= {part["table"] for part in last["parts"]}
    assert sum(part["bytes"] for part in last["parts"]) == last["bytes"]
    assert measured["idle"]["namespaces"] == 15
    assert all(value > 0 for value in measured["forecast"]["costs"].values() if isinstance(value, float))
    again = json.loads(json.dumps(told))
    assert markdown(again) == markdown(told)
    assert again["databases"][0]["forecast"] == json.loads(json.dumps(forecast_of(measured, Load())))


def test_a_bank_that_holds_something_is_not_filled(own_folder: Path, bank):
    bank.store().observe("mine")
    with place.opened(None, HashingEmbedder(), 0) as at, pytest.raises(Conflict, match="not empty"):
        measure(at, bank.database.path, SMALL)


def test_the_command_refuses_what_it_cannot_write_before_it_measures():
    done = CliRunner().invoke(app, ["scaling", "--markdown", "/nowhere/at/all.md"])
    assert done.exit_code != 0


def test_the_page_shows_the_tables_of_the_result_that_is_kept():
    kept = json.loads((ROOT / "benchmarks/results/larger/scaling.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs/scaling.md").read_text(encoding="utf-8")
    assert markdown(kept).strip() in page
