"""What a caller may choose about packing and rendering."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agentmem.records import Value


class PackPolicy(Value):
    """How hits become prompt text.

    Attributes:
        order: `chronological` (as it happened) or `ranked` (best first).
        headers: In chronological order, a line with date and session where a session begins.
        show_label: Print each piece's label.
        show_time: Print each piece's time.
        show_minute: Print it to the minute; else the day.
        show_trust: Print where each piece comes from, in brackets after the actor.
        show_ids: Print each piece's citation `id@version`. The labels are mapped to ids either way;
            a UUID costs some 35 tokens a piece.
        cut: Cut the best piece that did not fit, if room is left.
        least: Tokens; room below this is left empty, and no piece is cut to less.
        dedupe: Leave out near duplicates of better pieces by the same actor.
        jaccard: Share of words and word pairs from which two texts are near duplicates.
        contained_words: A text of at least so many words that stands within a better one is left out.
        label_prefix: What stands before the number in a label: `a` gives [a1].
    """

    order: Literal["chronological", "ranked"] = "chronological"
    headers: bool = True
    show_label: bool = True
    show_time: bool = True
    show_minute: bool = True
    show_trust: bool = True
    show_ids: bool = False
    cut: bool = True
    least: int = Field(default=8, ge=1)
    dedupe: bool = True
    jaccard: float = Field(default=0.9, gt=0.0, le=1.0)
    contained_words: int = Field(default=5, ge=1)
    label_prefix: str = Field(default="", pattern="^[a-z]*$")

    def label(self, number: int) -> str:
        """What the prompt calls its piece of this number, from 1: `[1]`."""
        return f"[{self.label_prefix}{number}]"
