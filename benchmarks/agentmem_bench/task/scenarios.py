"""Task scenarios: dialogues with the state of the task written down after every turn."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from agentmem.errors import FormatError, NotFound
from agentmem.stores.task.trim import Intent


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _none_as_empty(value: Any) -> Any:
    return [] if value is None else value


Forms = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Keys = Annotated[tuple[str, ...], BeforeValidator(lambda value: _listed(_none_as_empty(value)))]


class Turn(BaseModel):
    """What is said, what it means, and what holds after it.

    Attributes:
        say: The utterance.
        intents: One per subtask, in any order.
        state: Every live slot; the accepted forms of its value, or none where it is open.
        depends: Edges that hold now; none where the scenario does not say.
        stale: Slots marked stale now; none where the scenario does not say.
        done: Slots that are done now; none where the scenario does not say.
        active: The slot that is worked on; none where the scenario does not say.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    say: str = Field(min_length=1)
    intents: Annotated[tuple[Intent, ...], BeforeValidator(_none_as_empty)]
    state: dict[str, Annotated[Forms, Field(min_length=1)] | None]
    depends: dict[str, Keys] | None = None
    stale: Keys | None = None
    done: Keys | None = None
    active: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _stated(cls, data: Any) -> Any:
        """A list that is written and left empty says that nothing is in it."""
        if not isinstance(data, dict):
            return data
        empty: dict[str, Any] = {"depends": {}, "stale": [], "done": []}
        return data | {key: value for key, value in empty.items() if key in data and data[key] is None}

    def keys(self) -> dict[str, tuple[str, ...]]:
        """The slots that each field names, by field."""
        edges = [key for node, on in (self.depends or {}).items() for key in (node, *on)]
        active = () if self.active is None else (self.active,)
        return {
            "state": tuple(self.state),
            "depends": tuple(edges),
            "stale": self.stale or (),
            "done": self.done or (),
            "active": active,
        }


class Scenario(BaseModel):
    """A dialogue about one undertaking.

    Attributes:
        name: Of the undertaking.
        slots: The truth's slots, and the titles that count as naming each.
        turns: In their order.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = Field(min_length=1)
    slots: dict[str, Forms] = Field(min_length=1)
    turns: tuple[Turn, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_known_slots(self) -> Self:
        for number, turn in enumerate(self.turns, start=1):
            for field, keys in turn.keys().items():
                for key in keys:
                    if key not in self.slots:
                        raise ValueError(
                            f"turns.{number}.{field}: {key!r} is no slot; slots are {', '.join(self.slots)}"
                        )
        return self


class _Loader(yaml.SafeLoader):
    """YAML in which every scalar is a text as it was written, but for null: `6:30` is no number."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_scenarios(path: Path) -> list[Scenario]:
    """Read one scenario, or those of a folder in the order of their files' names.

    Raises:
        NotFound: there is no such file, or no scenario in the folder.
        FormatError: a file is not as the format says; names file, turn (from 1) and field.
    """
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in {".yaml", ".yml"})
        if not files:
            raise NotFound(f"{path} holds no scenario", "give a YAML file, or a folder of them")
        return [_read(file) for file in files]
    if not path.is_file():
        raise NotFound(f"{path} does not exist", "give a YAML file, or a folder of them")
    return [_read(path)]


def _read(file: Path) -> Scenario:
    remedy = "see `agentmem bench task --example`"
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FormatError(f"{file}: {' '.join(str(error).split())}", remedy) from error
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise FormatError(f"{file}, {_first(error)}", remedy) from error
    _warn_of_others(file, data)
    return scenario


def _first(error: ValidationError) -> str:
    """Where the first fault is, its turn counted from 1, and what it is."""
    fault = error.errors()[0]
    place = list(fault["loc"])
    if place[:1] == ["turns"] and len(place) > 1 and isinstance(place[1], int):
        place[1] += 1
    message = fault["msg"].removeprefix("Value error, ")
    return ": ".join([".".join(str(part) for part in place)] * bool(place) + [message])


def _warn_of_others(file: Path, data: dict[str, Any]) -> None:
    """Say which fields were ignored."""
    others = {str(key) for key in data if key not in Scenario.model_fields}
    others |= {f"turns.{key}" for turn in data["turns"] for key in turn if key not in Turn.model_fields}
    if others:
        warnings.warn(f"{file}: ignored {', '.join(sorted(others))}", stacklevel=3)
