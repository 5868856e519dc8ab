"""Stores of others, where they are installed, hold what they are given and find what is nearest."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from agentmem.embedders import HashingEmbedder
from agentmem.errors import Unavailable
from agentmem_bench.adapters.base import ReadablePeer
from agentmem_bench.adapters.embedding import langchain, whole

TEXTS = ["Maya: bees behind the chapel", "Tom: a trombone from Graz", "Maya: oh no", "Maya: oh no"]
STORES = {
    "Chroma": "chroma",
    "LangGraphStore": "langgraph",
    "LangGraphSQLite": "langgraph",
    "LangMem": "langgraph",
    "MemPalace": "mempalace",
    "MemPalaceUnion": "mempalace",
}


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", STORES)
def test_it_holds_what_it_was_given_and_finds_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind: type[ReadablePeer] = getattr(import_module(f"agentmem_bench.adapters.{STORES[name]}"), name)
    if kind.version() is None:
        pytest.skip(f"{kind.package} is not installed")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MEMPALACE_CONFIG_DIR", str(tmp_path))
    embedder = HashingEmbedder()
    try:
        store = kind(tmp_path, embedder)
    except Unavailable as error:
        pytest.skip(str(error))
    for number, text in enumerate(TEXTS):
        store.add(number, [text], whole(embedder, [text]))
    assert store.texts() == dict(enumerate(TEXTS))
    for number, text in enumerate(TEXTS[:2]):
        assert store.search(text, whole(embedder, [text])[0], 3)[0] == number
    store.close()


def test_of_a_text_longer_than_the_window_the_first_part_is_embedded() -> None:
    embedder = HashingEmbedder()
    first, second = whole(embedder, ["bees", "honey"])
    assert (whole(embedder, ["bees"])[0] == first).all()
    assert not (first == second).all()


def test_langchains_interface_gives_the_same_vectors() -> None:
    pytest.importorskip("langchain_core")
    embedder = HashingEmbedder()
    assert langchain(embedder).embed_query("bees") == whole(embedder, ["bees"])[0].tolist()
