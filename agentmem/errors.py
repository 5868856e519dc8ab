"""The one error tree: every error names the thing, the value and the remedy."""

from __future__ import annotations

from datetime import datetime


class AgentMemError(Exception):
    """Base of every error that agentmem raises on purpose.

    Args:
        message: What went wrong, naming the thing and the value.
        remedy: One sentence that says what to do about it; empty where nothing helps.
        quotes: Whether the message may repeat what an event, a query or a model said: then no log repeats it.
            None: as the class says.
    """

    quotes = True

    def __init__(self, message: str, remedy: str = "", *, quotes: bool | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        if quotes is not None:
            self.quotes = quotes

    def __str__(self) -> str:
        return f"{self.message} ({self.remedy})" if self.remedy else self.message

    def __reduce__(self) -> tuple[object, ...]:
        """As a process sends it to another, whatever its class is made from."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[AgentMemError], args: tuple[object, ...], state: dict[str, object]) -> AgentMemError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class InvalidInput(AgentMemError):
    """A value given by the caller that cannot be used: text, time, namespace, option."""


class InvalidFilter(InvalidInput):
    """A filter expression that does not parse, or compares what cannot be compared."""


class FormatError(InvalidInput):
    """A file that is not in the format it should be in; names file and line."""


class NotFound(AgentMemError):
    """An id, a namespace, a store or a file that does not exist."""


class Conflict(AgentMemError):
    """The same id with another content: an event is immutable."""


class Refused(AgentMemError):
    """The screen refused a text, or a rule forbids the change."""


class NotApplicable(AgentMemError):
    """An operation names an id that no longer stands, so it cannot be applied."""


class Unavailable(AgentMemError):
    """Something that must answer does not: a model, an embedder, a lock."""

    quotes = False


class ModelOutputError(AgentMemError):
    """What a language model said is not what it was asked for, twice; `raw` is the last of it.

    Args:
        model: Its name.
        fault: What is wrong with it.
        raw: Its text as it came.
        prompt_tokens: What both answers took.
        completion_tokens: What both answers have.
    """

    def __init__(
        self, model: str, fault: str, raw: str, prompt_tokens: int = 0, completion_tokens: int = 0
    ) -> None:
        super().__init__(
            f"{model} gave no usable answer, twice: {fault}",
            "try again, or another model; `raw` holds its text",
        )
        self.raw = raw
        self.prompt_tokens, self.completion_tokens = prompt_tokens, completion_tokens


class OverBudget(AgentMemError):
    """A call of a language model for which a budget has no room; the model was not asked.

    Args:
        budget: Which, in words: `10,000 tokens an hour`.
        spent: What is spent of it, in words.
        needed: What the call may take at most, in words.
        opens_at: When its next period begins; none: the call fits no period.
        remedy: What to do about it.
    """

    quotes = False

    def __init__(
        self, budget: str, spent: str, needed: str, *, opens_at: datetime | None, remedy: str
    ) -> None:
        told = f"it opens again at {opens_at:%Y-%m-%d %H:%M} UTC" if opens_at else "that never fits"
        super().__init__(
            f"over the budget of {budget}: {spent} are spent, and this call may take {needed}; {told}", remedy
        )
        self.opens_at = opens_at


class Cancelled(AgentMemError):
    """A call that its caller ended before it was done."""

    quotes = False


class NetworkForbidden(AgentMemError):
    """A network call was about to be made and the gate is shut."""

    quotes = False


class EmbedderMismatch(AgentMemError):
    """The bank's vectors were made by another embedder than the one that is open."""

    quotes = False


class SchemaMismatch(AgentMemError):
    """The bank file is newer than this version of agentmem, or is not a bank."""

    quotes = False


class Damaged(AgentMemError):
    """The bank file, or weights on disk, are not what they should be."""
