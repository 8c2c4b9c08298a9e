//! The chain of the audit log: what each row is hashed to, and checkpoints of where it ended. All of it under a key that is in no
//! database, so that whoever can write the tables can make no row that fits. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Row;
use crate::digest::hexadecimal;
use crate::keys::Key;

/// What the first row's hash covers in place of a row before it.
const BEGINNING: &str = "rapporteur";

/// What the log says of itself when it was found not to fit a checkpoint that was kept: which, and how many rows there were.
pub const CONTRADICTED: &str = "audit_log.checkpoint_contradicted";

/// Makes and checks what holds the log together.
pub struct Chain(Key);

/// Where the log ended at some time: kept, exported and mailed, so that rows which are taken off its end are missed. Sequence
/// numbers have no gap, so the number is the count of rows, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The number of the last row; 0 where there was none.
    #[schema(example = 1204)]
    pub sequence: i64,
    /// Its hash.
    pub hash: String,
    /// The day it was made, in UTC.
    pub day: NaiveDate,
    /// HMAC-SHA-256 over all the above, as hex: only this instance makes checkpoints of its log.
    pub mac: String,
}

impl Chain {
    /// The chain that this key holds together.
    pub fn of(key: Key) -> Self {
        Self(key)
    }

    /// What a row has to have for its hash: HMAC-SHA-256 over all the rest of it, as hex.
    pub(super) fn hash(&self, row: &Row) -> String {
        let parts = [
            "row".to_owned(),
            row.sequence.to_string(),
            row.at.to_string(),
            row.actor_id.map(|id| id.to_string()).unwrap_or_default(),
            row.action.clone(),
            row.subject_kind.clone(),
            row.subject_id.map(|id| id.to_string()).unwrap_or_default(),
            row.details.0.to_string(),
            row.previous_hash.clone(),
        ];
        self.mac(&parts)
    }

    /// A checkpoint of a log that ends with this row.
    pub fn checkpoint(&self, end: End, day: NaiveDate) -> Checkpoint {
        let End { sequence, hash } = end;
        let mac = self.mac_of(sequence, &hash, day);
        Checkpoint { sequence, hash, day, mac }
    }

    /// Whether this instance made the checkpoint.
    pub fn made(&self, checkpoint: &Checkpoint) -> bool {
        let Checkpoint { sequence, hash, day, mac } = checkpoint;
        // What is compared is no secret: whoever tries checkpoints out may read the right one.
        self.mac_of(*sequence, hash, *day) == *mac
    }

    fn mac_of(&self, sequence: i64, hash: &str, day: NaiveDate) -> String {
        let parts = ["checkpoint", &sequence.to_string(), hash, &day.to_string()];
        self.mac(&parts)
    }

    fn mac(&self, parts: &[impl AsRef<str>]) -> String {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_ref().as_bytes()).collect();
        hexadecimal(&self.0.mac(&parts))
    }
}

/// The last row of the log: all that the next one needs of those before it.
#[derive(Debug, Clone, PartialEq, Eq, diesel::QueryableByName)]
#[diesel(table_name = crate::db::schema::audit_log)]
pub struct End {
    /// Its number; 0 where there is none.
    pub sequence: i64,
    /// Its hash.
    pub hash: String,
}

impl Default for End {
    fn default() -> Self {
        Self { sequence: 0, hash: BEGINNING.to_owned() }
    }
}

/// What a check of the whole log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// How many rows fit, from the first on.
    pub rows: i64,
    /// What is wrong, if anything.
    pub finding: Finding,
}

/// How the log stands to its key and to checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Every row fits the one before, and every checkpoint the row that it is of.
    Intact,
    /// From this row on it is not what was written: one was changed, moved, put in or taken out.
    Altered(i64),
    /// So many rows were there, and those at the end are not any more: they were deleted, or an older state was put back.
    Truncated(i64),
    /// Every row fits, but a checkpoint that was kept is worth nothing, so that rows may be missing at the end.
    Unanchored,
}

