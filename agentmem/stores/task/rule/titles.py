"""New slots in a sentence: the noun phrases and open questions that it lists, as titles without a value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agentmem.stores.task.rule.cues import has, opening, patterns
from agentmem.stores.task.rule.kinds import kinds
from agentmem.stores.task.rule.phrases import PRONOUNS, cut_tail, phrases, plain, segments
from agentmem.stores.task.rule.words import FINITE, NOUNS, Sentence, Word, span

WH = {"WDT", "WP", "WP$", "WRB"}
ARTICLE = re.compile(
    r"^(?:(?:a|an|the|no|some|any|another|one|also|and|or|plus|about|on|for|to|of|with|still|then|too|"
    r"both|that|yes)\s+)+",
    re.IGNORECASE,
)
VERB_LED = re.compile(
    r"^(?:decide|settle|agree|choose|pick|find|sort|figure|define|plan|fix|pin|arrange|think|work|look|"
    r"determine|"
    r"organi[sz]e|get|know|book|order|add|set|order|buy|hire)\b(?: (?:on|about|upon|out|down|for|up|into|"
    r"of))*\s+",
    re.IGNORECASE,
)
TO_DO = re.compile(
    r"\b(?:to \w+|open|left|missing|list|questions?|points?|need|needed|wanted|undecided|todo|"
    r"agenda)(?: (?:out|on|about))?$"
)
ASKED_FOR = re.compile(
    r"^(?:what|which|who|where|when)(?:'s| is| are) (?:the|our|my|his|her|their) ", re.IGNORECASE
)
NO_TITLE = re.compile(
    r"\b(?:no idea|don't know|no clue|not sure|haven't (?:\w+ )?(?:one|any|yet|it|that|a clue)|"
    r"haven't (?:got|decided|found|looked|chosen|thought)$|has to go|know nothing|leave it|leave that|"
    r"keep (?:that|it)|"
    r"i'll|we'll|i don't|we don't|put (?:it|that)|write (?:it|that)|get you|later|amount to be|"
    r"to be decided|"
    r"not fixed|still to be|isn't fixed|we need one|should look|have to choose|there's a|no hurry|"
    r"doesn't matter|"
    r"wouldn't hurt|undecided|tbd)\b"
)


def titles(sentence: Sentence, text: str) -> list[str]:
    """The titles of the new slots that a sentence names; empty where it names none.

    Args:
        sentence: Its words, without what opens it.
        text: The utterance.
    """
    found: list[str] = []
    for unit in _units(sentence, text):
        found += [title for title in _of_unit(unit, text) if title not in found]
    return found


def _units(sentence: Sentence, text: str) -> list[Sentence]:
    """The sentence taken apart where a clause with a cue of its own begins."""
    if any(word.low == ":" for word in sentence):
        return [sentence]
    units: list[list[Word]] = []
    told = False
    for segment in segments(sentence, text):
        own = segment.is_clause and has("new", segment.low) and not _remarks(segment.low)
        if (
            own
            and units
            and not told
            and any(word.tag[:2] == "VB" or word.tag == "PRP" for word in units[-1])
        ):
            units = [list(segment.words)]
        elif units and not (own and told):
            units[-1] += [
                word for word in sentence if units[-1][-1].end <= word.start < segment.words[-1].end
            ]
        else:
            units.append(list(segment.words))
        told = told or own
    return [tuple(unit) for unit in units]


def _remarks(low: str) -> bool:
    """Whether a clause only says that nothing is known of what was just named."""
    return NO_TITLE.search(low) is not None or re.match(r"(?:that|it|this|there)\b", low) is not None


def _of_unit(sentence: Sentence, text: str) -> list[str]:
    if not sentence:
        return []
    said = plain(span(sentence, text))
    start = sentence[0].start
    open_list = _open_list(sentence, text)
    if not has("new", said):
        if not open_list:
            return []
        colon = next((word for word in sentence if word.low == ":"), None)
        return _items([word for word in sentence if colon is None or word.start >= colon.end], text)
    colon = next((word for word in sentence if word.low == ":"), None)
    if colon is not None:
        after = [word for word in sentence if word.start >= colon.end]
        if after:
            return _items(after, text)
    for pattern in patterns("new_behind"):
        match = pattern.search(said)
        if match is not None:
            before = [word for word in sentence if word.end <= start + match.start()]
            found = _items(before, text)
            if found and not re.match(r"^(?:what|the other|another|next|one)\b", said):
                return found
    somebody = patterns("new_somebody")[0].search(said)
    if somebody is not None:
        after = [word for word in sentence if word.start >= start + somebody.end()]
        return [f"someone to {title}" for title in _items(after, text)[:1]]
    begins = _object_cue(said)
    if begins is not None:
        after = [word for word in sentence if word.start >= start + begins]
        return _items(after, text)
    return []


STILL = {
    "is",
    "are",
    "'s",
    "'re",
    "was",
    "were",
    "need",
    "needs",
    "remain",
    "remains",
    "still",
    "have",
    "has",
}
UNKNOWN = re.compile(
    r"\s+(?:i|we)\s+(?:couldn't|can't|cannot|don't|haven't|wouldn't|do not|have not|am not|are not)\b.*$",
    re.IGNORECASE,
)
"""What is said of not knowing it, behind what is asked: "what goes there I couldn't tell you"."""
GENERIC = {
    "list",
    "point",
    "item",
    "thing",
    "idea",
    "question",
    "topic",
    "matter",
    "step",
    "field",
    "entry",
    "clue",
    "task",
    "bit",
    "order",
    "help",
    "hand",
    "plan",
    "time",
    "place",
    "one",
    "business",
    "moment",
    "note",
}
"""Nouns that name no step of themselves."""


def meant(sentence: Sentence, text: str) -> list[str]:
    """The titles in a sentence that is known to add steps though no cue says where they stand in it."""
    verb = next((place for place, word in enumerate(sentence) if word.tag in FINITE), None)
    colon = next((place for place, word in enumerate(sentence) if word.low == ":"), None)
    parts = [sentence]
    if colon is not None:
        parts = [sentence[colon + 1 :], *parts]
    elif verb is not None:
        parts = [sentence[verb + 1 :], sentence[:verb]]
    for part in parts:
        said = [one for one in phrases(part) if not one.is_pronoun and one.words[-1].low not in GENERIC]
        if said and kinds(said[0].words, span(said[0].words, text)) & {"number", "date", "time"}:
            return []
        if said:
            found = _items(part[said[0].place :], text)
            if found:
                return found
    return []


def listed(sentence: Sentence, text: str) -> list[str]:
    """The titles that a sentence lists, whatever it says around them; empty where it lists no two."""
    marks = [place for place, word in enumerate(sentence) if word.low in {":", "-", "–", "—"}]
    parts = [sentence[place + 1 :] for place in marks] + [sentence[: marks[0]] if marks else sentence]
    for part in parts:
        found = _items(part, text)
        if len(found) > 1:
            return _trimmed(part, found, text)
    return []


def _trimmed(words: Sequence[Word], found: list[str], text: str) -> list[str]:
    """A list without what leads its first item in, and without what is said of its last."""
    first, last = found[0], found[-1]
    end = text.find(first, words[0].start) + len(first)
    lead = [word for word in words if word.end <= end]
    if any(word.tag in FINITE | {"VB", "VBG"} for word in lead) and not any(word.tag in WH for word in lead):
        said = [one for one in phrases(lead) if not one.is_pronoun]
        first = span(said[-1].words, text) if said else first
    tail = [word for word in words if word.start >= text.rfind(last)]
    mark = next((word for word in tail if word.is_mark), None)
    verb = next((word for word in tail if word.tag in FINITE), None)
    if (
        verb is not None
        and (mark is None or verb.start < mark.start)
        and not any(word.tag in WH for word in tail)
    ):
        last = text[tail[0].start : verb.start].strip()
    cleaned = [ARTICLE.sub("", one).strip() for one in (first, *found[1:-1], last)]
    return [one for one in cleaned if one]


def first_title(words: Sequence[Word], text: str) -> list[str]:
    """The title that a stretch says, as a list of one or none."""
    return _items(words, text)[:1]


def _open_list(sentence: Sentence, text: str) -> bool:
    """Whether a sentence lists open questions, behind a colon or bare."""
    colon = next((place for place, word in enumerate(sentence) if word.low == ":"), None)
    after = sentence[colon + 1 :] if colon is not None else sentence
    if not after:
        return False
    listed = _items(after, text)
    asked = sum(word.tag in WH for word in after)
    led = colon is not None and (
        (after[0].tag in WH | {"DT"} and after[0].low not in {"the", "this", "that"})
        or TO_DO.search(plain(span(sentence[:colon], text))) is not None
    )
    return len(listed) > 1 and ((asked > 1 and after[0].tag in WH) or led)


def _object_cue(said: str) -> int | None:
    """Where what a cue is about begins, for cues that stand before it."""
    for kind in ("new_before", "new_opening"):
        found = [match for pattern in patterns(kind) if (match := pattern.search(said)) is not None]
        if found:
            end = min(found, key=lambda match: (match.start(), -match.end())).end()
            break
    else:
        return None
    link = re.match(
        r"\s*(?:(?:that's |which is |we need |we have |still |left )?(?:to \w+(?: (?:on|out|about))?|"
        r"left|missing)?(?: is| as well)?\s*)?"
        r"(?:would be|will be|is|are|'s|was|that)\b",
        said[end:],
    )
    return end + link.end() if link else end


def _items(words: Sequence[Word], text: str) -> list[str]:
    """A list taken apart at commas and conjunctions, each item as a title."""
    parts: list[list[Word]] = [[]]
    for place, word in enumerate(words):
        tight = (
            0 < place < len(words) - 1
            and words[place - 1].end == word.start
            and words[place + 1].start == word.end
        )
        if (word.is_mark and word.low in {",", ";", "-", "–", "—", "(", ")", "..."} and not tight) or (
            word.low in {"and", "or", "plus", "&"} and _splits(parts, words[place + 1 :], parts[-1])
        ):
            parts.append([])
        else:
            parts[-1].append(word)
    found: list[str] = []
    if len(parts) > 1:
        parts[-1] = _without_predicate(parts[-1])
    for number, part in enumerate(parts):
        title = _title(part, text)
        if title is not None and title not in found and (not number or _is_item(part)):
            found.append(title)
    return found


def _without_predicate(part: list[Word]) -> list[Word]:
    """The last item of a list without what is said of all: "… and the length are open"."""
    if not part or part[0].tag in WH:
        return part
    verb = next((place for place, word in enumerate(part) if place and word.low in STILL), None)
    return part if verb is None or any(word.tag in {"PRP", "EX"} for word in part[:verb]) else part[:verb]


def _splits(parts: Sequence[Sequence[Word]], following: Sequence[Word], before: Sequence[Word]) -> bool:
    """Whether "and" stands between two items and not within one."""
    if not following or not before:
        return True
    determined = before[0].tag in {"DT", "PRP$"}
    bare = following[0].tag in NOUNS and len(parts) == 1
    return not (determined and bare)


def _is_item(part: Sequence[Word]) -> bool:
    """Whether a part continues the list: a noun phrase or a question word, and no remark with a subject."""
    low = " ".join(word.low for word in part)
    if NO_TITLE.search(low) and part[0].tag not in WH:
        return False
    if part[0].low == "which" and len(part) > 1 and part[1].tag in {"PRP", "MD"}:
        return False
    if part[0].tag in WH or part[0].low in {"whether", "how"}:
        return True
    if part[0].tag == "PRP" and len(part) > 1 and part[1].tag in {"MD", "VBZ", "VBP", "VBD"}:
        return False
    for place, word in enumerate(part):
        if word.tag in {"PRP", "EX"} and word.low != "it" and place in (0, 1):
            return False
        if word.tag in {"VBZ", "VBP", "VBD", "MD"} and place > 0 and part[place - 1].tag not in {"PRP"} | WH:
            return False
    return True


def _title(part: Sequence[Word], text: str) -> str | None:
    """A part as a title; none where it names nothing."""
    words = list(part)
    while words and (
        words[0].is_mark or words[0].low in {"also", "then", "still", "and", "too", "just", "really"}
    ):
        words = words[1:]
    for place, word in enumerate(words):
        if (
            place
            and word.low
            in {
                "while",
                "because",
                "since",
                "if",
                "when",
                "before",
                "that's",
                "although",
                "though",
                "so",
                "as",
            }
            and words[0].tag not in WH
        ):
            words = words[:place]
            break
    if not words:
        return None
    title = span(words, text)
    title = title if words[0].tag in WH or words[0].low == "how" else cut_tail(title)
    title = VERB_LED.sub("", title) if words[0].tag in {"VB", "VBP", "NN"} and len(words) > 1 else title
    title = ARTICLE.sub("", ASKED_FOR.sub("", title))
    title = re.sub(r"^to\s+", "", title).strip(" ,.;:!?…-–—'\"")
    title = re.sub(r"\s+(?:to|on|at|in|for)?\s*(?:the|my|our|a) list$", "", title, flags=re.IGNORECASE)
    low = plain(title)
    lone = len(words) == 1 and words[0].tag == "VBZ"
    if (
        all(word.tag[:2] in {"VB", "RB", "TO", "IN", "MD"} for word in words)
        and words[0].tag != "VB"
        and not lone
    ):
        return None
    if words[0].low in {"be", "been", "being", "is"}:
        return None
    title = UNKNOWN.sub("", title)
    if opening(low) >= len(low):
        return None
    if re.search(r"^(?:\w+ )?ones?$|^(?:none|all|both|nothing|neither|some|any|each)\b", low):
        return None
    asks = words[0].tag in WH
    if (
        not title
        or (NO_TITLE.search(low) and not asks)
        or all(word in PRONOUNS or word in {"be", "is", "are"} for word in re.findall(r"\w+", low))
    ):
        return None
    return title
