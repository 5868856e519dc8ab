"""Prompts are files beside the code that uses them, rendered here; a value that is missing is an error."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from agentmem.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from jinja2 import Template


def render(package: str, name: str, **values: object) -> str:
    """The prompt `prompts/NAME.md` in the folder of `package`, a Jinja2 template, with its values filled in.

    Args:
        package: The module path of a package, e.g. its `__package__`.
        name: The file's name without `.md`.
        **values: What the template names. Text among them is put in as it is, never read as a template.

    Raises:
        NotFound: there is no such file.
        InvalidInput: the template names a value that is not given.
    """
    from jinja2 import UndefinedError

    try:
        return _template(package, name).render(values)
    except UndefinedError as error:
        raise InvalidInput(f"prompt {name!r} of {package}: {error.message}", "give that value") from error


@cache
def _template(package: str, name: str) -> Template:
    from jinja2 import Environment, StrictUndefined

    file = files(package) / "prompts" / f"{name}.md"
    try:
        source = file.read_text(encoding="utf-8")
    except OSError as error:
        raise NotFound(f"there is no prompt {name!r} in {package}", f"it should be {file}") from error
    environment = Environment(
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  a prompt is no HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(source)
