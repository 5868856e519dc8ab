"""What a user writes becomes a run, or is refused with a remedy before anything is made."""

from __future__ import annotations

import datetime

import pytest

from agentmem.errors import AgentMemError, InvalidInput, NotFound
from agentmem.runs.market.asking import WARM_UP, asked_for


def given(files, days, **options):
    return {"symbols": "UP,DOWN", "from": days[80], "to": days[99], **files, **options}


def test_what_is_not_said_has_a_default(files, days, settings):
    spec, market = asked_for(given(files, days), settings)
    assert spec.symbols == ("UP", "DOWN") and market.symbols == ("DOWN", "UP")
    assert (spec.characters, spec.debate, spec.policy, spec.memory) == (("adaptive",), 0, "signal", "layered")
    assert spec.warm_up == days[0]  # there are fewer days before than the default
    assert WARM_UP > 80
    assert spec.prices == str(files["prices"]) and spec.news == str(files["news"])
    assert spec.sleeve == spec.cash / 2
    assert type(spec).model_validate_json(spec.model_dump_json()) == spec


@pytest.mark.parametrize(
    ("options", "agents"),
    [
        ({}, ("adaptive",)),
        ({"agents": 1}, ("adaptive",)),
        ({"agents": 3}, ("seeking", "averse", "adaptive")),
        ({"agents": 5}, ("seeking", "averse", "adaptive", "seeking-2", "averse-2")),
        ({"characters": "averse"}, ("averse",)),
        ({"characters": "averse,seeking"}, ("averse", "seeking")),
        ({"agents": 3, "characters": "averse"}, ("averse", "averse-2", "averse-3")),
    ],
)
def test_a_team_has_as_many_agents_as_are_asked_for_each_of_its_own_name(
    files, days, settings, options, agents
):
    spec, _ = asked_for(given(files, days, **options), settings)
    assert spec.agents == agents
    assert spec.debate == (2 if len(agents) > 1 else 0)
    assert [one.name for one in spec.profiles("UP")] == list(agents)


def test_the_warm_up_is_a_number_of_days_or_a_date(files, days, settings):
    assert asked_for(given(files, days, warm_up="12"), settings)[0].warm_up == days[68]
    assert asked_for(given(files, days, warm_up=str(days[3])), settings)[0].warm_up == days[3]
    assert asked_for(given(files, days, warm_up="0"), settings)[0].warm_up is None


def test_costs_and_rules_are_those_that_are_asked_for(files, days, settings):
    spec, _ = asked_for(
        given(files, days, commission=1.0, slippage=0.0, position_limit=0.4, short=True, cash=500.0), settings
    )
    assert (spec.costs.commission_bps, spec.costs.slippage_bps) == (1.0, 0.0)
    assert (spec.rules.position_limit, spec.rules.short, spec.cash) == (0.4, True, 500.0)


def test_a_seed_reaches_the_draws_of_a_layered_memory(files, days, settings):
    spec, _ = asked_for(given(files, days, seed=7, agents=3), settings)
    assert [spec.plan(name).spec.options["policy"]["seed"] for name in spec.characters] == [7, 7, 7]
    plain, _ = asked_for(given(files, days, agents=3, memory="flat", seed=7), settings)
    assert plain.plan("seeking").spec.options == {}


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({"symbols": None}, InvalidInput, "no symbols are named (name some: --symbols"),
        ({"symbols": "UP,MOON"}, NotFound, "no prices of 'MOON' (there are: DOWN, UP)"),
        ({"symbols": "UP,UP"}, InvalidInput, "names 'UP' twice"),
        ({"from": None}, InvalidInput, "--from is missing (name a day"),
        ({"from": "tomorrow"}, InvalidInput, "--from 'tomorrow' is no day (write it as"),
        ({"from": "2021-12-01"}, InvalidInput, "is after --to"),
        ({"to": "2022-12-28"}, InvalidInput, "the prices of UP go from 2021-01-04 to 2021-07-02"),
        ({"from": "2020-01-02"}, InvalidInput, "(give --from 2021-01-04)"),
        ({"warm_up": "81"}, InvalidInput, "--warm-up 81 is more days than have prices before"),
        ({"warm_up": "2020-01-02"}, InvalidInput, "is before the first price, of 2021-01-04"),
        ({"warm_up": "2021-06-30"}, InvalidInput, "is not before --from"),
        ({"agents": 21}, InvalidInput, "--agents is 21 (give 20 at most)"),
        (
            {"agents": 1, "characters": "averse,seeking"},
            InvalidInput,
            "--characters names 2, and --agents is 1",
        ),
        ({"characters": "bold"}, NotFound, "no character 'bold' (there are: seeking, averse, adaptive)"),
        ({"debate": 2}, InvalidInput, "nobody to debate with (give --agents 2 or more)"),
        ({"policy": "model"}, InvalidInput, "policy 'model' needs a language model (name one: --model"),
        ({"memory": "moon"}, NotFound, "no store 'moon' is installed (there are: "),
        ({"memory": '{"store": 1}'}, InvalidInput, "is no specification"),
        ({"cash": 0.0}, InvalidInput, "--cash is 0.0"),
        ({"commission": -1.0}, InvalidInput, "--commission is -1.0"),
        ({"position_limit": 1.5}, InvalidInput, "--position-limit is 1.5"),
        ({"size": 3}, InvalidInput, "world 'market' takes no --size (it takes: --symbols"),
    ],
)
def test_what_cannot_be_run_is_refused_with_a_remedy(files, days, settings, options, kind, said):
    with pytest.raises(kind) as raised:
        asked_for(given(files, days, **options), settings)
    assert said in str(raised.value)
    assert isinstance(raised.value, AgentMemError)


def test_a_sum_of_names_is_a_memory_whose_layers_have_the_seed(files, days, settings):
    spec, _ = asked_for(given(files, days, memory="flat+layered", seed=7), settings)
    plan = spec.plan("averse")
    assert (plan.name, plan.rank) == ("flat+layered", "own")
    assert plan.spec.part("layered").options["policy"]["seed"] == 7
    assert plan.spec.part("episodic").options == {}


def test_a_sum_that_means_no_memory_is_told(files, days, settings, wrong_sum):
    memory, said = wrong_sum
    with pytest.raises(AgentMemError) as raised:
        asked_for(given(files, days, memory=memory), settings)
    assert said in str(raised.value)


def test_a_file_that_is_none_is_named(tmp_path, files, days, settings):
    with pytest.raises(NotFound, match="there is no file"):
        asked_for(given(files, days, news=tmp_path / "nowhere.jsonl"), settings)
    files["prices"].write_text("date,symbol,close\n2021-01-04,UP,-3\n")
    with pytest.raises(InvalidInput, match="line 2"):
        asked_for(given(files, days), settings)


def test_the_last_days_of_a_year_without_trading_are_no_fault(files, days, settings):
    spec, market = asked_for(given(files, days, to=days[-1] + datetime.timedelta(days=2)), settings)
    assert market.days(spec.start, spec.end)[-1] == days[-1]
