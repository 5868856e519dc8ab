"""The device that a local model runs on, embedder or language model, and loading one without noise."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import machine

TOOL_SECONDS = 5
"""That the driver's tool may take."""


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


def gpus() -> list[str]:
    """CUDA devices by name and memory, as the driver's own tool tells them; none without it."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    asked = [tool, "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        told = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            asked, capture_output=True, text=True, timeout=TOOL_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return told.stdout.strip().splitlines()


def cores() -> int:
    """Processor cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


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
