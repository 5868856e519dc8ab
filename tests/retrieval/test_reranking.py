"""The cross-encoder: a named part of the score, over the best hits alone; on a tiny model with random weights."""

from __future__ import annotations

import string
from pathlib import Path

import numpy as np
import pytest

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders.reranker import Reranker, open_reranker
from agentmem.errors import Damaged, InvalidInput, NotFound
from agentmem.records import Event
from agentmem.retrieval.policy import RetrievalPolicy
from agentmem.retrieval.reranking import rerank
from agentmem.retrieval.table import standardised
from agentmem.stores import MemoryStore

QUESTION = "Where is the red kettle?"
TEXTS = (
    "The red kettle stands on the stove.",
    "A kettle is red.",
    "We painted the door red.",
    "Where did you put it?",
    "The kettle broke, alas.",
    "I bought plums and a violin.",
)


def save_model(folder: Path, labels: int = 1) -> Path:
    """A cross-encoder with two layers, 32 wide, that knows letters; its weights are chance."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(7)
    pieces = [*string.ascii_lowercase, *(f"##{letter}" for letter in string.ascii_lowercase), *".,?"]
    folder.mkdir()
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *pieces]) + "\n")
    config = BertConfig(
        vocab_size=5 + len(pieces),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        num_labels=labels,
        initializer_range=0.5,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(vocabulary), model_max_length=128).save_pretrained(folder)
    CrossEncoder(str(folder), local_files_only=True).save_pretrained(str(folder), create_model_card=False)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(tmp_path_factory.mktemp("models") / "cross-encoder")


@pytest.fixture
def store(open_bank, folder: Path) -> MemoryStore:
    bank: Bank = open_bank(settings=Settings(embedder="hashing", reranker=folder))
    bank.store().observe(*(Event(id=f"{n}", actor="Ben", text=text) for n, text in enumerate(TEXTS)))
    return bank.store()


def test_it_is_off_unless_it_is_asked_for(store: MemoryStore):
    assert all("rerank" not in hit.parts for hit in store.recall(QUESTION, floor=False))


def test_its_part_is_what_the_model_says_and_the_parts_sum(store: MemoryStore, folder: Path):
    plain = {hit.id: hit for hit in store.recall(QUESTION, floor=False)}
    hits = store.recall(QUESTION, floor=False, rerank=True)
    assert {hit.id for hit in hits} == set(plain)
    said = open_reranker(str(folder), "auto").scores(QUESTION, [f"Ben: {hit.text}" for hit in hits])
    wanted = standardised(said) * np.std([hit.score for hit in plain.values()])
    for hit, part in zip(hits, wanted, strict=True):
        assert hit.parts["rerank"] == pytest.approx(part, abs=1e-4)
        assert hit.score == pytest.approx(sum(hit.parts.values()), abs=1e-9)
        assert hit.score - hit.parts["rerank"] == pytest.approx(plain[hit.id].score, abs=1e-9)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.id for hit in hits] != list(plain)


def test_its_weight_is_an_option(store: MemoryStore, folder: Path):
    hits = store.recall(QUESTION, floor=False, rerank=True, options={"rerank": 1000.0})
    said = open_reranker(str(folder), "auto").scores(QUESTION, [f"Ben: {hit.text}" for hit in hits])
    assert list(said) == sorted(said, reverse=True)
    none = store.recall(QUESTION, floor=False, rerank=True, options={"rerank": 0.0})
    assert [hit.id for hit in none] == [hit.id for hit in store.recall(QUESTION, floor=False)]


@pytest.mark.parametrize("top", [1, 2, 4])
def test_only_the_best_are_read_and_none_of_the_others_overtakes(store: MemoryStore, top: int):
    plain = [hit.id for hit in store.recall(QUESTION, floor=False)]
    options = {"rerank_top": top, "rerank": 50.0}
    hits = store.recall(QUESTION, floor=False, rerank=True, options=options)
    ids = [hit.id for hit in hits]
    assert set(ids[:top]) == set(plain[:top])
    assert ids[top:] == plain[top:]
    assert {hit.parts["rerank"] for hit in hits[top:]} == {min(hit.parts["rerank"] for hit in hits)}
    with pytest.raises(InvalidInput, match="rerank_top"):
        store.recall(QUESTION, rerank=True, options={"rerank_top": 0})


@pytest.mark.parametrize("changes", [{}, {"k": 2}, {"mmr": 0.4}, {"dedupe": True, "k": 3}, {"floor": True}])
def test_explain_agrees_with_recall(store: MemoryStore, changes: dict[str, object]):
    asked = {"floor": False, "rerank": True, **changes}
    hits = store.recall(QUESTION, **asked)
    assert hits
    for rank, hit in enumerate(hits, 1):
        why = store.explain(QUESTION, hit.id, **asked)
        assert (why.recalled, why.rank) == (True, rank)
        assert why.parts["rerank"] == pytest.approx(hit.parts["rerank"], abs=1e-4)
        if "mmr" not in changes:
            assert why.score == pytest.approx(hit.score, abs=1e-4)
    for id in {record.id for record in store.select()} - {hit.id for hit in hits}:
        assert not store.explain(QUESTION, id, **asked).recalled


def test_a_context_and_a_composite_are_reranked_too(store: MemoryStore):
    first = store.recall(QUESTION, floor=False, rerank=True)[0]
    context = store.synthesize(QUESTION, 400, floor=False, rerank=True)
    assert first.id in {item.id for item in context.items}
    both = store.bank.store("composite")
    assert both.recall(QUESTION, floor=False, rerank=True)[0].id == first.id


def test_nothing_to_rerank_is_no_error(store: MemoryStore):
    assert store.recall("", rerank=True)[0].parts == {}
    assert store.recall(QUESTION, rerank=True, filter='actor = "nobody"') == []
    assert store.recall("zzz unheard of", rerank=True) == []


def test_a_folder_that_holds_none_is_an_error_that_says_so(bank: Bank, tmp_path: Path):
    store = bank.store()
    with pytest.raises(InvalidInput, match="AGENTMEM_RERANKER"):
        store.recall(QUESTION, rerank=True)
    for options in ({"reranker": str(tmp_path / "nowhere")}, {"reranker": str(tmp_path)}):
        with pytest.raises(NotFound, match="there is no cross-encoder in"):
            store.recall(QUESTION, rerank=True, options=options)
    (tmp_path / "config.json").write_text("{}")
    store.observe("The red kettle.")
    with pytest.raises(Damaged, match="cannot be loaded"):
        store.recall(QUESTION, rerank=True, options={"reranker": str(tmp_path)})


def test_a_model_with_several_labels_is_refused(tmp_path: Path):
    with pytest.raises(InvalidInput, match="3 labels"):
        Reranker(save_model(tmp_path / "three", labels=3)).scores("a", ["b"])


def test_equal_scores_are_told_apart_by_the_model_alone(folder: Path):
    policy = RetrievalPolicy(reranker=str(folder))
    part = rerank(QUESTION, TEXTS[:3], np.zeros(5), policy)
    assert part[:3].std() == pytest.approx(1)
    assert part[3] == part[4] == part.min()
