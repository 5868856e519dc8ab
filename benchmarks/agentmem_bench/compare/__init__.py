"""Two results of one benchmark beside each other: what differs by more than the choice of units explains."""
