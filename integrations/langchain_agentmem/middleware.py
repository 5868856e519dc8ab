"""The middleware: memory for agents that `create_agent` makes."""

from __future__ import annotations

import operator
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NotRequired

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain.agents.middleware.types import ExtendedModelResponse, OmitFromInput, PrivateStateAttr
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langgraph.types import Command

from agentmem.agents.remembering import Remembering
from agentmem.bank.spec import MemorySpec
from agentmem.errors import AgentMemError
from agentmem.logs import fields, logger
from agentmem.records import Context, Event
from agentmem.synthesis.tokens import MiniLMTokens
from langchain_agentmem.messages import events_of, marked, shown
from langchain_agentmem.namespaces import Where, namespace_of
from langchain_agentmem.placing import Role, begin, with_recalled, with_stable

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool
    from langgraph.runtime import Runtime

    from agentmem.bank import Bank

log = logger(__name__)


class MemoryState(AgentState[Any]):
    """What memory keeps in the state of an agent.

    Attributes:
        memory_failures: How often memory failed in this thread.
        memory_seen: The id of the last message that was observed.
    """

    memory_failures: NotRequired[Annotated[int, OmitFromInput, operator.add]]
    memory_seen: NotRequired[Annotated[str, PrivateStateAttr]]


class MemoryMiddleware(AgentMiddleware[MemoryState, Any, Any]):
    """Recalls before each call of the model, and observes what was said, called and answered, once each.

    Put it first in the list, so that it sees what other middleware made of a message.

    Args:
        bank: The bank; closing it is up to whoever opened it.
        store: The store that recalls: a name or a `MemorySpec`.
        namespace: Whose memory: labels may name fields of the runtime's context, `("acme", "{user_id}")`.
        budget: Tokens of what is recalled; 0: nothing is recalled.
        history: Tokens of messages that are sent; older ones are left out of a request (never of the state),
            and are recalled like all else. None: all are sent.
        role: As whose words a recall is sent. `auto`: as a system message, but for models that take that in
            the first place only: there it is a part of the last message, as with `last`.
        tools: Tools of memory for the model: see `memory_tools`.
        strict: Let errors of memory fail the agent. Else they are logged, and counted in `memory_failures`.
    """

    state_schema = MemoryState

    def __init__(
        self,
        bank: Bank,
        store: MemorySpec | str = "episodic",
        *,
        namespace: Where = ("default",),
        budget: int = 1_000,
        history: int | None = None,
        role: Role = "auto",
        tools: Sequence[BaseTool] = (),
        strict: bool = False,
    ) -> None:
        super().__init__()
        self.tools = list(tools)
        self._bank = bank
        self._spec = store
        self._namespace = namespace
        self._budget = budget
        self._history = history
        self._role = role
        self._strict = strict

    # What LangChain calls

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any] | ExtendedModelResponse[Any]:
        """Recall, and send the request with what was recalled."""
        memory = self._memory(request.runtime)
        start = self._start(request.messages)
        asked = self._asked(memory, request, start)
        context = memory.recall(*asked) if memory is not None and asked is not None else None
        try:
            response = handler(self._with(request, start, context))
        except BaseException:
            if memory is not None:  # the question is not lost with the answer
                memory.observe(_unseen(memory, request.state, request.runtime))
            raise
        return _counted(response, memory)

    async def awrap_model_call(
        self,
        request: ModelRequest[Any],
        handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]],
    ) -> ModelResponse[Any] | ExtendedModelResponse[Any]:
        """See `wrap_model_call`."""
        memory = self._memory(request.runtime)
        start = self._start(request.messages)
        asked = self._asked(memory, request, start)
        context = await memory.arecall(*asked) if memory is not None and asked is not None else None
        try:
            response = await handler(self._with(request, start, context))
        except BaseException:
            if memory is not None:
                await memory.aobserve(_unseen(memory, request.state, request.runtime))
            raise
        return _counted(response, memory)

    def after_model(self, state: MemoryState, runtime: Runtime[Any]) -> dict[str, Any] | None:
        """Observe what was said since the last time."""
        memory = self._memory(runtime)
        if memory is None:
            return {"memory_failures": 1}
        memory.observe(_unseen(memory, state, runtime))
        return _update(state, memory)

    async def aafter_model(self, state: MemoryState, runtime: Runtime[Any]) -> dict[str, Any] | None:
        """See `after_model`."""
        memory = self._memory(runtime)
        if memory is None:
            return {"memory_failures": 1}
        await memory.aobserve(_unseen(memory, state, runtime))
        return _update(state, memory)

    def after_agent(self, state: MemoryState, runtime: Runtime[Any]) -> dict[str, Any] | None:
        """Observe what came after the model's last words: what a tool answered that ends the run."""
        return self.after_model(state, runtime) if _has_news(state) else None

    async def aafter_agent(self, state: MemoryState, runtime: Runtime[Any]) -> dict[str, Any] | None:
        """See `after_agent`."""
        return await self.aafter_model(state, runtime) if _has_news(state) else None

    # What it does

    def _memory(self, runtime: Runtime[Any]) -> Remembering | None:
        """The memory of this run; none where it is not known whose."""
        try:
            namespace = namespace_of(self._namespace, runtime.context)
        except AgentMemError as error:
            if self._strict:
                raise
            by = "/".join(self._namespace) if isinstance(self._namespace, tuple) else "a function"
            log.warning("memory is left out: %s does not tell whose it is", by, extra=fields(error))
            return None
        return Remembering(
            self._bank,
            namespace,
            self._spec,
            session=_thread(runtime) or "",
            budget=self._budget,
            strict=self._strict,
        )

    def _start(self, messages: Sequence[BaseMessage]) -> int:
        return 0 if self._history is None else begin(messages, self._history, MiniLMTokens())

    def _asked(
        self, memory: Remembering | None, request: ModelRequest[Any], start: int
    ) -> tuple[str, list[str]] | None:
        """The question, and the ids of the events that the model is shown anyway; none: none is asked."""
        if memory is None or not self._budget:
            return None

        def read() -> tuple[str, list[str]]:
            said = next((one for one in reversed(request.messages) if isinstance(one, HumanMessage)), None)
            visible = shown(request.messages, _thread(request.runtime), start)
            return marked(said.text) if said is not None else "", visible

        return memory.tried("read", read)

    def _with(self, request: ModelRequest[Any], start: int, context: Context | None) -> ModelRequest[Any]:
        if not start and (context is None or not context.text):
            return request
        messages = request.messages[start:]
        if context is None:
            return request.override(messages=messages)
        return request.override(
            system_message=with_stable(request.system_message, context.stable),
            messages=with_recalled(messages, context, self._role, request.model),
        )


