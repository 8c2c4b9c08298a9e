//! What the form of a registration was sent with, read into what a draft takes. Pure. Nothing is refused here that a person could
//! have typed: it is kept, and the rules of registration say what is wrong with it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::i18n::Language;
use crate::pages::fields::Fields;
use crate::pages::naming;
use crate::problem::{At, Code};
use crate::registrations::bodies::NamedGuardian;
use crate::registrations::drafts::Form;
use crate::registrations::form::{Question, QuestionKind};
use crate::registrations::{ConsentVersion, Consents, Needs};

fn at(pointer: &str, detail: &str) -> At {
    let code = Code::InvalidValue.kind().code.to_owned();
    At { pointer: pointer.to_owned(), code, detail: detail.to_owned() }
}

/// The form, without its organization, and what could not be put into it.
pub fn form(fields: &Fields, questions: &[Question], language: Language) -> (Form, Vec<At>) {
    let mut wrong = Vec::new();
    let checked = |name: &str| fields.is_ticked(name);
    let consents = Consents {
        version: ConsentVersion::current(),
        processing: checked("processing"),
        listed: checked("listed"),
        recording: checked("recording"),
        named_attribution: checked("named_attribution"),
    };
    let needs = Needs {
        interpretation: tags(fields, "interpretation", language),
        sign_language: fields.text("sign_language"),
        captioning: checked("captioning"),
        accessibility: fields.text("accessibility"),
    };
    let mut preferences = Vec::new();
    for group in fields.all("preference").filter_map(|id| id.parse().ok()) {
        if !preferences.contains(&group) {
            preferences.push(group);
        }
    }
    let rounds: Vec<_> = fields.all("round").filter_map(|id| id.parse().ok()).collect();
    let form = Form {
        name: fields.text("name"),
        organization_id: None,
        position: fields.text("position"),
        sector: fields.parsed("sector"),
        country: fields.parsed("country"),
        gender: fields.parsed("gender"),
        age_band: fields.parsed("age_band"),
        guardian: guardian(fields, &mut wrong),
        languages: tags(fields, "language", language),
        preferences,
        rounds: (!rounds.is_empty()).then_some(rounds),
        needs,
        consents: Some(consents),
        answers: answers(fields, questions),
    };
    (form, wrong)
}

/// Languages: those that have a box, and those that are named beside them.
fn tags(fields: &Fields, name: &str, language: Language) -> Vec<String> {
    let other = format!("other_{name}");
    let named = fields.all(&other).map(|typed| naming::tag(typed, language));
    let mut tags: Vec<String> = Vec::new();
    for tag in fields.all(name).map(str::to_owned).chain(named) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

fn guardian(fields: &Fields, wrong: &mut Vec<At>) -> Option<NamedGuardian> {
    let (name, email) = (fields.text("guardian_name"), fields.one("guardian_email"));
    if name.is_none() && email.is_none() {
        return None;
    }
    match email.unwrap_or_default().parse() {
        Ok(email) => Some(NamedGuardian { name: name.unwrap_or_default(), email }),
        Err(why) => {
            let why: String = why;
            wrong.push(at("/guardian/email", &why));
            None
        }
    }
}

fn answers(fields: &Fields, questions: &[Question]) -> BTreeMap<String, Value> {
    let mut answers = BTreeMap::new();
    for question in questions {
        let name = format!("answer_{}", question.code);
        let typed = fields.one(&name);
        let value = match question.kind {
            QuestionKind::Consent => Some(Value::Bool(typed.is_some())),
            QuestionKind::ManyOf => {
                let chosen: Vec<Value> = fields.all(&name).map(Value::from).collect();
                (!chosen.is_empty()).then_some(Value::Array(chosen))
            }
            // What is no number stays a text, which the question then refuses in its own words.
            QuestionKind::Number => typed.map(|text| {
                let plain = text.replace(',', ".");
                serde_json::from_str::<serde_json::Number>(&plain)
                    .map_or_else(|_| Value::from(text), Value::Number)
            }),
            _ => typed.map(Value::from),
        };
        answers.extend(value.map(|value| (question.code.clone(), value)));
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_read_and_what_was_not_is_absent() {
        let body = b"name=+Asha+Ex%C3%A4mple+&country=TH&sector=&language=en&language=th&other_language=Hindi&other_language=th\
            &processing=1&guardian_name=Ravi&guardian_email=nobody";
        let (form, wrong) = form(&Fields::of(body), &[], Language::English);
        assert_eq!(form.name.as_deref(), Some("Asha Ex\u{e4}mple"));
        assert_eq!(form.country.unwrap().as_str(), "TH");
        assert_eq!((form.sector, form.rounds), (None, None));
        assert_eq!(form.languages, ["en", "th", "hi"]);
        let consents = form.consents.unwrap();
        assert!(consents.processing && !consents.listed);
        assert_eq!(wrong[0].pointer, "/guardian/email");
        assert!(form.guardian.is_none());
    }
}
