"""Agents that trade by what they remember: what a market tells them, what they decide, what comes of it."""
