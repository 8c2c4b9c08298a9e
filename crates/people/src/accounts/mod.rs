//! Accounts: who a person is to this instance, how they prove it, and which roles they hold.
//! The types and rules here are pure; what is asked of them stands in `crate::access`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::access::{Role, ScopeKind};
use crate::db::types::Timestamp;
use crate::i18n::Language;
use crate::problem::{Checks, Code, Problem};
use crate::registry::Event;
use crate::text_column;
use crate::tokens::Holder;

pub mod bulk;
mod feature;
pub mod http;
pub mod likeness;
pub mod passwords;
mod personal;
pub mod privacy;
pub mod roles;
pub mod service;
pub mod sign_ins;
pub mod store;

pub use crate::vocabulary::{AccountId, GrantId, OrganizationId, ThingId};
pub use feature::FEATURE;

/// Longest name of a person, in characters.
pub const LONGEST_NAME: usize = 300;
/// Shortest password, in characters (OWASP: long rather than contrived).
pub const SHORTEST_PASSWORD: usize = 12;
/// Longest password, in characters: hashing must not be a way to keep the server busy.
pub const LONGEST_PASSWORD: usize = 256;

/// Somebody who can sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Where mail reaches them; one account for each address.
    pub email: Email,
    /// What they are called.
    pub name: String,
    /// Argon2id, as a PHC string; none for who signs in by mailed links only.
    pub password_hash: Option<String>,
    /// Whether they may sign in.
    pub active: bool,
    /// The language to write to them in, if they chose one.
    pub language: Option<Language>,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The account of the same person that this one was merged into; its address leads there.
    pub merged_into: Option<AccountId>,
    /// Which generation of access tokens it has.
    pub token_generation: i64,
}

impl Account {
    /// Whom an access token of the account is for.
    pub const fn holder(&self) -> Holder {
        Holder { account: self.id, generation: self.token_generation }
    }

    /// Whether nobody has said yet what the person is called: made by a mailed link, it is called by the beginning of its address.
    pub fn is_nameless(&self) -> bool {
        self.name == self.email.local_part()
    }

    /// 409 for an account that was merged into another: nothing happens to it any more.
    pub fn require_unmerged(&self) -> Result<(), Problem> {
        match self.merged_into {
            None => Ok(()),
            Some(into) => {
                let detail = format!("It was merged into {into}: use that account.");
                Err(Problem::new(Code::InvalidTransition, detail))
            }
        }
    }
}

// Written by hand so that no name, address or hash gets into a log.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({}, version {})", self.id, self.version)
    }
}

/// A role that was given to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// Who holds the role.
    pub account_id: AccountId,
    /// Which role.
    pub role: Role,
    /// On what kind of thing.
    pub scope_kind: ScopeKind,
    /// On which one; nil for the instance.
    pub scope_id: uuid::Uuid,
    /// Who gave it; none for the operator and for jobs.
    pub granted_by: Option<AccountId>,
    /// Who confirmed it, of a role that needs two people.
    pub confirmed_by: Option<AccountId>,
    /// Those who answer for it: each could have given it without anybody else, as it was then.
    pub made_by: BTreeSet<AccountId>,
    /// For which organization, of a deputy; of a co-organizer where it was said.
    pub organization_id: Option<OrganizationId>,
    /// What the holder is called in this role, where somebody was given it by address: as whoever gave it wrote.
    pub name: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// Whatever let somebody in as the account has ended: another password was chosen, it was disabled, or a role of staff was taken.
#[derive(Debug, Clone, Copy)]
pub struct SignInsEnded {
    /// Whose.
    pub account: AccountId,
}

impl Event for SignInsEnded {
    const NAME: &'static str = "sign_ins_ended";
}

/// The deputies of one organization are those of another from now on.
#[derive(Debug, Clone, Copy)]
pub struct DeputiesMoved {
    /// The entry that is given up.
    pub from: OrganizationId,
    /// The entry that is left.
    pub into: OrganizationId,
}

/// An e-mail address, in lower case: plausible, and safe to stand in a mail's header.
#[derive(
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The mailbox that it leads to: without what follows a `+`, where most mail servers let the owner write what they like (RFC 5233), and
    /// without dots where they mean nothing (<https://support.google.com/mail/answer/7436150>).
    pub fn mailbox(&self) -> (String, &str) {
        let (local, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let local = local.split_once('+').map_or(local, |(mailbox, _)| mailbox);
        if DOTTED.contains(&domain) {
            (local.replace('.', ""), DOTTED[0])
        } else {
            (local.to_owned(), domain)
        }
    }

    /// How every address of the same mailbox is written, as a pattern of `LIKE`; others may fit it too.
    pub fn mailbox_pattern(&self) -> String {
        let (local, domain) = self.mailbox();
        // Signs that mean something to LIKE only let more in.
        if domain == DOTTED[0] { "%@g%mail.com".to_owned() } else { format!("{local}%") }
    }

    /// What stands before the `@`: a name for who has given none.
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or(&self.0, |(local, _)| local)
    }
}

