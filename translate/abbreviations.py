"""The words that French sentence splitting goes by: abbreviations, openings of sentences, parts of names."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Titles and others that always want something behind them: never the end of a sentence.
NEVER_LAST = _words(
    """
    M MM Mme Mmes Mlle Mlles Mr Mrs Ms Dr Drs Pr Prs Prof Mgr Mgrs St Ste Sts Stes Vve Cdt Col Gal
    Gén Lt Sgt dr mme mmes mlle mr mgr cf vs op loc ibid av apr
    """
)
#: The end of a sentence only where a word follows that begins French sentences; never before a number.
SELDOM_LAST = _words(
    """
    al éd ed coll trad ill préf dir resp bât chap fig tél réf env hab dép arr ex bd boul pp vv ff sect
    janv févr fév avr juil déc jan feb dec inc ltd corp co cie jr sr bros th ph ch fr cl chr
    int ext approx no nos num univ dept gouv circ hon adj me
    """
)
#: Words of their own as well (« son vol. », « de l'art. »): not the end of a sentence before a number.
BEFORE_NUMBERS = _words("art vol max min sept oct nov p t n v tab pl par col liv cap app alin cit tit fasc")
#: Names that end in an exclamation mark.
EXCLAIMED_NAMES = _words("yahoo joomla jeopardy")
#: What follows the stop in addresses and file names, where a blank was not forgotten.
ADDRESS_ENDINGS = _words("com fr org net info eu be ch ca io html htm pdf doc docx txt js py php app tv me news")
#: Words that begin French sentences far more often than they follow an abbreviation as a name.
STARTERS = _words(
    """
    il elle ils elles on je j nous vous tu ce c cet cette ces ceci cela ça celui celle ceux un une des
    le la les l du de d au aux à en dans sur sous par pour avec sans selon d'après depuis pendant durant
    avant après entre vers chez contre malgré outre hors dès et mais ou or ni car donc puis ainsi alors
    aussi enfin ensuite cependant toutefois pourtant néanmoins toujours si s comme quand lorsque lorsqu
    puisque que qu qui quoi quel quelle quels quelles où comment pourquoi mon ma mes ton ta tes son sa
    ses notre nos votre vos leur leurs plusieurs certains certaines chaque tout toute tous toutes aucun
    aucune autre autres beaucoup plus moins très trop même ne n y voici voilà hier aujourd demain deux
    trois quatre cinq six dix quelques bien peu non oui m me se parmi grâce face suite jusqu ici là
    parce tandis
    """
)
#: Starters that are also parts of names: they begin a sentence only before a word without a capital.
PARTICLES = _words("le la les l de d du des st me m n s")
#: Words a sentence does not end with: an ellipsis behind them is a pause.
PENDING = _words(
    """
    le la les l un une des du de d au aux à en dans sur sous par pour avec sans chez vers et ou mais que
    qu qui est sont était étaient sera seront c'est mon ma mes son sa ses ce cet cette ces notre nos
    votre vos leur leurs
    """
)
