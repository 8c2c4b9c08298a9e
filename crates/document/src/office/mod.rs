//! Files of office programs: packages of XML parts that point to one another (ECMA-376). Must never trust what a file says of its
//! own size, nor open what lies outside it. Knows nothing of what a file is about.

pub mod package;
pub mod xml;

/// Why a package cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It is no package, or not well-formed.
    Damaged,
    /// It unpacks to more than is taken.
    TooLarge,
}
