"""Opens the language model that `--model` names: a built-in one, or another package's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from agentmem import plugins
from agentmem.config import Settings
from agentmem.errors import InvalidInput
from agentmem.models.base import ChatModel

GROUP = "agentmem.models"
"""Entry points of other packages: a name, and a `Factory`."""

Factory: TypeAlias = Callable[[Settings, str], ChatModel]
"""Makes a model from the settings and what stands after the colon of its name."""


def open_model(settings: Settings, name: str) -> ChatModel:
    """Open `openai:MODEL`, `llama` (the embedded one), `llama:PATH`, `hf:FOLDER`, `replay:FILE`, or another
    package's.

    Models are loaded on first use.

    Raises:
        InvalidInput: no model has this name, or what follows its colon makes no sense.
        NotFound: its file is not there.
        Unavailable: a package that it needs is not installed, or a key is missing.
    """
    factory, argument = plugins.factory("model", name, _BUILT_IN, GROUP)
    return factory(settings, argument)


def _openai(settings: Settings, argument: str) -> ChatModel:
    from agentmem.models.openai_chat import OpenAIChat

    return OpenAIChat(argument, settings)


def _llama(_: Settings, argument: str) -> ChatModel:
    from agentmem.models.llama_cpp import LlamaCppChat

    return LlamaCppChat(Path(argument) if argument else None)


def _hf(settings: Settings, argument: str) -> ChatModel:
    from agentmem.models.transformers_chat import TransformersChat

    if not argument:
        raise InvalidInput("hf: names no folder", "write hf:FOLDER, the folder of a Hugging Face model")
    return TransformersChat(
        Path(argument),
        device=settings.device,
        precision=settings.model_precision,
        draft=settings.model_draft,
    )


def _replay(_: Settings, argument: str) -> ChatModel:
    from agentmem.models.cassette import ReplayChat

    if not argument:
        raise InvalidInput("replay: names no cassette", "write replay:FILE")
    return ReplayChat(Path(argument).expanduser())


_BUILT_IN: dict[str, Factory] = {"openai": _openai, "llama": _llama, "hf": _hf, "replay": _replay}
