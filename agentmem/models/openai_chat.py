"""Any server that speaks OpenAI's chat completions: OpenAI, vLLM, Ollama, llama.cpp."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

from agentmem import openai_client
from agentmem.config import Settings, network_gate
from agentmem.errors import InvalidInput, Unavailable
from agentmem.models.base import Answer, Cancellation, ChatModel, Request, Unfinished, Usage
from agentmem.models.chunks import BrokenOff, Gathered, body_of

if TYPE_CHECKING:
    from tenacity import RetryCallState

LONGEST_PAUSE = 20.0
"""Seconds between two attempts at most, whatever the server asks for."""
LOOK_UP = 0.05
"""Seconds after which one who waits looks whether the call was cancelled."""
SHORTEST = 0.01
"""Seconds that a request is given at least."""
RETRIED = (408, 409, 429, 500, 502, 503, 504)
NONSENSE = (ValueError, TypeError, AttributeError, KeyError)
"""What an answer makes of the code that reads it when it is none."""
_Told: TypeAlias = "dict[str, Any] | Exception | None"


class OpenAIChat(ChatModel):
    """Asks a server, and reads its answer as it comes. Failed requests are tried again.

    The key is OPENAI_API_KEY of the environment; a server of one's own needs none.

    Args:
        model: The name that the server knows.
        settings: `model_url` is the server, `model_timeout` the seconds that an answer may take in all,
            `model_retries` the attempts after the first; `network` must be on.
        end_user: Who is served, by an id of the caller's; none: the server is not told.

    Raises:
        InvalidInput: no model is named.
        Unavailable: the package `openai` is missing, or OpenAI's own server is meant and no key is set.
    """

    def __init__(self, model: str, settings: Settings, end_user: str | None = None) -> None:
        if not model:
            raise InvalidInput("openai: names no model", "write openai:MODEL, e.g. openai:gpt-4o-mini")
        self.name = f"openai:{model}"
        self._model = model
        self._settings = settings
        self._further = {} if end_user is None else {"user": end_user}
        self._client = openai_client.connect(
            settings.model_url, "AGENTMEM_MODEL_URL", timeout=settings.model_timeout, retries=0
        )

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        """Answer once; timeouts, refused connections, 429, 5xx and cut answers are tried again.

        What cut answers cost is not told: the usage counts each as one of `max_tokens`.

        Raises:
            Unfinished: it came too late, or broke off, and so did all further attempts.
            Unavailable: the server does not answer in time, or what is no answer.
            NetworkForbidden: the network is off.
            Cancelled: `cancel` was used meanwhile.
        """
        from openai import OpenAIError
        from tenacity import Retrying, retry_if_exception, stop_after_attempt

        network_gate(self._settings, f"the model {self.name}")
        end = monotonic() + self._settings.model_timeout
        cut: list[BrokenOff] = []

        def once() -> Answer:
            try:
                return self._once(request, cancel, end)
            except BrokenOff as error:
                cut.append(error)
                raise

        attempts = Retrying(
            stop=stop_after_attempt(1 + self._settings.model_retries),
            retry=retry_if_exception(lambda error: _may_pass(error) and monotonic() < end),
            wait=lambda state: min(_pause(state), max(0.0, end - monotonic())),
            sleep=cancel.wait,
            reraise=True,
        )
        try:
            answer: Answer = attempts(once)
        except OpenAIError as error:
            raise self._failed(error, bool(cut)) from None
        except NONSENSE as error:
            raise Unfinished(
                f"{self._where} answered what is no completion ({type(error).__name__})",
                "check that AGENTMEM_MODEL_URL is that of a chat completions server",
            ) from None
        lost = Usage(
            calls=len(cut),
            prompt_tokens=len(cut) * answer.usage.prompt_tokens,
            completion_tokens=len(cut) * request.max_tokens,
        )
        return answer.altered({"usage": answer.usage + lost})

    def _once(self, request: Request, cancel: Cancellation, end: float) -> Answer:
        cancel.check()
        told: SimpleQueue[_Told] = SimpleQueue()
        over = Flag()
        seconds = max(end - monotonic(), SHORTEST)
        # A thread reads: who waits for bytes that do not come cannot be cancelled.
        Thread(
            target=self._read, args=(request, seconds, told, over), name="agentmem-model", daemon=True
        ).start()
        gathered = Gathered()
        try:
            while (piece := self._next(told, cancel, end)) is not None:
                gathered.add(piece)
        finally:
            over.set()
        return gathered.answer(self._where)

    def _next(self, told: SimpleQueue[_Told], cancel: Cancellation, end: float) -> dict[str, Any] | None:
        """The next piece of an answer; none at its end."""
        while True:
            cancel.check()
            if monotonic() > end:
                raise self._late()
            try:
                piece = told.get(timeout=LOOK_UP)
            except Empty:
                continue
            if isinstance(piece, Exception):
                raise piece
            return piece

    def _read(self, request: Request, seconds: float, told: SimpleQueue[_Told], over: Flag) -> None:
        """Tell the pieces of an answer as they come, until nobody listens any more."""
        from openai import OpenAIError

        try:
            with self._client.chat.completions.create(
                model=self._model, stream=True, timeout=seconds, **body_of(request), **self._further
            ) as stream:
                for chunk in stream:
                    if over.is_set():
                        return
                    told.put(chunk.model_dump())
            told.put(None)
        except (OpenAIError, *NONSENSE) as error:  # raised where the answer is waited for
            told.put(error)
        except Exception:  # whatever the transport below the client raises: the connection is gone
            told.put(BrokenOff(self._where))

    @property
    def _where(self) -> str:
        return f"the model {self.name} at {openai_client.place(self._client)}"

    def _late(self) -> Unfinished:
        return Unfinished(
            f"{self._where} took longer than {self._settings.model_timeout:g} s",
            "set AGENTMEM_MODEL_TIMEOUT, or ask for a shorter answer",
        )

    def _failed(self, error: Exception, was_cut: bool) -> Unavailable:
        from openai import APITimeoutError

        if isinstance(error, APITimeoutError):
            return self._late()
        return (Unfinished if was_cut else Unavailable)(
            f"{self._where} failed: {openai_client.told(error, self._client)}",
            "check AGENTMEM_MODEL_URL, OPENAI_API_KEY, and that the server runs and knows the model",
            quotes=openai_client.is_answer(error),
        )


def _may_pass(error: BaseException) -> bool:
    """Whether another attempt may succeed."""
    from openai import APIConnectionError, APIStatusError

    if isinstance(error, APIStatusError):
        return error.status_code in RETRIED
    return isinstance(error, APIConnectionError | BrokenOff)


def _pause(state: RetryCallState) -> float:
    """Seconds before the next attempt: what the server asks for, else ever longer ones, at random."""
    from openai import APIStatusError
    from tenacity import wait_random_exponential

    error = state.outcome.exception() if state.outcome else None
    asked = error.response.headers.get("retry-after", "") if isinstance(error, APIStatusError) else ""
    if asked.isdecimal():
        return min(float(asked), LONGEST_PAUSE)
    return float(wait_random_exponential(multiplier=0.5, max=LONGEST_PAUSE)(state))
