"""What is rated: memories with an assistant, and the bounds between which they stand."""
