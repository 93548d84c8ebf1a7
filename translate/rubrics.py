"""Rubrics of newspapers: « Société », « EN DIRECT », « Faits divers », single words that a model has no context for."""

from __future__ import annotations

import re

_TABLE = """
Politique=Politics|Société=Society|Monde=World|Le monde=World|International=International|Économie=Economy|Éco=Economy|
Santé=Health|Sciences=Science|Science=Science|Environnement=Environment|Planète=Planet|Climat=Climate|Énergie=Energy|
Éducation=Education|Justice=Justice|Police-justice=Crime and courts|Faits divers=Crime and incidents|Médias=Media|
Sport=Sport|Sports=Sport|Culture=Culture|Livres=Books|Cinéma=Film|Musique=Music|Météo=Weather|Bourse=Markets|
Entreprises=Companies|Entreprise=Business|Emploi=Employment|Immobilier=Property|Logement=Housing|Transports=Transport|
Défense=Defence|Diplomatie=Diplomacy|Sécurité=Security|Immigration=Immigration|Agriculture=Agriculture|
Tribune=Opinion|Opinion=Opinion|Opinions=Opinion|Point de vue=Opinion|Éditorial=Editorial|Édito=Editorial|
Chronique=Column|Débat=Debate|Débats=Debates|Idées=Ideas|Entretien=Interview|Interview=Interview|Reportage=Report|
Enquête=Investigation|Analyse=Analysis|Décryptage=Explainer|Portrait=Profile|Récit=Feature|Dossier=Special report|
Témoignage=Testimony|Témoignages=Testimonies|Disparition=Obituary|Nécrologie=Obituary|
Direct=Live|En direct=Live|Exclusif=Exclusive|Vidéo=Video|Vidéos=Videos|Podcast=Podcast|Infographie=Infographic|
Brèves=In brief|En bref=In brief|Dépêche=Agency report|Courrier des lecteurs=Letters|À la une=Front page|
Afrique=Africa|Amériques=Americas|Europe=Europe|Asie=Asia|Proche-Orient=Middle East|Moyen-Orient=Middle East|
Outre-mer=Overseas France|Régions=Regions|Élections=Elections|Législatives=Parliamentary elections|
Présidentielle=Presidential election|Municipales=Local elections|Européennes=European elections|Consommation=Consumers|
Numérique=Digital|Technologies=Technology|Tech=Tech|Gastronomie=Food|Voyages=Travel
"""
_RUBRICS = {
    french.casefold(): english
    for french, _, english in (pair.partition("=") for pair in _TABLE.replace("\n", "").split("|"))
}
_LINE = re.compile(r"(?P<words>[^\W\d_][^\d_:.!?]*?)(?P<end>[ \u00a0\u202f]?:)?")


def english_rubric(text: str) -> str | None:
    """Return a rubric in English, in capitals where it is, or None where ``text`` is none."""
    match = _LINE.fullmatch(text)
    words = match["words"] if match else ""
    english = _RUBRICS.get(" ".join(words.casefold().split())) or _RUBRICS.get(_accented(words))
    if match is None or english is None:
        return None
    return (english.upper() if words.isupper() else english) + (":" if match["end"] else "")


def _accented(words: str) -> str:
    """Return the words with the accent that French leaves off a capital: « Economie », « A la une »."""
    lower = " ".join(words.casefold().split())
    return {"e": "é", "a": "à"}.get(lower[:1], lower[:1]) + lower[1:]
