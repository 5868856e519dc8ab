"""Selection of concepts from several signals, whose weights a memory finds on its own past."""

from agentmem.stores.concept.selection.calibration import Calibration, calibrate, due
from agentmem.stores.concept.selection.corpus import Concepts, Corpus, Problems, Question, index_text
from agentmem.stores.concept.selection.policy import SelectionPolicy
from agentmem.stores.concept.selection.ranking import Ranking, select, select_by
from agentmem.stores.concept.selection.terms import Lexicon

__all__ = [
    "Calibration",
    "Concepts",
    "Corpus",
    "Lexicon",
    "Problems",
    "Question",
    "Ranking",
    "SelectionPolicy",
    "calibrate",
    "due",
    "index_text",
    "select",
    "select_by",
]
