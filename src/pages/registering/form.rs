//! The form of a registration as a page: every field with its label, what helps to fill it in, and what is wrong with it
//! beside it. Pure: knows no database.

use maud::{Markup, html};

use super::i18n::{self, Words};
use crate::consultations::{Consultation, Round, WorkingGroup};
use crate::i18n::Language;
use crate::pages::naming::{self, Of};
use crate::problem::At;
use crate::reference::Reference;
use crate::registrations::drafts::Form;
use crate::registrations::form::{Question, QuestionKind, Wording};
use crate::registrations::{AgeBand, Gender};

/// Working groups that are asked for, in order, at most.
const CHOICES: usize = 3;
/// Languages beside the six that can be named at once at least; there is room for one more than were.
const OTHERS: usize = 2;

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
    /// Whether an access code is still to be given.
    pub needs_code: bool,
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
            datalist #all-languages { @for (_, name) in naming::all(Of::Language, self.language) { option value=(name) {} } }
            @if self.needs_code { (self.input("access_code", words.access_code, words.code_help, None, "text", "off")) }
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
                ul { @for field in self.wrong_fields() {
                    li { a href={ "#" (field) } { (self.label(&field)) ": " (self.sentence(&field)) } }
                } }
            }
        }
    }

    fn about(&self) -> Markup {
        let (words, form, reference) = (self.words(), self.form, Reference::get());
        let sector = |code: &'static str| (code, naming::name(Of::Sector, code, self.language));
        let sectors = reference.sectors.iter().map(|one| sector(one.code.as_str()));
        let countries = naming::all(Of::Country, self.language).into_iter();
        let genders = [
            (Gender::Woman.as_str(), words.woman),
            (Gender::Man.as_str(), words.man),
            (Gender::Another.as_str(), words.another),
        ];
        let ages = [
            (AgeBand::Under18.as_str(), words.under_18),
            (AgeBand::From18To24.as_str(), "18–24"),
            (AgeBand::From25To34.as_str(), "25–34"),
            (AgeBand::From35To59.as_str(), "35–59"),
            (AgeBand::From60.as_str(), words.from_60),
        ];
        let guardian = form.guardian.as_ref();
        html! {
            fieldset {
                legend { (words.about) }
                (self.input("name", words.name, "", form.name.as_deref(), "text", "name"))
                (self.organization())
                (self.input("position", words.position, "", form.position.as_deref(), "text", "organization-title"))
                (self.select("sector", "sector", words.sector, words.sector_help, sectors, form.sector.map(|one| one.as_str())))
                (self.select("country", "country", words.country, "", countries, form.country.map(|one| one.as_str())))
                (self.select("gender", "gender", words.gender, "", genders.into_iter(), form.gender.map(Gender::as_str)))
                (self.select("age_band", "age_band", words.age, "", ages.into_iter(), form.age_band.map(AgeBand::as_str)))
            }
            fieldset #guardian {
                legend { (words.guardian) }
                p .h { (words.guardian_help) }
                (self.input("guardian_name", words.name, "", guardian.map(|one| one.name.as_str()), "text", "off"))
                (self.input("guardian_email", words.email, "", guardian.map(|one| one.email.as_str()), "email", "off"))
            }
            fieldset #languages {
                legend { (words.spoken) }
                (self.error("languages"))
                (self.languages("language", &form.languages))
            }
        }
    }

    /// Boxes for the six languages, and others by name.
    fn languages(&self, name: &str, chosen: &[String]) -> Markup {
        let others: Vec<&str> = others(chosen).collect();
        let other = format!("other_{name}");
        html! {
            div .many {
                @for language in Language::ALL {
                    (self.check(name, language.as_str(), naming::language(language.as_str(), self.language), is_chosen(chosen, *language)))
                }
            }
            @for place in 0..(others.len() + 1).max(OTHERS) {
                @let id = format!("{other}_{place}");
                @let named = others.get(place).map(|tag| naming::language(tag, self.language));
                div .f {
                    label for=(id) { (self.words().another_language) }
                    input id=(id) name=(other) type="text" list="all-languages" value=(named.unwrap_or_default()) autocomplete="off" dir="auto";
                }
            }
        }
    }

    fn organization(&self) -> Markup {
        let words = self.words();
        let invalid = self.wrong("organization_id").then_some("true");
        let control = html! {
            input #organization_id name="organization_id" type="text" value=(self.organization) autocomplete="organization" dir="auto" list="organizations"
                data-suggest="/my/organizations?q=" aria-describedby=[self.described("organization_id", words.organization_help)] aria-invalid=[invalid];
            datalist #organizations {}
        };
        self.around("organization_id", words.organization, words.organization_help, &control)
    }

    fn choices(&self) -> Markup {
        let (words, form) = (self.words(), self.form);
        let title = |group: &WorkingGroup| {
            let objectives: Vec<String> = group.objectives().map(|one| one.to_string()).collect();
            let objectives = words.objectives.replace("{numbers}", &objectives.join(", "));
            format!("{}: {objectives}", i18n::number(words.group, group.number))
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
                    (self.select("preference", &format!("preference_{place}"), &i18n::number(words.choice, place + 1), "", options, chosen.as_deref()))
                }
            }
            @if self.rounds.len() > 1 {
                fieldset #rounds {
                    legend { (words.rounds) }
                    (self.error("rounds"))
                    @for round in self.rounds {
                        @let time = crate::i18n::mails(self.language).span(self.consultation.zone, round.starts_at, round.ends_at);
                        @let label = format!("{} {}", i18n::number(words.round, round.number), time.unwrap_or_default());
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
                (self.select("sign_language", "sign_language", words.sign_language, "", naming::all(Of::SignLanguage, self.language).into_iter(), needs.sign_language.as_deref()))
                (self.check("captioning", "1", words.captioning, needs.captioning))
                (self.area("accessibility", words.accessibility, needs.accessibility.as_deref()))
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
                div #processing { (self.check("processing", "1", words.processing, given.processing)) }
                (self.check("listed", "1", words.listed, given.listed))
                (self.check("recording", "1", words.recording, given.recording))
                (self.check("named_attribution", "1", words.named_attribution, given.named_attribution))
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

    /// Each field with something wrong in it, once.
    fn wrong_fields(&self) -> Vec<String> {
        let mut fields: Vec<String> = Vec::new();
        for field in self.errors.iter().map(|error| field_of(&error.pointer)) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        fields
    }

    fn wrong(&self, field: &str) -> bool {
        self.errors.iter().any(|error| field_of(&error.pointer) == field)
    }

    /// What is wrong with a field, in the language of the page.
    fn sentence(&self, field: &str) -> &str {
        let (words, form) = (self.words(), self.form);
        let is_empty = match field {
            "name" => form.name.is_none(),
            "sector" => form.sector.is_none(),
            "country" => form.country.is_none(),
            "languages" => return words.field_languages,
            "organization_id" => return words.organization_unknown,
            "guardian_name" | "guardian_email" | "guardian" => form.guardian.is_none(),
            "processing" | "consents" | "access_code" => true,
            _ => field.strip_prefix("answer_").is_some_and(|code| !form.answers.contains_key(code)),
        };
        if is_empty { words.field_missing } else { words.field_wrong }
    }

    /// What a field is called.
    fn label(&self, field: &str) -> &str {
        let words = self.words();
        let answered = field.strip_prefix("answer_");
        let question = self.questions.iter().find(|one| Some(one.code.as_str()) == answered);
        if let Some(wording) = question.and_then(|one| said(&one.wording, self.language)) {
            return &wording.prompt;
        }
        match field {
            "name" => words.name,
            "organization_id" => words.organization,
            "position" => words.position,
            "sector" => words.sector,
            "country" => words.country,
            "gender" => words.gender,
            "age_band" => words.age,
            "languages" => words.spoken,
            "preferences" => words.preferences,
            "rounds" => words.rounds,
            "interpretation" => words.interpretation,
            "sign_language" => words.sign_language,
            "accessibility" => words.accessibility,
            "access_code" => words.access_code,
            "processing" | "consents" => words.consents,
            "needs" => words.needs,
            _ if field.starts_with("guardian") => words.guardian,
            _ => words.about,
        }
    }

    fn error(&self, field: &str) -> Markup {
        html! { @if self.wrong(field) { p .e id={ (field) "-e" } { (self.sentence(field)) } } }
    }

    /// What describes a control: its help and its error.
    fn described(&self, id: &str, help: &str) -> Option<String> {
        let help = (!help.is_empty()).then(|| format!("{id}-h"));
        let error = self.wrong(id).then(|| format!("{id}-e"));
        let ids: Vec<String> = help.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn around(&self, id: &str, label: &str, help: &str, control: &Markup) -> Markup {
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
        let invalid = self.wrong(id).then_some("true");
        // A browser takes no address beyond ASCII for one; we do.
        let address = kind == "email";
        let control = html! {
            input id=(id) name=(id) type=(if address { "text" } else { kind }) inputmode=[address.then_some("email")]
                value=(value.unwrap_or_default()) autocomplete=(filled) dir="auto"
                aria-describedby=[self.described(id, help)] aria-invalid=[invalid];
        };
        self.around(id, label, help, &control)
    }

    fn area(&self, id: &str, label: &str, value: Option<&str>) -> Markup {
        let invalid = self.wrong(id).then_some("true");
        let control = html! {
            textarea id=(id) name=(id) rows="4" dir="auto" aria-describedby=[self.described(id, "")] aria-invalid=[invalid] { (value.unwrap_or_default()) }
        };
        self.around(id, label, "", &control)
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
        let invalid = self.wrong(id).then_some("true");
        let control = html! {
            select id=(id) name=(name) aria-describedby=[self.described(id, help)] aria-invalid=[invalid] {
                option value="" { (self.words().none) }
                @for (code, text) in options { option value=(code) selected[chosen == Some(code)] { (text) } }
            }
        };
        self.around(id, label, help, &control)
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
fn others(chosen: &[String]) -> impl Iterator<Item = &str> {
    chosen.iter().map(String::as_str).filter(|tag| tag.parse::<Language>().is_err())
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
