//! What was typed into the page of a translation: rows as they were sent, so that nothing of them is lost. Pure.

use crate::pages::fields::Fields;
use crate::reports::translations::Translating;

/// A row of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What the portion is known by.
    pub portion: String,
    /// The original as it was shown.
    pub made_from: String,
    /// The version of the portion as it was shown.
    pub version: i64,
    /// The translation as it was shown.
    shown: String,
    /// What was typed.
    pub text: String,
    /// Whether it says what the original says now, as it is.
    pub is_confirmed: bool,
}

impl Row {
    fn is_changed(&self) -> bool {
        self.text != self.shown || self.is_confirmed
    }

    /// What is to be written.
    pub fn translating(&self) -> Translating {
        Translating {
            portion: self.portion.clone(),
            text: Some(self.text.clone()).filter(|text| !text.is_empty()),
            made_from: self.made_from.clone(),
            version: self.version,
        }
    }
}

/// The rows of a form.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// All of them, in order.
    pub rows: Vec<Row>,
    /// Those that are to be written: of one portion alone, or all in which something was changed.
    pub wanted: Vec<Row>,
}

impl Typed {
    /// As a form was sent.
    pub fn read(fields: &Fields) -> Self {
        let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
        let confirmed: Vec<&str> = fields.all("still").collect();
        let texts = fields.sent("text").zip(fields.sent("shown"));
        let versions = fields.sent("version").map(|version| version.parse().unwrap_or(0));
        let rows =
            fields.sent("portion").zip(fields.sent("made_from")).zip(versions).zip(texts).map(
                |(((portion, made_from), version), (text, shown))| Row {
                    portion: portion.to_owned(),
                    made_from: plain(made_from),
                    version,
                    shown: plain(shown),
                    text: plain(text),
                    is_confirmed: confirmed.contains(&portion),
                },
            );
        let rows: Vec<Row> = rows.collect();
        let only = fields.one("only");
        let is_wanted = |row: &&Row| match only {
            Some(only) => row.portion == only,
            None => row.is_changed(),
        };
        let wanted = rows.iter().filter(is_wanted).cloned().collect();
        Self { rows, wanted }
    }

    /// The row of a portion.
    pub fn row(&self, portion: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.portion == portion)
    }

    /// Whether a problem is about this portion, at such a place of it.
    pub fn is_told(&self, problem: &crate::problem::Problem, portion: &str, at: &str) -> bool {
        let Some(place) = self.wanted.iter().position(|row| row.portion == portion) else {
            return false;
        };
        let pointer = format!("/portions/{place}/{at}");
        problem.errors().iter().any(|error| error.pointer == pointer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_or_confirmed_is_written_and_nothing_else() {
        let form = "portion=a&made_from=One&version=1&shown=Un&text=Un\
            &portion=b&made_from=Two&version=0&shown=&text=Deux\
            &portion=c&made_from=Three&version=4&shown=Trois&text=Trois&still=c\
            &portion=d&made_from=Four&version=2&shown=Quatre&text=";
        let typed = Typed::read(&Fields::of(form.as_bytes()));
        let wanted: Vec<&str> = typed.wanted.iter().map(|row| row.portion.as_str()).collect();
        assert_eq!((typed.rows.len(), wanted), (4, vec!["b", "c", "d"]));
        assert_eq!(typed.row("d").unwrap().translating().text, None);
        let only = Typed::read(&Fields::of(format!("{form}&only=a").as_bytes()));
        assert_eq!(only.wanted.len(), 1);
    }
}