impl std::fmt::Display for Verification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rows = self.rows;
        match self.finding {
            Finding::Intact => write!(f, "intact: {rows} rows, each as it was written"),
            Finding::Altered(row) => write!(
                f,
                "altered at row {row}: {rows} rows fit, and this one was changed, moved, put in or taken out, or another instance wrote it"
            ),
            Finding::Unanchored => write!(
                f,
                "not anchored: {rows} rows fit, but a checkpoint beside the keys cannot be read or is not of this instance, so that rows \
                 may be missing at the end"
            ),
            Finding::Truncated(were) => write!(
                f,
                "truncated after row {rows}: there were {were}; the last ones were deleted, or an older state of the database was put back"
            ),
        }
    }
}

/// Checks the rows of a log, in their order, one after the other.
pub(super) struct Walk<'a> {
    chain: &'a Chain,
    checkpoints: &'a [Checkpoint],
    end: End,
}

impl<'a> Walk<'a> {
    /// Before the first row.
    pub(super) fn begin(chain: &'a Chain, checkpoints: &'a [Checkpoint]) -> Self {
        Self { chain, checkpoints, end: End::default() }
    }

    /// How many rows fit so far.
    pub(super) fn rows(&self) -> i64 {
        self.end.sequence
    }

    /// The next row; what is found when it does not fit.
    pub(super) fn step(&mut self, row: &Row) -> Result<(), Verification> {
        let next = self.end.sequence + 1;
        let is_next = row.sequence == next && row.previous_hash == self.end.hash;
        let contradicts = |one: &Checkpoint| one.sequence == next && one.hash != row.hash;
        if !is_next || row.hash != self.chain.hash(row) {
            return Err(self.found(Finding::Altered(next)));
        }
        if let Some(found) = self.told(row) {
            return Err(found);
        }
        if self.checkpoints.iter().any(contradicts) {
            return Err(self.found(Finding::Altered(next)));
        }
        self.end = End { sequence: next, hash: row.hash.clone() };
        Ok(())
    }

    /// After the last row.
    pub(super) fn finish(self) -> Verification {
        let were = self.checkpoints.iter().map(|one| one.sequence).max().unwrap_or(0);
        let whole = were <= self.end.sequence;
        self.found(if whole { Finding::Intact } else { Finding::Truncated(were) })
    }

    /// What the log itself tells of rows that were lost before it went on, as long as the checkpoint that knows of them is kept.
    fn told(&self, row: &Row) -> Option<Verification> {
        let details = &row.details.0;
        let is_of = |one: &&Checkpoint| {
            details["sequence"] == one.sequence && details["hash"] == one.hash.as_str()
        };
        let known = (row.action == CONTRADICTED).then(|| self.checkpoints.iter().find(is_of))??;
        let rows = details["rows"].as_i64()?;
        let truncated = rows < known.sequence;
        let finding = if truncated { Finding::Truncated } else { Finding::Altered };
        let rows = if truncated { rows } else { known.sequence - 1 };
        Some(Verification { rows, finding: finding(known.sequence) })
    }

