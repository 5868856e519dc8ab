"""Rows of a run: a line of JSON for each turn, a file for each dialogue: a killed run can be taken up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter

from agentmem.models.base import Usage
from agentmem.records import Value
from agentmem_bench.likebench.personas.schema import Dimension
from agentmem_bench.likebench.probe.rater import Rating
from agentmem_bench.row_file import RowFile

USER, ANSWERS, DECOYS = "user", "answers", "decoys"
"""Who asks models, as usage and failures of rows name them; a rater by `rated_by`."""


def rated_by(rater: str) -> str:
    """A rater as one who asks models."""
    return f"rater {rater}"


class Header(Value):
    """The first line: what all rows of the dialogue depend on.

    Attributes:
        version: Of the suite.
        mode: `probe`: nothing is a model's; else `model`.
        user: Who plays the user.
        answers: Who answers from what a memory brings.
        raters: Who rates; the ratings of the first one count.
        repeats: How often each rates a reply.
        decoys: Every so many turns, worse replies are rated too; 0: never.
        prompts: SHA-256 of what models are asked; none where no model is.
        system: The system under test.
        persona: The persona's id.
        digest: Of the persona, as the schema writes it.
        variant: How long and noisy the sessions are.
        seed: Of the script.
        budget: Tokens of a context.
        embedder: What makes vectors.
    """

    kind: Literal["dialogue"] = "dialogue"
    version: str
    mode: str
    user: str
    answers: str
    raters: tuple[str, ...]
    repeats: int = 1
    decoys: int = 0
    prompts: str = ""
    system: str
    persona: str
    digest: str
    variant: str
    seed: int
    budget: int
    embedder: str


class Row(Value):
    """One turn, rated.

    Attributes:
        session: From 1.
        turn: In the session, from 1.
        what: What the turn is.
        message: The user's.
        reply: The system's.
        ratings: By dimension, of several repeats their mean; none where it does not apply.
        reasons: By dimension, of those that apply.
        repeats: The ratings of each repeat, where there are several.
        unquoted: Dimensions whose reason quotes what was not said.
        others: Ratings of further raters, by their names.
        decoys: Ratings of worse replies, by the name of the decoy.
        meant: What a model was to say as the user; else empty.
        tokens: Of the context; none: unknown.
        recalled: `id@version` of what was in the context.
        seconds: What took how long.
        usage: What models took, by who asked them.
        failures: What models did not do, by who asked them.
    """

    kind: Literal["turn"] = "turn"
    session: int
    turn: int
    what: str
    message: str
    reply: str
    ratings: dict[Dimension, int | float | None]
    reasons: dict[Dimension, str]
    repeats: tuple[dict[Dimension, int | float | None], ...] = ()
    unquoted: tuple[Dimension, ...] = ()
    others: dict[str, dict[Dimension, int | float | None]] = Field(default_factory=dict)
    decoys: dict[str, dict[Dimension, int | float | None]] = Field(default_factory=dict)
    meant: str = ""
    tokens: int | None = None
    recalled: tuple[str, ...] = ()
    seconds: dict[str, float] = Field(default_factory=dict)
    usage: dict[str, Usage] = Field(default_factory=dict)
    failures: dict[str, str] = Field(default_factory=dict)

    @property
    def rated(self) -> Mapping[Dimension, Rating]:
        """The ratings with their reasons."""
        return {name: Rating(value, self.reasons.get(name, "")) for name, value in self.ratings.items()}


class Recalled(Value):
    """The last line: which facts were there when they were asked for.

    Attributes:
        facts: By id of the fact.
        held: How many facts the system holds; none: unknown.
        usage: What a model took for it.
        failures: How many questions were not answered.
    """

    kind: Literal["recalled"] = "recalled"
    facts: dict[str, bool]
    held: int | None = None
    usage: Usage | None = None
    failures: int = 0


_LINE: TypeAdapter[Row | Recalled] = TypeAdapter(Annotated[Row | Recalled, Field(discriminator="kind")])


class Dialogue:
    """The rows of one dialogue, in memory and in a file.

    Args:
        header: What the rows depend on.
        path: The file, see `RowFile`; none: the rows are kept in memory alone.

    Raises:
        InvalidInput: the file is of something else, or cannot be written.
        FormatError: the file holds no rows.
    """

    def __init__(self, header: Header, path: Path | None = None) -> None:
        self.header = header
        self.turns: list[Row] = []
        self.recalled: Recalled | None = None
        self._file = None if path is None else RowFile(path, header, self._read, parents=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return self.recalled is not None

    def add(self, line: Row | Recalled) -> None:
        """Keep a line; in the file it is before this returns."""
        self._keep(line)
        if self._file is not None:
            self._file.write(line)

    def _keep(self, line: Row | Recalled) -> None:
        if isinstance(line, Row):
            self.turns.append(line)
        else:
            self.recalled = line

    def _read(self, line: bytes) -> None:
        self._keep(_LINE.validate_json(line))
