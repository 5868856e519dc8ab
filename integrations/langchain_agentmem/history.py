"""A history of chat messages on a bank, for chains that keep their messages themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from langchain_core.chat_history import BaseChatMessageHistory
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage, message_to_dict, messages_from_dict

from agentmem.records import Event, Namespace, Trust

if TYPE_CHECKING:
    from agentmem.bank import Bank

MESSAGE = "langchain"
"""The key in an event's data under which its message stands, whole."""


class AgentMemChatMessageHistory(BaseChatMessageHistory):
    """The messages of a session, in order, as they were; all that recalls in their namespace finds them, too.

    Args:
        session_id: The session.
        bank: The bank; closing it is up to whoever opened it.
        namespace: Whose messages.
    """

    def __init__(self, session_id: str, bank: Bank, *, namespace: Namespace = ("default",)) -> None:
        self.session_id = session_id
        self.bank = bank
        self.namespace = namespace

    @property
    def messages(self) -> list[BaseMessage]:  # type: ignore[override]
        """The messages of the session, oldest first."""
        events = self.bank.view(self.namespace).events(self.session_id)
        kept = [event.data[MESSAGE] for event in reversed(events) if MESSAGE in event.data]
        return messages_from_dict(cast("list[dict[str, Any]]", kept))

    def add_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Keep messages: on disk when this returns."""
        events = [self._event(message) for message in messages]
        if events:
            self.bank.store("episodic", self.namespace).observe(*events)

    def clear(self) -> None:
        """Forget the session for good."""
        if self.messages:
            self.bank.forget(self.namespace, session=self.session_id)

    def _event(self, message: BaseMessage) -> Event:
        trust, actor, type = Trust.USER, "user", "message"
        if isinstance(message, AIMessage):
            trust, actor = Trust.AGENT, "agent"
        elif isinstance(message, ToolMessage):
            trust, actor, type = Trust.TOOL, "tool", "observation"
        return Event(
            type=type,
            actor=message.name or actor,
            trust=trust,
            session=self.session_id,
            text=message.text,
            data={MESSAGE: message_to_dict(message)},
        )
