"""A concept memory as a picture, a page, or JSON. Pure functions of its graph, or of all that it holds."""

from agentmem.stores.concept.views.as_json import document
from agentmem.stores.concept.views.holdings import Holdings, holdings_of
from agentmem.stores.concept.views.layout import LayoutPolicy
from agentmem.stores.concept.views.page import as_html
from agentmem.stores.concept.views.svg import as_svg

__all__ = ["Holdings", "LayoutPolicy", "as_html", "as_svg", "document", "holdings_of"]
