"""French names that English writes otherwise: places, peoples, organisations, saints, feasts.

Each line: French words = beginnings of the English words that may stand for any of them, folded.
Names that differ by little (Argentine, Argentina) need no line: they are found by likeness.
"""

from __future__ import annotations

from translate.checks.place_names import PLACES

_ORGANISATIONS = """
onu nu = un united unga unsc
otan = nato atlantic alliance
ue = eu european union
usa eu = us usa united states america
urss = ussr soviet
oms = who world
fmi = imf monetary
omc = wto trade
ocde = oecd
oit = ilo labour
oea = oas
opep = opec
aiea = iaea atomic
hcr = unhcr refugee
haut = high upper haut top
bce = ecb central
bm = world bank
bird = ibrd
cpi = icc criminal
cij = icj justice
cedh = echr human
tpi tpiy tpir = icty ictr tribunal
bei = eib
berd = ebrd
pib = gdp gross
pnb = gnp gross
tva = vat
pdg dg = ceo chief director chair dg
drh = human hr
ong = ngo
sida = aids
vih = hiv
adn = dna
arn = rna
irm = mri
ivg = abortion terminat
pma = ivf assisted
ogm = gm gmo genetic
ges = greenhouse ghg
ia = ai artificial
ovni ovnis = ufo
rdc = drc congo
rda = gdr east
rfa = frg germany west
rpc = prc china
rca = car central
eau = uae emirat
sdf = homeless
hlm = housing social council
bd = comic
pme = sme small
pac = cap agricult
pesc = cfsp
pnud = undp
pnue = unep
pam = wfp food
giec = ipcc climate
jo = olymp
cio = ioc olymp
mme mlle m mm = mr mrs ms miss
me mgr = mr mrs ms attorney lawyer maitre bishop monsignor archbishop
tgv = tgv train
ps = ps socialist
pc pcf = communist pc pcf
tv tele = tv televis
co = co carbon
utc = utc gmt
gmt = gmt utc
alena = nafta
isf = isf wealth
dom = overseas dom
ei daech eiil = isis isil islamic daesh is
plq = plq liberal
cee ce = eec ec community commission european
pe = ep parliament
aube = golden dawn
coran = quran koran qur
bible = bible
noel = christmas noel
paques = easter
toussaint = saints toussaint
pentecote = pentecost whit
ascension = ascension
dieu = god dieu
marie = mary marie
vierge = virgin
jean = john jean
pierre = peter pierre
jacques = james jacques
francois = francis francois
benoit = benedict benoit
jules = jul
cesar = caesar
philippe = philip
henri = henry henri
guillaume = william guillaume
elisabeth = elizabeth elisabeth
etienne = stephen etienne
georges = george
louis = louis lewis
pape = pope
bouddha = buddha
mahomet = muhammad mohammed prophet
allah = allah god
confucius = confuc
platon = plato
aristote = aristot
homere = homer
virgile = virgil
dante = dante
michel ange = michelangelo michael michel
ciceron = cicero
neron = nero
moise = moses
internet = internet online web net
toile = web
lune = moon lunar
terre = earth land terra
soleil = sun solar
mars = mars martian
saturne = saturn
mercure = mercur
neptune = neptun
etoile = star etoile
vesuve = vesuv
maison = house home maison
elysee = elysee french president
bundestag = bundestag german
renaissance = renaissance
"""


def _table(lines: str) -> dict[str, tuple[str, ...]]:
    """Return the English beginnings by French word; a word on several lines has them all."""
    table: dict[str, tuple[str, ...]] = {}
    for line in filter(None, lines.splitlines()):
        french, english = line.split(" = ")
        for word in french.split():
            table[word] = table.get(word, ()) + tuple(english.split())
    return table


#: The beginnings of the English words that may stand for a French word, both folded.
EXONYMS = _table(PLACES + _ORGANISATIONS)
