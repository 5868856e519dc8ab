"""Without a model: a scripted user, an assistant of fixed rules, and a rater that measures."""
