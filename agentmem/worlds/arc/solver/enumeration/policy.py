"""Constants and limits of a search."""

from __future__ import annotations

from dataclasses import dataclass

from agentmem.errors import InvalidInput


@dataclass(frozen=True)
class SearchPolicy:
    """Constants of the search.

    Programs come by a cost, the negative logarithm of a probability, as in Probe (Barke, Peleg and
    Polikarpova 2020, "Just-in-time learning for bottom-up enumerative synthesis"); what fills a parameter
    depends on the parameter, as in DreamCoder's bigrams (Ellis et al. 2021). Of values that are equal on all
    inputs one stands for all (Udupa et al. 2013, TRANSIT).

    Attributes:
        trust: Share of probability that goes by a guide's weights; the rest goes to everything alike.
        input_share: Probability that a parameter of the input's type is filled by the input itself, where no
            fills say otherwise.
        fill_strength: As how many observations the unconditional probabilities count beside a guide's fills.
        steps: Steps of cost for a factor of e in probability; more keep a finer order.
        value_bytes: What one value may hold; a program with a larger one is invalid.
        slow_seconds: What one application, over all inputs, may take: after one to two times so long it is
            interrupted where the system can, and the program is invalid. Meant for the few that run away, as
            it makes what is found depend on the machine.
        closed: Parameters of a routine that constants fill where it stands as an argument and takes more than
            what is asked for.
    """

    trust: float = 0.9
    input_share: float = 0.3
    fill_strength: float = 0.5
    steps: int = 6
    value_bytes: int = 200_000
    slow_seconds: float = 5.0
    closed: int = 1

    def __post_init__(self) -> None:
        """Holds the constants to what the search can be done with.

        Raises:
            InvalidInput: a share outside 0 to 1, or a number that is not positive.
        """
        for name in ("trust", "input_share"):
            if not 0 < getattr(self, name) < 1:
                raise InvalidInput(f"{name} is {getattr(self, name)}", "give a share between 0 and 1")
        for name in ("fill_strength", "steps", "value_bytes", "slow_seconds"):
            if getattr(self, name) <= 0:
                raise InvalidInput(f"{name} is {getattr(self, name)}", "give a positive number")
        if self.closed < 0:
            raise InvalidInput(f"closed is {self.closed}", "give a number from 0 on")


@dataclass(frozen=True)
class Limits:
    """Where a search stops.

    Attributes:
        tried: Programs: applications of a routine to arguments, each over all inputs; partial ones count too.
        answers: Programs found, each with another result on some input.
        seconds: Of the clock, None for any number. What is found within this limit depends on the machine.
        memory: Bytes that the values found so far may hold, about; by twice as many the process may grow.
    """

    tried: int = 10_000
    answers: int = 1
    seconds: float | None = 60.0
    memory: int = 2_000_000_000

    def __post_init__(self) -> None:
        """Holds the limits to numbers that can be reached.

        Raises:
            InvalidInput: one is negative, or there is to be no answer.
        """
        if self.tried < 0 or self.answers < 1 or self.memory < 1 or (self.seconds or 0) < 0:
            raise InvalidInput(f"limits {self} leave nothing to search", "give positive numbers")
