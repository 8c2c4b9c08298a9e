//! How an edition is cited, for reference managers: BibTeX, CSL-JSON and the fields that they look for in a page. Pure; what is cited
//! never changes.

use serde_json::{Value, json};

use super::Edition;
use crate::document::Document;
use crate::ways;

pub(super) mod http;

/// What reference managers read in BibTeX.
pub const BIBTEX: &str = "application/x-bibtex; charset=utf-8";
/// What they read as JSON of the Citation Style Language.
pub const CSL: &str = "application/vnd.citationstyles.csl+json";

/// An edition, or a paragraph of it, as it is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// A name of it among citations: letters, digits and hyphens.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its symbol.
    pub symbol: Option<String>,
    /// Who answers for it.
    pub institution: String,
    /// The day on which it was published: "2021-02-26".
    pub day: String,
    /// Its language.
    pub language: String,
    /// Its number among the editions of the report.
    pub edition: i32,
    /// The paragraph, where one is cited.
    pub paragraph: Option<u32>,
    /// Where it is read, for good.
    pub address: String,
}

impl Cited {
    /// That edition, or that paragraph of it. `public_url` is how the outside knows this site.
    pub fn of(
        edition: &Edition,
        document: &Document,
        paragraph: Option<u32>,
        public_url: &str,
    ) -> Self {
        let meta = &document.meta;
        let author = meta.work.as_ref().map(|work| work.author_name.as_str());
        let organ = Some(meta.organ.as_str()).filter(|organ| !organ.trim().is_empty());
        let path = match paragraph {
            Some(number) => ways::paragraph(edition.report_id, edition.number, number),
            None => ways::edition(edition.report_id, edition.number),
        };
        let symbol = edition.symbol.clone();
        let named = symbol.clone().unwrap_or_else(|| edition.report_id.to_string());
        let plain = named.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
        let mut key: String = plain.chain(format!("-{}", edition.number).chars()).collect();
        if let Some(number) = paragraph {
            key.push_str(&format!("-{number}"));
        }
        Self {
            key,
            title: meta.title.as_str().trim().to_owned(),
            symbol,
            institution: organ.or(author).unwrap_or("United Nations").trim().to_owned(),
            day: edition.published_at.utc().date_naive().to_string(),
            language: meta.lang.to_string(),
            edition: edition.number,
            paragraph,
            address: format!("{public_url}{path}"),
        }
    }

    /// An entry of BibTeX.
    pub fn bibtex(&self) -> String {
        let (year, month) = (self.day.get(..4), self.day.get(5..7));
        let paragraph = self.paragraph.map(|number| format!("Paragraph {number}"));
        let edition = self.edition.to_string();
        let fields = [
            ("title", Some(self.title.as_str())),
            ("author", Some(self.institution.as_str())),
            ("institution", Some(self.institution.as_str())),
            ("number", self.symbol.as_deref()),
            ("edition", Some(edition.as_str())),
            ("year", year),
            ("month", month),
            ("note", paragraph.as_deref()),
            ("language", Some(self.language.as_str())),
            ("url", Some(self.address.as_str())),
        ];
        let mut entry = format!("@techreport{{{},\n", self.key);
        for (name, value) in fields {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                // An address is read as it stands; an institution is one name, not several with commas.
                let value = match name {
                    "url" => value.to_owned(),
                    "author" | "title" => format!("{{{}}}", escaped(value)),
                    _ => escaped(value),
                };
                entry.push_str(&format!("  {name} = {{{value}}},\n"));
            }
        }
        entry.push_str("}\n");
        entry
    }

    /// A list of one item of CSL-JSON.
    pub fn csl(&self) -> Value {
        let parts: Vec<i32> = self.day.split('-').filter_map(|part| part.parse().ok()).collect();
        let mut item = json!({
            "id": self.key,
            "type": "report",
            "title": self.title,
            "author": [{ "literal": self.institution }],
            "publisher": self.institution,
            "issued": { "date-parts": [parts] },
            "edition": self.edition.to_string(),
            "language": self.language,
            "URL": self.address,
        });
        if let Some(symbol) = &self.symbol {
            item["number"] = symbol.as_str().into();
        }
        if let Some(number) = self.paragraph {
            item["section"] = number.to_string().into();
        }
        json!([item])
    }

    /// The fields that reference managers and catalogues look for in a page: of citations, and Dublin Core.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let symbol = || self.symbol.clone();
        let day = self.day.replace('-', "/");
        let fields = [
            ("citation_title", Some(self.title.clone())),
            ("citation_author", Some(self.institution.clone())),
            ("citation_technical_report_institution", Some(self.institution.clone())),
            ("citation_technical_report_number", symbol()),
            ("citation_publication_date", Some(day)),
            ("citation_language", Some(self.language.clone())),
            ("citation_public_url", Some(self.address.clone())),
            ("DC.title", Some(self.title.clone())),
            ("DC.creator", Some(self.institution.clone())),
            ("DC.publisher", Some(self.institution.clone())),
            ("DC.date", Some(self.day.clone())),
            ("DC.type", Some("Text".to_owned())),
            ("DC.language", Some(self.language.clone())),
            ("DC.identifier", symbol().or_else(|| Some(self.address.clone()))),
        ];
        let told = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
        told.filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// Text of BibTeX, in which some characters are commands. A brace opens or closes a field wherever it stands, also behind a backslash,
