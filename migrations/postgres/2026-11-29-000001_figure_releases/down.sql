DROP TABLE figure_releases;
