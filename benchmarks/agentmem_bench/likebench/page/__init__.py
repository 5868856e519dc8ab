"""The page of a run of the likability suite: one HTML file, without anything from outside."""

from agentmem_bench.likebench.page.writing import MOST, OPTION, page_of, write

__all__ = ["MOST", "OPTION", "page_of", "write"]
