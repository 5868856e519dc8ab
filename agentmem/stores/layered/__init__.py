"""Layered decaying memory (FinMem, TradingGPT): layers of different patience, between which items move."""
