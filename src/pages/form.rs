//! The form of a registration as a page: every field with its label, what helps to fill it in, and what is wrong with it
//! beside it. Pure: knows no database.

use maud::{Markup, html};

use super::i18n::{self, Words};
use crate::consultations::{Consultation, Round, WorkingGroup};
use crate::i18n::Language;
use crate::problem::At;
use crate::reference::Reference;
use crate::registrations::drafts::Form;
use crate::registrations::form::{Question, QuestionKind, Wording};
use crate::registrations::{AgeBand, Gender};

/// Working groups that are asked for, in order, at most.
const CHOICES: usize = 3;

/// What the form is made of.
pub struct FormView<'a> {
    /// Which language it is in.
    pub language: Language,
    /// The consultation.
    pub consultation: &'a Consultation,
    /// Its working groups.
    pub groups: &'a [WorkingGroup],
    /// Its rounds.
    pub rounds: &'a [Round],
    /// What is asked besides.
    pub questions: &'a [Question],
    /// What is filled in.
    pub form: &'a Form,
    /// The organization as it was typed.
    pub organization: &'a str,
    /// What is wrong, to be told.
    pub errors: &'a [At],
}

impl FormView<'_> {
    fn words(&self) -> &'static Words {
        i18n::of(self.language)
    }

    /// The fields, without what is around them.
    pub fn fields(&self) -> Markup {
        let words = self.words();
        html! {
            (self.about())
            @if !self.groups.is_empty() { (self.choices()) }
            (self.needs())
            @if !self.questions.is_empty() {
                fieldset {
                    legend { (words.questions) }
                    @for question in self.questions { (self.question(question)) }
                }
            }
            (self.consents())
        }
    }

    /// The errors, each with a link to its field.
    pub fn summary(&self) -> Markup {
        if self.errors.is_empty() {
            return html! {};
        }
        html! {
            div .b role="alert" {
                p { strong { (self.words().errors) } }
                ul { @for error in self.errors {
                    li { a href={ "#" (field_of(&error.pointer)) } dir="auto" lang="en" { (field_of(&error.pointer)) ": " (error.detail) } }
                } }
            }
        }
    }

    fn about(&self) -> Markup {
        let (words, form, reference) = (self.words(), self.form, Reference::get());
        let sectors = reference.sectors.iter().map(|one| (one.code.as_str(), one.name.as_str()));
        let countries =
            reference.countries.iter().map(|one| (one.code.as_str(), one.name.as_str()));
        let genders = [
            (Gender::Woman.as_str(), words.woman.as_str()),
            (Gender::Man.as_str(), &words.man),
            (Gender::Another.as_str(), &words.another),
        ];
        let ages = [
            (AgeBand::Under18.as_str(), words.under_18.as_str()),
            (AgeBand::From18To24.as_str(), "18–24"),
            (AgeBand::From25To34.as_str(), "25–34"),
            (AgeBand::From35To59.as_str(), "35–59"),
            (AgeBand::From60.as_str(), &words.from_60),
        ];
        let guardian = form.guardian.as_ref();
        html! {
            fieldset {
                legend { (words.about) }
                (self.input("name", &words.name, "", form.name.as_deref(), "text", "name"))
                (self.input("organization_id", &words.organization, &words.organization_help, Some(self.organization), "text", "organization"))
                (self.input("position", &words.position, "", form.position.as_deref(), "text", "organization-title"))
                (self.select("sector", "sector", &words.sector, &words.sector_help, sectors, form.sector.map(|one| one.as_str())))
                (self.select("country", "country", &words.country, "", countries, form.country.map(|one| one.as_str())))
                (self.select("gender", "gender", &words.gender, "", genders.into_iter(), form.gender.map(rapporteur_registrations::registrations::Gender::as_str)))
                (self.select("age_band", "age_band", &words.age, "", ages.into_iter(), form.age_band.map(rapporteur_registrations::registrations::AgeBand::as_str)))
            }
            fieldset #guardian {
                legend { (words.guardian) }
                p .h { (words.guardian_help) }
                (self.input("guardian_name", &words.name, "", guardian.map(|one| one.name.as_str()), "text", "off"))
                (self.input("guardian_email", &words.email, "", guardian.map(|one| one.email.as_str()), "email", "off"))
            }
            fieldset #languages {
                legend { (words.spoken) }
                (self.error("languages"))
                (self.languages("language", &form.languages))
                (self.input("other_languages", &words.other_languages, "", Some(&others(&form.languages)), "text", "off"))
            }
        }
    }

    /// Boxes for the six languages.
    fn languages(&self, name: &str, chosen: &[String]) -> Markup {
        html! {
            @for language in Language::ALL {
                (self.check(name, language.as_str(), i18n::own_name(*language), is_chosen(chosen, *language)))
            }
        }
    }

    fn choices(&self) -> Markup {
        let (words, form) = (self.words(), self.form);
        let title = |group: &WorkingGroup| {
            let objectives: Vec<String> = group.objectives().map(|one| one.to_string()).collect();
            let objectives = words.objectives.replace("{numbers}", &objectives.join(", "));
            format!("{}: {objectives}", i18n::number(&words.group, group.number))
        };
        let groups: Vec<(String, String)> =
            self.groups.iter().map(|group| (group.id.to_string(), title(group))).collect();
        let all = form.rounds.is_none();
        html! {
            fieldset #preferences {
                legend { (words.preferences) }
                (self.error("preferences"))
                @for place in 0..CHOICES.min(groups.len()) {
                    @let chosen = form.preferences.get(place).map(std::string::ToString::to_string);
                    @let options = groups.iter().map(|(id, title)| (id.as_str(), title.as_str()));
                    (self.select("preference", &format!("preference_{place}"), &i18n::number(&words.choice, place + 1), "", options, chosen.as_deref()))
                }
            }
            @if self.rounds.len() > 1 {
                fieldset #rounds {
                    legend { (words.rounds) }
                    (self.error("rounds"))
                    @for round in self.rounds {
                        @let time = crate::i18n::mails(self.language).span(self.consultation.zone, round.starts_at, round.ends_at);
                        @let label = format!("{} {}", i18n::number(&words.round, round.number), time.unwrap_or_default());
                        @let chosen = all || form.rounds.as_ref().is_some_and(|rounds| rounds.contains(&round.id));
                        (self.check("round", &round.id.to_string(), &label, chosen))
                    }
                }
            }
        }
    }

    fn needs(&self) -> Markup {
        let (words, needs) = (self.words(), &self.form.needs);
        html! {
            fieldset #needs {
                legend { (words.needs) }
                (self.error("needs"))
                fieldset #interpretation {
                    legend { (words.interpretation) }
                    (self.languages("interpretation", &needs.interpretation))
                }
                (self.input("sign_language", &words.sign_language, "", needs.sign_language.as_deref(), "text", "off"))
                (self.check("captioning", "1", &words.captioning, needs.captioning))
                (self.area("accessibility", &words.accessibility, needs.accessibility.as_deref()))
            }
        }
    }

    fn consents(&self) -> Markup {
        let words = self.words();
        let given = self.form.consents.unwrap_or_default();
        html! {
            fieldset {
                legend { (words.consents) }
                (self.error("processing"))
                div #processing { (self.check("processing", "1", &words.processing, given.processing)) }
                (self.check("listed", "1", &words.listed, given.listed))
                (self.check("recording", "1", &words.recording, given.recording))
                (self.check("named_attribution", "1", &words.named_attribution, given.named_attribution))
            }
        }
    }

    fn question(&self, question: &Question) -> Markup {
        let name = format!("answer_{}", question.code);
        let value = self.form.answers.get(&question.code);
        let text = value.and_then(|value| match value {
            serde_json::Value::String(text) => Some(text.clone()),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
        let text = text.as_deref();
        let said = said(&question.wording, self.language);
        let (prompt, help) = said
            .map_or(("", ""), |one| (one.prompt.as_str(), one.help.as_deref().unwrap_or_default()));
        let options: Vec<(&str, &str)> = question
            .options
            .iter()
            .map(|one| (one.code.as_str(), said_label(&one.labels, self.language)))
            .collect();
        match question.kind {
            QuestionKind::ShortText => self.input(&name, prompt, help, text, "text", "off"),
            QuestionKind::Date => self.input(&name, prompt, help, text, "date", "off"),
            // A number field loses what is typed when it is none; the error would have nothing to point at.
            QuestionKind::Number => self.input(&name, prompt, help, text, "text", "off"),
            QuestionKind::LongText => self.area(&name, prompt, text),
            QuestionKind::OneOf => {
                self.select(&name, &name, prompt, help, options.into_iter(), text)
            }
            QuestionKind::ManyOf => {
                let chosen = |code: &str| {
                    value
                        .and_then(|value| value.as_array())
                        .is_some_and(|all| all.iter().any(|one| one == code))
                };
                html! {
                    fieldset id=(name) {
                        legend dir="auto" { (prompt) }
                        @if !help.is_empty() { p .h dir="auto" { (help) } }
                        (self.error(&name))
                        @for (code, label) in &options { (self.check(&name, code, label, chosen(code))) }
                    }
                }
            }
            QuestionKind::Consent => html! {
                div .f id=(name) {
                    (self.error(&name))
                    (self.check(&name, "1", prompt, value == Some(&serde_json::Value::Bool(true))))
                    @if !help.is_empty() { p .h dir="auto" { (help) } }
                }
            },
        }
    }

    // -------------------------------------------------------------------------------------------- controls

    fn wrong(&self, field: &str) -> Option<&str> {
        let wrong = self.errors.iter().find(|error| field_of(&error.pointer) == field);
        wrong.map(|error| error.detail.as_str())
    }

    fn error(&self, field: &str) -> Markup {
        html! { @if let Some(why) = self.wrong(field) { p .e id={ (field) "-e" } lang="en" dir="auto" { (why) } } }
    }

    /// What describes a control: its help and its error.
    fn described(&self, id: &str, help: &str) -> Option<String> {
        let help = (!help.is_empty()).then(|| format!("{id}-h"));
        let error = self.wrong(id).map(|_| format!("{id}-e"));
        let ids: Vec<String> = help.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn around(&self, id: &str, label: &str, help: &str, control: Markup) -> Markup {
        html! {
            div .f {
                label for=(id) dir="auto" { (label) }
                @if !help.is_empty() { p .h id={ (id) "-h" } dir="auto" { (help) } }
                (self.error(id))
                (control)
            }
        }
    }

    fn input(
        &self,
        id: &str,
        label: &str,
        help: &str,
        value: Option<&str>,
        kind: &str,
        filled: &str,
    ) -> Markup {
        let invalid = self.wrong(id).map(|_| "true");
        let control = html! {
            input id=(id) name=(id) type=(kind) value=(value.unwrap_or_default()) autocomplete=(filled) dir="auto"
                aria-describedby=[self.described(id, help)] aria-invalid=[invalid];
        };
        self.around(id, label, help, control)
    }

    fn area(&self, id: &str, label: &str, value: Option<&str>) -> Markup {
        let invalid = self.wrong(id).map(|_| "true");
        let control = html! {
            textarea id=(id) name=(id) rows="4" dir="auto" aria-describedby=[self.described(id, "")] aria-invalid=[invalid] { (value.unwrap_or_default()) }
        };
        self.around(id, label, "", control)
    }

    fn select<'o>(
        &self,
        name: &str,
        id: &str,
        label: &str,
        help: &str,
        options: impl Iterator<Item = (&'o str, &'o str)>,
        chosen: Option<&str>,
    ) -> Markup {
        let invalid = self.wrong(id).map(|_| "true");
        let control = html! {
            select id=(id) name=(name) aria-describedby=[self.described(id, help)] aria-invalid=[invalid] {
                option value="" { (self.words().none) }
                @for (code, text) in options { option value=(code) selected[chosen == Some(code)] { (text) } }
            }
        };
        self.around(id, label, help, control)
    }

    fn check(&self, name: &str, value: &str, label: &str, checked: bool) -> Markup {
        html! { label .c { input type="checkbox" name=(name) value=(value) checked[checked]; " " bdi { (label) } } }
    }
}

/// The field that a pointer into the form is about.
fn field_of(pointer: &str) -> String {
    let parts: Vec<&str> = pointer.trim_start_matches('/').split('/').collect();
    match parts[..] {
        ["answers", code, ..] => format!("answer_{code}"),
        ["guardian", field, ..] => format!("guardian_{field}"),
        ["needs", field, ..] => field.to_owned(),
        ["consents", field, ..] => field.to_owned(),
        [field, ..] => field.to_owned(),
        [] => String::new(),
    }
}

fn is_chosen(chosen: &[String], language: Language) -> bool {
    chosen.iter().any(|tag| tag == language.as_str())
}

/// Those that have no box.
fn others(chosen: &[String]) -> String {
    let others = chosen.iter().filter(|tag| tag.parse::<Language>().is_err());
    others.map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// In the language of the page, else in English, else in any.
fn said(
    wording: &std::collections::BTreeMap<String, Wording>,
    language: Language,
) -> Option<&Wording> {
    let own = wording.iter().find(|(tag, _)| Language::of_tag(tag) == Some(language));
    let own = own.map(|(_, wording)| wording);
    own.or_else(|| wording.get("en")).or_else(|| wording.values().next())
}

fn said_label(labels: &std::collections::BTreeMap<String, String>, language: Language) -> &str {
    let own = labels.iter().find(|(tag, _)| Language::of_tag(tag) == Some(language));
    let own = own.map(|(_, label)| label);
    own.or_else(|| labels.get("en")).or_else(|| labels.values().next()).map_or("", String::as_str)
}
