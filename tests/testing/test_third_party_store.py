"""The store of the documentation: it does what the page says, and conforms."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from agentmem import Bank, Event, Trust
from agentmem.testing import HandClock, conformance

ROOT = Path(__file__).parents[2]
PATH = ROOT / "examples" / "third_party_store.py"
NS = ("somebody",)


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("third_party_store", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["third_party_store"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow  # the fast checks run with the examples
def test_the_store_of_the_page_conforms(example: ModuleType) -> None:
    report = conformance(example.Preferences, samples=example.SAID, slow=True)
    assert report.passed, str(report)
    assert {outcome.result for outcome in report.outcomes} == {"passed"}


def test_a_preference_said_otherwise_changes_and_keeps_its_history(
    example: ModuleType, bank: Bank, clock: HandClock
) -> None:
    store = bank.store(example.Preferences, NS)
    store.observe(Event(actor="Ines", text="I prefer tea over coffee."))
    clock.forward(days=1)
    store.observe(Event(actor="Ines", text="These days I prefer coffee over tea."))
    assert store.of("Ines") == ["Ines prefers coffee over tea."]
    told = [version.record.text for version in store.history(store.select()[0].id)]
    assert told == ["Ines prefers tea over coffee.", "Ines prefers coffee over tea."]


def test_a_preference_said_again_gains_a_source(example: ModuleType, bank: Bank) -> None:
    store = bank.store(example.Preferences, NS)
    said = [
        store.observe(Event(actor="Ines", text="My favourite colour is green."))[0].event_id for _ in range(2)
    ]
    assert len(store.select()) == 1
    assert set(said) <= set(store.select()[0].sources)


def test_a_page_of_the_web_does_not_change_what_somebody_said(example: ModuleType, bank: Bank) -> None:
    store = bank.store(example.Preferences, NS)
    store.observe(Event(actor="Ines", text="My favourite colour is green."))
    store.observe(Event(actor="Ines", text="My favourite colour is red.", trust=Trust.WEB))
    assert store.select('trust = "user"')[0].state == "live"
    assert store.select('trust = "web"')[0].text == "Ines's favourite colour is red."


def test_the_page_shows_the_example_as_it_is() -> None:
    page, code = (ROOT / "docs" / "stores.md").read_text(), PATH.read_text()
    shown = code[code.index("import json") : code.index("\n\nSAID")]
    assert shown in page
