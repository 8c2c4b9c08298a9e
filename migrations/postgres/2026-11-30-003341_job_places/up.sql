-- Where a job goes on that writes in parts, when its process died. It holds no personal data.
ALTER TABLE jobs ADD COLUMN place jsonb CHECK (place IS NULL OR state IN ('queued', 'running'));
