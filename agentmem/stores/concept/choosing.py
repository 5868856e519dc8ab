"""Choosing by a language model among concepts that retrieval found, and describing a problem for retrieval.

Whatever goes wrong with the model, what retrieval found is given in its order, and each score says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import Field

from agentmem.errors import AgentMemError, Cancelled
from agentmem.fence import fence
from agentmem.logs import fields, in_log, logger
from agentmem.models.base import ChatModel, user
from agentmem.records import Hit, Query, Value
from agentmem.stores.concept.asking import (
    PromptPolicy,
    Said,
    ask,
    fenced,
    listed,
    meant,
    one_line,
    render,
    window_of,
)
from agentmem.stores.concept.content import is_concept
from agentmem.stores.concept.entry import Concept, concept_of
from agentmem.stores.concept.graph import fitting

log = logger(__name__)

Choice = Literal["pick", "describe", "describe+pick"]
CHOICES: tuple[Choice, ...] = ("pick", "describe", "describe+pick")
CHOSEN = "chosen"
"""The part of a score that puts what the model chose in its order."""
FAILED = "choice_failed"
"""The part, 0, of scores that stand as retrieval gave them because the model did not choose."""


class ChoicePolicy(Value):
    """How a model chooses.

    Attributes:
        prompts: How large prompts are.
        rounds: How often the parameters of what was chosen are filled, at most.
        picks: Concepts that one answer may choose.
        descriptions: Of a problem, at each level.
        smoothing: The constant of reciprocal rank fusion of what descriptions find.
    """

    prompts: PromptPolicy = PromptPolicy()
    rounds: int = Field(default=2, ge=0)
    picks: int = Field(default=10, ge=1)
    descriptions: int = Field(default=3, ge=1)
    smoothing: float = 60.0


class PicksSaid(Said):
    """Which concepts a model picks, by their numbers or titles, the most useful first."""

    concepts: list[str] = Field(max_length=40)


class FillSaid(Said):
    """Which concepts fill a parameter of another one."""

    concept: str = ""
    parameter: str = ""
    by: list[str] = Field(default_factory=list)


class FillsSaid(Said):
    """What a model answers about parameters."""

    fills: list[FillSaid] = Field(max_length=40)


class DescriptionsSaid(Said):
    """A problem in words, at two levels."""

    seen: list[str] = Field(max_length=12)
    going_on: list[str] = Field(max_length=12)


def choose(
    query: Query,
    find: Callable[[Query], list[Hit]],
    model: Callable[[], ChatModel],
    how: Choice = "pick",
    policy: ChoicePolicy | None = None,
) -> list[Hit]:
    """The hits that a model chooses for a problem, the best first; none where it chooses none.

    Args:
        query: The problem.
        find: What retrieval finds for a query.
        model: Opens the model.
        how: `pick` from a shortlist; `describe` the problem, and find by the descriptions; or both.
        policy: How.
    """
    policy = policy or ChoicePolicy()
    wide = query.model_copy(update={"k": max(query.k, policy.prompts.shortlist)})
    found: list[Hit] | None = None
    try:
        opened = model()
        if how != "pick":
            found = _described(wide, find, opened, policy)
        found = find(wide) if found is None else found
        if how != "describe":
            found = _picked(query.text, found, opened, policy)
        return found[: query.k]
    except Cancelled:
        raise
    except AgentMemError as error:
        why = in_log(error)
        log.warning(
            "the model did not choose among concepts, they stand as found: %s", why, extra=fields(error)
        )
        found = find(query) if found is None else found[: query.k]
        return [hit.altered({"parts": {**hit.parts, FAILED: 0.0}}) for hit in found]


class NoChoice(AgentMemError):
    """A model's answer from which nothing can be chosen."""


def _picked(text: str, found: Sequence[Hit], model: ChatModel, policy: ChoicePolicy) -> list[Hit]:
    """The hits that the model picks, in its order, with what fills their parameters; and what is no concept.

    Raises:
        NoChoice: the answer is none.
        AgentMemError: the model does not answer, or the prompt does not fit it.
    """
    of_concepts = [hit for hit in found if is_concept(hit.record)][: policy.prompts.shortlist]
    if not of_concepts:
        return list(found)
    shown = [concept_of(hit.record) for hit in of_concepts]
    window = window_of(model)
    lines = listed(shown, int(policy.prompts.known * window), policy.prompts)
    shown = shown[: len(lines)]
    picks = _first(text, shown, lines, model, policy)
    for _ in range(policy.rounds):
        try:
            more = _fillers(text, shown, lines, picks, model, policy)
        except Cancelled:
            raise
        except AgentMemError as error:  # what it picked first stands without
            why = in_log(error)
            log.warning("the model filled no parameters of what it chose: %s", why, extra=fields(error))
            break
        if not more:
            break
        picks += more
    others = [hit for hit in found if not is_concept(hit.record)]
    return [*_ordered([of_concepts[place] for place in picks], found), *others]


