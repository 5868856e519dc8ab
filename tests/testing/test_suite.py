"""The suite can fail: small broken stores fail the right check, and the report says so."""

from __future__ import annotations

import importlib.util
import random
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import ClassVar

import pytest

from agentmem import ChangeSet, Context, Event, Hit, Later, MemoryStore, Query, Record, View
from agentmem.bank import ApplyView, registry
from agentmem.errors import InvalidInput, NotFound
from agentmem.retrieval import pipeline
from agentmem.stores import EpisodicStore, FullHistory
from agentmem.synthesis.pack import pack
from agentmem.testing import DoesNotApply, Report, StoreConformance, Trial, checks, conformance, expect
from agentmem.testing.report import Outcome


class Notes(MemoryStore):
    """The sound store that the others break: one record an observation."""

    name: ClassVar[str] = "notes"

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        return ChangeSet() if event.store else ChangeSet(records=(self.note(event, view.new_id()),))

    def note(self, event: Event, id: str) -> Record:
        text = event.text
        return Record(
            id=id, text=text, sources=(event.id,), time=event.time, indexed={"text": text} if text else {}
        )


class Lossy(EpisodicStore):
    """Loses what is said by tools."""

    name: ClassVar[str] = "lossy"

    @property
    def shelf(self) -> str:
        return self.name

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        return ChangeSet() if event.trust == "tool" else super().apply(event, view)


class Forgetting(FullHistory):
    """Recalls all but what comes late."""

    name: ClassVar[str] = "forgetting"

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        return super().retrieve(query, view)[:5]


class Dicing(Notes):
    """Its ids are drawn by chance."""

    name: ClassVar[str] = "dicing"

    def note(self, event: Event, id: str) -> Record:
        return super().note(event, str(uuid.uuid4()))


class Clocked(Notes):
    """Looks at the clock."""

    name: ClassVar[str] = "clocked"

    def note(self, event: Event, id: str) -> Record:
        return super().note(event, id).revised(payload={"made": time.perf_counter_ns()})


class Lavish(Notes):
    """Spends twice its budget."""

    name: ClassVar[str] = "lavish"

    def render(self, query: Query, hits: Sequence[Hit], view: View, budget: int) -> Context:
        return pack(hits, 2 * budget).model_copy(update={"budget": budget})


class Miscounting(Notes):
    """Says that its contexts are cheap."""

    name: ClassVar[str] = "miscounting"

    def render(self, query: Query, hits: Sequence[Hit], view: View, budget: int) -> Context:
        return pack(hits, 2 * budget).model_copy(update={"budget": budget, "tokens": budget})


class Unfenced(Notes):
    """Prints what it recalls as it is."""

    name: ClassVar[str] = "unfenced"

    def render(self, query: Query, hits: Sequence[Hit], view: View, budget: int) -> Context:
        packed = pack(hits, budget)
        text = "\n".join(hit.text for hit in hits)
        return packed.model_copy(update={"text": text, "recalled": text})


class Leaky(Notes):
    """Reads all namespaces."""

    name: ClassVar[str] = "leaky"

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        places = self.bank.namespaces()
        views = [self.bank.view(place, store=self.shelf) for place in places]
        return [hit for one in views for hit in pipeline.retrieve(query, one)]


class Stubborn(Notes):
    """Recalls whatever it ever held."""

    name: ClassVar[str] = "stubborn"

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        return [Hit(record=record, score=0.0, parts={}) for record in view.select()]


class Hoarding(Notes):
    """Keeps what it recalled beside the bank."""

    name: ClassVar[str] = "hoarding"
    hoard: ClassVar[dict[str, Hit]] = {}

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        self.hoard.update({hit.id: hit for hit in super().retrieve(query, view)})
        return list(self.hoard.values())


class Unaccountable(Notes):
    """Its scores come from nowhere."""

    name: ClassVar[str] = "unaccountable"

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        return [
            hit.model_copy(update={"score": hit.score + random.random()})
            for hit in super().retrieve(query, view)
        ]


class Repeating(Notes):
    """Derives what it was shown before once more."""

    name: ClassVar[str] = "repeating"

    def interpret(self, events: Sequence[Event], view: View) -> list[Event] | Later:
        past = reversed(view.events())
        return [Event(type="seen", text=event.text, caused_by=(event.id,)) for event in past]


@pytest.fixture(autouse=True)
def _registered_stores_stay_as_they_were() -> Iterator[None]:
    before = dict(registry._registered)
    yield
    registry._registered.clear()
    registry._registered.update(before)


