"""A client of the MCP server: starts it, keeps a fact, corrects it, recalls it. It checks itself."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from mcp import Client, StdioServerParameters


def server(path: Path) -> StdioServerParameters:
    """How the server is started: what a client's configuration file says."""
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "agentmem.cli", "mcp", "--db", str(path), "--namespace", "acme/ann"],
        env={"AGENTMEM_EMBEDDER": "hashing"},  # for this example alone: it needs no model
    )


async def call(client: Client, tool: str, **arguments: object) -> str:
    """Call a tool, show it, and give its answer."""
    result = await client.call_tool(tool, arguments)
    text = "\n".join(part.text for part in result.content if part.type == "text").rstrip()
    print(f"> {tool} {arguments}\n{text}\n")
    assert not result.is_error
    return text


async def run(path: Path) -> None:
    async with Client(server(path)) as client:
        print("tools:", ", ".join(tool.name for tool in (await client.list_tools()).tools), "\n")
        kept = await call(client, "remember", text="Maya lives in Porto, in a flat with a balcony.")
        id = kept.removeprefix("Remembered as ").removesuffix(".")
        await call(
            client, "correct", id=id, text="Maya lives in York, in a house by the river.", why="she moved"
        )

        shown = await call(client, "recall", question="Where does Maya live?")
        assert "York" in shown
        assert "Porto" not in shown
        past = await call(client, "history", id=id)
        assert "Porto" in past
        assert "she moved" in past

        await call(client, "task_add", title="housewarming", kind="task")
        await call(client, "task_add", title="date", under=["housewarming"], value="Saturday")
        await call(
            client, "task_add", title="invitations", under=["housewarming"], needs=["date"], value="sent"
        )
        changed = await call(client, "task_update", node="date", value="Sunday", why="Leo works on Saturday")
        assert "invitations is STALE: date changed" in changed


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder) / "agentmem.db"))
