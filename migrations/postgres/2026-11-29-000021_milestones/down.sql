DROP TABLE report_milestones;
