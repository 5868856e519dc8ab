"""Rows of a run: a line of JSON for each turn, a file for each dialogue: a killed run can be taken up."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Annotated, Literal, Self

from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from agentmem.errors import FormatError, InvalidInput
from agentmem.records import Value
from agentmem_bench.likebench.personas.schema import Dimension
from agentmem_bench.likebench.probe.rater import Rating


class Header(Value):
    """The first line: what all rows of the dialogue depend on.

    Attributes:
        version: Of the suite.
        mode: `probe`, or who plays user and rater.
        system: The system under test, with its model.
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
        ratings: By dimension; none where it does not apply.
        reasons: By dimension, of those that apply.
        tokens: Of the context; none: unknown.
        recalled: `id@version` of what was in the context.
        seconds: What took how long.
        usage: What models counted.
    """

    kind: Literal["turn"] = "turn"
    session: int
    turn: int
    what: str
    message: str
    reply: str
    ratings: dict[Dimension, int | None]
    reasons: dict[Dimension, str]
    tokens: int | None = None
    recalled: tuple[str, ...] = ()
    seconds: dict[str, float] = Field(default_factory=dict)
    usage: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def rated(self) -> Mapping[Dimension, Rating]:
        """The ratings with their reasons."""
        return {name: Rating(value, self.reasons.get(name, "")) for name, value in self.ratings.items()}


class Recalled(Value):
    """The last line: which facts were there when they were asked for.

    Attributes:
        facts: By id of the fact.
        held: How many facts the system holds; none: unknown.
    """

    kind: Literal["recalled"] = "recalled"
    facts: dict[str, bool]
    held: int | None = None


_LINE: TypeAdapter[Header | Row | Recalled] = TypeAdapter(
    Annotated[Header | Row | Recalled, Field(discriminator="kind")]
)


class Dialogue:
    """The rows of one dialogue, in memory and in a file.

    A file that is there is gone on from; a last line that is not whole, because its writer was killed, is
    taken away.

    Args:
        header: What the rows depend on.
        path: The file; none: the rows are kept in memory alone.

    Raises:
        InvalidInput: the file is of something else, or cannot be written.
        FormatError: the file holds no rows.
    """

    def __init__(self, header: Header, path: Path | None = None) -> None:
        self.header = header
        self.turns: list[Row] = []
        self.recalled: Recalled | None = None
        self._file: IO[str] | None = None
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._read(path)
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise InvalidInput(
                f"rows {path} cannot be read and written: {error.strerror}", "name a folder of yours"
            ) from error
        if not path.stat().st_size:
            self._write(header)

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
        self._write(line)

    def _keep(self, line: Row | Recalled) -> None:
        if isinstance(line, Row):
            self.turns.append(line)
        else:
            self.recalled = line

    def _read(self, path: Path) -> None:
        if not path.exists():
            return
        text = path.read_bytes()
        whole = text.rfind(b"\n") + 1
        if whole < len(text):
            os.truncate(path, whole)
        for number, line in enumerate(text[:whole].decode("utf-8").splitlines(), 1):
            try:
                found = _LINE.validate_json(line)
            except ValidationError as error:
                raise FormatError(f"{path}, line {number} is no row", "move the file away") from error
            if isinstance(found, Header):
                if found != self.header:
                    raise InvalidInput(
                        f"rows {path} are of another run: {_difference(found, self.header)}",
                        "name another folder, or run as before",
                    )
            else:
                self._keep(found)

    def _write(self, line: Header | Row | Recalled) -> None:
        if self._file is not None:
            self._file.write(line.model_dump_json() + "\n")
            self._file.flush()


def _difference(old: Header, new: Header) -> str:
    names = [name for name in Header.model_fields if getattr(old, name) != getattr(new, name)]
    return ", ".join(f"{name} {getattr(old, name)!r} and not {getattr(new, name)!r}" for name in names)
