"""The readable copy of a memory: pages to edit and bring back, and the copy of one person."""

from agentmem.readable.bringing import MarkdownReport, bring_back
from agentmem.readable.pages import Copied, write_copy
from agentmem.readable.persons import PersonCopy, PersonErasure, erase_person, export_person

__all__ = [
    "Copied",
    "MarkdownReport",
    "PersonCopy",
    "PersonErasure",
    "bring_back",
    "erase_person",
    "export_person",
    "write_copy",
]
