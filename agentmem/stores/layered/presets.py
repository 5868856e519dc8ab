"""Layer policies by name: the paper's, its code's, and three whose numbers were fitted."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue, ValidationError

from agentmem.errors import InvalidInput, NotFound
from agentmem.faults import first_fault
from agentmem.stores.layered.policy import Drawn, Layer, LayerPolicy, Weights


def _drawn(*shares: tuple[float, float]) -> tuple[Drawn, ...]:
    return tuple(Drawn(importance=importance, share=share) for importance, share in shares)


_ENTRANCES = {"news": "shallow", "quarterly": "intermediate", "annual": "deep", "reflection": "reflection"}

FINMEM = LayerPolicy(
    name="finmem",
    ladder=(
        Layer(
            name="shallow",
            stability=14,
            retention=0.9,
            promote_at=60,
            drawn=_drawn((40, 0.80), (60, 0.15), (80, 0.05)),
        ),
        Layer(
            name="intermediate",
            stability=90,
            retention=0.967,
            promote_at=80,
            drawn=_drawn((40, 0.05), (60, 0.80), (80, 0.15)),
        ),
        Layer(
            name="deep",
            stability=365,
            retention=0.988,
            drawn=_drawn((40, 0.05), (60, 0.15), (80, 0.80)),
        ),
    ),
    beside=(Layer(name="reflection", stability=365, retention=0.988, drawn=_drawn((80, 1.0))),),
    entrances=_ENTRANCES,
    reflections="reflection",
)
"""FinMem, sections 3.2 and 4: Q, α, thresholds and the distribution of importances of the paper."""

FINMEM_CODE = FINMEM.altered(
    {
        "name": "finmem_code",
        "margin": 0.0,
        "ladder": (
            FINMEM.ladder[0].altered(
                {
                    "stability": 3.0,
                    "retention": 0.92,
                    "drawn": _drawn((50, 0.50), (70, 0.45), (90, 0.05)),
                }
            ),
            *FINMEM.ladder[1:],
        ),
    }
)
"""The same with the numbers of its published code, and the bare thresholds: deep drains."""

FINMEM_FITTED = LayerPolicy(
    name="finmem_fitted",
    ladder=(
        Layer(
            name="shallow",
            stability=3,
            retention=1.0,
            promote_at=55,
            drawn=_drawn((45, 1.0)),
            weights=Weights(recency=2, relevance=4, importance=2),
        ),
        Layer(
            name="intermediate",
            stability=90,
            retention=0.999,
            promote_at=70,
            drawn=_drawn((55, 1.0)),
            weights=Weights(recency=1.5, relevance=4, importance=2),
        ),
        Layer(
            name="deep",
            stability=720,
            retention=0.9998,
            drawn=_drawn((70, 1.0)),
            weights=Weights(recency=1, relevance=4, importance=2),
        ),
    ),
    beside=(
        Layer(
            name="reflection",
            stability=365,
            retention=0.999,
            drawn=_drawn((70, 1.0)),
            weights=Weights(recency=1.5, relevance=4, importance=2),
        ),
    ),
    margin=15,
    gain=20,
    entrances=_ENTRANCES,
    reflections="reflection",
)
"""FinMem's layers with numbers fitted to fading streams (`agentmem bench layered`): recency and use decide
what fades, importance hardly decays, and relevance counts most. For a memory about many things at once."""

SUPPORT_DESK = LayerPolicy(
    name="support_desk",
    ladder=(
        Layer(
            name="today",
            stability=2,
            retention=1.0,
            promote_at=60,
            drawn=_drawn((40, 1.0)),
            weights=Weights(recency=0.75, relevance=3, importance=0.25),
        ),
        Layer(
            name="release",
            stability=60,
            retention=0.998,
            promote_at=80,
            drawn=_drawn((60, 1.0)),
            weights=Weights(recency=0.5, relevance=3, importance=0.25),
        ),
        Layer(
            name="product",
            stability=360,
            retention=0.988,
            drawn=_drawn((85, 1.0)),
            weights=Weights(recency=0.5, relevance=3, importance=0.25),
        ),
    ),
    margin=10,
    gain=30,
    entrances={"ticket": "today", "incident": "today", "workaround": "release", "known_issue": "release"}
    | {"policy": "product", "manual": "product"},
    reflections="release",
)
"""A support desk: tickets of the day, what holds for a release, and for the product. Fitted likewise."""

ASSISTANT = LayerPolicy(
    name="assistant",
    ladder=(
        Layer(
            name="moment",
            stability=2,
            retention=1.0,
            promote_at=55,
            drawn=_drawn((50, 1.0)),
            weights=Weights(recency=2, relevance=4, importance=2),
        ),
        Layer(
            name="project",
            stability=45,
            retention=0.999,
            promote_at=75,
            drawn=_drawn((55, 1.0)),
            weights=Weights(recency=1.5, relevance=4, importance=2),
        ),
        Layer(
            name="life",
            stability=1_000,
            retention=0.9998,
            drawn=_drawn((75, 1.0)),
            weights=Weights(recency=1, relevance=4, importance=2),
        ),
    ),
    margin=15,
    gain=25,
    entrances={"message": "moment", "errand": "moment", "project": "project", "fact": "life"}
    | {"preference": "life"},
    reflections="project",
)
"""A personal assistant: errands and moods of the day, projects of weeks, facts of a life. Fitted likewise."""

PRESETS: Mapping[str, LayerPolicy] = {
    policy.name: policy for policy in (FINMEM, FINMEM_CODE, FINMEM_FITTED, SUPPORT_DESK, ASSISTANT)
}
"""Policies by name."""


def preset(name: str) -> LayerPolicy:
    """The policy of a name.

    Raises:
        NotFound: there is none.
    """
    if name not in PRESETS:
        raise NotFound(f"there is no layer policy {name!r}", f"there are: {', '.join(PRESETS)}")
    return PRESETS[name]


def policy_of(given: JsonValue) -> LayerPolicy:
    """The policy that an option says: the name of a preset, or a policy as JSON.

    Raises:
        NotFound: there is no preset of that name.
        InvalidInput: the JSON is no policy.
    """
    if isinstance(given, str):
        return preset(given)
    try:
        return LayerPolicy.model_validate(given)
    except ValidationError as error:
        fault = first_fault(error)
        where = f"{fault.where}: " if fault.where else ""
        raise InvalidInput(
            f"layer policy: {where}{fault.message.removeprefix('Value error, ')}",
            "start from a preset: agentmem layers policy finmem",
        ) from error
