"""In which ways a model can run on this machine: devices and precisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agentmem.devices import accelerator

LOCAL = "hf:"
"""Begins the names of models that run by transformers, on several devices and in several precisions."""
PRECISIONS = {
    "cpu": ("fp32", "bf16"),
    "cuda": ("fp32", "fp16", "bf16", "int8", "nf4"),
    "mps": ("fp32", "fp16"),
}


@dataclass(frozen=True)
class Variant:
    """One way to run a model.

    Attributes:
        runtime: By what; none: as the model is.
        device: Where; none: where the model wants.
        precision: In which numbers; none: those that it has.
        settings: What says so.
    """

    runtime: str | None = None
    device: str | None = None
    precision: str | None = None
    settings: dict[str, Any] | None = None


def of_chat(model: str) -> Sequence[Variant]:
    """Ways to run a language model."""
    if not model.startswith(LOCAL):
        return [Variant()]
    return [
        Variant("torch", device, precision, {"device": device, "model_precision": precision})
        for device in _devices()
        for precision in PRECISIONS[device]
    ]


def of_embedder(embedder: str) -> Sequence[Variant]:
    """Ways to run an embedder; `fp16` is one of CUDA."""
    if embedder != "minilm":
        return [Variant()]
    found = [Variant("onnx", "cpu", "fp32", {"runtime": "onnx", "device": "cpu"})]
    for device in _devices():
        for precision in ("fp32", "fp16") if device == "cuda" else ("fp32",):
            found.append(Variant("torch", device, precision, {"runtime": "torch", "device": device}))
    return found


def _devices() -> Sequence[str]:
    beside = accelerator()
    return ["cpu"] if beside is None else ["cpu", beside]
