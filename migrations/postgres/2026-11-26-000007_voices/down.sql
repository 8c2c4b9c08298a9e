DROP TABLE refused_voices;
DROP TABLE receipts_given;
DROP TABLE input_line_voices;
DROP TABLE input_voices;
DROP TABLE mixings;
DROP TABLE pool_entries;