/// so that each is written by its name.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '{' => escaped.push_str("\\textbraceleft{}"),
            '}' => escaped.push_str("\\textbraceright{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '&' | '%' | '$' | '#' | '_' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited() -> Cited {
        Cited {
            key: "ESCAP-GCM-2021-CRP-2-1-12".to_owned(),
            title: "Borders & {rights}: 50 % of \\all".to_owned(),
            symbol: Some("ESCAP/GCM/2021/CRP.2".to_owned()),
            institution: "Economic and Social Commission for Asia and the Pacific".to_owned(),
            day: "2021-02-26".to_owned(),
            language: "en".to_owned(),
            edition: 1,
            paragraph: Some(12),
            address: "https://rapporteur.example.org/reports/x?edition=1#p12".to_owned(),
        }
    }

    #[test]
    fn what_would_be_a_command_of_bibtex_is_text() {
        let entry = cited().bibtex();
        assert!(entry.starts_with("@techreport{ESCAP-GCM-2021-CRP-2-1-12,\n"), "{entry}");
        assert!(
            entry.contains("title = {{Borders \\& \\textbraceleft{}rights\\textbraceright{}: 50 \\% of \\textbackslash{}all}}"),
            "{entry}"
        );
        assert!(entry.contains("number = {ESCAP/GCM/2021/CRP.2}"), "{entry}");
        assert!(entry.contains("note = {Paragraph 12}"), "{entry}");
    }

    /// As BibTeX reads it: by braces alone, whatever stands before them.
    #[test]
    fn no_title_ends_its_field() {
        for title in
            ["}}, url = {{https://elsewhere.example", "}\n}\n@misc{x, title = {", "{", "\\}"]
        {
            let entry = Cited { title: title.to_owned(), ..cited() }.bibtex();
            let (mut depth, mut fields) = (0, 0);
            for (at, c) in entry.char_indices() {
                depth += match c {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                assert!(depth > 0 || at < "@techreport".len() || at + 2 >= entry.len(), "{entry}");
                fields += usize::from(c == '=' && depth == 1);
            }
            assert_eq!((depth, fields), (0, 10), "{entry}");
        }
    }

    #[test]
    fn a_report_is_one_item_of_csl() {
        let csl = cited().csl();
        assert_eq!(csl[0]["type"], "report");
        assert_eq!(csl[0]["issued"]["date-parts"], json!([[2021, 2, 26]]));
        assert_eq!(csl[0]["number"], "ESCAP/GCM/2021/CRP.2");
    }
}
