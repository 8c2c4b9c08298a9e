-- One row that is written anew whenever it is looked whether the server is ready: only a change that was saved shows that changes are.
-- It tells nothing of how often: 0 becomes 1, and 1 becomes 0.
CREATE TABLE readiness (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    turned BIGINT NOT NULL
);
INSERT INTO readiness (id, turned) VALUES (1, 0);
