"""The concept graph: which concepts are used together, may be one, or plug into each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING, Any

from agentmem.records import Value
from agentmem.stores.concept.entry import Concept
from agentmem.stores.concept.types import Type, fits, parse

if TYPE_CHECKING:
    import networkx

CO_USE = "co_use"
SIMILAR = "similar_to"
FILLS = "fills"


class GraphPolicy(Value):
    """What becomes an edge.

    Attributes:
        common: A parameter that more concepts than this could fill gets no edges: it tells nothing apart,
            and edges would grow with the square of the memory.
        crowd: A problem that more concepts than this are used in makes no pairs of them, for the same reason.
    """

    common: int = 25
    crowd: int = 100


def concept_graph(
    concepts: Sequence[Concept],
    uses: Mapping[str, Collection[str]],
    similar: Iterable[tuple[str, str]] = (),
    outcomes: Mapping[str, Mapping[str, float]] | None = None,
    policy: GraphPolicy | None = None,
) -> networkx.MultiDiGraph:
    """The graph of a memory.

    Nodes are ids of concepts, with `title`, `kind`, `form`, `uses` (how many problems) and `outcomes`. Edges
    have the key `co_use` (`shared` problems; `weight`: these by the geometric mean of both uses, Salton's
    cosine, 0 to 1), `similar_to` (`weight` 1), or `fills` (from what fills to what is filled; the names of
    its `parameters`; `weight`: 1 by the number of concepts that could do so). The first two have no
    direction: each stands once, from the concept that comes first in `concepts`.

    Args:
        concepts: The nodes.
        uses: Ids of the problems that each is used in, by its id.
        similar: Pairs of ids that may be one.
        outcomes: What became of each, by id and kind.
        policy: What becomes an edge.
    """
    import networkx

    policy, outcomes = policy or GraphPolicy(), outcomes or {}
    place = {one.id: at for at, one in enumerate(concepts)}
    graph = networkx.MultiDiGraph()
    for one in concepts:
        graph.add_node(
            one.id,
            title=one.title,
            kind=one.kind,
            form=one.form,
            uses=len(set(uses.get(one.id, ()))),
            outcomes=dict(outcomes.get(one.id, {})),
        )
    for (first, second), shared in _pairs(concepts, uses, policy).items():
        weight = shared / sqrt(graph.nodes[first]["uses"] * graph.nodes[second]["uses"])
        graph.add_edge(first, second, key=CO_USE, shared=shared, weight=weight)
    for pair in similar:
        if pair[0] in place and pair[1] in place and pair[0] != pair[1]:
            first, second = sorted(pair, key=place.__getitem__)
            graph.add_edge(first, second, key=SIMILAR, weight=1.0)
    for filler, filled, names, weight in _fillings(concepts, policy):
        graph.add_edge(filler, filled, key=FILLS, parameters=names, weight=weight)
    return graph


def _pairs(
    concepts: Sequence[Concept], uses: Mapping[str, Collection[str]], policy: GraphPolicy
) -> Counter[tuple[str, str]]:
    """How many problems each pair of concepts shares, the one that comes first before the other."""
    by_problem: dict[str, list[str]] = {}
    for one in concepts:
        for problem in sorted(set(uses.get(one.id, ()))):
            by_problem.setdefault(problem, []).append(one.id)
    return Counter(
        pair for ids in by_problem.values() if len(ids) <= policy.crowd for pair in combinations(ids, 2)
    )


def _fillings(
    concepts: Sequence[Concept], policy: GraphPolicy
) -> Iterator[tuple[str, str, list[str], float]]:
    """What fills what, by which parameters, and how telling that is."""
    index = fillers(concepts)
    for one in concepts:
        found: dict[str, tuple[list[str], float]] = {}
        for parameter in one.parameters:
            able = [id for id in index.get(parameter.type, ()) if id != one.id]
            if not able or len(able) > policy.common:
                continue
            for id in able:
                names, weight = found.get(id, ([], 0.0))
                found[id] = [*names, parameter.name], max(weight, 1 / len(able))
        for id, (names, weight) in found.items():
            yield id, one.id, names, weight


def fillers(concepts: Sequence[Concept]) -> dict[str, list[str]]:
    """The type index: for each type that a parameter has, ids of the concepts that could fill it.

    A concept fills a parameter by what it gives, and one that is called also by itself: a routine from grid
    to grid stands where `Callable[[Grid], Grid]` is asked for. Entries of types fill nothing: they are what
    parameters are of. Types that say nothing are left out.
    """
    by_type: dict[Type, list[str]] = {}
    for one in concepts:
        for type in _given(one):
            by_type.setdefault(type, []).append(one.id)
    order = {one.id: place for place, one in enumerate(concepts)}
    found: dict[str, list[str]] = {}
    for text in dict.fromkeys(parameter.type for one in concepts for parameter in one.parameters):
        wanted = parse(text)
        if not wanted.is_anything:
            able = {id for type, ids in by_type.items() if fits(wanted, type) for id in ids}
            found[text] = sorted(able, key=order.__getitem__)
    return found


def _given(concept: Concept) -> Iterator[Type]:
    """The types under which a concept can stand somewhere: of what it gives, and of itself as a routine."""
    if not concept.output or concept.kind == "type" or parse(concept.output).is_anything:
        return
    gives = parse(concept.output)
    yield gives
    if concept.parameters:
        yield Type("Callable", tuple(parse(one.type) for one in concept.parameters), gives)


def fitting(concept: Concept, concepts: Sequence[Concept]) -> dict[str, list[str]]:
    """Ids of the concepts that could fill each parameter of one, by the parameter's name."""
    index = fillers([*concepts] if concept in concepts else [*concepts, concept])
    return {
        one.name: [id for id in index.get(one.type, ()) if id != concept.id] for one in concept.parameters
    }


def facts(graph: networkx.MultiDiGraph) -> dict[str, Any]:
    """Counts: `concepts`, edges by key, and `alone`, the concepts without an edge."""
    kinds = Counter(key for _, _, key in graph.edges(keys=True))
    return {
        "concepts": graph.number_of_nodes(),
        **{key: kinds[key] for key in (CO_USE, SIMILAR, FILLS)},
        "alone": sum(1 for _, degree in graph.degree() if not degree),
    }
