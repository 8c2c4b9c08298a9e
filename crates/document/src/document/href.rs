//! Addresses that a document may link to. Must never know what fetches them, and never lets a scheme through that runs something.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An absolute `http`, `https` or `mailto` address, kept as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Href(String);

/// Why an address was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HrefError {
    #[error("an address begins with https://, http:// or mailto:")]
    Scheme,
    #[error("this character cannot stand in an address; percent-encode it: {0:?}")]
    Character(char),
    #[error("a percent sign in an address is followed by two hexadecimal digits")]
    Percent,
    #[error("an address must not carry a user name or password")]
    Credentials,
    #[error("the host name of the address is missing or misspelt")]
    Host,
    #[error("a mail address has one name, one @ and one domain")]
    Mail,
}

impl Href {
    /// Reads an address.
    ///
    /// # Errors
    /// Another scheme, white space or another character that an address cannot hold (RFC 3986, with letters of all
    /// scripts as RFC 3987 has them), a user name or password, no host.
    pub fn parse(raw: &str) -> Result<Self, HrefError> {
        if let Some(character) = raw.chars().find(|&c| !is_address_character(c)) {
            return Err(HrefError::Character(character));
        }
        check_percent(raw)?;
        let (scheme, rest) = raw.split_once(':').ok_or(HrefError::Scheme)?;
        match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => check_web(rest)?,
            "mailto" => check_mail(rest)?,
            _ => return Err(HrefError::Scheme),
        }
        Ok(Self(raw.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Href {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for Href {
    type Error = HrefError;

    fn try_from(raw: String) -> Result<Self, HrefError> {
        Self::parse(&raw)
    }
}

/// RFC 3986 without the square brackets (which only name IPv6 hosts), and letters and digits of every script.
fn is_address_character(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "-._~:/?#@!$&'()*+,;=%".contains(c)
        || (!c.is_ascii() && c.is_alphanumeric())
}

fn check_percent(raw: &str) -> Result<(), HrefError> {
    let encoded =
        |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    if raw.split('%').skip(1).all(encoded) { Ok(()) } else { Err(HrefError::Percent) }
}

fn check_web(rest: &str) -> Result<(), HrefError> {
    let rest = rest.strip_prefix("//").ok_or(HrefError::Scheme)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(HrefError::Credentials);
    }
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    // `parse` takes a sign, which no address has.
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    if is_host(host) && is_port && one_fragment(rest) { Ok(()) } else { Err(HrefError::Host) }
}

fn check_mail(rest: &str) -> Result<(), HrefError> {
    let address = rest.split('?').next().unwrap_or_default();
    let (name, domain) = address.split_once('@').ok_or(HrefError::Mail)?;
    if !name.is_empty() && is_host(domain) && !rest.contains('#') {
        Ok(())
    } else {
        Err(HrefError::Mail)
    }
}

fn one_fragment(rest: &str) -> bool {
    rest.matches('#').count() <= 1
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::{Href, HrefError};

    #[test]
    fn web_and_mail_addresses_are_kept_as_typed() {
        for address in [
            "https://www.unescap.org/apfsd/7/about.html",
            "HTTP://example.org:8080/a_(b)?c=d&e=%20#f",
            "mailto:liaison@example.org?subject=Report",
            "https://例え.jp/道",
        ] {
            assert_eq!(Href::parse(address).map(|href| href.to_string()), Ok(address.to_owned()));
        }
    }

    #[test]
    fn others_are_refused_with_a_reason() {
        for (address, reason) in [
            ("javascript:alert(1)", HrefError::Scheme),
            ("JaVaScRiPt:alert(1)", HrefError::Scheme),
            ("data:text/html,x", HrefError::Scheme),
            ("/relative", HrefError::Scheme),
            ("https:/one", HrefError::Scheme),
            ("https://u:p@example.org", HrefError::Credentials),
            ("https://", HrefError::Host),
            ("https://a..b", HrefError::Host),
            ("https://a:99999/", HrefError::Host),
            ("https://a:+80/", HrefError::Host),
            ("https://a/ b", HrefError::Character(' ')),
            ("https://a/\u{202e}b", HrefError::Character('\u{202e}')),
            ("https://a/\"onclick=", HrefError::Character('"')),
            ("https://a/%zz", HrefError::Percent),
            ("https://a/%é", HrefError::Percent),
            ("mailto:nobody", HrefError::Mail),
        ] {
            assert_eq!(Href::parse(address), Err(reason), "{address}");
        }
    }
}
