DROP TABLE calendar_feeds;
DROP TABLE programme_removals;
