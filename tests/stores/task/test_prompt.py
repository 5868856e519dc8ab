"""The prompt of a forest: bounded, the active step and its path first, nothing superseded as if it were current."""

from __future__ import annotations

import re

import pytest

from agentmem.records import Trust
from agentmem.stores.task.operations import Add, event_of
from agentmem.stores.task.prompt import DEEPEST, INDENT
from agentmem.testing.hostile import TEXTS, broken_out


def shown(context) -> list[str]:
    """The lines with a label, without it."""
    return re.findall(r"^ *\[\d+\] (.*)$", context.text, re.MULTILINE)


@pytest.fixture
def trip(task):
    """A trip: its city was changed, so that its hotel is stale."""
    ids = {"trip": task.add("Trip to the sea", kind="task", goal="a week off").id}
    for title, value, needs in (
        ("city", "Rome", []),
        ("dates", "1 to 7 May", []),
        ("hotel", "Albergo Roma", ["city", "dates"]),
        ("flight", None, ["city"]),
        ("food", "picnic", []),
    ):
        made = task.add(title, value=value, parent=ids["trip"], depends_on=[ids[one] for one in needs])
        ids[title] = made.id
    task.update(ids["city"], "Oslo", why="cheaper")
    return ids


def test_the_active_step_stands_under_its_path_with_what_it_needs_and_what_is_beside(task, trip):
    task.activate(trip["hotel"])
    context = task.synthesize("", 300)
    assert shown(context) == [
        "Task: Trip to the sea - a week off",
        "hotel: Albergo Roma (STALE, city changed since)  <- now",
        "city: Oslo (was Rome)",
        "dates: 1 to 7 May",
        "flight: open",
        "food: picnic",
    ]
    assert set(context.labels.values()) == set(trip.values())
    assert all(item.sources for item in context.items)


@pytest.mark.parametrize("budget", [0, 20, 60, 90, 120, 300])
def test_the_budget_is_a_hard_bound_and_the_active_step_comes_first(task, trip, budget):
    task.activate(trip["hotel"])
    context = task.synthesize("", budget)
    assert context.tokens <= budget
    lines = shown(context)
    wanted = ["hotel", "Task: Trip", "city", "dates", "flight", "food"]
    assert len(lines) == len(context.items)
    kept = [next(one for one in wanted if line.startswith(one)) for line in lines]
    assert set(kept) == set(wanted[: len(kept)])
    assert set(context.left_out) == set(trip.values()) - {item.id for item in context.items}


def test_stale_dependencies_come_before_others(task, trip):
    bag = task.add("bag", depends_on=[trip["dates"], trip["hotel"], trip["food"]])
    task.activate(bag.id)
    lines = shown(task.synthesize("", 300))
    assert lines[1].startswith("hotel: Albergo Roma (STALE, city changed since)")
    assert [line.split(":")[0] for line in lines[1:4]] == ["hotel", "dates", "food"]
    budget = next(b for b in range(40, 300) if len(task.synthesize("", b).items) == len(lines))
    kept = shown(task.synthesize("", budget - 30))
    assert kept[:2] == lines[:2]


def test_what_is_superseded_or_taken_back_is_never_shown_as_if_current(task, trip):
    task.replace(trip["hotel"], "inn", value="Nord")
    task.correct(trip["food"], "restaurant")
    task.retract([trip["dates"]])
    task.rollback(trip["city"])
    task.update(trip["flight"], "by ferry", trust=Trust.USER)
    task.update(trip["flight"], "by balloon", trust=Trust.WEB)
    for question in ("", "Albergo Roma hotel", "picnic food", "1 to 7 May", "Oslo"):
        for active in ("trip", "city", "flight"):
            task.activate(trip[active])
            lines = shown(task.synthesize(question, 400))
            text = "\n".join(lines)
            assert "Albergo" not in text and "picnic" not in text and "7 May" not in text
            assert not [line for line in lines if re.search(r"city: Oslo", line)]


