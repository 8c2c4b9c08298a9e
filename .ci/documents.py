"""Holds the documents of the demo against other software: JSON Schema, the schemas of Akoma Ntoso and of Word, python-docx,
pandoc, a validator of PDF/UA and PDF/A, and poppler. Usage: documents.py OUT SCHEMA [SHARED]; without SHARED (which only CI has) the XML schemas are left out, and said so."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

import docx
import jsonschema
import page

AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def words(inlines, without=()):
    """The printed words of inlines, without indicators of notes; of a document that shows differences without what is marked so."""
    found = ""
    for inline in inlines:
        if inline == "line_break":
            found += " "
            continue
        (kind, value), = inline.items()
        if kind == "text":
            found += value
        elif kind in ("emphasis", "strong"):
            found += words(value, without)
        elif kind in ("link", "language"):
            found += words(value["inlines"], without)
        elif kind == "cross_reference":
            found += value["text"]
        elif kind == "marked" and value["mark"] not in without:
            found += words(value["inlines"], without)
    return found if without else squeezed(found)


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def model(document):
    """Headings as (level, label, text), and the numbers of paragraphs, in order."""
    headings, numbers = [], []

    def walk(blocks):
        for block in blocks:
            (kind, value), = block.items()
            if kind == "section":
                headings.append((value["level"], value.get("label", ""), words(value["heading"])))
                walk(value["blocks"])
            elif kind == "paragraph" and value.get("number"):
                numbers.append(value["number"])

    walk(document["blocks"])
    return headings, numbers


def tree_of(path, kind, *options):
    """A file as pandoc reads it."""
    return json.loads(subprocess.run(["pandoc", "-f", kind, "-t", "json", *options, path], check=True, capture_output=True).stdout)


def text(node):
    """The words of what pandoc read, without notes and their indicators."""
    if isinstance(node, list):
        return "".join(text(one) for one in node)
    if not isinstance(node, dict):
        return ""
    kind, content = node.get("t"), node.get("c")
    if kind == "Str":
        return content
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in ("Note", "Superscript"):
        return ""
    if kind in ("Link", "Span", "Quoted"):
        return text(content[1])
    return text(content) if isinstance(content, list) else ""


def pandoc(path, kind):
    """Headings as (level, text), and how many notes, as pandoc reads them."""
    ast = tree_of(path, kind)
    headings, notes = [], 0

    def walk(node):
        nonlocal notes
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            if node.get("t") == "Note":
                notes += 1
            if node.get("t") == "Header":
                headings.append((node["c"][0], squeezed(text(node["c"][2]))))
            walk(node.get("c", []))

    walk(ast["blocks"])
    return headings, notes


def same_headings(wanted, found, name):
    """The same texts in the same order, a label before them or not, all levels moved alike; what is not a section is passed over."""
    found, shift = list(found), set()
    for level, label, text in wanted:
        while found and not (found[0][1] == text or found[0][1].endswith(text)):
            found.pop(0)
        assert found, f"{name}: the heading {label} {text} is missing"
        got, _ = found.pop(0)
        shift.add(got - level)
    assert len(shift) <= 1, f"{name}: levels are moved by {shift}"


def xmllint(schema, *files):
    done = subprocess.run(["xmllint", "--noout", "--schema", schema, *files], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:2000]


def check_word(path, numbers, shared):
    check_schema_of_word(path, shared)
    with zipfile.ZipFile(path) as package:
        footnotes = package.read("word/footnotes.xml").count(b"<w:footnote ") if "word/footnotes.xml" in package.namelist() else 2
    document = docx.Document(path)
    numbered = [one for one in document.paragraphs if one.style.style_id == "NumberedParagraph"]
    count = len(numbered)
    assert count == len(numbers), f"{path}: python-docx sees {count} numbered paragraphs of {len(numbers)}: {sorted({p.style.style_id for p in document.paragraphs})}"
    return footnotes - 2


def check_schema_of_word(path, shared):
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as package:
        if shared:
            parts = [name for name in package.namelist() if re.fullmatch(r"word/[a-z0-9]+\.xml", name)]
            package.extractall(folder)
            xmllint(shared / "ooxml/wml.xsd", *(f"{folder}/{name}" for name in parts))
        return set(package.namelist())


def check_differences(base, document, shared):
    """A document that shows differences: valid in Word and PDF, and in Word both texts, as pandoc accepts or rejects the changes."""
    parts = check_schema_of_word(base + ".docx", shared)
    assert ("word/comments.xml" in parts) == bool(document["compared"].get("remarks")), base
    docx.Document(base + ".docx")
    validate_pdf(base + ".pdf")
    views = {"accept": ("deleted", "moved_away"), "reject": ("inserted", "moved_here")}
    for view, without in views.items():
        found = squeezed(text(tree_of(base + ".docx", "docx", f"--track-changes={view}")["blocks"]))

        def walk(blocks):
            for block in blocks:
                (kind, value), = block.items()
                if kind == "section":
                    walk(value["blocks"])
                elif kind == "paragraph":
                    for part in value["parts"]:
                        wanted = squeezed(words(part.get("text", []), without))
                        assert wanted in found, f"{base}: {view}: {wanted!r} is missing"

        walk(document["blocks"])


def check_akoma_ntoso(path, headings, numbers, shared):
    import xml.etree.ElementTree as tree

    if shared:
        xmllint(shared / "akn/akomantoso30.xsd", path)
    root = tree.parse(path).getroot()
    found = [squeezed("".join(one.find(f"{AKN}num").itertext())).rstrip(".") for one in root.iter(f"{AKN}paragraph") if one.find(f"{AKN}num") is not None]
    assert found == [str(number) for number in numbers], f"{path}: {found[:5]}…"
    texts = [squeezed("".join(one.itertext())) for one in root.iter(f"{AKN}heading")]
    for _, _, text in headings:
        assert any(one.startswith(text) or one == text for one in texts), f"{path}: the heading {text} is missing"
    return len(list(root.iter(f"{AKN}authorialNote")))


def places_of_notes(document):
    """For each note in reading order the number of the paragraph that it stands in; None elsewhere, as on the first page."""
    places = [None] * len(document["meta"].get("notes", []))

    def inlines(node, number):
        if isinstance(node, list):
            for one in node:
                inlines(one, number)
        elif isinstance(node, dict):
            for kind, value in node.items():
                if kind == "note":
                    if not document["notes"][value].get("table"):
                        places.append(number)
                elif kind != "cross_reference":
                    inlines(value, number)

    def walk(blocks):
        for block in blocks:
            (kind, value), = block.items()
            if kind == "section":
                inlines(value["heading"], None)
                walk(value["blocks"])
            elif kind == "paragraph":
                inlines(value["parts"], value.get("number"))
            else:
                inlines(value, None)

    for paragraph in document["meta"]["summary"]:
        inlines(paragraph["parts"], None)
    walk(document["blocks"])
    return places


def lengths_are_right(path):
    """Whether every stream of a PDF is as long as it says: the validator reads a carriage return at the end of data and the line
    end after it as one line end, and finds the stream a byte too short."""
    data = pathlib.Path(path).read_bytes()
    found = list(re.finditer(rb"/Length (\d+)[^>]*>>\s*stream\r?\n", data))
    ends = [match.end() + int(match.group(1)) for match in found]
    return len(found) == data.count(b"endstream") and all(data[end:].startswith(b"\nendstream") for end in ends) and any(data[end - 1:end] == b"\r" for end in ends)


def validate_pdf(path):
    for profile in ("ua-1", "2a"):
        report = page.validate_pdf(path, profile=profile, limits=page.SafetyLimits.unlimited())
        failures = [(one.rule_id, one.message) for one in report.failures]
        if [rule for rule, _ in failures] == ["PDFA2A-STREAM-LENGTH-001"] and lengths_are_right(path):
            failures = []
        assert not failures, f"{path}: {profile}: {failures[:5]}"


def check_pdf(path, headings, numbers, notes, is_right_to_left):
    validate_pdf(path)
    # Text alternatives are printed as they stand in the file, in UTF-16.
    tree = subprocess.run(["pdfinfo", "-struct-text", path], check=True, capture_output=True).stdout.decode(errors="replace")
    found_headings, found_numbers, found_notes = [], [], []
    element, first, depth = None, False, 0
    for line in tree.splitlines():
        indent, content = len(line) - len(line.lstrip()), line.strip()
        if content.startswith('"'):
            text = content.strip('"')
            if element == "heading" and indent > depth:
                found_headings[-1] += text
            elif element == "P" and first:
                number = re.fullmatch(r"(\d+)\.\s*", text)
                if number:
                    found_numbers.append(int(number.group(1)))
                first = False
        elif re.match(r"H[1-6]\b", content):
            element, depth = "heading", indent
            found_headings.append("")
        elif re.match(r"P\b", content):
            element, first = "P", True
        elif content.startswith("Note "):
            found_notes.append(found_numbers[-1] if found_numbers else None)
            element = None
        elif re.match(r"(Lbl|Link|Span|/|Object)", content):
            pass
        else:
            element = None
    assert len(found_notes) == len(notes), f"{path}: {len(found_notes)} notes of {len(notes)}"
    if is_right_to_left:
        # Poppler gives the letters of right-to-left words as they lie on the page, so that they can only be counted.
        assert len(found_headings) - len(headings) in (0, 1, 2), f"{path}: {len(found_headings)} headings of {len(headings)}"
        return
    assert found_numbers == numbers, f"{path}: {found_numbers[:5]}… of {len(numbers)}"
    wanted = [squeezed(f"{label}{text}" if label.endswith(("Annex", ")")) else f"{label}.{text}" if label else text).replace(" ", "") for _, label, text in headings]
    found = [squeezed(one).replace(" ", "") for one in found_headings]
    # Nor does it give letters that are joined or reordered (Thai, Devanagari, Khmer, Myanmar) as they were written.
    missing = [one for one in wanted if one not in found and not re.search("[\u0590-\u1fff]", one)]
    assert len(found) - len(wanted) in (0, 1), f"{path}: {len(found)} headings of {len(wanted)} and a list of contents"
    assert not missing, f"{path}: headings {missing[:3]} are not among {found[:5]}…"
    for found, wanted in zip(found_notes, notes):
        assert wanted is None or found == wanted, f"{path}: notes stand at paragraphs {found_notes} instead of {notes}"


def main(out, schema, shared):
    schema = json.loads(pathlib.Path(schema).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    checked, compared = 0, 0
    for path in sorted(pathlib.Path(out).rglob("*.json")):
        document = json.loads(path.read_text())
        if "blocks" not in document:
            continue
        validator.validate(document)
        if "compared" in document:
            check_differences(str(path.with_suffix("")), document, shared)
            compared += 1
            print(f"{path.name}: both texts are in its differences")
            continue
        headings, numbers = model(document)
        assert numbers == list(range(1, len(numbers) + 1)), path
        marked = len(document["meta"].get("notes", []))
        base, notes = str(path.with_suffix("")), len(document.get("notes", [])) + marked
        assert check_akoma_ntoso(base + ".xml", headings, numbers, shared) == notes, path
        run = marked + len([note for note in document.get("notes", []) if not note.get("table")])
        assert check_word(base + ".docx", numbers, shared) == run, path
        check_pdf(base + ".pdf", headings, numbers, places_of_notes(document), document["meta"]["dir"] == "rtl")
        for suffix, kind in ((".html", "html"), (".md", "markdown-smart"), (".docx", "docx")):
            found, _ = pandoc(base + suffix, kind)
            same_headings(headings, found, base + suffix)
        print(f"{path.name}: {len(numbers)} paragraphs, {len(headings)} headings and {notes} notes are the same in every format")
        checked += 1
    assert checked >= 3 and compared, f"only {checked} documents and {compared} comparisons were found"
    if not shared:
        print("*** The schemas of Akoma Ntoso and Word are not here: only structure was checked. ***")


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    main(sys.argv[1], sys.argv[2], folder if folder and folder.exists() else None)
