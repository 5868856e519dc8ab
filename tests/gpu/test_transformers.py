"""Language models of random weights on CUDA: the same answers by every way, in less memory with fewer bits."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from agentmem.models import Cancellation, user
from agentmem.models.base import Request
from agentmem.models.transformers_chat import TransformersChat

pytestmark = [pytest.mark.gpu, pytest.mark.filterwarnings("default")]  # those of CUDA libraries are theirs

ASKED = [
    Request(messages=(user(text),), max_tokens=40 + 10 * place)
    for place, text in enumerate(("a", "Hello there.", "What did I say about the bees, and when?"))
]
needs_bitsandbytes = pytest.mark.skipif(
    find_spec("bitsandbytes") is None, reason="bitsandbytes is not installed"
)


def loaded(folder: Path, precision: str) -> TransformersChat:
    model = TransformersChat(folder, device="cuda", precision=precision)
    model.load()
    return model


@pytest.mark.parametrize("temperature", [0.0, 0.8])
def test_a_batch_answers_as_one_by_one(folder: Path, temperature: float) -> None:
    model = loaded(folder, "fp32")
    asked = [request.altered({"temperature": temperature}) for request in ASKED]
    alone = [model.answer(request, Cancellation()) for request in asked]
    assert model.answers(asked, Cancellation()) == alone


def test_a_draft_changes_no_answer(folder: Path, draft: Path) -> None:
    alone = [loaded(folder, "fp32").answer(request, Cancellation()) for request in ASKED]
    for drafting in (draft, folder):
        model = TransformersChat(folder, device="cuda", precision="fp32", draft=drafting)
        assert model.answers(ASKED, Cancellation()) == alone


def test_answers_are_those_of_the_cpu(folder: Path) -> None:
    expected = TransformersChat(folder, device="cpu").answer(ASKED[0], Cancellation())
    assert loaded(folder, "fp32").answer(ASKED[0], Cancellation()) == expected


@needs_bitsandbytes
def test_fewer_bits_take_less_memory(folder: Path, bytes_above: Callable[..., int]) -> None:
    held = {
        name: bytes_above(lambda name=name: loaded(folder, name)) for name in ("fp32", "fp16", "int8", "nf4")
    }
    assert held["fp16"] < 0.55 * held["fp32"]
    assert held["int8"] < 0.65 * held["fp16"]
    assert held["nf4"] < 0.4 * held["fp16"]


@needs_bitsandbytes
@pytest.mark.parametrize("precision", ["fp16", "bf16", "int8", "nf4"])
def test_it_answers_in_every_precision(folder: Path, precision: str) -> None:
    model = loaded(folder, precision)
    for answer in model.answers(ASKED, Cancellation()):
        assert answer.text
        assert answer.usage.completion_tokens > 0
