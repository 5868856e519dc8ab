"""RuleTrim: utterance → sentences → what each asks, adds, links, ends, takes back or settles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agentmem.records import Event
from agentmem.stores.task.operations import Check, Update
from agentmem.stores.task.rule import additions, completions, rollbacks, updates
from agentmem.stores.task.rule.additions import add, begin
from agentmem.stores.task.rule.dependencies import stated
from agentmem.stores.task.rule.intent import model_for
from agentmem.stores.task.rule.linking import both_known, depend, share
from agentmem.stores.task.rule.meaning import Meanings
from agentmem.stores.task.rule.naming import by_title
from agentmem.stores.task.rule.phrases import phrases, plain
from agentmem.stores.task.rule.policy import RulePolicy
from agentmem.stores.task.rule.questions import mode
from agentmem.stores.task.rule.reading import Piece, Reading, key, prepared
from agentmem.stores.task.rule.titles import first_title, listed, titles
from agentmem.stores.task.rule.values import value_of
from agentmem.stores.task.rule.words import sentences, span
from agentmem.stores.task.rule.world import World
from agentmem.stores.task.trim import Forest, Subtask


class RuleTrim:
    """Reads utterances by rules, a tagger and sentence vectors.

    Args:
        policy: Its constants.
    """

    def __init__(self, policy: RulePolicy | None = None) -> None:
        self.policy = policy or RulePolicy()

    def read(self, said: Event, forest: Forest) -> list[Subtask]:
        """The subtasks of what was said, in its order; none where it is about no task."""
        text = said.text
        tagged = sentences(text)
        if not tagged:
            return []
        world = World(forest.nearby([text]))
        bare = [prepared(sentence, text, {}) for sentence in tagged]
        meanings = Meanings(forest.embed)
        meanings.learn(_wanted(bare, world, text))
        model = model_for(forest.embed)
        full = [span(sentence, text) for sentence in tagged]
        shares = model.probabilities(full, meanings.of(full))
        pieces = [prepared(sentence, text, share) for sentence, share in zip(tagged, shares, strict=True)]
        reading = Reading(text, world, meanings, self.policy)
        _read(reading, pieces)
        return _settled(reading.found)


def _settled(found: Sequence[Subtask]) -> list[Subtask]:
    """The subtasks without values that the same utterance replaces."""
    last = {
        operation.node: place
        for place, subtask in enumerate(found)
        for operation in subtask.operations
        if isinstance(operation, Update)
    }
    return [
        subtask
        for place, subtask in enumerate(found)
        if not any(isinstance(one, Update) and last[one.node] != place for one in subtask.operations)
        and not (subtask.intent == "merge" and place and found[place - 1].intent == "merge")
    ]


def _wanted(pieces: Sequence[Piece], world: World, text: str) -> list[str]:
    """All texts that may be compared."""
    wanted: list[str] = []
    for piece in pieces:
        wanted += [span(piece.sentence, text)]
        wanted += [plain(piece.text).split(":")[0].strip()] if ":" in piece.text else []
        for segment in piece.segments:
            wanted += [segment.text] if len(piece.segments) > 1 or piece.opened else []
            for phrase in phrases(segment.words):
                if not phrase.is_pronoun:
                    wanted += [key(phrase, text), plain(value_of(phrase, text))]
    for slot in world.slots.values():
        wanted += [plain(one) for one in (slot.title, slot.value or "", *slot.past)]
    return wanted


def _read(reading: Reading, pieces: Sequence[Piece]) -> None:
    modes = [mode(piece.sentence, reading.text, dict(piece.shares)) for piece in pieces]
    asks = "check" in modes
    lists = [titles(piece.words, reading.text) for piece in pieces]
    if not reading.world.steps:
        if max(map(len, lists), default=0) < 2:  # noqa: PLR2004 - two are a list
            longer = [listed(piece.words, reading.text) for piece in pieces]
            bare = [first_title(piece.words, reading.text) if _is_bare(piece) else [] for piece in pieces]
            lists = longer if any(longer) else bare if sum(map(bool, bare)) > 1 else lists
        if any(lists):
            modes = ["statement" if one == "check" else one for one in modes]
            asks = False
    checked = False
    for place, piece in enumerate(pieces):
        if modes[place] == "check":
            if not checked:
                _check(reading, piece)
            checked = reading.has_asked = True
        else:
            requested = modes[place] == "request"
            alone = modes.count("statement") + modes.count("request") == 1
            if _statement(reading, piece, pieces[place + 1 :], lists, place, asks, alone, requested):
                checked = False
        reading.before += [phrase for segment in piece.segments for phrase in phrases(segment.words)]


def _is_bare(piece: Piece) -> bool:
    """Whether a question is a phrase alone: "Pattern?"."""
    return piece.sentence[-1].low == "?" and len(piece.segments) == 1 and not piece.segments[0].is_clause


def _check(reading: Reading, piece: Piece) -> None:
    about = dict(reading.named(piece.words))
    for slot in reading.holding(piece.words):
        about.setdefault(slot.id, 0.5)
    if not about:
        guessed = updates.likeliest(reading, piece)
        about |= {guessed.id: 0.0} if guessed is not None else {}
    reading.found.append(Subtask(intent="check", text=piece.text, operations=(Check(nodes=tuple(about)),)))


def _statement(
    reading: Reading,
    piece: Piece,
    following: Sequence[Piece],
    lists: Sequence[Sequence[str]],
    place: int,
    asks: bool,
    alone: bool,
    requested: bool,
) -> bool:
    """Read a sentence that does not ask; whether it did anything."""
    count = len(reading.found)
    if not reading.world.steps and _is_undertaking(lists, place):
        begin(reading, piece)
        return True
    if share(reading, piece, following):
        return True
    used: set[int] = set()
    if _introduces(reading, piece, following, lists, place):
        for title in first_title(piece.words, reading.text):
            add(reading, title, piece.text)
        return len(reading.found) > count
    if _several(reading, piece):
        return True
    dependency = stated(piece.low) or stated(plain(span(piece.sentence, reading.text)))
    if dependency is not None and not both_known(reading, piece, dependency):
        dependency = None
    rest = piece
    if dependency is not None:
        cut = piece.words[0].start + dependency.start
        rest = _until(piece, cut, reading.text)
        used = set()
    if rest.words:
        completions.read(reading, rest, used)
        rollbacks.read(reading, rest, used)
        if not used:
            additions.read(reading, rest, lists[place] if rest is piece else ())
        added = any(one.intent == "new" for one in reading.found[count:])
        if not added and (len(reading.found) == count or len(used) < len(rest.segments)):
            updates.read(reading, rest, used, alone and not asks, requested)
    if dependency is not None:
        depend(reading, piece, dependency)
    return len(reading.found) > count


def _several(reading: Reading, piece: Piece) -> bool:
    """Read a sentence that states more than one dependency; whether it does."""
    stating = [segment for segment in piece.segments if _states(segment.low)]
    for segment in stating if len(stating) > 1 else ():
        part = prepared(segment.words, reading.text, piece.shares)
        dependency = stated(part.low)
        if dependency is not None:
            depend(reading, part, dependency)
    return len(stating) > 1


def _is_undertaking(lists: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a sentence in an empty forest names what the steps behind it are of."""
    ahead = max((len(some) for some in lists[place + 1 :]), default=0)
    return ahead > len(lists[place]) and len(lists[place]) < 2  # noqa: PLR2004 - two are a list


def _states(low: str) -> bool:
    """Whether a segment states a dependency of its own, both ends named."""
    found = stated(low)
    return found is not None and bool(found.node and found.on) and not found.weak


def _introduces(
    reading: Reading, piece: Piece, following: Sequence[Piece], lists: Sequence[Sequence[str]], place: int
) -> bool:
    """Whether a bare phrase names what the next sentence says more of: "Snacks! Those depend on …"."""
    if not following or len(piece.segments) != 1 or piece.segments[0].is_clause or lists[place]:
        return False
    if by_title(piece.words, reading.world.steps, reading.policy):
        return False
    dependency = stated(following[0].low)
    return dependency is not None and not dependency.node and not dependency.weak


def _until(piece: Piece, cut: int, text: str) -> Piece:
    words = tuple(word for word in piece.words if word.end <= cut)
    while words and (words[-1].is_mark or words[-1].low in {"and", "but", "which", "so"}):
        words = words[:-1]
    if not words:
        return Piece((), (), "", (), "", piece.shares)
    return replace(prepared(words, text, piece.shares), opened=piece.opened)
