"""Work is measured for whoever asks, and OpenTelemetry hears of it: names, numbers and kinds of errors, no text."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from agentmem import Event, MemorySpec, Settings
from agentmem.bank import Bank
from agentmem.bank.migrating import migrate
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import Conflict, InvalidInput, ModelOutputError, NotFound, Unavailable
from agentmem.models.base import Answer, Cancellation, ChatModel, Request, Usage, user
from agentmem.records import ChangeSet, Record
from agentmem.stores.base import MemoryStore
from agentmem.telemetry import fact, measured, operation, part
from agentmem.telemetry.models import _parts

SECRET = "quince-and-kingfisher"
"""A word that is in every text of these tests, and may be in nothing that is told of them."""


class Told:
    """What OpenTelemetry has heard since the last look."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.reader = InMemoryMetricReader()
        self.traces = TracerProvider(shutdown_on_exit=False)
        self.traces.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.meters = MeterProvider([self.reader], shutdown_on_exit=False)

    @property
    def spans(self) -> list[Any]:
        return list(self.exporter.get_finished_spans())

    def span(self, name: str) -> Any:
        return next(one for one in reversed(self.spans) if one.name == name)

    def points(self, name: str) -> list[Any]:
        data = self.reader.get_metrics_data()
        return [
            point
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
        ]

    def sums(self, name: str, *attributes: str) -> dict[tuple[Any, ...], Any]:
        return {
            tuple(point.attributes.get(one) for one in attributes): getattr(
                point, "value", getattr(point, "sum", 0)
            )
            for point in self.points(name)
        }

    def all_of_it(self) -> str:
        data = self.reader.get_metrics_data()
        return "".join(span.to_json() for span in self.spans) + (data.to_json() if data else "")


@pytest.fixture(scope="module")
def providers() -> Iterator[Told]:
    """OpenTelemetry's own, which an application sets once a process."""
    told = Told()
    trace.set_tracer_provider(told.traces)
    metrics.set_meter_provider(told.meters)
    yield told
    told.traces.shutdown()
    told.meters.shutdown()


@pytest.fixture
def told(providers: Told) -> Told:
    gc.collect()  # banks of other tests, whose pending events are counted as long as they live
    providers.exporter.clear()
    return providers


class Parrot(ChatModel):
    name = "hf:/home/ada/models/parrot"

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        if "silent" in request.messages[0].content:
            raise Unavailable("it does not answer")
        usage = Usage(prompt_tokens=7, completion_tokens=3)
        return Answer(text=request.messages[-1].content, usage=usage)


class Reading(MemoryStore):
    """Makes a record of what a model says of an event; breaks at some."""

    name = "reading"

    def interpret(self, events: Any, view: Any) -> list[Event]:
        made = []
        for event in events:
            if "break" in event.text:
                raise ValueError(f"cannot read {event.text!r}")
            said = self.bank.chat_model(self.namespace, self.name).complete([user(event.text)])
            made.append(Event(type="read", text=said.text, caused_by=(event.id,)))
        return made

    def apply(self, event: Event, view: Any) -> ChangeSet:
        if event.type != "read":
            return ChangeSet()
        record = Record(id=view.new_id(), text=event.text, indexed={"text": event.text})
        return ChangeSet(records=(record,))


@pytest.fixture
def reading(bank: Bank, open_bank: Any) -> MemoryStore:
    from agentmem.bank import registry

    registry.register(Reading)
    return open_bank(model=Parrot()).store(MemorySpec(store="reading"), ("acme", "ada"))


# Measuring, without OpenTelemetry


def test_a_recall_tells_its_parts(bank: Bank):
    store = bank.store()
    store.observe("The kettle is red.")
    with measured() as seconds:
        assert store.recall("kettle")
    within = {"text", "dense", "neighbours", "scores"}
    assert set(seconds) == {"refresh", "embed", "filter", "candidates", "fuse", "load"} | {
        f"candidates.{name}" for name in within
    }
    assert all(spent >= 0 for spent in seconds.values())
    assert sum(seconds[f"candidates.{name}"] for name in within) <= seconds["candidates"]
    before = dict(seconds)
    store.recall("kettle")
    assert seconds == before


def test_parts_add_up_also_where_they_fail():
    with measured() as seconds:
        for _ in range(2):
            with pytest.raises(ZeroDivisionError), part("load"):
                _ = 1 / 0
    assert seconds["load"] > 0


