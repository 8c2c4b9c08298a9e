DROP TABLE feedback_given;
DROP TABLE feedback_counts;
