//! What the demonstration is built from: `config/demo/*.toml`, compiled in, read into these structs and checked, so that
//! every reference leads somewhere before anything is written. Must never touch the database.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;

use crate::accounts::Email;

mod checking;
mod corrigendum;
mod drafted;
mod events;
mod people;
mod said;

use checking::Wrong;
pub use corrigendum::Corrigendum;
pub use drafted::{Paper, Paragraph};
pub use events::{Event, LocalTime};
pub use people::{Organization, Outcome, Participant, People};
pub use said::{By, Input, Verdict};

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/demo/", $name)))
    };
}

const PEOPLE: (&str, &str) = file!("people.toml");
const PAPER: (&str, &str) = file!("paper.toml");
const CORRIGENDUM: (&str, &str) = file!("corrigendum.toml");
const CONSULTATIONS: [(&str, &str); 4] = [
    file!("consultation_1.toml"),
    file!("consultation_2.toml"),
    file!("consultation_3.toml"),
    file!("consultation_4.toml"),
];
/// Those of a review that is under way.
const LIVING: [(&str, &str); 4] = [
    file!("living_1.toml"),
    file!("living_2.toml"),
    file!("living_3.toml"),
    file!("living_4.toml"),
];
/// The consultation that the outcomes and preferences in `people.toml` are about.
pub const REFERENCE_CONSULTATION: i32 = 2;

/// Everything the demonstration is built from.
#[derive(Debug)]
pub struct Content {
    /// Organizations and people.
    pub people: People,
    /// The consultations of the series, by ordinal.
    pub series: Vec<Event>,
    /// The consultations of a review that is under way, by ordinal, as they stand now.
    pub living: Vec<Event>,
    /// What the secretariat writes on top of the carried paragraphs.
    pub paper: Paper,
    /// What is set right in a report of the series after it was published.
    pub corrigendum: Corrigendum,
    /// When the demonstration is built.
    pub now: DateTime<Utc>,
}

impl Content {
    /// Reads and checks the files that are compiled in.
    ///
    /// # Errors
    /// What is wrong, one line each, with the name of the file.
    pub fn load(now: DateTime<Utc>) -> Result<Self, String> {
        let series = CONSULTATIONS.into_iter().map(read).collect::<Result<_, _>>()?;
        let mut living: Vec<Event> = LIVING.into_iter().map(read).collect::<Result<_, _>>()?;
        living.iter_mut().for_each(|event| event.stand(now));
        let (people, paper, corrigendum) = (read(PEOPLE)?, read(PAPER)?, read(CORRIGENDUM)?);
        let content = Self { people, series, living, paper, corrigendum, now };
        let mut wrong = Wrong::default();
        content.check(&mut wrong);
        if wrong.lines.is_empty() { Ok(content) } else { Err(wrong.lines.join("\n")) }
    }

    /// Somebody by address.
    pub fn participant(&self, email: &Email) -> Option<&Participant> {
        self.people.participants.iter().find(|one| one.email == *email)
    }

    /// An organization by key.
    pub fn organization(&self, key: &str) -> Option<&Organization> {
        self.people.organizations.iter().find(|one| one.key == key)
    }
}

fn read<T: DeserializeOwned>((name, text): (&str, &str)) -> Result<T, String> {
    toml::from_str(text).map_err(|error| format!("config/demo/{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, TimeZone};

    use super::*;

    fn noon() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 29, 12, 0, 0).unwrap()
    }

    #[test]
    fn what_is_on_is_on_at_every_hour_of_the_day_and_ends_on_it() {
        for minutes in (0..2 * 24 * 60).step_by(7) {
            let now = noon() + Duration::minutes(minutes);
            let content = Content::load(now).unwrap_or_else(|wrong| panic!("{wrong}"));
            let on = &content.living[1];
            let about = &on.consultation;
            let local = now.with_timezone(&about.zone);
            assert_eq!(about.date, Some(local.date_naive()), "{now}");
            let first = &on.rounds[0];
            let (start, end) = (first.start.unwrap().0, first.end.unwrap().0);
            assert!(start < local.time() && local.time() < end, "{now}: {start} to {end}");
            let times = [about.start, Some(LocalTime(start)), Some(LocalTime(end)), about.end];
            assert!(
                times.windows(2).all(|two| two[0].unwrap().0 <= two[1].unwrap().0),
                "{now}: {times:?}"
            );
        }
    }

    #[test]
    fn every_file_reads_and_every_reference_leads_somewhere() {
        let content = Content::load(noon()).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert_eq!((content.series.len(), content.living.len()), (4, 4));
    }

    #[test]
    fn the_second_consultation_has_the_places_of_the_reference_case() {
        let content = Content::load(noon()).unwrap_or_else(|wrong| panic!("{wrong}"));
        let second = &content.series[1].consultation;
        let confirmed = content.people.participants.iter().filter(|one| {
            one.consultations.contains(&second.ordinal)
                && one.outcome_at(second.ordinal) == Outcome::Confirmed
        });
        assert_eq!(second.capacity, Some(confirmed.count() as i32));
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_named_with_its_file() {
        let mut content = Content::load(noon()).unwrap_or_else(|wrong| panic!("{wrong}"));
        content.series[2].paragraphs[0].inputs.push("nothing".to_owned());
        content.paper.merged[0].sources[0].keys.push("nothing".to_owned());
        content.corrigendum.corrections[0].key = "nothing".to_owned();
        let mut wrong = Wrong::default();
        content.check(&mut wrong);
        assert!(
            wrong
                .lines
                .iter()
                .any(|line| line.contains("consultation_3.toml") && line.contains("\"nothing\""))
        );
        assert!(wrong.lines.iter().any(|line| line.contains("paper.toml")));
        assert!(wrong.lines.iter().any(|line| line.contains("corrigendum.toml")));
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let text = "[[introduction]]\ntext = \"a\"\nauthor = \"b\"\n";
        let error = read::<Paper>(("paper.toml", text)).unwrap_err();
        assert!(error.contains("author"), "{error}");
    }
}
