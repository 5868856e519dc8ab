"""The page of a run of the likability suite: one HTML file, without anything from outside."""

from agentmem_bench.likebench.page.writing import MOST, check, page_of, write

__all__ = ["MOST", "check", "page_of", "write"]