/// The one mail service whose mailboxes are the same with dots and without, by its names.
const DOTTED: [&str; 2] = ["gmail.com", "googlemail.com"];

/// What is wrong with an address.
const NO_EMAIL: &str = "not an e-mail address: write it like name@example.org";
const NO_LOCAL_PART: &str =
    "what stands before the @ must be letters, digits and signs such as . - + _";
const NO_DOMAIN: &str = "what stands after the @ is no name of a mail server, such as example.org";
const TOO_LONG: &str = "is longer than an e-mail address can be (254 characters)";

impl FromStr for Email {
    type Err = String;

    /// Takes what mail systems take in practice (a subset of RFC 5321 and RFC 6531: no quoted names, no address literals). An
    /// internationalized domain is kept as mail servers know it (`xn--…`), so that both ways to write it are the same
    /// address; what stands before the `@` is kept in small letters of any script, composed (NFC), with its plus part.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(NO_EMAIL)?;
        if local.is_empty() || domain.is_empty() || text.contains(char::is_whitespace) {
            return Err(NO_EMAIL.to_owned());
        }
        let local: String = local.to_lowercase().nfc().collect();
        if !is_local(&local) {
            return Err(NO_LOCAL_PART.to_owned());
        }
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| NO_DOMAIN)?;
        if !is_domain(&domain) {
            return Err(NO_DOMAIN.to_owned());
        }
        let text = format!("{local}@{domain}");
        if text.len() > 254 { Err(TOO_LONG.to_owned()) } else { Ok(Self(text)) }
    }
}

fn is_local(local: &str) -> bool {
    // Of what is beyond ASCII letters, digits and what stands on them: nothing that is not seen, or looks like a sign.
    let letter = |c: char| c.is_alphanumeric() || !c.is_ascii() && is_combining_mark(c);
    let word = |part: &str| {
        part.starts_with(|c: char| !is_combining_mark(c))
            && part.chars().all(|c| letter(c) || "!#$%&'*+-/=?^_`{|}~".contains(c))
    };
    local.len() <= 64 && local.split('.').all(word)
}

fn is_domain(domain: &str) -> bool {
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// An address must not get into a log by way of `{:?}`.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Email {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::IdnEmail)))
            .examples([serde_json::json!("asha.example@example.org")])
            .into()
    }
}
impl utoipa::ToSchema for Email {}

text_column!(Email);

/// A person's name as it may be kept, in any writing: one line, not empty. Invisible marks that come along when a name
/// is copied are taken off; what turns the direction of writing is refused.
pub fn checked_name(name: &str, pointer: &str) -> Result<String, Problem> {
    let name: String = name.chars().filter(|c| !is_mark(*c)).collect();
    let name = name.trim();
    Checks::new().line(name, LONGEST_NAME, pointer).finish()?;
    Ok(name.to_owned())
}

/// Marks of direction and byte order marks, which change nothing in a name. (Joiners do, and stay.)
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}')
}

/// 422 unless the password is long enough to be one.
pub fn checked_password(password: &str, pointer: &str) -> Result<(), Problem> {
    let length = password.chars().count();
    if (SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&length) {
        return Ok(());
    }
    let detail = format!("must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters");
    Err(Problem::invalid(pointer, detail))
}

/// 422 unless the role can be held on that kind of thing.
pub fn checked_scope(role: Role, kind: ScopeKind) -> Result<(), Problem> {
    if role.scopes().contains(&kind) {
        return Ok(());
    }
    let kinds: Vec<_> = role.scopes().iter().map(|kind| kind.as_str()).collect();
    let detail = format!("{role} is held on {}, not on {kind}", kinds.join(" or "));
    Err(Problem::invalid("/scope_kind", detail))
}

