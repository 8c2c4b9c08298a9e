//! What somebody is about to say, as a form was sent with it. Pure.

use maud::{Markup, html};

use crate::i18n::Language;
use crate::inputs::Care;
use crate::inputs::contributed::Said;
use crate::pages::fields::Fields;
use crate::problem::{Checks, Problem};
use crate::reference::ObjectiveNumber;
use crate::reviews::CategoryId;

/// What is filled in.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The text.
    pub body: String,
    /// What kind it is.
    pub category: Option<CategoryId>,
    /// What it is about.
    pub objectives: Vec<ObjectiveNumber>,
    /// Its language.
    pub language: String,
    /// How carefully it must be handled.
    pub care: Care,
}

impl Draft {
    /// Nothing yet, in the language of the page.
    pub fn empty(language: Language) -> Self {
        Self::read(&Fields::default(), language)
    }

    /// What a form was sent with.
    pub fn read(fields: &Fields, language: Language) -> Self {
        let numbers = fields.all("objective").filter_map(|number| number.parse::<i64>().ok());
        Self {
            body: fields.text("body").unwrap_or_default(),
            category: fields.parsed("category"),
            objectives: numbers.filter_map(|number| number.try_into().ok()).collect(),
            language: fields.text("language").unwrap_or_else(|| language.as_str().to_owned()),
            care: Care {
                testimony: fields.is_ticked("testimony"),
                sensitive: fields.is_ticked("sensitive"),
                do_not_quote: fields.is_ticked("do_not_quote"),
            },
        }
    }

    /// What was said before, to be changed.
    pub fn of(said: &Said) -> Self {
        Self {
            body: said.body.clone(),
            category: Some(said.category_id),
            objectives: said.objectives.clone(),
            language: said.language.clone(),
            care: said.care,
        }
    }

    /// It to be said, or in the place of what was said before; 422 for each thing that is missing.
    pub fn said(self, before: Option<&Said>) -> Result<Said, Problem> {
        let mut checks = Checks::new();
        checks.require(!self.body.is_empty(), "/body", "must say something");
        checks.require(!self.objectives.is_empty(), "/objectives", "must name at least one");
        checks.require(self.category.is_some(), "/category_id", "must be chosen");
        checks.finish()?;
        let category_id =
            self.category.ok_or_else(|| Problem::invalid("/category_id", "must be"))?;
        let Self { body, objectives, language, care, .. } = self;
        // What programs can say besides stays as it was.
        let (translation, citations, addressees) = before
            .map(|said| (said.translation.clone(), said.citations.clone(), said.addressees.clone()))
            .unwrap_or_default();
        Ok(Said {
            objectives,
            category_id,
            body,
            language,
            translation,
            citations,
            addressees,
            care,
        })
    }

    /// It in fields that nobody sees.
    pub fn hidden(&self) -> Markup {
        let field =
            |name: &str, value: &str| html! { input type="hidden" name=(name) value=(value); };
        let cares = [
            ("testimony", self.care.testimony),
            ("sensitive", self.care.sensitive),
            ("do_not_quote", self.care.do_not_quote),
        ];
        html! {
            (field("body", &self.body))
            @if let Some(category) = self.category { (field("category", &category.to_string())) }
            @for number in &self.objectives { (field("objective", &number.to_string())) }
            (field("language", &self.language))
            @for (name, ticked) in cares { @if ticked { (field(name, "1")) } }
        }
    }
}
