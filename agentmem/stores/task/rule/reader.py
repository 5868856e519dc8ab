"""RuleTrim: utterance → sentences → what each asks, adds, links, ends, takes back or settles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agentmem.records import Event
from agentmem.stores.task.operations import Add, Check, Depend, Merge, Operation, Update
from agentmem.stores.task.rule import completions, rollbacks, updates
from agentmem.stores.task.rule.cues import has
from agentmem.stores.task.rule.dependencies import Stated, stated
from agentmem.stores.task.rule.intent import model_for
from agentmem.stores.task.rule.meaning import Meanings
from agentmem.stores.task.rule.naming import by_title
from agentmem.stores.task.rule.phrases import phrases, plain
from agentmem.stores.task.rule.policy import RulePolicy
from agentmem.stores.task.rule.questions import mode
from agentmem.stores.task.rule.reading import Piece, Reading, key, prepared
from agentmem.stores.task.rule.titles import listed, meant, titles
from agentmem.stores.task.rule.values import value_of
from agentmem.stores.task.rule.words import Word, sentences, span
from agentmem.stores.task.rule.world import Live, World, title_stems
from agentmem.stores.task.trim import Forest, Subtask

BEGINS = re.compile(
    r"\b(?:help me|i'm (?:also )?(?:planning|organi[sz]ing|putting|preparing|setting up)|"
    r"we're (?:also )?(?:planning|organi[sz]ing|putting|preparing|setting up)|set up|plan|organi[sz]e)\b"
)


ADDS, SHARES = 0.6, 0.6
"""Least probabilities at which a sentence without a cue adds a step, or shares one."""
NEAR_ON, NEAR_NODE, SURELY = 0.3, 0.4, 0.6
"""Least cosines at which a stretch names what is depended on, what depends, and that where a new step may be meant."""


SAYS_VALUE = re.compile(r"\b(?:it|that|this|he|she|they)(?:'s| is|'re| are| was| will|'ll)\b")


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
        _read(reading, pieces, forest)
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


def _read(reading: Reading, pieces: Sequence[Piece], forest: Forest) -> None:
    modes = [mode(piece.sentence, reading.text, dict(piece.shares)) for piece in pieces]
    asks = "check" in modes
    lists = [titles(piece.words, reading.text) for piece in pieces]
    if not reading.world.steps:
        if max(map(len, lists), default=0) < 2:  # noqa: PLR2004 - two are a list
            longer = [listed(piece.words, reading.text) for piece in pieces]
            bare = [titles_of(piece.words, reading.text) if _is_bare(piece) else [] for piece in pieces]
            lists = longer if any(longer) else bare if sum(map(bool, bare)) > 1 else lists
        if any(lists):
            modes = ["statement" if one == "check" else one for one in modes]
            asks = False
    checked = False
    place = 0
    while place < len(pieces):
        piece = pieces[place]
        if modes[place] == "check":
            if not checked:
                _check(reading, piece)
            checked = reading.has_asked = True
        else:
            requested = modes[place] == "request"
            alone = modes.count("statement") + modes.count("request") == 1
            if _statement(reading, piece, pieces[place + 1 :], lists, place, asks, alone, requested, forest):
                checked = False
        reading.before += [phrase for segment in piece.segments for phrase in phrases(segment.words)]
        place += 1


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
    forest: Forest,
) -> bool:
    """Read a sentence that does not ask; whether it did anything."""
    count = len(reading.found)
    if not reading.world.steps and _is_undertaking(lists, place):
        _begin(reading, piece)
        return True
    if _merge(reading, piece, following):
        return True
    used: set[int] = set()
    if _introduces(reading, piece, following, lists, place):
        for title in titles_of(piece.words, reading.text):
            _add(reading, title, piece.text, forest)
        return len(reading.found) > count
    several = [segment for segment in piece.segments if _states(segment.low)]
    if len(several) > 1:
        for segment in several:
            part = prepared(segment.words, reading.text, piece.shares)
            known = stated(part.low)
            if known is not None:
                _depend(reading, part, known, forest)
        return True
    dependency = stated(piece.low) or stated(plain(span(piece.sentence, reading.text)))
    if dependency is not None and not _both_known(reading, piece, dependency):
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
            _new(reading, rest, forest, lists[place] if rest is piece else ())
        if len(reading.found) == count or len(used) < len(rest.segments):
            if not any(one.intent == "new" for one in reading.found[count:]):
                updates.read(reading, rest, used, alone and not asks, requested)
    if dependency is not None:
        _depend(reading, piece, dependency, forest)
    return len(reading.found) > count


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
    if not following or len(piece.segments) > 1 or piece.segments[0].is_clause or lists[place]:
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


def _begin(reading: Reading, piece: Piece) -> None:
    """A root for the undertaking that a sentence names."""
    said = [phrase for phrase in phrases(piece.words) if not phrase.is_pronoun]
    if not said or any(task.title for task in reading.world.tasks):
        return
    title = (
        plain(span(piece.words, reading.text)) if len(piece.words) < 3 else span(said[0].words, reading.text)
    )
    handle = f"n{reading.handles}"
    reading.handles += 1
    reading.world.slots[handle] = Live(id=handle, title=title, kind="task", is_new=True)
    reading.pending = Add(slot=title, kind="task", goal=piece.text, handle=handle)


def _adds(reading: Reading, piece: Piece) -> bool:
    """Whether a fragment adds a step by its form alone: "Oh, and a …", "Also a …", "Pots, too"."""
    first = piece.segments[0]
    bare = not first.is_clause and len(first.words) <= 4  # noqa: PLR2004 - a short phrase
    if (
        bare
        and re.search(r"\b(?:too|as well)$", piece.low)
        and not by_title(first.words, reading.world.steps, reading.policy)
    ):
        return True
    if re.search(r"\b(?:and|also|plus)\b", piece.opened) is None or piece.words[0].low not in {
        "a",
        "an",
        "some",
        "another",
    }:
        return False
    shares = piece.shares
    other = sum(shares.get(intent, 0.0) for intent in ("new", "depend", "merge"))
    return other >= shares.get("update", 0.0) and not by_title(
        piece.segments[0].words, reading.world.steps, reading.policy
    )


def _new(reading: Reading, piece: Piece, forest: Forest, known: Sequence[str]) -> None:
    found = list(known) or titles(piece.words, reading.text)
    if not found and _adds(reading, piece):
        found = titles_of(piece.words, reading.text)
    if (
        not found
        and piece.shares.get("new", 0.0) >= ADDS
        and not SAYS_VALUE.search(piece.low)
        and not reading.named(piece.words)
    ):
        found = meant(piece.words, reading.text)
    for title in found:
        if not _exists(reading, title):
            _add(reading, title, piece.text, forest)


def _exists(reading: Reading, title: str) -> bool:
    stems = set(title_stems(title))
    return any(set(slot.words) == stems or stems < set(slot.words) for slot in reading.world.steps)


def _add(reading: Reading, title: str, text: str, forest: Forest) -> Live:
    handle = f"n{reading.handles}"
    reading.handles += 1
    operations: list[Operation] = []
    if reading.pending is not None:
        operations.append(reading.pending)
        reading.pending = None
    tasks = sorted(reading.world.tasks, key=lambda task: task.recency)
    parents = (tasks[0].id,) if tasks else ()
    operations.append(Add(slot=title, parents=parents, handle=handle))
    slot = Live(id=handle, title=title, is_new=True, parents=parents)
    for other in reading.world.steps:
        other.recency += 1
    reading.world.slots[handle] = slot
    reading.found.append(Subtask(intent="new", text=text, operations=tuple(operations)))
    reading.touched.append(handle)
    reading.meanings.learn([title])
    return slot


def _both_known(reading: Reading, piece: Piece, dependency: Stated) -> bool:
    """Whether a weak cue is borne out by two slots that are named."""
    if not dependency.weak:
        return True
    node = reading.named(_words(piece, dependency.node)) if dependency.node else {"": 1.0}
    on = reading.named(_words(piece, dependency.on)) if dependency.on else {}
    return bool(on) and (bool(node) or has("new", piece.low))


def _words(piece: Piece, part: str) -> list[Word]:
    start = piece.low.find(part)
    if start < 0:
        first = part.split("  ", maxsplit=1)[0]
        start = max(piece.low.find(first), 0)
    begin = piece.words[0].start + start
    return [word for word in piece.words if begin <= word.start < begin + len(part)]


def _depend(reading: Reading, piece: Piece, dependency: Stated, forest: Forest) -> None:
    on = (
        _ground(reading, piece, dependency.on, (), NEAR_ON, bool(dependency.node))
        if dependency.on
        else reading.last()
    )
    apart = () if on is None else (on.id,)
    fresh = [reading.world.slots[one] for one in reading.touched if one in reading.world.slots]
    fresh = [slot for slot in fresh if slot.is_new and slot is not on]
    node: Live | None = None
    if dependency.node:
        node = _ground(
            reading, piece, dependency.node, apart, NEAR_NODE if dependency.on and not fresh else SURELY
        )
        if node is None and fresh and dependency.on:
            node = fresh[-1]
        if node is None and on is not None:
            title = next(iter(titles_of(_words(piece, dependency.node), reading.text)), None)
            node = None if title is None else _add(reading, title, piece.text, forest)
    else:
        last = reading.last()
        node = last if last is not on else None
    operations = (
        [Depend(node=node.id, on=(on.id,))] if node is not None and on is not None and node is not on else []
    )
    if operations and node is not None and on is not None:
        node.depends_on.append(on.id)
    reading.found.append(Subtask(intent="depend", text=piece.text, operations=tuple(operations)))


def titles_of(words: Sequence[Word], text: str) -> list[str]:
    """The title that a stretch says, as a list of one or none."""
    from agentmem.stores.task.rule.titles import _items

    return _items(words, text)[:1]


def _ground(
    reading: Reading,
    piece: Piece,
    part: str,
    apart_from: Sequence[str],
    floor: float,
    dependent: bool = False,
) -> Live | None:
    """The slot that a stretch of a sentence names, by words first, then by the meaning of the whole."""
    words = _words(piece, part)
    slots = [slot for slot in reading.world.steps if slot.id not in apart_from]
    older = [slot for slot in slots if not slot.is_new] if dependent else slots
    named = {naming.slot: naming.strength for naming in by_title(words, slots, reading.policy)}
    if not named:
        known = {slot.id for slot in older}
        named = {one: strength for one, strength in reading.named(words, 0.45).items() if one in known}
    if not named:
        text = span(words, reading.text)
        reading.meanings.learn([text])
        near = {slot.id: reading.near(text, slot.title) for slot in older}
        named = {one: cosine for one, cosine in near.items() if cosine >= floor}
        for slot in reading.holding(words):
            if slot.id not in apart_from:
                named[slot.id] = max(named.get(slot.id, 0.0), 0.5)
    if not named:
        return None
    return reading.world.slots[max(named, key=lambda one: named[one])]


def _merge(reading: Reading, piece: Piece, following: Sequence[Piece]) -> bool:
    """Read a step that another undertaking shares."""
    low = piece.low
    apart = has("depend", low) or has("new", low)
    sharing = has("merge", low) or (piece.shares.get("merge", 0.0) >= SHARES and not apart)
    other = has("other", low)
    named = reading.named(piece.words)
    own = re.match(r"(?:we|i|it|there|which|what|how|who|where|when)\b", low)
    if other and not sharing and own is None and named and not has("depend", low):
        sharing = (bool(following) and has("merge", following[0].low)) or max(named.values()) >= 0.9
    if not sharing or (not other and piece.shares.get("merge", 0.0) < 0.4):
        return False
    if not named:
        last = reading.last()
        if last is None:
            return False
        named = {last.id: 1.0}
    best = max(named, key=lambda one: named[one])
    subject = next((phrase for phrase in phrases(piece.words) if not phrase.is_pronoun), None)
    shared = "" if subject is None else span(subject.words, reading.text)
    reading.add("merge", piece.text, [Merge(node=best, shared_with=shared)] if shared else ())
    return True
