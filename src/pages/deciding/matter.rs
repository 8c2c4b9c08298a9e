//! What a proposal is about, in words.

use maud::{Markup, html};

use super::i18n::Words;
use crate::access::Role;
use crate::i18n::Language;
use crate::pages::naming;
use crate::pages::visit::Signed;
use crate::pages::writing;
use crate::proposals::Act;
use crate::reports::{Report, ReportId};
use crate::ways;

/// Somebody it is about.
#[derive(Debug)]
pub struct Person {
    /// What they are called.
    pub name: String,
    /// Their address, by which namesakes are told apart.
    pub email: String,
}

/// What a proposal is about.
#[derive(Debug)]
pub enum Matter {
    /// A report is published.
    Publication {
        /// The report as it is now; none for whoever may not read its draft.
        report: Option<Report>,
        /// The version that was proposed.
        version: i64,
        /// Under which symbol; none for that of its draft.
        symbol: Option<String>,
    },
    /// The translation of an edition is published.
    Translation {
        /// The report as it is now; none for whoever may not read its draft.
        report: Option<Report>,
        /// Into which language.
        language: Option<Language>,
        /// The number of the edition.
        edition: i64,
        /// The version that was proposed.
        version: i64,
    },
    /// Two accounts become one.
    Merging {
        /// The one that goes.
        from: Option<Person>,
        /// The one that stays.
        into: Option<Person>,
        /// Whether registrations that both have are withdrawn for one of them.
        withdraws: bool,
    },
    /// Somebody is erased.
    Erasure {
        /// Who.
        of: Option<Person>,
    },
    /// Somebody gets a role.
    Role {
        /// Who.
        to: Option<Person>,
        /// Which.
        role: Option<Role>,
        /// The organization whose deputy they are to be.
        organization: Option<String>,
    },
    /// The keys of a consultation are destroyed.
    Keys {
        /// Its theme.
        theme: Option<String>,
    },
    /// A voice is not heard any more.
    Voice {
        /// The theme of its consultation.
        theme: Option<String>,
        /// What it said; none for whoever may not read that.
        said: Option<String>,
    },
    /// Whether two people are needed is chosen.
    Rule {
        /// Whether they shall be.
        required: bool,
    },
}

/// What an act is called.
pub fn act(act: Act, words: &Words) -> &str {
    match act {
        Act::PublishReport => words.act_publish,
        Act::PublishTranslation => words.act_translation,
        Act::MergeAccounts => words.act_merge,
        Act::DestroyKeys => words.act_keys,
        Act::GiveStaffRole => words.act_role,
        Act::ErasePerson => words.act_erase,
        Act::RefuseVoice => words.act_voice,
        Act::ChangeTwoPeopleRule => words.act_rule,
    }
}

/// What it is about, as rows of a list of terms.
pub fn rows(signed: &Signed, matter: &Matter, words: &Words) -> Markup {
    let person = |label: &str, one: &Option<Person>| {
        html! {
            dt { (label) }
            dd { @match one {
                Some(one) => { bdi { (one.name) } " " span .soft { "<" bdi { (one.email) } ">" } }
                None => span .soft { (words.not_for_you) },
            } }
        }
    };
    let drafted = |report: &Option<Report>, way: &dyn Fn(ReportId) -> String| {
        html! {
            dt { (words.report) }
            dd { @match report {
                Some(report) => a href=(signed.link(&way(report.id))) dir="auto" lang=(report.language) { (report.title) },
                None => span .soft { (words.not_for_you) },
            } }
        }
    };
    let said = |label: &str, text: &Option<String>| {
        html! { @if let Some(text) = text { dt { (label) } dd .said dir="auto" { (text) } } }
    };
    html! { @match matter {
        Matter::Publication { report, version, symbol } => {
            (drafted(report, &ways::draft))
            dt { (words.version) } dd { (version) }
            (said(words.symbol, &symbol.clone().or_else(|| report.as_ref()?.symbol.clone())))
        }
        Matter::Translation { report, language, edition, version } => {
            (drafted(report, &ways::translations))
            @if let Some(language) = language { dt { (words.language) } dd { (naming::language(language.as_str(), signed.language())) } }
            dt { (words.edition) } dd { (edition) }
            dt { (words.version) } dd { (version) }
        }
        Matter::Merging { from, into, withdraws } => {
            (person(words.account_goes, from))
            (person(words.account_stays, into))
            @if *withdraws { dt { (words.registrations) } dd { (words.withdraws) } }
        }
        Matter::Erasure { of } => (person(words.person, of)),
        Matter::Role { to, role, organization } => {
            (person(words.person, to))
            @if let Some(role) = role { dt { (words.role) } dd { (writing::role(*role, signed.language())) } }
            (said(words.organization, organization))
        }
        Matter::Keys { theme } => (said(words.consultation, theme)),
        Matter::Voice { theme, said: text } => {
            (said(words.consultation, theme))
            dt { (words.said) }
            @match text {
                Some(text) => dd .said dir="auto" { (text) },
                None => dd .soft { (words.not_for_you) },
            }
        }
        Matter::Rule { required } => {
            dt { (words.rule) } dd { @if *required { (words.two_needed) } @else { (words.two_not_needed) } }
        }
    } }
}

/// Whether what was proposed has changed since, so that it cannot be done as it was.
pub fn is_overtaken(matter: &Matter) -> bool {
    match matter {
        Matter::Publication { report: Some(report), version, .. } => report.version != *version,
        _ => false,
    }
}
