"""A sandbox: programs of strangers, each run in a process of its own that can do nothing but compute."""
