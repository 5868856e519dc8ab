"""LikeBench: is a memory likable? Simulated users with a personality rate what an assistant makes of it."""
