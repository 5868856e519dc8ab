"""Packing: hits into prompt text that never costs more than its token budget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache

from agentmem.errors import InvalidInput
from agentmem.fence import WIDEST_BOUNDARY, clean, fence
from agentmem.records import Context, Hit, Item, Record
from agentmem.synthesis.cut import cut
from agentmem.synthesis.duplicates import Shown
from agentmem.synthesis.policy import PackPolicy
from agentmem.synthesis.render import piece, session
from agentmem.synthesis.tokens import MiniLMTokens, TokenCounter

_DAWN = datetime.min.replace(tzinfo=UTC)

Count = Callable[[str], int]
Key = tuple[str, int]


@dataclass(frozen=True)
class Candidate:
    """A hit that wants a place: its rank (0 is best) and its cleaned text, whole or cut."""

    hit: Hit
    rank: int
    text: str
    cut: bool = False

    @property
    def key(self) -> Key:
        """Id and version, which tell candidates apart."""
        return self.hit.id, self.hit.record.version

    @property
    def moment(self) -> tuple[datetime, int, int]:
        """Where it stands in chronological order; what has no time comes first."""
        record = self.hit.record
        return record.time or _DAWN, record.from_seq, self.rank


@dataclass(frozen=True)
class Line:
    """One piece as it stands in the prompt."""

    label: str
    candidate: Candidate
    text: str

    def item(self, count: Count) -> Item:
        """What the context says of this piece."""
        record = self.candidate.hit.record
        return Item(
            label=self.label,
            id=record.id,
            version=record.version,
            namespace=record.namespace,
            tokens=count(self.text),
            cut=self.candidate.cut,
            sources=record.sources,
        )


@dataclass(frozen=True)
class Part:
    """One fenced part of a context, and which of its hits repeat a better one."""

    text: str = ""
    lines: tuple[Line, ...] = ()
    repeats: dict[Key, Key] = field(default_factory=dict)


def pack(
    hits: Sequence[Hit],
    budget: int,
    counter: TokenCounter | None = None,
    policy: PackPolicy | None = None,
    pinned: Sequence[Record] = (),
) -> Context:
    """Pack hits into a context of at most `budget` tokens, fences and headers included.

    Hits are taken best first. One that does not fit whole gives way to following ones that do; if
    room is left, the best of those skipped is cut at a word. The stable part depends on `pinned`,
    `budget`, `counter` and `policy` alone, so a prompt cache can keep it from query to query.

    Args:
        hits: Ranked hits, best first.
        budget: Tokens, of the counter's kind, that the whole text may cost.
        counter: Counts tokens; none: those of the default embedder.
        policy: What is shown and how; none: the defaults.
        pinned: Records that always come first.

    Returns:
        The context. Empty, without a fence, if nothing is to be shown or nothing fits.
        `left_out` says of each id that has no place whether that is for `budget`, as a `duplicate`
        of a better piece, or because its text is `empty`.

    Raises:
        InvalidInput: `budget` is negative.
    """
    if budget < 0:
        raise InvalidInput(f"a token budget of {budget} is negative", "give 0 or more")
    counter = counter or MiniLMTokens()
    policy = policy or PackPolicy()
    count: Count = cache(counter.count)
    pins = [
        Hit(record=record, score=0.0, parts={})
        for record in sorted(pinned, key=lambda record: (record.time or _DAWN, record.id))
    ]
    stable = _part(pins, Part(), budget, count, policy.model_copy(update={"headers": False}))
    recalled = _part(hits, stable, budget, count, policy)
    text = stable.text + recalled.text
    return Context(
        text=text,
        stable=stable.text,
        recalled=recalled.text,
        tokens=count(text) if text else 0,
        budget=budget,
        tokenizer=counter.name,
        items=tuple(line.item(count) for line in stable.lines + recalled.lines),
        left_out=_left_out((*pins, *hits), stable, recalled),
    )


def _left_out(hits: Sequence[Hit], *parts: Part) -> dict[str, str]:
    shown = {line.candidate.key for part in parts for line in part.lines}
    ids = {name for name, _ in shown}
    repeats = {key: better for part in parts for key, better in part.repeats.items()}
    reasons: dict[str, str] = {}
    for hit in hits:
        if hit.id not in ids:
            doubled = repeats.get((hit.id, hit.record.version)) in shown
            empty = not clean(hit.text).strip()
            reasons[hit.id] = "duplicate" if doubled else "empty" if empty else "budget"
    return reasons


def _part(hits: Sequence[Hit], before: Part, budget: int, count: Count, policy: PackPolicy) -> Part:
    """Fill what `before` leaves of the budget with `hits`."""
    first = len(before.lines) + 1
    room = budget - (count(before.text) if before.text else 0) - count(fence("", WIDEST_BOUNDARY))
    chosen, repeats = _choose(hits, before, room, count, policy)
    while chosen:
        lines = _lines(chosen, first, policy)
        text = fence("\n".join(_with_headers(lines, policy)))
        # Tokens of a whole are only nearly the sum of its parts' tokens: this makes the bound hard.
        if count(before.text + text) <= budget:
            return Part(text, lines, repeats)
        chosen.pop()
    return Part(repeats=repeats)


def _choose(
    hits: Sequence[Hit], before: Part, room: int, count: Count, policy: PackPolicy
) -> tuple[list[Candidate], dict[Key, Key]]:
    """What is to be shown by estimate, and which near duplicates give way to which better ones.

    The chosen stand in the order in which they are kept if their sum proves too large.
    """
    chosen: list[Candidate] = []
    skipped: Candidate | None = None
    repeats: dict[Key, Key] = {}
    groups: set[str] = set()
    taken: set[Key] = set()
    by_actor: defaultdict[str, Shown[Key]] = defaultdict(
        lambda: Shown(policy.jaccard, policy.contained_words)
    )

    def show(candidate: Candidate) -> None:
        taken.add(candidate.key)
        by_actor[candidate.hit.record.actor].add(candidate.key, candidate.text)

    def cost(candidate: Candidate) -> int:
        group, header = session(candidate.hit.record, policy)
        label = policy.label(len(before.lines) + len(chosen) + 1)
        line = piece(candidate.hit, label, candidate.text, policy, {})
        return count(line + "\n") + (count(header + "\n") if header and group not in groups else 0)

    for line in before.lines:
        show(line.candidate)
    for rank, hit in enumerate(hits):
        if room < policy.least:
            break
        candidate = Candidate(hit, rank, clean(hit.text).strip())
        if not candidate.text or candidate.key in taken:
            continue
        better = by_actor[hit.record.actor].repeats(candidate.text) if policy.dedupe else None
        if better is not None:
            repeats[candidate.key] = better
            continue
        needed = cost(candidate)
        if needed <= room:
            room -= needed
            show(candidate)
            groups.add(session(hit.record, policy)[0])
            chosen.append(candidate)
        elif skipped is None:
            skipped = candidate
    if policy.cut and skipped and room >= policy.least:
        whole = skipped
        text = cut(whole.text, lambda text: cost(replace(whole, text=text)) <= room)
        if text and count(text) >= policy.least:
            chosen.append(replace(whole, text=text, cut=True))
    return chosen, repeats


def _lines(chosen: Sequence[Candidate], first: int, policy: PackPolicy) -> tuple[Line, ...]:
    """The chosen in the order shown, labelled from `first` on."""
    if policy.order == "chronological":
        ordered = sorted(chosen, key=lambda candidate: candidate.moment)
    else:
        ordered = sorted(chosen, key=lambda candidate: candidate.rank)
    labelled = [(policy.label(first + place), candidate) for place, candidate in enumerate(ordered)]
    labels = {candidate.hit.id: label for label, candidate in labelled}
    return tuple(
        Line(label, candidate, piece(candidate.hit, label, candidate.text, policy, labels))
        for label, candidate in labelled
    )


def _with_headers(lines: Sequence[Line], policy: PackPolicy) -> Iterator[str]:
    current = ""
    for line in lines:
        group, header = session(line.candidate.hit.record, policy)
        if header and group != current:
            yield header
        current = group
        yield line.text
