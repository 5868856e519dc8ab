"""A planning problem as a world to act in by text: what is told of it, and what cannot be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agentmem.agents.environment import Outcome
from agentmem.agents.language import SLOT, Atom, Language
from agentmem.agents.matching import Binding, State
from agentmem.worlds.planning.explaining import Explainer
from agentmem.worlds.planning.facts import natural
from agentmem.worlds.planning.index import ApplicabilityIndex
from agentmem.worlds.planning.problem import PlanningProblem
from agentmem.worlds.planning.reference import reference_plan
from agentmem.worlds.planning.sight import Sight
from agentmem.worlds.planning.texts import Texts, default_texts

NOTHING_NEW = "Done. You see no change."
Told = tuple[Atom, bool]
"""A fact, and whether it holds."""


class PlanningWorld:
    """An `Environment` of a planning problem, and `Plannable`.

    At the start everything is told that can be seen; after an action, what it changed and can be seen, and
    what holds and comes into sight, every time anew; also what was told to hold and is seen not to.

    Args:
        problem: The problem.
        texts: Its sentences, and what can be seen; none: from names, and everything is seen.
        name: What the world is called; none: as its domain.
        seconds: How long `plan` may look for a plan.
    """

    def __init__(
        self,
        problem: PlanningProblem,
        texts: Texts | None = None,
        name: str | None = None,
        *,
        seconds: float = 60.0,
    ) -> None:
        texts = texts or default_texts(problem)
        self._problem = problem
        self._texts = texts
        self._name = name or problem.domain.name
        self._seconds = seconds
        self._sight = Sight(texts.sight)
        self._index = ApplicabilityIndex(problem)
        self._explainer = Explainer(problem, texts.language, self._sight)
        self._believed: State = frozenset()
        self._enter(problem.init)

    @property
    def name(self) -> str:
        """Which world it is."""
        return self._name

    @property
    def problem(self) -> PlanningProblem:
        """What it is a world of."""
        return self._problem

    @property
    def texts(self) -> Texts:
        """Its sentences, and what can be seen."""
        return self._texts

    @property
    def language(self) -> Language:
        """Its sentences."""
        return self._texts.language

    @property
    def state(self) -> State:
        """All facts that hold now, seen or not."""
        return self._state

    @property
    def rules(self) -> str:
        """How actions are written, what the texts say besides, and what objects there are."""
        forms = [f"- {self._explainer.form(name)}" for name in self._problem.domain.actions]
        kinds: dict[str, list[str]] = {}
        for one, kind in self._problem.objects.items():
            kinds.setdefault(kind, []).append(self.language.shown(one))
        there = [f"{kind}: {', '.join(names)}" for kind, names in kinds.items()]
        return "\n".join(
            ["Actions:", *forms, *([self._texts.rules] if self._texts.rules else []), "There are:", *there]
        )

    @property
    def task(self) -> str:
        """What is to hold in the end."""
        wanted = [self.language.fact(atom) for atom in self._problem.goal]
        unwanted = [self.language.fact(atom, holds=False) for atom in self._problem.goal_not]
        return " ".join(["Goal:", *wanted, *unwanted])

    def reset(self) -> Outcome:
        """Begin anew; everything is told that can be seen."""
        self._enter(self._problem.init)
        self._believed = frozenset()
        return self._outcome(
            (atom, True) for atom in self._ordered(self._sight.seen(self._state, self._facts))
        )

    def step(self, action: str) -> Outcome:
        """Carry out an action, or say why that cannot be."""
        read = self._read(action)
        if read is None:
            return self._invalid(self._explainer.unread(action), None)
        name, given = read
        found = self._index.completions(name, given, self._facts)
        if not found:
            return self._invalid(*self._explainer.refused(name, given, self._facts))
        before, uncovered = self._state, self._uncovered
        self._enter(self._index.apply(before, found[0]))
        touched = [
            atom for atom in self._index.touched(found[0]) if (atom in before) != (atom in self._state)
        ]
        changed = [atom for atom in touched if self._sight.sees(atom, self._facts)]
        gone = (atom for atom in self._believed - self._state if self._sight.sees(atom, self._facts))
        new = self._uncovered - uncovered
        told = dict.fromkeys([*changed, *self._ordered(gone), *self._ordered(new)])
        return self._outcome((atom, atom in self._state) for atom in told)

    def actions(self) -> Sequence[str]:
        """All actions that can be carried out now, as they are written, sorted."""
        return sorted({self.language.action(atom) for atom in self.applicable()})

    def applicable(self) -> list[Atom]:
        """All actions that can be carried out now."""
        return self._index.applicable(self._state)

    def progress(self) -> float:
        """The share of goal conditions that hold now, 0 to 1."""
        return self._problem.reached(self._state)

    def solved(self) -> bool:
        """Whether the goal holds now."""
        return self.progress() >= 1

    def plan(self) -> Sequence[str] | None:
        """Actions that lead from here to the goal, as they are written; none where no plan was found in time.

        Raises:
            Unavailable: the planner broke.
        """
        found = reference_plan(self._problem.starting(self._state), self._seconds)
        return None if found is None else self._written(found)

    def _written(self, plan: Sequence[Atom]) -> list[str]:
        """A plan as its actions are written: as PDDL has it where a sentence means another action too."""
        state, said = self._state, []
        for atom in plan:
            text = self.language.action(atom)
            read, facts = self._read(text), self._index.facts(state)
            if read is None or self._index.completions(*read, facts)[:1] != [atom]:
                text = " ".join(atom)
            said.append(text)
            state = self._index.apply(state, atom)
        return said

    def _enter(self, state: State) -> None:
        self._state = state
        self._facts = self._index.facts(state)
        self._uncovered = self._sight.uncovered(self._facts)

    def _read(self, text: str) -> tuple[str, Binding] | None:
        """The action that a text writes, and the objects of its parameters, as far as it names them."""
        words = text.lower().replace("(", " ").replace(")", " ").split()
        action = self._problem.domain.actions.get(words[0]) if words else None
        if (
            action is not None
            and len(words) == len(action.parameters) + 1
            and all(word in self._problem.objects for word in words[1:])
        ):
            return action.name, self._index.binding(tuple(words))
        read = self.language.read_action(text)
        if read is None:
            return None
        places = sorted({int(place) for place in SLOT.findall(self.language.actions[read[0]])})
        parameters = self._problem.domain.actions[read[0]].parameters
        return read[0], {parameters[place].name: one for place, one in zip(places, read[1:], strict=True)}

    def _ordered(self, atoms: Iterable[Atom]) -> list[Atom]:
        """Facts in the order of the domain's predicates, then by their objects."""
        places = {name: place for place, name in enumerate(self._problem.domain.predicates)}
        return sorted(atoms, key=lambda atom: (places[atom[0]], natural(atom)))

    def _outcome(self, told: Iterable[Told]) -> Outcome:
        facts = tuple(told)
        gone, held = (frozenset(atom for atom, holds in facts if holds is wanted) for wanted in (False, True))
        self._believed = (self._believed - gone) | held
        said = [self.language.fact(atom, holds) for atom, holds in facts]
        return Outcome(text=" ".join(said) or NOTHING_NEW, facts=self._worded(facts))

    def _worded(self, told: Iterable[Told]) -> dict[str, bool | str]:
        """What was told, as an `Outcome` has it."""
        return {
            self.language.fact(atom): holds or self.language.fact(atom, holds=False) for atom, holds in told
        }

    def _invalid(self, text: str, told: Told | None) -> Outcome:
        return Outcome(text=text, facts=self._worded([told] if told else []), valid=False)
