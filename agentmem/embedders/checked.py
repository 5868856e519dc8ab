"""What an embedder gives is looked at before it is kept: it is other people's code, or a server's answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agentmem.embedders.base import Embedder, Matrix
from agentmem.errors import AgentMemError, Unavailable
from agentmem.telemetry import embeddings

LENGTH_ERROR = 0.01
"""How far from 1 the length of a vector may be: one that came as half floats is off by less."""


LOCAL = "local"
"""The provider of an embedder that names none."""


class Broken(Unavailable):
    """An embedder raised what it must not, or gave no vectors of its own kind: perhaps for one text alone."""


def parts_of(embedder: Embedder, texts: Sequence[str]) -> list[list[str]]:
    """The parts of each of `texts`.

    Raises:
        Broken: the embedder raised no error of ours.
    """
    try:
        return [list(embedder.parts(text)) for text in texts]
    except AgentMemError:
        raise
    except Exception as error:  # an embedder's code: whatever it raises
        raise _broke(embedder, error) from error


def vectors_of(embedder: Embedder, parts: Sequence[str]) -> Matrix:
    """The vectors of `parts`, shape (n, dimensions), finite and of length 1.

    Raises:
        Broken: the embedder raised no error of ours, or gave something else.
    """
    try:
        with embeddings(embedder.name, getattr(embedder, "provider", LOCAL), len(parts)):
            given = embedder.embed(parts)
        vectors = np.asarray(given, np.float32) if not np.iscomplexobj(given) else np.zeros(0, np.float32)
    except AgentMemError:
        raise
    except Exception as error:  # an embedder's code: whatever it raises
        raise _broke(embedder, error) from error
    wanted = (len(parts), embedder.dimensions)
    if vectors.shape != wanted:
        raise _strange(embedder, f"vectors of shape {np.shape(given)} for {wanted}")
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(vectors, axis=1)
    if not np.isfinite(lengths).all():
        raise _strange(embedder, "a vector with NaN or infinity in it")
    if (np.abs(lengths - 1) > LENGTH_ERROR).any():
        raise _strange(embedder, f"a vector of length {lengths[np.abs(lengths - 1).argmax()]:.3g}, not 1")
    return vectors


def _broke(embedder: Embedder, error: Exception) -> Broken:
    return Broken(f"the embedder {embedder.name!r} broke: {type(error).__name__}: {error}", quotes=True)


def _strange(embedder: Embedder, what: str) -> Broken:
    return Broken(f"the embedder {embedder.name!r} gave {what}", "mend it, or choose another embedder")
