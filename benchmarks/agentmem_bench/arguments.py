"""What is written on a command line, as values."""

from __future__ import annotations

from agentmem.errors import InvalidInput


def numbers(option: str, text: str, example: str) -> list[int]:
    """Whole numbers between commas.

    Raises:
        InvalidInput: `text` is no list of numbers.
    """
    try:
        return [int(part) for part in text.split(",")]
    except ValueError as error:
        raise InvalidInput(f"{option} {text!r} is no list of numbers", f"write {option} {example}") from error
