"""What English calls a country or a city that French names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

#: One word with a capital; a place of several words is seldom copied whole.
_NAME = re.compile(r"(?<![\w-])[A-ZÀ-Ý][^\W\d_]{2,}(?![\w-])")

#: Cities and regions of the news that CLDR does not name, because no time zone is called after them.
_MORE = """
Pékin=Beijing|Genève=Geneva|La Haye=The Hague|Francfort=Frankfurt|Munich=Munich|Cologne=Cologne|Hambourg=Hamburg|
Milan=Milan|Turin=Turin|Venise=Venice|Florence=Florence|Naples=Naples|Gênes=Genoa|Barcelone=Barcelona|Séville=Seville|
Saragosse=Zaragoza|Bâle=Basel|Berne=Bern|Anvers=Antwerp|Gand=Ghent|Cracovie=Krakow|Édimbourg=Edinburgh|Edimbourg=Edinburgh|
Saint-Pétersbourg=St Petersburg|Kharkiv=Kharkiv|Odessa=Odesa|Tachkent=Tashkent|Djakarta=Jakarta|Hanoï=Hanoi|
La Nouvelle-Orléans=New Orleans|Philadelphie=Philadelphia|La Nouvelle-Delhi=New Delhi|Le Cap=Cape Town|Tanger=Tangier|
Alep=Aleppo|Lattaquié=Latakia|Mossoul=Mosul|Bassorah=Basra|Falloujah=Fallujah|Kirkouk=Kirkuk|Naplouse=Nablus|
Hébron=Hebron|Bethléem=Bethlehem|Jénine=Jenin|Cisjordanie=West Bank|Tel-Aviv=Tel Aviv|Saïda=Sidon|Abou Dhabi=Abu Dhabi|
Dubaï=Dubai|La Mecque=Mecca|Sanaa=Sanaa|Kaboul=Kabul|Erevan=Yerevan|Tbilissi=Tbilisi|Bakou=Baku|Corse=Corsica|
Bretagne=Brittany|Normandie=Normandy|Bourgogne=Burgundy|Catalogne=Catalonia|Écosse=Scotland|Angleterre=England|
Crimée=Crimea|Tchétchénie=Chechnya|Kremlin=Kremlin|Europe=Europe|Afrique=Africa|Asie=Asia|Amérique=America|
Grande-Bretagne=Britain|Palestine=Palestine|Tchéquie=Czechia|Birmanie=Myanmar|Kurdistan=Kurdistan|Pentagone=Pentagon|
Gaza=Gaza|Sahel=Sahel|Maghreb=Maghreb|Turquie=Turkey|Hollande=Holland|Bosnie=Bosnia|Iran=Iran|Oman=Oman|Bénin=Benin
"""


def english_place(name: str) -> str | None:
    """Return the English name of a country, city or region given in French, in any case; None where none is known.

    Countries and the cities that time zones are called after come from CLDR (by way of Babel), a few more from
    a table of ours.
    """
    return _places().get(name.casefold().replace("’", "'"))


def in_english(text: str, source: str) -> str:
    """Return ``text``, a translation of ``source``, with places copied from the French under their English names."""

    def name(match: re.Match[str]) -> str:
        word = match[0]
        return english_place(word) or word if word in french else word

    french = set(_NAME.findall(source))
    return _NAME.sub(name, text) if french else text


@cache
def _places() -> Mapping[str, str]:
    from babel import Locale

    french, english = Locale("fr"), Locale("en")
    found: dict[str, str] = {}
    for zone, names in french.time_zones.items():
        city = english.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
        if "city" in names and "[" not in names["city"] and "(" not in names["city"]:
            found[names["city"]] = city
    for code, territory in french.territories.items():
        if not code.isdigit() and code in english.territories:
            found[territory] = english.territories[code]
    for pair in _MORE.replace("\n", "").split("|"):
        place, _, shown = pair.partition("=")
        found[place] = shown
    return MappingProxyType({place.casefold().replace("’", "'"): shown for place, shown in found.items()})
