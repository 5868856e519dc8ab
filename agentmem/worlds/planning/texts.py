"""The sentences of a world and what can be seen in it, from a YAML file, or by default from its names."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, ValidationError

from agentmem.agents.language import (
    Atom,
    Language,
    Sentence,
    default_action,
    default_sentence,
    readable,
    sentences,
)
from agentmem.errors import FormatError, NotFound
from agentmem.records import Value
from agentmem.worlds.planning.problem import Parameter, PlanningProblem
from agentmem.worlds.planning.sight import SightRule
from agentmem.worlds.planning.yaml_lines import LinedYaml

_SLOT = re.compile(r"\{([^{}]*)\}")
_NEGATED = {" is ": " is not ", " are ": " are not ", " can ": " cannot ", " was ": " was not "}


class Observation(Value):
    """When facts can be seen.

    Attributes:
        fact: "at ?ball ?room".
        when: What must hold, one or several: "at-robby ?room", "not closed ?box".
    """

    fact: str
    when: str | list[str]


class TextsFile(Value):
    """What a `--texts` file says.

    Attributes:
        predicates: The sentence of each fact that holds, or both sentences.
        actions: How each action is written.
        rules: What a newcomer is told besides.
        observe: When facts can be seen; a predicate that none names is always seen.
    """

    predicates: dict[str, str | Sentence] = Field(default_factory=dict)
    actions: dict[str, str] = Field(default_factory=dict)
    rules: str = ""
    observe: list[Observation] = Field(default_factory=list)


class Texts(Value):
    """The sentences of one world, checked against its problem.

    Attributes:
        language: Of its facts and actions.
        rules: What a newcomer is told besides.
        sight: When facts can be seen.
    """

    language: Language
    rules: str = ""
    sight: tuple[SightRule, ...] = ()


def read_texts(text: str, problem: PlanningProblem, file: str = "texts.yaml") -> Texts:
    """The texts of a world from YAML.

    Args:
        text: The YAML.
        problem: The problem that they are for.
        file: What messages call it.

    Raises:
        FormatError: it is no such file, or does not fit the problem; names the line or the key.
    """
    return _Checked(text, problem, file).texts()


def load_texts(path: Path, problem: PlanningProblem) -> Texts:
    """The texts of a world from a YAML file.

    Raises:
        NotFound: there is no such file.
        FormatError: as `read_texts`.
    """
    if not path.is_file():
        raise NotFound(f"there is no file {path}", "look whether the path is right")
    return read_texts(path.read_text(encoding="utf-8-sig"), problem, str(path))


def default_texts(problem: PlanningProblem) -> Texts:
    """Texts from the names of predicates and actions; everything is seen."""
    return read_texts("{}", problem)


class _Checked:
    """A texts file that is read, and checked against a problem step by step."""

    def __init__(self, text: str, problem: PlanningProblem, file: str) -> None:
        self._yaml = LinedYaml(text, file)
        self._problem = problem
        self._domain = problem.domain

    def texts(self) -> Texts:
        said = self._said()
        predicates = {name: self._sentence(name, said) for name in self._domain.predicates}
        actions = {name: self._action(name, said) for name in self._domain.actions}
        told = [
            (("predicates", name), text)
            for name, one in predicates.items()
            for text in (one.holds, one.fails)
        ]
        self._unlike(told)
        self._unlike([(("actions", name), text) for name, text in actions.items()])
        language = Language(predicates=predicates, actions=actions, objects=tuple(self._problem.objects))
        self._read_back(language)
        rules = tuple(self._rule(place, one) for place, one in enumerate(said.observe))
        return Texts(language=language, rules=said.rules.strip(), sight=rules)

    def _said(self) -> TextsFile:
        data = self._yaml.data
        if not isinstance(data, dict):
            raise self._yaml.fault((), "keys are wanted: predicates, actions, rules, observe")
        for part in ("predicates", "actions"):
            known = self._domain.predicates if part == "predicates" else self._domain.actions
            given = data.get(part)
            for name in given if isinstance(given, dict) else ():
                if name not in known:
                    raise self._unknown((part, name), f"{part[:-1]}", name, known)
        try:
            return TextsFile.model_validate({key: value for key, value in data.items() if value != ""})
        except ValidationError as error:
            worst = max(error.errors(), key=lambda one: (one["type"] == "extra_forbidden", len(one["loc"])))
            raise self._yaml.fault(worst["loc"], worst["msg"], "see the form of texts files") from None

    def _unknown(
        self, path: tuple[str | int, ...], what: str, name: str, known: Iterable[str]
    ) -> FormatError:
        near = difflib.get_close_matches(name, list(known), n=1)
        return self._yaml.fault(
            path,
            f"there is no {what} `{name}`",
            f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(known)}",
        )

    def _sentence(self, name: str, said: TextsFile) -> Sentence:
        arity = self._domain.predicates[name].arity
        given = said.predicates.get(name)
        if given is None:
            return _default_sentence(name, arity, self._domain.predicates)
        if isinstance(given, str):
            given = Sentence(holds=given, fails=_failing(given))
        path = ("predicates", name)
        for text in (given.holds, given.fails):
            self._slots(path, text, arity)
            missing = set(range(arity)) - {int(slot) for slot in _SLOT.findall(text)}
            if missing:
                raise self._yaml.fault(
                    path, f"`{text}` says nothing of {{{min(missing)}}}", "name every argument"
                )
            if len(sentences(text)) != 1:
                raise self._yaml.fault(path, f"`{text}` is not one sentence", "say it in one")
        return Sentence(holds=_ended(given.holds), fails=_ended(given.fails))

    def _action(self, name: str, said: TextsFile) -> str:
        arity = len(self._domain.actions[name].parameters)
        given = said.actions.get(name)
        if given is None:
            return default_action(name, arity)
        self._slots(("actions", name), given, arity)
        return given.strip().rstrip(".")

    def _slots(self, path: tuple[str, ...], text: str, arity: int) -> None:
        for slot in _SLOT.findall(text):
            if not slot.isdecimal() or int(slot) >= arity:
                raise self._yaml.fault(
                    path, f"`{text}` has no argument {{{slot}}}", f"it has {arity}, from {{0}} on"
                )

    def _unlike(self, templates: Iterable[tuple[tuple[str, ...], str]]) -> None:
        """No two templates are one, whatever their arguments are called."""
        seen: dict[str, tuple[str, ...]] = {}
        for path, text in templates:
            form = " ".join(_SLOT.sub("{}", text).lower().split())
            if form in seen:
                other = ".".join(seen[form])
                raise self._yaml.fault(
                    path, f"`{text}` is the sentence of `{other}` too", "say them differently"
                )
            seen[form] = path

    def _read_back(self, language: Language) -> None:
        """What a sentence says is what is read from it."""
        for name, predicate in self._domain.predicates.items():
            atom = self._sample(name, predicate.parameters)
            for holds in (True, False):
                if atom is not None and language.read_fact(language.fact(atom, holds)) != (atom, holds):
                    read = language.read_fact(language.fact(atom, holds))
                    raise self._ambiguous(
                        ("predicates", name), language.fact(atom, holds), read and read[0][0]
                    )
        for name, action in self._domain.actions.items():
            atom = self._sample(name, action.parameters)
            read_ = atom and language.read_action(language.action(atom))
            if read_ is not None and read_[0] != name:
                raise self._ambiguous(("actions", name), language.action(atom or ()), read_[0])

    def _ambiguous(self, path: tuple[str, ...], text: str, other: str | None) -> FormatError:
        return self._yaml.fault(
            path, f"`{text}` could be a sentence of `{other}` as well", "say them differently"
        )

    def _sample(self, name: str, parameters: Iterable[Parameter]) -> Atom | None:
        """An atom with objects that fit, and differ where they can."""
        taken: list[str] = []
        for one in parameters:
            fitting = sorted(self._problem.members(one.type), key=lambda name: (name in taken, name))
            if not fitting:
                return None
            taken.append(fitting[0])
        return (name, *taken)

    def _rule(self, place: int, said: Observation) -> SightRule:
        path = ("observe", place)
        fact, holds = self._pattern((*path, "fact"), said.fact)
        if not holds:
            raise self._yaml.fault(
                path, "a fact is given without `not`", "it is seen whether it holds or not"
            )
        when = [said.when] if isinstance(said.when, str) else said.when
        conditions = [self._pattern((*path, "when"), one) for one in when]
        rule = SightRule(
            fact,
            tuple(atom for atom, holds in conditions if holds),
            tuple(atom for atom, holds in conditions if not holds),
        )
        known = {term for atom in (fact, *rule.when) for term in atom}
        for term in itertools.chain.from_iterable(atom[1:] for atom in rule.unless):
            if term.startswith("?") and term not in known:
                raise self._yaml.fault(path, f"`{term}` stands only after `not`", "name it elsewhere too")
        return rule

    def _pattern(self, path: tuple[str | int, ...], text: str) -> tuple[Atom, bool]:
        words = text.lower().replace("(", " ").replace(")", " ").split()
        holds = words[:1] != ["not"]
        name, *terms = words if holds else words[1:] or [""]
        predicate = self._domain.predicates.get(name)
        if predicate is None:
            raise self._unknown(path, "predicate", name, self._domain.predicates)
        if len(terms) != predicate.arity:
            raise self._yaml.fault(
                path, f"`{text}`: `{name}` takes {predicate.arity} arguments, not {len(terms)}"
            )
        for term in terms:
            if not term.startswith("?") and term not in self._problem.objects:
                raise self._unknown(path, "object", term, self._problem.objects)
        return (name, *terms), holds


def _default_sentence(name: str, arity: int, names: Iterable[str]) -> Sentence:
    """A sentence from a name; where another predicate could be read from it, a stiffer one."""
    shown = [readable(one) for one in names]
    mine = readable(name)
    if (
        shown.count(mine) == 1
        and f"not {mine}" not in shown
        and mine.removeprefix("not ") not in {*shown} - {mine}
    ):
        return default_sentence(name, arity)
    said = default_sentence(name, arity).holds.replace(mine, name, 1)
    return Sentence(holds=said, fails=f"it is not so that {said}")


def _failing(holds: str) -> str:
    """What is said where a fact fails of which only the sentence is given that says that it holds."""
    for word, negated in _NEGATED.items():
        if word in holds and " not " not in holds:
            return holds.replace(word, negated, 1)
    return f"It is not so that {holds[:1].lower()}{holds[1:]}"


def _ended(text: str) -> str:
    return f"{text.strip().rstrip('.')}."
