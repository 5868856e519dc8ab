"""The log of a forest: every operation in words, of all or of one node, and nothing that was forgotten."""

from datetime import timedelta

import pytest

from agentmem import Event, Trust
from agentmem.errors import NotApplicable


def told(task, *args, **options) -> list[str]:
    return [
        f"{one.operation} {one.title}{f': {one.what}' if one.what else ''}"
        for one in task.log(*args, **options)
    ]


def test_every_operation_is_told_in_words(task):
    dinner = task.add("dinner", kind="task", goal="feed the choir")
    guests = task.add("guests", parent=dinner.id, value="8")
    menu = task.add("menu", parent=dinner.id, depends_on=[guests.id])
    wine = task.add("wine")
    task.update(menu.id, "risotto", slot="main course", output="three pans")
    task.rollback(menu.id)
    task.rollback(menu.id, to="risotto")
    task.merge(wine.id, parent=dinner.id, shared_with="the rehearsal")
    task.depend(wine.id, [menu.id, guests.id])
    task.depend(wine.id, guests.id, holds=False)
    task.activate(wine.id)
    task.complete(wine.id, "two bottles")
    task.fail(menu.id, "burnt")
    beer = task.replace(wine.id, "beer", value="Pils")
    task.merge(beer.id, task.add("ale").id)
    assert told(task) == [
        "add dinner: goal: feed the choir",
        "add guests: 8; under dinner",
        "add main course: under dinner; needs guests",
        "add wine",
        "update main course: risotto; title: main course; output: three pans",
        "rollback main course: to the value before",
        "rollback main course: to risotto",
        "merge wine: also under dinner; also for the rehearsal",
        "depend wine: needs main course, guests",
        "depend wine: no longer needs guests",
        "activate wine",
        "complete wine: two bottles",
        "fail main course: burnt",
        "replace wine: by beer; Pils",
        "add ale",
        "merge beer: with ale",
    ]


def test_an_entry_says_who_said_so_and_when_and_why(task, clock):
    when = clock() - timedelta(days=2)
    task.add("city", value="Rome", why="it is warm", actor="Leo", session="s1", trust=Trust.AGENT, time=when)
    (entry,) = task.log()
    assert (entry.actor, entry.session, entry.trust, entry.time) == ("Leo", "s1", Trust.AGENT, when)
    assert (entry.why, entry.node) == ("it is warm", task.find("city").id)


def test_the_log_of_a_node_has_what_made_it_and_all_that_was_about_it(task):
    guests = task.add("guests", value="8")
    menu = task.add("menu")
    task.depend(menu.id, guests.id)
    task.update(guests.id, "10")
    task.complete(menu.id)
    assert told(task, guests.id) == ["add guests: 8", "depend menu: needs guests", "update guests: 10"]
    party = task.replace(guests.id, "party")
    assert told(task, party.id) == ["replace guests: by party"]


def test_a_log_can_be_of_the_newest_or_of_what_came_after(task):
    city = task.add("city", value="Rome")
    task.update(city.id, "Oslo")
    task.update(city.id, "Bern")
    assert told(task, limit=1) == told(task, city.id, limit=1) == ["update city: Bern"]
    first = task.log()[0]
    assert (
        told(task, after=first.seq)
        == told(task, city.id, after=first.seq)
        == ["update city: Oslo", "update city: Bern"]
    )


def test_operations_of_all_stores_are_told_and_observations_are_none(task):
    city = task.add("city", value="Rome")
    task.observe(Event(text="What a day!"))
    task.retract([city.id], why="a joke")
    task.undo(city.id)
    assert [one.operation for one in task.log()] == ["add", "retract", "undo"]
    assert task.log()[1].why == "a joke"


def test_what_was_refused_or_forgotten_is_in_no_log(task):
    city = task.add("city", value="Rome")
    with pytest.raises(NotApplicable):
        task.rollback(city.id, to="Atlantis")
    secret = task.add("secret", value="hush")
    task.bank.forget(task.namespace, records=[secret.id])
    assert told(task) == ["add city: Rome"]
