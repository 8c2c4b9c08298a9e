"""Reads the server's XLSX and iCalendar files back with libraries that did not write them.

    read_back.py BASE ADMINISTRATOR_PASSWORD

Exits with a sentence for the first thing that is not as it must be.
"""

import csv
import io
import json
import sys
import urllib.request
from datetime import datetime

import icalendar
import openpyxl

BASE, PASSWORD = sys.argv[1:3]


def call(path, token=None, body=None):
    headers = {"content-type": "application/json"} if body else {}
    if token:
        headers["authorization"] = f"Bearer {token}"
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(f"{BASE}/api/v1{path}", data, headers)
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def must(holds, what):
    if not holds:
        sys.exit(f"read_back: {what}")


sign_in = {"email": "administrator@example.org", "password": PASSWORD}
token = json.loads(call("/auth/sign-in", body=sign_in))["access_token"]
review = json.loads(call("/reviews", token))["items"][0]
consultations = json.loads(call(f"/reviews/{review['id']}/consultations?limit=200", token))["items"]
must(len(consultations) >= 2, "the demonstration has its consultations")

for consultation in consultations:
    at = f"/consultations/{consultation['id']}"
    export = f"{at}/registrations/export?format="
    lines = [json.loads(line) for line in call(export + "ndjson", token).splitlines() if line]
    rows = list(csv.reader(io.StringIO(call(export + "csv", token).decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(call(export + "xlsx", token))).active
    cells = [[cell for cell in row] for row in sheet.iter_rows()]
    must(sheet.freeze_panes == "A2", "the header of the sheet is frozen")
    must(sheet.auto_filter.ref, "the sheet has filters")
    must(len(rows) == len(cells) == len(lines) + 1, "CSV, XLSX and NDJSON have the same rows")
    must(rows[0] == [cell.value for cell in cells[0]], "CSV and XLSX have the same columns")
    must(all(cell.data_type != "f" for row in cells for cell in row), "no cell is a formula")
    dated = [i for i, name in enumerate(rows[0]) if name.endswith("_at")]
    must(dated, "the registrations say when they were submitted")
    typed = (row[i].value for row in cells[1:] for i in dated)
    must(all(value is None or isinstance(value, datetime) for value in typed), "dates are dates")

    sessions = json.loads(call(f"{at}/sessions?limit=200", token))["items"]
    timed = {s["title"]: s["starts_at"] for s in sessions if s.get("starts_at")}
    calendar = icalendar.Calendar.from_ical(call(f"{at}/programme.ics", token))
    zones = {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")}
    events = calendar.walk("VEVENT")
    must(len({str(event["UID"]) for event in events}) == len(events), "every event has its own UID")
    must(len(events) >= len(timed), "every session with a time is an event")
    for event in events:
        start = event["DTSTART"]
        timed_event = isinstance(start.dt, datetime)
        zone = str(start.params.get("TZID"))
        must(not timed_event or zone in zones, "the zone of every event with a time is described")
        must("SEQUENCE" in event, "every event has a SEQUENCE")
    starts = [event["DTSTART"].dt for event in events]
    instants = {start.timestamp() for start in starts if isinstance(start, datetime)}
    for title, starts in timed.items():
        moment = datetime.fromisoformat(starts.replace("Z", "+00:00")).timestamp()
        must(moment in instants, f"{title} begins when the programme says")

print(f"read back: {len(consultations)} consultations' registrations and programmes")