def _first(
    text: str, shown: Sequence[Concept], lines: Sequence[str], model: ChatModel, policy: ChoicePolicy
) -> list[int]:
    """The places of the concepts that the model picks first.

    Raises:
        NoChoice: the answer is none.
    """
    window = window_of(model)
    prompt = render(
        "pick",
        most=policy.picks,
        concepts=fence("\n".join(lines)),
        problem=fenced(text, int(2 * policy.prompts.problem * window)),
    )
    answer = ask(model, [user(prompt)], PicksSaid, int(policy.prompts.answer * window))
    if isinstance(answer, str):
        raise NoChoice(f"the answer names no choice: {answer}")
    picks = _places(answer.concepts, shown, range(len(shown)), policy)
    if answer.concepts and not picks:
        raise NoChoice(f"the answer names no concept that there is: {', '.join(answer.concepts)[:200]}")
    return picks[: policy.picks]


def _fillers(
    text: str,
    shown: Sequence[Concept],
    lines: Sequence[str],
    picks: Sequence[int],
    model: ChatModel,
    policy: ChoicePolicy,
) -> list[int]:
    """The places of concepts that fill parameters of what was picked and are not picked yet.

    Raises:
        AgentMemError: the model does not answer.
    """
    place_of = {one.id: place for place, one in enumerate(shown)}
    chosen = {*picks}
    open_: dict[tuple[int, str], list[int]] = {}
    for place in picks:
        for name, ids in fitting(shown[place], shown).items():
            able = [place_of[id] for id in ids if place_of[id] not in chosen]
            if able:
                open_[place, name] = able
    if not open_:
        return []
    asked = [
        (f"C{place + 1}", shown[place].title, name, ", ".join(f"C{one + 1}" for one in able))
        for (place, name), able in open_.items()
    ]
    offered = sorted({one for able in open_.values() for one in able} | {place for place, _ in open_})
    window = window_of(model)
    prompt = render(
        "fill",
        concepts=fence("\n".join(lines[place] for place in offered)),
        open=fence("\n".join(f"{label} {title}: {name}, by {by}" for label, title, name, by in asked)),
        problem=fenced(text, int(policy.prompts.problem * window)),
    )
    answer = ask(model, [user(prompt)], FillsSaid, int(policy.prompts.answer * window))
    if isinstance(answer, str):
        log.warning("the model filled no parameters of what it chose", extra={"model": model.name})
        return []
    fitting_some = sorted({one for some in open_.values() for one in some})
    said = [name for fill in answer.fills for name in fill.by]
    return _places(said, shown, fitting_some, policy)[: policy.picks]


def _places(
    names: Sequence[str], shown: Sequence[Concept], among: Sequence[int], policy: ChoicePolicy
) -> list[int]:
    """The places of the concepts that are named, each once; names of none are dropped."""
    place_of = {one.id: place for place, one in enumerate(shown)}
    allowed = {*among}
    found: dict[int, None] = {}
    unknown = 0
    for name in names:
        concept = meant(name, shown, policy.prompts) if name.strip() else None
        place = None if concept is None else place_of[concept.id]
        if place is None or place not in allowed:
            unknown += 1
            continue
        found[place] = None
    if unknown:
        log.info("the model chose %d that it was not shown", unknown, extra={"unknown": unknown})
    return list(found)


def _ordered(chosen: Sequence[Hit], found: Sequence[Hit]) -> list[Hit]:
    """Hits in the order chosen: the part `chosen` lifts each over all that was found, and over the next."""
    top = max((hit.score for hit in found), default=0.0)
    made = []
    for left, hit in zip(range(len(chosen), 0, -1), chosen, strict=True):
        lift = top - hit.score + left
        made.append(hit.altered({"score": hit.score + lift, "parts": {**hit.parts, CHOSEN: lift}}))
    return made


def _described(
    query: Query, find: Callable[[Query], list[Hit]], model: ChatModel, policy: ChoicePolicy
) -> list[Hit]:
    """What is found by descriptions of the problem, and by the problem itself: reciprocal ranks, summed.

    Raises:
        NoChoice: the answer is none.
        AgentMemError: the model does not answer.
    """
    window = window_of(model)
    prompt = render(
        "describe",
        most=policy.descriptions,
        problem=fenced(query.text, int(2 * policy.prompts.problem * window)),
    )
    answer = ask(model, [user(prompt)], DescriptionsSaid, int(policy.prompts.answer * window))
    if isinstance(answer, str):
        raise NoChoice(f"the answer describes nothing: {answer}")
    asked = {"problem": [query.text]}
    for level, texts in (("seen", answer.seen), ("going_on", answer.going_on)):
        asked[level] = [line for text in texts[: policy.descriptions] if (line := one_line(text))]
    if not asked["seen"] and not asked["going_on"]:
        raise NoChoice("the answer describes nothing")
    hits: dict[str, Hit] = {}
    parts: dict[str, dict[str, float]] = {}
    for level, texts in asked.items():
        for text in texts:
            for rank, hit in enumerate(find(query.model_copy(update={"text": text})), 1):
                hits.setdefault(hit.id, hit)
                own = parts.setdefault(hit.id, {})
                own[level] = own.get(level, 0.0) + 1 / (len(texts) * (policy.smoothing + rank))
    fused = [hit.altered({"score": sum(parts[id].values()), "parts": parts[id]}) for id, hit in hits.items()]
    return sorted(fused, key=lambda hit: (-hit.score, hit.id))[: query.k]