def test_what_an_operation_measures_is_part_of_what_is_measured_around_it():
    with measured() as seconds:
        with operation("recall", limit=60.0), part("embed"):
            pass
        with part("load"):
            pass
    assert list(seconds) == ["embed", "load"]


def test_a_process_that_has_no_opentelemetry_loads_none_of_it(tmp_path):
    code = """
        import sys
        from agentmem import Bank, Settings
        bank = Bank("sqlite://", settings=Settings(embedder="hashing"))
        store = bank.store()
        store.observe("The kettle is red.")
        assert store.recall("kettle") and store.synthesize("kettle").tokens
        from agentmem.telemetry.work import IDLE, operation, part
        assert operation("recall") is IDLE and part("load") is IDLE
        print([name for name in sys.modules if name.startswith("opentelemetry")])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("what", ["trace", "metrics"])
def test_an_application_may_set_it_up_after_the_first_recall(tmp_path, what):
    code = f"""
        from opentelemetry import metrics, trace
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.trace import TracerProvider
        from agentmem import Bank, Settings
        from agentmem.telemetry.work import IDLE, operation
        store = Bank("sqlite://", settings=Settings(embedder="hashing")).store()
        store.recall("a")
        assert operation("recall") is IDLE
        if {what!r} == "trace":
            trace.set_tracer_provider(TracerProvider())
        else:
            metrics.set_meter_provider(MeterProvider())
        assert operation("recall") is not IDLE
        store.recall("a")
        assert trace.get_current_span() is trace.INVALID_SPAN
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_another_package_below_the_name_of_opentelemetry_is_no_opentelemetry(tmp_path):
    (tmp_path / "opentelemetry").mkdir()
    (tmp_path / "opentelemetry" / "__init__.py").write_text("")
    code = """
        import opentelemetry
        from agentmem.telemetry.work import IDLE, operation
        assert operation("recall") is IDLE
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr


# Spans


def test_a_recall_is_a_span_and_its_parts_are_within(told: Told, bank: Bank):
    store = bank.store()
    store.observe(f"The {SECRET} is red.")
    told.exporter.clear()
    store.recall(SECRET, k=3)
    recall = told.span("agentmem.recall")
    assert recall.attributes == {
        "agentmem.store": "episodic",
        "agentmem.k": 3,
        "agentmem.query_length": len(SECRET),
        "agentmem.hits": 1,
        "agentmem.records": 1,
        "agentmem.candidates": 1,
        "agentmem.built": 1,
    }
    names = {one.name for one in told.spans if one.parent and one.parent.span_id == recall.context.span_id}
    parts = ("refresh", "embed", "filter", "candidates", "fuse", "load")
    assert names == {f"agentmem.{name}" for name in parts}
    candidates = told.span("agentmem.candidates").context.span_id
    within = {one.name for one in told.spans if one.parent and one.parent.span_id == candidates}
    assert within == {f"agentmem.candidates.{name}" for name in ("text", "dense", "neighbours", "scores")}
    embed = told.span("embeddings hashing-64")
    assert embed.parent.span_id == told.span("agentmem.embed").context.span_id
    assert {one.context.trace_id for one in told.spans} == {recall.context.trace_id}


def test_it_is_part_of_what_the_application_traces(told: Told, bank: Bank):
    store = bank.store()
    with trace.get_tracer("application").start_as_current_span("request") as request:
        store.observe("The kettle is red.")
    observe = told.span("agentmem.observe")
    assert observe.parent.span_id == request.get_span_context().span_id
    assert trace.get_current_span() is trace.INVALID_SPAN


def test_a_synthesis_has_its_parts_too(told: Told, bank: Bank):
    store = bank.store()
    store.observe("The kettle is red.")
    told.exporter.clear()
    context = store.synthesize("kettle", budget=200)
    span = told.span("agentmem.synthesize")
    assert span.attributes["agentmem.tokens"] == context.tokens
    assert told.span("agentmem.render").parent.span_id == span.context.span_id
    assert not [one for one in told.spans if one.name == "agentmem.recall"]


def test_what_is_written_is_told_from_the_event_to_the_record(told: Told, reading: MemoryStore):
    told.exporter.clear()
    reading.observe(f"The {SECRET} is red.")
    observe = told.span("agentmem.observe")
    said = {name.removeprefix("agentmem."): value for name, value in observe.attributes.items()}
    assert said == {"events": 1, "wait": True, "stored": 1, "redacted": 0, "derived": 1, "pending": 0}
    parent_of = {one.name: one.parent and one.parent.span_id for one in told.spans}
    span_of = {one.name: one.context.span_id for one in told.spans}
    assert parent_of["agentmem.append"] == span_of["agentmem.observe"]
    assert parent_of["agentmem.append.fold"] == span_of["agentmem.append"]
    assert parent_of["agentmem.interpret"] == span_of["agentmem.observe"]
    assert parent_of["chat parrot"] == span_of["agentmem.interpret"]
    assert parent_of["agentmem.apply"] == span_of["agentmem.observe"]
    assert parent_of["agentmem.embed_records"] == span_of["agentmem.observe"]
    assert told.span("agentmem.interpret").attributes["agentmem.operations"] == 1


def test_a_call_of_a_model_follows_the_conventions(told: Told, reading: MemoryStore):
    reading.observe(f"The {SECRET} is red.")
    call = told.span("chat parrot")
    assert call.kind is trace.SpanKind.CLIENT
    assert dict(call.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "transformers",
        "gen_ai.request.model": "parrot",
        "gen_ai.request.max_tokens": 512,
        "gen_ai.request.temperature": 0.0,
        "gen_ai.output.type": "text",
        "gen_ai.usage.input_tokens": 7,
        "gen_ai.usage.output_tokens": 3,
        "gen_ai.response.finish_reasons": ("stop",),
    }
    tokens = told.sums("gen_ai.client.token.usage", "gen_ai.token.type", "gen_ai.request.model")
    assert tokens[("input", "parrot")] % 7 == 0 and tokens[("output", "parrot")] % 3 == 0
    embedded = told.span("embeddings hashing-64")
    assert (
        embedded.attributes["gen_ai.provider.name"] == "local" and embedded.attributes["agentmem.texts"] == 1
    )


def test_each_attempt_for_an_answer_of_a_schema_is_a_call(told: Told):
    with pytest.raises(ModelOutputError):
        Parrot().complete([user("no JSON")], schema=Usage)
    assert [one.name for one in told.spans] == ["chat parrot", "chat parrot"]
    with pytest.raises(Unavailable):
        Parrot().complete([user("be silent")])
    failed = told.spans[-1]
    assert failed.attributes["error.type"] == "Unavailable" and not failed.status.is_ok


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("llama", ("llama_cpp", "llama")),
        ("llama:/home/ada/m.gguf", ("llama_cpp", "m.gguf")),
        ("hf:~/models/small", ("transformers", "small")),
        ("hf:C:\\Users\\ada\\small", ("transformers", "small")),
        ("openai:meta-llama/Llama-3", ("openai", "meta-llama/Llama-3")),
        ("other", ("other", "other")),
    ],
)
def test_a_model_is_named_without_the_way_to_its_file(name, parts):
    assert _parts(name) == parts


def test_an_error_is_told_by_its_kind(told: Told, bank: Bank):
    store = bank.store()
    store.observe(Event(id=SECRET, text="one"))
    with pytest.raises(Conflict):
        store.observe(Event(id=SECRET, text="another"))
    span = told.span("agentmem.observe")
    assert span.attributes["error.type"] == "Conflict"
    assert not span.status.is_ok and not span.status.description and not span.events


def test_care_is_told(told: Told, open_bank: Any, tmp_path):
    bank = open_bank()
    store = bank.store()
    store.observe(Event(id="a", text="one"), Event(id="b", text="two"))
    bank.forget(("default",), events=["a"])
    bank.scrub(0.1)
    bank.scan()
    bank.rebuild(("default",))
    bank.reembed(HashingEmbedder(32))
    store.explain("two", "b")
    names = {one.name for one in told.spans}
    care = ("forget", "scrub", "scan", "rebuild", "reembed", "explain")
    assert {f"agentmem.{name}" for name in care} <= names
    assert told.span("agentmem.forget").attributes["agentmem.events"] == 1
    assert told.span("agentmem.reembed").attributes["agentmem.texts"] == 1


@pytest.mark.on_file
def test_a_migration_is_told_and_no_path(told: Told, bank: Bank, tmp_path):
    bank.store().observe("one")
    migrate(str(tmp_path / "bank.db"), str(tmp_path / "copy.db"))
    assert told.span("agentmem.migrate").attributes["agentmem.rows"] > 0
    assert str(tmp_path) not in told.all_of_it()


def test_writes_that_share_a_commit_are_told_in_the_traces_that_asked(told: Told, bank: Bank):
    from concurrent.futures import ThreadPoolExecutor

    store = bank.store()

    def write(n: int) -> int:
        with trace.get_tracer("application").start_as_current_span(f"request {n}") as request:
            store.observe(f"note {n}", embed=False)
            return request.get_span_context().trace_id

    with ThreadPoolExecutor(8) as pool:
        traces = list(pool.map(write, range(40)))
    for trace_id in traces:
        names = [one.name for one in told.spans if one.context.trace_id == trace_id]
        assert names.count("agentmem.append.fold") == 1


def test_a_namespace_is_told_only_where_it_was_allowed(told: Told, open_bank: Any):
    place = ("acme", "ada-lovelace")
    open_bank("one.db").store("episodic", place).recall("x")
    assert "lovelace" not in told.all_of_it()
    named = open_bank("two.db", settings=Settings(embedder="hashing", telemetry_namespace=True))
    named.store("episodic", place).recall("x")
    assert told.span("agentmem.recall").attributes["agentmem.namespace"] == "acme/ada-lovelace"
    data = told.reader.get_metrics_data()
    assert data is not None and "lovelace" not in data.to_json()


# Metrics


def test_events_are_counted_by_what_became_of_them(told: Told, open_bank: Any):
    before = told.sums("agentmem.events", "agentmem.status")
    redacted = sum(told.sums("agentmem.events.redacted").values())
    key = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    store = open_bank().store()
    store.observe(Event(id="one", text="one"), Event(id="two", text=f"my token is {key}"))
    store.observe(Event(id="one", text="one"))
    open_bank("refusing.db", screen="refuse").store().observe(f"my token is {key}")
    after = told.sums("agentmem.events", "agentmem.status")
    grown = {name: n - before.get((name,), 0) for (name,), n in after.items()}
    assert {name: n for name, n in grown.items() if n} == {"stored": 2, "duplicate": 1, "refused": 1}
    assert sum(told.sums("agentmem.events.redacted").values()) - redacted == 2
    assert key not in told.all_of_it()


def test_records_that_leave_recall_are_counted(told: Told, bank: Bank):
    before = told.sums("agentmem.records.retired", "agentmem.store").get(("episodic",), 0)
    store = bank.store()
    store.observe(Event(id="a", text="one"), Event(id="b", text="two"))
    store.retract(["a"])
    store.correct("b", "three")
    bank.rebuild(("default",))
    assert told.sums("agentmem.records.retired", "agentmem.store")[("episodic",)] - before == 2


def test_durations_are_histograms_of_seconds(told: Told, bank: Bank):
    store = bank.store()
    store.observe("The kettle is red.")
    store.recall("kettle")
    point = next(
        one
        for one in told.points("agentmem.recall.duration")
        if dict(one.attributes) == {"agentmem.store": "episodic"}
    )
    assert 0 < point.sum < 60 and point.explicit_bounds[0] == 0.001
    parts = told.sums("agentmem.part.duration", "agentmem.part")
    assert ("candidates.dense",) in parts and ("append",) in parts


def test_what_is_pending_is_counted_when_it_is_collected(told: Told, reading: MemoryStore):
    def waiting() -> dict[str, int]:
        found = told.sums("agentmem.pending", "agentmem.store", "agentmem.state")
        return {state: n for (store, state), n in found.items() if store == "reading" and n}

    assert waiting() == {}
    reading.observe("break here", "read this")
    assert waiting() == {"failed": 1}
    reading.bank.forget(reading.namespace, everything=True)
    assert waiting() == {}


# Nothing that was said


def test_nothing_that_was_said_is_told(told: Told, reading: MemoryStore, open_bank: Any):
    reading.observe(f"break the {SECRET}", f"keep the {SECRET}", f"be silent, {SECRET}")
    store = reading.bank.store("episodic", reading.namespace)
    hit = store.recall(SECRET, filter=f'text != "{SECRET}"')[0]
    store.correct(hit.id, f"it is no {SECRET}", why=SECRET)
    store.put(SECRET, SECRET, metadata={"word": SECRET})
    store.synthesize(SECRET)
    store.explain(SECRET, hit.id)
    with pytest.raises(InvalidInput):
        store.recall(SECRET, steps=(SECRET,))
    with pytest.raises(NotFound):
        store.explain(SECRET, SECRET)
    reading.retry()
    reading.bank.forget(reading.namespace, everything=True)
    assert {"agentmem.interpret", "agentmem.explain", "agentmem.forget"} <= {one.name for one in told.spans}
    assert SECRET not in told.all_of_it()


def test_a_fact_that_nobody_asks_for_goes_nowhere():
    fact("records", 1)
    with measured() as seconds:
        fact("records", 1)
    assert json.dumps(seconds) == "{}"
