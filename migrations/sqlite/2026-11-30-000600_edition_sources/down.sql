DROP TABLE edition_sources;
