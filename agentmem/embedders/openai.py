"""Any server that speaks OpenAI's embeddings endpoint: OpenAI, vLLM, Ollama, llama.cpp."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, partial

import numpy as np

from agentmem import openai_client
from agentmem.config import Settings, network_gate
from agentmem.embedders.base import Matrix, normalised
from agentmem.embedders.parts import overlapping_parts
from agentmem.errors import InvalidInput, Unavailable

BATCH = 64

WINDOW = 512
"""Tokens: the smallest window that is common among embedding models."""

OVERLAP = 32

BYTES_PER_TOKEN = 2
"""Below what tokenizers reach on text of any script (English has about 4), so parts fit."""

WORD = re.compile(r"\S{1,32}")
"""A longer run of characters is cut, so that every piece fits the window."""


class OpenAIEmbedder:
    """Asks a server. Several threads may embed at once; failed requests are tried again.

    The key is OPENAI_API_KEY of the environment; a server of one's own needs none.

    Args:
        model: The name the server knows.
        settings: `embedder_url` is the server, and `network` must be on.
        window: Tokens that the model takes. Counted by a cautious rule, so the true number is safe.
        timeout: Seconds for one attempt.
        retries: Attempts after the first, for timeouts, 429 and 5xx, with growing pauses.

    Raises:
        InvalidInput: no model is named, or the window is too small.
        Unavailable: the package `openai` is missing, or OpenAI's own server is meant and no key is set.
    """

    def __init__(
        self,
        model: str,
        settings: Settings,
        *,
        window: int = WINDOW,
        timeout: float = 30.0,
        retries: int = 4,
    ) -> None:
        if not model:
            raise InvalidInput(
                "openai: names no model", "write openai:MODEL, e.g. openai:text-embedding-3-small"
            )
        if window <= 2 * OVERLAP:
            raise InvalidInput(f"a window of {window} tokens is too small", f"give more than {2 * OVERLAP}")
        self.name = model
        self.provider = "openai"
        self.window = window
        self._settings = settings
        self._timeout = timeout
        self._retries = retries
        self._client = openai_client.connect(
            settings.embedder_url, "AGENTMEM_EMBEDDER_URL", timeout=timeout, retries=retries
        )

    def __reduce__(self) -> tuple[object, ...]:
        """As a process sends it to another; the key is that of the other's environment."""
        made = partial(OpenAIEmbedder, window=self.window, timeout=self._timeout, retries=self._retries)
        return made, (self.name, self._settings)

    @cached_property
    def dimensions(self) -> int:
        """Length of a vector: the server is asked once.

        Raises:
            Unavailable: the server does not answer.
            NetworkForbidden: the network is off.
        """
        return int(self._ask(["dimensions"]).shape[1])

    def parts(self, text: str) -> list[str]:
        """Split `text` into parts of at most `window` tokens by a cautious count; `[]` if blank."""
        words = list(WORD.finditer(text))
        return overlapping_parts(
            text, [word.start() for word in words], [_cost(word[0]) for word in words], self.window, OVERLAP
        )

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed `texts`, one part each; shape (len(texts), dimensions), rows of length 1.

        Raises:
            InvalidInput: a text is blank.
            Unavailable: the server does not answer, or answers what is no embedding of this model.
            NetworkForbidden: the network is off.
        """
        if not all(text.strip() for text in texts):
            raise InvalidInput("a blank text cannot be embedded", "embed what parts(text) gives")
        answers = [self._ask(texts[first : first + BATCH]) for first in range(0, len(texts), BATCH)]
        for answer in answers:
            if answer.shape[1] != self.dimensions:
                raise self._nonsense(f"vectors of {answer.shape[1]} numbers instead of {self.dimensions}")
        return np.concatenate([np.empty((0, self.dimensions), np.float32), *answers])

    def _ask(self, texts: Sequence[str]) -> Matrix:
        from openai import OpenAIError

        network_gate(self._settings, f"the embedder openai:{self.name}")
        try:
            # Left to itself the client asks for base64, which not every server knows.
            answer = self._client.embeddings.create(
                model=self.name, input=list(texts), encoding_format="float"
            )
            rows = [item.embedding for item in sorted(answer.data, key=lambda item: item.index)]
            vectors = np.array(rows, dtype=np.float32)
        except OpenAIError as error:
            raise self._failed(error) from None
        except (ValueError, TypeError, AttributeError) as error:
            raise self._nonsense(f"what is no list of embeddings ({type(error).__name__})") from None
        if vectors.ndim != 2 or len(vectors) != len(texts):  # noqa: PLR2004 - rows and columns
            raise self._nonsense(f"an array of shape {vectors.shape} to {len(texts)} texts")
        if not np.isfinite(vectors).all() or not vectors.any(axis=1).all():
            raise self._nonsense("a vector that is zero or not finite")
        return normalised(vectors)

    def _failed(self, error: Exception) -> Unavailable:
        return Unavailable(
            f"the embedder openai:{self.name} at {openai_client.place(self._client)} failed: "
            f"{openai_client.told(error, self._client)}",
            "check AGENTMEM_EMBEDDER_URL, OPENAI_API_KEY, and that the server runs and knows the model",
            quotes=openai_client.is_answer(error),
        )

    def _nonsense(self, what: str) -> Unavailable:
        return Unavailable(
            f"the embedder openai:{self.name} at {openai_client.place(self._client)} answered {what}",
            "check that the URL is that of an embeddings server, and the model an embedding model",
        )


def _cost(word: str) -> int:
    return -(-len(word.encode("utf-8")) // BYTES_PER_TOKEN)
