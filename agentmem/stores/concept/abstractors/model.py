"""Concepts by a language model (ArcMemo's PS): pseudocode, then abstraction beside a part of the memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from agentmem.fence import fence
from agentmem.models.base import ChatModel, user
from agentmem.stores.concept.abstractors.alike import Alike
from agentmem.stores.concept.abstractors.base import Draft, Memory
from agentmem.stores.concept.abstractors.model_entries import (
    MOST,
    EntriesSaid,
    EntrySaid,
    Resolved,
    added,
    called,
    merged_into,
    stated,
)
from agentmem.stores.concept.abstractors.refusing import refused
from agentmem.stores.concept.abstractors.repairing import Answers, Repairs
from agentmem.stores.concept.abstractors.stating import copied
from agentmem.stores.concept.asking import (
    PromptPolicy,
    ask,
    fenced,
    listed,
    meant,
    render,
    window_of,
)
from agentmem.stores.concept.entry import Concept
from agentmem.stores.concept.gates import Fault, GatePolicy, faults, is_reply, without_faulty
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.operations import LONGEST_TITLE, Operation, Use
from agentmem.stores.concept.problems import Problem

EXAMPLES = "abstract_examples_1"
"""The few-shot examples, by the name of their file: another wording is another file."""
PSEUDOCODE_LINES = 30
ANSWERS: Answers[EntriesSaid, EntrySaid] = Answers(
    EntriesSaid, lambda said: said.entries, lambda entries: EntriesSaid(entries=entries), called
)


class ModelAbstractor:
    """A model says which concepts a solution uses: reused, revised or new (ArcMemo, program synthesis).

    It sees a shortlist of the memory, a line each, so that prompts do not grow with it. What a gate keeps out
    is asked for again, at most `repairs` times; what is still faulty becomes a refusal.

    Args:
        model: Opens the language model, on first use.
        prompts: How large prompts are.
        gates: What is let through.
        known: Identifiers that belong to a library, and so to no problem.
    """

    heeds_failures = False

    def __init__(
        self,
        model: Callable[[], ChatModel],
        prompts: PromptPolicy | None = None,
        gates: GatePolicy | None = None,
        known: Sequence[str] = (),
    ) -> None:
        self._open = model
        self._prompts = prompts or PromptPolicy()
        self._gates = gates or GatePolicy()
        self._known = known

    @cached_property
    def _model(self) -> ChatModel:
        return self._open()

    def abstract(self, problems: Sequence[Problem], memory: Memory) -> list[Draft]:
        """See `Abstractor`.

        Raises:
            Unavailable: the model does not answer.
            InvalidInput: a prompt does not fit its window.
        """
        return [
            Draft(operation, (problem,)) for problem in problems for operation in self._of(problem, memory)
        ]

    def _of(self, problem: Problem, memory: Memory) -> list[Operation]:
        if not problem.solution.strip():
            return [refused(problem, "empty", "", "there is no solution to abstract from")]
        solution = self._pseudocode(problem)
        near = memory.shortlist(problem.text or solution, self._prompts.shortlist)
        held = [one for one in near if one.form == "ps"]
        lines = listed(held, self._tokens(self._prompts.known), self._prompts)
        held = held[: len(lines)]
        prompt = self._prompt(problem, solution, lines)
        tokens = self._tokens(self._prompts.answer)
        answer = ask(self._model, [user(prompt)], EntriesSaid, tokens)
        if isinstance(answer, str):
            return [refused(problem, "answer", "", answer)]
        repairs = Repairs(self._model, prompt, ANSWERS, tokens)
        kept = repairs.until_sound(
            answer.entries, lambda entry: self._faults(entry, problem, held, memory), self._prompts.repairs
        )
        sound = list(kept.sound)
        operations: list[Operation] = []
        for entry, wrong in kept.faulty:
            saved, left_out = self._saved(entry, problem, held, memory)
            sound += [saved] if saved is not None else []
            for fault in left_out if saved is not None else wrong[:1]:
                operations.append(refused(problem, fault.gate, called(entry), fault.reason))
        resolved = [Resolved(entry, self._held(entry, held, memory)) for entry in sound]
        return [*self._operations(resolved, problem, memory), *operations]

    def _tokens(self, share: float) -> int:
        return int(share * window_of(self._model))

    def _pseudocode(self, problem: Problem) -> str:
        """The solution in words; as it is, where it is in words already or the model says nothing."""
        if not problem.language:
            return problem.solution
        prompt = render(
            "pseudocode",
            lines=PSEUDOCODE_LINES,
            problem=fenced(problem.text, self._tokens(self._prompts.problem)),
            solution=fenced(problem.solution, self._tokens(self._prompts.solution)),
        )
        tokens = self._tokens(self._prompts.solution)
        said = self._model.complete([user(prompt)], max_tokens=tokens).text.strip()
        return problem.solution if not said or is_reply(said) else said

    def _prompt(self, problem: Problem, solution: str, lines: Sequence[str]) -> str:
        return render(
            "abstract",
            most=MOST,
            cues=self._gates.cues,
            examples=render(EXAMPLES).strip(),
            memory=fence("\n".join(lines) or "(empty)"),
            problem=fenced(problem.text, self._tokens(self._prompts.problem)),
            solution=fenced(solution, self._tokens(self._prompts.solution)),
        )

    def _held(self, entry: EntrySaid, shown: Sequence[Concept], memory: Memory) -> Concept | None:
        """The concept that an entry is about: one that was shown, or one that has its name."""
        if entry.action == "add":
            return None
        name = entry.concept.strip() or entry.title.strip()
        found = meant(name, shown, self._prompts) if name else None
        if found is None and normal(name) and len(name) <= LONGEST_TITLE:
            found = memory.named([name]).get(name)
        return found

    def _faults(
        self, entry: EntrySaid, problem: Problem, shown: Sequence[Concept], memory: Memory
    ) -> list[Fault]:
        told = stated(entry)
        found = [*faults(told, [problem], self._gates, self._known), *copied(told, render(EXAMPLES))]
        if entry.action == "add":
            if not told.title or not normal(told.title):
                found.append(Fault(gate="junk", reason="it has no title"))
            elif not (told.description or told.cues or told.notes or told.parameters or told.output):
                found.append(Fault(gate="junk", reason="it says no more than its title"))
        elif self._held(entry, shown, memory) is None:
            known = f"C1 to C{len(shown)}" if shown else "none"
            name = entry.concept or entry.title
            reason = f"there is no concept {name[:60]!r} in the memory: there are {known}; else add one"
            found.append(Fault(gate="unknown", reason=reason))
        elif entry.action == "revise" and told.title:
            taken = memory.named([told.title]).get(told.title)
            held = self._held(entry, shown, memory)
            if taken is not None and held is not None and taken.id != held.id:
                reason = f"another concept has the title {told.title[:60]!r}: reuse that one, or leave it out"
                found.append(Fault(gate="taken", reason=reason))
        return found

    def _saved(
        self, entry: EntrySaid, problem: Problem, shown: Sequence[Concept], memory: Memory
    ) -> tuple[EntrySaid | None, list[Fault]]:
        """An entry less its faulty cues and notes, and what those were; none where the rest is faulty too."""
        told, left_out = without_faulty(stated(entry), [problem], self._gates, self._known)
        saved = entry.model_copy(update={"cues": list(told.cues), "notes": list(told.notes)})
        return (None if self._faults(saved, problem, shown, memory) else saved), left_out

    def _operations(self, resolved: Sequence[Resolved], problem: Problem, memory: Memory) -> list[Operation]:
        titles = [one.entry.title for one in resolved if one.held is None]
        known = memory.named([title for title in titles if normal(title)])
        alike = Alike(memory, self._model, self._prompts)
        pairs: list[tuple[int, Concept]] = []
        for place, one in enumerate(resolved):
            if one.held is None and one.entry.title not in known:
                near = alike.near(one.entry)
                pairs += [(place, near)] if near is not None else []
        said = alike.verdicts([(resolved[place].entry, near) for place, near in pairs])
        verdict = {place: (near, said[number]) for number, (place, near) in enumerate(pairs)}
        operations: list[Operation] = []
        used = [one.held.id for one in resolved if one.held is not None]
        for place, one in enumerate(resolved):
            near, word = verdict.get(place, (None, "different"))
            if near is not None and word == "same":
                used.append(near.id)
                operations += merged_into(one.entry, near)
            else:
                like = (near.id,) if near is not None and word == "unsure" else ()
                operations += added(one, problem.id, like)
        if used:
            operations.append(Use(problem=problem.id, nodes=tuple(dict.fromkeys(used))))
        return operations
