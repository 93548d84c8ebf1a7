"""The house rules that a machine can hold."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent

#: Who may import whom: a layer imports only from those before it. Sub-packages stand for all their modules.
LAYERS = (
    {"translate.document", "translate.errors", "translate.glossary", "translate.settings", "translate.network"},
    {"translate.models.checkpoint", "translate.models.cache", "translate.models.paths"},
    {
        "translate.markup.masking",
        "translate.typography",
        "translate.abbreviations",
        "translate.clauses",
        "translate.engines",
        "translate.checks",
    },
    {"translate.segment", "translate.language", "translate.places", "translate.markup"},
    {"translate.read", "translate.boilerplate", "translate.boilerplate_rules", "translate.models"},
    {"translate.sentences.rules", "translate.sentences.english"},
    {"translate.sentences.french"},
    {"translate.standalone", "translate.summariser", "translate.sentences", "translate.memory"},
    {"translate.pipeline", "translate.write", "translate.training", "translate.doctor"},
    {"translate.batch"},
    {"translate.llm", "translate.llm.abstract", "translate.llm.postedit"},
    {"translate.cli"},
)
HEAVY = {"torch", "transformers", "ctranslate2"}
#: The torch code of the training says so in its package's docstring; nobody else loads these when imported.
HEAVY_AT_IMPORT = {"balance", "network", "optimiser", "decoding", "checkpoint", "feed", "loop", "scoring"}


def modules() -> list[Path]:
    return sorted(p for package in ("translate", "eval", "prompts") for p in (ROOT / package).rglob("*.py"))


def name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, *, top_only: bool) -> set[str]:
    nodes = tree.body if top_only and isinstance(tree, ast.Module) else ast.walk(tree)
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def layer(module: str) -> int | None:
    return next(
        (i for i, names in enumerate(LAYERS) if any(module == n or module.startswith(f"{n}.") for n in names)), None
    )


def test_every_module_has_its_place() -> None:
    homeless = [name(p) for p in modules() if name(p).startswith("translate.") and layer(name(p)) is None]
    assert homeless == ["translate.bundled"] * len(homeless)


def test_no_module_imports_a_later_layer() -> None:
    wrong = []
    for path in modules():
        own = layer(name(path))
        for imported in imports(ast.parse(path.read_text("utf-8")), top_only=True):
            theirs = layer(imported)
            if own is not None and theirs is not None and theirs > own:
                wrong.append(f"{name(path)} imports {imported}")
    assert not wrong


def test_translate_never_imports_eval() -> None:
    allowed = {"translate.cli"}  # loads eval's command line when it is asked for
    for path in modules():
        if name(path).startswith("translate") and name(path) not in allowed:
            assert not any(
                i.split(".")[0] == "eval" for i in imports(ast.parse(path.read_text("utf-8")), top_only=False)
            )


def test_heavy_libraries_are_imported_only_where_they_are_used() -> None:
    for path in modules():
        if path.parent.name == "training" and path.stem in HEAVY_AT_IMPORT:
            continue
        found = {i.split(".")[0] for i in imports(ast.parse(path.read_text("utf-8")), top_only=True)} & HEAVY
        assert not found, f"{name(path)} imports {found}"


def test_only_the_command_line_prints() -> None:
    for path in modules():
        if path.parts[-2:-1] == ("cli",) or name(path) == "eval.cli":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", f"{name(path)}:{node.lineno}"
