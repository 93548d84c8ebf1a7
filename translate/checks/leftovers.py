"""French left in the English: the source copied through, or some of its words."""

from __future__ import annotations

import re

from translate.checks.nonwords import is_english_word
from translate.checks.words import WORD, fold, plain
from translate.document import Flag

_FUNCTION_WORDS = """
ainsi alors apres au aussi autre autres aux avaient avait avant avec avoir ces cet cette chez comme contre
dans deja depuis des donc dont du elle elles encore entre est et etaient etait ete etre fait il ils je la
le les leur leurs lors lorsque mais meme ne ni notre nous ont ou parce pas pendant quand que qui quoi sans
selon sera seront ses sont sous tous tout toute toutes tres tu une vers votre vous
"""
_SHARED_WORDS = "au aux chez comme des du entre et fait la le les ne ou que sans sous tout tu"
_LOANS = """
a applique apropos attache attaches blase brulee brulees cafe cafes canape canapes chateau chateaux cinema
cliche cliches cloisonne communique communiques comte consomme cortege coup coupe creme crepe crepes debut
debuts decor deja denouement depot detente divorcee doppelganger eclair eclairs elite elites emigre
emigres entree entrees etat etude etudes evolue expose exposes facade facades fete fetes fiance fiancee
fiances flambe fleche fuhrer gene glace grace gruyere habitue habitues ingenue jalapeno lycee mache
macrame manque matinee melange melee menage naive naivete negligee objet papier passe pate pates pied
pinata precis premiere premieres protege protegee proteges puree raison reais real regime regimes rentree
resume resumes retrousse risque role roles rose roue saute sautee seance senor sinecure soiree soirees
souffle terre tete touche uber verite vinho vis voila vu
"""
#: French words that no English sentence has outside names and quotations.
_FRENCH = frozenset(_FUNCTION_WORDS.split())
#: Those of them that are words of English, or that stand in names of the French press in lower case.
_ALSO_ENGLISH = frozenset(_SHARED_WORDS.split())
#: Words with accents that English took over; others left with their accents were left in French.
_TAKEN_OVER = frozenset(_LOANS.split())
_NO_LETTERS = re.compile(r"[\W_]+")
_QUOTED = re.compile(
    r"[«“\"„][^»”\"]*[»”\"]|[‘'](?=\w)[^'’]*['’](?!\w)|\([^)]*\)|\*[^*]+\*|_[^_]+_|https?://\S+|www\.\S+"
)


def copied_flags(source: str, target: str) -> list[Flag]:
    """Return a flag where the target is the source, or mostly French."""
    words = WORD.findall(plain(target))
    lower = [word for word in words if word.islower()]
    running = words[:1] + [word for word in words[1:] if word.islower()]
    french = sum(word in _FRENCH for word in map(fold, running))
    if source[:1] == target[:1] and _letters(source) == _letters(target):
        # Names, headings of one word and figures are the same in both languages.
        return (
            [Flag("copied", "the source, word for word")] if len(lower) >= 3 or _FRENCH & set(map(fold, lower)) else []
        )
    if len(words) >= 5 and french >= 2 and french > 0.2 * len(words):
        return [Flag("copied", f"{french} of {len(words)} words are French")]
    return []


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", fold(plain(text)))


def untranslated_flags(source: str, target: str) -> list[Flag]:
    """Return a flag for French words left in the target outside names, quotations and brackets."""
    outside = _QUOTED.sub(" | ", target)
    tokens = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[|,.;:!?]", outside)
    in_source = set(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", source))
    lower = {fold(word) for word in in_source if word.islower()}
    left = [
        token
        for index, token in enumerate(tokens)
        if token.islower()
        and not _in_name(tokens, index)
        and ((token in in_source and _is_french(token, in_source)) or _is_left(token, lower))
    ]
    return [Flag("untranslated", ", ".join(dict.fromkeys(left)))] if left else []


def _is_french(word: str, in_source: set[str]) -> bool:
    folded = fold(word)
    if folded in _FRENCH:
        return folded not in _ALSO_ENGLISH
    return (
        folded != word.casefold()
        and len(word) > 3
        and not all(part in _TAKEN_OVER for part in re.split("['’-]", folded))
    )


def _is_left(word: str, lower: set[str]) -> bool:
    """Whether a word that no English dictionary holds stands in the source, accents aside: « la grogne »."""
    folded = fold(word)
    return (
        len(folded) > 3
        and folded in lower
        and folded not in _TAKEN_OVER
        and folded not in ("http", "https")
        and "-" not in folded
        and not is_english_word(folded)
    )


def _in_name(tokens: list[str], index: int) -> bool:
    """Whether a capitalised word stands next to the word, or two away across one small word."""
    around = [*tokens[max(1, index - 2) : index], *tokens[index + 1 : index + 3]]
    return any(word[0].isupper() for word in around)
