"""What an address or a form asks for, validated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from agentmem.db.names import decode, encode
from agentmem.errors import InvalidInput
from agentmem.moments import moment
from agentmem.records import Namespace, clean_text

if TYPE_CHECKING:
    from starlette.requests import Request

LONGEST = 200_000
"""Bytes of a form."""


@dataclass(frozen=True)
class Elsewhere:
    """An answer that is at another address."""

    address: str


class Asked:
    """The parameters of a request, by name."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = [(name, clean_text(value)) for name, value in pairs]

    def text(self, name: str, usual: str = "") -> str:
        """A text, as it was given; `usual` where none was."""
        return next((value for key, value in self._pairs if key == name), usual)

    def all(self, name: str) -> list[str]:
        """Every text of that name."""
        return [value for key, value in self._pairs if key == name and value]

    def required(self, name: str) -> str:
        """A text that must be there.

        Raises:
            InvalidInput: it is not.
        """
        value = self.text(name)
        if not value:
            raise InvalidInput(f"the address names no {name!r}", "follow a link of the inspector")
        return value

    def is_set(self, name: str) -> bool:
        """Whether something is said under a name."""
        return bool(self.text(name))

    def whole(self, name: str, usual: int, least: int, most: int) -> int:
        """A whole number.

        Raises:
            InvalidInput: it is none, or out of bounds.
        """
        value = self.text(name).strip()
        if not value:
            return usual
        if not (value.isascii() and value.isdigit()) or not least <= int(value[:12]) <= most:
            raise InvalidInput(f"{name} is {value!r:.40}", f"give a whole number from {least} to {most:,}")
        return int(value)

    def moment(self, name: str, *, whole_day: bool = False) -> datetime | None:
        """A moment; a date alone is its midnight, or the end of it.

        Raises:
            InvalidInput: it is no ISO-8601 text.
        """
        value = self.text(name).strip()
        return moment(name, value or None, whole_day=whole_day)

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        """One of some texts; empty where none is given.

        Raises:
            InvalidInput: it is none of them.
        """
        value = self.text(name)
        if value and value not in choices:
            raise InvalidInput(f"{name} is {value!r:.40}", f"there are: {', '.join(choices)}")
        return value

    @property
    def namespace(self) -> Namespace:
        """The namespace that is named, as on the command line.

        Raises:
            InvalidInput: none is, or it is no namespace.
        """
        return decode(self.required("ns"))


def asked_of(request: Request) -> Asked:
    """What the address of a request asks for."""
    return Asked(list(request.query_params.multi_items()))


async def form_of(request: Request) -> Asked:
    """What a form says that was sent.

    Raises:
        InvalidInput: it is too large, or no form.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST:
            raise InvalidInput(f"the form has more than {LONGEST:,} bytes", "use the command line")
    try:
        return Asked(
            parse_qsl(body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict")
        )
    except UnicodeDecodeError as error:
        raise InvalidInput("the form is not UTF-8", "send it from a page of the inspector") from error


def address(path: str, **query: Any) -> str:
    """An address of the inspector: what is empty, or none, is left out; a namespace is told by its path."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        for one in value if isinstance(value, list) else [value]:
            text = encode(one) if isinstance(one, tuple) else "" if one is None else str(one)
            if text:
                pairs.append((name, text))
    told = urlencode(pairs)
    return f"{path}?{told}" if told else path


def fields(asked: Asked, names: Sequence[str]) -> dict[str, str]:
    """What was asked for under some names, as it was typed."""
    return {name: asked.text(name) for name in names}
