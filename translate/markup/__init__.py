"""Inline Markdown: its marks, what of it is no language, and links by their text."""
