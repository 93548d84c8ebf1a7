"""BLEU and chrF of a network in training, with sacreBLEU's signatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from translate.training.events import Scores
from translate.training.prepare import DevSet
from translate.training.vocabulary import Vocabulary
from translate.typography import normalise

if TYPE_CHECKING:
    from translate.training.network import MarianNetwork


def measure(hypotheses: Sequence[str], references: Sequence[str]) -> Scores:
    """Return sacreBLEU's BLEU and chrF of translations, at their defaults (Post 2018; Popović 2015)."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    bleu, chrf = BLEU(), CHRF()
    b = bleu.corpus_score(list(hypotheses), [list(references)])
    c = chrf.corpus_score(list(hypotheses), [list(references)])
    return Scores(b.score, str(bleu.get_signature()), c.score, str(chrf.get_signature()))


def translate(network: MarianNetwork, words: Vocabulary, lines: Sequence[str], beam: int) -> list[str]:
    """Return the network's translations of raw lines, by the search of :mod:`translate.training.decoding`."""
    from translate.training.decoding import Ids, decode

    sources = words.encode_source([normalise(line) for line in lines])
    return words.decode(decode(network, sources, Ids(words.end, words.padding), beam=beam))


def score(network: MarianNetwork, words: Vocabulary, dev: DevSet, beam: int) -> Scores:
    """Return the scores of a network on a development set."""
    return measure(translate(network, words, dev.french, beam), dev.english)
