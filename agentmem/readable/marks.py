r"""Marks of a page, and text between them: what memory holds is escaped, so that no text can pass for a mark.

A mark is an HTML comment that stands alone on a line. Text stands in a quote (`> `), in which every character
that means something in Markdown has a backslash before it, as CommonMark reads it, and what no eye sees is
written as a number (`&#9;`). So a `<` of memory is always `\<`, and only ours begins a mark.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import Literal
from urllib.parse import quote, unquote

from agentmem.errors import FormatError
from agentmem.records import Value

What = Literal["statement", "task", "data"]
"""What stands under a mark: the text of a record, the value of a step, or what is only shown."""
OPENING = "<!-- agentmem"
_MARK = re.compile(r"<!-- agentmem (statement|task|data) ([A-Za-z0-9._~%-]+)@([0-9]{1,9}) -->")
_PAGE = re.compile(r"<!-- agentmem page ([A-Za-z0-9._~%/-]+) -->")
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
"""Controls, ends of lines that are none here, and what turns the direction of writing."""
_EDGES = re.compile(r"^[ \t]|[ \t]+$")
_BLOCK = re.compile(r"^(?:[#=+-]|[0-9]{1,9}(?=[.)]))")
"""What would begin a heading, a rule or a list."""
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|&#([0-9]{1,7});")
_SLUG = 40
_DIGITS = 16
_DIGEST = 16
_SURROGATES = range(0xD800, 0xE000)
_LAST = 0x10FFFF


class Marked(Value):
    """A piece of a page: what a mark names, and the text under it.

    Attributes:
        what: What it is.
        id: The record.
        version: Its version when the page was written.
        text: The text as it stands there now.
        line: The number of the mark's line, from 1.
    """

    what: What
    id: str
    version: int
    text: str
    line: int


def mark(what: What, id: str, version: int) -> str:
    """The mark of a record's version."""
    return f"{OPENING} {what} {_quoted(id)}@{version} -->"


def page_mark(path: str) -> str:
    """The mark with which a page begins."""
    return f"{OPENING} page {path} -->"


def _quoted(text: str) -> str:
    return quote(text, safe="").replace("--", "-%2D").replace("--", "-%2D")


def quoted(text: str) -> list[str]:
    """The lines of a quote that says `text`; `marked` reads it again, character by character."""
    return [f"> {told}" if (told := _escaped(line)) else ">" for line in text.split("\n")]


def inline(text: str) -> str:
    """`text` on one line, for a heading or the words of a link."""
    return _escaped(" ".join(text.split()))


def _escaped(line: str) -> str:
    told = _SPECIAL.sub(r"\\\g<0>", line)
    told = _UNSEEN.sub(lambda found: f"&#{ord(found[0])};", told)
    if (block := _BLOCK.match(told)) is not None:
        place = 0 if not block[0].isdigit() else block.end()
        told = f"{told[:place]}\\{told[place:]}"
    return _EDGES.sub(lambda found: "".join(f"&#{ord(one)};" for one in found[0]), told)


def _plain(line: str) -> str:
    def one(found: re.Match[str]) -> str:
        if found[1] is not None:
            return found[1]
        number = int(found[2])
        return chr(number) if 0 < number <= _LAST and number not in _SURROGATES else found[0]

    return _ESCAPE.sub(one, line)


def marked(text: str, file: str) -> list[Marked]:
    """The pieces of a page.

    Raises:
        FormatError: a mark is broken, or text stands where none is read; file and line are named.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    found: list[Marked] = []
    place = 0
    while place < len(lines):
        line = lines[place].rstrip()
        place += 1
        if not _holds_opening(line):
            continue
        if _PAGE.fullmatch(line):
            continue
        mark = _MARK.fullmatch(line)
        if mark is None:
            raise _broken(file, place, "this is no mark of agentmem", "write `\\<` for a < of the text")
        begun, said = place, []
        while place < len(lines) and lines[place].startswith(">"):
            if _holds_opening(lines[place]):
                raise _broken(file, place + 1, "a mark stands in a quote", "write `\\<` for a < of the text")
            said.append(_plain(lines[place][1:].removeprefix(" ").rstrip(" \t\r")))
            place += 1
        if place < len(lines) and lines[place].strip():
            raise _broken(
                file,
                place + 1,
                "this line follows a statement without `> `",
                "begin it with `> `, or leave a line free",
            )
        if not "".join(said).strip():
            raise _broken(
                file, begun, "no text stands under the mark", "to delete a statement, delete its mark too"
            )
        found.append(
            Marked(
                what=mark[1],
                id=unquote(mark[2]),
                version=int(mark[3]),
                text="\n".join(said),
                line=begun,
            )
        )
    return found


def _holds_opening(line: str) -> bool:
    """Whether something on a line begins a mark, well written or not; an escaped `<` does not."""
    return re.search(r"(?<!\\)<!-*\s*agentmem", line, re.IGNORECASE) is not None


def _broken(file: str, line: int, what: str, remedy: str) -> FormatError:
    return FormatError(f"{file}, line {line}: {what}", remedy)


def digest(text: str) -> str:
    """The start of the SHA-256 of a text, in hexadecimal: whether it is the same is seen by it."""
    return sha256(text.encode()).hexdigest()[:_DIGEST]


def file_name(name: str, id: str) -> str:
    """A name for a file, of small letters, digits and hyphens alone: readable, and told apart by `id`."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_SLUG].strip("-")
    apart = digest(id)[:_DIGITS]
    return f"{slug}-{apart}.md" if slug else f"{apart}.md"
