-- Notes to lines of the first page of a report, marked by asterisks; how its headings are numbered.
ALTER TABLE reports ADD COLUMN masthead_notes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE reports ADD COLUMN heading_style TEXT NOT NULL DEFAULT 'escap_report';
UPDATE reports SET heading_style = 'un_manual' WHERE kind = 'conference_room_paper';
