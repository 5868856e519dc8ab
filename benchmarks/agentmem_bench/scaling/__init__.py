"""What a write, a recall and a byte cost here, and what many more of them would take."""
