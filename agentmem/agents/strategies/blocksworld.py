"""How towers are built: from below, each block put where it belongs as soon as that can be done."""

from __future__ import annotations

from collections.abc import Mapping

from agentmem.agents.language import readable
from agentmem.agents.strategies.belief import Belief, Goal, Move, Need

TABLE = ""
"""Where a block stands on the table."""


def blocksworld(belief: Belief, goal: Goal, objects: Mapping[str, str]) -> Move | Need | None:
    """Put the least buried block whose place is ready; what is in the way goes on the table."""
    towers = _Towers(belief, goal)
    held = towers.held
    ready = sorted((towers.digging(block), block) for block in towers.wanted if towers.is_ready(block))
    if held is not None:
        under = towers.wanted.get(held, TABLE)
        if under and towers.is_placed(under) and under not in towers.above:
            return Move(_subgoal(held, under), ("stack", held, under))
        served = ready[0][1] if ready and under else held
        return Move(_subgoal(served, towers.wanted.get(served, TABLE)), ("put-down", held))
    for _, block in ready:
        top = towers.top(block)
        if top == block:
            over = towers.top(towers.wanted[block])
            top = block if over == towers.wanted[block] else over
        if belief.denied("clear", top):
            continue  # something lies on it that is not known
        return Move(_subgoal(block, towers.wanted[block]), towers.taking(top))
    buried = [atom[1] for atom, wanted in goal if wanted and atom[0] == "clear" and atom[1] in towers.above]
    if buried:
        return Move(f"uncover {readable(buried[0])}", towers.taking(towers.top(buried[0])))
    missing = tuple(block for block in towers.wanted if block not in towers.on and block != held)
    return Need(missing) if missing else None


def _subgoal(block: str, under: str) -> str:
    return f"put {readable(block)} on {readable(under) or 'the table'}"


class _Towers:
    """How the blocks stand, and how they are to stand."""

    def __init__(self, belief: Belief, goal: Goal) -> None:
        found = belief.newest(("on", 0), ("on-table", 0), ("holding", 0))
        hand = belief.last("holding")
        put = belief.when("hand-empty") if belief.holds("hand-empty") else -1
        self.held = hand[1] if hand is not None and put < belief.when(*hand) else None
        self.on = {
            block: atom[2] if atom[0] == "on" else TABLE
            for block, atom in found.items()
            if atom[0] != "holding"
        }
        if self.held is not None:
            self.on.pop(self.held, None)
        self.above = {under: block for block, under in self.on.items() if under}
        self.wanted = {
            atom[1]: atom[2] if atom[0] == "on" else TABLE
            for atom, wanted in goal
            if wanted and atom[0] in {"on", "on-table"}
        }
        self._resting = {under: block for block, under in self.wanted.items() if under}

    def is_placed(self, block: str) -> bool:
        """Whether a block, and all beneath it, need never be moved again."""
        seen: set[str] = set()
        while block not in seen:
            seen.add(block)
            under = self.on.get(block)
            if under is None or self.wanted.get(block, under) != under:
                return False
            if under == TABLE:
                return True
            if self._resting.get(under, block) != block:
                return False
            block = under
        return False

    def is_ready(self, block: str) -> bool:
        """Whether a block is to be moved, and what it is to stand on is in place."""
        under = self.wanted[block]
        return block in self.on and not self.is_placed(block) and (under == TABLE or self.is_placed(under))

    def digging(self, block: str) -> int:
        """How many blocks are to be taken away before a block can be put where it belongs."""
        return self._height(block) + self._height(self.wanted[block])

    def top(self, block: str) -> str:
        """The uppermost block of those over one; the block itself where it is bare."""
        for _ in range(self._height(block)):
            block = self.above[block]
        return block

    def taking(self, block: str) -> tuple[str, ...]:
        """The action that takes a block into the hand."""
        under = self.on[block]
        return ("unstack", block, under) if under else ("pick-up", block)

    def _height(self, block: str) -> int:
        height = 0
        while block in self.above and height < len(self.above):
            block, height = self.above[block], height + 1
        return height
