"""What loading a model costs, told from inside the process that does nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

from agentmem_bench import memory


def loaded(load: Callable[[], object]) -> dict[str, Any]:
    """Run `load`; `load_s`, and the bytes of memory above those before it, libraries included."""
    memory.forget_peak()
    before = memory.resident()
    began = perf_counter()
    load()
    took = perf_counter() - began
    return {"load_s": round(took, 2), "before_bytes": before, "above_bytes": memory.resident() - before}


def at_its_peak(before: int) -> dict[str, Any]:
    """The most memory above `before` bytes since `loaded`, and the most that tensors took on CUDA."""
    told: dict[str, Any] = {"peak_above_bytes": memory.peak() - before, "cuda_bytes": None, "gpu": None}
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        told |= {"cuda_bytes": torch.cuda.max_memory_allocated(), "gpu": torch.cuda.get_device_name()}
    return told
