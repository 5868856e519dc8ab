"""Selection over a bank: the corpus is what the memory knows, the question is a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentmem.bank.view import View
from agentmem.records import Hit, Query
from agentmem.retrieval import pipeline

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank

METHODS = ("full",)


def retrieve(query: Query, view: View, bank: Bank, method: str) -> list[Hit]:
    """The hits for a problem."""
    return pipeline.retrieve(query, view)
