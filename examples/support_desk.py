"""A help desk that forgets what is over and keeps what helps: a quarter of it, in simulated time.

Tickets fade within days, and an outage with them; a workaround that helps rises to what holds for the
product, and one that nobody needs any more falls, and is gone after months. No language model is involved.
Run it: `python examples/support_desk.py [FILE]`; then `agentmem --db FILE --namespace desk layers show`.
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta

from agentmem import Bank, MemorySpec
from agentmem.stores.layered.store import LayeredMemory

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = 90
KNOWN = {
    "passwords": ("policy", "A password is reset by the manager of the team, never by phone", 0),
    "scanner": ("manual", "The scanner sends at most 50 pages at once to the folder Scans", 0),
    "spooler": ("workaround", "A printer that prints nothing: restart its spooler", 4),
    "vpn": ("workaround", "A VPN that drops: switch off the power saving of the adapter", 14),
    "outage": ("incident", "Mail is down for everybody, the provider works on it", 21),
}
"""What the desk is told: by its id the kind, the text, and on which day."""
TROUBLES = {
    "The printer on floor {floor} prints nothing": "spooler",
    "No page comes out of the printer in room {floor}07": "spooler",
    "The VPN of {who} drops again and again": "vpn",
    "{who} has forgotten the password": "passwords",
    "The monitor of {who} flickers": None,
    "{who} asks for a second keyboard": None,
}
"""Tickets, and what solves them."""
KEPT = 'type != "ticket"'
PEOPLE = ("Ada", "Ben", "Chiara", "Dev", "Elif")
SEEN_BEFORE = 0.2
"""How often the last ticket of the same trouble helps with the next one."""
NEW_ADAPTERS = 24
"""The day from which no VPN drops any more."""


def live(desk: LayeredMemory) -> dict[str, str]:
    """A quarter: some tickets a day, and feedback to what solved them; the items by name."""
    chance = random.Random(7)  # noqa: S311  of an example
    items: dict[str, str] = {}
    last: dict[str, str] = {}
    for number in range(DAYS):
        today = BEGIN + number * DAY
        for name, (kind, text, day) in KNOWN.items():
            if day == number:
                items[name] = desk.note(text, kind=kind, time=today, id=name)
        for place, (trouble, cure) in enumerate(chance.sample(list(TROUBLES.items()), 2)):
            if cure == "vpn" and number >= NEW_ADAPTERS:
                continue
            at, who, floor = today + (place + 1) * DAY / 8, chance.choice(PEOPLE), chance.randint(1, 4)
            helps = [items[cure]] if cure in items else []
            if trouble in last and chance.random() < SEEN_BEFORE:
                helps.append(last[trouble])
            ticket = trouble.format(who=who, floor=floor)
            last[trouble] = desk.note(ticket, kind="ticket", time=at, id=f"T-{number}-{place}", actor=who)
            if helps:
                desk.feedback(helps, "helped", time=at + DAY / 24)
    desk.advance(BEGIN + DAYS * DAY)
    return items


def standing(desk: LayeredMemory, id: str, at: datetime) -> str:
    """Where an item stands at a moment, in words."""
    stand = desk.standing(id, at)
    if stand is None:
        return "not there yet"
    return f"{'faded from' if stand.faded else 'in'} {stand.layer}, importance {stand.importance:.0f}"


def main(path: str) -> None:
    with Bank(path) as bank:
        spec = MemorySpec(store="layered", options={"policy": "support_desk"})
        desk = bank.store(spec, ("desk",))
        assert isinstance(desk, LayeredMemory)
        items = live(desk)
        middle, end = BEGIN + 22 * DAY, BEGIN + DAYS * DAY
        august = BEGIN + 210 * DAY  # as it will be if nobody asks for anything any more

        for at in (middle, end, august):
            counts = ", ".join(f"{count} {layer}" for layer, count in desk.population(at).items())
            print(f"{at:%d %B}: {counts}")
            for name, id in items.items():
                print(f"  {name:9}  {standing(desk, id, at)}")

        print("what moves the workaround for the VPN:")
        for move in desk.moves(items["vpn"], august):
            where = f"from {move.source}" if move.kind == "faded" else f"to {move.target}"
            print(f"  {move.at:%d %B}: {move.kind} {where} at importance {move.importance:.0f}")

        question = "The VPN of Ben drops"
        for at in (middle, august):
            print(f"{question!r}, asked on {at:%d %B}; what is no ticket, by layer:")
            found = desk.recall_layers(question, at=at, k=1, filter=KEPT)
            for layer, hits in found.items():
                for hit in hits:
                    parts = ", ".join(f"{name} {part:.2f}" for name, part in hit.parts.items())
                    print(f"  {layer:8}  {hit.record.text} ({parts})")
            if not any(found.values()):
                print("  nothing is relevant any more")
        print(f"and the workaround: {desk.explain(question, items['vpn'], at=august).reason}")

        assert bank.events(("desk",), ["vpn"]), "what has faded is in the journal"


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "desk.db")
