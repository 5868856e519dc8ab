"""Which dialogues a page holds: as many as are good for it, the same personas for every system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain, zip_longest

from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.rows import Dialogue


def chosen(
    dialogues: Mapping[str, Mapping[str, Sequence[Dialogue]]],
    personas: Sequence[Persona],
    most: int,
    largest: int,
) -> list[Dialogue]:
    """The dialogues to embed: of the first seed first, of each type of persona in turn.

    A persona's dialogues of a seed, with all systems in all variants, come together or not at all, so they
    can be compared; where even the first ones are too many, those that come first are there.

    Args:
        dialogues: By system and variant.
        personas: Who talks in them.
        most: So many dialogues at most.
        largest: Bytes of their rows at most, as JSON.
    """
    found: list[Dialogue] = []
    for together in _together(dialogues, personas):
        sizes = list(accumulate(_bytes(one) for one in together))
        if len(found) + len(together) > most or sizes[-1] > largest:
            fitting = [one for one, size in zip(together[:most], sizes, strict=False) if size <= largest]
            return found or fitting
        largest -= sizes[-1]
        found += together
    return found


def _bytes(dialogue: Dialogue) -> int:
    return sum(len(row.model_dump_json().encode()) for row in dialogue.turns)


def _together(
    dialogues: Mapping[str, Mapping[str, Sequence[Dialogue]]], personas: Sequence[Persona]
) -> Iterator[list[Dialogue]]:
    """Dialogues of one persona and seed, in the order in which they are wanted."""
    found: dict[tuple[int, str], list[Dialogue]] = {}
    variants = dict.fromkeys(chain.from_iterable(dialogues.values()))
    for variant in variants:
        for by_variant in dialogues.values():
            for one in by_variant.get(variant, ()):
                found.setdefault((one.header.seed, one.header.persona), []).append(one)
    for seed in sorted({seed for seed, _ in found}):
        for persona in _in_turn(personas):
            if (seed, persona.id) in found:
                yield found[seed, persona.id]


def _in_turn(personas: Sequence[Persona]) -> list[Persona]:
    """One of each type, then the second of each, and so on."""
    by_kind: dict[str, list[Persona]] = {}
    for persona in personas:
        by_kind.setdefault(persona.kind.name, []).append(persona)
    rounds = zip_longest(*by_kind.values())
    return [persona for one in rounds for persona in one if persona is not None]
