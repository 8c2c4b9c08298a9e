-- Whoever made a tracked change or a comment in a Word file that came back, by the name in the file: none who has an account need have it.
ALTER TABLE suggestions ADD COLUMN author TEXT;
ALTER TABLE suggestion_comments ADD COLUMN author TEXT;
