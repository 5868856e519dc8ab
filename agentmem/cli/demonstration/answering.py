"""The other process: answers questions, one JSON line each, from a bank that it opens itself.

It is started as `python -m agentmem.cli.demonstration.answering BANK`, reads questions on stdin and
ends with it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from agentmem.cli.demonstration.script import Question
from agentmem.errors import Unavailable
from agentmem.records import Context, Hit, Namespace, Value

NAMESPACE: Namespace = ("demo",)
HITS = 3
CONTEXT_HITS = 8
BUDGET = 300
"""Tokens of the context that each question gets."""


class Answer(Value):
    """What the other process says to a question."""

    hits: tuple[Hit, ...]
    context: Context


class Answering:
    """The parent's side: a running process that is asked questions."""

    def __init__(self, process: subprocess.Popen[str], asking: IO[str], told: IO[str]) -> None:
        self._process = process
        self._asking = asking
        self._told = told
        self.pid = process.pid

    def ask(self, question: Question) -> Answer:
        """The answer to `question`.

        Raises:
            Unavailable: the process ended; it said why on stderr.
        """
        try:
            self._asking.write(question.model_dump_json() + "\n")
            self._asking.flush()
        except BrokenPipeError:
            pass  # it ended: the missing answer says so
        line = self._told.readline()
        if not line:
            code = self._process.wait()
            raise Unavailable(f"the process that answers ended with exit code {code}", "see the line above")
        return Answer.model_validate_json(line)


@contextmanager
def answering(bank: Path) -> Iterator[Answering]:
    """Start the other process on `bank`, and end it."""
    command = [sys.executable, "-m", __name__, str(bank)]
    with subprocess.Popen(  # noqa: S603 - our own module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    ) as process:
        asking, told = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
        try:
            yield Answering(process, asking, told)
        finally:
            asking.close()


def answer_all(bank_path: str, asked: IO[str], told: IO[str]) -> None:
    """Answer every line of `asked` on a line of `told`."""
    from agentmem.cli.opening import reading

    with reading(bank_path, "/".join(NAMESPACE)) as opened:
        store = opened.store()
        for line in asked:
            question = Question.model_validate_json(line)
            times = {"at": question.at, "known_at": question.known_at}
            answer = Answer(
                hits=tuple(store.recall(question.question, k=HITS, **times)),
                context=store.synthesize(question.question, BUDGET, k=CONTEXT_HITS, **times),
            )
            told.write(answer.model_dump_json() + "\n")
            told.flush()


if __name__ == "__main__":
    from agentmem.cli.exits import guarded

    sys.exit(guarded(lambda: answer_all(sys.argv[1], sys.stdin, sys.stdout)))
