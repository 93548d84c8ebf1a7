"""Rubrics and buttons of newspapers: « Société », « EN DIRECT », « S'abonner », which no context explains."""

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
Témoignage=Testimony|Témoignages=Testimonies|Nécrologie=Obituary|
Direct=Live|En direct=Live|Exclusif=Exclusive|Vidéo=Video|Vidéos=Videos|Podcast=Podcast|Infographie=Infographic|
Brèves=In brief|En bref=In brief|Dépêche=Agency report|Courrier des lecteurs=Letters|À la une=Front page|
Afrique=Africa|Amériques=Americas|Europe=Europe|Asie=Asia|Proche-Orient=Middle East|Moyen-Orient=Middle East|
Outre-mer=Overseas France|Régions=Regions|Élections=Elections|Législatives=Parliamentary elections|
Présidentielle=Presidential election|Municipales=Local elections|Européennes=European elections|Consommation=Consumers|
Numérique=Digital|Technologies=Technology|Tech=Tech|Gastronomie=Food|Voyages=Travel|Police=Police|Tribunal=Court|
Natation=Swimming|Cyclisme=Cycling|Athlétisme=Athletics|Basket=Basketball|Automobile=Motoring|Auto-moto=Motorsport|
Conjoncture=Economic outlook|Trafic=Traffic|Circulation=Traffic|Patrimoine=Heritage|Théâtre=Theatre|Séries=Series|
Expositions=Exhibitions|Télévision=Television|Télé=TV|Histoire=History|Accueil=Home|Rédaction=Editorial staff|
La rédaction=The editors|Imprimer=Print|Partager=Share|Partager cet article=Share this article|
Partager sur Facebook=Share on Facebook|Partager sur Twitter=Share on Twitter|Partager sur X=Share on X|
Partager sur WhatsApp=Share on WhatsApp|Partager sur LinkedIn=Share on LinkedIn|Envoyer=Send|
Envoyer par e-mail=Send by email|Envoyer par mail=Send by email|Envoyer par email=Send by email|
Envoyer à un ami=Send to a friend|Copier le lien=Copy the link|Enregistrer=Save|Sauvegarder=Save|
Ajouter à mes favoris=Add to my favourites|Ajouter aux favoris=Add to favourites|Ajouter à votre sélection=Add to your
 selection|Offrir cet article=Give this article|Offrir l'article=Give this article|Lire plus tard=Read later|
Écouter=Listen|Écouter l'article=Listen to the article|Suivre=Follow|S'abonner=Subscribe|Abonnez-vous=Subscribe|
Je m'abonne=Subscribe|Se connecter=Log in|Connexion=Log in|Connectez-vous=Log in|S'inscrire=Sign up|
Je m'inscris=Sign up|Inscrivez-vous=Sign up|Newsletters=Newsletters|Nos newsletters=Our newsletters|
Article réservé aux abonnés=Article for subscribers only|Réservé aux abonnés=For subscribers only|
Réservé à nos abonnés=For our subscribers only|Abonnés=Subscribers|Contenu réservé aux abonnés=For subscribers only|
La suite est réservée aux abonnés=The rest is for subscribers only|Lire aussi=Read also|À lire aussi=Read also|
À lire également=Read also|À voir aussi=See also|Voir aussi=See also|À écouter=Listen to|Lire la suite=Read on|
En savoir plus=Find out more|Voir plus=See more|Lire plus=Read more|La rédaction vous conseille=The editors recommend|
Nos conseils de lecture=Recommended reading|Sur le même sujet=On the same subject|Sur le même thème=On the same subject|
Dans la même rubrique=In the same section|À ne pas manquer=Not to be missed|Les plus lus=Most read|
Les articles les plus lus=Most read articles|Commentaires=Comments|Réagir=Comment|Réagissez=Comment|
Voir tous les commentaires=See all comments|Lire les commentaires=Read the comments|Signaler une erreur=Report an
 error|Signaler=Report|Réutiliser ce contenu=Reuse this content|Publicité=Advertisement|
Mots-clés=Keywords|Sujets=Topics|Thèmes=Topics|Étiquettes=Tags|Mentions légales=Legal notice|
Retour à l'accueil=Back to the home page|Retour en haut de page=Back to top|Haut de page=Top of page|
Article précédent=Previous article|Article suivant=Next article|Page suivante=Next page|Fermer=Close|Suivant=Next|
Précédent=Previous|Rechercher=Search|Télécharger=Download|Contenus sponsorisés=Sponsored content|Source=Source|
Sources=Sources|Disparitions=Obituaries|Carnet=Notices|Football=Football|Rugby=Rugby|Tennis=Tennis|
Ligue 1=Ligue 1|Handball=Handball|Golf=Golf|Voile=Sailing|Hippisme=Horse racing|Formule 1=Formula One|Ski=Skiing|
Reproduction interdite=Reproduction prohibited|Tous droits réservés=All rights reserved|
Guerre en Ukraine=War in Ukraine|Religion=Religion|
Logement social=Social housing|Automobile=Motoring|Finance=Finance|Finances=Finance|Marchés=Markets
"""
#: Lines of the page around an article that differ in a figure alone.
_COUNTED = (
    (re.compile(r"Temps de lecture ?:? ?(\d+) ?(?:minutes?|min|mn)\.?"), r"Reading time: \1 min"),
    (re.compile(r"Lecture ?:? ?(\d+) ?(?:minutes?|min|mn)\.?"), r"\1 min read"),
    (re.compile(r"(\d+) commentaires?"), r"\1 comments"),
    (re.compile(r"(\d+) partages?"), r"\1 shares"),
    (
        re.compile(r"Il vous reste (\d+(?:[.,]\d+)?) ?% de cet article à lire\."),
        r"You have \1% of this article left to read.",
    ),
    (re.compile(r"Voir tous les commentaires \((\d+)\)"), r"See all comments (\1)"),
)
#: Rubrics and lines of buttons are short.
_LONGEST = 200
_JOINT = re.compile(r"([ \u00a0]?(?:[>•/|›»·]|(?<=[ \u00a0])[-–](?=[ \u00a0]))[ \u00a0]?)")
_RUBRICS = {
    french.casefold(): english
    for french, _, english in (pair.partition("=") for pair in _TABLE.replace("\n", "").split("|"))
}
_LINE = re.compile(r"(?P<words>[^\W\d_][^\d_:.!?]*?(?: 1)?)(?P<end>[ \u00a0\u202f]?:)?")


def english_rubric(text: str) -> str | None:
    """Return a rubric or button in English, in capitals where it is, or None where ``text`` is none.

    Several joined by marks (« Accueil > Politique ») are one.
    """
    if len(text) > _LONGEST:
        return None
    text = text.replace("’", "'")
    for pattern, counted in _COUNTED:
        if found := pattern.fullmatch(text.replace("\u00a0", " ").replace("\u202f", " ")):
            return found.expand(counted)
    parts = _JOINT.split(text)
    if len(parts) > 1:
        said = [english_rubric(part) if number % 2 == 0 else part for number, part in enumerate(parts)]
        return None if None in said else "".join(str(part) for part in said)
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
