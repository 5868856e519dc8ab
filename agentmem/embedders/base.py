"""What every embedder offers: a name, a dimension, a split into parts, and vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Matrix: TypeAlias = NDArray[np.float32]


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into unit vectors. All methods may be called by several threads at once.

    One that runs a model of its own may also have `load()`, which loads it before the first text; one
    behind a server may name its `provider`, as OpenTelemetry calls it.

    Attributes:
        name: Identifies the weights and the dimension; the same whichever runtime runs them.
    """

    name: str

    @property
    def dimensions(self) -> int:
        """Length of a vector; an embedder behind a server may have to ask for it.

        Raises:
            Unavailable: the embedder had to ask, and did not get an answer.
            NetworkForbidden: it had to ask, and the network is off.
        """
        ...

    def parts(self, text: str) -> list[str]:
        """Split `text` into overlapping pieces that each fit the model's window.

        Every character is in at least one part. A short text gives `[text]`, a blank one `[]`.
        """
        ...

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed texts that are one part each.

        Args:
            texts: Results of `parts`; none blank.

        Returns:
            Shape (len(texts), dimensions), rows of length 1, in the order of `texts`.

        Raises:
            InvalidInput: a text is blank or longer than the window: nothing is cut silently.
            Unavailable: the model cannot be loaded, or its server does not answer.
        """
        ...


def normalised(vectors: Matrix) -> Matrix:
    """Scale each row of `vectors`, shape (n, dimensions), to length 1; no row may be zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / lengths, dtype=np.float32)
