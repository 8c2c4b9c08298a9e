-- On which inputs the paragraphs of an edition rest: for following a voice to the text. No edition says it.
CREATE TABLE edition_inputs (
    edition_id TEXT NOT NULL REFERENCES report_editions (id),
    paragraph_number INTEGER NOT NULL,
    input_id TEXT NOT NULL REFERENCES inputs (id),
    PRIMARY KEY (edition_id, paragraph_number, input_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX edition_inputs_by_input ON edition_inputs (input_id);
