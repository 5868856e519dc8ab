"""The sentences: each with the aspect that it is about, and the value it speaks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import RootModel, ValidationError

from agentmem.errors import FormatError, NotFound
from agentmem.faults import first_fault
from agentmem.records import Text, Value
from agentmem.stores.profile.aspects import ASPECTS
from agentmem.stores.profile.exemplars import OTHER, exemplars

CHECK, HELD_OUT = "check", "held out"
"""The splits that are shipped."""
HELD_OUT_FILE = "heldout.yaml"
EXAMPLE = "example.yaml"
REMEDY = "see `agentmem bench profile --example`"


class Said(Value):
    """A sentence.

    Attributes:
        text: The sentence, or a message of a few.
        aspect: What it is about; `OTHER` for nothing that a profile keeps.
        value: Which of the aspect's values it speaks for; empty where nobody says.
    """

    text: Text
    aspect: str
    value: str = ""


class File(RootModel[dict[str, tuple[Text, ...] | dict[str, tuple[Text, ...]]]]):
    """A file: by aspect sentences, or by aspect and value."""

    def said(self) -> Iterator[Said]:
        """All its sentences."""
        for aspect, some in self.root.items():
            for value, texts in some.items() if isinstance(some, Mapping) else (("", some),):
                yield from (Said(text=text, aspect=aspect, value=value) for text in texts)


def shipped() -> dict[str, tuple[Said, ...]]:
    """The shipped sentences by split: none of them is one that others are compared with."""
    kept = exemplars()
    check = [
        Said(text=text, aspect=aspect, value=value)
        for aspect, values in kept.exemplars.items()
        for value, sentences in values.items()
        for text in sentences.check
    ]
    check += [Said(text=text, aspect=OTHER) for text in kept.other.check]
    held_out = files(__package__).joinpath(HELD_OUT_FILE).read_text(encoding="utf-8")
    return {CHECK: tuple(check), HELD_OUT: parse(held_out, HELD_OUT_FILE)}


def example() -> str:
    """A small file that runs."""
    return files(__package__).joinpath(EXAMPLE).read_text(encoding="utf-8")


def read(file: Path) -> tuple[Said, ...]:
    """The sentences of a file.

    Raises:
        NotFound: there is no such file.
        FormatError: it is not as the format says.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFound(f"file {file} does not exist", "check the path") from error
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"file {file} cannot be read: {error}", "give a UTF-8 file") from error
    return parse(text, str(file))


def parse(text: str, name: str) -> tuple[Said, ...]:
    """The sentences of YAML.

    Raises:
        FormatError: as `read`.
    """
    try:
        loaded = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes texts, lists and mappings alone
    except yaml.YAMLError as error:
        raise FormatError(f"{name}: {' '.join(str(error).split())}", REMEDY) from error
    try:
        said = tuple(File.model_validate(loaded).said())
    except ValidationError as error:
        fault = first_fault(error)
        raise FormatError(f"{name}, key {fault.where or 'of an aspect'}: {fault.message}", REMEDY) from error
    for one in said:
        _check(one, name)
    if not any(one.aspect != OTHER for one in said):
        raise FormatError(f"{name} holds no sentence about an aspect", REMEDY)
    return said


def _check(said: Said, name: str) -> None:
    aspect = next((one for known, one in ASPECTS.items() if known == said.aspect), None)
    if aspect is None and said.aspect != OTHER:
        raise FormatError(
            f"{name}, key {said.aspect}: is no aspect", f"there are: {', '.join([*ASPECTS, OTHER])}"
        )
    values = aspect.values if aspect is not None else {}
    if said.value and said.value not in values:
        known = f"there are: {', '.join(values)}" if values else "give a list of sentences"
        raise FormatError(f"{name}, key {said.aspect}.{said.value}: is no value of the aspect", known)
    if not said.text.strip():
        raise FormatError(f"{name}, key {said.aspect}: a sentence says nothing", REMEDY)
