"""An optional language model at an OpenAI-compatible endpoint; never asked unless the user asked for it.

:mod:`endpoint` says where it is, :mod:`transport` sends and tries again, :mod:`answers` reads and validates what
comes back, :mod:`store` keeps it.
"""

from __future__ import annotations

from translate.llm.client import Answer, LanguageModel, open_model
from translate.llm.endpoint import Endpoint

__all__ = ["Answer", "Endpoint", "LanguageModel", "open_model"]
