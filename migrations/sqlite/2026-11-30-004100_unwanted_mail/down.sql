DROP TABLE unwanted_mail;
