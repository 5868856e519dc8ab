"""Values that a sentence settles, and the slots that they are for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from agentmem.stores.task.operations import Update
from agentmem.stores.task.rule.clauses import COMMAND, FRAGMENT, FRONTED, MEANT, TITLED, Candidate, candidates
from agentmem.stores.task.rule.cues import has, opening
from agentmem.stores.task.rule.grounding import Offer, assign, fit, turns
from agentmem.stores.task.rule.naming import by_value
from agentmem.stores.task.rule.phrases import Phrase, Segment, phrases, plain
from agentmem.stores.task.rule.questions import command_of
from agentmem.stores.task.rule.reading import Piece, Reading
from agentmem.stores.task.rule.values import cleaned, value_of
from agentmem.stores.task.rule.words import FINITE, Word, span
from agentmem.stores.task.rule.world import Live

EXPLICIT = re.compile(r"^(?!some(?:thing|where|one|body)\b)(?P<s>[^:=,]{2,60}?)\s*[:=]\s*(?P<v>\S.*)$")
SWAP = re.compile(
    r"\b(?:swap|replace|exchange|trade|substitute|switch|change)\b(?: out)? (?P<old>.+?) (?:for|with|"
    r"by) (?P<v>.+)$"
)
CALLED = re.compile(
    r"\b(?:call|name|title|label|rename) (?P<s>it|that|this|them|him|her|.{1,40}? to|the \S+) (?P<v>.+)$"
)
NOT_BUT = re.compile(
    r"^(?:not|no more|forget|never mind|scrap|scratch|skip) (?P<old>[^,]+?)(?:,| but) (?P<v>.+)$"
)
RATHER = re.compile(
    r"^(?P<old>.+?),? (?:no|no wait|no sorry|sorry|or rather|i mean|make that|"
    r"scratch that)[, ]+(?P<v>\S.*)$"
)
IT_IS = re.compile(r"^(?P<v>.+?)(?:,)? (?:it is|it'll be|it shall be|it'll have to be|is it)$")


def read(reading: Reading, piece: Piece, used: set[int], weakly: bool, requested: bool) -> None:
    """Read the values that the segments of a sentence settle."""
    if opening(piece.low) >= len(piece.low):
        return
    groups: list[list[Offer]] = []
    texts: list[str] = []
    whole = _whole(reading, piece) if not used else None
    if whole is not None:
        groups.append(whole)
        texts.append(piece.text)
    else:
        for text, offers in _by_segment(reading, piece, used, weakly and not used, requested):
            groups.append(offers)
            texts.append(text)
    groups, texts = _once(groups, texts)
    order = turns(reading.world.steps)
    groups = [[replace(offer, turns=order) for offer in offers] for offers in groups]
    taken = assign(groups, reading.world.steps, reading.meanings, reading.policy)
    for row, offer, slot, _ in sorted(taken, key=lambda one: one[0]):
        value = cleaned(offer.value)
        if not value:
            continue
        if slot.value == value:
            continue
        reading.add("update", texts[row], [Update(node=slot.id, value=value)])
        reading.world.settle(slot, value)


def _once(groups: Sequence[list[Offer]], texts: Sequence[str]) -> tuple[list[list[Offer]], list[str]]:
    """The groups without those that only offer again what another one offers."""
    found: list[list[Offer]] = []
    kept: list[str] = []
    for offers, text in zip(groups, texts, strict=True):
        again = next((one for one in found if one[0].value == offers[0].value), None)
        if again is not None:
            again += offers
        else:
            found.append(list(offers))
            kept.append(text)
    return found, kept


def likeliest(reading: Reading, piece: Piece) -> Live | None:
    """The slot that what a question names would be a value of; none where it names nothing."""
    best: tuple[float, Live] | None = None
    for phrase in (one for segment in piece.segments for one in phrases(segment.words)):
        value = value_of(phrase, reading.text)
        if phrase.is_pronoun or not value:
            continue
        offer = Offer(value, Candidate(phrase, FRAGMENT), piece.text, piece.text, changes=True)
        for slot in reading.world.steps:
            score = fit(offer, slot, reading.meanings, reading.policy)
            if best is None or score > best[0]:
                best = (score, slot)
    return best[1] if best is not None and best[0] > 0 else None


def _whole(reading: Reading, piece: Piece) -> list[Offer] | None:
    """Offers of a form that spans the sentence: "slot: value", "swap X for Y", "not X, Y", "call it Y"."""
    low = piece.low
    start = piece.words[0].start
    for pattern in (EXPLICIT, SWAP, NOT_BUT, CALLED, RATHER, IT_IS):
        match = pattern.search(low)
        if match is None:
            continue
        words = [w for w in piece.words if start + match.start("v") <= w.start < start + match.end("v")]
        if not words:
            continue
        groups = match.groupdict()
        before = [w for w in piece.words if w.end <= start + match.start("v")]
        old = [w for w in before if w.start >= start + match.start("old")] if groups.get("old") else []
        if pattern is CALLED:
            before = [w for w in before if w.start >= start + match.start("s")]
        named = reading.named(before if pattern is not IT_IS else piece.words)
        if pattern is EXPLICIT and not named and any(w.tag in FINITE | {"VB"} for w in before[:-1]):
            continue
        if pattern is EXPLICIT and not named:
            title = plain(span(before[:-1], reading.text))
            near = {slot.id: reading.near(title, slot.title) for slot in reading.world.steps}
            named = {
                one: cosine for one, cosine in near.items() if cosine >= max(0.2, max(near.values()) - 0.15)
            }
            if not named:
                continue
        left = {
            slot.id: 1.0 for slot in reading.world.steps if slot.value and old and by_value(old, slot.value)
        }
        if not left and (pattern is NOT_BUT or (pattern is SWAP and not named)):
            continue
        if pattern is RATHER and (
            any(w.tag in FINITE for w in words) or not any(w.tag in {"CD", "NNP", "NN", "NNS"} for w in old)
        ):
            continue
        if pattern in (EXPLICIT, CALLED):
            value = _upto_remark(words, reading.text)
            phrase = Phrase(tuple(words), "", 0)
        else:
            first = next((p for p in phrases(words) if not p.is_pronoun), None)
            if first is None:
                continue
            phrase, value = first, value_of(first, reading.text)
        trailing = reading.named([w for w in piece.words if w.start > phrase.end])
        candidate = Candidate(phrase, TITLED)
        changes = bool(left) or has("change", f"{piece.opened} {piece.low}")
        return [Offer(value, candidate, piece.text, piece.text, named or trailing, left, changes)]
    return None


def _upto_remark(words: Sequence[Word], text: str) -> str:
    """A value said after a colon or a name given: up to the first remark behind a comma."""
    kept = list(words)
    for place, word in enumerate(words):
        tight = place + 1 < len(words) and words[place + 1].start == word.end
        if place and (
            (word.low in {",", ";", "(", "–", "—", "..."} and not tight) or word.low in {"because", "since"}
        ):
            kept = list(words[:place])
            break
    return cleaned(span(kept, text))


def _by_segment(
    reading: Reading, piece: Piece, used: set[int], weakly: bool, requested: bool
) -> list[tuple[str, list[Offer]]]:
    found: list[tuple[str, list[Offer]]] = []
    topic = reading.topic
    reading.topic = {}
    earlier = list(reading.before)
    skipped = command_of(piece.low) if requested else 0
    settled = False
    nothing = piece.shares.get("none", 0.0)
    for place, whole in enumerate(piece.segments):
        segment = _without(whole, piece.words[0].start + skipped, reading.text) if skipped else whole
        said = phrases(whole.words)
        remark = bool(used) and whole.link not in {"and", "but", "so", "plus"} and place > min(used)
        if place in used or whole.is_reason or segment is None or remark:
            earlier += said
            continue
        names = reading.places(segment.words)
        named = reading.named(segment.words)
        acting = reading.acting(segment.words)
        offered = candidates(segment, names, requested and place == 0, acting)
        if not offered and named and not segment.is_clause:
            topic = named
            earlier += said
            continue
        offers = []
        for candidate in offered:
            if settled and not _independent(whole, candidate, named):
                continue
            if not weakly and candidate.strength < MEANT:
                continue
            if reading.has_asked and candidate.strength < COMMAND and not named:
                continue
            offer = _offer(reading, piece, segment, candidate, named or topic, earlier)
            if offer is not None:
                remarked = (
                    place > 0
                    and not segment.is_clause
                    and whole.link == ","
                    and piece.segments[place - 1].is_clause
                )
                nothing_said = 2.5 if remarked and not has("change", segment.low) and not named else 0.0
                offers.append(replace(offer, doubt=nothing_said, nothing=nothing))
        if offers:
            found.append((whole.text, offers))
            settled = settled or max(offer.candidate.strength for offer in offers) >= MEANT
            topic = {}
        earlier += said
    if not found and len(piece.segments) == 1:
        reading.topic = topic
    return found


def _independent(segment: Segment, candidate: Candidate, named: dict[str, float]) -> bool:
    """Whether a segment behind one that settles a value may settle another, and is no remark on it."""
    if segment.link in {"and", "but", "so", "plus"}:
        return candidate.strength >= MEANT
    return candidate.strength >= COMMAND and bool(named)


def _without(segment: Segment, start: int, text: str) -> Segment | None:
    words = tuple(word for word in segment.words if word.start >= start)
    return Segment(words, segment.link, span(words, text)) if words else None


def _offer(
    reading: Reading,
    piece: Piece,
    segment: Segment,
    candidate: Candidate,
    named: dict[str, float],
    earlier: Sequence[Phrase],
) -> Offer | None:
    phrase = candidate.phrase
    if candidate.stands_for:
        meant = _antecedent(phrase, earlier, reading.is_title)
        if meant is None:
            return None
        candidate = replace(candidate, phrase=meant)
        phrase = meant
    if (not named or candidate.strength <= FRONTED) and _is_mention(reading, phrase):
        return None
    value = _apposed(phrase, piece) or value_of(phrase, reading.text)
    if not value:
        return None
    beside = [w for w in segment.words if w.end <= phrase.start or w.start >= phrase.end]
    said = (
        [w for one in earlier for w in one.words if w.end <= phrase.start]
        if candidate.strength >= FRAGMENT
        else []
    )
    left = {slot.id: 0.7 for slot in reading.world.steps if slot.value and by_value(said, slot.value)}
    left |= {slot.id: 1.0 for slot in reading.world.steps if slot.value and by_value(beside, slot.value)}
    if any(slot.is_fresh and slot.value == value for slot in reading.world.steps):
        return None
    left = {one: share for one, share in left.items() if one in named} if named else left
    changes = bool(left) or has("change", f"{piece.opened} {piece.low}")
    return Offer(value, candidate, segment.text, piece.text, named, left, changes)


def _is_mention(reading: Reading, phrase: Phrase) -> bool:
    """Whether a phrase only says what some slot is settled to already."""
    telling = {
        place for place, word in enumerate(phrase.words) if word.tag not in {"DT", "PRP$", "POS", "IN"}
    }
    return any(
        slot.value is not None and telling <= by_value(phrase.words, slot.value)
        for slot in reading.world.steps
    )


def _apposed(phrase: Phrase, piece: Piece) -> str:
    """The proper name behind a phrase: "that little place, Casa Lina"; empty where none is."""
    if phrase.words[0].tag not in {"DT", "PRP$"} or any(word.tag == "NNP" for word in phrase.words):
        return ""
    for place, segment in enumerate(piece.segments[1:], start=1):
        ends = piece.segments[place - 1].words[-1].end == phrase.end
        if ends and segment.link == "," and all(word.tag in {"NNP", "NNPS"} for word in segment.words):
            return segment.text
    return ""


def _antecedent(phrase: Phrase, earlier: Sequence[Phrase], titled: Callable[[Phrase], bool]) -> Phrase | None:
    """The phrase that a pronoun stands for: the last one said that can be a value and is no slot's title."""
    said = [
        one
        for one in earlier
        if not one.is_pronoun
        and one.end <= phrase.start
        and one.words[0].low not in {"that", "this", "these", "those"}
        and not titled(one)
    ]
    if phrase.words[0].low in {"those", "these", "them"}:
        plural = [one for one in said if one.words[-1].tag in {"NNS", "NNPS"}]
        said = plural or said
    if phrase.words[-1].low == "one" and len(phrase.words) > 1:
        alike = [one for one in said if one.words[-1].low == "one"]
        said = alike or said
    return said[-1] if said else None
