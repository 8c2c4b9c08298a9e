//! Names of people in texts: those of a register, found and taken out in whole and in part, and what looks like a name by
//! its shape. Pure; it must never keep a name longer than the [`Register`] lives, and never say whose it found.
//!
//! | to find | look in |
//! |---|---|
//! | names that are known: speakers of a file, registrants | [`Register`] |
//! | names that are known, written in another script | [`Sounds`] |
//! | what looks like a name to somebody who knows nobody | [`by_shape`] |
//!
//! What is taken for a known name, and what is not:
//!
//! - Names meet whatever their case, accents, width and composition ([`crate::terms`] folds them alike), with one space
//!   or another between their words, in either order, and without the middle ones.
//! - A part of a name (“Pat” of “Pat One”) counts as soon as it is written as names are, with a capital where the script
//!   has capitals, and has three letters; one of two letters (“Jo”) must be spelled alike to the letter. So “Will” is a
//!   name wherever it begins a sentence, once a Will is known; “will” never is. What tells nobody is no part: titles,
//!   particles, devices, roles.
//! - Behind `@`, and before it in an address, any part counts in any case.
//! - Scripts without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese, and Korean, whose particles cling to names) are
//!   searched within words; Arabic names with the letters that cling to them; Cyrillic ones in their cases.

mod lists;
mod register;
mod shape;
mod sounds;
mod telling_words;
mod words;

#[cfg(test)]
mod tests;

pub use register::{Found, Register};
pub use shape::by_shape;
pub use sounds::{Heard, Sounds};

pub(crate) use words::is_dense;
