//! The privacy statement, made from what the program does: what each feature declares to hold, the settings, and what participants
//! are told before they contribute.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use maud::{Markup, html};

use super::i18n::{self, Words};
use super::statements;
use crate::i18n::Language;
use crate::pages::visit::Visit;
use crate::personal::{LegalBasis, PersonalField, RetentionClass, WhenErased};
use crate::privacy::kept_days;
use crate::settings::Settings;
use crate::voices::receipts;

/// What things are held for, in the other languages: by the English sentence in which a feature declares it.
static PURPOSES: LazyLock<BTreeMap<String, BTreeMap<Language, String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../config/i18n/purposes.toml")).unwrap_or_default()
});

/// What stands under its title.
pub fn of(visit: &Visit, fields: &[PersonalField]) -> Markup {
    let (language, words) = (visit.language(), i18n::of(visit.language()));
    let settings = &visit.app.settings;
    html! {
        p .lead { (words.privacy_lead) }
        h2 { (words.rights) }
        p { (words.rights_text) }
        p { a .button href=(visit.link("/my/account")) { (words.to_account) } }
        (statements::contact(visit))
        h2 { (words.contributions) }
        p { (words.contributions_text) }
        ul { @for sentence in &receipts::words::of(language).sentences { li { (sentence) } } }
        h2 { (words.held) }
        p { (words.held_text) " " (if settings.retention.automatic { words.by_itself } else { words.by_hand }) }
        @for class in RetentionClass::ALL { (held(*class, fields, settings, language)) }
        p { (words.mails.replace("{days}", &span(settings.mail.keep_text_days, language, words))) }
        p { (words.unregistered.replace("{days}", &span(settings.privacy.unregistered_attendance_days, language, words))) }
        h2 { (words.cookies) }
        p { (words.cookies_text) }
    }
}

/// What goes at the same time: what it is, for how long, on what ground, and each thing that it is for.
fn held(
    class: RetentionClass,
    fields: &[PersonalField],
    settings: &Settings,
    language: Language,
) -> Markup {
    let words = i18n::of(language);
    let of_it: Vec<_> = fields.iter().filter(|field| field.retention == class).collect();
    let (name, text) = about(class, words);
    let id = class.as_str().replace('_', "-");
    let grounds: BTreeSet<&str> =
        of_it.iter().map(|field| ground(field.legal_basis, words)).collect();
    html! { @if !of_it.is_empty() {
        h3 id=(id) { (name) }
        p { (text) }
        dl {
            dt { (words.kept) } dd { (kept(class, settings, language)) }
            dt { (words.ground) } dd { @for (place, ground) in grounds.iter().enumerate() { @if place > 0 { " · " } (ground) } }
        }
        (purposes(&of_it, &id, language))
    } }
}

/// What each is for, who can see it, and what becomes of it when somebody erases their data. Columns that say the same are one line.
fn purposes(fields: &[&PersonalField], id: &str, language: Language) -> Markup {
    let words = i18n::of(language);
    let lines: BTreeSet<_> = fields
        .iter()
        .map(|field| (field.purpose, field.seen_by, erased(field.when_erased, words)))
        .collect();
    html! { details {
        summary { (words.purposes.of(language, lines.len())) }
        div .scroll role="region" tabindex="0" aria-labelledby=(id) { table .small {
            thead { tr { th scope="col" { (words.what_for) } th scope="col" { (words.seen) } th scope="col" { (words.erased) } } }
            tbody { @for (purpose, seen, erased) in lines { tr {
                (in_words(purpose, language))
                td { @for (place, who) in seen.split("; ").enumerate() { @if place > 0 { " · " } (seen_by(who, words)) } }
                td { (erased) }
            } } }
        } }
    } }
}

fn in_words(purpose: &str, language: Language) -> Markup {
    let said = match language {
        Language::English => Some(purpose),
        _ => PURPOSES.get(purpose).and_then(|all| all.get(&language)).map(String::as_str),
    };
    html! { @match said {
        Some(said) => td { (said) },
        None => td lang="en" dir="ltr" { (purpose) },
    } }
}

fn kept(class: RetentionClass, settings: &Settings, language: Language) -> String {
    let words = i18n::of(language);
    let Some(days) = kept_days(class, &settings.retention) else {
        let said = match class {
            RetentionClass::Security => words.kept_security,
            _ => words.kept_accountability,
        };
        return said.to_owned();
    };
    let said = match class {
        RetentionClass::Contact => words.kept_contact,
        _ => words.kept_days,
    };
    said.replace("{days}", &span(i64::from(days), language, words))
}

/// So many days, told in years where they are whole ones.
fn span(days: i64, language: Language, words: &Words) -> String {
    let number = usize::try_from(days).unwrap_or_default();
    if number >= 365 && number.is_multiple_of(365) {
        words.years.of(language, number / 365)
    } else {
        words.days.of(language, number)
    }
}

fn about(class: RetentionClass, words: &Words) -> (&str, &str) {
    match class {
        RetentionClass::Contact => (words.contact_name, words.contact_text),
        RetentionClass::Participation => (words.participation_name, words.participation_text),
        RetentionClass::Demographics => (words.demographics_name, words.demographics_text),
        RetentionClass::SpecialNeeds => (words.needs_name, words.needs_text),
        RetentionClass::Answers => (words.answers_name, words.answers_text),
        RetentionClass::Consents => (words.consents_name, words.consents_text),
        RetentionClass::Invitations => (words.invitations_name, words.invitations_text),
        RetentionClass::Correspondence => (words.correspondence_name, words.correspondence_text),
        RetentionClass::Security => (words.security_name, words.security_text),
        RetentionClass::Accountability => (words.accountability_name, words.accountability_text),
    }
}

fn ground(basis: LegalBasis, words: &Words) -> &str {
    match basis {
        LegalBasis::Consent => words.ground_consent,
        LegalBasis::Mandate => words.ground_mandate,
        LegalBasis::BestInterests => words.ground_interests,
    }
}

fn erased(when: WhenErased, words: &Words) -> &str {
    match when {
        WhenErased::Deleted | WhenErased::Blanked => words.erased_gone,
        WhenErased::Counted => words.erased_counted,
        WhenErased::Unlinked => words.erased_unlinked,
        WhenErased::Kept => words.erased_kept,
    }
}

/// Who may see something, as features say it, in the words of the page.
fn seen_by(who: &str, words: &Words) -> Markup {
    html! { @match said_of(who, words) {
        Some(said) => (said),
        None => span lang="en" dir="ltr" { (who) },
    } }
}

fn said_of<'w>(who: &str, words: &'w Words) -> Option<&'w str> {
    Some(match who {
        crate::personal::NOBODY => words.seen_nobody,
        crate::personal::SECRETARIAT => words.seen_secretariat,
        crate::personal::ADMINISTRATOR => words.seen_administrator,
        "public" => words.seen_public,
        "co-organizer" => words.seen_co_organizer,
        "co-organizer, of its own people" => words.seen_own,
        "hosts of the group" => words.seen_hosts,
        "team of the consultation" | "the team of the consultation" => words.seen_team,
        "team of the consultation, without a name" => words.seen_unnamed,
        "participants of the consultation" => words.seen_participants,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_years_are_told_as_years() {
        let words = i18n::of(Language::English);
        let said = |days| span(days, Language::English, words);
        assert_eq!(
            [said(30), said(365), said(1825), said(400)],
            ["30 days", "1 year", "5 years", "400 days"]
        );
    }
}
