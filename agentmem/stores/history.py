"""Baselines that are allowed to win: the history itself, whole, truncated, or its newest turns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import JsonValue

from agentmem.bank.view import View
from agentmem.records import Hit, Query
from agentmem.retrieval import pipeline
from agentmem.stores.base import MemoryStore
from agentmem.stores.episodic import EpisodicStore


class FullHistory(EpisodicStore):
    """Everything, from the beginning; what the budget does not hold is named in `left_out`."""

    name: ClassVar[str] = "full"
    newest_first: ClassVar[bool] = False

    @property
    def shelf(self) -> str:
        """It reads the episodic records."""
        return EpisodicStore.name

    def folding(self) -> list[MemoryStore]:
        """It keeps nothing of its own."""
        return [EpisodicStore(self.bank, self.namespace)]

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        """All records that pass the query's filters, in the order in which the budget takes them."""
        return pipeline.everything(query, view, newest_first=self.newest_first)


class TruncatedHistory(FullHistory):
    """As many of the newest turns as the budget holds."""

    name: ClassVar[str] = "truncated"
    newest_first: ClassVar[bool] = True


class SlidingHistory(TruncatedHistory):
    """The newest `window` turns."""

    name: ClassVar[str] = "sliding"
    options: ClassVar[Mapping[str, JsonValue]] = {**EpisodicStore.options, "window": 20}

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        """The newest `window` records that pass the query's filters."""
        return super().retrieve(query, view)[: self.option("window")]
