"""Where a page ends: what is listed stays as it was at the first page, whatever is written meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agentmem.errors import InvalidInput

_FORM = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,9}))?")


@dataclass(frozen=True)
class Cursor:
    """A place in a list.

    Attributes:
        seq: The number of a change: of the last event that was listed, or as of which records are listed.
        offset: How many records were listed.
    """

    seq: int
    offset: int = 0

    def __str__(self) -> str:
        return f"{self.seq}.{self.offset}" if self.offset else str(self.seq)

    def after(self, count: int) -> Cursor:
        """The place so many further."""
        return Cursor(self.seq, self.offset + count)

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The cursor that an answer gave.

        Raises:
            InvalidInput: none did.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise InvalidInput(f"{text!r:.60} is no cursor", "give `next` of the page before, as it is")
        return cls(int(found[1]), int(found[2] or 0))
