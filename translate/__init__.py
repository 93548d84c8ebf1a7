"""fr2en: French documents into English, on your own machine.

The public API, loaded when first used::

    from translate import load_engine, read_document, summarise, translate_document

    engine = load_engine()
    document = read_document("article.txt")
    translation = translate_document(document, engine)
    print(translation.text)
    for key in summarise(document, engine, count=3).summary:
        print(key.paragraph, key.target)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from translate.models import load_engine
    from translate.pipeline import summarise_document as summarise
    from translate.pipeline import translate_document, translate_documents
    from translate.read import read_document
    from translate.settings import EngineSettings, Settings
    from translate.write import render

__all__ = [
    "EngineSettings",
    "Settings",
    "load_engine",
    "read_document",
    "render",
    "summarise",
    "translate_document",
    "translate_documents",
]

_HOMES = {
    "EngineSettings": ("translate.settings", "EngineSettings"),
    "Settings": ("translate.settings", "Settings"),
    "load_engine": ("translate.models", "load_engine"),
    "read_document": ("translate.read", "read_document"),
    "render": ("translate.write", "render"),
    "summarise": ("translate.pipeline", "summarise_document"),
    "translate_document": ("translate.pipeline", "translate_document"),
    "translate_documents": ("translate.pipeline", "translate_documents"),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: ``fr2en --help`` needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'translate' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
