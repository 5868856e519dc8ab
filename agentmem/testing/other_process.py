"""A second process on the same bank: it imports the store's class, and answers or observes.

`python -m agentmem.testing.other_process` reads one JSON request from its standard input.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agentmem.bank import Bank, MemorySpec, registry
from agentmem.config import Settings
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import Event
from agentmem.stores.base import MemoryStore
from agentmem.testing.looking import answers

if TYPE_CHECKING:
    from agentmem.testing.trial import Trial

PATIENCE = 120.0
"""Seconds until a second process that does not answer is ended."""
NOT_IMPORTABLE = "its class is made in a function or at a prompt, so no other process can import it"
TEXT = "Note {id}: the swallows are back."
"""What the process observes under the event id `id`."""


def answering(trial: Trial, bank: str, questions: Sequence[str]) -> dict[str, Any] | None:
    """What a second process answers from the trial's bank; none where it cannot import the store's class."""
    request = _request(trial, bank)
    if request is None:
        return None
    told = json.dumps({**request, "questions": list(questions)})
    pipes: dict[str, Any] = {"capture_output": True, "text": True, "timeout": PATIENCE}
    done = subprocess.run(_COMMAND, input=told, check=False, **pipes)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"the other process ended with {done.returncode}: {done.stderr[-800:]}")
    answered: dict[str, Any] = json.loads(done.stdout)
    return answered


def observing(trial: Trial, bank: str, n: int) -> subprocess.Popen[str] | None:
    """A process that observes `n` events and prints each id once it has the receipt."""
    request = _request(trial, bank)
    if request is None:
        return None
    pipe = subprocess.PIPE
    process = subprocess.Popen(_COMMAND, stdin=pipe, stdout=pipe, stderr=pipe, text=True)  # noqa: S603
    with process.stdin or nullcontext() as stdin:
        print(json.dumps({**request, "observe": n}), file=stdin)
    return process


_MODULE = "agentmem.testing.other_process"
_COMMAND = [sys.executable, "-m", _MODULE]


def refuse_in_second() -> None:
    """Let no script that a second process imports start the suite again.

    Raises:
        InvalidInput: this is the second process.
    """
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    if spec is not None and spec.name == _MODULE:
        raise InvalidInput(
            "a second process imports the script with the store's class, and the script starts the suite",
            'put the call under: if __name__ == "__main__"',
        )


def _request(trial: Trial, bank: str) -> dict[str, Any] | None:
    from agentmem.testing.trial import HOME

    classes = [registry.store_class(name) for name in sorted(_named(trial.subject.spec))]
    homes = [_home(one) for one in classes]
    if not all(homes):
        return None
    return {
        "path": sys.path,
        "classes": homes,
        "database": str(trial.folder / f"{bank}.db"),
        "embedder": trial.subject.embedder,
        "spec": trial.subject.spec.model_dump(mode="json"),
        "namespace": list(HOME),
        "now": trial.clock.now.isoformat(),
    }


def _named(spec: MemorySpec) -> set[str]:
    return {spec.store}.union(*(_named(member) for member in spec.members))


def _home(store_class: type[MemoryStore]) -> dict[str, str | None] | None:
    """Where another process finds a class: module, file and name; none where it cannot."""
    module = sys.modules.get(store_class.__module__)
    file = getattr(module, "__file__", None)
    if "<locals>" in store_class.__qualname__ or (store_class.__module__ == "__main__" and file is None):
        return None
    return {"module": store_class.__module__, "file": file, "name": store_class.__qualname__}


# In the second process


def _import(homes: Iterable[dict[str, Any]]) -> None:
    for home in homes:
        found: Any = _module(home["module"], home["file"])
        for part in home["name"].split("."):
            found = getattr(found, part)
        registry.register(found)


def _module(name: str, file: str | None) -> Any:
    """The module of that name, or, where it is a script or a test's, what its file holds."""
    if name != "__main__":
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            if file is None:
                raise
    name = f"of_the_first_process.{name}"
    spec = importlib.util.spec_from_file_location(name, file or "")
    if spec is None or spec.loader is None:
        raise NotFound(f"the module of the store is not in a Python file: {file}", "put it into one")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Do what the request on standard input says."""
    request = json.load(sys.stdin)
    sys.path[:] = request["path"]
    _import(request["classes"])
    now = datetime.fromisoformat(request["now"])
    settings = Settings(embedder=request["embedder"], screen="redact", network=False)
    with Bank(request["database"], settings=settings, clock=lambda: now) as bank:
        store = bank.store(MemorySpec.model_validate(request["spec"]), tuple(request["namespace"]))
        if "questions" in request:
            json.dump(answers(store, request["questions"], now), sys.stdout)
        for n in range(request.get("observe", 0)):
            receipt = store.observe(Event(id=f"note-{n}", text=TEXT.format(id=f"note-{n}")))[0]
            print(receipt.event_id, flush=True)


if __name__ == "__main__":
    main()
