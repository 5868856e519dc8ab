"""What stores are shown where their author gives nothing else: a short talk, with all kinds of sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from agentmem.records import Event, Trust

TALK: tuple[Event, ...] = (
    Event(actor="Ines", session="kitchen", text="I am planning a dinner for six people on Friday."),
    Event(actor="assistant", session="kitchen", text="Shall I look for a recipe?", trust=Trust.AGENT),
    Event(actor="Ines", session="kitchen", text="Yes, and I prefer fish over meat."),
    Event(
        type="tool_result",
        actor="recipes",
        session="kitchen",
        text="Found: baked trout with almonds, forty minutes.",
        data={"call": {"name": "search", "arguments": {"q": "fish"}}, "n": 1},
        trust=Trust.TOOL,
    ),
    Event(actor="Ines", session="errands", text="Actually we will be eight, my cousins come too."),
    Event(
        actor="blog", session="errands", text="Trout is best in late spring, says a page.", trust=Trust.WEB
    ),
    Event(actor="Ines", session="errands", text="My favourite drink is elderflower lemonade."),
    Event(actor="Tomas", session="errands", text="今晚我会带甜点来。 I bring the dessert 🍰"),
)


def dated(samples: Sequence[Event | str], start: datetime) -> tuple[Event, ...]:
    """`samples` with ids, and a minute apart from `start` on, where they say nothing of it."""
    events = [Event(text=sample) if isinstance(sample, str) else sample for sample in samples]
    return tuple(
        event.model_copy(
            update={
                "id": event.id or f"sample-{place}",
                "time": event.time or start + timedelta(minutes=place),
            }
        )
        for place, event in enumerate(events)
    )
