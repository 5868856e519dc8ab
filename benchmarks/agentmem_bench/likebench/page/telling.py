"""What the page shows of dialogues and personas, as JSON; texts are kept once, and clean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem.fence import clean
from agentmem.runs.web.texts import Texts
from agentmem_bench.likebench.page.figures import short
from agentmem_bench.likebench.personas.schema import DIMENSIONS, Dimension, Persona
from agentmem_bench.likebench.rows import Dialogue, Row


def dialogue_told(dialogue: Dialogue, texts: Texts) -> dict[str, Any]:
    """The turns of a dialogue, with texts by number; and which facts were recalled after it."""
    recalled = dialogue.recalled
    return {
        "turns": [_turn(row, texts) for row in dialogue.turns],
        "recalled": None if recalled is None else {clean(id): held for id, held in recalled.facts.items()},
    }


def _turn(row: Row, texts: Texts) -> dict[str, Any]:
    reasons = [row.reasons.get(dimension) for dimension in DIMENSIONS]
    told: dict[str, Any] = {
        "session": row.session,
        "turn": row.turn,
        "what": texts.place(row.what),
        "message": texts.place(row.message),
        "reply": texts.place(row.reply),
        "ratings": _ratings(row.ratings),
        "reasons": [None if reason is None else texts.place(reason) for reason in reasons],
        "tokens": row.tokens,
        "recalled": [texts.place(id) for id in row.recalled],
    }
    more: dict[str, Any] = {
        "meant": texts.place(row.meant) if row.meant else None,
        "unquoted": [DIMENSIONS.index(dimension) for dimension in row.unquoted],
        "others": [[texts.place(name), _ratings(given)] for name, given in row.others.items()],
        "failures": [[texts.place(name), texts.place(said)] for name, said in row.failures.items()],
    }
    return told | {name: value for name, value in more.items() if value not in (None, [])}


def _ratings(given: Mapping[Dimension, float | None]) -> list[float | None]:
    return [None if (value := given.get(dimension)) is None else short(value) for dimension in DIMENSIONS]


def persona_in_short(persona: Persona) -> dict[str, Any]:
    """What every persona is told as, whether its dialogues are there or not."""
    return {"id": clean(persona.id), "name": clean(persona.name), "kind": persona.kind.name}


def persona_told(persona: Persona) -> dict[str, Any]:
    """All that is known of a persona."""
    told: dict[str, Any] = _cleaned(persona.model_dump(mode="json", exclude={"id", "name", "kind"}))
    return told


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(name)): _cleaned(one) for name, one in value.items()}
    return [_cleaned(one) for one in value] if isinstance(value, list) else value
