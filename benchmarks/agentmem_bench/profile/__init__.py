"""How well a profile reads: is it seen what a sentence is about, and what it is not about?"""
