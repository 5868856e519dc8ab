"""Vectors of many texts at once, whatever single ones do to the embedder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agentmem.embedders.checked import Broken, parts_of, vectors_of
from agentmem.errors import InvalidInput, NetworkForbidden, Unavailable
from agentmem.logs import fields, in_log, logger

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

log = logger(__name__)

Made = dict[bytes, NDArray[np.float32]]
"""Vectors by content hash, each shape (parts, d)."""
AT_ONCE = 128
"""How many texts are embedded, and written, at a time."""


def embed_each(embedder: Embedder, texts: dict[bytes, str]) -> Made:
    """Vectors of all texts that the embedder can take: one that it cannot stands in no other's way.

    A text that it refuses has no vector for good, shape (0, d); one at which it breaks is left out.

    Raises:
        Unavailable: it can take none of them now.
    """
    try:
        return _embed(embedder, texts)
    except Broken:
        if len(texts) == 1:
            raise
    except (Unavailable, NetworkForbidden):
        raise
    except InvalidInput as error:
        if len(texts) == 1:
            extra = {"embedder": embedder.name, **fields(error)}
            log.warning(
                "a text has no vector, and is found by its words alone: %s", in_log(error), extra=extra
            )
            return {digest: np.zeros((0, embedder.dimensions), np.float32) for digest in texts}
    made: Made = {}
    broken: Unavailable | None = None
    for digest, text in texts.items():
        try:
            made |= embed_each(embedder, {digest: text})
        except Unavailable as error:
            broken = error
    if broken is not None and not made:
        raise broken
    return made


def _embed(embedder: Embedder, texts: dict[bytes, str]) -> Made:
    parts = parts_of(embedder, list(texts.values()))
    flat = vectors_of(embedder, [part for some in parts for part in some])
    made: Made = {}
    start = 0
    for digest, some in zip(texts, parts, strict=True):
        made[digest] = flat[start : start + len(some)]
        start += len(some)
    return made
