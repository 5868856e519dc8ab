"""The MCP server over one namespace's memory, the same behind both transports."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.resources import ResourceSecurity
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolResult,
    GetPromptResult,
    InputRequiredResult,
    Resource,
)
from pydantic import ValidationError

from agentmem.bank.spec import MemorySpec
from agentmem.errors import AgentMemError
from agentmem.faults import first_fault
from agentmem.logs import fields, in_log, logger
from agentmem.prompts import render
from agentmem.records import Namespace
from agentmem_mcp.arguments import About, Question
from agentmem_mcp.offering import Effect
from agentmem_mcp.resources import JSON, TEMPLATE, Records
from agentmem_mcp.tasks import TaskCalls
from agentmem_mcp.tools import MemoryCalls

if TYPE_CHECKING:
    from agentmem.bank import Bank

log = logger(__name__)

NAME = "agentmem"
INTERNAL = "internal error"


class MemoryServer(MCPServer[Any]):
    """Tools, resources and prompts over one namespace.

    What a tool does runs in a thread. What memory refuses is told as it says it; of anything else that
    goes wrong a client learns that it did, and the log the rest.

    Args:
        bank: The bank.
        namespace: Whose memory it is.
        spec: The store that recalls.
        writes: Whether tools that change it are offered.
    """

    def __init__(
        self, bank: Bank, namespace: Namespace, spec: MemorySpec | str = "episodic", *, writes: bool = True
    ) -> None:
        tools = [*MemoryCalls(bank, namespace, spec).offered(), *TaskCalls(bank, namespace).offered()]
        super().__init__(
            NAME,
            title="Memory",
            instructions=render("agentmem_mcp", "instructions").strip(),
            version=version("agentmem"),
            tools=[tool for tool in tools if writes or tool.annotations == Effect.READS.value],
            log_level="WARNING",
            subscriptions=False,
        )
        self._memory = bank.store(spec, namespace)
        self._records = Records(bank, namespace, spec)
        anything = ResourceSecurity(exempt_params=frozenset({"id"}))  # an id is looked up, and opens no file
        read = self.resource(TEMPLATE, name="record", mime_type=JSON, security=anything)
        read(self._records.read)
        self.prompt("recall_first", description="Answer a question from what is remembered.")(
            self._recall_first
        )
        self.prompt("note_what_matters", description="Note what is worth remembering of this conversation.")(
            self._note
        )

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool.

        Raises:
            ToolError: what memory, or the tool's parameters, refuse, in their words.
            UnexpectedToolError: anything else; it says no more than that.
        """
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            raise _told(name, error) from error.__cause__

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: Context[Any, Any] | None = None
    ) -> GetPromptResult | InputRequiredResult:
        """Fill in a prompt.

        Raises:
            MCPError: what is wrong with its name or arguments; of anything else, that it is.
        """
        try:
            return await super().get_prompt(name, arguments, context)
        except ValueError as error:
            within = error.__cause__.__cause__ if error.__cause__ else None
            if isinstance(within, ValidationError):
                raise MCPError(code=INVALID_PARAMS, message=_fault(name, within)) from None
            if within is not None:
                extra = {"prompt": name, **fields(within)}
                log.error("prompt %r failed: %s", name, in_log(within), extra=extra)  # noqa: TRY400
                raise MCPError(code=INTERNAL_ERROR, message=INTERNAL) from None
            raise MCPError(code=INVALID_PARAMS, message=str(error)) from None

    async def list_resources(self) -> list[Resource]:
        """The newest records."""
        try:
            return await anyio.to_thread.run_sync(self._records.newest)
        except AgentMemError as error:
            raise MCPError(code=INTERNAL_ERROR, message=str(error)) from error
        except Exception as error:  # whatever it is, the log says where, and the client hears nothing of it
            log.error("the records could not be listed: %s", in_log(error), extra=fields(error))  # noqa: TRY400
            raise MCPError(code=INTERNAL_ERROR, message=INTERNAL) from None

    def _recall_first(self, question: Question) -> str:
        try:
            found = self._memory.synthesize(question)
        except AgentMemError as error:
            raise MCPError(code=INVALID_PARAMS, message=str(error)) from error
        return render("agentmem_mcp", "recall_first", question=question, context=found.text)

    def _note(self, about: About = "") -> str:
        return render("agentmem_mcp", "note_what_matters", about=about)


def _told(tool: str, error: ToolError) -> ToolError:
    """The error of a tool as a client is told it."""
    cause = error.__cause__
    if isinstance(cause, AgentMemError):
        return ToolError(str(cause))
    if isinstance(cause, ValidationError) and not isinstance(error, UnexpectedToolError):
        return ToolError(f"{_fault(tool, cause)} (see the tool's input schema)")
    return UnexpectedToolError(INTERNAL) if isinstance(error, UnexpectedToolError) else error


def _fault(called: str, error: ValidationError) -> str:
    fault = first_fault(error)
    return f"{called}: {fault.where}: {fault.message}"
