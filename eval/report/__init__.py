"""Reports of a run: a terminal table, JSON, Markdown and one self-contained page."""

from __future__ import annotations

from eval.report.json import render_json
from eval.report.markdown import render_markdown
from eval.report.page import render_html
from eval.report.terminal import tables

__all__ = ["render_html", "render_json", "render_markdown", "tables"]
