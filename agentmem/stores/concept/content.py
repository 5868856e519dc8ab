"""How a concept is kept: all that was ever said of it, in sets that join in any order to the same.

A content is what a join-semilattice has for elements: joining commutes, is associative, and the same joined
twice changes nothing. So any order of the same writes gives the same memory. What is shown of it (one
description, one type for a parameter) is a function of the sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeVar

from pydantic import Field, ValidationError

from agentmem.errors import InvalidInput
from agentmem.records import Record, State, Text, Value
from agentmem.stores.concept.naming import normal

CONCEPT = "concept"
"""The type of a concept's record."""
Form = Literal["ps", "oe", "rule"]
"""Program synthesis, with parameters; open-ended, a situation and a suggestion; a rule that is voted on."""


class Statement(Value):
    """Something that was said of a concept.

    Attributes:
        text: In the words of whoever said it first.
        first: When it was said first.
        place: Where it stood among what was said with it, from 0.
    """

    text: Text
    first: datetime
    place: int = 0

    @property
    def order(self) -> tuple[datetime, int, str]:
        """By what statements are ordered: the first said first."""
        return self.first, self.place, self.text


class Typed(Statement):
    """A parameter, as it was listed.

    Attributes:
        text: Its name.
        type: Its type; empty where the list left it out.
        description: What it is; empty where the list left it out.
    """

    type: Text = ""
    description: Text = ""


S = TypeVar("S", bound=Statement)


class Content(Value):
    """The payload of a concept's record.

    Attributes:
        form: How it is written.
        titles: What it is called. Of an open-ended one: the situations in which it applies.
        kinds: `type`, `structure`, `routine`, or what its authors tell apart.
        descriptions: What it is. Of an open-ended one: the suggestions.
        outputs: Types of what it gives.
        parameters: What it takes.
        cues: When it may be relevant.
        notes: How it is carried out.
        revised: When a statement was taken back last, by its field and normal text.
        again: When one that was taken back was said again last, by the same.
    """

    form: Form = "ps"
    titles: tuple[Statement, ...] = ()
    kinds: tuple[Statement, ...] = ()
    descriptions: tuple[Statement, ...] = ()
    outputs: tuple[Statement, ...] = ()
    parameters: tuple[Typed, ...] = ()
    cues: tuple[Statement, ...] = ()
    notes: tuple[Statement, ...] = ()
    revised: dict[Text, datetime] = Field(default_factory=dict)
    again: dict[Text, datetime] = Field(default_factory=dict)

    def standing(self, field: str) -> list[Statement]:
        """The statements of a field that were not taken back since, the first said first."""
        found: Sequence[Statement] = getattr(self, field)
        return sorted((one for one in found if self._stands(field, one)), key=lambda one: one.order)

    def _stands(self, field: str, one: Statement) -> bool:
        place = _place(field, one)
        taken_back, again = self.revised.get(place), self.again.get(place)
        return taken_back is None or (again is not None and again > taken_back)


FIELDS = ("titles", "kinds", "descriptions", "outputs", "parameters", "cues", "notes")
"""The fields of a content that hold statements."""


def _key(one: Statement) -> tuple[str, ...]:
    """By what two statements are the same."""
    if isinstance(one, Typed):
        return normal(one.text), " ".join(one.type.split()), normal(one.description)
    return (normal(one.text),)


def _place(field: str, one: Statement) -> str:
    return f"{field}: {' | '.join(_key(one))}"


def _joined(statements: Iterable[S]) -> tuple[S, ...]:
    found: dict[tuple[str, ...], S] = {}
    for one in statements:
        key = _key(one)
        found[key] = min(found.get(key, one), one, key=_early)
    return tuple(sorted(found.values(), key=_early))


def _early(one: Statement) -> tuple[datetime, int, str, str, str]:
    """By what one of two that say the same is taken, and by what they are listed: no two have the same."""
    more = (one.type, one.description) if isinstance(one, Typed) else ("", "")
    return (*one.order, *more)


def join(one: Content, other: Content) -> Content:
    """All that was said of either: the same in any order, and however often it is done.

    Raises:
        InvalidInput: they are of two forms.
    """
    if one.form != other.form:
        raise InvalidInput(
            f"a concept of the form {one.form!r} cannot be merged with one of the form {other.form!r}",
            "merge concepts of one form",
        )
    fields = {name: _joined((*getattr(one, name), *getattr(other, name))) for name in FIELDS}
    revised, again = _latest(one.revised, other.revised), _latest(one.again, other.again)
    return Content(form=one.form, revised=revised, again=again, **fields)


def _latest(one: Mapping[str, datetime], other: Mapping[str, datetime]) -> dict[str, datetime]:
    return {
        place: max(moment for moment in (one.get(place), other.get(place)) if moment is not None)
        for place in sorted({*one, *other})
    }


def restate(held: Content, new: Content, at: datetime) -> Content:
    """`held` joined with `new`, of which what had been taken back before `at` stands again."""
    places = [_place(field, one) for field in FIELDS for one in getattr(new, field)]
    again = {place: at for place in places if place in held.revised and held.revised[place] < at}
    return join(held, new.altered({"again": again}))


def revise(held: Content, new: Content, fields: Iterable[str], at: datetime) -> Content:
    """`held` with the `fields` of `new` in the place of its own, which are taken back as of `at`."""
    taken_back = {
        _place(field, one): at
        for field in fields
        for one in getattr(held, field)
        if _key(one) not in {_key(kept) for kept in getattr(new, field)}
    }
    return restate(held.altered({"revised": {**held.revised, **taken_back}}), new, at)


def said(texts: Iterable[str], at: datetime) -> tuple[Statement, ...]:
    """Statements of `texts`; those without words are left out."""
    told = enumerate(text for text in texts if normal(text))
    return tuple(Statement(text=text.strip(), first=at, place=place) for place, text in told)


def content_of(record: Record) -> Content:
    """What the record of a concept holds.

    Raises:
        InvalidInput: its payload is none of a concept.
    """
    try:
        return Content.model_validate(record.payload)
    except ValidationError as error:
        raise InvalidInput(
            f"the payload of {record.id!r} is none of a concept: {error.errors()[0]['msg']}",
            "leave the payload of concepts to their operations",
        ) from error


def is_concept(record: Record) -> bool:
    """Whether a record is a concept: what stands on the shelf by `put` is none."""
    return record.type == CONCEPT and "form" in record.payload


def stands(record: Record) -> bool:
    """Whether a record is a concept that is part of the memory now."""
    return is_concept(record) and record.state is State.LIVE and record.valid_to is None
