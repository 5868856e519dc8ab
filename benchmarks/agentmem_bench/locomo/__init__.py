"""LoCoMo evidence recall: of the turns that answer a question, how many come back."""
