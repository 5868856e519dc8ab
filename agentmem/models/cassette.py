"""Recording what models answer, and answering from the record: tests and benchmarks without a model."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path

from pydantic import ValidationError

from agentmem.errors import FormatError, NotFound
from agentmem.models.base import Answer, Cancellation, ChatModel, Request, Wrapper
from agentmem.records import Value


class Row(Value):
    """One line of a cassette: what was asked, by its hash and in full, and what came."""

    key: str
    model: str
    request: Request
    answer: Answer


def key_of(request: Request) -> str:
    """The hash of everything that affects an answer, by canonical JSON."""
    told = json.dumps(request.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


class RecordingChat(Wrapper):
    """Writes each answer of a model to a cassette as it comes, a line each, for `ReplayChat`.

    Args:
        model: Who answers.
        path: The cassette; lines are added to one that is there.
    """

    def __init__(self, model: ChatModel, path: Path) -> None:
        super().__init__(model)
        self.path = path
        self._writing = threading.Lock()

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        """What the model answers, once it is written down."""
        answer = super().answer(request, cancel)
        row = Row(key=key_of(request), model=self.name, request=request, answer=answer)
        with self._writing, self.path.open("a", encoding="utf-8") as file:
            file.write(row.model_dump_json() + "\n")
        return answer


class ReplayChat(ChatModel):
    """Answers from a cassette: the same request in the same way, the first time by the first line, and so on.

    Args:
        path: A file that `RecordingChat` wrote.

    Raises:
        NotFound: there is no such file.
        FormatError: a line of it is none of a cassette.
    """

    def __init__(self, path: Path) -> None:
        self.name = f"replay:{path}"
        self.path = path
        self._rows = _read(path)
        self._next: dict[str, int] = {}
        self._lock = threading.Lock()

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        """The recorded answer; of several to the same request the next one, and the last again.

        Raises:
            NotFound: the cassette has no answer to this request.
        """
        cancel.check()
        key = key_of(request)
        answers = self._rows.get(key)
        if answers is None:
            last = request.messages[-1].content
            raise NotFound(
                f"{self.name} has no answer to this request, which ends with {last[-80:]!r}",
                "record it anew: prompts, schemas and options are part of what is looked up",
            )
        with self._lock:
            place = self._next.get(key, 0)
            self._next[key] = place + 1
        return answers[min(place, len(answers) - 1)]


def _read(path: Path) -> dict[str, list[Answer]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NotFound(f"the cassette {path} cannot be read: {error.strerror}", "name its file") from error
    rows: dict[str, list[Answer]] = {}
    for number, line in enumerate(lines, 1):
        try:
            row = Row.model_validate_json(line)
        except ValidationError as error:
            fault = error.errors()[0]["msg"]
            raise FormatError(
                f"{path}, line {number}: no line of a cassette: {fault}", "record it anew"
            ) from error
        rows.setdefault(row.key, []).append(row.answer)
    return rows
