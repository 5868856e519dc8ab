"""Stores of others behind one interface, for every benchmark that stands them beside agentmem."""
