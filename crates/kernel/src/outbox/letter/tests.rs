//! What mails say: complete in every language, and safe whatever stands in a name.

use super::*;
use crate::i18n::*;
use crate::outbox::{LINK, SHOWN_LINK};
use chrono::NaiveDate;

fn letter(template: Template, language: Language, value: &str) -> Letter<'static> {
    let value =
        |placeholder: &Placeholder| (*placeholder, format!("{value}{}", placeholder.as_str()));
    let others = template.placeholders().iter().filter(|one| **one != Placeholder::Link);
    let with_link = template.placeholders().contains(&Placeholder::Link);
    Letter {
        template,
        language,
        recipient: "asha.example@example.org",
        values: others.map(value).collect(),
        secret: with_link.then(|| "https://example.org/x#token=secret".to_owned()),
        about: None,
    }
}

#[test]
fn every_language_has_every_mail_with_the_same_placeholders() {
    check().unwrap();
}

#[test]
fn every_mail_can_be_written_in_every_language() {
    for template in Template::ALL {
        for language in Language::ALL {
            let mail = letter(*template, *language, "v-").write().unwrap();
            assert!(!mail.subject.contains(['{', '}', '\n']), "{template} {language}");
            let has_link = mail.secret.is_some();
            assert_eq!(
                mail.body.matches(LINK).count(),
                usize::from(has_link),
                "{template} {language}"
            );
            assert!(!mail.body.replace(LINK, "").contains(['{', '}']), "{template} {language}");
            let html = mail.html.unwrap();
            let page = format!("<html lang=\"{language}\" dir=\"{}\">", language.direction());
            assert!(html.contains(&page), "{html}");
            assert!(!html.contains("src=") && !html.contains("@import"), "nothing is fetched");
        }
    }
}

#[test]
fn a_name_is_neither_markup_nor_a_line_nor_a_placeholder() {
    let nasty = "<b>x</b>\r\nBcc: a@example.org {link} {note} [personal link] ";
    let mail = letter(Template::RegistrationConfirmed, Language::English, nasty).write().unwrap();
    assert!(!mail.subject.contains(['\r', '\n']), "{}", mail.subject);
    // The recipient's own link stands where the words have it, and nowhere else.
    assert_eq!(mail.body.matches(LINK).count(), 1, "{}", mail.body);
    assert!(mail.body.contains(&format!("\n\n{LINK}\n")) && !mail.body.contains(SHOWN_LINK));
    assert!(mail.body.contains("{note}"), "a value is not read again: {}", mail.body);
    let html = mail.html.unwrap();
    assert!(html.contains("&lt;b&gt;x") && !html.contains("<b>"), "{html}");
}

#[test]
fn a_paragraph_without_its_value_is_left_out() {
    let mut letter = letter(Template::RegistrationConfirmed, Language::English, "");
    letter.values.retain(|(placeholder, _)| !placeholder.is_optional());
    let body = letter.write().unwrap().body;
    assert!(!body.contains("When:") && !body.contains("The secretariat writes"), "{body}");
    assert!(!body.contains("\n\n\n"), "{body}");
}

#[test]
fn a_value_that_the_words_must_have_is_missed() {
    let mut letter = letter(Template::RegistrationConfirmed, Language::English, "v-");
    letter.values.retain(|(placeholder, _)| *placeholder != Placeholder::Theme);
    assert!(letter.write().is_err());
    let mut letter = self::letter(Template::SignInLink, Language::English, "v-");
    letter.secret = None;
    assert!(letter.write().is_err());
}

#[test]
fn days_and_times_are_written_as_each_language_does() {
    let day = NaiveDate::from_ymd_opt(2020, 11, 19).unwrap();
    let written: Vec<String> = Language::ALL.iter().map(|one| mails(*one).date(day)).collect();
    assert_eq!(
        written,
        [
            "19 تشرين الثاني/نوفمبر 2020",
            "19 November 2020",
            "19 de noviembre de 2020",
            "19 novembre 2020",
            "19 ноября 2020 года",
            "2020年11月19日",
        ]
    );
    let zone = chrono_tz::Asia::Bangkok;
    let [starts, ends] =
        ["2020-11-19T04:00:00Z", "2020-11-19T07:30:00Z"].map(|at| at.parse().unwrap());
    let english = mails(Language::English);
    assert_eq!(
        english.span(zone, Some(starts), Some(ends)).unwrap(),
        "11:00–14:30 hrs. (Bangkok time)"
    );
    assert_eq!(english.moment(zone, ends), "19 November 2020, 14:30 hrs. (Bangkok time)");
    assert_eq!(english.span(zone, None, None), None);
}

#[test]
fn a_language_is_known_by_its_tag_or_its_name() {
    assert_eq!(Language::of_tag("zh-Hant"), Some(Language::Chinese));
    assert_eq!(Language::of_tag("th"), None);
    assert_eq!(Language::of_name("Français"), Some(Language::French));
    assert_eq!(Language::of_name("Chinese (simplified)"), Some(Language::Chinese));
    assert_eq!(Language::of_name("EN"), Some(Language::English));
    assert_eq!(Language::of_name("Thai"), None);
    assert_eq!(Language::choose(None, &[]), Language::English);
    assert_eq!(Language::choose(Some(Language::Arabic), &[]), Language::Arabic);
}
