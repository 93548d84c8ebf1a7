"""Prompt templates for an optional language model, one Markdown file each."""
