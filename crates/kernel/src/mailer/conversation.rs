//! What is said to a mail server, over one connection that is kept while there is mail, so that what an answer means can be told by what was
//! asked (RFC 5321): only an answer about the recipient or the text can fail a mail for good. Knows no mail of ours.

use std::time::Duration;

use lettre::Address;
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::{Error, SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::Url;

use crate::outbox::Failure;

/// How long an address of the mail server may take to answer at all.
const CONNECTING: Duration = Duration::from_secs(20);
/// How long its goodbye is waited for.
const GOODBYE: Duration = Duration::from_secs(5);
/// Characters of an answer that are kept.
const LONGEST_ANSWER: usize = 300;

/// What an address beyond ASCII needs and a mail server does not offer.
const NO_SMTPUTF8: &str = "The mail server takes only addresses of Latin letters (it does not offer SMTPUTF8). Ask the person for another \
     address, or whoever runs the mail server for SMTPUTF8.";

/// Where the mail server is, who we are there, and the connection to it while there is one.
pub struct Conversation {
    host: String,
    port: u16,
    tls: Tls,
    name: ClientId,
    credentials: Option<Credentials>,
    open: Option<AsyncSmtpConnection>,
}

/// Of what an answer tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Whether it takes anything from us.
    Sender,
    /// Whether it takes mail for this address.
    Recipient,
    /// Whether it takes this text.
    Text,
}

