"""How the bundled model was made, for anyone to repeat or fine-tune: corpus, vocabulary, trainer, export.

The way of the data: ``corpus`` reads pairs, ``filters`` drops the bad ones and counts them, ``augment``
varies them, ``prepare`` writes them as the arrays of ``arrays``; ``loop`` trains the network of ``network``
with the optimisers of ``optimiser``, ``scoring`` measures it, ``checkpoint`` saves it; ``export``, ``card``
and ``plot`` write what is shipped. ``trainer.train`` is the whole of it. ``network``, ``optimiser``,
``decoding``, ``checkpoint`` and ``loop`` are torch code and import torch; nothing else here does before it
has to.
"""