def _first_unseen(state: AgentState[Any]) -> int:
    """The place after the last message that was observed; 0 where that one is not there any more."""
    messages, seen = state["messages"], state.get("memory_seen")
    return next((n + 1 for n, message in enumerate(messages) if seen and message.id == seen), 0)


def _has_news(state: AgentState[Any]) -> bool:
    """Whether something came after the model's last words, which were observed when they were said."""
    messages = state["messages"]
    return bool(messages) and not isinstance(messages[-1], AIMessage)


def _unseen(memory: Remembering, state: AgentState[Any], runtime: Runtime[Any]) -> list[Event]:
    """The events of what was not observed yet; none where a message cannot be read, which is counted."""
    messages, start = state["messages"], _first_unseen(state)
    return memory.tried("read", lambda: events_of(messages, _thread(runtime), start)) or []


def _update(state: AgentState[Any], memory: Remembering) -> dict[str, Any]:
    """What changes in the state: after a failure all is observed anew, as nobody knows what is missing."""
    if memory.failures:
        return {"memory_failures": memory.failures, "memory_seen": ""}
    return {"memory_seen": (state["messages"][-1].id if state["messages"] else None) or ""}


def _counted(
    response: ModelResponse[Any], memory: Remembering | None
) -> ModelResponse[Any] | ExtendedModelResponse[Any]:
    if memory is None or not memory.failures:
        return response
    return ExtendedModelResponse(response, Command(update={"memory_failures": memory.failures}))


def _thread(runtime: Runtime[Any]) -> str | None:
    """The thread whose checkpoints keep the conversation; none without."""
    return runtime.execution_info.thread_id if runtime.execution_info is not None else None
