DROP TABLE withdrawn_words;
