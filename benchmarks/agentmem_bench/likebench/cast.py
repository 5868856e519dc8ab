"""Who plays: the user, the assistant that answers from a memory, the raters; by rule, or models by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentmem.errors import InvalidInput
from agentmem_bench.asking import Asker, prompts_hash
from agentmem_bench.likebench.judged.assistant import ModelAssistant
from agentmem_bench.likebench.judged.rater import ModelRater
from agentmem_bench.likebench.judged.user import ModelUser
from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.players import ByRule, Rater, Scripted, User
from agentmem_bench.likebench.probe.script import Variant
from agentmem_bench.likebench.systems.base import Answer

if TYPE_CHECKING:
    from agentmem.models.base import ChatModel

SCRIPTED, ASSISTANT, RULE = "scripted", "probe assistant", "by rule"
PROBE, MODEL = "probe", "model"
"""The mode in which all is by rule, and that in which anything is a model's."""
DECOYS = 5
"""Every so many turns decoys are rated, where nothing else is asked for."""
JUDGED = "agentmem_bench.likebench.judged"


@dataclass(frozen=True)
class Cast:
    """Who plays.

    Attributes:
        user: `SCRIPTED`, or a model.
        answers: `ASSISTANT`, or a model.
        raters: `RULE`, or models; the ratings of the first one count, further ones tell how far they agree.
        repeats: How often a model rates each reply.
        decoys: Every so many turns worse replies are rated too; 0: never.
    """

    user: str = SCRIPTED
    answers: str = ASSISTANT
    raters: tuple[str, ...] = (RULE,)
    repeats: int = 1
    decoys: int = DECOYS

    @property
    def models(self) -> frozenset[str]:
        """Names of the models that take part."""
        return frozenset({self.user, self.answers, *self.raters} - {SCRIPTED, ASSISTANT, RULE})

    @property
    def mode(self) -> str:
        """`probe` or `model`: scores of the one are never mixed with those of the other."""
        return MODEL if self.models else PROBE

    @property
    def prompts(self) -> str:
        """What models are asked, as a hash; empty where there are none."""
        return prompts_hash(JUDGED, "rubric.yaml") if self.models else ""

    def check(self, systems: Sequence[str], names: Mapping[str, str], *, same_model: bool) -> None:
        """See to it that nobody rates what it wrote, unless that is asked for.

        Args:
            systems: Names of systems that are not answered for by `answers`.
            names: What the models that take part call themselves, whichever way they were named.
            same_model: It is.

        Raises:
            InvalidInput: a rater answers too, or one is named twice.
        """
        raters = [names.get(rater, rater) for rater in self.raters]
        if len(set(raters)) < len(raters):
            raise InvalidInput("--rater names the same rater twice", "name another, or give --repeats")
        answering = {names.get(self.answers, self.answers), *systems}
        both = next((rater for rater in raters if rater in answering), None)
        if both is not None and not same_model:
            raise InvalidInput(
                f"{both} would rate its own answers", "name another --rater, or ask for it by --same-model"
            )


def cast_of(
    user: str | None, answer: str | None, raters: Sequence[str] | None, repeats: int, decoys: int
) -> Cast:
    """Who plays, where what is not named is by rule.

    Raises:
        InvalidInput: what is by rule would be repeated.
    """
    if repeats > 1 and not raters:
        raise InvalidInput(
            f"--repeats {repeats} of a rater by rule, which says the same each time",
            "name a model that rates: --rater MODEL",
        )
    return Cast(user or SCRIPTED, answer or ASSISTANT, tuple(raters or (RULE,)), repeats, decoys)


class Players:
    """Makes players; a model is opened once, whoever plays by it.

    Args:
        cast: Who plays.
        open_: Opens a model by its name.
        probe: Answers where no model does.
    """

    def __init__(self, cast: Cast, open_: Callable[[str], ChatModel], probe: Answer) -> None:
        self._cast = cast
        self._askers = {name: Asker(open_(name)) for name in sorted(cast.models)}
        self._probe = probe

    def user(self, persona: Persona, variant: Variant, seed: int) -> User:
        """Who plays a persona."""
        if self._cast.user == SCRIPTED:
            return Scripted(persona, variant, seed)
        return ModelUser(persona, variant, seed, self._askers[self._cast.user])

    def raters(self) -> list[Rater]:
        """Who rates."""
        return [
            ByRule(name) if name == RULE else ModelRater(self._askers[name], name, self._cast.repeats)
            for name in self._cast.raters
        ]

    def answer(self) -> Answer:
        """What answers from a context."""
        if self._cast.answers == ASSISTANT:
            return self._probe
        return ModelAssistant(self._askers[self._cast.answers]).reply
