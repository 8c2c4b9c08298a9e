DROP TABLE purges;
DROP TABLE severed_answers;
