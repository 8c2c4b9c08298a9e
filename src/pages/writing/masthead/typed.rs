//! A masthead as a form has it: everything as it was typed, so that nothing of it is lost. Pure.

use crate::i18n::Language;
use crate::pages::fields::Fields;
use crate::problem::Problem;
use crate::reports::{HeadingStyle, MastheadLine, MastheadNote, Report, ReportChange, ReportKind};

/// The fields of a masthead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The title.
    pub title: String,
    /// The symbol.
    pub symbol: String,
    /// The line of distribution.
    pub distribution: String,
    /// The date, as browsers send it.
    pub dated_on: String,
    /// In which language it is written.
    pub language: Language,
    /// From which it was translated.
    pub original_language: Language,
    /// The agenda items, a line each.
    pub agenda_items: String,
    /// The summary, a blank line between paragraphs.
    pub summary: String,
    /// Notes to lines of the first page.
    pub notes: Vec<MastheadNote>,
    /// Whether charts stand in it.
    pub figures: bool,
    /// How headings are numbered.
    pub heading_style: HeadingStyle,
}

impl Filled {
    /// As a form was sent.
    pub fn read(fields: &Fields) -> Self {
        let text = |name| fields.one(name).unwrap_or_default().replace("\r\n", "\n");
        let lines = fields.sent("note_to").map(str::parse::<MastheadLine>);
        let notes = lines.zip(fields.sent("note")).filter_map(|(to, text)| {
            let text = text.trim();
            Some(MastheadNote { to: to.ok()?, text: text.to_owned() }).filter(|_| !text.is_empty())
        });
        let language = fields.parsed("language").unwrap_or(Language::English);
        Self {
            title: text("title"),
            symbol: text("symbol"),
            distribution: text("distribution"),
            dated_on: text("dated_on"),
            language,
            original_language: fields.parsed("original_language").unwrap_or(language),
            agenda_items: text("agenda_items"),
            summary: text("summary"),
            notes: notes.collect(),
            figures: fields.is_ticked("figures"),
            heading_style: fields.parsed("heading_style").unwrap_or(HeadingStyle::EscapReport),
        }
    }

    /// As the masthead of a report is.
    pub fn of(report: &Report) -> Self {
        Self {
            title: report.title.clone(),
            symbol: report.symbol.clone().unwrap_or_default(),
            distribution: report.distribution.clone(),
            dated_on: report.dated_on.map(|day| day.to_string()).unwrap_or_default(),
            language: report.language,
            original_language: report.original_language,
            agenda_items: report.agenda_items.clone().unwrap_or_default(),
            summary: report.summary.clone().unwrap_or_default(),
            notes: report.masthead_notes.clone(),
            figures: report.figures,
            heading_style: report.heading_style,
        }
    }

    /// What changes of a report's masthead by it. A summary report has no agenda items: its form does not ask for them.
    pub fn change(&self, report: &Report) -> Result<ReportChange, Problem> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let day = some(&self.dated_on).map(|day| day.parse()).transpose();
        let day = day.map_err(|_| Problem::invalid("/dated_on", "is no day: write 2021-02-26"))?;
        let is_paper = report.kind == ReportKind::ConferenceRoomPaper;
        Ok(ReportChange {
            title: Some(self.title.clone()),
            symbol: Some(some(&self.symbol)),
            distribution: Some(self.distribution.clone()),
            dated_on: Some(day),
            summary: Some(some(&self.summary)),
            language: Some(self.language),
            original_language: Some(self.original_language),
            figures: Some(self.figures),
            agenda_items: is_paper.then(|| some(&self.agenda_items)),
            masthead_notes: Some(self.notes.clone()),
            heading_style: Some(self.heading_style),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_read_with_their_lines_and_empty_ones_are_none() {
        let fields = Fields::of(
            b"title=A&note_to=symbol&note=&note_to=title&note=Issued+late.&note_to=x&note=B&figures=1",
        );
        let filled = Filled::read(&fields);
        let note = MastheadNote { to: MastheadLine::Title, text: "Issued late.".to_owned() };
        assert_eq!((filled.notes, filled.figures), (vec![note], true));
    }
}
