"""The operating manual of a pump station that was never built: six pages of plain facts to ask questions about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tests.documents import Bullets, Element, Heading, Table, pdf

NAME = "penstock-ps400-manual.pdf"
TITLE = "Penstock Pump Station PS-400 Operating Manual"


@dataclass(frozen=True)
class Fact:
    """A question that the manual answers: words that a right answer holds, and the page that says so."""

    question: str
    answer: str
    page: int


FACTS = (
    Fact("What is the maximum operating pressure of the pump station?", "16 bar", 2),
    Fact("What is the rated flow of each pump?", "420 cubic metres per hour", 2),
    Fact("How often must the mechanical seals be replaced?", "16 000 operating hours", 4),
    Fact("What does alarm code A17 mean?", "Bearing temperature", 5),
    Fact("When was the pump station commissioned?", "14 March 2023", 6),
    Fact("Which oil goes into the bearing housings?", "ISO VG 68", 4),
    Fact("How long must the operator wait before restarting after an emergency stop?", "ten minutes", 3),
    Fact("Who supplied the control system?", "Halden Automation", 6),
)

_PAGES: list[list[Element]] = [
    [
        Heading(TITLE),
        "This manual describes the operation and maintenance of the Penstock pump station PS-400. It is written "
        "for operators and maintenance staff who have completed the two-day site training. Keep a copy in the "
        "control room at all times.",
        Heading("1 Safety", 2),
        "Only trained personnel may open the guard doors. Before any work on a pump, isolate it electrically, "
        "close both isolation valves and relieve the pressure through the drain valve. Lock the isolator with your "
        "personal padlock.",
        "The pump hall is a hearing protection zone: the sound level with three pumps running is 88 dB(A). Wear "
        "hearing protection, safety shoes and gloves. The nearest eye wash stands beside the chemical store, "
        "twelve metres from pump 1.",
        Heading("1.1 Signs used in this manual", 3),
        Bullets(
            [
                "Danger: an accident that will cause death or serious injury.",
                "Warning: an accident that may cause death or serious injury.",
                "Notice: damage to the equipment or to the environment.",
            ]
        ),
    ],
    [
        Heading("2 Technical data", 2),
        "The station lifts raw water from the intake basin to the balancing reservoir through a single DN 600 "
        "rising main of 1 840 metres. It holds four identical horizontal split-case pumps, of which three run and "
        "one stands by.",
        "The maximum operating pressure of the station is 16 bar. The safety valves on the discharge header open "
        "at 17.5 bar. Each pump has a rated flow of 420 cubic metres per hour at a head of 118 metres.",
        Table(
            [
                ["Quantity", "Value", "Unit"],
                ["Rated motor power", "200", "kW"],
                ["Rated speed", "1 485", "1/min"],
                ["Supply voltage", "690", "V"],
                ["Water temperature, highest", "35", "degrees Celsius"],
                ["Mass of one pump set", "3 150", "kg"],
            ]
        ),
        "The motors are fed by frequency converters. Between 900 and 960 revolutions per minute the rising main "
        "resonates; the control system skips this band, and the skip must not be disabled.",
    ],
    [
        Heading("3 Operation", 2),
        Heading("3.1 Starting a pump", 3),
        "Check that the suction valve is fully open and that the suction pressure is above 0.8 bar. Vent the "
        "casing until water flows without bubbles. Then press Start on the local panel: the discharge valve opens "
        "by itself once the pump has reached its lowest speed of 600 revolutions per minute.",
        Heading("3.2 Stopping a pump", 3),
        "Press Stop. The converter ramps the pump down over 45 seconds so that no water hammer arises in the "
        "rising main. Never stop a pump by closing its suction valve.",
        Heading("3.3 Emergency stop", 3),
        "The emergency stop cuts the power to all four pumps at once and closes the discharge valves within eight "
        "seconds. After an emergency stop the operator must wait at least ten minutes before restarting, so that "
        "the surge vessel can refill. Reset the button with the key, acknowledge alarm A01 and start the pumps one "
        "after another.",
        "During a thunderstorm warning of level 3 the station is switched to local control, because the radio link "
        "to the control centre is not protected against lightning. The shift leader records the change in the log "
        "and tells the waterworks at Lindau, which then watches the reservoir level by telephone every thirty "
        "minutes and",
    ],
    [
        "decides whether a second operator is sent to the site.",
        Heading("4 Maintenance", 2),
        "All work is recorded in the maintenance log with date, operating hours and name. Spare parts are kept in "
        "store room B. The bearing housings take 1.6 litres of mineral oil ISO VG 68; never mix it with synthetic "
        "oil.",
        Table(
            [
                ["Part", "Work", "Interval"],
                ["Suction strainer", "Clean", "500 operating hours"],
                ["Bearing oil", "Change", "4 000 operating hours"],
                ["Coupling", "Check alignment to 0.05 mm", "8 000 operating hours"],
                ["Mechanical seals", "Replace", "16 000 operating hours"],
                ["Safety valves", "Test at 17.5 bar", "12 months"],
                ["Surge vessel", "Inspect by an authorised body", "5 years"],
            ]
        ),
        "The mechanical seals must be replaced every 16 000 operating hours, or earlier when the leakage exceeds "
        "30 drops per minute. A replacement takes two people about six hours; the pump set need not be moved.",
        "The strainers clog faster in October and November, when leaves reach the intake basin. In these months "
        "clean them once a week whatever the operating hours.",
    ],
    [
        Heading("5 Alarms", 2),
        "An alarm stays on the panel until it has been acknowledged. Alarms of class 1 stop the pump; alarms of "
        "class 2 call the operator on duty by telephone.",
        Table(
            [
                ["Code", "Meaning", "Class", "What to do"],
                ["A01", "Emergency stop pressed", "1", "Find the cause, reset with the key"],
                ["A04", "Suction pressure below 0.5 bar", "1", "Check the strainer and the basin level"],
                ["A09", "Discharge pressure above 16 bar", "1", "Check the valves of the rising main"],
                ["A12", "Seal leakage high", "2", "Plan a replacement within a week"],
                ["A17", "Bearing temperature above 95 degrees Celsius", "1", "Check oil level, let the bearing cool"],
                ["A23", "Vibration above 7.1 mm/s", "2", "Check the alignment of the coupling"],
                ["A31", "Radio link lost", "2", "Switch to local control"],
            ]
        ),
        "When A17 returns within an hour after cooling, the bearing is damaged: take the pump out of service and "
        "start the stand-by pump. When several alarms arrive at once, deal with the lowest number first.",
    ],
    [
        Heading("6 History of the station", 2),
        "Construction began on 2 May 2021. The station was commissioned on 14 March 2023 by the waterworks of "
        "Lindau after a trial run of thirty days. In the trial run it moved 1.1 million cubic metres of water "
        "without a fault.",
        "The pumps came from Brenner Hydraulics, the control system was supplied by Halden Automation, and the "
        "civil works were carried out by Morath and Sons. The warranty of the pumps ended on 14 March 2026.",
        Heading("7 Contacts", 2),
        Table(
            [
                ["Duty", "Telephone", "Hours"],
                ["Operator on duty", "extension 4410", "always"],
                ["Spare parts", "extension 4425", "weekdays 7 to 16"],
                ["Electrical isolation", "extension 4432", "weekdays 6 to 18"],
            ]
        ),
        "Changes to this manual are released by the head of operations. This is edition 7 of 30 January 2026; it "
        "replaces edition 6, which did not yet hold the skip band of the converters.",
    ],
]


@cache
def operating_manual() -> bytes:
    """The manual as a PDF of six pages, with running heads, headings, lists and tables."""
    return pdf(_PAGES, title=TITLE, header="Penstock PS-400 Operating Manual", footer="Edition 7, page {page} of 6")
