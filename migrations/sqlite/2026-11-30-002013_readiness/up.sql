-- One row that is written anew whenever it is looked whether the server is ready: only a change that was saved shows that changes are.
CREATE TABLE readiness (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    looks INTEGER NOT NULL
) STRICT;
INSERT INTO readiness (id, looks) VALUES (1, 0);
