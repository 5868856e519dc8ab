"""PDDL text as a tree of words in brackets, each with its line; what is wrong is told with file and line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agentmem.errors import FormatError

_TOKEN = re.compile(r"[()]|[^\s()]+")
_SECTION_DEPTH = 1
"""Sections, `(:init …)` and the like, stand in `(define …)` and nowhere deeper."""


@dataclass(frozen=True)
class Word:
    """A word of a PDDL file, in small letters, and the line it stands in."""

    text: str
    line: int


@dataclass(frozen=True)
class Group:
    """What stands between two brackets, and the line of the first."""

    items: tuple[Word | Group, ...]
    line: int

    @property
    def head(self) -> str:
        """The word it begins with; empty where it begins with none."""
        return self.items[0].text if self.items and isinstance(self.items[0], Word) else ""


@dataclass(frozen=True)
class Source:
    """Where a text is from, for messages."""

    file: str

    def fault(self, line: int, message: str, remedy: str = "") -> FormatError:
        """The error that names file and line."""
        return FormatError(f"{self.file}, line {line}: {message}", remedy)

    def unknown(self, what: str, word: Word, known: Iterable[str], remedy: str = "") -> FormatError:
        """The error of a name that is not declared, with the nearest that is."""
        near = difflib.get_close_matches(word.text, list(known), n=1)
        hint = f"did you mean `{near[0]}`?" if near else remedy
        return self.fault(word.line, f"there is no {what} `{word.text}`", hint)

    def word(self, item: Word | Group, what: str) -> Word:
        """`item`, which must be a word.

        Raises:
            FormatError: it stands in brackets.
        """
        if isinstance(item, Word):
            return item
        raise self.fault(item.line, f"{what} must be a name, not something in brackets")


def read_brackets(text: str, file: str) -> Group:
    """The one `(define …)` of a PDDL text.

    Raises:
        FormatError: brackets do not match, or there is no such group, or more than it.
    """
    source = Source(file)
    open_groups: list[tuple[int, list[Word | Group]]] = []
    found: list[Group] = []
    before = ""
    for word, line in _tokens(text):
        if word == "(":
            open_groups.append((line, []))
        elif word == ")":
            if not open_groups:
                raise source.fault(line, "a `)` too many", "remove it, or one that closes too early")
            started, items = open_groups.pop()
            group = Group(tuple(items), started)
            (open_groups[-1][1] if open_groups else found).append(group)
        elif not open_groups:
            raise source.fault(line, f"`{word}` stands outside of `(define …)`", "remove it")
        else:
            if before == "(" and word.startswith(":") and len(open_groups) > _SECTION_DEPTH + 1:
                raise source.fault(
                    open_groups[_SECTION_DEPTH][0],
                    f"a `)` is missing: what opens here is not closed before `({word}` in line {line}",
                    "count the brackets of this section",
                )
            open_groups[-1][1].append(Word(word.lower(), line))
        before = word
    if open_groups:
        line = open_groups[-1][0]
        raise source.fault(
            line, "a `)` is missing at the end: what opens here is not closed", "count the brackets"
        )
    if not found:
        raise source.fault(1, "there is no `(define …)`", "give a PDDL file")
    if len(found) > 1 or found[0].head != "define":
        odd = next((group for group in found if group.head != "define"), found[-1])
        raise source.fault(
            odd.line, "a PDDL file is one `(define …)`", "put domain and problem into a file each"
        )
    return found[0]


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(text.splitlines(), start=1):
        for found in _TOKEN.finditer(line.partition(";")[0]):
            yield found[0], number
