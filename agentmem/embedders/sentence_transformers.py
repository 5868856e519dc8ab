"""all-MiniLM-L6-v2 by sentence-transformers: the reference, and the runtime for GPUs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from agentmem.devices import device_problem, torch_device, without_bars
from agentmem.embedders.base import Matrix, normalised
from agentmem.embedders.tokenizer import load_tokenizer
from agentmem.embedders.weights import DIMENSIONS, NAME, find_weights
from agentmem.errors import Unavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 64


class SentenceTransformersEmbedder:
    """Loads torch on first use (seconds, and some 500 MB). Calls from several threads take turns.

    Args:
        device: `auto` (CUDA, then MPS, then CPU), or the name of a torch device.
        half: Compute in float16, on CUDA only. Vectors are float32 all the same.
    """

    name = NAME
    dimensions = DIMENSIONS

    def __init__(self, device: str = "auto", *, half: bool = False) -> None:
        self.device = device
        self.half = half
        self._loading = Lock()
        # The Rust tokenizer inside is reconfigured by every call: two at once fail as "Already borrowed".
        self._running = Lock()

    def __reduce__(self) -> tuple[object, ...]:
        """As a process sends it to another, which loads it once."""
        return _opened, (self.device, self.half)

    def parts(self, text: str) -> list[str]:
        """Split `text` into parts that fit the window of 256 tokens; `[]` for a blank text."""
        return load_tokenizer().parts(text)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed `texts`, one part each; shape (len(texts), 384), rows of length 1.

        Raises:
            InvalidInput: a text is blank or longer than the window.
            NotFound: the package with the weights is not installed.
            Damaged: the weights are not the published ones.
            Unavailable: torch cannot use the device.
        """
        tokenizer = load_tokenizer()
        for text in texts:
            tokenizer.encode(text)
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        model = self.loaded()
        with self._running:
            vectors = model.encode(
                list(texts), batch_size=BATCH, convert_to_numpy=True, show_progress_bar=False
            )
        return normalised(np.asarray(vectors, dtype=np.float32))

    def load(self) -> None:
        """Load the model now, which else happens with the first text.

        Raises:
            NotFound: the package with the weights is not installed.
            Damaged: the weights are not the published ones.
            Unavailable: torch cannot use the device.
        """
        load_tokenizer()
        self.loaded()

    def loaded(self) -> SentenceTransformer:
        """The model on its device, its weights checked.

        Raises:
            NotFound: the package with the weights is not installed.
            Damaged: the weights are not the published ones.
            Unavailable: torch cannot use the device.
        """
        with self._loading:
            return self._model

    @cached_property
    def _model(self) -> SentenceTransformer:
        weights = find_weights()
        weights.checked()
        import torch
        from sentence_transformers import SentenceTransformer

        device = torch_device(self.device)
        if problem := device_problem(device):
            raise Unavailable(
                f"{NAME} cannot run on device {device!r}: {problem}", "set AGENTMEM_DEVICE to `auto` or `cpu`"
            )
        with without_bars():
            model = SentenceTransformer(
                str(weights.folder),
                device=device,
                local_files_only=True,
                model_kwargs={"dtype": torch.float16} if self.half and device.startswith("cuda") else {},
            )
        return model.eval()


@cache
def _opened(device: str, half: bool) -> SentenceTransformersEmbedder:
    return SentenceTransformersEmbedder(device, half=half)
