"""What stands around every page: the bank, the namespace, its pages, the question."""

from __future__ import annotations

from typing import Any

from agentmem.records import Namespace
from agentmem.web.inspector.rendering import render
from agentmem.web.inspector.subject import Kinds, Subject, kinds_of


def framed(
    template: str,
    subject: Subject,
    title: str,
    namespace: Namespace | None = None,
    *,
    tab: str = "",
    kinds: Kinds | None = None,
    **values: Any,
) -> str:
    """A page from a template.

    Args:
        template: Its name.
        subject: What is inspected.
        title: Of the page.
        namespace: What the page is about; none: the whole bank.
        tab: Which of the namespace's pages it is, or belongs to.
        kinds: The stores of the namespace, where they are known.
        **values: What else the template names.
    """
    known = kinds or (kinds_of(subject.bank, namespace) if namespace is not None else None)
    values = {"question": "", "store": "", **values}
    return render(
        template,
        subject=subject,
        title=title,
        ns=namespace,
        tab=tab,
        tabs=known.tabs if known else [],
        stores=list(known.stores) if known else [],
        **values,
    )
