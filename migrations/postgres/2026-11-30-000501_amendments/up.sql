-- Whether an edition after the first corrects or revises, and which of it the next one is to be. What was published after the first
-- was a corrigendum, and so is what is being drafted now.
ALTER TABLE reports ADD COLUMN amendment TEXT;
ALTER TABLE report_editions ADD COLUMN amendment TEXT;
UPDATE report_editions SET amendment = 'corrigendum' WHERE number > 1;
UPDATE reports SET amendment = 'corrigendum'
    WHERE state <> 'published' AND EXISTS (SELECT 1 FROM report_editions WHERE report_editions.report_id = reports.id);
