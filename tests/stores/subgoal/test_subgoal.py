"""Subgoal memory: chunks, what is shown of them, what is folded, and what never is lost."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank, MemorySpec
from agentmem.config import Settings
from agentmem.errors import InvalidInput, NotApplicable, NotFound, Refused
from agentmem.records import Event, Trust
from agentmem.stores.subgoal.store import SubgoalMemory

HOME = ("run",)


@pytest.fixture
def bank(tmp_path):
    with Bank(tmp_path / "m.db", settings=Settings(embedder="hashing")) as bank:
        yield bank


@pytest.fixture
def memory(bank) -> SubgoalMemory:
    return bank.store("subgoal", HOME)


def act(memory, action, observation=None, session="s", **facts):
    """An action and its observation, which tells `facts`: by a name, whether it holds."""
    event = Event(type="action", actor="agent", trust=Trust.AGENT, session=session, text=action)
    done = memory.observe(event, embed=False)[0].event_id
    if observation is not None:
        see(memory, observation, (done,), session, **facts)


def see(memory, observation, causes=(), session="s", **facts):
    told = {f"{name.replace('_', ' ')}.": holds for name, holds in facts.items()}
    memory.observe(
        Event(
            type="observation",
            actor="world",
            trust=Trust.TOOL,
            session=session,
            text=observation,
            caused_by=causes,
            data={"facts": told} if told else {},
        ),
        embed=False,
    )


def goals(memory):
    return [(chunk.goal, chunk.state) for _, chunk in memory.subgoals()]


def test_the_open_subgoal_is_shown_in_full_and_closed_ones_in_a_line(memory):
    memory.open("find the key", session="s")
    act(memory, "open drawer", "The key is in the drawer.", The_key_is_in_the_drawer=True)
    memory.open("open the door", session="s")
    act(memory, "go to door", "You are at the door.", You_are_at_the_door=True)
    lines = memory.synthesize("", budget=300).text.splitlines()[2:-1]
    assert lines == [
        "Subgoal 1: find the key. Result: The key is in the drawer.",
        "Subgoal 2 (open): open the door.",
        "> go to door",
        "You are at the door.",
    ]


def test_a_fact_that_changed_since_is_not_shown_as_if_it_held(memory):
    memory.open("take the key", session="s")
    act(memory, "take key", "You have the key.", You_have_the_key=True)
    memory.open("lose the key", session="s")
    act(memory, "drop key", "You do not have the key.", You_have_the_key="You do not have the key.")
    memory.open("rest", session="s")
    assert "You have the key" not in memory.synthesize("", budget=300).text


def test_without_facts_told_apart_a_line_holds_the_last_observation(memory):
    memory.open("look", session="s")
    act(memory, "look", "There is a lamp on the shelf.")
    memory.open("go on", session="s")
    assert "Subgoal 1: look. Result: There is a lamp on the shelf." in memory.synthesize("", budget=300).text


def test_details_are_shown_on_demand_for_one_synthesis(memory):
    first = memory.open("look", session="s")
    act(memory, "open box", "It is empty.")
    act(memory, "open chest", "A rope lies in it.")
    memory.open("climb", session="s")
    assert "> open box" not in memory.synthesize("", budget=300).text
    shown = memory.synthesize("", budget=300, expand=(first,))
    assert "> open box\nIt is empty.\n> open chest\nA rope lies in it." in shown.text
    assert shown.labels["Subgoal 1"] == first == memory.numbered(1)
    assert "> open box" not in memory.synthesize("", budget=300).text


def test_what_no_longer_holds_is_said_beside_older_details(memory):
    first = memory.open("take", session="s")
    act(memory, "take key", "You have the key.", You_have_the_key=True)
    memory.open("drop", session="s")
    act(memory, "drop key", "You do not have the key.", You_have_the_key="You do not have the key.")
    memory.open("rest", session="s")
    text = memory.synthesize("", budget=300, expand=(first,)).text
    assert text.index("You have the key.") < text.index("You do not have the key.")


def test_older_details_stand_before_what_is_newer_also_where_room_is_short(memory):
    first = memory.open("take", session="s")
    act(memory, "take key", "The key is here.", The_key_is_here=True)
    memory.open("drop", session="s")
    act(memory, "drop key", "The key is not here.", The_key_is_here="The key is not here.")
    for n in range(8):
        memory.open(f"walk to thing {n}", session="s")
        act(memory, "go", f"Thing {n} is here.", **{f"Thing_{n}_is_here": True})
    memory.open("rest", session="s")
    earlier = 0
    for budget in range(60, 300, 5):
        text = memory.synthesize("", budget=budget, expand=(first,)).text
        earlier += "Earlier: " in text
        if "> take key" in text:
            assert text.index("The key is here.") < text.index("The key is not here.")
    assert earlier


def test_the_same_words_open_the_same_subgoal_again(memory):
    first = memory.open("Find  the key", session="s")
    act(memory, "look", "Nothing.")
    memory.open("rest", session="s")
    assert memory.open("find the KEY", session="s") == first
    assert goals(memory) == [("Find  the key", "reopened"), ("rest", "closed")]
    act(memory, "look again", "A key.")
    assert [step.text for step in memory.steps(first)] == ["look", "Nothing.", "look again", "A key."]


def test_subgoals_nest_and_the_path_is_shown(memory):
    root = memory.open("leave the house", session="s")
    memory.open("open the door", root, session="s")
    inner = memory.open("find the key", memory.numbered(2), session="s")
    act(memory, "look", "A key.")
    text = memory.synthesize("", budget=300).text
    assert "Subgoal 1 (open): leave the house." in text
    assert "Subgoal 2 (open): open the door." in text
    memory.close(inner, reached=True, session="s")
    assert [state for _, state in goals(memory)] == ["open", "open", "closed"]
    assert "Subgoal 3 (reached): find the key." in memory.synthesize("", budget=300).text
    memory.open("eat", "", session="s")
    assert [state for _, state in goals(memory)] == ["closed", "closed", "closed", "open"]


def test_a_subgoal_is_reopened_by_its_id(memory):
    first = memory.open("look", session="s")
    memory.open("rest", session="s")
    memory.reopen(first, session="s")
    assert goals(memory) == [("look", "reopened"), ("rest", "closed")]


def test_beside_a_reopened_subgoal_whose_parent_is_closed_there_is_room(memory):
    outer = memory.open("outer", session="s")
    memory.open("inner", outer, session="s")
    memory.open("other", "", session="s")
    memory.open("inner", session="s")
    memory.open("next", session="s")
    assert goals(memory)[-1] == ("next", "open")


def test_an_action_without_its_observation_is_shown_as_such(memory):
    memory.open("look", session="s")
    act(memory, "open box")
    assert memory.synthesize("", budget=300).text.splitlines()[-3:-1] == [
        "> open box",
        "(no observation yet)",
    ]


def test_long_subgoals_are_folded_at_their_older_end_and_their_facts_stay(bank):
    memory = bank.store(MemorySpec(store="subgoal", options={"fold": 120}), HOME)
    memory.open("search the house", session="s")
    for room in range(30):
        act(
            memory,
            f"go to room {room}",
            f"Lamp {room} is in room {room}.",
            **{f"Lamp_{room}_is_in_room_{room}": True},
        )
    context = memory.synthesize("", budget=1_000)
    assert "> go to room 0\n" not in context.text
    assert "> go to room 29" in context.text
    for room in range(30):
        assert f"Lamp {room} is in room {room}." in context.text
    assert len(memory.steps(memory.numbered(1))) == 60


def test_steps_are_shown_in_their_order(memory):
    memory.open("walk", session="s")
    for n in range(12):
        act(memory, f"go {n}", f"At {n}.")
    lines = memory.synthesize("", budget=500).text.splitlines()[3:-1]
    assert lines == [line for n in range(12) for line in (f"> go {n}", f"At {n}.")]


def test_without_subgoals_it_is_a_sliding_summary(bank):
    memory = bank.store(MemorySpec(store="subgoal", options={"subgoals": False, "fold": 60}), HOME)
    with pytest.raises(Refused, match="no subgoals"):
        memory.open("walk", session="s")
    for room in range(12):
        act(memory, f"go to room {room}", f"Lamp {room} is lit.", **{f"Lamp_{room}_is_lit": True})
    text = memory.synthesize("", budget=300).text
    assert "> go to room 11" in text and "> go to room 2\n" not in text
    assert all(f"Lamp {room} is lit." in text for room in range(12))


def test_facts_that_the_goal_names_come_first_where_room_is_short(memory):
    memory.open("look around", session="s")
    things = {f"Thing_{n}_is_in_room_{n}": True for n in range(40)}
    act(memory, "look", " ".join(f"Thing {n} is in room {n}." for n in range(40)), **things)
    memory.open("fetch thing 7", session="s")
    act(memory, "go", "You are here.")
    context = memory.synthesize("", budget=90)
    assert "Thing 7 is in room 7." in context.text and context.tokens <= 90
    assert "Thing 20 is in room 20." not in context.text


def test_what_left_the_prompt_is_found_by_recall(memory):
    memory.open("look", session="s")
    act(memory, "open the oak chest", "A silver whistle lies in the oak chest.")
    memory.open("rest", session="s")
    hits = memory.recall("silver whistle", floor=False)
    assert any("silver whistle" in hit.text for hit in hits)
    assert "whistle" in memory.synthesize("where is the silver whistle?", budget=300).text


def test_sessions_are_told_apart(bank, memory):
    memory.open("a", session="one")
    act(memory, "first", "one", session="one")
    memory.open("a", session="two")
    act(memory, "second", "two", session="two")
    assert "> second" in memory.synthesize("").text and "> first" not in memory.synthesize("").text
    other = bank.store(MemorySpec(store="subgoal", options={"session": "one"}), HOME)
    assert "> first" in other.synthesize("").text


def test_forgetting_a_step_takes_it_out_of_every_line(bank, memory):
    memory.open("look", session="s")
    act(memory, "open box", "The secret is in the box.", The_secret_is_in_the_box=True)
    act(memory, "wait", "Nothing happens.")
    memory.open("rest", session="s")
    secret = next(one.id for one in memory.steps(memory.numbered(1)) if "secret" in one.text)
    bank.forget(HOME, events=[secret])
    text = memory.synthesize("", budget=300, expand=(memory.numbered(1),)).text
    assert "secret" not in text and "> open box" in text
    assert all("secret" not in hit.text for hit in memory.recall("secret", floor=False))


def test_an_open_subgoal_that_was_corrected_goes_on_as_the_same(memory):
    first = memory.open("find the key", session="s")
    act(memory, "open drawer", "It is empty.")
    memory.correct(first, "Find the lamp first.")
    assert memory.open("find the key", session="s") == first
    assert [chunk.state for _, chunk in memory.subgoals()] == ["open"]
    assert "> open drawer" in memory.synthesize("", budget=300).text


@pytest.mark.parametrize("how", ["correct", "retract", "forget"])
def test_what_a_corrected_observation_told_is_told_no_more(memory, how):
    memory.open("find the key", session="s")
    act(memory, "open drawer", "The key is in the drawer.", The_key_is_in_the_drawer=True)
    act(memory, "open box", "The lamp is in the box.", The_lamp_is_in_the_box=True)
    memory.open("rest", session="s")
    act(memory, "rest", "You rested.")
    told = next(one for one in memory.select() if "key" in one.text and one.type == "subgoal")
    seen = next(step for step in memory.steps(told.id) if "key" in step.text)
    assert "The key is in the drawer." in memory.synthesize("", budget=300).text
    if how == "correct":
        memory.correct(seen.id, "The drawer is empty.")
    elif how == "retract":
        memory.retract([seen.id])
    else:
        memory.bank.forget(memory.namespace, events=[seen.id])
    text = memory.synthesize("", budget=300).text
    assert "The key is in the drawer." not in text
    assert "The lamp is in the box." in text


def test_a_result_that_was_corrected_is_not_shown_as_if_it_were_so(memory):
    first = memory.open("find the key", session="s")
    act(memory, "open drawer", "The key is in the drawer.")
    memory.open("rest", session="s")
    assert "Result: The key is in the drawer." in memory.synthesize("", budget=300).text
    memory.correct(memory.steps(first)[-1].id, "The drawer is empty.")
    assert "Subgoal 1: find the key." in memory.synthesize("", budget=300).text
    assert "The key is in the drawer." not in memory.synthesize("", budget=300).text


def test_a_corrected_line_is_shown_as_corrected(memory):
    first = memory.open("look", session="s")
    act(memory, "look", "A lamp.")
    memory.open("rest", session="s")
    memory.correct(first, "There was a candle, no lamp.")
    text = memory.synthesize("", budget=300).text
    assert "There was a candle, no lamp." in text and "A lamp." not in text


def test_rebuilding_gives_the_same_records(bank, memory):
    for goal in ("look", "rest", "look", "sleep"):
        memory.open(goal, session="s")
        act(memory, "do", "Done.", Done=True)
    before = [record.model_dump() for record in memory.select()]
    context = memory.synthesize("", budget=300)
    bank.rebuild(HOME)
    assert [record.model_dump() for record in memory.select()] == before
    assert memory.synthesize("", budget=300) == context


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda m: m.open("x", "nowhere", session="s"), NotApplicable),
        (lambda m: m.close("nowhere", session="s"), NotApplicable),
        (lambda m: m.reopen("nowhere", session="s"), NotApplicable),
        (lambda m: m.open("  ", session="s"), InvalidInput),
        (lambda m: m.numbered(9), NotFound),
    ],
)
def test_errors_name_the_thing(memory, call, error):
    memory.open("look", session="s")
    with pytest.raises(error):
        call(memory)


def test_a_summary_of_an_open_subgoal_is_refused(memory):
    first = memory.open("look", session="s")
    with pytest.raises(NotApplicable, match="not closed"):
        memory.summarize(first, "It was dark.", session="s")
    memory.open("rest", session="s")
    memory.summarize(first, "It was dark.", reached=False, session="s")
    assert "Subgoal 1 (not reached): look. Result: It was dark." in memory.synthesize("", budget=300).text


@pytest.mark.parametrize("options", [{"summaries": "poem"}, {"fold": -1}, {"facts": "many"}])
def test_options_that_it_cannot_have_are_refused(bank, options):
    with pytest.raises(InvalidInput):
        bank.store(MemorySpec(store="subgoal", options=options), HOME)


NO_SHRINKING = [phase for phase in Phase if phase is not Phase.shrink]
"""An example takes a second: shrinking one would take minutes."""
GOALS = st.sampled_from(["fetch the lamp", "look around", "rest", "Fetch  the LAMP"])
MOVES = st.one_of(
    st.tuples(st.just("open"), GOALS, st.sampled_from([None, "", "current"])),
    st.tuples(st.just("act"), st.sampled_from(["go", "take", "look"]), st.booleans()),
    st.tuples(st.just("close"), st.integers(1, 4), st.none()),
    st.tuples(st.just("reopen"), st.integers(1, 4), st.none()),
)


@given(st.lists(MOVES, max_size=25), st.integers(0, 300), st.integers(30, 200))
@settings(
    max_examples=40,
    deadline=None,
    phases=NO_SHRINKING,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_step_is_lost_and_no_prompt_is_above_its_budget(tmp_path_factory, moves, budget, fold):
    with Bank("sqlite://", settings=Settings(embedder="hashing")) as bank:
        memory = bank.store(MemorySpec(store="subgoal", options={"fold": fold}), HOME)
        done = []
        for n, (move, what, how) in enumerate(moves):
            chunks = memory.subgoals("s")
            opened = [id for id, chunk in chunks if chunk.state != "closed"]
            if move == "open":
                memory.open(
                    what,
                    opened[-1] if how == "current" and opened else how if how == "" else None,
                    session="s",
                )
            elif move == "act":
                done.append(f"{what} {n}")
                if how:
                    done.append(f"Thing {n % 5} is in room {n}.")
                    act(memory, f"{what} {n}", done[-1], **{f"Thing_{n % 5}_is_in_room_{n}": True})
                else:
                    act(memory, f"{what} {n}")
            elif what <= len(chunks):
                getattr(memory, move)(chunks[what - 1][0], session="s")
            context = memory.synthesize("", budget=budget, expand=tuple(id for id, _ in chunks[:2]))
            assert context.tokens <= budget
        chunks = memory.subgoals("s")
        kept = [step.text for id, _ in chunks for step in memory.steps(id)]
        assert sorted(kept) == sorted(done)
        journal = [event.text for event in bank.view(HOME, store="episodic").events()]
        assert sorted(text for text in journal if text) == sorted(done)
        for limit in range(60, 400, 20):
            _nothing_that_fits_is_left_out(memory, limit)
        path = [chunk.number for _, chunk in chunks if chunk.state != "closed"]
        assert len(path) <= len(chunks)
        whole = memory.synthesize("", budget=20_000, expand=tuple(id for id, _ in chunks)).text
        for text in done:
            assert text in whole


def test_a_model_that_fails_leaves_the_step_pending_and_the_line_without_a_summary(tmp_path):
    (tmp_path / "empty.jsonl").write_text("")
    options = {"summaries": "model", "model": f"replay:{tmp_path / 'empty.jsonl'}"}
    with Bank(tmp_path / "m.db", settings=Settings(embedder="hashing")) as bank:
        memory = bank.store(MemorySpec(store="subgoal", options=options), HOME)
        memory.open("look", session="s")
        act(memory, "look", "A lamp.")
        memory.open("rest", session="s")
        act(memory, "lie down", "You lie.")
        assert [item.state for item in memory.pending()] == ["failed"]
        assert "Subgoal 1: look. Result: A lamp." in memory.synthesize("", budget=300).text


def test_the_embedded_model_summarizes_closed_subgoals(tmp_path):
    options = {"summaries": "model", "model": "llama"}
    with Bank(tmp_path / "m.db", settings=Settings(embedder="hashing")) as bank:
        memory = bank.store(MemorySpec(store="subgoal", options=options), HOME)
        memory.open("find the lamp", session="s")
        act(memory, "open the chest", "The lamp is in the chest.")
        memory.open("take the lamp", session="s")
        act(memory, "take lamp", "You have the lamp.")
        _, chunk = memory.subgoals()[0]
        assert memory.pending() or chunk.summary
        if chunk.summary:
            assert chunk.summary.split()[0] in memory.synthesize("", budget=500).text
            secret = memory.steps(memory.numbered(1))[1].id
            bank.forget(HOME, events=[secret])
            assert memory.subgoals()[0][1].summary == ""


def _nothing_that_fits_is_left_out(memory, budget):
    """Each fact that holds is shown, in a line or by the step that told it, as long as there is room."""
    context = memory.synthesize("", budget=budget)
    holding = {}
    for id, _ in memory.subgoals("s"):
        for step in memory.steps(id):
            holding |= {
                fact: step.time for fact, told in (step.payload.get("facts") or {}).items() if told is True
            }
    missing = [fact for fact in holding if fact not in context.text]
    assert not missing or context.tokens > budget - 30


def test_equal_sessions_have_equal_contexts_in_any_process(tmp_path):
    code = """
import sys
from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.records import Event
with Bank("sqlite://", settings=Settings(embedder="hashing")) as bank:
    memory = bank.store("subgoal", ("run",))
    told = {f"Thing {n} of {word} is in room {n % 3}.": True for n in range(40) for word in ("wood", "tin")}
    memory.observe(Event(type="observation", session="s", text=" ".join(told), data={"facts": told}))
    memory.open("bring thing of wood and thing of tin to room 2", session="s")
    print(memory.synthesize("", budget=150).text)
"""
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONWARNINGS": "ignore"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(3)
    }
    assert len(said) == 1
