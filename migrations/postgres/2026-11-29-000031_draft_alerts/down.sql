DROP TABLE draft_alerts;
