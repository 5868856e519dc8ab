"""A store of bytes and a cache of answers, on a bank's table beside the journal: nothing recalls them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from langchain_core.caches import RETURN_VAL_TYPE, BaseCache
from langchain_core.load import dumps, loads
from langchain_core.stores import BaseStore

if TYPE_CHECKING:
    from agentmem.bank import Bank


class AgentMemByteStore(BaseStore[str, bytes]):
    """Bytes by key.

    Args:
        bank: The bank; closing it is up to whoever opened it.
        name: What keeps its entries apart from those of other byte stores of the bank.
    """

    def __init__(self, bank: Bank, name: str = "default") -> None:
        self._blobs = bank.blobs(f"bytes {name}")

    def mget(self, keys: Sequence[str]) -> list[bytes | None]:
        """The values of `keys`, none for one that is not there."""
        found = self._blobs.get(keys)
        return [found[key].value if key in found else None for key in keys]

    def mset(self, key_value_pairs: Sequence[tuple[str, bytes]]) -> None:
        """Keep values: on disk when this returns."""
        self._blobs.put(dict(key_value_pairs))

    def mdelete(self, keys: Sequence[str]) -> None:
        """Delete values."""
        self._blobs.remove(keys)

    def yield_keys(self, *, prefix: str | None = None) -> Iterator[str]:
        """The keys that begin with `prefix`."""
        yield from self._blobs.keys(prefix or "")


class AgentMemCache(BaseCache):
    """Answers of language models by prompt and model, for `set_llm_cache`.

    Args:
        bank: The bank; closing it is up to whoever opened it.
        name: What keeps its answers apart from those of other caches of the bank.
        ttl: Minutes after which an answer is not taken any more; none: it always is.
    """

    def __init__(self, bank: Bank, name: str = "default", *, ttl: float | None = None) -> None:
        self._bank = bank
        self._blobs = bank.blobs(f"cache {name}")
        self._ttl = ttl

    def lookup(self, prompt: str, llm_string: str) -> RETURN_VAL_TYPE | None:
        """What was answered to a prompt; none where nothing was."""
        key = _key(prompt, llm_string)
        found = self._blobs.get([key]).get(key)
        # Of classes, only those of messages and answers are made from what is read.
        return None if found is None else loads(found.value.decode(), allowed_objects="core")

    def update(self, prompt: str, llm_string: str, return_val: RETURN_VAL_TYPE) -> None:
        """Keep an answer."""
        until = None if self._ttl is None else self._bank.clock() + timedelta(minutes=self._ttl)
        self._blobs.put({_key(prompt, llm_string): dumps(list(return_val)).encode()}, until)

    def clear(self, **options: Any) -> None:
        """Delete all answers."""
        self._blobs.remove()


def _key(prompt: str, llm_string: str) -> str:
    return sha256(f"{len(prompt)}\n{prompt}{llm_string}".encode("utf-8", "surrogatepass")).hexdigest()
