"""A task forest as text: Mermaid, JSON, SVG. Pure functions of a `TaskGraph`."""

from agentmem.stores.task.views.as_json import GraphDocument, as_json, from_json
from agentmem.stores.task.views.labels import Label, Look, label
from agentmem.stores.task.views.mermaid import as_mermaid
from agentmem.stores.task.views.outline import Row, outline
from agentmem.stores.task.views.svg import as_svg

__all__ = [
    "GraphDocument",
    "Label",
    "Look",
    "Row",
    "as_json",
    "as_mermaid",
    "as_svg",
    "from_json",
    "label",
    "outline",
]
