"""Records as resources of MCP: the newest are listed, every one can be read by its id."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from mcp.server.mcpserver.exceptions import ResourceNotFoundError
from mcp.types import Resource

from agentmem.agents.tools import uncited
from agentmem.bank.spec import MemorySpec
from agentmem.records import Namespace
from agentmem.synthesis.render import inline

if TYPE_CHECKING:
    from agentmem.bank import Bank

TEMPLATE = "agentmem://record/{+id}"
JSON = "application/json"
LISTED = 50
"""Records that are listed, the newest."""
SHOWN = 120
"""Characters of each in the list."""
BEFORE = datetime(1, 1, 1, tzinfo=UTC)
"""When a record was made that has no time: before all others."""


class Records:
    """The records of one namespace's memory.

    Args:
        bank: The bank.
        namespace: Whose memory it is.
        spec: The store whose records are listed.
    """

    def __init__(self, bank: Bank, namespace: Namespace, spec: MemorySpec | str) -> None:
        self._memory = bank.store(spec, namespace)

    def read(self, id: str) -> str:
        """The JSON of one record: what it says, since when, from whom, and its state."""
        found = [one for one in self._memory.get([uncited(id)]) if one.state != "forgotten"]
        if not found:
            raise ResourceNotFoundError(f"there is no record {id[:SHOWN]!r} (take an id from recall)")
        return found[0].model_dump_json()

    def newest(self) -> list[Resource]:
        """The newest records that stand, of all stores that the memory is made of."""
        parts = {part.shelf: part for part in self._memory.folding()}.values()
        found = [one for part in parts for one in part.select('state = "live"', "newest", limit=LISTED)]
        found.sort(key=lambda one: one.time or BEFORE, reverse=True)
        return [
            Resource(
                uri=f"agentmem://record/{quote(record.id, safe='')}",
                name=record.key or record.id,
                description=inline(record.text)[:SHOWN],
                mime_type=JSON,
            )
            for record in found[:LISTED]
        ]
