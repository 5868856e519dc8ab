"""A process in which others' packages are kept to themselves: no telemetry, no home, no way out."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from agentmem.config import Settings
from agentmem.testing import offline

SERVER = "api.openai.com"
"""Where models are asked when no server is named."""
SWITCHED_OFF: Mapping[str, str] = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "MEM0_TELEMETRY": "False",
    "OTEL_SDK_DISABLED": "true",
    "POSTHOG_DISABLED": "1",
}
HOMES = ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
OWN_HOMES = ("MEM0_DIR", "MEMPALACE_CONFIG_DIR", "FASTEMBED_CACHE_PATH", "HF_HOME")
"""Folders that some of them ask for by a name of their own."""


def keep_to_itself(folder: Path, settings: Settings, *, model: bool) -> list[str]:
    """Switch telemetry off, make `folder` the home of others' packages, refuse what would leave the machine.

    To be called before one of them is imported.

    Args:
        folder: An empty folder.
        settings: Where a model's server is.
        model: Whether a model may be asked; else this process moves into a network of its own, if it may.

    Returns:
        What was refused; it grows.
    """
    os.environ.update(SWITCHED_OFF)
    for name in (*HOMES, *OWN_HOMES):
        os.environ[name] = str(folder)
    if not model:
        offline.alone()
    return offline.shut(_addresses(settings) if model else ())


def _addresses(settings: Settings) -> set[str]:
    host = urlsplit(settings.model_url).hostname if settings.model_url else SERVER
    if host is None:
        return set()
    try:
        return {host, *(str(found[4][0]) for found in socket.getaddrinfo(host, None))}
    except OSError:
        return {host}
