"""Which concepts fit into which by their types: what one gives, another takes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from agentmem.stores.concept.selection.terms import Floats, Sparse
from agentmem.stores.concept.types import Type, fits, parse


class Plugs:
    """The type index of a set of concepts.

    A parameter asks for concepts whose result fits it; one that takes a routine, for concepts that are such a
    routine. Where many fit, each fits less.
    """

    def __init__(self, parameters: tuple[tuple[str, ...], ...], outputs: tuple[str, ...]) -> None:
        self._empty = not (parameters and outputs)
        if self._empty:
            return
        size = len(parameters)
        wanted: dict[str, int] = {}
        offered: dict[tuple[tuple[str, ...], str], int] = {}
        takes = [
            [wanted.setdefault(type, len(wanted)) for type in types if type.strip()] for types in parameters
        ]
        gives = [
            offered.setdefault((types, output), len(offered)) if output.strip() else -1
            for types, output in zip(parameters, outputs, strict=True)
        ]
        self._takes = _incidence(takes, size, len(wanted))
        self._gives = _incidence([[give] if give >= 0 else [] for give in gives], size, len(offered))
        fit = np.array([[_fits(want, offer) for offer in offered] for want in wanted], np.float64)
        fit = fit.reshape(len(wanted), len(offered))
        supply = fit @ np.asarray(self._gives.sum(axis=0)).reshape(-1)
        self._fit = fit / np.maximum(supply, 1.0)[:, None]

    def taken_by(self, seeds: Floats) -> Floats:
        """How well each concept fits into what the seeds take: shape (q, n), as `seeds`, their weights."""
        if self._empty:
            return np.zeros_like(seeds)
        wanted = np.asarray((self._takes.T @ seeds.T).T)
        return np.asarray((self._gives @ (wanted @ self._fit).T).T)

    def taking(self, seeds: Floats) -> Floats:
        """How well the seeds fit into what each concept takes: shape (q, n), as `seeds`, their weights."""
        if self._empty:
            return np.zeros_like(seeds)
        given = np.asarray((self._gives.T @ seeds.T).T)
        return np.asarray((self._takes @ (given @ self._fit.T).T).T)


def _incidence(rows: list[list[int]], size: int, width: int) -> Sparse:
    from scipy.sparse import csr_array

    ends = np.cumsum([0, *map(len, rows)])
    columns = np.array([column for row in rows for column in row], np.int32)
    return csr_array((np.ones(len(columns)), columns, ends), shape=(size, width))


@lru_cache(100_000)
def _fits(wanted: str, offer: tuple[tuple[str, ...], str]) -> bool:
    """Whether a concept of these parameters and this result fits into a parameter."""
    want, result = parse(wanted), parse(offer[1])
    if want.is_anything:
        return False  # says nothing of what is asked for
    if want.is_callable and not result.is_callable:
        return bool(offer[0]) and fits(want, Type(want.name, tuple(map(parse, offer[0])), result))
    return fits(want, result)
