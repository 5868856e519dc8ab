"""A cross-encoder in a local folder: it reads question and text together, and says how well they fit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agentmem.devices import device_problem, torch_device, without_bars
from agentmem.errors import Damaged, InvalidInput, NotFound

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

BATCH = 32
REMEDY = "name a folder to which sentence-transformers saved a CrossEncoder"


class Reranker:
    """Loads torch and the model on first use. Calls from several threads take turns.

    Args:
        folder: Where sentence-transformers saved a `CrossEncoder` with one label, its weights as safetensors.
            Nothing is fetched from anywhere.
        device: `auto` (CUDA, then MPS, then CPU), or the name of a torch device.

    Raises:
        NotFound: there is no model in the folder.
    """

    def __init__(self, folder: Path, device: str = "auto") -> None:
        if not (folder / "config.json").is_file():
            raise NotFound(f"there is no cross-encoder in {str(folder)!r}", REMEDY)
        self.folder = folder
        self.device = device
        self._running = Lock()

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """How well each of `texts` answers `question`, higher is better, shape (len(texts),).

        Of a pair that is longer than the model's window, the end is not read.

        Raises:
            Damaged: the model cannot be loaded.
            InvalidInput: it has several labels, so that no score is the one wanted; or torch cannot use the
                device.
        """
        with self._running:
            pairs = [(question, text) for text in texts]
            found = self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False)
        return np.asarray(found, np.float64)

    @cached_property
    def _model(self) -> CrossEncoder:
        device = torch_device(self.device)
        if problem := device_problem(device):
            raise InvalidInput(
                f"the cross-encoder cannot run on device {device!r}: {problem}",
                "set AGENTMEM_DEVICE, or the option rerank_device, to `auto` or `cpu`",
            )
        from sentence_transformers import CrossEncoder

        try:
            with without_bars():
                model = CrossEncoder(
                    str(self.folder),
                    device=device,
                    local_files_only=True,
                    model_kwargs={"use_safetensors": True},
                )
        except Exception as error:  # of many kinds, by what is wrong with the files
            raise Damaged(
                f"the cross-encoder in {str(self.folder)!r} cannot be loaded: {error}", REMEDY
            ) from error
        if model.num_labels != 1:
            raise InvalidInput(
                f"the cross-encoder in {str(self.folder)!r} has {model.num_labels} labels",
                "choose one with a single label: the relevance",
            )
        return model


@cache
def open_reranker(folder: str, device: str) -> Reranker:
    """The cross-encoder in `folder` on `device`, one for all who name it; it is loaded on first use.

    Raises:
        NotFound: there is no model in the folder.
    """
    return Reranker(Path(folder).expanduser(), device)
