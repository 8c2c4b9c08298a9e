//! What a draft report is held against before it leaves. Pure: a draft and what is known go in, findings come out, and the same go
//! to whoever may read the draft. It must never know a database, a request, a clock, or who contributed what; and what it says of a
//! text must never tell more of the register or of an input than that the text's own words are a problem.
//!
//! | to find | look in |
//! |---|---|
//! | what goes in | [`drafted`] |
//! | what comes out | [`finding`] |
//! | holding a draft or a paragraph against it | [`Checker`] |
//! | whether a text has a name, for whoever submits one | [`Names`], [`names_in`] |
//! | rules of style, as data | [`Style`], `config/style/un.toml` |
//! | tables and figures of a finished document | [`tables_and_figures`] |
//!
//! Each check is a file with one function, `check`.

mod accessibility;
mod attribution;
mod checker;
mod combination;
mod counts;
pub mod drafted;
pub mod finding;
mod findings;
mod freshness;
mod ground;
mod length;
mod lexicon;
mod manual;
mod numbers;
mod provenance;
mod quantifier;
mod quotation;
mod references;
mod repeated;
mod strand;
mod titles;
mod usage;

pub use accessibility::tables_and_figures;
pub use checker::{Checker, Names, names_in};
pub use drafted::*;
pub use finding::{Check, Finding, Level, Place, Telling};
pub use ground::Ground;
pub use lexicon::Style;
pub use repeated::repeated;
