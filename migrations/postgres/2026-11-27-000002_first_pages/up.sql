-- Notes to lines of the first page of a report, marked by asterisks; how its headings are numbered.
ALTER TABLE reports ADD COLUMN masthead_notes jsonb NOT NULL DEFAULT '[]';
ALTER TABLE reports ADD COLUMN heading_style text NOT NULL DEFAULT 'escap_report';
UPDATE reports SET heading_style = 'un_manual' WHERE kind = 'conference_room_paper';