@pytest.mark.parametrize(
    ("store", "check", "reason"),
    [
        (
            Lossy,
            "round_trip",
            "'Found: baked trout with almonds, forty minutes.' was observed, and 'lossy' does not",
        ),
        (Forgetting, "round_trip", "does not recall it"),
        (Dicing, "rebuilt", "not what the journal says"),
        (Clocked, "rebuilt", "not what the journal says"),
        (Lavish, "budget", "the context costs"),
        (Miscounting, "budget", "and says"),
        (Unfenced, "hostile_text", "characters that a reader cannot see"),
        (Leaky, "isolation", "recalls records of"),
        (Stubborn, "corrected", "was corrected, and is recalled"),
        (Stubborn, "retracted", "a retracted record is recalled"),
        (Stubborn, "undone", "was corrected, and is recalled"),
        (Stubborn, "expired", "what has expired is recalled"),
        (Hoarding, "forgotten", "was forgotten, and 'hoarding' recalls"),
        (Unaccountable, "explained", "its parts sum to"),
        (Repeating, "failed_derivation", "derived twice"),
    ],
)
def test_a_broken_store_fails_the_right_check(store: type[MemoryStore], check: str, reason: str) -> None:
    report = conformance(store, only=[check])
    assert not report.passed
    assert reason in report[check].reason
    assert check in report[check].trace


def test_the_sound_store_that_they_break_passes_all_that_they_fail() -> None:
    names = {
        "round_trip",
        "budget",
        "isolation",
        "corrected",
        "retracted",
        "undone",
        "expired",
        "forgotten",
        "explained",
    }
    report = conformance(Notes, only=names)
    assert report.passed, str(report)


def test_what_does_not_apply_says_why() -> None:
    report = conformance(FullHistory, only=["failed_derivation", "rebuilt"])
    assert [outcome.result for outcome in report.outcomes] == ["not applicable"] * 2
    assert "interprets nothing" in report["failed_derivation"].reason
    assert "keeps no records" in report["rebuilt"].reason
    assert not report.passed


def test_an_error_in_the_store_is_a_failure_with_its_name_and_trace() -> None:
    class Broken(Notes):
        name: ClassVar[str] = "broken"

        def retrieve(self, query: Query, view: View) -> list[Hit]:
            raise ZeroDivisionError("no reason")

    report = conformance(Broken, only=["budget", "restated"])
    assert report["budget"].reason == "ZeroDivisionError: no reason"
    assert "in retrieve" in report["budget"].trace


def test_an_apply_that_fails_is_a_failure_with_its_error() -> None:
    class Unable(Notes):
        name: ClassVar[str] = "unable"

        def note(self, event: Event, id: str) -> Record:
            raise ZeroDivisionError("no reason")

    report = conformance(Unable, only=["round_trip"])
    assert "ZeroDivisionError: no reason" in report["round_trip"].reason


def test_a_report_is_a_table_and_a_value() -> None:
    outcomes = (
        Outcome(check="one", promise="It holds.", result="passed", seconds=0.5),
        Outcome(
            check="another", promise="It holds too.", result="failed", reason="it does not " * 20, trace="…"
        ),
        Outcome(check="third", promise="Never asked.", result="not applicable", reason="no such thing"),
    )
    report = Report(store="mine", outcomes=outcomes)
    printed = str(report)
    assert printed.splitlines()[1].split() == ["one", "passed", "0.50", "It", "holds."]
    assert printed.endswith("mine does not conform: 1 passed, 1 failed, 1 not applicable")
    assert max(map(len, printed.splitlines())) <= 118
    assert [outcome.check for outcome in report.failed] == ["another"]
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_an_unknown_check_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(NotFound, match="round_trip"):
        conformance("episodic", only=["no_such_check"])


def test_a_script_that_a_second_process_imports_does_not_start_the_suite_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spec = importlib.util.find_spec("agentmem.testing.other_process")
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", spec)
    with pytest.raises(InvalidInput, match="__name__"):
        conformance("episodic", only=["budget"])


def test_checks_are_free_functions_that_say_what_they_hold_a_store_to() -> None:
    for check in checks(slow=True):
        assert check.__doc__
        assert check.__doc__.partition("\n")[0].endswith(".")
    assert "killed" not in {check.__name__ for check in checks()}


def test_authors_add_checks_of_their_own_to_a_test_class(tmp_path: object) -> None:
    def greets(trial: Trial) -> None:
        """It greets."""
        expect(trial.store().observe("Hello.")[0].status == "stored", "no greeting")

    def flies(trial: Trial) -> None:
        """It flies."""
        raise DoesNotApply("it has no wings")

    class OfMine(StoreConformance):
        store = Notes

    OfMine().test_conforms(greets, tmp_path)  # type: ignore[arg-type]
    with pytest.raises(pytest.skip.Exception, match="no wings"):
        OfMine().test_conforms(flies, tmp_path)  # type: ignore[arg-type]
