//! Patterns of addresses in their parts, and the tree that they make together. Pure.

use std::collections::BTreeMap;
use std::str::Split;

/// What stands between two strokes of a pattern.
#[derive(Debug, PartialEq)]
pub(super) enum Part {
    /// These letters.
    Named(String),
    /// Anything that begins and ends like this.
    Like(String, String),
    /// Anything, and whatever comes after it.
    Rest,
}

impl Part {
    pub(super) fn all(pattern: &str) -> Vec<Self> {
        let part = |text: &str| match (text.split_once('{'), text.rsplit_once('}')) {
            (Some((_, name)), Some(_)) if name.contains(':') => Self::Rest,
            (Some((before, _)), Some((_, after))) => {
                Self::Like(before.to_owned(), after.to_owned())
            }
            _ => Self::Named(text.to_owned()),
        };
        pattern.split('/').map(part).collect()
    }

    /// Whether some path fits both.
    pub(super) fn all_meet(one: &[Self], other: &[Self]) -> bool {
        match (one, other) {
            ([], []) => true,
            ([Self::Rest, ..], [_, ..]) | ([_, ..], [Self::Rest, ..]) => true,
            ([first, one @ ..], [second, other @ ..]) => {
                first.meets(second) && Self::all_meet(one, other)
            }
            _ => false,
        }
    }

    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Named(one), Self::Named(other)) => one == other,
            (Self::Named(text), like) | (like, Self::Named(text)) => like.fits(text),
            (Self::Like(before, after), Self::Like(other_before, other_after)) => {
                (before.starts_with(other_before) || other_before.starts_with(before))
                    && (after.ends_with(other_after) || other_after.ends_with(after))
            }
            (Self::Rest, _) | (_, Self::Rest) => true,
        }
    }

    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Named(name) => name == text,
            Self::Like(before, after) => {
                text.len() > before.len() + after.len()
                    && text.starts_with(before)
                    && text.ends_with(after)
            }
            Self::Rest => true,
        }
    }
}

/// What is known of a path so far: where the next part leads, and the family where none comes.
#[derive(Default)]
pub(super) struct Branch {
    family: Option<usize>,
    named: BTreeMap<String, Branch>,
    others: Vec<(Part, Branch)>,
}

impl Branch {
    pub(super) fn plant(&mut self, parts: impl IntoIterator<Item = Part>, family: usize) {
        let mut branch = self;
        for part in parts {
            branch = match part {
                Part::Named(name) => branch.named.entry(name).or_default(),
                other => {
                    let at = branch.others.iter().position(|(known, _)| *known == other);
                    let at = at.unwrap_or_else(|| {
                        branch.others.push((other, Self::default()));
                        branch.others.len() - 1
                    });
                    &mut branch.others[at].1
                }
            };
        }
        branch.family = Some(family);
    }

    pub(super) fn family(&self, path: &str) -> Option<usize> {
        self.after(path.split('/'))
    }

    fn after(&self, mut parts: Split<'_, char>) -> Option<usize> {
        let Some(part) = parts.next() else { return self.family };
        let named = self.named.get(part).and_then(|branch| branch.after(parts.clone()));
        named.or_else(|| {
            self.others.iter().filter(|(like, _)| like.fits(part)).find_map(|(like, branch)| {
                if *like == Part::Rest { branch.family } else { branch.after(parts.clone()) }
            })
        })
    }
}
