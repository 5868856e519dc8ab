"""What models cost on this machine: tokens and texts a second, and memory, by device and precision."""
