"""Entities: people, places, organisations and things that observations name, gathered by their names."""
