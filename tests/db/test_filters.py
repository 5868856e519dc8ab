"""The filter language in SQL answers as a plain evaluation in Python does, in `select` and in `recall`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import InvalidFilter
from agentmem.filters import And, Comparison, Filter, Not, Or, moment
from agentmem.records import Event, Record

ABSENT = object()
START = datetime(2025, 1, 1, tzinfo=UTC)
TIMES = [START + timedelta(days=n) for n in range(4)]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([2**53, 2**63, -(2**70), 10**30]),
    st.sampled_from([0.0, 1.0, -0.5, 2.5, 1e300]),
    st.sampled_from(["", "a", "ab", "1", "true", "é", "null", "%", "a_b", "🙂", 'q"q', "\u2028"]),
)
values = st.one_of(
    scalars,
    st.lists(scalars | st.lists(scalars, max_size=2), max_size=3),
    st.dictionaries(st.sampled_from("xy"), scalars),
)
documents = st.dictionaries(
    st.sampled_from(["a", "b", "c-d", "é"]),
    st.one_of(values, st.dictionaries(st.sampled_from("xy"), values)),
    max_size=3,
)
PATHS = ["a", "b", "c-d", "é", "a.x", "a.y", "b.x", "a.x.y"]

ORDER = ["<", "<=", ">", ">="]
json_fields = st.tuples(st.sampled_from(["metadata", "payload"]), st.sampled_from(PATHS)).map(".".join)
plain = {
    "text": st.sampled_from(["", "alpha", "beta é", "al", "%"]),
    "key": st.sampled_from(["k1", "k2", "nothing"]),
    "actor": st.sampled_from(["", "Zoë", "zoë"]),
    "state": st.sampled_from(["live", "superseded"]),
    "trust": st.sampled_from(["user", "web"]),
    "version": st.integers(0, 2) | st.just(10**30),
    "pinned": st.booleans(),
    "time": st.sampled_from([time.isoformat() for time in TIMES] + ["2025-01-02"]),
    "due_at": st.sampled_from([time.isoformat() for time in TIMES]),
}


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    if draw(st.booleans()):
        field = draw(json_fields)
        operator = draw(st.sampled_from(["=", "!=", *ORDER, "in", "contains", "exists"]))
        value: Any = None if operator == "exists" else draw(scalars)
        if operator == "in":
            value = tuple(draw(st.lists(scalars, max_size=3)))
    else:
        field = draw(st.sampled_from(list(plain)))
        allowed = [
            "=",
            "!=",
            *ORDER,
            "in",
            "exists",
            *(["contains"] if field in ("text", "key", "actor") else []),
        ]
        operator = draw(st.sampled_from(allowed))
        value = None if operator == "exists" else draw(plain[field])
        if operator == "in":
            value = tuple(draw(st.lists(plain[field], max_size=2)))
        elif operator in ("=", "!="):
            value = draw(st.just(value) | st.none())
    return Comparison(field=field, operator=operator, value=value)


def filters() -> st.SearchStrategy[Filter]:
    return st.recursive(
        comparisons(),
        lambda inner: st.one_of(
            inner.map(lambda part: Not(part=part)),
            st.lists(inner, max_size=3).map(lambda parts: And(parts=tuple(parts))),
            st.lists(inner, max_size=3).map(lambda parts: Or(parts=tuple(parts))),
        ),
        max_leaves=5,
    )


# The plain evaluation


def passes(node: Filter, record: Record) -> bool:
    if isinstance(node, Not):
        return not passes(node.part, record)
    if isinstance(node, And):
        return all(passes(part, record) for part in node.parts)
    if isinstance(node, Or):
        return any(passes(part, record) for part in node.parts)
    root, _, path = node.field.partition(".")
    if not path:
        return of_field(node, getattr(record, root))
    value: Any = record.metadata if root == "metadata" else record.payload
    for part in path.split("."):
        value = value[part] if isinstance(value, dict) and part in value else ABSENT
    return of_json(node, value)


def of_field(node: Comparison, value: Any) -> bool:
    convert = (lambda one: moment(node.field, one)) if node.field in ("time", "due_at") else (lambda one: one)
    if node.operator == "exists":
        return value not in (None, "")
    if node.value is None:
        return (value is None) == (node.operator == "=")
    if value is None:
        return False
    if node.operator == "in":
        return value in [convert(one) for one in node.value]
    if node.operator == "contains":
        return node.value in value
    return ordered(node.operator, value, convert(node.value))


def kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__


def alike(value: Any, wanted: Any) -> bool:
    return kind(value) == kind(wanted) and number(value) == number(wanted)


def number(value: Any) -> Any:
    """Beyond 64 bits a number is a float, as in the database."""
    wide = isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63
    return float(value) if wide else value


def of_json(node: Comparison, value: Any) -> bool:
    if value is ABSENT:
        return False
    if node.operator == "exists":
        return True
    if node.operator == "in":
        return any(alike(value, one) for one in node.value)
    if node.operator == "contains":
        if isinstance(value, list):
            return any(alike(member, node.value) for member in value)
        return isinstance(value, str) and isinstance(node.value, str) and node.value in value
    if node.operator in ("=", "!="):
        return alike(value, node.value) == (node.operator == "=")
    if kind(value) != kind(node.value) or node.value is None:
        return False
    return ordered(node.operator, number(value), number(node.value))


def ordered(operator: str, a: Any, b: Any) -> bool:
    return {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator]


@st.composite
def puts(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "text": draw(st.sampled_from(["alpha", "beta é", "al%pha"])),
        "payload": draw(documents),
        "metadata": draw(documents),
        "pinned": draw(st.booleans()),
        "due_at": draw(st.none() | st.sampled_from(TIMES)),
        "time": draw(st.sampled_from(TIMES)),
        "trust": draw(st.sampled_from(["user", "web"])),
    }


@given(
    st.lists(puts(), min_size=1, max_size=5),
    st.lists(documents, max_size=3),
    st.lists(filters(), min_size=4, max_size=4),
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
def test_sql_answers_as_plain_python_does(said, datas, wanted):
    with Bank("sqlite://", embedder=HashingEmbedder(8), settings=Settings(screen="keep")) as bank:
        store = bank.store()
        store.observe(
            *(Event(text="beta é" if n else "", actor="Zoë", data=data) for n, data in enumerate(datas))
        )
        for n, one in enumerate(said):
            store.put(f"k{n % 3}", **one)
        everything = store.select()
        for node in wanted:
            expected = [record.id for record in everything if passes(node, record)]
            assert [record.id for record in store.select(node)] == expected, node
            live = {record.id for record in everything if record.state == "live" and record.id in expected}
            told = {hit.id for hit in store.recall("", k=100, filter=node)}
            assert told == live, node
            indexed = {record.id for record in everything if record.indexed}
            assert {
                hit.id for hit in store.recall("beta alpha", k=100, filter=node, floor=False)
            } == live & indexed


@pytest.mark.parametrize(
    "expression",
    [
        "pinned < true",
        "pinned in [true, false]",
        "pinned >= false",
        f"version < {10**400}",
        f"metadata.a = -{10**400}",
        "metadata.a in []",
        'text contains ""',
        'not (not exists key) or metadata.a != null and time > "2025-01-01T00:00:00+05:00"',
    ],
)
def test_what_parses_can_be_asked(bank: Bank, expression: str):
    bank.store().observe("a")
    bank.store().select(expression)
    bank.store().recall("a", filter=expression)


def test_a_path_cannot_break_out_of_its_quotes(bank: Bank):
    bank.store().put("k", "v", metadata={"a": 1})
    for path in ("a'", "a[0]", "$", "a or 1=1 --"):
        assert bank.store().select(Comparison(field=f"metadata.{path}", operator="exists")) == []
    for path in ('a" or 1=1 --', '"', 'a"."b'):
        with pytest.raises(InvalidFilter):
            bank.store().select(Comparison(field=f"metadata.{path}", operator="exists"))


def test_a_list_may_be_long(bank):
    store = bank.store()
    store.put("few", "quince", metadata={"n": 7, "word": "plum", "flag": True})
    many = ", ".join(map(str, range(1_700)))
    assert [record.key for record in store.select(f"metadata.n in [{many}]")] == ["few"]
    wanted = Comparison(
        field="metadata.word", operator="in", value=(*map(str, range(40_000)), "plum", None, True)
    )
    assert [record.key for record in store.select(wanted)] == ["few"]
    wanted = Comparison(field="key", operator="in", value=(*map(str, range(40_000)), "few"))
    assert [record.key for record in store.select(wanted)] == ["few"]
    assert store.select(Comparison(field="metadata.flag", operator="in", value=(1, False, 10**400))) == []
