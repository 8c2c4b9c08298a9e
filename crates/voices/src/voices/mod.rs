//! Voices: how somebody contributes without anybody, the server included, being able to say whose an input is (ARCHITECTURE.md,
//! rule 1; decision 0005).
//!
//! | to find | look in |
//! |---|---|
//! | what a receipt is, and how it is given | [`receipts`] |
//! | what waits as ciphertext | `pool` |
//! | when and how it enters the readable tables | `mixing` |
//! | which inputs are one voice, as a band | `counting` |
//! | what two people do: refuse a voice, destroy keys | `by_two` |
//! | what people thought of a consultation, as counts | [`feedback`] |
//! | saying something of a draft that is cleared | [`observing`] |
//! | contributing, following, changing, taking back, supporting | [`contributions`] |
//!
//! No table of this feature holds a person beside an input, no operation takes an account and a receipt together, and nothing else in
//! the program can name its tables.

mod by_two;
pub mod contributions;
mod counting;
mod feature;
pub mod feedback;
pub mod mixing;
pub mod observing;
mod personal;
mod pool;
mod privacy;
pub mod receipts;
mod schema;
mod vault;

pub use feature::FEATURE;