impl Conversation {
    /// The server of a URL; none when it is not one of a mail server.
    pub fn at(url: &str) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        let host = url.host_str()?.to_owned();
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value);
        let parameters = || TlsParameters::new(host.clone()).ok();
        let (usual, tls) = match (url.scheme(), tls.as_deref()) {
            ("smtp", None) => (25, Tls::None),
            ("smtp", Some("required")) => (SUBMISSION_PORT, Tls::Required(parameters()?)),
            ("smtp", Some("opportunistic")) => (SUBMISSION_PORT, Tls::Opportunistic(parameters()?)),
            ("smtps", _) => (SUBMISSIONS_PORT, Tls::Wrapper(parameters()?)),
            _ => return None,
        };
        let name = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        let decoded = |text: &str| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(decoded(url.username())?, decoded(password)?)),
            None => None,
        };
        let port = url.port().unwrap_or(usual);
        Some(Self { host, port, tls, name, credentials, open: None })
    }

    /// Hands over one mail. The connection is kept where the server answered.
    pub async fn send(&mut self, envelope: &Envelope, message: &[u8]) -> Result<(), Failure> {
        // Taken out, so that one which is given up in the middle of a mail is closed and not used again.
        let mut connection = self.begin(envelope, message).await?;
        let handed = hand_over(&mut connection, envelope.to(), message).await;
        let keep = match &handed {
            Ok(()) => true,
            Err(Failure::Unreachable(_)) => false,
            Err(_) => connection.command(Rset).await.is_ok(),
        };
        if keep {
            self.open = Some(connection);
        } else {
            connection.abort().await;
        }
        handed
    }

    /// Closes the connection.
    pub async fn rest(&mut self) {
        if let Some(mut connection) = self.open.take() {
            // It may be gone already.
            let _bye = timeout(GOODBYE, connection.quit()).await;
        }
    }

    /// A connection on which the mail is announced. One that was kept may have been closed meanwhile: then on a new one.
    async fn begin(
        &mut self,
        envelope: &Envelope,
        message: &[u8],
    ) -> Result<AsyncSmtpConnection, Failure> {
        loop {
            let (kept, mut connection) = match self.open.take() {
                Some(connection) => (true, connection),
                None => (false, self.connect().await.map_err(|error| away(&error))?),
            };
            let command = match announced(&connection, envelope, message) {
                Ok(command) => command,
                Err(failure) => {
                    self.open = Some(connection);
                    return Err(failure);
                }
            };
            match connection.command(command).await {
                Ok(_taken) => return Ok(connection),
                Err(error) => {
                    connection.abort().await;
                    if !kept {
                        return Err(failure(Asked::Sender, &error));
                    }
                }
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let wrapped = match &self.tls {
            Tls::Wrapper(parameters) => Some(parameters.clone()),
            _ => None,
        };
        let place = (self.host.as_str(), self.port);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(place, Some(CONNECTING), &self.name, wrapped, None);
        let mut connection = connecting.await?;
        match &self.tls {
            Tls::Opportunistic(parameters) if connection.can_starttls() => {
                connection.starttls(parameters.clone(), &self.name).await?;
            }
            Tls::Required(parameters) => {
                connection.starttls(parameters.clone(), &self.name).await?;
            }
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

/// How a mail is announced to a server that offers what it needs (RFC 6152, RFC 6531).
fn announced(
    connection: &AsyncSmtpConnection,
    envelope: &Envelope,
    message: &[u8],
) -> Result<Mail, Failure> {
    let offers = |extension| connection.server_info().supports_feature(extension);
    let mut parameters = Vec::new();
    let plain = |address: &Address| address.to_string().is_ascii();
    if !envelope.to().iter().all(plain) {
        if !offers(Extension::SmtpUtfEight) {
            return Err(Failure::Refused(NO_SMTPUTF8.to_owned()));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !message.is_ascii() && offers(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(Mail::new(envelope.from().cloned(), parameters))
}

async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    recipients: &[Address],
    message: &[u8],
) -> Result<(), Failure> {
    for recipient in recipients {
        let taken = connection.command(Rcpt::new(recipient.clone(), Vec::new())).await;
        taken.map_err(|error| failure(Asked::Recipient, &error))?;
    }
    connection.command(Data).await.map_err(|error| failure(Asked::Text, &error))?;
    let text = in_one_piece(message)?;
    connection.command(text).await.map_err(|error| failure(Asked::Text, &error))?;
    Ok(())
}

/// A text with its end, and with what in it looks like an end (RFC 5321, 4.5.2). Handed over at once: sent after the text, the end would
/// wait until the other side has acknowledged that, which systems put off for 40 milliseconds (Nagle's algorithm, RFC 1122, 4.2.3.2).
fn in_one_piece(message: &[u8]) -> Result<String, Failure> {
    let text = str::from_utf8(message).map_err(|error| Failure::Refused(error.to_string()))?;
    let text = text.strip_suffix("\r\n").unwrap_or(text);
    let first = if text.starts_with('.') { "." } else { "" };
    Ok(format!("{first}{}\r\n.\r\n", text.replace("\r\n.", "\r\n..")))
}

/// What an answer means (RFC 5321, 4.2.1 and 4.5.4.1). That the server closes (421), does not know us, wants no mail of our sender or
/// cannot be reached says nothing of the mail, and is put right by a person or by time. A mailbox that is full is put off whichever of
/// the two ways it is said: 452, or 552 about the recipient (4.5.3.1.10).
fn failure(asked: Asked, error: &Error) -> Failure {
    let text = short(error);
    match (asked, error.status().map(u16::from)) {
        (Asked::Sender, _) | (_, None | Some(421 | 530 | 534 | 535 | 538)) => {
            Failure::Unreachable(text)
        }
        (Asked::Recipient, Some(552)) => Failure::PutOff(text),
        (_, Some(500..600)) => Failure::Refused(text),
        (_, Some(_)) => Failure::PutOff(text),
    }
}

fn away(error: &Error) -> Failure {
    Failure::Unreachable(short(error))
}

fn short(error: &Error) -> String {
    error.to_string().chars().take(LONGEST_ANSWER).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_it() {
        for (text, sent) in [
            ("To: a\r\n\r\nHello\r\n", "To: a\r\n\r\nHello\r\n.\r\n"),
            ("To: a\r\n\r\nHello", "To: a\r\n\r\nHello\r\n.\r\n"),
            ("a\r\n.\r\n.\r\n..b\r\n.", "a\r\n..\r\n..\r\n...b\r\n..\r\n.\r\n"),
            (".a\r\n", "..a\r\n.\r\n"),
            ("", "\r\n.\r\n"),
        ] {
            assert_eq!(in_one_piece(text.as_bytes()).unwrap(), sent, "{text:?}");
        }
        assert!(in_one_piece(&[0xff]).is_err());
    }
}
