"""RuleTrim: reads what an utterance does to a task forest without a language model.

Grammar comes from a small tagger, meaning from the embedder, intents from cue phrases and a light
classifier; values are always spans of what was said.
"""
