"""French left in the English: the source copied through, or some of its words."""

from __future__ import annotations

import re

from translate.checks.words import WORD, fold, plain
from translate.document import Flag

#: French words that no English sentence has outside names and quotations.
_FRENCH = frozenset(
    [
        "le",
        "la",
        "les",
        "des",
        "du",
        "une",
        "dans",
        "est",
        "sont",
        "et",
        "ou",
        "mais",
        "donc",
        "que",
        "qui",
        "quoi",
        "dont",
        "avec",
        "sans",
        "sous",
        "chez",
        "cette",
        "ces",
        "cet",
        "ses",
        "leur",
        "leurs",
        "nous",
        "vous",
        "ils",
        "elle",
        "elles",
        "il",
        "je",
        "tu",
        "aux",
        "au",
        "pas",
        "ne",
        "ni",
        "etait",
        "etaient",
        "sera",
        "seront",
        "ont",
        "avait",
        "avaient",
        "ete",
        "etre",
        "avoir",
        "fait",
        "entre",
        "depuis",
        "pendant",
        "apres",
        "avant",
        "selon",
        "contre",
        "aussi",
        "tres",
        "deja",
        "encore",
        "comme",
        "ainsi",
        "alors",
        "lorsque",
        "lors",
        "parce",
        "quand",
        "vers",
        "tout",
        "toute",
        "tous",
        "toutes",
        "meme",
        "autre",
        "autres",
        "notre",
        "votre",
    ]
)
#: Those of them that are words of English, or that stand in names of the French press in lower case.
_ALSO_ENGLISH = frozenset(
    [
        "la",
        "le",
        "les",
        "des",
        "du",
        "et",
        "ou",
        "que",
        "sous",
        "comme",
        "fait",
        "sans",
        "entre",
        "au",
        "aux",
        "ne",
        "tout",
        "tu",
        "chez",
    ]
)
#: Words with accents that English took over; others left with their accents were left in French.
_TAKEN_OVER = frozenset(
    [
        "cafe",
        "cafes",
        "cliche",
        "cliches",
        "fiance",
        "fiancee",
        "fiances",
        "protege",
        "proteges",
        "protegee",
        "resume",
        "resumes",
        "decor",
        "elite",
        "elites",
        "facade",
        "facades",
        "naive",
        "communique",
        "communiques",
        "emigre",
        "emigres",
        "attache",
        "attaches",
        "expose",
        "exposes",
        "saute",
        "sautee",
        "puree",
        "fete",
        "fetes",
        "regime",
        "regimes",
        "role",
        "roles",
        "premiere",
        "premieres",
        "debut",
        "debuts",
        "soiree",
        "soirees",
        "creme",
        "brulee",
        "crepe",
        "crepes",
        "pate",
        "pates",
        "souffle",
        "entree",
        "entrees",
        "matinee",
        "melee",
        "naivete",
        "touche",
        "passe",
        "risque",
        "blase",
        "detente",
        "cortege",
        "denouement",
        "deja",
        "vu",
        "apropos",
        "etude",
        "etudes",
        "fleche",
        "melange",
        "menage",
        "negligee",
        "objet",
        "papier",
        "mache",
        "raison",
        "d'etre",
        "rentree",
        "coup",
        "d'etat",
        "coupe",
        "etat",
        "lycee",
        "manque",
        "pied",
        "terre",
        "seance",
        "tete",
        "a",
        "voila",
        "vis",
        "rose",
        "consomme",
        "canape",
        "canapes",
        "chateau",
        "chateaux",
        "depot",
        "saute",
        "gene",
        "senor",
        "pinata",
        "jalapeno",
        "divorcee",
        "habitue",
        "habitues",
        "ingenue",
        "flambe",
        "glace",
        "precis",
        "cinema",
        "verite",
        "retrousse",
        "grace",
        "evolue",
        "roue",
        "sinecure",
        "vinho",
        "real",
        "reais",
        "doppelganger",
        "uber",
        "fuhrer",
        "gruyere",
        "comte",
        "brulees",
        "eclair",
        "eclairs",
        "macrame",
        "applique",
        "applique",
        "cloisonne",
    ]
)
_QUOTED = re.compile(
    r"[«“\"„][^»”\"]*[»”\"]|[‘'](?=\w)[^'’]*['’](?!\w)|\([^)]*\)|\*[^*]+\*|_[^_]+_|https?://\S+|www\.\S+"
)


def copied_flags(source: str, target: str) -> list[Flag]:
    """Return a flag where the target is the source, or mostly French."""
    words = WORD.findall(plain(target))
    lower = [word for word in words if word.islower()]
    french = sum(word in _FRENCH for word in map(fold, lower))
    if _letters(source) == _letters(target):
        # Names, headings of one word and figures are the same in both languages.
        return [Flag("copied", "the source, word for word")] if len(lower) >= 3 or french else []
    if len(words) >= 5 and french >= 2 and french > 0.2 * len(words):
        return [Flag("copied", f"{french} of {len(words)} words are French")]
    return []


def _letters(text: str) -> str:
    return "".join(char for char in fold(plain(text)) if char.isalnum())


def untranslated_flags(source: str, target: str) -> list[Flag]:
    """Return a flag for French words left in the target outside names, quotations and brackets."""
    outside = _QUOTED.sub(" | ", target)
    tokens = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[|,.;:!?]", outside)
    in_source = set(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", source))
    left = [
        token
        for index, token in enumerate(tokens)
        if token.islower()
        and token in in_source
        and not _in_name(tokens, index)
        and _is_french(token, in_source)
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


def _in_name(tokens: list[str], index: int) -> bool:
    """Whether a capitalised word stands next to the word, or two away across one small word."""
    around = [*tokens[max(0, index - 2) : index], *tokens[index + 1 : index + 3]]
    return any(word[0].isupper() and index > 0 for word in around)
