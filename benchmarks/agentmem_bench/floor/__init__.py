"""The floor of "nothing relevant": fitted on labelled questions, and its error."""
