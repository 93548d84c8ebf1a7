"""French words that carry no meaning of their own."""

from __future__ import annotations

#: Words that say nothing about what a text is about: elided forms, articles, pronouns, prepositions, auxiliaries.
_FUNCTION_WORDS = (
    "a à afin ai ainsi alors après as au aucun aucune aura aurait aussi autre autres aux avaient avait "
    "avant avec avoir c car ce cela celle celles celui ces cet cette ceux chaque chez ci comme comment "
    "contre d dans de déjà depuis des deux devant doit donc dont du durant elle elles en encore entre es "
    "est et étaient était étant été être eu eux fait faire fois font hors ici il ils j jamais je jusqu "
    "jusque l la là le les leur leurs lors lorsqu lorsque lui m ma mais malgré même mêmes mes moins mon n "
    "ne ni non nos notre nous on ont ou où par parce parmi pas pendant peu peut peuvent plus plusieurs "
    "pour pourquoi pourrait puis puisque qu quand que quel quelle quelles quelque quelques quels qui quoi "
    "s sa sans se selon sera serait ses si soit son sont sous sur t ta tandis te tel telle tous tout "
    "toute toutes très tu un une va vers vont vos votre vous y "
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
