"""A web page of a memory bank: what it holds, where that is from, and why it is recalled."""
