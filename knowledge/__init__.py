"""Markdown notes in, ranked chunks out."""
