"""What Python itself refuses a program: modules, files, processes. It gives reasons; the kernel gives safety.

Python cannot be fenced in from within (numpy alone can read and write any address), so nothing rests on this
module but the words of a verdict, and what is left on systems whose kernel takes little from a process.
"""

from __future__ import annotations

import builtins
import importlib
import sys
import warnings
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

_LAZY = (
    "collections.abc",
    "importlib.resources",
    "numpy.char",
    "numpy.exceptions",
    "numpy.fft",
    "numpy.lib.stride_tricks",
    "numpy.linalg",
    "numpy.ma",
    "numpy.polynomial",
    "numpy.random",
    "numpy.strings",
    "numpy.typing",
)
"""Modules that are loaded with those that they belong to: a program cannot load any."""

_GONE = ("open", "input", "breakpoint", "help", "exit", "quit", "copyright", "credits", "license")
_FORBIDDEN = (
    "builtins.input",
    "cpython.",
    "ctypes.",
    "fcntl.",
    "ftplib.",
    "glob.",
    "http.",
    "mmap.",
    "open",
    "os.",
    "pathlib.",
    "pickle.",
    "pty.",
    "resource.",
    "shutil.",
    "signal.",
    "socket.",
    "sqlite3.",
    "subprocess.",
    "syslog.",
    "tempfile.",
    "urllib.",
    "webbrowser.",
)
"""Audit events (PEP 578) of what no program may do: an event's name, or its beginning up to a dot."""


class Forbidden(PermissionError):
    """A program tried what no program may."""


class NotAllowed(ImportError):
    """A program imported what it may not; one that goes on without it has done nothing wrong."""


def load(names: Iterable[str], prelude: str | None) -> None:
    """Import all that programs may, as they cannot.

    Args:
        names: Of the modules.
        prelude: One more module.
    """
    warnings.simplefilter("ignore")
    allowed = tuple(names)
    for name in (*allowed, *(one for one in _LAZY if one.split(".")[0] in allowed)):
        importlib.import_module(name)
    if prelude is not None:
        importlib.import_module(prelude)


def public_names(prelude: str | None) -> dict[str, Any]:
    """What a program has of the prelude without an import: what it exports, or else has and does not hide."""
    if prelude is None:
        return {}
    module = sys.modules[prelude]
    names = getattr(module, "__all__", None)
    if names is None:
        seen = vars(module).items()
        names = [name for name, one in seen if not name.startswith("_") and not isinstance(one, ModuleType)]
    return {name: getattr(module, name) for name in names}


def builtins_for(allowed: Iterable[str], prelude: str | None) -> dict[str, Any]:
    """The builtins that a program has.

    Args:
        allowed: What it may import, with all that is below.
        prelude: One more module that it may import.
    """
    roots = frozenset(allowed)

    def may(name: str) -> bool:
        return name.partition(".")[0] in roots or (
            prelude is not None and (name == prelude or name.startswith(f"{prelude}."))
        )

    def guarded(
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: tuple[str, ...] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if level or not may(name) or name not in sys.modules:
            raise NotAllowed(f"a program may not import {name!r}", name=name)
        return builtins.__import__(name, globals, locals, fromlist or (), 0)

    kept = {name: value for name, value in vars(builtins).items() if name not in _GONE}
    return kept | {"__import__": guarded, "open": _refused("open"), "input": _refused("input")}


def _refused(name: str) -> Any:
    def refuse(*_: Any, **__: Any) -> Any:
        raise Forbidden(f"a program may not call `{name}`")

    return refuse


def watch(tried: list[str]) -> None:
    """Refuse, from now on and for good, what no program may do.

    Args:
        tried: Where it is noted, so that a program which goes on all the same has failed.
    """

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "import":
            if arguments and arguments[0] not in sys.modules:
                raise NotAllowed(f"a program may not import {arguments[0]!r}")
        elif event.startswith(_FORBIDDEN):
            if not (event == "open" and arguments and str(arguments[0]).startswith("<")):
                tried.append(event)  # Python itself looks for the source `<string>` of what it cannot parse
            raise Forbidden(f"a program may not do this: {event}")

    sys.addaudithook(hook)
