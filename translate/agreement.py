"""A woman is she: « la ministre a remis sa démission » is her resignation, which models take for his."""

from __future__ import annotations

import re

from translate.checks.common_words import COMMON_WORDS
from translate.checks.exonyms import EXONYMS
from translate.checks.words import LONGEST_SENTENCE, fold

#: Women by their nouns. Not « la victime », « la star », « la recrue », who may be men.
_WOMEN = """
accusée actrice adjointe administratrice adolescente agricultrice ambassadrice animatrice assistante attachée auteure
autrice avocate basketteuse boulangère candidate caissière cavalière championne chancelière chanteuse cheffe
chercheuse chirurgienne chroniqueuse citoyenne cofondatrice coiffeuse colistière comédienne commandante commerçante
compositrice concurrente conductrice conseillère consœur coordinatrice correspondante créatrice cuisinière dame
danseuse députée dessinatrice détenue directrice dirigeante doyenne duchesse écolière écrivaine éditrice éducatrice
élue employée enseignante entraîneuse entrepreneuse étudiante eurodéputée exploitante factrice femme fillette
fondatrice footballeuse gagnante gardienne gérante golfeuse gouverneure handballeuse héritière historienne impératrice
infirmière ingénieure inspectrice institutrice intervenante joueuse lauréate lectrice lieutenante lycéenne magistrate
mairesse maman médaillée mère militante monitrice musicienne nageuse narratrice navigatrice négociatrice opposante
organisatrice ouvrière participante passagère patineuse patiente patronne pharmacienne plaignante poétesse policière
postière préfète présentatrice présidente princesse prisonnière procureure productrice professeure prévenue
rapporteuse rapporteure réalisatrice rectrice rédactrice réfugiée reine religieuse remplaçante représentante
requérante restauratrice retraitée romancière salariée sénatrice serveuse skieuse soignante soldate sportive
sprinteuse surveillante survivante suspecte traductrice trésorière vendeuse veuve vice-présidente voisine volleyeuse
voyageuse youtubeuse
""".split()
#: Nouns of persons that are women's after « la », « une » or « cette ».
_EITHER = """
artiste athlète cadre centenaire centriste cinéaste collègue commissaire cycliste diplomate écologiste économiste
élève gendarme guide gymnaste humoriste interprète journaliste judoka juge juriste lieutenant linguiste maire ministre
nonagénaire octogénaire philosophe photographe pianiste pilote porte-parole propriétaire psychiatre psychologue
quadragénaire quinquagénaire responsable scientifique secrétaire septuagénaire sexagénaire socialiste sociologue
spécialiste styliste syndicaliste touriste trentenaire vétérinaire violoniste
""".split()
#: Things whose nouns end like those of men.
_THINGS = """
anniversaire ascenseur atelier bonheur bien calendrier chantier coeur cœur commentaire courrier dernier diner dîner
dossier déjeuner entier entretien escalier exemplaire extérieur hiver honneur inventaire instant intérieur itinéraire
janvier février lien maintien malheur métier montant moteur ordinateur papier premier quartier questionnaire quotidien
refrain restaurant salaire secteur sentier soutien terrain train gain pain lendemain vestiaire
""".split()
_FEMALE = re.compile(
    rf"(?:\b(?:la|une|cette|l['’]|une?[ ]?ex-|ex-|l['’]ex-|l['’]ancienne|ancienne|future|jeune|vice-)[ \u00a0]?"
    rf"(?:(?:jeune|ancienne|future|nouvelle|célèbre|première|vieille|petite|grande|seule|belle)[ \u00a0])?"
    rf"(?:{'|'.join(map(re.escape, _WOMEN))})"
    rf"|\b(?:la|une|cette|l['’]ancienne|ancienne|la future|première)[ \u00a0]"
    rf"(?:(?:jeune|ancienne|future|nouvelle|célèbre|première)[ \u00a0])?(?:{'|'.join(map(re.escape, _EITHER))})"
    r"|\b(?:Mme|Mlle|Madame))(?![\w-])",
    re.IGNORECASE,
)
#: Whoever may be a man: pronouns, titles, nouns of men, and nouns in the masculine that end like those of men.
_MALE = re.compile(
    r"\b(?:il(?! (?:y a|y avait|faut|fallait|s['’]agit))|ils|lui|celui|eux|ceux|M\.|MM\.|Monsieur|Dr|Me|messieurs|"
    r"hommes?|garçons?|pères?|frères?|maris?|fils|époux|copain|fiancé|veuf|oncle|neveu|cousin|gendre|parrain|papa|"
    r"compagnon|conjoint|gars|type|roi|prince|duc|comte|empereur|pape|évêque|prêtre|curé|imam|rabbin|soldat|médecin|"
    r"président|député|élu|avocat|client|employé|salarié|étudiant|retraité|détenu|suspect|prévenu|accusé|agent|chef|"
    r"patron|voisin|enfant|bébé|champion|candidat|adversaire|rival|prédécesseur|successeur|homologue|défunt|mort|"
    r"blessé|militant|militaire|commandant|capitaine|colonel|général|lieutenant|sergent|habitant|assaillant|otage)\b"
    r"|\b(?:le|un|du|au|ce|cet|son|notre|leur|mon|votre|ancien|jeune|l['’])[ \u00a0]?(?:(?:ancien|jeune|nouveau|futur|"
    r"premier|célèbre|petit|grand|vieux)[ \u00a0])?(?:"
    rf"{'|'.join(_EITHER)}|(?!(?:{'|'.join(_THINGS)})\b)[\w-]{{2,}}(?:eur|ien|iste|ier|er|ard|aire|ant|ain|ois|ais)(?!\w))",
    re.IGNORECASE,
)
#: « L'actrice était sa compagne »: the man is in another sentence.
_PREDICATE = re.compile(
    r"\b(?:est|était|fut|sera|devient|devenue)[ \u00a0](?:\w+[ \u00a0])?(?:sa|son)\b", re.IGNORECASE
)
_NAME = re.compile(r"(?P<before>(?:\S+[ \u00a0])?)(?P<name>[A-ZÀ-Ý][\w'’-]+(?:[ \u00a0][A-ZÀ-Ý][\w'’-]+)*)")
#: What stands before places and bodies, and only « de » before persons whom she has to do with: « ministre de X ».
_OF = re.compile(r"(?:^|\W)(?:d[eu]s?|d['’])\W*$", re.IGNORECASE)
_AT = re.compile(r"(?:^|\W)(?:à|aux?|en|l[ae]s?|l['’]|dans|sur|chez|vers|pour|contre|par)\W*$", re.IGNORECASE)
_HIS = re.compile(r"\b(?P<word>his|him|he|himself)(?![\w-]|['’]d\b)", re.IGNORECASE)
_HER = {"his": "her", "him": "her", "he": "she", "himself": "herself"}


