"""Rows: a line of JSON for all that was asked, written as it comes, so that a run can be taken up again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from agentmem.models import Usage
from agentmem.records import Value
from agentmem_bench.answering.judging import Verdict
from agentmem_bench.row_file import RowFile

FORMAT = "agentmem.bench.answers/1"


class Header(Value):
    """The first line: what the rows depend on."""

    kind: Literal["header"] = "header"
    format: str = FORMAT
    benchmark: str
    data: str
    answer: str
    judge: str
    prompts: str
    budget: int
    embedder: str


class Row(Value):
    """An answer to one question from one memory.

    Attributes:
        question: The question's id.
        memory: Where the context comes from, a name out of `contexts.MEMORIES`.
        context: The text that was given to the model.
        tokens: Tokens of the context, by agentmem's own count.
        citations: `id@version` of every record in it.
        f1: Token F1 with the expected answer; of a question without one, whether the answer says so.
        exact: 1 or 0, likewise.
        usage: What the model counted: of the answer, and of the judge.
        seconds: What each step took: `context`, `answer`, `judge`.
    """

    kind: Literal["answer"] = "answer"
    question: str
    memory: str
    category: str
    abstention: bool
    text: str
    gold: str
    context: str
    tokens: int
    citations: tuple[str, ...]
    answer: str
    verdict: Verdict
    reason: str
    f1: float
    exact: float
    usage: dict[str, Usage]
    seconds: dict[str, float]

    @property
    def key(self) -> tuple[str, str]:
        """What no two rows have in common."""
        return self.question, self.memory


class Trial(Value):
    """The judge on an answer of which it is known whether it is right."""

    kind: Literal["trial"] = "trial"
    question: str
    right: bool
    abstention: bool
    given: str
    verdict: Verdict
    reason: str
    usage: Usage
    seconds: float

    @property
    def key(self) -> tuple[str, str]:
        """What no two rows have in common."""
        return self.question, "right" if self.right else "wrong"


_LINE: TypeAdapter[Row | Trial] = TypeAdapter(Annotated[Row | Trial, Field(discriminator="kind")])


class Rows:
    """The rows that there are, in memory and, where a path is given, in a file.

    Args:
        header: What the rows depend on.
        path: The file, see `RowFile`; none: the rows are kept in memory alone.

    Raises:
        InvalidInput: the rows of the file depend on something else, or it cannot be written.
        FormatError: the file holds no rows.
    """

    def __init__(self, header: Header, path: Path | None = None) -> None:
        self.path = path
        self.answers: dict[tuple[str, str], Row] = {}
        self.trials: dict[tuple[str, str], Trial] = {}
        self._file = None if path is None else RowFile(path, header, self._read)

    def add(self, row: Row | Trial) -> None:
        """Keep a row; in the file it is before this returns."""
        self._keep(row)
        if self._file is not None:
            self._file.write(row)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _keep(self, row: Row | Trial) -> None:
        if isinstance(row, Row):
            self.answers[row.key] = row
        else:
            self.trials[row.key] = row

    def _read(self, line: bytes) -> None:
        self._keep(_LINE.validate_json(line))
