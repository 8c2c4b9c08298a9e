-- That somebody wants no more of the mail about a consultation or a review that goes to everybody: keyed hashes of the address with the
-- one or the other, without a time. Nothing here leads to whom, nor to what.
CREATE TABLE unwanted_mail (
    mark bytea NOT NULL PRIMARY KEY
);
