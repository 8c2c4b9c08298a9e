//! Access codes: what somebody who is let into a closed consultation types. Pure.

use crate::consultations::ConsultationId;
use crate::db::types::Timestamp;
use crate::problem::{Checks, Problem};

pub use crate::vocabulary::AccessCodeId;

pub(super) mod service;
pub(super) mod store;

/// Letters and digits that are not taken for each other when read aloud or copied by hand (Crockford's Base32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: 60 random bits.
const LENGTH: usize = 12;
const LONGEST_LABEL: usize = 200;

/// An access code; of the code itself only a keyed hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessCode {
    /// Its id.
    pub id: AccessCodeId,
    /// The consultation that it opens.
    pub consultation_id: ConsultationId,
    /// The keyed hash of the code.
    pub code_hash: String,
    /// What it was made for.
    pub label: String,
    /// How many may register with it.
    pub most_uses: Option<i32>,
    /// How many have registered with it.
    pub uses: i32,
    /// It opens nothing from then on.
    pub expires_at: Option<Timestamp>,
    /// Grows with each change and each use.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed or used.
    pub updated_at: Timestamp,
}

impl AccessCode {
    /// Whether somebody may still register with it.
    pub fn opens(&self, now: Timestamp) -> bool {
        let left = self.most_uses.is_none_or(|most| self.uses < most);
        left && self.expires_at.is_none_or(|ends| now < ends)
    }

    /// 422 with everything that cannot be accepted.
    pub fn check(&self) -> Result<(), Problem> {
        let some = self.most_uses.is_none_or(|most| most >= 1);
        let later = self.expires_at.is_none_or(|ends| self.created_at < ends);
        Checks::new()
            .line(&self.label, LONGEST_LABEL, "/label")
            .require(some, "/most_uses", "must be at least 1")
            .require(later, "/expires_at", "must be in the future")
            .finish()
    }
}

/// A code from random bytes, as it is shown: `K7QM-3XRT-9WBD`.
pub fn write(random: &[u8; 32]) -> String {
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(byte % 32)]);
    let letters: Vec<char> = random.iter().take(LENGTH).map(letter).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// What was typed as it is hashed: without spaces and hyphens, in capitals, with letters that look like digits as
/// those.
pub fn normalize(typed: &str) -> String {
    let same = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(same).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_readable_and_however_it_is_typed_the_same() {
        let code = write(&[200; 32]);
        assert_eq!(code, "8888-8888-8888");
        let code = write(&std::array::from_fn(|at| (at as u8).wrapping_mul(9)));
        assert_eq!(code.len(), 14);
        let plain = normalize(&code);
        assert_eq!(plain.len(), LENGTH);
        assert_eq!(normalize(&code.to_lowercase().replace('-', " ")), plain);
        assert_eq!(normalize("oil-o"), "0110");
    }
}
