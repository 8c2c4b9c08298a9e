//! Documents: what they are made of, every format that they are written in but PDF, Word files read back, and why a PDF was not
//! made. Must never know what a document is about, nor a database, a request or a clock.
//!
//! | to find | look in |
//! |---|---|
//! | sections, numbered paragraphs, notes, and how they get their numbers | [`document`] |
//! | what differs between two of them, as a document | [`difference`] |
//! | HTML, Word, Markdown, Akoma Ntoso and JSON | [`render`] |
//! | a file that came back, held against what it was made from and against what is there now | [`threeway`] |
//! | a document in portions, and the same in other words | [`portions`] |
//! | where the sentences of a text end | [`sentences`] |
//! | packages of XML parts, for all who read Word files | [`office`] |
//! | what a child process that sets a PDF says when it made none | [`failure`] |

pub mod difference;
pub mod document;
pub mod failure;
pub mod office;
pub mod portions;
pub mod render;
pub mod sentences;
pub mod threeway;