def test_expand_shows_the_values_that_a_node_had(task, trip):
    lines = shown(task.synthesize("", 300, expand=(trip["city"],)))
    [line] = [line for line in lines if "<- now" in line]
    assert re.match(r"city: Oslo \(was Rome\) \[values: Rome .*; Oslo .*, cheaper\]  <- now", line)
    assert not [line for line in shown(task.synthesize("", 300)) if "values:" in line]


def test_expand_of_what_is_no_node_or_stands_no_more_changes_nothing(task, trip):
    task.put("k", "v")
    other = task.select('key = "k"')[0].id
    task.retract([trip["food"]])
    usual = task.synthesize("", 300)
    for expand in (("no such id",), (other,), (trip["food"],)):
        assert shown(task.synthesize("", 300, expand=expand)) == shown(usual)


def test_each_session_has_its_active_step(task, trip):
    task.activate(trip["city"], session="one")
    task.activate(trip["food"], session="two")
    assert [task.active(session).slot for session in ("one", "two", None)] == ["city", "food", "food"]
    assert task.node(trip["city"]).status == task.node(trip["food"]).status == "active"
    task.activate(trip["flight"], session="two")
    assert task.node(trip["food"]).status == "pending"
    assert [task.active(session).slot for session in ("one", "two", None)] == ["city", "flight", "flight"]


def test_two_sessions_may_work_on_one_step(task, trip):
    for session in ("one", "two"):
        task.activate(trip["city"], session=session)
    task.activate(trip["food"], session="one")
    assert task.node(trip["city"]).status == "active"
    assert task.active("two").slot == "city"


def test_the_active_step_is_that_which_took_its_place(task, trip):
    task.activate(trip["hotel"], session="one")
    inn = task.replace(trip["hotel"], "inn")
    task.update(trip["food"], "bread")
    assert (task.active("one").id, inn.status) == (inn.id, "active")
    motel = task.add("motel", parent=trip["trip"])
    task.merge(motel.id, inn.id)
    assert task.active("one").id == motel.id
    task.activate(trip["food"], session="one")
    assert task.node(motel.id).status == "pending"


def test_what_comes_back_is_not_active_where_its_session_went_on(task, trip):
    task.activate(trip["hotel"], session="one")
    task.replace(trip["hotel"], "inn")
    task.activate(trip["food"], session="one")
    task.undo(trip["hotel"])
    active = [node.slot for node in task.graph().nodes.values() if node.status == "active"]
    assert active == ["food"]


def test_after_the_active_step_is_done_what_changed_last_is_at_hand(task, trip):
    task.activate(trip["hotel"])
    task.complete(trip["hotel"], "booked")
    assert "hotel: Albergo Roma (STALE, city changed since; done: booked)" in task.synthesize("", 300).text
    task.update(trip["food"], "bread")
    assert task.active().slot == "food"


def test_values_that_were_trusted_less_hide_no_step(task):
    node = task.add("city", value="Rome")
    for n in range(40):
        task.update(node.id, f"Oslo {n}", trust=Trust.WEB)
    assert task.active().id == node.id
    said = "city: Oslo 39 (not settled: said by web, which is trusted less)"
    assert shown(task.synthesize("Oslo 39", 80)) == ["city: Rome  <- now", said]


def test_a_long_value_is_begun_where_the_active_step_and_its_path_need_it(task):
    trip = task.add("Trip", kind="task", goal="the long way " * 2_000)
    city = task.add("city", value="a very long name " * 2_000, parent=trip.id)
    hotel = task.add("hotel", value="words and more words " * 2_000, parent=trip.id, depends_on=[city.id])
    task.activate(hotel.id)
    for budget in (100, 200, 1_000):
        context = task.synthesize("", budget)
        assert context.tokens <= budget
        assert {item.id for item in context.items} == {trip.id, city.id, hotel.id}
        assert [line.endswith("…  <- now") for line in shown(context)] == [False, True, False]


