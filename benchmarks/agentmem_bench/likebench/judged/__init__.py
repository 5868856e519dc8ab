"""With models: who plays the user, who answers, and who rates, where a language model does."""
