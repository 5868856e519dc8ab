"""Runs in the market: agents that trade day by day by what they remember, with a report of it."""
