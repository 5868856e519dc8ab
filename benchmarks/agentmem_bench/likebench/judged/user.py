"""A user that a model plays: it says what the script wants said, in its persona's voice."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from agentmem.fence import fence
from agentmem.prompts import render
from agentmem_bench.asking import Asker, Said
from agentmem_bench.likebench.judged.describing import character, setting
from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.players import Uttered
from agentmem_bench.likebench.probe.script import Turn, Variant
from agentmem_bench.likebench.probe.text import holds
from agentmem_bench.likebench.probe.user import ScriptedUser
from agentmem_bench.likebench.rows import Row

TOKENS = 150
"""Of a message."""
TALK = 4
"""Exchanges of the session that are shown, the last ones."""


class ModelUser:
    """One persona in one run of sessions, in a model's words.

    What has to be said is the script's, so that facts surface in the sessions in which they are to; where the
    model leaves out a word that carries a fact, or says nothing, the script's words stand.

    Args:
        persona: Who it is.
        variant: How long and noisy its sessions are.
        seed: Of the script.
        asker: The model.
    """

    def __init__(self, persona: Persona, variant: Variant, seed: int, asker: Asker) -> None:
        self._persona = persona
        self._script = ScriptedUser(persona, variant, seed)
        self._asker = asker
        self.turns = self._script.turns

    def message(self, turn: Turn, before: Sequence[Row]) -> Uttered:
        """The script's message in other words."""
        meant = self._script.message(turn)
        prompt = render(
            __package__,
            "user",
            character=character(self._persona),
            setting=setting(self._persona, turn.session),
            talk=fence(talk(before, turn.session) or "(nothing yet)"),
            says=meant,
        )
        said: Said[BaseModel] = self._asker.ask(prompt, max_tokens=TOKENS)
        text = said.text.strip().strip('"').strip()
        failure = said.failure or self._fault(turn, text)
        return Uttered(meant if failure else text, meant, said.usage, failure)

    def repeat(self, turn: Turn) -> None:
        """Draw what is drawn for a message."""
        self._script.message(turn)

    def hear(self, turn: Turn, row: Row) -> None:
        """Take a rated reply up: what was poor may be complained of."""
        self._script.hear(turn, row.rated)

    def _fault(self, turn: Turn, text: str) -> str:
        if not text:
            return "the model said nothing"
        left_out = [word for word in _carrying(turn) if not holds([word], text)]
        return f"the model left out {', '.join(left_out)}" if left_out else ""


def _carrying(turn: Turn) -> list[str]:
    """Words of a turn without which it does not say what it has to."""
    words = [turn.reference.says] if turn.reference is not None else []
    if turn.surfaces is not None:
        words += [key for key in turn.surfaces.keys if holds([key], turn.says)]
    return words


def talk(before: Sequence[Row], session: int) -> str:
    """The last exchanges of a session, a line each."""
    rows = [row for row in before if row.session == session][-TALK:]
    return "\n".join(f"Person: {row.message}\nAssistant: {row.reply}" for row in rows)
