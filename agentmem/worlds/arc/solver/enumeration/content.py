"""Values by their content: a key that equal values share, and about how many bytes they hold."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
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
_POINTER = 8
_INT8 = np.iinfo(np.int8)

Keyed = tuple[Hashable, int]
_Reader = Callable[[Any, int], Keyed]


class TooLarge(ValueError):
    """A value holds more than it may."""


class NoContent(ValueError):
    """A value can be read only once, so that it has no content to go by."""


def keyed(value: Any, limit: int) -> Keyed:
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
    kind: Any = type(value)
    return _reader(kind)(value, limit)


@lru_cache(1024)
def _reader(kind: type) -> _Reader:
    """What reads the values of a class."""
    if kind in _READERS:
        return _READERS[kind]
    if issubclass(kind, np.generic):
        return lambda value, limit: keyed(value.item(), limit)
    for base, reader in _READERS.items():
        if issubclass(kind, base):  # a subclass may say more than its base, and is never equal to it
            return lambda value, limit: _tagged(kind, reader(value, limit))
    if hasattr(kind, "__next__"):
        return _once
    if any("__call__" in base.__dict__ for base in kind.__mro__):  # no fields say what a function does
        return _same
    slots = _slots(kind)
    if not hasattr(kind, "__dict__") or not getattr(kind, "__dictoffset__", 0):
        return (lambda value, limit: _slotted(kind, slots, value, limit)) if slots else _same
    return lambda value, limit: _object(kind, slots, value, limit)


def _slots(kind: type) -> tuple[str, ...]:
    """The names of the slots of a class and its bases."""
    given = (base.__dict__.get("__slots__", ()) for base in kind.__mro__)
    names = {name for one in given for name in ((one,) if isinstance(one, str) else one)}
    return tuple(sorted(names - {"__dict__", "__weakref__"}))


def _array(value: np.ndarray[Any, Any], limit: int) -> Keyed:
    size = value.nbytes + _ARRAY
    if size > limit:
        raise TooLarge(f"{size} bytes")
    code = value.dtype.char
    if code == "O":
        return _sequence(("array", value.shape), value.ravel().tolist(), value.size, limit)
    value.setflags(write=False)
    if code in "BhHiIlLqQ" and value.size and value.min() >= _INT8.min and value.max() <= _INT8.max:
        value, code = value.astype(np.int8), "b"
    data = value.tobytes()
    return (code, value.shape, data if len(data) <= SHORT else blake2b(data, digest_size=16).digest()), size


def _integer(value: int, limit: int) -> Keyed:
    if value.bit_length() > INTEGER_BITS:
        raise TooLarge(f"an integer of {value.bit_length()} bits")
    return int(value), _OBJECT


def _plain(value: Any, limit: int) -> Keyed:
    """What equals other kinds that it is not: True is 1, 1.0 is 1, -0.0 is 0.0."""
    return (type(value), repr(value)), _OBJECT


def _text(value: str | bytes, limit: int) -> Keyed:
    size = _OBJECT + len(value)
    if size > limit:
        raise TooLarge(f"{size} bytes")
    return value, size


def _set(value: set[Any] | frozenset[Any], limit: int) -> Keyed:
    key, size = _sequence("set", value, len(value), limit)
    return ("set", frozenset(key[1:] if isinstance(key, tuple) else ())), size


def _mapping(value: dict[Any, Any], limit: int) -> Keyed:
    return _sequence(dict, [part for pair in value.items() for part in pair], 2 * len(value), limit)


def _slotted(kind: type, slots: tuple[str, ...], value: Any, limit: int) -> Keyed:
    return _sequence(kind, [getattr(value, name, None) for name in slots], len(slots), limit)


def _object(kind: type, slots: tuple[str, ...], value: Any, limit: int) -> Keyed:
    held = vars(value)
    if not held and not slots:
        return _same(value, limit)
    parts = [getattr(value, name, None) for name in slots]
    parts += [part for pair in sorted(held.items()) for part in pair]
    return _sequence(kind, parts, len(parts), limit)


def _once(value: Any, limit: int) -> Keyed:
    raise NoContent(f"a {type(value).__name__} can be read only once")


def _same(value: Any, limit: int) -> Keyed:
    return _Same(value), _OBJECT


def _tagged(kind: type, found: Keyed) -> Keyed:
    return (kind, found[0]), found[1]


def _sequence(tag: Any, items: Iterable[Any], length: int, limit: int) -> Keyed:
    size = _OBJECT + _POINTER * length
    if size > limit:
        raise TooLarge(f"{size} bytes")
    keys: list[Hashable] = [tag]
    for item in items:
        kind: Any = type(item)
        key, held = _reader(kind)(item, limit - size)
        keys.append(key)
        size += held
    return tuple(keys), size


_READERS: dict[type, _Reader] = {
    np.ndarray: _array,
    bool: _plain,
    int: _integer,
    float: _plain,
    complex: _plain,
    type(None): _plain,
    str: _text,
    bytes: _text,
    list: lambda value, limit: _sequence(list, value, len(value), limit),
    tuple: lambda value, limit: _sequence(tuple, value, len(value), limit),
    set: _set,
    frozenset: _set,
    dict: _mapping,
}


class _Same:
    """A key that only the same object has; it keeps the object, so that no other takes its place."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._value is other._value

    def __hash__(self) -> int:
        return id(self._value)
