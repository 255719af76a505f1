"""Answers in the shape of their kind: what something is, what parts two things, what a line does."""
