DROP TABLE withdrawal_wishes;
