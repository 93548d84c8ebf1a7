"""The model card, written from the log of the training and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from translate.training.events import Event, Exported, Prepared, Progress, Scored
from translate.training.presets import Shape
from translate.training.settings import TrainSettings
from translate.write.atomic import write_bytes

_LIMITS = """\
One sentence is one unit of at most {positions} pieces; longer ones have to be split. The model was trained
on text whose typography had been made plain (straight quotes and apostrophes, plain spaces): normalise
likewise. It may drop, repeat or invent: check numbers, names and negations before you publish. Its text is
as biased as what it learnt from.
"""


def write_card(folder: Path, events: Sequence[Event], settings: TrainSettings, shape: Shape, hardware: str) -> None:
    """Write ``folder/README.md``: the hub's YAML front matter, then data, training, scores and limits."""
    text = render(events, settings, shape, hardware)
    write_bytes(text.encode(), folder / "README.md", force=True)


def render(events: Sequence[Event], settings: TrainSettings, shape: Shape, hardware: str) -> str:
    """Return the card as Markdown; what the log does not tell is said to be unknown rather than left out."""
    exported = next((e for e in reversed(events) if isinstance(e, Exported)), None)
    parts = [
        _front_matter(events, settings),
        "# French to English, MarianMT\n",
        f"{shape.parameters / 1e6:.1f} million parameters: {shape.encoder_layers} encoder and "
        f"{shape.decoder_layers} decoder layers, width {shape.d_model}, feed-forward {shape.ffn}, "
        f"{shape.heads} heads, {shape.vocabulary:,} pieces shared by both languages.\n",
        "## Data\n",
        _data(events, settings),
        "## Training\n",
        _training(events, settings, hardware),
        "## Scores\n",
        _scores(events),
        "## Limits\n",
        _LIMITS.format(positions=shape.positions),
        "## Checksum\n",
    ]
    if exported is None:
        parts.append("unknown\n")
    else:
        parts.append(
            f"SHA-256 of model.safetensors ({exported.what}): `{exported.sha256}`. {exported.agreeing} of "
            f"{exported.compared} lines come out alike from transformers and CTranslate2, float32, beam 4.\n"
        )
    return "\n".join(parts)


def final_score(events: Sequence[Event]) -> Scored | None:
    """Return the score of the weights exported: the better of last and average, if either was scored."""
    scored = [e for e in events if isinstance(e, Scored) and e.what in ("last", "average")]
    return max(scored[-2:], key=lambda e: e.bleu) if scored else None


def _front_matter(events: Sequence[Event], settings: TrainSettings) -> str:
    lines = ["---", "language: [fr, en]", f"license: {settings.licence}", "library_name: transformers"]
    lines += ["pipeline_tag: translation", "tags: [translation, marian]"]
    best = final_score(events)
    if best is not None:
        lines += [
            "metrics:",
            f"- type: bleu\n  value: {best.bleu:.1f}",
            f"- type: chrf\n  value: {best.chrf:.1f}",
        ]
    return "\n".join([*lines, "---\n"])


def _data(events: Sequence[Event], settings: TrainSettings) -> str:
    prepared = next((e for e in reversed(events) if isinstance(e, Prepared)), None)
    if prepared is None:
        return "unknown\n"
    dropped: dict[str, list[str]] = {}
    for drop in prepared.report.dropped:
        dropped.setdefault(drop.source, []).append(f"{drop.count:,} {drop.reason}")
    kept = dict(prepared.report.kept)
    rows = ["| source | pairs kept | dropped |", "|---|---:|---|"]
    for name in sorted({*kept, *dropped}):
        rows.append(f"| {name} | {kept.get(name, 0):,} | {', '.join(dropped.get(name, [])) or 'none'} |")
    weights = ", ".join(settings.weights) or "1 for every source"
    final = ", ".join(settings.final_weights) or "no mix of its own"
    return "\n".join(
        [
            *rows,
            "",
            f"Weights: {weights}. Last phase, from {settings.final_from:.0%} of the budget: {final}. "
            f"{prepared.pairs:,} pairs of {prepared.target_pieces:,} target pieces with weights and "
            f"variations ({'made' if settings.augment else 'none made'}); {prepared.final_pairs:,} "
            "in the last phase.",
            "",
            "The licences of the sources bind whoever passes on this model; this card knows only its own.",
            "",
        ]
    )


def _training(events: Sequence[Event], settings: TrainSettings, hardware: str) -> str:
    last = next((e for e in reversed(events) if isinstance(e, Progress)), None)
    begun = f"from the checkpoint {Path(settings.start).name}" if settings.start else "from nothing"
    if settings.teacher:
        begun += f", {settings.teacher_share:.0%} of the loss being the divergence from {Path(settings.teacher).name},"
    how = (
        f"Trained {begun} with {settings.optimiser}, seed {settings.seed}, dropout {settings.dropout}, "
        f"label smoothing {settings.label_smoothing}, "
        f"guided alignment {settings.guide} until {settings.guide_until:.0%}"
    )
    if last is None:
        return f"{how}; steps, tokens and time unknown. {hardware}.\n"
    return (
        f"{how}: {last.step:,} steps, {last.tokens:,} target pieces, {last.seconds / 60:.0f} minutes "
        f"on {hardware}. Last loss {last.loss:.3f} nats a piece.\n"
    )


def _scores(events: Sequence[Event]) -> str:
    scored = [e for e in events if isinstance(e, Scored)]
    if not scored:
        return "Not scored: no development set was given.\n"
    rows = [
        "| step | target pieces | weights | lines | beam | BLEU | chrF |",
        "|---:|---:|---|---:|---:|---:|---:|",
    ]
    rows += [
        f"| {e.step:,} | {e.tokens:,} | {e.what} | {e.lines} | {e.beam} | {e.bleu:.1f} | {e.chrf:.1f} |" for e in scored
    ]
    signatures = f"`{scored[-1].bleu_signature}` and `{scored[-1].chrf_signature}`"
    return "\n".join([*rows, "", f"On the development set; sacreBLEU signatures {signatures}.", ""])
