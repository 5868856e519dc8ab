"""Write policies: how concepts come from what was solved."""
