//! What a page's form was sent with, read into what the draft of a registration takes. Pure. Nothing is refused here that
//! a person could have typed: it is kept, and the rules of registration say what is wrong with it.

use std::collections::BTreeMap;

use actix_web::web::Query;
use serde_json::Value;

use crate::problem::{At, Code};
use crate::registrations::bodies::NamedGuardian;
use crate::registrations::drafts::Form;
use crate::registrations::form::{Question, QuestionKind};
use crate::registrations::{ConsentVersion, Consents, Needs};

/// The fields of a form as they were sent: a name may come several times.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// From `application/x-www-form-urlencoded`; what is no such thing has no fields.
    pub fn of(body: &[u8]) -> Self {
        let text = std::str::from_utf8(body).unwrap_or_default();
        let fields = Query::<Vec<(String, String)>>::from_query(text);
        fields.map_or_else(|_| Self::default(), |fields| Self(fields.into_inner()))
    }

    /// A field that says something.
    pub fn one(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Everything a name was sent with.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let same = self.0.iter().filter(move |(known, _)| known == name);
        same.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    fn parsed<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.one(name)?.parse().ok()
    }

    fn text(&self, name: &str) -> Option<String> {
        self.one(name).map(str::to_owned)
    }

    /// Codes of languages in a text: "th, hi".
    fn tags(&self, checked: &str, typed: &str) -> Vec<String> {
        let others = self.one(typed).unwrap_or_default();
        let others =
            others.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '،' | '、'));
        let mut tags: Vec<String> = Vec::new();
        for tag in self.all(checked).chain(others).filter(|tag| !tag.is_empty()) {
            if !tags.iter().any(|known| known == tag) {
                tags.push(tag.to_owned());
            }
        }
        tags
    }
}

fn at(pointer: &str, detail: &str) -> At {
    let code = Code::InvalidValue.kind().code.to_owned();
    At { pointer: pointer.to_owned(), code, detail: detail.to_owned() }
}

/// The form, without its organization, and what could not be put into it.
pub fn form(fields: &Fields, questions: &[Question]) -> (Form, Vec<At>) {
    let mut wrong = Vec::new();
    let checked = |name: &str| fields.one(name).is_some();
    let consents = Consents {
        version: ConsentVersion::current(),
        processing: checked("processing"),
        listed: checked("listed"),
        recording: checked("recording"),
        named_attribution: checked("named_attribution"),
    };
    let needs = Needs {
        interpretation: fields.tags("interpretation", ""),
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
        languages: fields.tags("language", "other_languages"),
        preferences,
        rounds: (!rounds.is_empty()).then_some(rounds),
        needs,
        consents: Some(consents),
        answers: answers(fields, questions),
    };
    (form, wrong)
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

/// The token in what somebody pasted: the token itself, or the link that it stands in.
pub fn token(pasted: &str) -> &str {
    let token = pasted.rsplit_once("token=").map_or(pasted, |(_, token)| token);
    token.split(['&', '#']).next().unwrap_or(token).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_read_and_what_was_not_is_absent() {
        let body = b"name=+Asha+Ex%C3%A4mple+&country=TH&sector=&language=en&language=th&other_languages=hi%2C+th\
            &processing=1&guardian_name=Ravi&guardian_email=nobody";
        let (form, wrong) = form(&Fields::of(body), &[]);
        assert_eq!(form.name.as_deref(), Some("Asha Exämple"));
        assert_eq!(form.country.unwrap().as_str(), "TH");
        assert_eq!((form.sector, form.rounds), (None, None));
        assert_eq!(form.languages, ["en", "th", "hi"]);
        let consents = form.consents.unwrap();
        assert!(consents.processing && !consents.listed);
        assert_eq!(wrong[0].pointer, "/guardian/email");
        assert!(form.guardian.is_none());
    }

    #[test]
    fn a_pasted_link_and_a_bare_token_are_the_same() {
        for pasted in [
            "abc-123",
            " abc-123 ",
            "https://x.example/registration?token=abc-123",
            "https://x.example/registration?token=abc-123&lang=fr",
            "https://x.example/register#token=abc-123",
        ] {
            assert_eq!(token(pasted.trim()), "abc-123", "{pasted}");
        }
    }
}
