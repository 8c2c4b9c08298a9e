DROP TABLE follow_ups;
DROP TABLE recommendation_texts;
DROP TABLE recommendations;
