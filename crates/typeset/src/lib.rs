//! Documents set in PDF, in a process of its own under limits of time and memory. Only the program itself is linked with it: Typst is
//! a third of a whole build. Must never know what a document is about, nor a database, a setting or a network.

#[cfg(feature = "pdf")]
pub mod child;
#[cfg(feature = "pdf")]
mod pdf;
