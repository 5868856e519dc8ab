"""Numpy arrays that grow, appending in amortised constant time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agentmem.index.ranking import grown


class Growing:
    """One column: `view` is its filled part, writable in place until the next growth."""

    def __init__(self, dtype: Any) -> None:
        self._data: NDArray[Any] = np.empty(0, dtype)
        self._size = 0

    @property
    def view(self) -> NDArray[Any]:
        """The filled part, shape (n,)."""
        return self._data[: self._size]

    def extend(self, values: ArrayLike) -> None:
        """Append `values`."""
        array = np.asarray(values, self._data.dtype)
        start, self._size = self._size, self._size + len(array)
        self.reserve(self._size)
        self._data[start : self._size] = array

    def resize(self, size: int, fill: Any) -> None:
        """Grow to `size`, the new part filled with `fill`."""
        start = self._size
        if size > start:
            self.reserve(size)
            self._data[start:] = fill
            self._size = size

    def reserve(self, size: int) -> None:
        """Make room for `size` values in all."""
        self._data = grown(self._data, size)

    @property
    def nbytes(self) -> int:
        """Bytes held, the spare part included."""
        return int(self._data.nbytes)
