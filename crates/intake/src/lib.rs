//! What people said, as files and as text. Pure: must never know a database, a request, a clock, or who the
//! people are whose names stand in files.
//!
//! | to find | look in |
//! |---|---|
//! | files that other programs saved of a discussion, read into lines | [`channels`] |
//! | what may stand in a contributed text | [`wording`] |
//! | the words that a search looks up, in any language | [`terms`] |
//! | texts that say nearly the same | [`similar`] |
//! | names in texts: known ones, and what looks like one | [`names`] |

use rapporteur_encoding as encoding;

pub mod channels;
pub mod names;
pub mod similar;
pub mod terms;
pub mod wording;
