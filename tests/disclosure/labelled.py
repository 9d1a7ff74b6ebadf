"""500 made-up answers in which every entity that names a person is marked: ``{name:…}``, ``{telephone:…}`` …

Carriers and entities are written by hand; entities go round, so that each carrier is read with five of each kind.
Nobody's answers: names, numbers and addresses are invented.
"""

from __future__ import annotations

import re
from itertools import cycle

MARK = re.compile(r"\{(?P<kind>[a-z-]+):(?P<text>[^}]*)\}")

ENTITIES: dict[str, list[str]] = {
    "name": [
        "Erika Mustermann",
        "Thomas Brenninkmeier",
        "Ayşe Yılmaz",
        "Olena Kovalenko",
        "Jonas Hufschmidt",
        "Hildegard von Berg",
        "Mohammed Al-Sayed",
        "Kevin Krügermann",
        "Annegret Pfannkuch",
        "Lieselotte Ziegenhain",
        "Piotr Wiśniewski",
        "Marie-Luise Köhler",
        "Achim zur Mühlen",
        "Nguyen Thi Lan",
        "Fritz Rübezahl",
        "Svetlana Petrova",
        "Giulia Bianchi",
        "Dieter Hohmann",
        "Gudrun Wagner",
        "Bilal Demirci",
        "Waltraud Sinning",
        "Sören Petersen",
        "Chantal Dubois",
        "Kasimir Nowakowski",
        "Frieda Umbach",
        "Emre Şahin",
        "Thea Lottermoser",
        "Ottokar Wicke",
        "Malte Vaupel",
        "Rosalinde Klapp",
    ],
    "first": [
        "Erika",
        "Mehmet",
        "Oksana",
        "Finn",
        "Lisbeth",
        "Ronja",
        "Wilfried",
        "Aylin",
        "Torben",
        "Käthe",
        "Gisela",
        "Yusuf",
        "Leonie",
        "Ewald",
        "Nele",
    ],
    "family": [
        "Müller",
        "Brandenstein",
        "Kowalczyk",
        "Öztürk",
        "Hufnagel",
        "Schlotthauer",
        "Meier",
        "Siebert",
        "Rübsam",
        "Wollenhaupt",
        "Schmidt",
        "Trzebiatowski",
        "Gerhold",
        "Finke",
        "Engelbrecht",
    ],
    "telephone": [
        "0561 1234567",
        "05671/99 12 34",
        "+49 561 7654321",
        "0049 5671 4455",
        "0171-2345678",
        "(0561) 12 34 56",
        "05674 / 1234",
        "+49 (0)151 23456789",
        "0160 9988776",
        "05692 4711",
    ],
    "e-mail": [
        "erika.m@example.org",
        "k-pfann@mail.example.de",
        "info(at)example.de",
        "max [at] example [punkt] org",
        "a.b+c@example.com",
        "petra ät example.de",
    ],
    "address": [
        "Lange Straße 17",
        "Bahnhofstr. 3a",
        "Am Alten Markt 12",
        "Goethestraße 5",
        "Ziegeleiweg 44",
        "An der Mühle 7",
        "34369 Hofgeismar",
        "Kirchplatz 2",
        "Steinweg 8b",
        "In den Gärten 31",
        "Kasseler Allee 90",
        "Königsberger Ring 15",
    ],
    "plate": [
        "KS-AB 123",
        "HOG-X 45",
        "WOH-MM 7",
        "KS EL 2024E",
        "HOG - K 88",
        "B-MW 4711",
    ],
    "link": [
        "https://example.org/profil/erika",
        "www.example.de/kurse",
        "facebook.com/erika.m",
        "example-verein.de",
        "http://example.net",
    ],
    "date": [
        "12.05.1961",
        "3. 4. 1988",
        "24. Dezember 1974",
        "01.01.2009",
        "7.8.56",
    ],
    "account": [
        "DE02 1203 0000 0000 2020 51",
        "DE02120300000000202051",
        "DE89 3704 0044 0532 0130 00",
        "DE75512108001245126199",
        "DE12 5001 0517 0648 4898 90",
    ],
    "handle": [
        "@erika_m",
        "@hofgeismar.mama",
        "@j.h.1988",
        "@kk_kassel",
        "@lottes_welt",
    ],
}
CARRIERS = """
Ich heiße {name} und suche einen Kurs.
Mein Name ist {name}, bitte melden.
Frau {family} aus der Bücherei hilft sehr.
Herr {family} vom Amt hat nie Zeit.
Bei Herrn {name} waren die Kurse besser.
Mit freundlichen Grüßen {name}
Viele Grüße, {name}
LG {first}
Meine Tochter {first} braucht Nachhilfe.
Unser Sohn {first} findet keinen Platz.
Die Lehrerin {family} war nicht freundlich.
Familie {family} bietet das schon an.
{name} macht das im Verein ganz toll.
Fragen Sie {name}, der weiß das.
Ich bin die {first} und wohne im Dorf.
Dr. {family} sollte Vorträge halten.
Meine Nachbarin {name} kann nicht lesen.
Der Kurs von {name} war zu teuer.
gez. {name}
Es wäre schön, wenn {first} {family} wieder tanzt.
Pfarrer {family} macht eine Gruppe für Trauernde.
Mein Mann {first} ist krank, ich kann nicht weg.
Oma {first} möchte das Internet lernen.
Warum darf {name} das entscheiden?
Kinder wie {first} und {first} fallen durch.
Frau Dr. {family} hat mir abgeraten.
Der Bürgermeister {family} verspricht viel.
Danke, {first}
Trainer {name} vom Sportverein fragen.
Ich, {name}, bin dagegen.
Tel. {telephone}
Rufen Sie mich an: {telephone}
Meine Nummer ist {telephone}, abends.
Erreichbar unter {telephone} oder {e-mail}
Handy {telephone}, bitte keine SMS
Ich habe schon angerufen ({telephone}), keiner ging ran.
Schreiben Sie an {e-mail}
{e-mail} ist meine Adresse.
Bitte Programm an {e-mail} schicken, danke!
Infos gern per Mail: {e-mail}.
Ich wohne {address} und komme nicht weg.
Der Raum in der {address} ist zu kalt.
Bitte senden Sie das Heft an {name}, {address}
Vor dem Haus {address} fehlt eine Rampe.
{address}: dort wäre Platz für einen Treff.
Umgezogen nach {address}, seitdem kein Kurs.
Mein Auto {plate} stand auf dem Parkplatz.
Fahrgemeinschaft? Ich habe {plate}.
Siehe {link}
Das steht doch auf {link} schon.
Geboren am {date}, also zu alt?
Ich bin am {date} geboren und Rentnerin.
Erstattung bitte auf {account}
Folgt mir auf Insta {handle}
{first} und ich würden gern Yoga machen.
ich bin {first} und 14
hallo hier ist {first}
Kollege {family} hat gekündigt, jetzt fällt alles aus.
Die Erzieherin {first} {family} ist die Beste.
Herr Prof. {family} hat das Konzept geschrieben.
In Hofgeismar gibt es {name}, sonst niemanden.
Sagen Sie {family} schöne Grüße.
Der alte {family} kann Geschichten erzählen.
{name} ({telephone}) leitet die Gruppe.
{name}, {address}, {telephone}
Mein Enkel {first} braucht einen Laptop.
Sachbearbeiterin {family} im Jobcenter war unfreundlich.
Meine Freundin {first} traut sich nicht.
Vermieter {family} erlaubt keinen Anschluss.
Es grüßt {name}
Unterschrift {name}
Absender: {name}, {address}
Ihre {name}
Für {first} ist der Weg zu weit.
Ohne {name} geht hier nichts.
Die Kurse bei {family} sind immer voll.
Ich kenne {name} aus der Schule.
Lieber Herr {family}, bitte mehr Abendkurse!
Hallo Frau {family}, wo bleibt der Deutschkurs?
Meine Mutter {name} pflege ich allein.
Mehr Kurse am Abend, bitte auch freitags.
Ein Café für Eltern und Kinder mit Betreuung.
Deutschkurse am Vormittag, erreichbar mit dem Bus 110.
Weniger Bürokratie, z. B. bei der Anmeldung.
Nichts, ich bin Rentner und zufrieden.
Der Bus um 17.30 Uhr kommt nicht.
Kosten von 120 Euro sind zu viel.
Seit 2019 gibt es keine Schwimmkurse mehr.
Politik verstehen, ohne dass geschimpft wird.
Eine Werkstatt für Frauen, die nähen wollen.
Kinderbetreuung während der Kurse.
Mehr Plätze in der Ganztagsschule ab Klasse 5.
Die Straße ist kaputt, kein Radweg zur Schule.
Im Winter ist es dunkel, im Sommer zu heiß.
Gebärdensprache, auch für Hörende.
Computerkurse für Ältere, langsam erklärt.
Die Volkshochschule in Kassel ist zu weit weg.
Musik für Kinder von 3 bis 6 Jahren.
Berufsabschluss nachholen mit 45, geht das?
Demokratie leben statt nur reden.
""".strip().splitlines()
TIMES = 5


def sentences() -> list[str]:
    """Marked sentences: each carrier as often as ``TIMES``, without entities only once, and then with a beginning."""
    rounds = {kind: cycle(values) for kind, values in ENTITIES.items()}
    beginnings = ("", "Wunsch: ", "Also: ", "Meine Meinung: ", "Noch etwas: ")
    found = []
    for carrier in CARRIERS:
        for beginning in beginnings[:TIMES]:
            filled = re.sub(r"\{([a-z-]+)\}", lambda kind: f"{{{kind[1]}:{next(rounds[kind[1]])}}}", carrier)
            found.append((beginning if "{" not in carrier else "") + filled)
    return found
