"""How balls are brought to rooms: two at a time, those that lie at hand first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from agentmem.agents.language import readable
from agentmem.agents.strategies.belief import Belief, Goal, Move, Need, of_type, places


def gripper(belief: Belief, goal: Goal, objects: Mapping[str, str]) -> Move | Need | None:
    """Drop what belongs here, take what does not, go where most is to be taken, or look about."""
    wanted = places(goal, "at")
    here = belief.last("at-robby")
    if here is None:
        return Need(("at-robby",))
    room = here[1]
    lies = {ball: atom[2] for ball, atom in belief.newest(("at", 0), ("carry", 0)).items() if atom[0] == "at"}
    hands = belief.newest(("carry", 1), ("free", 0))
    carried = {
        atom[1]: hand
        for hand, atom in sorted(hands.items(), key=lambda item: belief.when(*item[1]))
        if atom[0] == "carry"
    }
    astray = {ball: at for ball, at in lies.items() if wanted.get(ball, at) != at and ball not in carried}

    for ball, hand in carried.items():
        if wanted.get(ball, room) == room:
            return Move(_bring(ball, room), ("drop", ball, room, hand))
    free = [
        hand
        for hand in of_type(objects, "gripper")
        if hands.get(hand, ("free",))[0] == "free" and not belief.denied("free", hand)
    ]
    picked = _pick(room, astray, wanted, {wanted[ball] for ball in carried})
    if picked and free:
        first = next(iter(carried), picked)
        return Move(_bring(first, wanted[first]), ("pick", picked, room, free[0]))
    for ball in carried:
        return Move(_bring(ball, wanted[ball]), ("move", room, wanted[ball]))
    if astray:
        there = min(astray.values(), key=lambda at: (-list(astray.values()).count(at), at))
        ball = _pick(there, astray, wanted, set()) or ""
        return Move(_bring(ball, wanted[ball]), ("move", room, there))
    lost = [ball for ball in wanted if ball not in lies and ball not in carried]
    return _search(belief, lost, room, of_type(objects, "room"), set(lies.values())) if lost else None


def _pick(room: str, astray: Mapping[str, str], wanted: Mapping[str, str], going: set[str]) -> str | None:
    """The ball to take in a room: one that goes where one is going, or where most others go."""
    here = sorted(ball for ball, at in astray.items() if at == room)
    share = Counter(wanted[ball] for ball in here)
    return min(here, key=lambda ball: (wanted[ball] not in going, -share[wanted[ball]], ball), default=None)


def _search(belief: Belief, lost: list[str], room: str, rooms: list[str], told: set[str]) -> Need:
    """Look for a ball: in the next room that was not seen yet; where all were, in the next of all."""
    at = rooms.index(room) if room in rooms else 0
    others = rooms[at + 1 :] + rooms[:at]
    seen = [one for one in rooms if belief.holds("visited", one)]
    there = next((one for one in others if one not in seen), next(iter(others), None))
    look = None if there is None else Move(f"look for {readable(lost[0])}", ("move", room, there))
    return Need((*lost, *(one for one in seen if one not in told)), look)


def _bring(ball: str, room: str) -> str:
    return f"bring {readable(ball)} to {readable(room)}"
