DROP TABLE host_placeholders;
