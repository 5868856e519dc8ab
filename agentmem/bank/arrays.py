"""Numpy arrays that grow, appending in amortised constant time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agentmem.index.ranking import grown


class Growing:
    """One column.

    Args:
        dtype: Of its values.
        default: The value that most have: as long as all have it, none is held.
    """

    def __init__(self, dtype: Any, default: Any = None) -> None:
        self._data: NDArray[Any] = np.empty(0, dtype)
        self._size = 0
        self._default = default
        self._is_held = default is None

    @property
    def view(self) -> NDArray[Any]:
        """Its values, shape (n,), until the next growth; to be read only where it has a default."""
        if not self._is_held:
            return np.broadcast_to(np.asarray(self._default, self._data.dtype), (self._size,))
        return self._data[: self._size]

    @property
    def writable(self) -> NDArray[Any]:
        """Its values, shape (n,), to be written in place until the next growth."""
        if not self._is_held:
            self._is_held = True
            self._data = np.full(self._size, self._default, self._data.dtype)
        return self._data[: self._size]

    def extend(self, values: ArrayLike) -> None:
        """Append `values`."""
        array = np.asarray(values, self._data.dtype)
        if not self._is_held:
            if bool((array == self._default).all()):
                self._size += len(array)
                return
            _ = self.writable
        start, self._size = self._size, self._size + len(array)
        self.reserve(self._size)
        self._data[start : self._size] = array

    def put(self, slots: NDArray[np.int64], values: ArrayLike) -> None:
        """Write `values` at `slots`."""
        array = np.asarray(values, self._data.dtype)
        if self._is_held or not bool((array == self._default).all()):
            self.writable[slots] = array

    def resize(self, size: int, fill: Any) -> None:
        """Grow to `size`, the new part filled with `fill`."""
        if size > self._size:
            self.extend(np.full(size - self._size, fill, self._data.dtype))

    def reserve(self, size: int) -> None:
        """Make room for `size` values in all."""
        if self._is_held:
            self._data = grown(self._data, size)

    @property
    def nbytes(self) -> int:
        """Bytes held, the spare part included."""
        return int(self._data.nbytes)
