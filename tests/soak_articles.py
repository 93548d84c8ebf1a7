"""Invented agency copy for the soak: articles, bad files, odd names; the same seed makes the same folder."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

#: Distinct sentences that all articles are drawn from: most repeat, as they do in agency copy.
SENTENCES = 3000
HEADLINES = 400

#: One file in so many is no plain UTF-8 article.
ODD_EVERY = 100

TEMPLATES = (
    "{person} a annoncé {day} que la ville de {town} consacrerait {millions} millions d'euros à {work}.",
    "Selon {org}, {count} personnes ont participé à la manifestation organisée le {date} à {town}.",
    "Le conseil municipal de {town} a adopté le projet par {few} voix contre {less}.",
    "« Nous n'accepterons pas un centime de moins », a déclaré {person}, {role} de {org}.",
    "Les travaux de {work} n'ont pas commencé avant le {date} et coûteront {millions} millions d'euros.",
    "Le chiffre d'affaires de {org} a reculé de {percent} % en {year}, à {millions} millions d'euros.",
    "Près de {count} habitants de {town} ont été privés d'électricité {day} pendant {less} heures.",
    "Le tribunal de {town} rendra sa décision le {date}, a indiqué {day} l'avocat de {org}.",
    "{person}, {role} de {org}, ne sera pas candidat aux élections de {year}.",
    "Entre {year} et {later}, le nombre d'emplois à {town} a augmenté de {percent} %, selon {org}.",
    "Aucun des {few} passagers n'a été blessé dans l'accident survenu {day} près de {town}.",
    "Le prix moyen d'un logement à {town} atteint désormais {count} euros, soit {percent} % de plus qu'en {year}.",
    "D'après {person}, {work} ne pourra pas rouvrir avant le {date}.",
    "La préfecture a fait évacuer {few} familles de {town} après la crue du {date}.",
    "{org} emploie {count} salariés, dont {few} à {town}, et prévoit d'en recruter {less} autres.",
    "« Il faut que {work} soit achevée avant {later} », a insisté {person} devant la presse.",
    "Le {date}, {few} députés sur {more} ont voté contre le texte défendu par {person}.",
    "Les pompiers de {town} ont mis {less} heures à maîtriser l'incendie, qui a détruit {few} hectares.",
)
HEADLINE_TEMPLATES = (
    "{town} : {work} coûtera {millions} millions d'euros",
    "{org} supprime {few} emplois à {town}",
    "Élections de {later} : {person} renonce",
    "À {town}, {count} personnes dans la rue",
)
TOWNS = ("Port-Ligny", "Vaubrun", "Sainte-Orme", "Montelier", "Castelroy", "Brévannes", "La Ferrière", "Lauzac")
PEOPLE = ("Solène Kerbrat", "Bastien Oriol", "Inès Darbois", "Maryvonne Castelnau", "Youssef Lamrani", "Paul Estève")
ROLES = ("présidente", "porte-parole", "directeur", "secrétaire général", "trésorière")
ORGS = ("Rivière vivante", "la Banque du Littoral", "l'Institut Mercure", "Transports Oriol", "la région Val-d'Orne")
WORKS = ("la ligne de tramway", "la piscine municipale", "la digue de l'Aubrette", "la gare routière", "la médiathèque")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(" ")

#: Names as people and programs give them; bytes that are no UTF-8 as surrogates. "memory" and "manifest" would
#: mislead who tells errors apart by words in them.
ODD_NAMES = (
    "{n} été à Noël.txt",
    "{n}-memory-damaged.txt",
    "{n} manifest full.md",
    "{n}-latin-\udce9t\udce9.txt",
    "{n}-two\nlines.txt",
    "{n}-🗞️.md",
    "-{n} --force.txt",
    "{n}.txt.md",
    "{n} 'quoted' \"twice\".txt",
    "{n}.fr.TXT",
)


@dataclass(frozen=True)
class Article:
    """A file of the soak: where it goes, its bytes, and whether it can be translated."""

    name: str
    data: bytes
    good: bool


@dataclass(frozen=True)
class Press:
    """Makes articles; ``seed`` decides all of them."""

    seed: int

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The pool of sentences."""
        return self._pool(TEMPLATES, SENTENCES)

    @cached_property
    def headlines(self) -> tuple[str, ...]:
        """The pool of headlines."""
        return self._pool(HEADLINE_TEMPLATES, HEADLINES)

    def _pool(self, templates: tuple[str, ...], size: int) -> tuple[str, ...]:
        chance = random.Random(f"{self.seed} {templates[0]}")
        found: dict[str, None] = {}
        while len(found) < size:
            found[_filled(chance.choice(templates), chance)] = None
        return tuple(found)

    def text(self, number: int, pool: int = SENTENCES) -> str:
        """Return article ``number``: headline, dateline, 4 to 12 sentences; one in fifty repeats an earlier one.

        Its sentences are of the first ``pool``.
        """
        chance = random.Random(f"{self.seed} article {number}")
        if number > 50 and chance.random() < 0.02:
            return self.text(chance.randrange(50), pool)
        body = chance.sample(self.sentences[:pool], chance.randint(4, 12))
        dateline = f"{chance.choice(TOWNS).upper()}, {_date(chance)} (Littoral) – {body[0]}"
        paragraphs = [chance.choice(self.headlines[: pool // 5]), dateline]
        rest = body[1:]
        while rest:
            length = chance.choice((1, 1, 2, 3))
            paragraphs.append(" ".join(rest[:length]))
            rest = rest[length:]
        return "\n\n".join(paragraphs) + "\n"

    def articles(self, count: int) -> Iterator[Article]:
        """Yield the files of a folder of ``count``: nested, some oddly named, one in a hundred no plain article."""
        for number in range(count):
            chance = random.Random(f"{self.seed} file {number}")
            name = f"{2015 + number * 10 // count}/{number // 100 % 12 + 1:02}/{number:06}"
            if number % ODD_EVERY == ODD_EVERY // 2:
                kinds = tuple(ODDITIES)
                kind = kinds[number // ODD_EVERY % len(kinds)]
                make, good = ODDITIES[kind]
                yield Article(f"{name}-{kind}.txt", make(self, number, chance), good)
                continue
            if number % 20 == 7:
                name = f"{name[:-6]}{ODD_NAMES[number // 20 % len(ODD_NAMES)].format(n=f'{number:06}')}"
            elif number % 40 == 1:  # the stem of the article before, with another ending
                name = f"{name[:-6]}{number - 1:06}.md"
            else:
                name += ".md" if number % 40 and chance.random() < 0.15 else ".txt"
            # The memory keeps Markdown apart from text, and asks the model for both: a small pool for it will do.
            pool = SENTENCES // 10 if name.endswith(".md") else SENTENCES
            yield Article(name, self.text(number, pool).encode(), True)


def _filled(template: str, chance: random.Random) -> str:
    year = chance.randint(2009, 2022)
    text = template.format(
        person=chance.choice(PEOPLE),
        role=chance.choice(ROLES),
        org=chance.choice(ORGS),
        town=chance.choice(TOWNS),
        work=chance.choice(WORKS),
        day=chance.choice(DAYS),
        date=_date(chance),
        year=year,
        later=year + chance.randint(1, 8),
        few=chance.randint(21, 60),
        less=chance.randint(2, 20),
        more=chance.randint(61, 577),
        count=f"{chance.randint(2, 90)} {chance.randint(0, 9)}00",
        percent=f"{chance.randint(1, 30)},{chance.randint(1, 9)}",
        millions=f"{chance.randint(2, 400)},{chance.randint(1, 9)}",
    )
    return text[0].upper() + text[1:]


def _date(chance: random.Random) -> str:
    return f"{chance.randint(2, 28)} {chance.choice(MONTHS)}"


def _binary(press: Press, number: int, chance: random.Random) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chance.randbytes(4000)


def _nul(press: Press, number: int, chance: random.Random) -> bytes:
    data = press.text(number).encode()
    return data[:200] + b"\0" * 16 + data[200:]


def _line(press: Press, number: int, chance: random.Random) -> bytes:
    return " ".join(chance.choices(press.sentences, k=300)).encode() + b"\n"


#: What is no plain UTF-8 article: how it is made, and whether it can be translated all the same.
ODDITIES: dict[str, tuple[Callable[[Press, int, random.Random], bytes], bool]] = {
    "binary": (_binary, False),
    "nul": (_nul, False),
    "blank": (lambda press, number, chance: b" \n\n\t\n", True),
    "zero": (lambda press, number, chance: b"", True),
    "cp1252": (lambda press, number, chance: press.text(number).encode("cp1252"), True),
    "utf16": (lambda press, number, chance: press.text(number).encode("utf-16"), True),
    "line": (_line, True),
}


def write_folder(press: Press, count: int, folder: Path) -> dict[str, bool]:
    """Write the articles; return for each name whether it can be translated."""
    made: dict[str, bool] = {}
    for article in press.articles(count):
        path = folder / article.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(article.data)
        made[article.name] = article.good
    return made
