"""A node by its id, the beginning of its id, or its title."""

import pytest

from agentmem.errors import InvalidInput, NotFound


def test_a_node_is_found_by_what_people_call_it(task):
    city = task.add("Arrival City", value="Rome")
    for called in (city.id, city.id[:4], city.id[:9].upper(), "Arrival City", "  arrival\n CITY "):
        assert task.find(called).id == city.id


def test_what_stands_is_meant_before_what_does_not(task):
    old = task.add("hotel")
    task.replace(old.id, "flat")
    assert task.find("hotel").id == old.id
    new = task.add("hotel")
    assert task.find("hotel").id == new.id
    assert task.find(old.id).id == old.id


def test_what_names_several_is_refused_and_lists_them(task):
    ids = [task.add(title).id for title in ("menu", "Menu")]
    with pytest.raises(InvalidInput, match="'MENU' names 2 nodes") as refused:
        task.find("MENU")
    assert all(id in str(refused.value) for id in ids)


def test_a_title_as_it_is_written_goes_before_one_in_another_case(task):
    ids = [task.add(title).id for title in ("menu", "Menu")]
    assert [task.find(title).id for title in ("menu", "Menu")] == ids
    task.replace(ids[0], "dishes")
    assert task.find("menu").id == ids[1]


def test_a_title_that_another_nodes_id_begins_with_names_both(task):
    city = task.add("city")
    task.add(city.id[:4])
    with pytest.raises(InvalidInput, match="names 2 nodes"):
        task.find(city.id[:4])


def test_what_names_none_is_told_with_the_nearest(task):
    with pytest.raises(NotFound, match="none yet"):
        task.find("guests")
    guests = task.add("guests")
    for number in range(12):
        task.add(f"step {number}")
    with pytest.raises(NotFound, match="the nearest are") as missing:
        task.find("guest")
    assert guests.id in str(missing.value)
    with pytest.raises(NotFound, match=r"there are: .*, \.\.\.") as missing:
        task.find("xyzzy" * 10_000)
    assert len(str(missing.value)) < 1_000


def test_three_characters_of_an_id_and_other_records_name_nothing(task):
    city = task.add("city")
    task.put("k", "x", payload={"slot": "kettle"})
    task.observe("kettle")
    for called in (city.id[:3], "kettle", ""):
        with pytest.raises(NotFound):
            task.find(called)
