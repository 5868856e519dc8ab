"""The client of any server that speaks OpenAI's interface, and its errors without the key."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from agentmem.errors import Unavailable
from agentmem.extras import needed

if TYPE_CHECKING:
    from openai import OpenAI


def connect(url: str | None, setting: str, *, timeout: float, retries: int) -> OpenAI:
    """A client of the server at `url`; none: OpenAI's own. It calls nobody yet.

    Args:
        url: Base URL.
        setting: The variable of the environment that sets it, to be named in errors.
        timeout: Seconds for one attempt.
        retries: Attempts of the client's own after the first.

    Raises:
        Unavailable: the package `openai` is missing, or OpenAI's own server is meant and no key is set.
    """
    with needed("models behind OpenAI's interface", "openai"):
        from openai import OpenAI
    key = os.environ.get("OPENAI_API_KEY")
    if not key and url is None:
        raise Unavailable(
            "OpenAI's server needs a key", f"set OPENAI_API_KEY, or {setting} to your own server"
        )
    return OpenAI(api_key=key or "not-needed", base_url=url, timeout=timeout, max_retries=retries)


def place(client: OpenAI) -> str:
    """Where the server of `client` is, without a password."""
    return str(client.base_url.copy_with(userinfo=b""))


def is_answer(error: Exception) -> bool:
    """Whether an error holds what a server answered, which may repeat what it was asked."""
    from openai import APIConnectionError

    return not isinstance(error, APIConnectionError)


def told(error: Exception, client: OpenAI) -> str:
    """An error of `client` as text: a server may repeat the key in its answer, which goes no further."""
    return f"{type(error).__name__}: {error}".replace(client.api_key, "***")
