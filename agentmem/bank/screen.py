"""The screen: credentials in observed text are found by precise patterns, and masked.

Most patterns are those of `detect-secrets`. Left out of it are its guesses (entropy, keywords),
what is no credential (IP addresses), what innocent words and order numbers match (Artifactory, IBM
Cloud IAM), and what a hostile text can make run for hours (Cloudant, SoftLayer, IBM COS). Formats
that it does not know, or finds only in part, are added with the prefixes that their publishers state.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import NamedTuple

from pydantic import JsonValue

from agentmem.records import Event

PRIVATE_KEY_CHARS = 32_768
"""Characters within which the end of a private key is looked for (an RSA-16384 PEM has 12,700)."""


class Screened(NamedTuple):
    """A text as it may be kept, and the kinds of credential that were masked in it."""

    text: str
    kinds: tuple[str, ...]


class Span(NamedTuple):
    """Where a credential stands, and its kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Pattern:
    """A credential's form.

    Attributes:
        kind: The kind of credential, as people call it.
        regex: What it looks like.
        hints: In lower case; a text with a match holds one of these.
        group: Which group of a match is the secret; 0: all of it.
        grown: A match that is part of a longer word makes the whole word secret; otherwise it is none.
    """

    kind: str
    regex: re.Pattern[str]
    hints: tuple[str, ...]
    group: int = 0
    grown: bool = False

    def hinted(self, lowered: str) -> bool:
        """Whether a text, given in lower case, can hold such a credential at all."""
        for hint in self.hints:  # noqa: SIM110 (a generator costs more than all the searches)
            if hint in lowered:
                return True
        return False

    def spans(self, text: str) -> Iterator[Span]:
        """The credentials of this kind in `text`."""
        done = 0
        for match in self.regex.finditer(text):
            start, end = match.span(self.group)
            if start < done or _WITHIN_WORD.search(text[max(0, start - 2) : start]):
                continue
            if word := _WORD.match(text, end):
                if not self.grown:
                    continue
                end = done = word.end()
            yield Span(start, end, self.kind)


@dataclass(frozen=True)
class Plugin:
    """A plugin of detect-secrets, and how its patterns are to be read.

    Attributes:
        module: Its module under `detect_secrets.plugins`.
        name: Its class.
        hints: As in `Pattern`, for all of its patterns.
        named: The first group, where a pattern has one, is the secret, and the rest its name.
        grown: As in `Pattern`.
    """

    module: str
    name: str
    hints: tuple[str, ...]
    named: bool = False
    grown: bool = False


_CANDIDATE = re.compile(r"[A-Za-z0-9_+/=.:-]{20}|://")
_WORD = re.compile(r"[A-Za-z0-9_-]+")
_WITHIN_WORD = re.compile(r"(?:(?<!\\)|(?<=\\)(?![nrt]))[A-Za-z0-9]\Z")

PLUGINS = (
    Plugin("aws", "AWSKeyDetector", ("aws", "a3t", "abia", "acca", "akia", "asia"), named=True),
    Plugin("azure_storage_key", "AzureStorageKeyDetector", ("accountkey=",)),
    Plugin("discord", "DiscordBotTokenDetector", (".",), grown=True),
    Plugin("github_token", "GitHubTokenDetector", ("gh",), grown=True),
    Plugin("gitlab_token", "GitLabTokenDetector", ("gl", "gr1348941"), grown=True),
    Plugin("mailchimp", "MailchimpDetector", ("-us",)),
    Plugin("pypi_token", "PypiTokenDetector", ("pypi-",), grown=True),
    Plugin("sendgrid", "SendGridDetector", ("sg.",), grown=True),
    Plugin("slack", "SlackDetector", ("xox", "hooks.slack"), grown=True),
    Plugin("square_oauth", "SquareOAuthDetector", ("sq0csp-",), grown=True),
    Plugin("stripe", "StripeDetector", ("k_live_",), grown=True),
    Plugin("telegram_token", "TelegramBotTokenDetector", (":",)),
    Plugin("twilio", "TwilioKeyDetector", ("ac", "sk")),
)

