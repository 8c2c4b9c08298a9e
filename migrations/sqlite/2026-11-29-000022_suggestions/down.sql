DROP TABLE suggestion_comments;
DROP TABLE suggestions;
