"""Policies: who decides what is done next."""
