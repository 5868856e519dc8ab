"""Layered memory: fading streams of known truth, ablations of its policies, its pace at a million items."""
