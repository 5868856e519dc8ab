"""What every language model offers: messages in, a completion out, structured where a schema is given."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event as Flag
from time import perf_counter
from typing import Any, Generic, Literal, TypeVar, final

from pydantic import BaseModel, Field

from agentmem.errors import Cancelled, ModelOutputError, Unavailable
from agentmem.models.structured import InvalidOutput, json_schema, parsed, reminder
from agentmem.records import Value
from agentmem.telemetry import chat

Role = Literal["system", "user", "assistant"]
T = TypeVar("T", bound=BaseModel)


class Message(Value):
    """One message of a conversation with a model."""

    role: Role
    content: str


def system(content: str) -> Message:
    """What the model is to do."""
    return Message(role="system", content=content)


def user(content: str) -> Message:
    """What is said to the model."""
    return Message(role="user", content=content)


def assistant(content: str) -> Message:
    """What the model said."""
    return Message(role="assistant", content=content)


class Request(Value):
    """All that affects what a model answers.

    Attributes:
        messages: The conversation, the oldest message first.
        json_schema: JSON schema that the answer must satisfy; none: free text.
        max_tokens: Tokens of the answer at most.
        temperature: 0 takes the likeliest token each time.
        stop: Texts before which the answer ends; they are not part of it.
        seed: Of the sampling, where the model can be seeded.
    """

    messages: tuple[Message, ...] = Field(min_length=1)
    json_schema: dict[str, Any] | None = None
    max_tokens: int = Field(default=512, ge=1)
    temperature: float = Field(default=0.0, ge=0)
    stop: tuple[str, ...] = ()
    seed: int = 0


class Usage(Value):
    """What answers cost: calls of the model, and tokens by its own count."""

    calls: int = 1
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(**{name: value + getattr(other, name) for name, value in self})


class Answer(Value):
    """What a model said: the text as it came, why it ended, what it cost.

    Attributes:
        finish: `stop`: by itself or at a stop text; `length`: at `max_tokens`, in the middle.
    """

    text: str
    finish: Literal["stop", "length"] = "stop"
    usage: Usage = Usage()


@dataclass(frozen=True)
class Completion(Generic[T]):
    """An answer that is fit for use.

    Attributes:
        text: What the model said last.
        value: The same as a value of the schema; none where none was given.
        usage: Of all calls that it took.
        seconds: That passed.
        model: The model's name.
    """

    text: str
    value: T | None
    usage: Usage
    seconds: float
    model: str


class Unfinished(Unavailable):
    """An answer that did not come to its end in time: what it cost is not known."""


class Cancellation:
    """Ends a call from another thread: the model stops at its next token, and the call raises `Cancelled`."""

    def __init__(self) -> None:
        self._flag = Flag()

    def cancel(self) -> None:
        """Let the call end."""
        self._flag.set()

    def wait(self, seconds: float) -> None:
        """Sleep, or until the call is to end.

        Raises:
            Cancelled: it is.
        """
        self._flag.wait(seconds)
        self.check()

    @property
    def is_cancelled(self) -> bool:
        """Whether it is to end."""
        return self._flag.is_set()

    def check(self) -> None:
        """Go on, unless the call is to end.

        Raises:
            Cancelled: it is.
        """
        if self._flag.is_set():
            raise Cancelled("the call of the model was cancelled")


class ChatModel(ABC):
    """A language model. All methods may be called by several threads at once.

    Attributes:
        name: As it is written after `--model`, e.g. `openai:gpt-4o-mini`.
    """

    name: str

    @abstractmethod
    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        """Answer once.

        Raises:
            Unavailable: the model cannot be loaded, or its server does not answer in time.
            NetworkForbidden: it is behind the network, and the network is off.
            Cancelled: `cancel` was used meanwhile.
        """

    @final
    def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: type[T] | None = None,
        max_tokens: int = 512,
        temperature: float = 0.0,
        stop: Sequence[str] = (),
        seed: int = 0,
        cancel: Cancellation | None = None,
    ) -> Completion[T]:
        """Answer `messages`; with a `schema`, as a value of it.

        An answer that is no value of the schema is asked for once more, with what is wrong with it.

        Raises:
            ModelOutputError: the second answer is none either; it carries its text.
            Unavailable: the model cannot be loaded, or its server does not answer in time.
            NetworkForbidden: it is behind the network, and the network is off.
            Cancelled: `cancel` was used meanwhile.
        """
        cancel = cancel or Cancellation()
        request = Request(
            messages=tuple(messages),
            json_schema=None if schema is None else json_schema(schema),
            max_tokens=max_tokens,
            temperature=temperature,
            stop=tuple(stop),
            seed=seed,
        )
        began = perf_counter()
        answer = self._asked(request, cancel)
        if schema is None:
            return Completion(answer.text, None, answer.usage, perf_counter() - began, self.name)
        usage = answer.usage
        try:
            value = parsed(schema, answer.text)
        except InvalidOutput as error:
            again = (*request.messages, assistant(answer.text), user(reminder(str(error))))
            answer = self._asked(request.altered({"messages": again}), cancel)
            usage += answer.usage
            try:
                value = parsed(schema, answer.text)
            except InvalidOutput as error:
                raise ModelOutputError(
                    self.name, str(error), answer.text, usage.prompt_tokens, usage.completion_tokens
                ) from error
        return Completion(answer.text, value, usage, perf_counter() - began, self.name)

    def _asked(self, request: Request, cancel: Cancellation) -> Answer:
        """One answer, told to OpenTelemetry."""
        with chat(
            self.name,
            max_tokens=request.max_tokens,
            temperature=request.temperature,
            is_json=request.json_schema is not None,
        ) as call:
            answer = self.answer(request, cancel)
            call.used(answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.finish)
        return answer

    @final
    async def acomplete(self, messages: Sequence[Message], **options: Any) -> Completion[Any]:
        """`complete` in a thread; cancelling the coroutine ends the call at the model's next token."""
        cancel = options.pop("cancel", None) or Cancellation()
        call = partial(self.complete, messages, cancel=cancel, **options)
        try:
            return await asyncio.to_thread(call)
        except asyncio.CancelledError:
            cancel.cancel()
            raise


class Wrapper(ChatModel):
    """A model that passes on what it is asked to another one: the base of those that record or count."""

    def __init__(self, model: ChatModel) -> None:
        self.model = model
        self.name = model.name

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        """What the other model answers."""
        return self.model.answer(request, cancel)
