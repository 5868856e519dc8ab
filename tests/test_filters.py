"""Parsing the filter language: what it means, and errors that name the place."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.errors import InvalidFilter
from agentmem.filters import And, Comparison, Not, Or, moment, parse


def test_and_binds_stronger_than_or_and_not_strongest():
    parsed = parse('key = "a" or not key = "b" and key = "c"')
    a, b, c = (Comparison(field="key", operator="=", value=value) for value in "abc")
    assert parsed == Or(parts=(a, And(parts=(Not(part=b), c))))
    assert parse('(key = "a" or not key = "b") and key = "c"') == And(parts=(Or(parts=(a, Not(part=b))), c))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('metadata.a = "x\\n\\"y\\" é"', 'x\n"y" é'),
        ("metadata.a = -3", -3),
        ("metadata.a = 2.5e3", 2500.0),
        ("metadata.a = TRUE", True),
        ("metadata.a = null", None),
        ('metadata.a in ["x", 1, null]', ("x", 1, None)),
        ("metadata.a in []", ()),
        ("payload.deep.er-path contains 1", 1),
    ],
)
def test_values(expression: str, value: object):
    parsed = parse(expression)
    assert isinstance(parsed, Comparison)
    assert parsed.value == value
    assert type(parsed.value) is type(value)


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("", ""),
        ("key", ""),
        ("key ==", ""),
        ('key = "a" and', ""),
        ('key = "a', "key"),
        ("key = 'a'", ""),
        ('nobody = "a"', "nobody"),
        ("metadata = 1", "metadata"),
        ("version = true", "version"),
        ('version = "1"', "version"),
        ('time > "soon"', "soon"),
        ("time > 3", "time"),
        ('time > "0001-01-01T00:00+14:00"', "0001-01-01"),
        ("pinned = 1", "pinned"),
        ("version contains 1", "version"),
        ("text contains null", "text"),
        ("key < null", "key"),
        ('key in "a"', ""),
        ('and = "a"', ""),
    ],
)
def test_what_is_no_filter_is_an_error(expression: str, named: str):
    with pytest.raises(InvalidFilter, match="filter") as error:
        parse(expression)
    assert named in str(error.value)


@pytest.mark.parametrize(
    "expression",
    [
        'text contains "a\\u0000b"',
        'actor = "\\ud800"',
        'metadata.tag in ["a", "b\\udfff"]',
        'payload.a.b != "\\u0000"',
    ],
)
def test_what_no_record_can_hold_is_refused_by_name(expression: str):
    with pytest.raises(InvalidFilter, match=r"filter holds a (NUL character|lone surrogate)"):
        parse(expression)
    with pytest.raises(InvalidFilter, match="NUL"):
        Comparison(field="metadata.a\x00b", operator="exists")


def test_a_list_is_compared_by_in_alone():
    for operator in ("=", "!=", "<", "contains"):
        with pytest.raises(InvalidFilter, match="with a list"):
            Comparison(field="metadata.a", operator=operator, value=())
    assert Comparison(field="metadata.a", operator="in", value=()).value == ()


def test_the_parsed_form_survives_json():
    parsed = parse('not (metadata.a in [1, "x"] or exists key) and time >= "2025-03-01"')
    assert type(parsed).model_validate_json(parsed.model_dump_json()) == parsed


def test_a_date_is_its_midnight_and_no_zone_is_utc():
    assert moment("time", "2025-03-01") == moment("time", "2025-03-01T00:00Z")
    assert moment("time", "2025-03-01T02:00+02:00") == moment("time", "2025-03-01")


@given(st.text(max_size=30))
def test_no_text_does_worse_than_an_error(text: str):
    with contextlib.suppress(InvalidFilter):
        parse(text)
