"""Systems with a memory of their own: a server behind an API, a function, a runnable of LangChain."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from agentmem.config import Settings
from agentmem.errors import InvalidInput, NotFound, Unavailable
from agentmem.models.base import Message, assistant, user
from agentmem_bench.asking import PATIENCE, Asker
from agentmem_bench.likebench.systems.base import Answered, Reply, Said

if TYPE_CHECKING:
    from pydantic import BaseModel

    from agentmem.models.base import ChatModel
    from agentmem_bench.asking import Said as Asked

SERVER, PYTHON = "openai:", "python:"
TOKENS = 400
"""Of a server's reply."""
AFTER = "after the last session"
"""The session in which the user's facts are asked for."""
Talk = Callable[[str, str], Answered]
"""Answers a message of a session."""
Meter = Callable[["ChatModel"], "ChatModel"]
"""Has what a model takes counted."""


class Outside:
    """A system that is told messages, and keeps what it likes.

    A run that is taken up says all messages again, to a user that the system does not know yet.

    Args:
        talk: The system, for one user.
    """

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._heard: Said | None = None
        self._questions = count(1)

    def reply(self, said: Said) -> Reply:
        """What the system answers."""
        began = perf_counter()
        answered = self._talk(_session(said), said.message)
        self._heard = said
        seconds = {"answer": perf_counter() - began}
        return Reply(answered.text, None, (), seconds, answered.usage, answered.failure)

    def keep(self, said: Said, reply: str) -> None:
        """Say a message again that another run said; what is answered now is not looked at."""
        if said != self._heard:
            self._talk(_session(said), said.message)

    def remembers(self, question: str, at: datetime) -> Answered:
        """What it answers to the question, in a session of its own."""
        return self._talk(f"{AFTER}, {next(self._questions)}", question)

    def facts(self) -> int | None:
        """Unknown."""
        return None

    def close(self) -> None:
        """Nothing is to be given back."""


def _session(said: Said) -> str:
    return f"session {said.session}"


class Server:
    """A chat behind an OpenAI-compatible API: it is sent the session's messages, and who the user is.

    Args:
        model: As the server knows it.
        settings: `model_url` is the server.
        who: The user, as requests name it.
        meter: Has what it takes counted.
    """

    def __init__(self, model: str, settings: Settings, who: str, meter: Meter) -> None:
        from agentmem.models.openai_chat import OpenAIChat

        self._asker = Asker(meter(OpenAIChat(model, settings, end_user=who)))
        self._session = ""
        self._messages: list[Message] = []

    def __call__(self, session: str, message: str) -> Answered:
        """What it answers; in a new session it is sent that session alone."""
        if session != self._session:
            self._session, self._messages = session, []
        self._messages.append(user(message))
        said: Asked[BaseModel] = self._asker.ask(self._messages, max_tokens=TOKENS)
        if said.failure:
            self._messages.pop()
        else:
            self._messages.append(assistant(said.text))
        return Answered(said.text, said.usage, said.failure)


class Function:
    """A function `(message, *, user, session) -> str`, or a runnable of LangChain.

    A runnable is invoked with a message or, where its input has `messages`, with those, and with `user_id`,
    `session_id` and `thread_id` under `configurable`.

    Args:
        found: The function or the runnable.
        name: As it was given, for errors.
        who: The user.
    """

    def __init__(self, found: Any, name: str, who: str) -> None:
        self._call = _invoking(found) if hasattr(found, "invoke") else found
        self._name = name
        self._who = who
        self._patience = 0

    def __call__(self, session: str, message: str) -> Answered:
        """What it answers; an exception is a failure of one message.

        Raises:
            InvalidInput: it answers something that is no text.
            Unavailable: it has never answered, or not for `PATIENCE` times in a row.
        """
        try:
            text = self._call(message, user=self._who, session=session)
        except Exception as error:  # whatever the code of others raises
            told = f"{type(error).__name__}: {error}"
            if not self._patience:
                raise Unavailable(f"--system {self._name} failed: {told}", "see what it needs") from None
            self._patience -= 1
            return Answered("", failure=told)
        self._patience = PATIENCE
        if not isinstance(text, str):
            raise InvalidInput(
                f"--system {self._name} answered {type(text).__name__}, no text", "let it return a string"
            )
        return Answered(text)


def _invoking(runnable: Any) -> Callable[..., Any]:
    """A runnable as a function."""
    from langchain_core.messages import HumanMessage

    takes_messages = "messages" in runnable.get_input_jsonschema().get("properties", {})

    def call(message: str, *, user: str, session: str) -> Any:
        given = {"messages": [HumanMessage(message)]} if takes_messages else message
        known = {"user_id": user, "session_id": f"{user} {session}", "thread_id": f"{user} {session}"}
        return _text(runnable.invoke(given, {"configurable": known}))

    return call


def _text(found: Any) -> Any:
    """The text of what a runnable gives: text, a message, or a state with messages or an output."""
    if isinstance(found, dict):
        found = found["messages"][-1] if found.get("messages") else found.get("output")
    return getattr(found, "text", getattr(found, "content", found))


def check(given: str) -> None:
    """See to it that a name can be one of a system.

    Raises:
        InvalidInput: it is none.
        NotFound: there is no such module, or nothing of that name in it.
    """
    kind, _, rest = given.partition(":")
    if f"{kind}:" not in (SERVER, PYTHON) or not rest:
        raise InvalidInput(f"--system {given!r} names no system", "write openai:MODEL, or python:MODULE:NAME")
    if f"{kind}:" == PYTHON:
        _found(given)


def _found(given: str) -> Any:
    """What `python:MODULE:NAME` names; modules of the working directory are found too."""
    module, _, name = given.removeprefix(PYTHON).partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise NotFound(
            f"--system {given!r} cannot be loaded: {error}",
            "write python:MODULE:NAME, of a module that can be imported from here",
        ) from error
    if not callable(found) and not hasattr(found, "invoke"):
        raise InvalidInput(
            f"--system {given!r} is {type(found).__name__}", "name a function or a runnable of LangChain"
        )
    return found


def outside(given: str, settings: Settings, meter: Meter) -> Outside:
    """The system of a name, for a user that it does not know yet.

    Raises:
        InvalidInput: it cannot be used.
        NotFound: there is no such thing.
        Unavailable: a server needs a key, or a package is missing.
    """
    who = f"likebench-{uuid4().hex}"
    if given.startswith(SERVER):
        return Outside(Server(given.removeprefix(SERVER), settings, who, meter))
    return Outside(Function(_found(given), given, who))
