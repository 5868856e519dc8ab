"""The optional packages: how those of an extra are asked for, and the one error where they are not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec

from agentmem.errors import Unavailable


def install(extra: str) -> str:
    """The command that installs an extra, quoted for every shell."""
    return f'pip install "agentmem[{extra}]"'


def not_installed(purpose: str, packages: Sequence[str], remedy: str) -> Unavailable:
    """The error for packages that are not there.

    Args:
        purpose: What they are needed for, in words: `plots`.
        packages: Their names, one at least.
        remedy: What installs them, as `install` says it.
    """
    *others, last = packages
    if not others:
        return Unavailable(f"the package {last}, needed for {purpose}, is not installed", remedy)
    named = f"{', '.join(others)} and {last}"
    return Unavailable(f"the packages {named}, needed for {purpose}, are not installed", remedy)


@contextmanager
def needed(purpose: str, extra: str, *, instead: str = "") -> Iterator[None]:
    """Around the import of what an extra brings.

    Args:
        purpose: What it is needed for, in words: `plots`.
        extra: Which.
        instead: What else helps, in words.

    Raises:
        Unavailable: it is not installed, or cannot be imported.
    """
    try:
        yield
    except ImportError as error:
        remedy = f"{install(extra)}, or {instead}" if instead else install(extra)
        raise not_imported(error, purpose, remedy) from error


def not_imported(error: ImportError, purpose: str, remedy: str) -> Unavailable:
    """The error for what an import raised: the package is not there, or is not as it should be."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return not_installed(purpose, [error.name.partition(".")[0]], remedy)
    return Unavailable(f"a package that is needed for {purpose} cannot be imported: {error}", remedy)


def check(purpose: str, extra: str, *packages: str) -> None:
    """See to it that packages of an extra are there; none is imported.

    Args:
        purpose: What they are needed for, in words: `plots`.
        extra: Which brings them.
        *packages: By the names under which they are imported.

    Raises:
        Unavailable: one is not installed.
    """
    if lacking := [package for package in packages if find_spec(package) is None]:
        raise not_installed(purpose, lacking, install(extra))