@pytest.mark.parametrize("text", [text for text in TEXTS if text.strip()], ids=range(15))
def test_no_text_breaks_out_of_its_line(task, text):
    first = task.add(text[:400], goal=text)
    task.complete(first.id, output=text)
    last = task.add("last", value="x", parent=task.add(text[:400], kind="task", goal=text).id)
    task.update(last.id, text, why=text)
    context = task.synthesize("", 100_000, expand=(last.id,))
    assert broken_out(context.text) == ""
    lines = shown(context)
    assert len(lines) == len(context.items) == 2
    assert len(context.text.splitlines()) == len(lines) + len(("fence", "notice", "end"))
    assert broken_out(task.synthesize(text[:400], 100_000).text) == ""


def test_an_empty_forest_has_an_empty_prompt(task):
    assert task.active() is None
    assert task.synthesize("", 300).text == task.synthesize("anything", 300).text == ""


# Size


def siblings(task, n: int) -> str:
    """A task with `n` steps, made by operations in one go; its id."""
    trip = task.add("trip", kind="task").id
    task.observe(
        *(
            event_of(
                Add(slot=f"step {i}", value=f"value {i}", parents=(trip,)), store="task", id=f"{trip}-{i}"
            )
            for i in range(n)
        ),
        embed=False,
    )
    return trip


def test_the_prompt_does_not_grow_with_the_forest(task, statements):
    siblings(task, 40)
    few = task.synthesize("", 100_000)
    with statements() as sent_few:
        task.synthesize("", 100_000)
    siblings(task, 400)
    task.synthesize("", 100_000)
    with statements() as sent_many:
        many = task.synthesize("", 100_000)
    assert abs(many.tokens - few.tokens) < 60
    assert len(sent_many) <= len(sent_few) + 2


@pytest.mark.parametrize("gone", [29, 40, 300])
def test_what_stands_no_more_crowds_nothing_out(task, gone):
    trip = siblings(task, 35)
    leaving = [task.add(f"wrong {n}", parent=trip).id for n in range(gone)]
    task.retract(leaving)
    task.activate(trip)
    lines = shown(task.synthesize("", 100_000))
    assert lines[1:] == [f"step {i}: value {i}" for i in range(5, 35)]


@pytest.mark.slow
def test_ten_thousand_siblings_cost_no_more_statements_than_forty(task, statements):
    siblings(task, 40)
    node = task.active()

    def cost(id):
        with statements() as sent:
            task.update(id, "other")
            task.synthesize("", 500)
        return len(sent)

    before = cost(node.id)
    siblings(task, 10_000)
    task.recall("step")  # what waits for vectors is embedded before the next search
    last = task.active()
    assert cost(last.id) <= before + 4
    context = task.synthesize("", 100_000)
    assert len(context.items) < 80
    assert context.tokens < 2_000


def test_a_deep_path_keeps_its_end_and_stays_narrow(task):
    last = task.add("top", kind="task").id
    for n in range(60):
        last = task.add(f"level {n}", parent=last).id
    context = task.synthesize("", 150)
    assert context.tokens <= 150
    lines = shown(context)
    assert lines[-1] == "level 59: open  <- now"
    assert lines[0] == f"level {60 - len(lines)}: open"
    assert max(len(line) - len(line.lstrip()) for line in context.text.splitlines()) <= DEEPEST * len(INDENT)
    whole = shown(task.synthesize("", 2_000))
    assert whole[0] == "Task: top"
    assert len(whole) == 61


@pytest.mark.slow
def test_a_thousand_levels_deep(task):
    last = task.add("top", kind="task").id
    for n in range(1_000):
        last = task.add(f"l{n}", parent=last).id
    context = task.synthesize("", 300)
    assert context.tokens <= 300
    assert shown(context)[-1] == "l999: open  <- now"
    assert len(context.text) < 3_000
