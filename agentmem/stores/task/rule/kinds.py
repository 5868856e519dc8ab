"""What kind of thing a value is, and what kind a title asks for: number, date, time, name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from agentmem.stores.task.rule.words import Word

ValueKind = Literal["number", "date", "time", "name", "noun", "manner", "place"]

_NUMBER = (
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|"
    r"seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|"
    r"million|"
    r"half|dozen|double|single|couple|both|none|third|quarter"
)
_DAY = r"mon|tues|wednes|thurs|fri|satur|sun"
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|march|april|may|june|july|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?"
)
TIME = re.compile(
    r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?(?:am|pm|a\.m|p\.m)\b|\b(?:half past|quarter (?:to|past)|o'clock|"
    r"noon|midday|"
    rf"midnight|lunchtime)\b|\bat (?:\d{{1,2}}|{_NUMBER})\b|\b(?:{_NUMBER}) (?:am|pm|thirty|fifteen)\b|"
    r"\b(?:morning|afternoon|evening|night|tonight)s?\b"
)
DATE = re.compile(
    rf"\b(?:{_DAY})days?\b|\b(?:{_MONTH})\b|\b\d{{1,2}}(?:st|nd|rd|th)\b|\b(?:today|tomorrow|yesterday|"
    rf"weekends?|"
    r"weekdays?)\b|\b(?:next|this|last|a|in a|every) (?:week|month|year|day|spring|summer|autumn|fall|"
    r"winter)\b|"
    r"(?:^|\b(?:in|this|next|last|late|early|by|until) )(?:the )?(?:spring|summer|autumn|winter|easter|"
    r"christmas)$|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?$|"
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|fifteenth|twentieth|"
    rf"twenty-\w+th|twenty-first|thirtieth) of (?:{_MONTH})\b"
)
NUMBER = re.compile(rf"(?<![\w.])[$€£]?\d+(?:[.,]\d+)*\b|\b(?:{_NUMBER})\b(?! one)|\b(?:{_NUMBER})-\w+")
WHERE = {
    "in",
    "at",
    "near",
    "behind",
    "along",
    "round",
    "around",
    "beside",
    "under",
    "opposite",
    "outside",
    "inside",
    "by",
    "between",
    "above",
    "below",
    "across",
    "beneath",
    "off",
}
"""Prepositions that may lead a place."""
_ASKS: dict[ValueKind, re.Pattern[str]] = {
    "time": re.compile(r"\b(?:time|times|when|hour|hours|start|o'clock|window|slot|appointment)\b"),
    "date": re.compile(
        r"\b(?:date|dates|day|days|when|deadline|appointment|month|week|weekend|weekday|year|time|"
        r"session|window)\b"
    ),
    "number": re.compile(
        r"\bhow (?:many|much|long|big|large|deep|high|wide|tall|heavy|old|far|often|fast|hot|warm|thick)\b|"
        r"\b(?:number|count|amount|size|length|width|height|depth|weight|price|cost|costs|fee|budget|"
        r"limit|maximum|"
        r"minimum|rate|percentage|quantity|quota|age|temperature|duration|distance|speed|version|total|"
        r"sum|dose|"
        r"score|rent|salary|pay|capacity|volume|deposit|most|least|ratio|level|headcount)\b"
    ),
    "place": re.compile(
        r"\b(?:where|place|places|location|spot|site|venue|area|destination|address|part of)\b"
    ),
    "manner": re.compile(
        r"^how (?!many|much|long|big|large|deep|high|wide|tall|heavy|old|far|often|fast)\w+"
    ),
    "name": re.compile(
        r"\b(?:who|whom|whose|someone|somebody|who's|name|person)\b|\b\w+(?:er|or|ist|ant)\b$"
    ),
}


def kinds(words: Sequence[Word], text: str, preposition: str = "") -> frozenset[ValueKind]:
    """The kinds that the value `text`, whose words are `words`, can be of."""
    low = text.lower()
    found: set[ValueKind] = set()
    if TIME.search(low):
        found.add("time")
    if DATE.search(low):
        found.add("date")
    loose = found == {"date"} and re.fullmatch(r"\d{1,2}[./]\d{1,2}(?:[./]\d+)?", low)
    if (not found or loose) and (
        NUMBER.search(low) or any(word.tag == "CD" and word.low != "one" for word in words)
    ):
        found.add("number")
    if not found and words and words[0].tag not in {"DT", "PRP$"} and preposition in {"by", "via"}:
        found.add("manner")
    if not found and preposition in WHERE and not (preposition == "by" and not _determined(words)):
        found.add("place")
    if not found or found == {"place"}:
        proper = any(word.tag in {"NNP", "NNPS"} for word in words)
        found.add("name" if proper else "noun")
    return frozenset(found)


def _determined(words: Sequence[Word]) -> bool:
    return bool(words) and words[0].tag in {"DT", "PRP$"}


def asked_kinds(title: str) -> frozenset[ValueKind]:
    """The kinds of value that a title asks for; empty where it does not say."""
    low = title.lower()
    found = {kind for kind, pattern in _ASKS.items() if pattern.search(low)}
    if re.search(r"\b(?:how many|how much|number|count|amount)\b", low):
        return frozenset({"number"})
    if "date" in found and re.match(r"(?:what|which)? ?(?:the )?days? (?:a|per)\b", low):
        return frozenset({"number"})
    return frozenset(found)
