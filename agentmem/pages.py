"""Pages: HTML files without anything from outside. Templates stand beside the code; data is never markup."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from agentmem.fence import clean

if TYPE_CHECKING:
    from jinja2 import Environment

_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""What could end a script, or begin markup, as JSON may write it."""


def page(package: str, name: str, script: str, style: str, data: Any, **values: object) -> str:
    """A page from the template `templates/NAME.html.j2` in the folder of `package`.

    Args:
        package: The module path of a package.
        name: Of the template.
        script: The script of the page; the template allows it alone, by its digest.
        style: Its style sheet.
        data: What the script shows: JSON.
        **values: What else the template names. Text among them is escaped, and cleaned of what is not seen.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        environment(package)
        .get_template(f"{name}.html.j2")
        .render(script=script, digest=digest, style=style, data=in_script(data), **values)
    )


def in_script(data: Any) -> str:
    """Data as JSON that stands in a script element and cannot leave it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character, written in _IN_SCRIPT.items():
        text = text.replace(character, written)
    return text


@cache
def part(package: str, file: str) -> str:
    """The text of `templates/FILE` in the folder of `package`: a script, a style sheet."""
    return (files(package) / "templates" / file).read_text(encoding="utf-8")


@cache
def environment(*packages: str, told: Callable[[str], str] = clean) -> Environment:
    """The templates in the folders `templates` of packages; of two of one name, that of the first package.

    Args:
        *packages: Module paths.
        told: What becomes of text, before it is escaped: without it, what is not seen is left out.
    """
    from jinja2 import ChoiceLoader, Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    def seen(value: object) -> object:
        """Text without what is not seen but obeyed; our own markup as it is."""
        return told(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    return Environment(
        loader=ChoiceLoader([FunctionLoader(partial(_source, package)) for package in packages]),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=seen,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _source(package: str, name: str) -> str | None:
    try:
        return part(package, name)
    except FileNotFoundError:
        return None