/// 422 unless a deputy is one of an organization; a co-organizer can be. Nobody else is.
pub fn checked_organization(
    role: Role,
    organization: Option<OrganizationId>,
) -> Result<(), Problem> {
    match (role, organization) {
        (Role::Deputy, None) => {
            let detail = "must be the organization whose deputy it is";
            Err(Problem::invalid("/organization_id", detail))
        }
        (Role::Deputy | Role::CoOrganizer, Some(_)) | (_, None) => Ok(()),
        (_, Some(_)) => {
            let detail = "is named of a deputy or a co-organizer only";
            Err(Problem::invalid("/organization_id", detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_mailbox_are_known_as_such() {
        let email = |text: &str| text.parse::<Email>().unwrap();
        let is_one = |one: &str, other: &str| email(one).mailbox() == email(other).mailbox();
        assert!(is_one("nobody@example.org", "nobody+again@example.org"));
        assert!(!is_one("nobody@example.org", "no.body@example.org"), "who knows");
        assert!(is_one("example.nobody@gmail.com", "examplenobody+1@googlemail.com"));
        for one in ["example.nobody@gmail.com", "examplenobody@googlemail.com"] {
            assert_eq!(email(one).mailbox_pattern(), "%@g%mail.com");
        }
        assert_eq!(email("nobody+again@example.org").mailbox_pattern(), "nobody%");
    }

    #[test]
    fn an_address_is_lower_case_and_cannot_break_a_header() {
        let email: Email = " Asha.Example@Example.ORG ".parse().unwrap();
        assert_eq!(email.as_str(), "asha.example@example.org");
        assert_eq!(email.local_part(), "asha.example");
        let wrong = [
            "",
            "asha",
            "@example.org",
            "asha@",
            "asha@example",
            "a b@example.org",
            "a@b@example.org",
            "a@example..org",
            ".a@example.org",
            "a@-example.org",
            "a@example.org\nBcc: b@example.org",
            "a\r\n@example.org",
            "<a@example.org>",
            "a,b@example.org",
        ];
        for text in wrong {
            assert!(text.parse::<Email>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_internationalized_domain_is_one_address_and_a_plus_part_another() {
        let email = |text: &str| text.parse::<Email>().unwrap();
        assert_eq!(email("asha@bücher.example"), email("Asha@XN--BCHER-KVA.example"));
        assert_eq!(email("asha@bücher.example").as_str(), "asha@xn--bcher-kva.example");
        assert_eq!(email("asha@bu\u{308}cher.example"), email("asha@bücher.example"));
        assert_eq!(email("a@ไทย.example"), email("a@xn--o3cw4h.example"));
        assert_ne!(email("asha+one@example.org"), email("asha@example.org"));
        let detail = |text: &str| text.parse::<Email>().unwrap_err();
        assert_eq!(detail("a\u{200d}b@example.org"), NO_LOCAL_PART);
        assert_eq!(detail("a\u{202e}b@example.org"), NO_LOCAL_PART);
        assert_eq!(detail("\u{308}a@example.org"), NO_LOCAL_PART);
        assert_eq!(detail("asha@xn--a.example"), NO_DOMAIN);
        assert_eq!(detail("asha@under_score.example"), NO_DOMAIN);
        assert_eq!(detail("asha"), NO_EMAIL);
    }

    #[test]
    fn an_address_beyond_ascii_is_one_however_it_is_typed() {
        let email = |text: &str| text.parse::<Email>().unwrap();
        assert_eq!(email("üser@example.org").as_str(), "üser@example.org");
        assert_eq!(email("U\u{308}SER@example.org"), email("üser@example.org"));
        assert_eq!(email("ผู้ใช้@ไทย.example").as_str(), "ผู้ใช้@xn--o3cw4h.example");
        assert_eq!(email("用户@example.org").local_part(), "用户");
        assert!(format!("{}@example.org", "ก".repeat(22)).parse::<Email>().is_err(), "66 bytes");
    }

    #[test]
    fn names_of_any_writing_are_taken_and_none_can_turn_the_line_around() {
        let name = |text: &str| checked_name(text, "/name");
        let thai: String = "กิ".chars().cycle().take(300).collect();
        for kept in [
            thai.as_str(),
            "محمد بن سلمان",
            "\u{1f468}\u{200d}\u{1f33e} Ravi",
            "=cmd|' /C calc'!A0",
        ] {
            assert_eq!(name(kept).unwrap(), kept);
        }
        assert_eq!(name("\u{feff}\u{200f}محمد\u{200e} ").unwrap(), "محمد");
        let more: String = "ก".repeat(301);
        for refused in [
            more.as_str(),
            "",
            "\u{200e}",
            "a\u{202e}b",
            "a\u{2067}b",
            "a\nb",
            "a\u{2028}b",
            "a\u{0}b",
        ] {
            assert_eq!(name(refused).unwrap_err().errors()[0].pointer, "/name", "{refused:?}");
        }
    }

    #[test]
    fn nothing_personal_is_printed_for_debugging() {
        let email: Email = "asha.example@example.org".parse().unwrap();
        assert!(!format!("{email:?}").contains("asha"));
    }

    #[test]
    fn a_role_is_held_only_where_it_means_something() {
        assert!(checked_scope(Role::Secretariat, ScopeKind::Review).is_ok());
        assert!(checked_scope(Role::Rapporteur, ScopeKind::Consultation).is_err());
        assert!(checked_scope(Role::Administrator, ScopeKind::Review).is_err());
    }
}
