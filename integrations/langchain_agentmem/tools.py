"""Tools for agents that manage their memory themselves."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool, StructuredTool

from agentmem.agents.tools import NAMES, MemoryTools, told
from agentmem.bank.spec import MemorySpec
from agentmem.errors import AgentMemError
from agentmem.records import Trust
from langchain_agentmem.messages import OWN
from langchain_agentmem.namespaces import Where, namespace_of

if TYPE_CHECKING:
    from agentmem.bank import Bank

Answer = tuple[str, dict[str, str]]
"""What the model reads, and the mark that it came from memory."""


def memory_tools(
    bank: Bank,
    store: MemorySpec | str = "episodic",
    *,
    namespace: Where = ("default",),
    trust: Trust = Trust.AGENT,
    budget: int = 1_000,
) -> list[BaseTool]:
    """`remember`, `recall`, `correct` and `forget`, for `create_agent` or any model that calls tools.

    What they answer is marked as memory's own, so that `MemoryMiddleware` does not observe it.

    Args:
        bank: The bank; closing it is up to whoever opened it.
        store: The store that recalls.
        namespace: Whose memory, as for `MemoryMiddleware`.
        trust: How much what the agent says through them is trusted.
        budget: Tokens of what a recall shows.
    """

    def opened(context: object) -> MemoryTools:
        return MemoryTools(bank, namespace_of(namespace, context), store, trust=trust, budget=budget)

    by_context = callable(namespace) or any("{" in label for label in namespace)
    return [_tool(name, opened, by_context=by_context) for name in NAMES]


def _tool(name: str, opened: Callable[[object], MemoryTools], *, by_context: bool) -> BaseTool:
    method = getattr(MemoryTools, name)

    def call(runtime: ToolRuntime[Any, Any] | None = None, **given: Any) -> Answer:
        try:
            return getattr(opened(_context(runtime)), name)(**given), {OWN: name}
        except AgentMemError as error:
            return told(error), {OWN: name}

    async def acall(runtime: ToolRuntime[Any, Any] | None = None, **given: Any) -> Answer:
        try:
            work: Callable[..., Awaitable[str]] = getattr(opened(_context(runtime)), f"a{name}")
            return await work(**given), {OWN: name}
        except AgentMemError as error:
            return told(error), {OWN: name}

    parameters = list(inspect.signature(method, eval_str=True).parameters.values())[1:]
    if by_context:
        place = inspect.Parameter("runtime", inspect.Parameter.KEYWORD_ONLY, annotation=ToolRuntime[Any, Any])
        parameters.append(place)
    for function in (cast(Any, call), cast(Any, acall)):
        function.__signature__ = inspect.Signature(parameters, return_annotation=Answer)
        function.__annotations__ = {one.name: one.annotation for one in parameters}
        function.__doc__ = method.__doc__
    return StructuredTool.from_function(
        call,
        acall,
        name=name,
        parse_docstring=True,
        response_format="content_and_artifact",
    )


def _context(runtime: ToolRuntime[Any, Any] | None) -> object:
    return runtime.context if runtime is not None else None
