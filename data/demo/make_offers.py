"""Write offers_2028.csv.gz: 240 made-up offers of 25 made-up providers, with gaps that are known.

Planted, and looked for by tests/supply: north of 51.5° no offer is in the evening or at the weekend; offers of digital
skills (F05) for older people are held in Baunatal and Hofgeismar only; of civic education (F07) there is none within
10 km of Bad Karlshafen; what some providers do not say stays empty. ``python data/demo/make_offers.py`` writes the same
bytes each time.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
from pathlib import Path

HERE = Path(__file__).parent
NORTH = 51.5
FAR_FROM_CIVIC = {"Bad Karlshafen", "Wesertal", "Trendelburg"}
CATEGORIES = {
    "F01": ("Frühe Bildung", "Eltern-Kind-Spielkreis"),
    "F02": ("Ganztag und Hausaufgaben", "Lernzeit am Nachmittag"),
    "F03": ("Berufsorientierung", "Werkstatt-Tag für Jugendliche"),
    "F04": ("Berufliche Weiterbildung", "Buchhaltung kompakt"),
    "F05": ("EDV und Internet", "Smartphone sicher nutzen"),
    "F06": ("Deutsch als Zweitsprache", "Deutsch A2"),
    "F07": ("Politik und Gesellschaft", "Wie entscheidet die Gemeinde?"),
    "F08": ("Kultur und Gestalten", "Töpfern für Einsteiger"),
    "F09": ("Gesundheit", "Rücken stärken"),
    "F10": ("Familienbildung", "Streiten ohne Schreien"),
}
PROVIDERS = {
    "Weiterbildung": ["Volkshochschule Muster", "Abendakademie Muster", "Bildungswerk Muster", "Lernhaus Muster"],
    "Frühe Bildung": ["Kita Regenbogen (Muster)", "Kita Sonnenhof (Muster)", "Familienzentrum Muster"],
    "Schule": ["Gesamtschule Muster", "Grundschule Muster", "Förderverein Schule Muster"],
    "Kinder-, Jugend- und Familienarbeit": ["Jugendhaus Muster", "Mehrgenerationenhaus Muster", "Jugendring Muster"],
    "Integration": ["Sprachtreff Muster", "Willkommensinitiative Muster"],
    "Zivilgesellschaft": [
        "Landfrauen Muster",
        "Sportverein Muster",
        "Kulturverein Muster",
        "Demokratiewerkstatt Muster",
    ],
    "Kirchen": ["Kirchengemeinde Muster", "Evangelisches Forum Muster"],
    "Betriebe": ["Kammer Muster", "Ausbildungsverbund Muster"],
    "Verwaltung": ["Kreisbibliothek Muster", "Medienzentrum Muster"],
}
HEAD = ["Nr", "Titel", "Anbieter", "Kategorie", "Zielgruppe", "Format", "Ort", "Beginn", "Ende", "Uhrzeit", "Stunden"]
HEAD += ["Gebühr", "Sprache", "Barrierefrei", "Kinderbetreuung", "Plätze", "Belegt", "Link"]


def municipalities() -> dict[str, float]:
    """Latitude by name, the inhabited ones."""
    text = (HERE.parent / "reference" / "municipalities_06633.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    return {row["name"].partition(",")[0]: float(row["lat"]) for row in rows if int(row["population"]) > 0}


def offer(number: int, rng: random.Random, latitude: dict[str, float]) -> list[str]:
    """One row."""
    item = list(CATEGORIES)[number % 10]
    category, title = CATEGORIES[item]
    group = rng.choice(list(PROVIDERS))
    provider = rng.choice(PROVIDERS[group])
    audience = rng.choice(["Erwachsene", "Erwachsene", "Ältere Menschen", "Familien", "Jugendliche"])
    names = sorted(latitude)
    if item == "F07":
        names = [name for name in names if name not in FAR_FROM_CIVIC]
    if item == "F05" and audience == "Ältere Menschen":
        names = ["Baunatal", "Hofgeismar"]
    place = rng.choice(names)
    online = rng.random() < 0.08 and item in ("F04", "F06")
    late = rng.random() < 0.35 and latitude[place] < NORTH and not online
    day = rng.randint(1, 5)
    month = rng.randint(1, 12)
    # 2028-01-03 is a Monday; every date is Monday to Friday
    start = {1: 3, 2: 7, 3: 6, 4: 3, 5: 8, 6: 12, 7: 3, 8: 7, 9: 4, 10: 2, 11: 6, 12: 4}[month] + day - 1
    places = rng.choice([8, 10, 12, 15, 20])
    return [
        f"M{number:04d}",
        f"{title} ({number})",
        provider,
        category,
        audience,
        "Online" if online else "Abendkurs" if late else "Kurs",
        "" if online else place,
        f"{start:02d}.{month:02d}.2028",
        "",
        "18:30" if late else rng.choice(["09:00", "10:00", "14:00", "15:30"]),
        rng.choice(["2", "8", "12,5", "20", ""]),
        rng.choice(["kostenlos", "5 €", "kostenlos/20 €", "48,00 €", "120 €", "auf Anfrage"]),
        rng.choice(["Deutsch", "Deutsch", "Deutsch, Leichte Sprache"]),
        rng.choice(["ja", "ja", "nein", ""]),
        rng.choice(["nein", "nein", "ja", ""]),
        str(places),
        str(rng.randint(0, places)),
        f"https://example.org/kurse/{number}",
    ]


def table() -> str:
    """All rows as CSV."""
    rng = random.Random(2028)
    latitude = municipalities()
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows(offer(number, rng, latitude) for number in range(1, 241))
    return out.getvalue()


if __name__ == "__main__":
    with (HERE / "offers_2028.csv.gz").open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
        packed.write(table().encode("utf-8"))