OWN = (
    # The plugin's pattern ends at characters that RFC 3986 allows in a password.
    Pattern(
        "Basic Auth Credentials",
        re.compile(r"://[^\s/?#:@]*:([^\s/?#,;()<>\[\]\"'`]+)@"),
        ("://",),
        group=1,
    ),
    # The plugin's pattern knows only keys with exactly 20 characters on either side of the mark.
    Pattern(
        "OpenAI Token",
        re.compile(r"(?:(?<![\w-])|(?<=\\[nrt]))sk-[\w-]*T3BlbkFJ[\w-]{20,}", re.ASCII),
        ("t3blbkfj",),
    ),
    Pattern("Anthropic Token", re.compile(r"sk-ant-[a-z0-9]{3,8}-[\w-]{80,}", re.ASCII), ("sk-ant-",)),
    Pattern("GitHub Token", re.compile(r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"), ("github_pat_",)),
    Pattern("Google API Key", re.compile(r"AIza[\w-]{35}", re.ASCII), ("aiza",)),
    Pattern("Hugging Face Token", re.compile(r"hf_[A-Za-z0-9]{34}"), ("hf_",)),
    Pattern("NPM tokens", re.compile(r"npm_[A-Za-z0-9]{36}"), ("npm_",)),
    Pattern("NPM tokens", re.compile(r":_authToken=\s*([A-Fa-f0-9-]{36})"), (":_authtoken",), group=1),
)

_KEY_BEGIN = re.compile(
    r"-{4,5} ?BEGIN ((?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?) ?-{4,5}|PuTTY-User-Key-File-\d:"
)
_KEY_END = re.compile(
    r"-{4,5} ?END ((?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?) ?-{4,5}|Private-MAC: ?[0-9a-f]+"
)
_KEY_LINES = re.compile(
    r"(?:[\s>|]|\\[nrt])*[A-Za-z0-9+/=]{16,}+(?:(?:[\s>|]|\\[nrt])++[A-Za-z0-9+/=]{16,}+)*"
)
_DOTTED = re.compile(r"(?<![\w=-])[\w=-]+(?:\.[\w=-]+)+", re.ASCII)


def screen(text: str) -> Screened:
    """Mask every credential in `text` as `[redacted: KIND]`."""
    return _mask(text, _spans(text))


def screen_json(data: JsonValue) -> tuple[JsonValue, tuple[str, ...]]:
    """Mask every credential in the strings of `data`, the keys of its objects included.

    A string is read together with the key that it stands under, since some credentials are only
    known by their name. Keys that become equal are told apart by a number.
    """
    kinds: dict[str, None] = {}

    def note(screened: Screened) -> str:
        kinds.update(dict.fromkeys(screened.kinds))
        return screened.text

    def walk(value: JsonValue, key: str) -> JsonValue:
        if isinstance(value, str):
            before = f'{key}: "' if key else ""
            spans = [
                Span(span.start - len(before), min(span.end - len(before), len(value)), span.kind)
                for span in _spans(f'{before}{value}"' if key else value)
                if span.start >= len(before)
            ]
            return note(_mask(value, spans))
        if isinstance(value, list):
            return [walk(each, key) for each in value]
        if isinstance(value, dict):
            walked: dict[str, JsonValue] = {}
            for name, each in value.items():
                masked = base = note(screen(name))
                while masked in walked:
                    masked = f"{base} {len(walked) + 1}"
                walked[masked] = walk(each, name)
            return walked
        return value

    return walk(data, ""), tuple(kinds)


def screen_event(event: Event) -> tuple[Event, tuple[str, ...]]:
    """`event` with every credential in its text and data masked, and the kinds of those."""
    text, data = screen(event.text), screen_json(event.data)
    kinds = tuple(sorted({*text.kinds, *data[1]}))
    return (event.model_copy(update={"text": text.text, "data": data[0]}) if kinds else event), kinds


def _mask(text: str, spans: Iterable[Span]) -> Screened:
    pieces: list[str] = []
    kinds: dict[str, None] = {}
    done = 0
    for start, end, kind in sorted(spans):
        if end <= done:
            continue
        if start >= done:
            pieces += (text[done:start], f"[redacted: {kind}]")
            kinds[kind] = None
        done = end
    return Screened("".join((*pieces, text[done:])) if kinds else text, tuple(kinds))


def _spans(text: str) -> list[Span]:
    if not _CANDIDATE.search(text):
        return []
    lowered = text.lower()
    found = [span for pattern in _patterns() if pattern.hinted(lowered) for span in pattern.spans(text)]
    return found + list(_private_keys(text)) + list(_web_tokens(text))


@cache
def _patterns() -> tuple[Pattern, ...]:
    patterns = list(OWN)
    for plugin in PLUGINS:
        detector = getattr(import_module(f"detect_secrets.plugins.{plugin.module}"), plugin.name)
        patterns += (
            Pattern(
                detector.secret_type,
                regex,
                plugin.hints,
                group=1 if plugin.named and regex.groups else 0,
                grown=plugin.grown,
            )
            for regex in detector.denylist
        )
    return tuple(patterns)


def _private_keys(text: str) -> Iterator[Span]:
    """Whole blocks; of a block without an end, the lines that look like a key's."""
    if "PRIVATE KEY" not in text and "PuTTY-User-Key-File" not in text:
        return
    from detect_secrets.plugins.private_key import PrivateKeyDetector

    ends: defaultdict[str, list[int]] = defaultdict(list)
    for end in _KEY_END.finditer(text):
        ends[end[1]].append(end.end())
    done = 0
    for begin in _KEY_BEGIN.finditer(text):
        if begin.start() < done:
            continue
        alike = ends[begin[1]]
        place = bisect(alike, begin.end())
        lines = _KEY_LINES.match(text, begin.end())
        if place < len(alike) and alike[place] <= begin.end() + PRIVATE_KEY_CHARS:
            done = alike[place]
        elif lines:
            done = lines.end()
        else:
            continue
        yield Span(begin.start(), done, PrivateKeyDetector.secret_type)


def _web_tokens(text: str) -> Iterator[Span]:
    """JSON Web Tokens with their signature, which the plugin's pattern leaves standing."""
    if "eyJ" not in text:
        return
    from detect_secrets.plugins.jwt import JwtTokenDetector

    def valid(token: str) -> bool:
        try:
            return bool(JwtTokenDetector.is_formally_valid(token))
        except RecursionError:  # JSON nested too deep to be a token's
            return False

    for dotted in _DOTTED.finditer(text):
        parts = dotted[0].split(".")
        start = dotted.start()
        skip = 0
        for place, part in enumerate(parts[:-1]):
            begins = part.find("eyJ")
            for size in (3, 2) if begins >= 0 and place >= skip else ():
                token = ".".join((part[begins:], *parts[place + 1 : place + size]))
                if valid(token):
                    yield Span(start + begins, start + begins + len(token), JwtTokenDetector.secret_type)
                    skip = place + size
                    break
            start += len(part) + 1
