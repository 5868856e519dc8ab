"""The device that a local model runs on, embedder or language model, and loading one without noise."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import machine


def accelerator() -> str | None:
    """The device that torch would use beside the CPU, guessed without importing torch."""
    if sys.platform == "darwin":
        return "mps" if machine() == "arm64" else None
    try:
        cpu_only = version("torch").endswith("+cpu")
    except PackageNotFoundError:
        return None
    driver = any(Path(device).exists() for device in ("/dev/nvidia0", "/dev/dxg"))
    return "cuda" if driver and not cpu_only else None


def torch_device(name: str) -> str:
    """The device that is meant: for `auto` CUDA, then MPS, then the CPU."""
    if name != "auto":
        return name
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def device_problem(device: str) -> str:
    """Why torch cannot use `device` on this machine, in its own words; empty where it can."""
    import torch

    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        return str(error).partition("\n")[0]
    return ""


@contextmanager
def without_bars() -> Iterator[None]:
    """Load models inside without the progress bars of transformers."""
    from transformers.utils import logging

    bars = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if bars:
            logging.enable_progress_bar()
