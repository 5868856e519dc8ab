"""The suite's version, seeds and thresholds, which were fixed before any store was run on it.

A later change of the user, the rater, the personas or of these numbers is another version.
"""

from __future__ import annotations

VERSION = "1"
"""Named in every result."""
PERSONAS, PERSONA_SEED = 40, 1
"""How many personas are shipped, and the seed that they were drawn with."""
SEEDS = (1, 2, 3)
"""Seeds of the users' scripts."""
ORACLE, NONE = 90.0, 45.0
"""Likability, 0 to 100, that a memory which knows the persona has at least, and that none has at most."""
APART = 20.0
"""Points by which each dimension tells these two apart."""
BEST, ABOVE = 80.0, 15.0
"""Aimed at: the best memory's likability, and how far above full and truncated history at 1,024 tokens."""
ROBUST = 0.9
"""Aimed at: likability in long and noisy sessions against that in short and clean ones."""
BUDGETS = (1_024, 8_192)
"""Tokens of a context."""
