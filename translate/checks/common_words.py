"""French words that are written with a capital in titles and names, and translated rather than copied."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

_NOUNS = """
a academie accord accords action administration affaires age agence agriculture aide aigle ainsi air album
aller alliance alors amendement ami amiral amis amour an ancien ancienne anciens andine anglicane annee
annees aout apotre appel apres arc archipel armee arts asile assemblee assises association asteroide au
aussi auteur automne autorite autre aux avait avant avec avenir avenue avocat avoir avril bal banque bas
basse bataille bateau batiment belle bible bibliotheque bien bientot blanc bois bon bonjour bonne bouclier
bourse brigade bureau cabinet camp campagne canal cap capitaine caporal car cathedrale cause cavalerie ce
cellule cent centrale centre ces cet cette chaise chambre champ champion championnat champs chancelier
chanceliere chanson chant charte chat chateau chef chemin cheval chevalier chevaliers chez chien chiite
chiites ciel cinema cinq cite citoyens clan classe climat club code coeur college colonel combien comete
comite commandant comme comment commerce commissaire commissariat commission commun communaute commune
communes communiste compagnie comte concours confederation conference congres conseil conseiller
conservateur conservateurs consommation constitution conte contes contre convention cooperation coran
corbeau corps cote coupe cour course croiseur croissant croix cuirasse culture cycle d dame dans de decembre
declaration defense delegation democrate democrates departement depuis depute deputes dernier derniere des
desert destroyer deux developpement diable dimanche directeur direction directive directrice discours divin
divine dix doc docteur doctrine donc dossier dragon dre droit droite droits du duc duche eau ecole ecologie
economie edition editions education egalite eglise election elections elle elles empereur empire emploi en
energie enfance enfant enfants enquete ensemble entente entre environnement equipe ere escadron esclave
espace esprit est et etait etat etats ete eternel eternelle etranger etrangeres etrangers etre etudes euro
europeenne evangile evenement eveque exposition face faculte faire fait famille faucon federal federale
federation femme femmes ferme fete feu feuille fevrier filiere film films finances fleuve flotte flottille
foire fonction fond fondateur fondation fonds football force forces foret forum fregate frere freres front
frontiere fusee fusil galaxie gare gauche gaz gendarmerie general generale genie gouvernement gouverneur
grand grande grandes grands groupe guerre guide gymnase habitat halles haute hauts heritage heros heure
heures histoire hiver homme hommes hopital hotel huit humanite il ile iles ils immigration impot
independance independant industrie industriel infanterie information initiative inquietudes inspecteur
institut instituts intelligence interieur international internationale internet invention islamique
islamiste islamistes janvier jardin jardins je jeu jeudi jeune jeunes jeunesse jeux jour journal journee
jours juge juges juillet juin jurassique justice l la laboratoire labour lac langue le leader les lettre
lettres leur leurs liberal liberation liberte libre lieutenant ligne ligue lion livre livres logement loi
lois long lord lorsque loup lumiere lumieres lundi lutte lycee ma madame mademoiselle magazine mai main
mains maire mairie mais maitre majeste majorite mal maladie marche mardi mare marechal mariage marine marque
marquis mars marxisme medecin medecine medecins media mediateur memoire mer merci mercredi mere mes messe
messie messieurs metro mi midi milieu militaire mille million mine ministere ministre ministres minute
mission mme mode moderne moment mon monarchie monde mondial mondiale monnaie monsieur mont montagne
montagnes monts monument mort mouton mouvement moyen municipalite mur musee musique mystere nation national
nationale nationales nations nature naval navette ne net neuf ni noble noir noire nom non nord nos notre
nous nouveau nouveaux nouvel novembre nuit nuits numerique objectif observatoire ocean octobre oeil office
officier oiseau olympique olympiques ombre on ont opera operation opposition or orchestre ordre organisation
orientale orthodoxe ou oui ours ouverture paix palais pape papier par parc parlement parole parquet
partenariat parti partie partis pas pasteur patrie patrimoine patron pavillon pays peche peinture pendant
pere petit petite petits petrole peuple peut phare phenomene philosophie piece place plage plaine plan
planete plateau plateforme pleine plus poeme point poisson pole police politique pont pontife populaire
population port porte poste pour pourquoi pouvoir prefecture prefet premier premiere premieres premiers
presidence president presidente presidents presse prince princes princesse printemps prison prix proche
procureur professeur programme progres projet prophete protection protocole province provinces prudence
public publique publiques quai quand quartier quatre que quel quelle quelles quels question qui radical
radio rapport rassemblement recherche reflexion reforme regime regiment region registre reine relations
religion renaissance renard rep republicain republicains republique reseau reserve resistance resolution
restaurant revolution revue riviere robe roc roi rois roman romantisme rouge route royal royale royaume rue
sa sacre sacree sage saint sainte saintete saints saison salle salon samedi sanctuaire sans sante satellite
sauvage savoie sceaux science sciences sculpture seconde secretaire secretariat section securite seigneur
seine selon semaine senat senateur senateurs sept septembre sera sergent serie serpent service services ses
seul shah si siecle siege signe silence singe six socialiste socialistes societe soeur soir sommet son sonde
sont source sous souvent souverain soviet sovietique soviets stade station statut strategie studio sultan
sunnite sunnites suprematie supreme sur syndicat ta table tableau taliban talibans telescope temoin temps
terminal terre terreur territoire territoires tes testament tete theatre tiers tigre titre toile tombe ton
tortue tour tournoi tous tout toute toutes train traite transport transports travail travaux trente tresor
tribunal tribune trois trone tsar tu un une unie unies union univers universite universites urgence usine
vaisseau vallee vendredi vent vente ventes verite vers verte vice victoire vie vieille vieux village ville
villes vin vingt voici voie voila voix vol volcan volonte vos vote votre vous voyage web y yeux zone
"""

#: Words, folded, that need not be copied.
COMMON_WORDS = frozenset(_NOUNS.split())

_ENDS = """
tion tions sion sions ment ments ite ites isme ismes iste istes eur eurs euse euses trice trices aire
aires ance ances ence ences ique iques age ages ure ures ien iens ienne iennes ois oise oises ais aise
aises ain ains aine aines ee ees eux euse elle elles if ifs ive ives al aux ales able ables ible ibles
logie logue logues graphie archie cratie crate crates eaux erie eries ade ades ant ants ante antes iere
ieres ier iers esque
"""
#: Ends of French words (nouns and adjectives of learned origin) that names rarely have.
FRENCH_ENDS = tuple(_ENDS.split())


@lru_cache(maxsize=1)
def lower_case() -> frozenset[str]:
    """Return the French words of four letters or more that hardly ever have a capital, counted in news."""
    lines = resources.files("translate.checks").joinpath("lower_case.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
