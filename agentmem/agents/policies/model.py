"""A language model as policy: an action, a subgoal with its first action, or `retrieve(i)` (HiAgent)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from agentmem.agents.policy import Decision, Prompt
from agentmem.fence import clean
from agentmem.models.base import system, user
from agentmem.prompts import render

if TYPE_CHECKING:
    from agentmem.models.base import ChatModel, Completion

ANSWER_TOKENS = 100
"""How long an answer may be."""
_LINES = re.IGNORECASE | re.MULTILINE
_SUBGOAL = re.compile(r"^\W*sub-?goal(?:\s+under\s+(\d{1,6}))?[ \t]*[:=][ \t]*(\S.*)$", _LINES)
_ACTION = re.compile(r"^\W*action[ \t]*[:=][ \t]*(\S.*)$", _LINES)
_MARK = re.compile(r"^\W*(?:action|sub-?goal(?:\s+under\s+\d+)?)\s*[:=]\W*$", re.IGNORECASE)
_RETRIEVE = re.compile(r"\bretrieve\s*\(\s*(\d{1,6}(?:\s*,\s*\d{1,6})*)\s*\)", re.IGNORECASE)
_AROUND = " \t`\"'*"
"""What models set around an action."""


class ModelPolicy:
    """Asks a model at each step; keeps nothing between two.

    Args:
        model: The model.
        answer_tokens: How long an answer may be.
    """

    name = "model"

    def __init__(self, model: ChatModel, answer_tokens: int = ANSWER_TOKENS) -> None:
        self._model = model
        self._answer_tokens = answer_tokens

    def decide(self, prompt: Prompt) -> Decision:
        """What the model answers, read by its grammar.

        Raises:
            Unavailable: the model does not answer.
        """
        told = render(__package__, "act", rules=prompt.rules, task=prompt.task, subgoals=prompt.subgoals)
        shown = prompt.context.text or "(Nothing is remembered yet.)\n"
        again = f"\nYour last answer could not be read: {prompt.note}. Answer once more.\n"
        asked = [system(told), user(shown + (again if prompt.note else ""))]
        answer: Completion[Any] = self._model.complete(asked, max_tokens=self._answer_tokens, temperature=0.0)
        spent = answer.usage.prompt_tokens + answer.usage.completion_tokens
        said = clean(answer.text)
        return read(said).altered({"raw": said, "tokens": spent})


def read(answer: str) -> Decision:
    """The decision that an answer means, in which `error` says why there is none.

    Only its first lines count: what a model goes on to imagine after its action is passed over. A lone line
    without "Action:" is taken for an action.
    """
    text = clean(answer).strip()
    action, retrieval = _ACTION.search(text), _RETRIEVE.search(text)
    if retrieval and (action is None or retrieval.start() < action.start()):
        numbers = tuple(int(number) for number in retrieval[1].split(","))
        return Decision(retrieve=tuple(dict.fromkeys(numbers)))
    if action is None:
        lines = [line.strip(_AROUND) for line in text.splitlines() if line.strip(_AROUND)]
        if len(lines) == 1 and not _SUBGOAL.match(lines[0]) and not _MARK.match(lines[0]):
            return Decision(action=lines[0])
        return Decision(error='it has no line "Action: …"' if text else "it was empty")
    said = action[1].strip(_AROUND)
    if not said:
        return Decision(error='nothing stands after "Action:"')
    subgoal = _SUBGOAL.search(text, 0, action.start())
    if subgoal is None:
        return Decision(action=said)
    under = int(subgoal[1]) if subgoal[1] else None
    return Decision(action=said, subgoal=subgoal[2].strip(_AROUND) or None, under=under)
