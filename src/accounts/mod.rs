//! Accounts: who a person is to this instance, how they prove it, and which roles they hold.
//! The types and rules here are pure; what is asked of them stands in `crate::access`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::access::{Role, ScopeKind};
use crate::db::types::{Id, Timestamp};
use crate::problem::{Checks, Problem};
use crate::text_column;

pub mod http;
pub mod passwords;
pub mod service;
pub mod store;
pub mod tokens;

/// The id of an account.
pub type AccountId = Id<Account>;
/// What a role is held on, or what was done something to: a thing of any kind, named beside it.
#[derive(Debug)]
pub struct Thing;
/// The id of a thing of any kind.
pub type ThingId = Id<Thing>;
/// The id of a grant.
pub type GrantId = Id<Grant>;

/// Longest name of a person, in characters.
const LONGEST_NAME: usize = 200;
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
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
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
    /// When.
    pub created_at: Timestamp,
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

    /// What stands before the `@`: a name for who has given none.
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or(&self.0, |(local, _)| local)
    }
}

/// What is wrong with an address.
const NO_EMAIL: &str = "not an e-mail address: write it like name@example.org";

impl FromStr for Email {
    type Err = String;

    /// Takes what mail systems take in practice (a subset of RFC 5321: no quoted names, no address literals).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_lowercase();
        let parts = text.split_once('@');
        let plausible = parts.is_some_and(|(local, domain)| is_local(local) && is_domain(domain));
        let short_enough = text.len() <= 254;
        if plausible && short_enough { Ok(Self(text)) } else { Err(NO_EMAIL.to_owned()) }
    }
}

fn is_local(local: &str) -> bool {
    let word = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
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
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Email)))
            .examples([serde_json::json!("asha.example@example.org")])
            .into()
    }
}
impl utoipa::ToSchema for Email {}

text_column!(Email);

/// A person's name as it may be kept: one line, not empty.
pub fn checked_name(name: &str, pointer: &str) -> Result<String, Problem> {
    let name = name.trim();
    let mut checks = Checks::new();
    checks.text(name, LONGEST_NAME, pointer);
    checks.require(!name.contains('\n'), pointer, "must be one line").finish()?;
    Ok(name.to_owned())
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

#[cfg(test)]
mod tests {
    use super::*;

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
