"""How pages are rendered: what memory says is text, whatever it says, and what is not seen is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from agentmem.fence import named
from agentmem.pages import environment, in_script
from agentmem.web.inspector.asked import address

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from agentmem.records import Event, Namespace, Record

PACKAGES = ("agentmem.web.inspector", "agentmem.stores.concept.views")
"""Where templates are looked for, in this order."""
LINE_CHARS = 600
"""Characters of a text that a list shows."""
REDACTED = "[redacted: "
"""What the screen puts in the place of a credential begins so."""
KILO = 1_000


def render(name: str, **values: Any) -> str:
    """A page from the template `NAME.html.j2`."""
    return templates().get_template(f"{name}.html.j2").render(**values)


@cache
def templates() -> Environment:
    """The templates, with what they call."""
    made = environment(*PACKAGES, told=named)
    made.globals.update(to=address, is_redacted=is_redacted)
    filters: dict[str, Callable[..., Any]] = {
        "seen": seen,
        "exact": exact,
        "short": short,
        "pretty": pretty,
        "stamp": stamp,
        "iso": iso,
        "number": "{:,}".format,
        "size": size,
        "path": path,
        "said": said,
        "in_script": lambda data: _markup(in_script(data)),
    }
    made.filters.update(filters)
    return made


def seen(text: str) -> Markup:
    """A text as it is; what a reader cannot see is named in its place, and told apart from what is said."""
    from markupsafe import escape

    mark = '<span class="unseen" title="a character that is not seen">{}</span>'
    return _markup(named(str(escape(text)), mark.format))


def exact(text: str) -> Markup:
    """A text for a field of a form: all of it, as it is."""
    from markupsafe import escape

    return escape(text)


def short(text: str, chars: int = LINE_CHARS) -> str:
    """The beginning of a text."""
    return text if len(text) <= chars else f"{text[:chars].rstrip()} …"


def pretty(data: Any) -> str:
    """Data as JSON for people."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def stamp(moment: datetime | None) -> str:
    """A UTC moment to the minute; a dash for none."""
    return "–" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


def iso(moment: datetime | None) -> str:
    """A UTC moment in full."""
    return "" if moment is None else moment.astimezone(UTC).isoformat()


def size(count: int) -> str:
    """A number of bytes for people."""
    value, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= KILO and len(units) > 1:
        value, units = value / KILO, units[1:]
    return f"{value:,.0f} B" if units[0] == "B" else f"{value:,.1f} {units[0]}"


def path(namespace: Namespace) -> str:
    """A namespace as it is written on the command line."""
    from agentmem.db.names import encode

    return encode(namespace)


def said(thing: Event | Record) -> str:
    """What an event or a record says: its text, else its data."""
    data = getattr(thing, "payload", None) or getattr(thing, "data", None)
    return thing.text or (json.dumps(data, ensure_ascii=False) if data else "")


def is_redacted(event: Event | Record) -> bool:
    """Whether the screen masked something of it: its mark stands in the text or the data."""
    data = getattr(event, "payload", None) or getattr(event, "data", None)
    return REDACTED in event.text or (bool(data) and REDACTED in json.dumps(data, ensure_ascii=False))


def _markup(text: str) -> Markup:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - escaped, or ours
