-- On which inputs the paragraphs of an edition rest: for following a voice to the text. No edition says it.
CREATE TABLE edition_inputs (
    edition_id uuid NOT NULL REFERENCES report_editions (id),
    paragraph_number integer NOT NULL,
    input_id uuid NOT NULL REFERENCES inputs (id),
    PRIMARY KEY (edition_id, paragraph_number, input_id)
);
CREATE INDEX edition_inputs_by_input ON edition_inputs (input_id);
