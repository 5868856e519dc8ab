"""Whether a sentence asks or doubts, asks for a change, or states."""

from __future__ import annotations

import re
from typing import Literal

from agentmem.stores.task.rule.cues import has, patterns
from agentmem.stores.task.rule.phrases import body, plain
from agentmem.stores.task.rule.words import Sentence, span

Mode = Literal["check", "request", "statement"]

MARKED = re.compile(r"\b(?:please|instead|back|again|then|to|into|rather|for now)\b")
CHANGING = re.compile(
    r"^(?:add|adjust|bump|change|cross|cut|drop|exchange|extend|increase|link|lower|make|mark|merge|move|name|note|"
    r"postpone|push|put|raise|reduce|rename|replace|reset|restore|return|revert|set|shift|shorten|strike|swap|switch|"
    r"tick|track|treat|undo|update|write)\b"
)
SURE, LIKELY = 0.8, 0.6


def mode(sentence: Sentence, text: str, shares: dict[str, float]) -> Mode:
    """How a sentence is meant.

    Args:
        sentence: The sentence.
        text: The utterance.
        shares: The classifier's probabilities for the sentence.
    """
    full = plain(span(sentence, text)).strip()
    said = plain(span(body(sentence, text), text))
    asks = "?" in full[-3:]
    if _requests(said) or any(_requests(part) for part in said.split(", ")[1:]):
        return "request"
    if asks:
        doubts = has("question", said) or has("doubt", said)
        return "statement" if has("agreement_tag", full) and not doubts else "check"
    if has("doubt", said) or has("doubt", full):
        return "check"
    if has("question", said) and not has("new", said):
        return "check"
    if (
        shares.get("check", 0.0) > LIKELY
        and sentence[0].tag != "VB"
        and not has("new", said)
        and not has("depend", said)
    ):
        return "check"
    if shares.get("check", 0.0) > SURE and re.match(
        r"(?:what|which|who|whom|when|where|why|how|whether|if)\b", said
    ):
        return "check" if not has("new", said) and not has("depend", said) else "statement"
    return "statement"


def _requests(said: str) -> bool:
    """Whether a sentence asks for a change by the form of a question."""
    said = re.sub(r"^so ", "", said).replace("be so good as to ", "").replace("be so kind as to ", "")
    match = patterns("request")[0].match(said)
    if match is None or has("request_not", said):
        return False
    following = said[match.end() :].strip()
    to_you = re.match(r"(?:\w+ you\b|would you mind|do you mind|mind|how about|why don't)", said)
    verb = re.match(patterns("request_verbs")[0].pattern + r"\b", following)
    if re.match(r"(?:can|could|would) it", said):
        return bool(MARKED.search(following))
    if verb is None:
        return False
    return bool(to_you or CHANGING.match(following) or MARKED.search(following))


def command_of(said: str) -> int:
    """How many characters of a request come before its verb."""
    match = patterns("request")[0].match(said)
    return match.end() if match else 0
