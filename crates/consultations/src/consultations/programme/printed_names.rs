//! Whom a programme prints by name because they agreed to it, and how they are left out of texts that were frozen while they did: where
//! a programme prints those who were kept as printed there, and never wherever else the words stand that somebody is called by. Pure.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::SpeakerKind;
use crate::access::Role;
use crate::accounts::AccountId;

/// As what hosts are printed: one of them, several.
pub const HOSTS: [(Role, &str, &str); 4] = [
    (Role::CoHost, "Co-host", "Co-hosts"),
    (Role::Moderator, MODERATOR, "Moderators"),
    (Role::FocalPoint, "United Nations focal point", "United Nations focal points"),
    (Role::Rapporteur, "Rapporteur", "Rapporteurs"),
];

/// As what whoever moderates a session is printed.
pub const MODERATOR: &str = "Moderator";

/// As what whoever is announced to speak is printed.
pub const fn announced(kind: SpeakerKind) -> &'static str {
    match kind {
        SpeakerKind::Speaker => "Speaker",
        SpeakerKind::Keynote => "Keynote speaker",
        SpeakerKind::Panellist => "Panellist",
    }
}

/// What stands in place of somebody who is left out.
const LEFT_OUT: &str = "[…]";
/// What a line is set apart by from what stands before it and behind it.
const BEFORE: [&str; 4] = [": ", "; ", ", ", "and "];
const BEHIND: [&str; 6] = [";", ",", " and ", " |", "\\\n", "\n"];

/// Somebody whom a document prints because they agreed to be named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedName {
    /// What they are called.
    pub name: String,
    /// How they are printed, with what they come for.
    pub line: String,
    /// Their account; none of those whom the programme knows by name alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

impl PrintedName {
    /// Whether it was printed of this account. Whom the programme knows by name alone is nobody's, however an account is called.
    pub fn is_of(&self, account: AccountId) -> bool {
        self.account == Some(account)
    }

    /// Whether one of these is called so.
    pub fn is_among(&self, others: &[Self]) -> bool {
        others.iter().any(|other| other.name == self.name)
    }
}

/// Who is left out of texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// How those are printed who are left out, and the others, so that nobody is taken for a part of them. The longest first.
    lines: Vec<(String, bool)>,
    /// What stands before those who are printed.
    labels: Vec<String>,
}

impl LeftOut {
    /// Some of those whom a text prints.
    pub fn of(printed: &[PrintedName], is_gone: impl Fn(&PrintedName) -> bool) -> Self {
        let lines = printed.iter().map(|one| (one.line.clone(), is_gone(one))).collect();
        let hosts = HOSTS.iter().flat_map(|(_, one, several)| [*one, *several]);
        let labels = hosts.chain(SpeakerKind::ALL.iter().map(|kind| announced(*kind)));
        Self { lines, labels: labels.map(|label| format!("{label}: ")).collect() }.sorted()
    }

    fn sorted(mut self) -> Self {
        self.lines.retain(|(line, _)| !line.trim().is_empty());
        // Of those who are printed alike, whoever is left out counts.
        self.lines.sort_by(|(one, gone), (other, also)| {
            other.len().cmp(&one.len()).then_with(|| one.cmp(other)).then(also.cmp(gone))
        });
        self.lines.dedup_by(|later, first| later.0 == first.0);
        self
    }

    /// Whether nobody is left out.
    pub fn is_empty(&self) -> bool {
        !self.lines.iter().any(|(_, gone)| *gone)
    }

    /// Also as they are written in texts with markup.
    #[must_use]
    pub fn also_written(mut self, written: impl Fn(&str) -> String) -> Self {
        let lines = self.lines.iter().map(|(line, gone)| (written(line), *gone));
        self.lines = lines.chain(self.lines.clone()).collect();
        let labels = self.labels.iter().map(|label| written(label));
        self.labels = labels.chain(self.labels.clone()).collect();
        self.sorted()
    }

    /// A text without them.
    pub fn in_text(&self, text: &str) -> String {
        let without = |row: &str| match self.labels.iter().find(|label| row.starts_with(*label)) {
            Some(label) => self.in_row(row, label.len()),
            None => row.to_owned(),
        };
        text.split_inclusive('\n').map(without).collect()
    }

