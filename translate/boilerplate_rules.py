r"""What the lines around an article look like in the French press: patterns for translate.boilerplate.

Every pattern must match a whole line, white space collapsed. Case is ignored unless a rule says otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A whole-line pattern and what it makes of a block.

    ``place`` restricts it to the lines above the first paragraph (``top``), above the second, as the first
    may be a standfirst (``near``), below the last (``end``), or to the last and those below it (``last``).
    ``unstopped`` restricts it to lines without a final full stop.
    """

    label: str
    reason: str
    pattern: re.Pattern[str]
    place: str = ""
    unstopped: bool = False


def _rule(
    label: str, reason: str, *alternatives: str, place: str = "", unstopped: bool = False, case: bool = False
) -> Rule:
    pattern = re.compile("|".join(f"(?:{a})" for a in alternatives), 0 if case else re.IGNORECASE)
    return Rule(label, reason, pattern, place, unstopped)


def _any(*words: str) -> str:
    return f"(?:{'|'.join(words)})"


UPPER = "(?-i:[A-ZÀ-ÖØ-ÞŒ])"
AGENCY = _any(
    *("AFP", "REUTERS", "Reuters", "AP", "ANP", "EFE", "ANSA", "Belga", "BELGA", "SIPA", "Sipa", "MAXPPP"),
    *("MaxPPP", "Maxppp", "EPA", "DPA", "dpa", "Xinhua", "TASS", "APS", "ABACAPRESS", "ABACA", "Abaca"),
    *("Hans Lucas", "Getty(?: Images)?", "GETTY(?: IMAGES)?", "iStock", "Shutterstock", "Associated Press"),
    *("DR", r"D\.R\."),
)
AGENCY_LIST = rf"(?:l['’]|les )?{AGENCY}(?:(?:,| et| ?/) (?:l['’]|les )?(?:{AGENCY}|agences?))*"
NETWORK = _any(
    *("facebook", "twitter", "x", "whatsapp", "linkedin", "telegram", "instagram", "messenger", "pinterest"),
    *(
        "youtube",
        "tiktok",
        "threads",
        "bluesky",
        "mastodon",
        "e-?mail",
        "courriel",
        "mail",
        "sms",
        "flipboard",
    ),
    *("google news", "google actualités"),
)
NETWORKS = rf"{NETWORK}(?:(?:\s*[,/|·•]\s*|\s+(?:et|ou)\s+(?:sur\s+|par\s+)?|\s+){NETWORK})*"
SHARE_ACTION = _any(
    *(rf"partager(?: (?:sur|par|via) {NETWORK})?", "tweeter", "imprimer", "copier le lien", "lien copié"),
    *(
        "envoyer(?: par (?:e-?mail|courriel)| à un ami)?",
        "enregistrer",
        "sauvegarder",
        "épingler",
        "commenter",
    ),
    *(
        "réagir",
        "lire plus tard",
        r"écouter(?: - \d+:\d+| (?:cet |l['’])article)?",
        "(?:télécharger (?:le|en) )?pdf",
        "ajouter (?:à|aux) (?:vos |mes |ses )?(?:favoris|sélections)",
    ),
    "offrir(?: (?:cet |l['’])article)?",
)
SHARED = _any("cet article", "l['’]article", "cette page", "cette vidéo", "ce contenu", "la page")
SUBSCRIBED = _any(
    *("newsletters?", "infolettres?", "lettres? ", "chaîne", "notre compte", "notre page", "alertes?"),
    *(
        "notre journal",
        "nos offres",
        "notifications",
        r"partir de \d",
        r"\d\s?€",
        "mediapart",
        "podcasts?",
        "boîte (?:e-?)?mail",
    ),
)
GENRE_OF_LINK = _any(
    *("entretien", "interview", "éditorial", "enquête", "reportage", "analyse", "décryptage", "dossier"),
    *("portrait", "récit", "tribune", "article", "chronique", "podcast", "vidéo", "direct", "live"),
)
MONTH = _any(
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre"),
    *("novembre", "décembre", r"janv\.", r"févr\.", r"sept\.", r"oct\.", r"nov\.", r"déc\."),
)
WEEKDAY = _any("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
DATE = _any(rf"\d{{1,2}}(?:er)? {MONTH}(?: \d{{4}})?", r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}", r"\d{4}-\d{2}-\d{2}")
BULLET = r"(?:[►▶▸→»>•*–—|+-]+\s*)?\[?"
#: A title after “Lire aussi”: behind a colon, or beginning with a capital, a quotation mark or a number.
TITLE = r"(?:\s*[:|>»→-]\s*\S.*|\s+(?-i:[«“\"A-ZÀ-ÖØ-ÞŒ0-9]).*)"
LINK_VERB = _any("lire", "voir", "écouter", "revoir", "relire", "regarder", "découvrir", "consulter")
NAMED = r"[\w.’'-]+"

SHARE = (
    _rule(
        "share",
        "a share bar",
        rf"partage[rz](?: {SHARED})?(?: (?:sur|via|par) {NETWORKS}| {NETWORKS})?\s*[:!.]?",
        rf"partage[rz](?: {SHARED})?\s*:?(?:\s*(?:(?:sur|par|via) )?{NETWORK}\b[,/|·•]?){{1,9}}",
        rf"partage[rz](?: {SHARED})? (?:sur les réseaux sociaux|avec vos amis)\s*[:!.]?",
        rf"{SHARE_ACTION}(?:[\s,/|·•]+(?:{SHARE_ACTION}|{NETWORKS}))*\s*[:!]?",
        rf"{NETWORK}(?:[\s,/|·•]+(?:{SHARE_ACTION}|{NETWORK}))+",
    ),
    _rule(
        "share",
        "an invitation to follow",
        rf"(?:suivez|retrouvez|rejoignez)[- ]nous(?: (?:aussi|également))?"
        rf"(?: (?:sur|via) (?:.{{0,30}}\b{NETWORKS}|(?:nos|les) réseaux sociaux))?\s*[:!.]?",
    ),
    _rule(
        "share",
        "an invitation to subscribe",
        rf"(?:[^,.]{{1,40}}, )?(?:abonnez|inscrivez|réabonnez)[- ]vous\b.*{SUBSCRIBED}.*",
        r"(?:je m['’]abonne|s['’]abonner|abonnez[- ]vous)"
        r"(?: (?:maintenant|gratuitement|dès .{1,20}|pour .{1,20}))?\s*[:!.]?",
        r"(?:[^,.]{1,40}, )?(?:recevez|recevoir) .*"
        r"(?:newsletter|infolettre|boîte (?:e-?)?mail|boîte de réception|par e-?mail).*",
        r"(?:.{1,80}! )?téléchargez (?:l['’]|notre )appli(?:cation)?\b.*",
        r"suivez .* en téléchargeant l['’]appli.*",
    ),
    _rule(
        "share",
        "a newsletter line",
        r"(?:la |notre |nos )?newsletters?(?: (?:de|du|des) .{1,40}|\s*:.{1,60}|(?: (?-i:[A-ZÀ-Ý])[\w’'-]*){1,3})?",
        unstopped=True,
    ),
    _rule(
        "share",
        "a line about comments",
        r"(?:\d+ |aucun )?commentaires?(?: ?\(\d+\)| ?: ?\d+)?",
        r"(?:laisser|écrire|ajouter|poster|publier) un commentaire|réagir à cet article",
        r"(?:lire|voir) (?:tous )?les (?:\d+ )?commentaires",
    ),
    _rule(
        "share",
        "a subscription notice",
        r"il vous reste \d+(?:[.,]\d+)?\s?% de cet article à lire\b.*|déjà abonné ?\?.*",
        r"la suite est réservée aux abonnés\.?|(?:(?:cet )?article )?réservé (?:à nos|aux) abonnés\.?",
    ),
    _rule(
        "share",
        "an element of the page",
        r"(?:passer la )?publicité|contenu sponsorisé|retour en haut(?: de (?:la )?page)?|haut de page",
        r"signaler une erreur|réutiliser ce contenu|je m['’]inscris|s['’]inscrire|se connecter|mentions légales",
        r"retour à l['’]accueil|voir tous les commentaires(?: ?\(\d+\))?",
    ),
)

RELATED = (
    _rule(
        "related",
        "a link to another article",
        rf"{BULLET}[àaá] {LINK_VERB} (?:aussi|également|ailleurs|encore|sur le même sujet)(?:\s*:?|{TITLE})",
        rf"{BULLET}[àaá] {LINK_VERB}(?: sur [\w. ]{{2,25}})?(?:\s*[:|>](?:\s*\S.*)?| \[.*)",
        rf"{BULLET}{LINK_VERB} (?:aussi|également)(?:\s*:?|{TITLE})",
        # A link whose title lost its space on the way from the page: « À lire aussiLe théâtre rouvre ».
        rf"{BULLET}(?:[àaá] )?{LINK_VERB} aussi(?-i:[«“\"A-ZÀ-ÖØ-ÞŒ0-9]).*",
        rf"{BULLET}(?:{LINK_VERB}|retrouvez) (?:aussi |également )?(?:l['’]|les |le |la |notre |nos )"
        rf"{GENRE_OF_LINK}s?(?: [\w’' -]{{1,30}})?\s*[:|>].*",
    ),
    _rule(
        "related",
        "a link to other articles",
        rf"{BULLET}(?:sur le même (?:sujet|thème)|pour aller plus loin|pour en savoir plus)"
        r"(?:\s*:?|\s*[:|>].+)",
        rf"{BULLET}(?:nos )?(?:articles?|contenus?) "
        r"(?:liés?|associés?|similaires?|recommandés?|connexes?)\s*:?",
        rf"{BULLET}(?:dans la même rubrique|ailleurs sur le web|à ne pas manquer|nos autres articles)\s*:?",
        rf"{BULLET}la (?:rédaction vous (?:conseille|recommande)|sélection de la rédaction)\s*:?",
        rf"{BULLET}(?:les (?:articles les )?plus lus|vous aimerez aussi|notre dossier)(?:\s*:?|\s*:.+)",
    ),
    _rule(
        "related",
        "keywords",
        r"(?:mots[- ]clés?|tags?|sujets?|thèmes?|thématiques?)\s*:\s*\S.{0,200}",
        place="end",
        unstopped=True,
    ),
    _rule(
        "related",
        "a link to the rest of the article",
        rf"{BULLET}lire la suite(?: (?:de l['’]article|sur .{{1,30}}))?\s*[.…:]*\]?(?:\(.*\))?",
    ),
)

SOURCE = (
    _rule("source", "names the source", r"sources?\s*:\s*\S.*", place="end"),
    _rule("source", "names the source", r"sources?\s*:\s*\S+(?: \S+){0,5}", unstopped=True),
    _rule(
        "source",
        "names the news agency",
        rf"\(?(?:{UPPER}[\w’' ]{{1,30}} )?\(?avec {AGENCY_LIST}\)?\.?",
        rf"(?-i:\(?{AGENCY}(?:[,/] ?{AGENCY})*\)?)",
        place="end",
    ),
    _rule("source", "a copyright line", rf"(?:©|\(c\))\s*(?:\d{{4}}\s+)?(?-i:{AGENCY})\.?", place="end"),
    _rule("source", "a copyright line", r"(?:(?:copyright|©|\(c\)) ?.{0,60}?)?tous droits réservés.*"),
    _rule(
        "source",
        "tells where the text first appeared",
        r"cet article (?:est|a été) (?:re)?publié .*|article original\b.*",
        r"(?:texte|article) (?:initialement )?(?:paru|publié) .*",
        place="last",
    ),
)

CREDIT = (
    _rule(
        "credit",
        "a byline",
        rf"(?:texte |recueilli |vidéo |photos? |écrit )?par\s*:?\s*{UPPER}.*",
        r"(?:par )?(?:la |notre )(?:rédaction|service \w+)(?: (?:de|du|avec) .{1,40})?",
        r"(?:de )?(?:notre|nos) (?:correspondant|envoyé)[\w·(). ,’'à-]{0,60}",
        rf"(?:[\w’' ]{{1,30}} )?avec {AGENCY_LIST}",
        rf"(?-i:{AGENCY})",
        "collectif",
        place="near",
        unstopped=True,
    ),
    _rule(
        "credit",
        "names who wrote or translated it",
        r"(?:propos recueillis|traduit de .{1,30}|recueilli) par .*",
    ),
    _rule(
        "credit",
        "the date of publication",
        r"(?:publié|mis à jour|modifié|posté|mis en ligne|créé|diffusé)e?"
        r"(?: (?:le|à|il y a|hier|aujourd['’]hui)\b|\s*:).*\d.*",
        r"(?:première publication|dernière modification|dernière mise à jour)\s*:?.*\d.*",
        unstopped=True,
    ),
    _rule(
        "credit",
        "a date alone",
        rf"(?:le )?(?:{WEEKDAY},? )?{DATE}"
        r"(?:,? (?:à )?\d{1,2} ?[h:] ?\d{0,2}| ?[-–|] ?\d{1,2} ?[h:] ?\d{0,2})?",
        place="near",
    ),
    _rule(
        "credit",
        "the reading time",
        r"(?:temps de )?lecture\s*:?\s*\d+ ?min(?:utes?|\.)?|\d+ min(?:utes?)?(?: de lecture)?",
    ),
    _rule(
        "credit",
        "a photo credit",
        r"(?:crédits?(?: photos?)?|photos?|images?|infographie)\s*:\s*\S.*",
        rf"(?:©|\(c\)|photos? )\s*[^.!?]{{0,50}}(?:(?-i:{AGENCY})|/)[^.!?]{{0,30}}",
        unstopped=True,
    ),
)

#: The tail of a caption: ©, an agency and a photographer, or either of them in brackets.
CAPTION = (
    _rule(
        "caption",
        "says that it is a caption",
        r"(?:légende|(?:photo|image) d['’](?:illustration|archives?)|capture d['’]écran)\b.*",
        unstopped=True,
    ),
    _rule(
        "caption",
        "ends with a photo credit",
        r"(?!copyright\b).*\S\s*[©ⓒ]\s*(?:[^.!?©]|(?-i:\b[A-Z]\.)){1,60}\.?",
    ),
    _rule(
        "caption",
        "ends with a photo credit",
        rf".*[.»\")!?,] {AGENCY}(?:\s?[-–/|]\s?[\w.’' -]{{2,40}})?",
        rf".*[.»\")!?,] [A-ZÀ-Ý][\w.’'-]*(?: {NAMED}){{0,4}}\s?[/|]\s?{AGENCY}(?: ?/ ?[\w.’' ]{{2,30}})?",
        case=True,
        unstopped=True,
    ),
    _rule(
        "caption",
        "ends with a photo credit",
        # One sentence at most: a paragraph that ends with the credit of its picture is text all the same.
        r"(?:[^.!?]|[.!?](?=\S))*(?:[.!?]\s)?"
        r"\((?:[Pp]hotos?|[Ii]mages?|[Cc]rédits?|[Ii]llustration|[Aa]rchives?|[Cc]apture d['’]écran)\b"
        r"[^)]*\)\.?",
        rf".*\((?:{AGENCY}\s?/[^)]*|[^()]{{2,40}}/\s?{AGENCY})\)\.?",
        case=True,
    ),
    _rule(
        "caption",
        "ends with a photo credit",
        rf".*[.!?»] (?-i:[A-ZÀ-ÞŒ][A-ZÀ-ÞŒ.’' -]{{3,40}})(?:\s*/\s*(?-i:{AGENCY})|(?-i: POUR )[^.!?]{{2,40}})",
        place="near",
        unstopped=True,
    ),
    _rule(
        "caption",
        "ends with a photo credit",
        r".*[.!?»)] \| [A-ZÀ-Ý][A-ZÀ-Ý’' /-]{3,40}",
        rf".*[.!?»)] (?:LP|ARCHIVES|Archives|AFP)\s?/\s?[A-ZÀ-Ý][\w.’'-]*(?: {NAMED}){{0,3}}",
        place="near",
        case=True,
        unstopped=True,
    ),
    _rule("caption", "ends with a photo credit", rf".*\(©?\s?{AGENCY}\)", place="top", case=True),
)

#: In the order they are tried.
RULES: tuple[Rule, ...] = (*SHARE, *RELATED, *SOURCE, *CREDIT, *CAPTION)

COPYRIGHT = re.compile(r"(?:©|ⓒ|\([cC]\) |[Cc]opyright\b).*")
NETWORK_LINE = re.compile(NETWORKS, re.IGNORECASE)
#: Names of sections and genres that stand alone above (or just below) a headline.
GENRE = re.compile(
    _any(
        *(
            "urgent",
            "alerte info",
            "(?:en )?direct",
            "live",
            "vidéos?",
            "tv",
            "audio",
            "podcast",
            "infographie",
        ),
        *(
            "exclusif",
            "exclusivité",
            "reportage",
            "analyse",
            "entretien",
            "interview",
            "enquête",
            "décryptage",
        ),
        *(
            "tribune",
            "édito(?:rial)?",
            "chronique",
            "portrait",
            "récit",
            "opinions?",
            "point de vue",
            r"info \w+",
        ),
        *(
            "grand format",
            "long format",
            "fact[- ]checking",
            "à la une",
            "actualités?",
            "monde",
            "international",
        ),
        *(
            "politique",
            "économie",
            "société",
            "culture",
            "sports?",
            "afrique",
            "europe",
            "france",
            "amériques?",
        ),
        *(
            "asie",
            "moyen-orient",
            "proche-orient",
            "environnement",
            "climat",
            "santé",
            "sciences?",
            "énergie",
        ),
        *("justice", "idées", "débats"),
    ),
    re.IGNORECASE,
)
BREADCRUMB = re.compile(
    r"(?:accueil|home)\s*[>/›»|•-].{1,80}|[\w’' -]{2,30}(?:\s*[>›|•]\s*[\w’' -]{2,30}){1,4}", re.IGNORECASE
)
SALUTATION = re.compile(
    r"(?:madame|monsieur|mesdames|messieurs|ch(?:er|ère)s?|bonjour|salut)\b[^.!?:]{0,60},", re.IGNORECASE
)
CLOSING = re.compile(
    r"(?:veuillez|nous vous prions|je vous prie)\b.{0,40}\b(?:agréer|recevoir|croire)\b.*"
    r"|(?:bien )?cordialement,?",
    re.IGNORECASE,
)
NAME_ALONE = re.compile(r"[A-ZÀ-Ý][\w’'-]+(?: (?:[A-ZÀ-Ý][\w’'-]+|de|du|la|le|el|al|ben|von|van|et|[A-ZÀ-Ý]\.)){1,5}")
