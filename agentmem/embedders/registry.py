"""Opens the embedder that the settings name: a built-in one, or another package's."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from agentmem import plugins
from agentmem.config import Settings
from agentmem.devices import accelerator
from agentmem.embedders.base import Embedder
from agentmem.errors import InvalidInput, Unavailable
from agentmem.logs import logger

log = logger(__name__)

GROUP = "agentmem.embedders"
"""Entry points of other packages: a name, and a `Factory`."""

Factory: TypeAlias = Callable[[Settings, str], Embedder]
"""Makes an embedder from the settings and what stands after the colon of its name."""


def open_embedder(settings: Settings) -> Embedder:
    """Open the embedder `settings.embedder`: `minilm`, `hashing`, `hashing:DIM`, `openai:MODEL`, or another.

    Models are loaded on first use. The first `minilm` of a machine makes its ONNX export (20 s).

    Raises:
        InvalidInput: no embedder has this name, or what follows its colon makes no sense.
        NotFound: the weights are not installed.
        Damaged: the weights are not the published ones.
        Unavailable: the runtime that was asked for by name cannot run.
    """
    factory, argument = plugins.factory("embedder", settings.embedder, _BUILT_IN, GROUP)
    return factory(settings, argument)


def _minilm(settings: Settings, argument: str) -> Embedder:
    if argument:
        raise InvalidInput(f"minilm takes no {argument!r}", "write `minilm`; see `runtime` and `device`")
    from agentmem.embedders.onnx import OnnxEmbedder
    from agentmem.embedders.onnx_cache import exported
    from agentmem.embedders.sentence_transformers import SentenceTransformersEmbedder

    device = settings.device if settings.device != "auto" else accelerator() or "cpu"
    if settings.runtime == "torch" or (settings.runtime == "auto" and device != "cpu"):
        return SentenceTransformersEmbedder(settings.device)
    try:
        return OnnxEmbedder(exported(settings.cache_dir))
    except Unavailable as error:
        if settings.runtime == "onnx":
            raise
        _warn_once(f"{error}; running all-MiniLM-L6-v2 by torch instead, which starts more slowly")
        return SentenceTransformersEmbedder("cpu")


def _hashing(settings: Settings, argument: str) -> Embedder:
    from agentmem.embedders.hashing import HashingEmbedder

    if not argument:
        return HashingEmbedder()
    if not argument.isdecimal():
        raise InvalidInput(f"hashing:{argument} names no dimension", "write a number: `hashing:64`")
    return HashingEmbedder(int(argument))


def _openai(settings: Settings, argument: str) -> Embedder:
    from agentmem.embedders.openai import OpenAIEmbedder

    return OpenAIEmbedder(argument, settings)


@cache
def _warn_once(message: str) -> None:
    log.warning(message)


_BUILT_IN: dict[str, Factory] = {"minilm": _minilm, "hashing": _hashing, "openai": _openai}
