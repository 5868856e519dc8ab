"""A support desk that learns: fixes of solved tickets become concepts, and a new ticket is shown some.

The steps are typed functions. A fix is a small program of them; what it calls becomes concepts, without a
language model. Run it: `python examples/support_fixes.py [FILE]`; then `agentmem --db FILE concepts graph`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NewType

from agentmem import Bank, MemorySpec
from agentmem.stores.concept.routines import library_of, register
from agentmem.stores.concept.store import ConceptMemory

Ticket = NewType("Ticket", str)
Service = NewType("Service", str)
Volume = NewType("Volume", str)
Key = NewType("Key", str)
Release = NewType("Release", str)
Status = NewType("Status", str)


def affected_service(ticket: Ticket) -> Service:
    """The service that a ticket complains of."""
    return Service(ticket.split()[0])


def restart_service(service: Service) -> Status:
    """Stop a service that hangs or does not answer, and start it again."""
    return Status(f"{service} restarted")


def clear_cache(service: Service) -> Status:
    """Drop what a service keeps: for pages, prices or pictures that are out of date."""
    return Status(f"cache of {service} cleared")


def fullest_volume(service: Service) -> Volume:
    """The disk of a service that has least room."""
    return Volume(f"{service}-data")


def grow_volume(volume: Volume) -> Status:
    """Give a disk that is full more room."""
    return Status(f"{volume} grown")


def signing_key(service: Service) -> Key:
    """The key or certificate with which a service proves who it is."""
    return Key(f"{service}-key")


def rotate_key(key: Key) -> Status:
    """Replace a key or certificate that has expired or leaked."""
    return Status(f"{key} rotated")


def last_good_release(service: Service) -> Release:
    """The newest release of a service that ran without errors."""
    return Release(f"{service}@41")


def roll_back(service: Service, release: Release) -> Status:
    """Go back to an earlier release, after an update that broke something."""
    return Status(f"{service} runs {release}")


def on_each_host(fix: Callable[[Service], Status], service: Service) -> Status:
    """Do the same fix on every host of a service, one after the other."""
    return fix(service)


STEPS = (
    affected_service,
    restart_service,
    clear_cache,
    fullest_volume,
    grow_volume,
    signing_key,
    rotate_key,
    last_good_release,
    roll_back,
    on_each_host,
)

SOLVED = {
    "T-101": (
        "The shop shows last week's prices although they were changed",
        "def fix(ticket):\n    return clear_cache(affected_service(ticket))",
    ),
    "T-102": (
        "Checkout does not answer any more, every request runs into a timeout",
        "def fix(ticket):\n    return restart_service(affected_service(ticket))",
    ),
    "T-103": (
        "Mail cannot be stored: no space left on the device",
        "def fix(ticket):\n    return grow_volume(fullest_volume(affected_service(ticket)))",
    ),
    "T-104": (
        "Partners cannot log in, the certificate of the gateway has expired",
        "def fix(ticket):\n    return rotate_key(signing_key(affected_service(ticket)))",
    ),
    "T-105": (
        "Since the update of this morning the search gives errors",
        "def fix(ticket):\n    service = affected_service(ticket)\n"
        "    return roll_back(service, last_good_release(service))",
    ),
    "T-106": (
        "Old product pictures are still delivered by all servers",
        "def fix(ticket):\n    return on_each_host(clear_cache, affected_service(ticket))",
    ),
    "T-107": (
        "Backups fail because the disk of the archive is full",
        "def fix(ticket):\n    return grow_volume(fullest_volume(affected_service(ticket)))",
    ),
}
NEW = "Customers still see the banner of yesterday on the start page"


def main(path: str) -> None:
    register(library_of("support", STEPS))
    with Bank(path) as bank:
        spec = MemorySpec(store="concept", options={"abstractor": "code", "library": "support"})
        desk = bank.store(spec, ("desk",))
        assert isinstance(desk, ConceptMemory)
        for name, (ticket, fix) in SOLVED.items():
            desk.attempted(ticket, fix, problem=name, language="python", solved=True)
        wrong = desk.attempted("The printer is on fire", "restart it", problem="T-108")
        desk.judge(wrong, solved=False)

        print(f"{len(desk.concepts())} concepts from {len(SOLVED)} tickets; for a new one:")
        hits = desk.recall(NEW, k=3)
        print(desk.synthesize(NEW, budget=300, k=3).text)
        assert "clear cache" in [desk.concept(hit.id).title for hit in hits]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "support.db")
