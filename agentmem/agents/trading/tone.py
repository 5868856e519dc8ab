"""The tone of a text about a security, from -1 to 1, by a small lexicon that was fixed before any test."""

from __future__ import annotations

import re

from agentmem.records import Text, Value

_WORD = re.compile(r"[a-z]+(?:'t)?|[.;:!?](?=\s|$)")
_STOPS = frozenset(".;:!?")
_EXTREMES = frozenset({"high", "highs", "low", "lows"})
_OWNERS = frozenset({"its", "their", "day", "week", "month", "year"})
"""After one of these an extreme names a price, from which something else rose or fell."""


class Lexicon(Value):
    """Words of financial tone. General English; no name of a firm, no word learned from prices.

    Attributes:
        good: Words that are good news by themselves.
        bad: Words that are bad news by themselves.
        up: Words that say that something grew: good news, but where a `burden` grew.
        down: Words that say that something shrank: bad news, but where a `burden` shrank.
        assets: Things of which more is better: where they grew or shrank, only that counts.
        burdens: Things of which less is better: likewise.
        negations: Words that turn the next word of tone round.
        reach: How many words after a negation it turns round, and how far a thing may stand from what it did.
    """

    good: frozenset[Text]
    bad: frozenset[Text]
    up: frozenset[Text]
    down: frozenset[Text]
    assets: frozenset[Text]
    burdens: frozenset[Text]
    negations: frozenset[Text]
    reach: int = 4


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LEXICON = Lexicon(
    good=_words(
        "beat beats beating profitable strong stronger strongest strength robust solid record"
        " upgrade upgraded upgrades outperform outperformed outperforms success successful approval approved"
        " win wins won winning best better good positive optimistic optimism bullish innovative breakthrough"
        " rally rallied rallies recovered recovers rebound rebounded rebounds gained gaining advantage"
        " favourable favorable boom exceeded exceeds calm stable profit profits gain gains surplus"
    ),
    bad=_words(
        "miss missed misses missing weak weaker weakest weakness poor poorly worse worst bad negative"
        " pessimistic pessimism bearish downgrade downgraded downgrades underperform underperformed failure"
        " failed fails fail lawsuit lawsuits sued fraud scandal probe investigation recall recalled recalls"
        " bankruptcy bankrupt default defaulted crash crashed crashes crisis recession slump slumped slumps"
        " plunge plunged plunges tumble tumbled tumbles warning warned warns layoffs delay delayed delays"
        " disappointing disappointed shortage fined penalty halted suspended lose loses lost losing turbulent"
        " turmoil loss losses deficit deficits shortfall impairment impairments defaults complaints"
    ),
    up=_words(
        "up rise rises rose risen rising increase increases increased increasing higher high highs highest"
        " grew grow grows growing grown climb climbed climbs climbing jump jumped jumps jumping surge surged"
        " surges surging soar soared soars advance advanced advances widened widens above raised raises"
        " improved improves improving doubled tripled"
    ),
    down=_words(
        "down fall falls fell fallen falling drop drops dropped dropping decrease decreases decreased"
        " decreasing lower low lows lowest decline declines declined declining shrank shrink shrinks"
        " shrinking shrunk slid slide slides sliding sank sink sinks sinking cut cuts reduced reduces"
        " reducing narrowed narrows below halved eased eases easing slipped slips"
    ),
    assets=_words(
        "profit profits growth gain gains surplus dividend dividends expansion recovery demand earnings"
        " revenue revenues sales margin margins income guidance outlook confidence"
    ),
    burdens=_words(
        "volatility risk risks debt debts cost costs expense expenses loss losses deficit deficits drawdown"
        " drawdowns uncertainty liability liabilities unemployment inflation complaints claims shortfall"
        " fees impairment impairments defaults"
    ),
    negations=_words("not no never without neither nor hardly barely cannot can't won't didn't doesn't isn't")
    | _words("wasn't weren't hasn't haven't aren't don't couldn't wouldn't shouldn't hadn't"),
)
"""Fixed on 2026-11-29, before any figure of the test period was seen."""


def tone(text: str, lexicon: Lexicon = LEXICON) -> float:
    """(good - bad) / (good + bad) over the words of tone in a text; 0 where there are none.

    Within a sentence a negation turns the next word of tone round, and what grows is bad where it is a
    burden: "volatility rose" is bad, "losses narrowed" is good. That there is none of an asset is bad.

    Args:
        text: The text; case plays no part.
        lexicon: The words.
    """
    signs = [sign for words in _sentences(text) for sign in _signs(words, lexicon)]
    return sum(signs) / len(signs) if signs else 0.0


def _sentences(text: str) -> list[list[str]]:
    sentences: list[list[str]] = [[]]
    for word in _WORD.findall(text.lower().replace("’", "'")):
        if word in _STOPS:
            sentences.append([])
        elif word not in _EXTREMES or not sentences[-1] or sentences[-1][-1] not in _OWNERS:
            sentences[-1].append(word)
    return sentences


def _signs(words: list[str], lexicon: Lexicon) -> list[int]:
    """1 or -1 for each word of tone of a sentence, in order."""
    moves = [place for place, word in enumerate(words) if word in lexicon.up or word in lexicon.down]
    moved = _moved(words, moves, lexicon)
    burdened = {move for thing, move in moved.items() if words[thing] in lexicon.burdens}
    signs, negated = [], 0
    for place, word in enumerate(words):
        if word in lexicon.negations:
            negated = lexicon.reach
            continue
        sign = 0 if place in moved else _sign(word, lexicon)
        if negated and place not in moved and word in lexicon.assets:
            sign = 1
        if sign:
            signs.append(-sign if (place in burdened) != bool(negated) else sign)
        negated = 0 if sign else max(0, negated - 1)
    return signs


def _moved(words: list[str], moves: list[int], lexicon: Lexicon) -> dict[int, int]:
    """By the place of each thing that moved, that of the word that says so: the nearest, of two the later."""
    found = {}
    for thing, word in enumerate(words):
        near = [place for place in moves if abs(place - thing) <= lexicon.reach]
        if near and (word in lexicon.burdens or word in lexicon.assets):
            found[thing] = min((abs(place - thing), place < thing, place) for place in near)[-1]
    return found


def _sign(word: str, lexicon: Lexicon) -> int:
    good = word in lexicon.up or word in lexicon.good
    bad = word in lexicon.down or word in lexicon.bad
    return good - bad