    /// A row that prints people behind its label.
    fn in_row(&self, row: &str, label: usize) -> String {
        let mut kept = row[..label].to_owned();
        let mut at = label;
        while let Some(next) = row[at..].chars().next() {
            let (before, here) = row.split_at(at);
            let stands = |(line, _): &&(String, bool)| {
                here.strip_prefix(line.as_str()).is_some_and(|behind| {
                    behind.is_empty() || BEHIND.iter().any(|apart| behind.starts_with(apart))
                })
            };
            let is_apart = BEFORE.iter().any(|apart| before.ends_with(apart));
            if let Some((line, gone)) = self.lines.iter().filter(|_| is_apart).find(stands) {
                kept.push_str(if *gone { LEFT_OUT } else { line });
                at += line.len();
            } else {
                kept.push(next);
                at += next.len_utf8();
            }
        }
        kept
    }

    /// Every text of a value without them.
    pub fn in_json(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.in_text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.in_json(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.in_json(field)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(name: &str, line: &str) -> PrintedName {
        PrintedName { name: name.to_owned(), line: line.to_owned(), account: None }
    }

    /// Without those who are called so.
    fn without(names: &[&str]) -> LeftOut {
        let all = [
            printed("Asha", "Asha"),
            printed("Asha Example", "Asha Example, IDC"),
            printed("the", "the"),
            printed("IDC", "IDC"),
            printed("A_B", "A_B, the Union"),
        ];
        LeftOut::of(&all, |one| names.contains(&one.name.as_str()))
    }

    #[test]
    fn people_are_left_out_where_they_are_printed() {
        let row = "Co-hosts: Asha; Asha Example, IDC; and a representative of the ILO | IDC\\\n";
        let left = |names: &[&str]| without(names).in_text(row);
        assert_eq!(left(&["Asha"]), row.replace("Asha;", "[…];"));
        assert_eq!(left(&["Asha Example"]), row.replace("Asha Example, IDC", "[…]"));
        assert_eq!(left(&["the", "IDC"]), row);
        assert_eq!(without(&["Asha"]).in_text("Moderator: Asha"), "Moderator: […]");
        assert_eq!(
            without(&["Asha"]).in_text("Moderators: the, Asha and IDC"),
            "Moderators: the, […] and IDC"
        );
        assert_eq!(without(&["Asha"]).in_text("Moderator: Ashanti"), "Moderator: Ashanti");
    }

    #[test]
    fn what_somebody_is_called_stays_wherever_else_it_stands() {
        for text in ["the", "Said the IDC: the fees vary.", "Asha\nAsha Example, IDC", ""] {
            assert_eq!(without(&["the", "IDC", "Asha", "Asha Example"]).in_text(text), text);
        }
        assert!(without(&[]).is_empty());
        assert!(LeftOut::of(&[printed("", " ")], |_| true).is_empty());
    }

    #[test]
    fn people_are_left_out_as_they_are_written_with_markup() {
        let gone =
            without(&["A_B"]).also_written(|word| word.replace('_', "\\_").replace('-', "\\-"));
        let text = "10.00\\\nCo\\-host: A\\_B, the Union\nSpeaker: A_B, the Union; the";
        assert_eq!(gone.in_text(text), "10.00\\\nCo\\-host: […]\nSpeaker: […]; the");
    }

    #[test]
    fn whoever_is_printed_alike_goes_with_them_and_a_name_is_of_its_account_alone() {
        let id = |id| AccountId::new(uuid::Uuid::from_u128(id));
        let own = PrintedName { account: Some(id(1)), ..printed("Asha", "Asha") };
        assert!(own.is_of(id(1)) && !own.is_of(id(2)));
        assert!(!printed("Asha", "Asha").is_of(id(2)));
        for both in [[own.clone(), printed("Asha", "Asha")], [printed("Asha", "Asha"), own]] {
            let gone = LeftOut::of(&both, |one| one.is_of(id(1)));
            assert_eq!(gone.in_text("Speaker: Asha"), "Speaker: […]");
        }
    }
}
