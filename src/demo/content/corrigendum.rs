//! `corrigendum.toml`: what the first edition of a summary report had wrong, and what is read in its place. Must never touch the
//! database.

use serde::Deserialize;

use super::{Event, Wrong};

/// What is set right in a published report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrigendum {
    /// The ordinal of the consultation.
    pub consultation: i32,
    /// Why its report is opened again.
    pub reason: String,
    /// Each place that was wrong.
    pub corrections: Vec<Correction>,
}

/// Words of a paragraph, and those in their place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The paragraph's.
    pub key: String,
    /// The words as they were published; they stand there once.
    #[serde(rename = "for")]
    wrong: String,
    /// The words in their place.
    read: String,
}

impl Correction {
    /// A text of which it is a correction, corrected.
    pub fn made_in(&self, text: &str) -> Option<String> {
        let (before, after) = text.split_once(&self.wrong)?;
        (!after.contains(&self.wrong)).then(|| format!("{before}{}{after}", self.read))
    }
}

impl Corrigendum {
    pub(super) fn check(&self, series: &[Event], wrong: &mut Wrong) {
        let event = series.iter().find(|one| one.consultation.ordinal == self.consultation);
        wrong.unless(event.is_some(), || format!("no consultation {}", self.consultation));
        wrong.repeated("correction of", self.corrections.iter().map(|one| one.key.as_str()));
        for one in &self.corrections {
            let paragraphs = event.iter().flat_map(|event| &event.paragraphs);
            let found = paragraphs.clone().find(|text| text.key == one.key);
            let fits = found.is_some_and(|text| one.made_in(&text.text).is_some());
            wrong.unless(fits, || {
                format!("{:?}: {:?} does not stand in that paragraph once", one.key, one.wrong)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_there_once_is_set_right() {
        let one = Correction {
            key: "a".to_owned(),
            wrong: "9 November".to_owned(),
            read: "19 November".to_owned(),
        };
        let made = |text| one.made_in(text);
        assert_eq!(made("On 9 November 2020.").as_deref(), Some("On 19 November 2020."));
        assert_eq!(made("On 8 November."), None);
        assert_eq!(made("On 9 November or 9 November."), None);
    }
}
