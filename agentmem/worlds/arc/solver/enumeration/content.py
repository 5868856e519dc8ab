"""Values by their content: a key that equal values share, and about how many bytes they hold."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np

SHORT = 32
"""Bytes of an array that stand in its key as they are; longer ones by their digest."""
INTEGER_BITS = 64
"""Bits of an integer; a longer one counts as too large: what is built of it may be that large."""
_OBJECT = 64
"""About what an object of Python holds, in bytes, without what it names."""
_ARRAY = 128
_INT8 = np.iinfo(np.int8)
_POINTER = 8


class TooLarge(ValueError):
    """A value holds more than it may."""


class NoContent(ValueError):
    """A value can be read only once, so that it has no content to go by."""


def keyed(value: Any, limit: int) -> tuple[Hashable, int]:
    """The key of a value's content, and about how many bytes it holds.

    Arrays met on the way become read-only, so that a routine that changes what it is given fails. Integer
    arrays have the same key whatever their width. Objects go by their fields; those without any by identity.

    Args:
        value: Numbers, texts, arrays, containers and objects of these.
        limit: How many bytes it may hold.

    Raises:
        TooLarge: it holds more.
        NoContent: it is an iterator.
    """
    kind = type(value)
    if kind is np.ndarray:
        return _array(value, limit)
    if kind is int:
        if value.bit_length() > INTEGER_BITS:
            raise TooLarge(f"an integer of {value.bit_length()} bits")
        return value, _OBJECT
    if kind is str or kind is bytes:
        return value, _within(_OBJECT + len(value), limit)
    if value is None or kind is bool or kind is float or kind is complex:
        return (kind, repr(value)), _OBJECT
    if kind is list or kind is tuple:
        return _sequence(kind, value, len(value), limit)
    return _other(kind, value, limit)


def _within(size: int, limit: int) -> int:
    if size > limit:
        raise TooLarge(f"{size} bytes")
    return size


def _array(value: np.ndarray[Any, Any], limit: int) -> tuple[Hashable, int]:
    size = value.nbytes + _ARRAY
    if size > limit:
        raise TooLarge(f"{size} bytes")
    code = value.dtype.char
    if value.dtype.kind == "O":
        return _sequence(("array", value.shape), value.ravel().tolist(), value.size, limit)
    value.setflags(write=False)
    if code in "BhHiIlLqQ" and value.size and _INT8.min <= value.min() and value.max() <= _INT8.max:
        value, code = value.astype(np.int8), "b"
    data = value.tobytes()
    return (code, value.shape, data if len(data) <= SHORT else blake2b(data, digest_size=16).digest()), size


def _sequence(tag: Any, items: Iterable[Any], length: int, limit: int) -> tuple[Hashable, int]:
    size = _within(_OBJECT + _POINTER * length, limit)
    keys: list[Hashable] = [tag]
    for item in items:
        key, held = keyed(item, limit - size)
        keys.append(key)
        size += held
    return tuple(keys), size


def _other(kind: type, value: Any, limit: int) -> tuple[Hashable, int]:
    if isinstance(value, np.generic):
        return keyed(value.item(), limit)
    if isinstance(value, (set, frozenset)):
        key, size = _sequence("set", value, len(value), limit)
        return ("set", frozenset(key[1:] if isinstance(key, tuple) else ())), size
    if isinstance(value, dict):
        return _sequence(kind, [part for pair in value.items() for part in pair], 2 * len(value), limit)
    if isinstance(value, (list, tuple, int, str, bytes, float, np.ndarray)):  # subclasses
        base: Any = next(one for one in kind.__mro__ if one in _BASES)
        plain = np.asarray(value) if base is np.ndarray else base(value)
        key, size = keyed(plain, limit)
        return (kind, key), size
    if hasattr(kind, "__next__"):
        raise NoContent(f"a {kind.__name__} can be read only once")
    fields = _fields(kind, value)
    if fields is not None:
        return _sequence(kind, fields, len(fields), limit)
    return _Same(value), _OBJECT


_BASES = (list, tuple, int, str, bytes, float, np.ndarray)


def _fields(kind: type, value: Any) -> list[Any] | None:
    """What the attributes of an object hold, by the order of their names; None where it has none.

    A function has none that say what it does.
    """
    if callable(value):
        return None
    slots = _slots(kind)
    held = getattr(value, "__dict__", None)
    if not held:
        return [getattr(value, name, None) for name in slots] or None
    return [getattr(value, name, None) for name in slots] + [
        part for pair in sorted(held.items()) for part in pair
    ]


@lru_cache(1024)
def _slots(kind: type) -> tuple[str, ...]:
    """The names of the slots of a class and its bases."""
    given = (base.__dict__.get("__slots__", ()) for base in kind.__mro__)
    names = {name for one in given for name in ((one,) if isinstance(one, str) else one)}
    return tuple(sorted(names - {"__dict__", "__weakref__"}))


class _Same:
    """A key that only the same object has; it keeps the object, so that no other takes its place."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._value is other._value

    def __hash__(self) -> int:
        return id(self._value)
