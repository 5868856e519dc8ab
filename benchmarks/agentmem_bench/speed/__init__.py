"""Speed: recall, open, write, ingest, size and memory of banks from a thousand to a million records."""
