"""The scripted user: says its turns, and reacts to replies that were not as it wishes, a few times."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from agentmem_bench.likebench.personas.content import phrases
from agentmem_bench.likebench.personas.schema import Dimension, Persona
from agentmem_bench.likebench.probe.rater import Rating
from agentmem_bench.likebench.probe.script import Turn, Variant, script
from agentmem_bench.likebench.probe.wishes import Wish, wishes_of

POOR = 2
"""A rating at most so good is worth a reaction."""
PATIENCE = {True: 2, False: 1}
"""How often one wish is complained of at most: by social ones, by others."""


class ScriptedUser:
    """One persona in one run of sessions: a function of the seed and of the ratings so far.

    Args:
        persona: Who it is.
        variant: How long and noisy its sessions are.
        seed: Of all that is drawn.
    """

    def __init__(self, persona: Persona, variant: Variant, seed: int) -> None:
        self.persona = persona
        self.turns: Sequence[Turn] = script(persona, variant, seed)
        self._wishes = wishes_of(persona)
        self._chance = random.Random(f"{seed} {persona.id} {variant.name} reactions")  # noqa: S311
        self._complained: Counter[tuple[Dimension, str | None]] = Counter()
        self._reaction = ""

    def message(self, turn: Turn) -> str:
        """What the user says: a reaction to the last reply, if any, then its turn, in its register."""
        said = f"{self._reaction} {turn.says}".strip()
        self._reaction = ""
        tags = {"casual": phrases().casual, "formal": phrases().formal}
        own = tags.get(self.persona.preferences.formality or "", ())
        return f"{self._chance.choice(own)}, {said}" if own else said

    def hear(self, turn: Turn, ratings: Mapping[Dimension, Rating]) -> None:
        """Take a rated reply up: what was poor, and not complained of too often, is said next time."""
        poor = [wish for wish in self._wishes if self._is_poor(wish, turn, ratings)]
        draw = self._chance.random()
        place = self._chance.random()
        if poor and draw < (0.8 if self.persona.kind.predictable else 0.5):
            wish = poor[int(place * len(poor))]
            self._complained[(wish.dimension, wish.topic)] += 1
            self._reaction = wish.complains[int(self._chance.random() * len(wish.complains))]

    def _is_poor(self, wish: Wish, turn: Turn, ratings: Mapping[Dimension, Rating]) -> bool:
        value = ratings[wish.dimension].value
        if value is None or value > POOR or (wish.topic is not None and wish.topic != turn.topic):
            return False
        return self._complained[(wish.dimension, wish.topic)] < PATIENCE[self.persona.kind.social]
