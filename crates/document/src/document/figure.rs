//! Charts: the figures themselves, from which a renderer draws a picture and which always stand beside it as a table. Must never
//! hold a picture, so that a document that is read back cannot bring one in.

use serde::{Deserialize, Serialize};

use super::{Cell, Column, Id, Inline, Row, Table, Text};

/// A chart with its caption and the same figures as a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Computed: "Figure I", counted through the document (UN Editorial Manual, figures).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What somebody is told who does not see the picture.
    pub alt: Text,
    pub chart: Chart,
    /// Its id and caption are those of the figure; its rows are computed from the chart.
    pub table: Table,
}

impl Figure {
    /// A chart with a plain caption.
    #[must_use]
    pub fn new(id: impl Into<Id>, caption: &str, alt: &str, chart: Chart) -> Self {
        let table = Table {
            id: id.into(),
            caption: vec![Inline::text(caption)],
            columns: Vec::new(),
            header: Vec::new(),
            rows: Vec::new(),
            lettered_notes: false,
        };
        let mut figure = Self { label: String::new(), alt: alt.into(), chart, table };
        figure.fill_table();
        figure
    }

    /// Writes the figures of the chart into the table.
    pub(super) fn fill_table(&mut self) {
        let Chart { group_heading, value_heading, series, groups } = &self.chart;
        let several = series.len() > 1;
        let values = if several { series.as_slice() } else { std::slice::from_ref(value_heading) };
        let cell =
            |text: &Text| Cell { inlines: vec![Inline::Text(text.clone())], ..Cell::default() };
        let heading = |text: &Text| Cell { heading: true, ..cell(text) };
        let header = std::iter::once(group_heading).chain(values).map(cell).collect();
        let row = |group: &Group| {
            let counts = group.values.iter().map(|value| cell(&value.text()));
            Row { cells: std::iter::once(heading(&group.label)).chain(counts).collect() }
        };
        let widths = std::iter::once(3).chain(values.iter().map(|_| if several { 1 } else { 2 }));
        self.table.columns = widths.map(|width| Column { width }).collect();
        self.table.header = vec![Row { cells: header }];
        self.table.rows = groups.iter().map(row).collect();
    }
}

/// Bars that compare counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// Heads the names of the groups: "Subregion".
    pub group_heading: Text,
    /// What is counted: "Participants".
    pub value_heading: Text,
    /// Names of the series, in the order of [`Group::values`]; one for a plain chart, which shows no name, two to six for
    /// several.
    pub series: Vec<Text>,
    pub groups: Vec<Group>,
}

impl Chart {
    /// Whether each group has a value for each series.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.series.is_empty()
            && self.groups.iter().all(|group| group.values.len() == self.series.len())
    }
}

/// What is counted once for each series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub label: Text,
    pub values: Vec<Counted>,
}

/// A count, or the words printed instead of one that is withheld ("not shown").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    Count(u32),
    Withheld(Text),
}

impl Counted {
    /// As it is printed.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Count(count) => Text::new(&count.to_string()),
            Self::Withheld(words) => words.clone(),
        }
    }
}
