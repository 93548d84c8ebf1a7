"""The reference engine, and the one for CUDA: transformers and torch."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from translate.document import Hypothesis
from translate.engines import EngineInfo
from translate.engines.conversion import output_bias, read_state
from translate.engines.pieces import END, UNKNOWN, Pieces
from translate.errors import ModelError
from translate.models.checkpoint import CONFIG, SAFETENSORS, Checkpoint, not_finite
from translate.network import hush
from translate.settings import Decoding

#: Source tokens of a batch, padding included: on a CPU as in :mod:`translate.engines.ct2`; on CUDA an estimate
#: that leaves room on a GPU of 16 GB with a model of 75 M parameters and four beams.
_BATCH = {"cpu": 1024, "cuda": 16_384}


class MarianEngine:
    """Translates with transformers' MarianMTModel in float32, on ``cpu`` or ``cuda``.

    It gives the text that :class:`translate.engines.ct2.CT2Engine` gives with float32. For that: the same
    pieces; padding and unknown pieces ruled out before the softmax, in the bias of the output layer; no
    forced end at the bound; scores divided by the tokens, end of sentence included (``length_penalty`` 1);
    and a unit is finished when as many hypotheses ended as there are beams (``early_stopping``, CTranslate2's
    ``patience`` 1).
    """

    def __init__(self, checkpoint: Checkpoint, *, device: str = "cpu", threads: int = 0) -> None:
        hush()
        import torch
        import transformers

        if threads:
            torch.set_num_threads(threads)
        self._pieces = Pieces(checkpoint)
        self._device = torch.device(device)
        self._shape = checkpoint.architecture
        self._tokens = sorted(self._pieces.vocabulary, key=self._pieces.vocabulary.__getitem__)
        self._model = _load(checkpoint, self._pieces.vocabulary[UNKNOWN]).to(self._device)
        self._info = EngineInfo(
            engine="torch",
            model=checkpoint.name,
            checksum=checkpoint.checksum,
            device=device,
            compute_type="float32",
            threads=torch.get_num_threads(),
            versions=(("torch", torch.__version__), ("transformers", transformers.__version__)),
        )

    @property
    def info(self) -> EngineInfo:
        """What runs, for the record."""
        return self._info

    @property
    def max_length(self) -> int:
        """The most tokens of one unit, end of sentence included, that the model can read."""
        return self._pieces.max_length

    @property
    def guided(self) -> bool:
        """Whether the links of a translation tell what of the source it left out."""
        return self._pieces.guided

    @property
    def familiar(self) -> frozenset[str] | None:
        """The stems of the French words that the model has learnt well; None where nothing tells."""
        return self._pieces.familiar

    def length(self, source: str) -> int:
        """Return the tokens that ``source`` takes, end of sentence included."""
        return len(self._pieces.encode(source))

    def breaks(self, mark: str, word: str) -> bool:
        """Tell whether ``word`` falls into other pieces behind ``mark`` than by itself."""
        return self._pieces.breaks(mark, word)

    def true_case(self, text: str) -> str:
        """Return ``text``, all in capitals, with each word as the vocabulary most often saw it written."""
        return self._pieces.true_case(text)

    def translate(self, sources: Sequence[str], decoding: Decoding) -> list[tuple[Hypothesis, ...]]:
        """Translate every unit (see :class:`translate.engines.Engine`).

        More alternatives than beams widen the beam.
        """
        import torch

        encoded = self._pieces.encode_all(sources)
        results: list[tuple[Hypothesis, ...]] = [(Hypothesis("", 0.0),)] * len(encoded)
        with torch.inference_mode():
            for bound, indices in self._batches(encoded, decoding.max_tokens):
                found = self._decode([encoded[i] for i in indices], bound, decoding)
                for index, hypotheses in zip(indices, found, strict=True):
                    results[index] = self._hypotheses(sources[index], hypotheses, decoding.align)
        return results

    def _batches(self, encoded: list[list[str]], wanted: int | None) -> Iterator[tuple[int, list[int]]]:
        """Yield batches of units of about one length, longest first, each with the bound on its output."""
        order = sorted((i for i, tokens in enumerate(encoded) if len(tokens) > 1), key=lambda i: -len(encoded[i]))
        most = _BATCH[self._device.type]
        for bound, group in itertools.groupby(order, key=lambda i: self._pieces.bound(len(encoded[i]), wanted)):
            batch: list[int] = []
            for index in group:
                if batch and len(encoded[batch[0]]) * (len(batch) + 1) > most:
                    yield bound, batch
                    batch = []
                batch.append(index)
            yield bound, batch

    def _decode(
        self, units: list[list[str]], bound: int, decoding: Decoding
    ) -> list[list[tuple[list[str], float, Any]]]:
        """Return for each unit its hypotheses, best first: tokens, score, attention (or None)."""
        import torch
        from transformers import GenerationConfig

        beams, wanted = max(decoding.beam, decoding.alternatives), max(1, decoding.alternatives)
        inputs = self._padded([[self._pieces.vocabulary[token] for token in unit] for unit in units])
        mask = torch.zeros_like(inputs)
        for row, unit in enumerate(units):
            mask[row, : len(unit)] = 1
        config = GenerationConfig(  # type: ignore[no-untyped-call, unused-ignore]
            max_new_tokens=bound,
            num_beams=beams,
            num_return_sequences=wanted,
            early_stopping=beams > 1,
            length_penalty=1.0,
            do_sample=False,
            decoder_start_token_id=self._shape.start,
            eos_token_id=self._shape.end,
            pad_token_id=self._shape.pad,
            no_repeat_ngram_size=decoding.no_repeat,
        )
        output = self._model.generate(inputs, attention_mask=mask, generation_config=config)
        found = [self._trimmed(row) for row in output[:, 1:].tolist()]
        scored = self._scored(inputs, mask, found, decoding.align)
        return [scored[i : i + wanted] for i in range(0, len(scored), wanted)]

    def _padded(self, rows: list[list[int]]) -> Any:
        import torch

        width = max(map(len, rows))
        padded = [row + [self._shape.pad] * (width - len(row)) for row in rows]
        return torch.tensor(padded, dtype=torch.long, device=self._device)

    def _trimmed(self, row: list[int]) -> list[int]:
        if self._shape.end in row:
            return row[: row.index(self._shape.end) + 1]
        return [token for token in row if token != self._shape.pad]

    def _scored(
        self, inputs: Any, mask: Any, found: list[list[int]], align: bool
    ) -> list[tuple[list[str], float, Any]]:
        """Score hypotheses in one forced pass: the mean log-probability of their tokens, end included."""
        import torch

        times = len(found) // len(inputs)
        labels = self._padded(found)
        start = torch.full((len(found), 1), self._shape.start, dtype=torch.long, device=self._device)
        output = self._model(
            input_ids=inputs.repeat_interleave(times, 0),
            attention_mask=mask.repeat_interleave(times, 0),
            decoder_input_ids=torch.cat([start, labels[:, :-1]], dim=1),
            output_attentions=align,
        )
        chosen = output.logits.log_softmax(-1).gather(-1, labels[:, :, None])[:, :, 0]
        attention = output.cross_attentions[-1].mean(1) if align else None
        results = []
        for row, tokens in enumerate(found):
            score = float(chosen[row, : len(tokens)].mean()) if tokens else 0.0
            weights = attention[row, : len(tokens)].cpu().numpy() if attention is not None else None
            results.append(([self._tokens[token] for token in tokens], score, weights))
        return results

    def _hypotheses(
        self, source: str, hypotheses: list[tuple[list[str], float, Any]], align: bool
    ) -> tuple[Hypothesis, ...]:
        found = []
        for tokens, score, attention in hypotheses:
            text = self._pieces.decode(tokens)
            links = self._pieces.links(source, text, tokens, attention) if align else ()
            found.append(Hypothesis(text, score, links, tokens[-1:] == [END]))
        return tuple(found)


def _load(checkpoint: Checkpoint, unknown: int) -> Any:
    import torch
    from transformers import GenerationConfig, MarianMTModel
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call, unused-ignore]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call, unused-ignore]
    if checkpoint.weights.name != SAFETENSORS:
        read_state(checkpoint)  # transformers does not say which tensor is of another shape
    from_pretrained: Any = MarianMTModel.from_pretrained  # typed as if it returned the model alone
    try:
        model, loaded = from_pretrained(
            checkpoint.path,
            local_files_only=True,
            use_safetensors=checkpoint.weights.name == SAFETENSORS,
            weights_only=True,
            dtype=torch.float32,
            attn_implementation="eager",  # the other implementations return no attention
            output_loading_info=True,
        )
    except Exception as error:
        # transformers lets through whatever torch, safetensors and its own checks raise.
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(
            f"transformers cannot load the model in {checkpoint.path}: {first}",
            "Fetch it again ('fr2en models pull ID'), or try --engine ct2.",
        ) from error
    # transformers fills what is missing with random numbers, and leaves aside what is too much.
    for name in sorted(name for key in ("missing_keys", "unexpected_keys") for name in loaded[key]):
        if ".layers." in name:
            what = f"{checkpoint.weights} and {CONFIG} do not go together: {name}"
            raise ModelError(what, "Fetch it again ('fr2en models pull ID').")
    for name, tensor in model.state_dict().items():
        if not torch.isfinite(tensor).all():
            raise not_finite(checkpoint.weights, name)
    bias = output_bias(model.final_logits_bias.numpy(), unknown, checkpoint.architecture)
    model.register_buffer("final_logits_bias", torch.from_numpy(bias)[None, :])
    # generate() fills what a call leaves open from here: a forced end of sentence would hide a text cut
    # short.
    model.generation_config = GenerationConfig()  # type: ignore[no-untyped-call, unused-ignore]
    model.requires_grad_(False)
    model.train(False)
    return model
