"""Signs that a text from a tool or the web is an instruction to the agent that reads it.

A net, not a wall: what is worded as nobody foresaw passes. What is recalled is fenced as data all the same.
One strong sign is enough; of the weak ones, which manuals show too, two kinds must stand near each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pydantic import JsonValue

from agentmem.fence import clean
from agentmem.records import Event, Trust

SUSPECTS = (Trust.TOOL, Trust.WEB)
"""Whose text is looked at."""
NEAR = 400
"""Characters within which two weak signs are one matter."""


class Sign(NamedTuple):
    """What an instruction looks like, in normalised text: what it does, and whether it is enough alone."""

    does: str
    regex: re.Pattern[str]
    strong: bool = True


def _sign(does: str, *patterns: str, strong: bool = True) -> Sign:
    return Sign(does, re.compile("|".join(patterns)), strong)


_MODEL = r"(?:ai|llm|gpt|chatgpt|claude|gemini|large language model|language model|chatbot)"
_WITHIN = r"[^.!?]{0,40}?"
"""Some words of the same sentence."""

SIGNS = (
    _sign(
        "sets earlier instructions aside",
        rf"\b(?:ignore|disregard|forget|override|bypass|(?:do not|don't|stop) follow(?:ing)?)\b{_WITHIN}"
        rf"\b(?:previous|prior|preceding|earlier|above|system|your|original)\b{_WITHIN}"
        r"\b(?:instruction|prompt|rule|guideline|directive|constraint|programming)s?\b",
        rf"\b(?:ignore|disregard|forget)\b{_WITHIN}\binstructions?\b{_WITHIN}\b(?:above|before|so far)\b",
        rf"\b(?:ignorier\w*|vergiss|vergessen sie|missachte\w*)\b{_WITHIN}"
        rf"\b(?:vorherig\w+|bisherig\w+|obig\w+|früher\w+|deine|ihre)\b{_WITHIN}"
        r"\b(?:anweisung|anleitung|regel|befehl|vorgabe)\w*",
        rf"\b(?:ignore[rz]?|oublie[rz]?|ne suis pas)\b{_WITHIN}\b(?:instructions|consignes|règles)\b{_WITHIN}"
        r"\b(?:précédentes|antérieures|ci-dessus|initiales)\b",
        rf"\b(?:ignora|ignore|olvida|olvide)\b{_WITHIN}\b(?:instrucciones|reglas|órdenes)\b{_WITHIN}"
        r"\b(?:anteriores|previas|originales)\b",
        r"\bforget (?:everything|all)\b[^.!?]{0,30}?\b(?:told|before|above)\b",
        r"(?:忽略|无视|忘记).{0,8}(?:之前|以上|先前|前面|系统).{0,8}(?:指令|指示|提示|规则)",
        r"(?:以前|上記|これまで)の.{0,6}(?:指示|命令|ルール).{0,6}(?:無視|忘れ)",
    ),
    _sign(
        "poses as the frame of a conversation",
        r"<\|(?:im_start|im_end|system|user|assistant|start_header_id|eot_id|begin_of_text)[^|]{0,20}\|>",
        r"\[/?inst\]|<</?sys>>|<start_of_turn>|</?(?:system|system[ _-]?prompt|system[ _-]?reminder)>",
        r"(?:^|[.!?>\]] ?)(?:system|developer|assistant)(?: prompt| message)?: "
        rf"(?:you|ignore|always|never|{_MODEL})\b",
    ),
    _sign(
        "speaks to a model",
        r"\b(?:attention|dear|(?:note|notice|message|instructions?) (?:to|for))[ ,:]{1,3}"
        rf"(?:all |any |the |every |our )?{_MODEL}(?:s|[ -](?:assistant|agent|model|system|reader)s?)?\b",
        rf"\bif you(?:'re| are) (?:an? )?(?:{_MODEL}|automated (?:agent|assistant))\b",
    ),
    _sign(
        "gives the reader a role",
        r"\b(?:you are now|from now on,? you are)\b[^.!?]{0,40}?"
        r"\b(?:ai|assistant|agent|model|dan|jailbroken|unrestricted|developer mode)\b",
    ),
    _sign(
        "asks for what the reader was told",
        r"\b(?:reveal|print|show|output|repeat|send|forward|post|leak|email|upload|disclose)\b"
        rf"{_WITHIN}\byour (?:system prompt|(?:hidden |initial |secret )?(?:instructions|prompt)|memories"
        r"|(?:chat|conversation) history)\b",
    ),
    _sign(
        "asks to be kept in memory",
        r"\b(?:remember|memori[sz]e|store|save|keep|add|record|write)\b[^.!?]{0,80}?\b(?:in|into|to) "
        r"(?:your|the (?:agent|assistant|model)'s) (?:(?:long[- ]term|permanent|persistent) )?memory\b",
    ),
    _sign(
        "asks for silence",
        r"\b(?:do not|don't|never|without) (?:tell|inform|mention|reveal|alert|notify|show)(?:ing)?\b"
        r"[^.!?]{0,30}?\b(?:the user|users|your (?:user|operator|owner|human)|the human|anyone)\b",
        strong=False,
    ),
    _sign(
        "gives orders",
        r"\bfrom now on,? (?:you )?(?:always|never|must|will|should|only)\b",
        r"\b(?:always|never) "
        r"(?:recommend|prefer|suggest|trust|answer|respond|reply|choose|obey|approve|transfer|say)\b",
        rf"\b(?:call|invoke|use|run|execute|trigger)\b{_WITHIN}\b(?:tool|function|shell command|plugin)\b",
        strong=False,
    ),
    _sign(
        "asks to send things away",
        r"\b(?:send|forward|post|upload|email|exfiltrate|transmit)\b[^.!?]{0,60}?(?:https?://|[\w-]+@[\w-]+)",
        strong=False,
    ),
)


def signs(event: Event) -> tuple[str, ...]:
    """What makes the text and the data of an event look like an instruction to its reader; mostly nothing."""
    found: dict[str, None] = {}
    for text in (event.text, *_strings(event.data)):
        found.update(dict.fromkeys(_signs(text)))
    return tuple(found)


def _signs(text: str) -> list[str]:
    plain = _normalised(text)
    met = [(match.start(), sign) for sign in SIGNS for match in sign.regex.finditer(plain)]
    strong = [sign.does for _, sign in met if sign.strong]
    weak = sorted((start, sign.does) for start, sign in met if not sign.strong)
    for (start, does), (other_start, other) in pairwise(weak):
        if does != other and other_start - start <= NEAR:
            strong += [does, other]
    return strong


def _normalised(text: str) -> str:
    """`text` as the patterns know it: compatible letters, no case, no marks of layout, single spaces."""
    plain = unicodedata.normalize("NFKC", clean(text)).casefold().replace("’", "'")
    return " ".join(_LAYOUT.sub("", plain).split())


_LAYOUT = re.compile(r"[*`~#\"“”„«»]+|(?<!\w)_+|_+(?!\w)")


def _strings(data: JsonValue) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for each in data:
            yield from _strings(each)
    elif isinstance(data, dict):
        for name, each in data.items():
            yield name
            yield from _strings(each)
