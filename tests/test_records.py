"""The values: frozen, strict, and lossless through JSON; text and data as they came, or refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agentmem.errors import AgentMemError, InvalidInput
from agentmem.records import (
    SCHEMA_VERSIONS,
    Context,
    Event,
    Item,
    Query,
    Record,
    State,
    Trust,
    clean_json,
    clean_namespace,
    clean_text,
    lowest,
    spoken,
)

kept = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | kept
data = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(kept, inner, max_size=3),
    max_leaves=8,
)


@given(kept)
def test_text_is_kept_as_it_came(text: str):
    assert clean_text(text) == text


@given(st.dictionaries(kept, data, max_size=4))
def test_an_event_survives_json(told: dict):
    event = Event(id="a", text="x", data=told, time=datetime(2025, 1, 1, tzinfo=UTC), caused_by=("b",))
    assert Event.model_validate_json(event.model_dump_json()) == event


def test_a_text_that_spells_the_escape_of_a_nul_holds_none():
    assert clean_json({"output": "prints \\u0000"}) == {"output": "prints \\u0000"}


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "x\udfff"])
def test_what_cannot_be_kept_is_refused_wherever_it_stands(text: str):
    for made in (
        lambda: Event(text=text),
        lambda: Event(data={"a": [{"b": text}]}),
        lambda: Event(data={text: 1}),
        lambda: Record(id="a", metadata={"a": text}),
        lambda: clean_namespace(("a", text)),
    ):
        with pytest.raises(InvalidInput):
            made()


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_json_has_not(number: float):
    with pytest.raises((InvalidInput, ValidationError)):
        Event(data={"a": number})


def test_times_are_utc_and_must_have_a_zone():
    time = datetime(2025, 6, 1, 12, tzinfo=timezone(timedelta(hours=-3)))
    assert Event(time=time).time == datetime(2025, 6, 1, 15, tzinfo=UTC)
    with pytest.raises(InvalidInput, match="zone"):
        Query(at=datetime(2025, 6, 1))


def test_values_are_frozen_and_know_their_names():
    event = Event(text="a")
    with pytest.raises(ValidationError):
        event.text = "b"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Event(txt="a")  # type: ignore[call-arg]


def test_an_event_that_was_never_appended_has_not_happened():
    with pytest.raises(InvalidInput):
        _ = Event(text="a").happened


def test_a_revised_record_is_validated():
    record = Record(id="a", text="x")
    assert record.revised(state=State.RETRACTED).state is State.RETRACTED
    with pytest.raises(InvalidInput):
        record.revised(text="\x00")


def test_what_is_built_of_all_its_fields_is_what_is_validated():
    record = Record(id="a", text="x", metadata={"n": 1})
    built = Record.built(**dict(record))
    assert built == Record.model_validate(built.model_dump()) == record
    assert built.revised(text="y").text == "y"
    with pytest.raises(ValidationError):
        built.text = "z"


def test_trust_is_ordered():
    assert sorted(Trust, key=lambda trust: trust.rank) == [Trust.WEB, Trust.TOOL, Trust.AGENT, Trust.USER]
    assert lowest([Trust.USER, Trust.TOOL, Trust.AGENT]) is Trust.TOOL
    assert lowest([]) is Trust.USER


@pytest.mark.parametrize("namespace", [(), ("",), "abc"])
def test_what_is_no_namespace(namespace: tuple[str, ...]):
    with pytest.raises(InvalidInput):
        clean_namespace(namespace)


def test_what_is_indexed_of_something_said():
    assert spoken("Zoë", "hello") == "Zoë: hello"
    assert spoken("", "hello") == "hello"


def test_a_context_maps_labels_and_cites():
    items = (Item(label="1", id="a", version=2, tokens=3), Item(label="2", id="b", version=1, tokens=4))
    context = Context(text="", stable="", recalled="", tokens=7, budget=9, tokenizer="t", items=items)
    assert context.labels == {"1": "a", "2": "b"}
    assert context.citations == ("a@2", "b@1")


def test_every_value_has_a_schema_version():
    assert set(SCHEMA_VERSIONS) >= {"event", "record", "link", "query", "hit", "context", "receipt"}


def test_an_error_ends_with_its_remedy():
    assert str(AgentMemError("broken", "mend it")) == "broken (mend it)"
    assert str(AgentMemError("broken")) == "broken"
