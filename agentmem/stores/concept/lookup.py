"""Finding concepts by name, and what became of those that were merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentmem.bank.view import View
from agentmem.records import SUPERSEDES, Record, State
from agentmem.stores.concept.content import Content, Form, content_of, stands
from agentmem.stores.concept.naming import normal

NAME = "name"
"""The type of a record that says under which other name a concept is known."""


def names_of(content: Content) -> list[str]:
    """The keys of all titles, also of those that were taken back, that of the first that stands first."""
    titles = [*content.standing("titles"), *content.titles]
    told = {one.text for one in content.kinds}
    kinds = [*(["type"] if "type" in told else []), *([""] if told != {"type"} else [])]
    return list(dict.fromkeys(name_key(content.form, one.text, kind) for one in titles for kind in kinds))


def name_key(form: Form, title: str, kind: str = "") -> str:
    """The key under which a concept of this title stands; types have names of their own."""
    return f"{form}{' type' if kind == 'type' else ''}:{normal(title)}"


def meant(record: Record) -> str:
    """The id of the concept that a record under a name stands for; "" for what is neither."""
    if record.type == NAME:
        return str(record.payload.get("concept", ""))
    return record.id if stands(record) else ""


def of_names(form: Form, standing: Mapping[str, Sequence[Record]], view: View) -> list[Record]:
    """The concepts that are meant by names, of which `standing` has the records that stand under each."""
    under = [one for some in standing.values() for one in some]
    found = {one.id: one for one in under if stands(one)}
    others = {meant(one) for one in under if one.type == NAME} - set(found)
    if others:
        heirs_of = dict.fromkeys(heir for id in sorted(others) for heir in heirs(id, view))
        found |= {one.id: one for one in view.get(heirs_of) if stands(one)}
    return [one for one in found.values() if content_of(one).form == form]


def heirs(id: str, view: View) -> list[str]:
    """The concept itself, or what it was merged into; none where it left the memory."""
    reached = view.reach([id], SUPERSEDES, "in")
    return [one.id for one in view.get(reached) if one.store == view.store and one.state is State.LIVE]