    fn found(&self, finding: Finding) -> Verification {
        Verification { rows: self.end.sequence, finding }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::Json;

    fn chain(byte: u8) -> Chain {
        Chain::of(Key::new([byte; 32]))
    }

    fn log(chain: &Chain, length: i64) -> Vec<Row> {
        let (mut rows, mut end) = (Vec::new(), End::default());
        for _ in 0..length {
            rows.push(rewritten(chain, &end, "review.created"));
            end = ended(&rows);
        }
        rows
    }

    fn rewritten(chain: &Chain, end: &End, action: &str) -> Row {
        let mut row = Row {
            sequence: end.sequence + 1,
            at: "2020-10-01T03:00:00Z".parse().unwrap(),
            actor_id: None,
            action: action.to_owned(),
            subject_kind: "review".to_owned(),
            subject_id: None,
            details: Json(serde_json::json!({})),
            previous_hash: end.hash.clone(),
            hash: String::new(),
        };
        row.hash = chain.hash(&row);
        row
    }

    fn ended(rows: &[Row]) -> End {
        rows.last()
            .map_or_else(End::default, |row| End { sequence: row.sequence, hash: row.hash.clone() })
    }

    fn verify(chain: &Chain, rows: &[Row], checkpoints: &[Checkpoint]) -> Finding {
        let mut walk = Walk::begin(chain, checkpoints);
        for row in rows {
            if let Err(found) = walk.step(row) {
                return found.finding;
            }
        }
        walk.finish().finding
    }

    #[test]
    fn every_way_to_change_a_log_is_noticed() {
        let chain = chain(1);
        let rows = log(&chain, 20);
        let day: NaiveDate = "2020-10-01".parse().unwrap();
        let checkpoint = [chain.checkpoint(ended(&rows), day)];
        let verify = |rows: &[Row]| verify(&chain, rows, &checkpoint);
        assert_eq!(verify(&rows), Finding::Intact);
        assert_eq!(
            verify(&[rows.clone(), log(&chain, 25)[20..].to_vec()].concat()),
            Finding::Intact
        );
        assert_eq!(verify(&rows[..10]), Finding::Truncated(20));
        assert_eq!(verify(&rows[1..]), Finding::Altered(1));
        let mut changed = rows.clone();
        changed[4].action = "review.deleted".to_owned();
        assert_eq!(verify(&changed), Finding::Altered(5));
        let mut swapped = rows.clone();
        swapped.swap(6, 7);
        assert_eq!(verify(&swapped), Finding::Altered(7));
        let mut without = rows.clone();
        without.remove(9);
        assert_eq!(verify(&without), Finding::Altered(10));

        // Whoever does not have the key makes no row that fits, and whoever has it none that fits a checkpoint.
        let forged = rewritten(&self::chain(2), &ended(&rows), "review.created");
        assert_eq!(verify(&[rows.clone(), vec![forged]].concat()), Finding::Altered(21));
        let mut again = rows[..19].to_vec();
        again.push(rewritten(&chain, &ended(&again), "review.deleted"));
        assert_eq!(verify(&again), Finding::Altered(20));
    }

    #[test]
    fn rows_that_were_lost_are_missed_also_when_the_log_has_gone_on() {
        let chain = chain(1);
        let rows = log(&chain, 20);
        let day: NaiveDate = "2020-10-01".parse().unwrap();
        let lost = chain.checkpoint(ended(&rows), day);
        let mut rows = rows[..12].to_vec();
        let mut told = rewritten(&chain, &ended(&rows), CONTRADICTED);
        let (sequence, hash) = (lost.sequence, lost.hash.clone());
        told.details = Json(serde_json::json!({ "sequence": sequence, "hash": hash, "rows": 12 }));
        told.hash = chain.hash(&told);
        rows.push(told);
        for _ in 0..20 {
            rows.push(rewritten(&chain, &ended(&rows), "review.created"));
        }
        assert_eq!(verify(&chain, &rows, &[lost]), Finding::Truncated(20));
        let now = chain.checkpoint(ended(&rows), day);
        assert_eq!(verify(&chain, &rows, &[now]), Finding::Intact, "somebody has answered for it");
    }

    #[test]
    fn only_who_has_the_key_makes_checkpoints() {
        let day: NaiveDate = "2020-10-01".parse().unwrap();
        let checkpoint = chain(1).checkpoint(End::default(), day);
        assert!(chain(1).made(&checkpoint) && !chain(2).made(&checkpoint));
        for forged in [
            Checkpoint { sequence: 1, ..checkpoint.clone() },
            Checkpoint { hash: "another".to_owned(), ..checkpoint.clone() },
            Checkpoint { day: day.succ_opt().unwrap(), ..checkpoint },
        ] {
            assert!(!chain(1).made(&forged), "{forged:?}");
        }
    }
}
