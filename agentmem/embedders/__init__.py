"""Embedders: texts to unit vectors, by a local model, a server, or hashing."""

from agentmem.embedders.base import Embedder, Matrix
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.embedders.registry import open_embedder
from agentmem.embedders.tokenizer import WordPieces, load_tokenizer

__all__ = ["Embedder", "HashingEmbedder", "Matrix", "WordPieces", "load_tokenizer", "open_embedder"]
