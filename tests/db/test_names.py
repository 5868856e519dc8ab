"""Namespaces as paths: every namespace has one, and what stands under another does so segment by segment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, create_engine, literal, select

from agentmem.db import names
from agentmem.db.times import micros, moment
from agentmem.errors import InvalidInput
from agentmem.records import utc

labels = st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]) | st.sampled_from("~/01"),
    min_size=1,
    max_size=4,
)
namespaces = st.lists(labels, min_size=1, max_size=3).map(tuple)


@given(namespaces)
def test_a_path_names_one_namespace(namespace: tuple[str, ...]):
    assert names.decode(names.encode(namespace)) == namespace


@given(namespaces, namespaces)
def test_different_namespaces_have_different_paths(one: tuple[str, ...], other: tuple[str, ...]):
    assert (names.encode(one) == names.encode(other)) == (one == other)


ENGINE = create_engine("sqlite://")


@given(namespaces, namespaces, st.booleans())
def test_under_is_by_segments(one: tuple[str, ...], other: tuple[str, ...], joined: bool):
    other = (*one, *other) if joined else other
    paths = select(literal(names.encode(other)).label("path")).subquery()
    with ENGINE.connect() as connection:
        found = connection.execute(
            select(column("path")).select_from(paths).where(names.under(paths.c.path, one))
        )
        assert bool(found.all()) == (other[: len(one)] == one)


@pytest.mark.parametrize("path", ["", "/", "a/", "/a", "a//b"])
def test_a_path_has_no_empty_label(path: str):
    with pytest.raises(InvalidInput):
        names.decode(path)


@given(st.datetimes(timezones=st.timezones()))
def test_times_are_kept_to_the_microsecond(time):
    try:
        there = utc(time)
    except OverflowError:
        return
    assert moment(micros(there)) == there