def agree(text: str, source: str) -> str:
    """Return ``text``, a translation of ``source``, with her for his where all persons of the source are women.

    Only where a noun or title says that someone is a woman (« la ministre », « l'actrice », « Mme »), and nothing in
    the sentence may be a man: no such pronoun, noun or name.
    """
    if len(source) > LONGEST_SENTENCE or not _HIS.search(text):
        return text
    woman = _FEMALE.search(source)
    if woman is None or _MALE.search(source) or _PREDICATE.search(source) or _others(source):
        return text
    return _HIS.sub(lambda found: _like(found["word"], _HER[found["word"].lower()]), text)


def _like(word: str, said: str) -> str:
    return said.upper() if word.isupper() and len(word) > 1 else said.capitalize() if word[0].isupper() else said


def _others(source: str) -> bool:
    """Tell whether the source names someone who need not be the woman: a name that follows neither her nor a comma."""
    women = [match.end() for match in _FEMALE.finditer(source)]
    for match in _NAME.finditer(source):
        start = match.start("name")
        words = re.split("[ \u00a0'’-]", match["name"])
        if start == 0 or all(fold(w) in COMMON_WORDS or fold(w) in EXONYMS or w.isupper() for w in words if w):
            continue
        lead = source[:start]
        if _OF.search(lead[-12:]) or (len(words) == 1 and _AT.search(lead[-12:])):
            continue
        if any(lead[end:].strip(" \u00a0") == "" for end in women if end <= start):
            continue
        if lead.rstrip().endswith(",") and women and min(women) < start:
            continue
        return True
    return False
