"""Which language a text is in: function words first, a statistical detector only where they do not decide.

A French document is read by its function words alone; nothing is loaded for it. The detector is lingua 2.1 in
its low-accuracy mode (trigrams only): 22 MB of memory for these 17 languages and 0.3 s to load on one core,
against 230 MB and 2.7 s for ten of them in full. Of 20,000 sentences of French news (Masakhanews, OrangeSum)
:func:`is_english` calls none English; of 5,000 of English news it misses 0.6 %, and more of phrases below
five words. It takes about 0.6 ms for a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Function words of French that are none of English.
_FRENCH = _words(
    """
    le la les des du de un une et est sont était étaient sera seront dans sur pour par avec sans sous que
    qui quoi dont où ne pas plus ce cet cette ces cela ça il ils elle elles nous vous je tu se son sa ses
    leur leurs notre votre mon ma mes au aux en y mais donc ni si comme quand lorsque selon depuis
    pendant entre vers chez contre après avant très tout tous toute toutes aussi même été être avoir
    avait ont fait peut doit faut quel quelle quels quelles ainsi encore alors deux trois lui eux moi
    afin dès voici voilà aujourd hui
    """
)
#: Those of them that hardly occur in other languages.
_SURELY_FRENCH = _words(
    """
    des du une et est sont était étaient dans pour avec sur sous qui où ne pas ce cet cette ces il ils
    elle elles nous vous je leur leurs aux au lorsque selon depuis pendant chez après très aussi été être
    avoir avait ont quelle
    """
)
#: Function words of English that are none of French.
_ENGLISH = _words(
    """
    the of and to is are was were been being be have has had having will would shall should could can
    cannot with from that this these those which who whom whose what when where why how not his her hers
    him their them they he she it its we you your our my by at in into onto about before between against
    during than then there here some any each all more most other others another over under up out off
    only because while whether if such very too also just both few many much said says say told does did
    through until since upon within without toward towards across behind for ll ve
    """
)
#: Those of them that hardly occur in other languages.
_SURELY_ENGLISH = _words(
    """
    the and that with from this these those which whose have has been were would should could their they
    she his her are not for said says about because there when what who after while by to
    """
)
#: Frequent words of English headlines, each at least six times as frequent in English news as in French.
_HEADLINE = _words(
    """
    black white matter breaking french english british german russian israeli palestinian iranian
    american chinese press news world war peace people year years day days week weeks month months time
    times house street state states government officials party voters law court army military troops
    soldiers attack attacks strike strikes kill kills killed killing dead death dies died wounded injured
    hostage hostages ceasefire truce talks deal trade market markets oil prices tax cuts workers growth
    economy bank health care women men children school students university water climate weather storm
    flood earthquake road home life love money power big small old good bad best worst first last next
    high low early late today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday
    january february march april june july august september october november december watch read latest
    update updates story stories analysis pictures follow subscribe click sign rights reserved all how
    why make makes made take rejects backs warns urges vows seeks wins loses calls meets says shows rises
    falls launches announces releases resigns arrested charged accused found missing near amid ahead back
    down south north east west sea island united kingdom king queen foreign affairs security defence
    nuclear weapons space human freedom share hurt speech free great again america better together now
    never always save help thank thanks welcome hello please
    """
)
_WORD = re.compile(r"[^\W\d_]+")
_ACCENTED = re.compile(r"[àâçèéêëîïôùûœ]", re.IGNORECASE)
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)['’](?=[aeiouyhàâéèêîôœ])", re.IGNORECASE)
#: Forms of English verbs: I'm, he's, don't, and « I » before a word without a capital.
_CONTRACTED = re.compile(r"\b[A-Za-z]+(?:n['’]t|(?<!n)['’](?:m|s|re|ve|ll|d))\b|\bI (?=[a-z]{2})")
_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"]*\"")
#: Targets of links and images, and addresses: they are in no language.
_ADDRESS = re.compile(r"(?<=\]\()[^\s()]+|\b(?:https?://|data:|www\.)[^\s<>()«»\"]+")
#: Languages the detector tells apart, by ISO 639-1: those that press texts are most likely to be in.
_DETECTED = {"ar": "Arabic", "ca": "Catalan", "zh": "Chinese", "nl": "Dutch", "en": "English", "fr": "French",
             "de": "German", "he": "Hebrew", "it": "Italian", "fa": "Persian", "pl": "Polish", "pt": "Portuguese",
             "ro": "Romanian", "ru": "Russian", "es": "Spanish", "tr": "Turkish", "uk": "Ukrainian"}  # fmt: skip
#: How sure the detector must be of English, with one English word as evidence and without any.
_SURE, _VERY_SURE = 0.8, 0.98
#: Fewest words for which the detector is trusted without an English word.
_TRUSTED = 5
#: Words below which a text that may be French is: the detector has little to go by.
_FEW = 15
#: How many texts of a document are looked at, spread over it, and how many characters of each.
_SAMPLED, _SEEN = 200, 400

#: How many characters the detector is given: more of them do not make it surer.
_DETECTABLE = 1_000


@dataclass(frozen=True)
class Verdict:
    """A language (ISO 639-1; ``und``: not to be told) and the confidence in it, from 0 to 1."""

    language: str
    confidence: float

    @property
    def name(self) -> str:
        """What the language is called in English."""
        return _DETECTED.get(self.language, "no language known here")


@dataclass(frozen=True)
class _Evidence:
    """What the words of a text say: ``words`` in all, and how many are function words of either language.

    ``headline`` counts English words that are no function words; ``sure_french`` and ``sure_english`` count
    different words that hardly occur in any third language.
    """

    words: int
    french: int
    english: int
    headline: int
    sure_french: int
    sure_english: int

    @classmethod
    def of(cls, text: str) -> _Evidence:
        text = unicodedata.normalize("NFC", text)
        found = _WORD.findall(text)
        if not text.isupper():  # UN and US are organisations there
            found = [word for word in found if word not in ("UN", "US")]
        words = [word.lower() for word in found]
        accented = sum(1 for word in words if word not in _FRENCH and _ACCENTED.search(word))
        elided = len(_ELIDED.findall(text))
        return cls(
            words=len(words),
            french=sum(word in _FRENCH for word in words) + accented + elided,
            english=sum(word in _ENGLISH for word in words) + len(_CONTRACTED.findall(text)),
            headline=sum(word in _HEADLINE for word in words),
            sure_french=len(_SURELY_FRENCH.intersection(words)) + min(elided, 1),
            sure_english=len(_SURELY_ENGLISH.intersection(words)),
        )

    def decided(self) -> Verdict | None:
        """Return French or English where the function words of one of them stand out, None otherwise."""
        total = self.sure_french + self.sure_english
        for language, sure in (("fr", self.sure_french), ("en", self.sure_english)):
            if sure >= 3 and sure >= 3 * (total - sure) and sure * 12 >= min(self.words, 60):
                return Verdict(language, sure / total)
        return None


def _perhaps_french(text: str) -> bool:
    """Tell a line or two with as many French words as French has: the detector takes such for Catalan or Spanish."""
    evidence = _Evidence.of(text)
    return evidence.words < _FEW and evidence.french > evidence.english and 3 * evidence.french >= evidence.words


@cache
def _detector() -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder

    languages = [getattr(Language, name) for name in map(str.upper, _DETECTED.values())]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


def _detected(text: str) -> Verdict:
    values = _detector().compute_language_confidence_values(text[:_DETECTABLE])
    if not values or values[0].value == 0:
        return Verdict("und", 0.0)
    return Verdict(values[0].language.iso_code_639_1.name.lower(), values[0].value)


def identify(text: str) -> Verdict:
    """Tell the language of a text, by its function words or else by the detector; ``und`` without letters.

    Names alone have no language: use :func:`is_english` to decide on a single sentence of a French document.
    """
    text = _ADDRESS.sub("", text)
    if not _WORD.search(text):
        return Verdict("und", 0.0)
    return _Evidence.of(text).decided() or _detected(text)


def is_english(text: str) -> bool:
    """Tell whether a sentence within a French document is English already, and so needs no translation.

    Conservative: names, single words and whatever has no evidence for English are not. French with an English
    title in quotation marks is French: the words outside the marks count before those inside.
    """
    text = _ADDRESS.sub("", text)
    whole = _Evidence.of(text)
    if whole.words < 2:
        return False
    outside = _Evidence.of(_QUOTED.sub(" ", text))
    if 0 < outside.words < whole.words and outside.french and outside.english <= 2 * outside.french:
        return False
    if whole.french:
        return whole.english >= 3 and whole.english >= 3 * whole.french
    evidence = whole.english + whole.headline
    if evidence >= 2 and evidence * 3 >= whole.words:
        return True
    if whole.words < (3 if evidence else _TRUSTED):
        return False
    verdict = _detected(text)
    return verdict.language == "en" and verdict.confidence >= (_SURE if evidence else _VERY_SURE)


def document_language(texts: Sequence[str]) -> Verdict:
    """Tell the language that most of a document is in, by characters.

    ``texts`` are its paragraphs or sentences. At most 200 of them, spread evenly, and 400 characters of each
    are read, so the work is bounded. Function words decide where they tell the language of half of the
    characters, or might be French in a text of a line or two; only else is the detector asked about the rest.
    ``confidence`` is the share of the language in what was identified. ``und`` where there are no letters.
    """
    step = max(1, -(-len(texts) // _SAMPLED))
    seen = (_ADDRESS.sub("", text)[:_SEEN] for text in texts[::step])
    sample = [text for text in seen if _WORD.search(text)]
    votes: dict[str, float] = {}
    unknown: list[str] = []
    for text in sample:
        decided = _Evidence.of(text).decided()
        if decided:
            votes[decided.language] = votes.get(decided.language, 0.0) + len(text)
        else:
            unknown.append(text)
    if not votes and _perhaps_french(" ".join(unknown)):
        return Verdict("fr", 0.5)
    if 2 * max(votes.values(), default=0.0) < sum(map(len, sample)):
        for text in unknown:
            verdict = _detected(text)
            votes[verdict.language] = votes.get(verdict.language, 0.0) + len(text) * verdict.confidence
        votes["und"] = votes.get("und", 0.0) + sum(map(len, sample)) - sum(votes.values())
    language = max((name for name in votes if name != "und"), key=lambda name: votes[name], default="und")
    total = sum(votes.values())
    return Verdict(language, votes.get(language, 0.0) / total) if language != "und" else Verdict("und", 0.0)
