//! Hands one mail after the other to a mail server, or writes them as files where there is none. Knows neither the database nor who is
//! written to.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use lettre::message::header::{
    ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue,
};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use secrecy::ExposeSecret;
use tokio::sync::Mutex;

use self::conversation::Conversation;
use crate::i18n::Template;
use crate::modes;
use crate::outbox::{Failure, Row, SHOWN_LINK};
use crate::settings::Settings;
use crate::ways;

pub mod bounces;
mod conversation;

/// A mail server that takes longer for one mail is tried again later. Long, because one that looks into what it has been given may take
/// it after all; well below the time a mail is claimed for.
const PATIENCE: Duration = Duration::from_secs(120);

/// Bytes of a line of mail at most (RFC 5322, 2.1.1).
const LONGEST_LINE: usize = 998;

/// Where mail goes.
pub struct Mailer {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    way: Way,
}

enum Way {
    Server(Box<Mutex<Conversation>>),
    Folder(PathBuf),
}

impl Mailer {
    /// The way that is set; the error says what is wrong with it, without the password.
    pub fn open(settings: &Settings) -> Result<Self, String> {
        let from = settings.mail.from.parse();
        let from = from.map_err(|error| format!("mail.from is not a sender: {error}"))?;
        let reply_to = match settings.mail.reply_to.as_str() {
            "" => None,
            other => Some(other.parse().map_err(|error| format!("mail.reply_to: {error}"))?),
        };
        let way = match settings.mail.smtp_url.expose_secret() {
            "" => Way::Folder(settings.data.folder.join("mail")),
            url => {
                let server = Conversation::at(url).ok_or(
                    "mail.smtp_url must be like smtp://HOST:1025, smtp://USER:PASSWORD@HOST:587?tls=required or smtps://…",
                )?;
                Way::Server(Box::new(Mutex::new(server)))
            }
        };
        Ok(Self { from, reply_to, way })
    }

    /// Sends one mail. The failure is kept with the mail and read by those who manage it; it holds no secret.
    pub async fn send(&self, row: &Row) -> Result<(), Failure> {
        let message = self.message(row).map_err(Failure::Refused)?;
        match &self.way {
            Way::Server(server) => {
                let (mut server, bytes) = (server.lock().await, message.formatted());
                let sending = server.send(message.envelope(), &bytes);
                let sent = tokio::time::timeout(PATIENCE, sending).await.unwrap_or_else(|_| {
                    Err(Failure::Unreachable("the mail server did not answer in time".into()))
                });
                sent.map_err(|failure| failure.map(|text| without(&text, row.secret.as_deref())))
            }
            Way::Folder(folder) => {
                let (into, id) = (folder.clone(), row.id.to_string());
                let bytes = message.formatted();
                let writing = tokio::task::spawn_blocking(move || file(&into, &id, &bytes));
                let written = writing.await.map_err(|error| error.to_string()).flatten();
                written.map_err(Failure::Unreachable)?;
                // Not which file: its name leads to whom it was written to, and when.
                tracing::info!(folder = %folder.display(), template = row.template, "mail written to a file");
                Ok(())
            }
        }
    }

    /// Says goodbye to the mail server: there is nothing more for now.
    pub async fn rest(&self) {
        if let Way::Server(server) = &self.way {
            server.lock().await.rest().await;
        }
    }

    fn message(&self, row: &Row) -> Result<Message, String> {
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address(&row.recipient)?))
            .date(SystemTime::from(row.created_at.utc()))
            // The same on every try: a mail server that has it already can tell.
            .message_id(Some(format!("<{}@{}>", row.id, self.from.email.domain())))
            .header(ContentLanguage(row.language.as_str().to_owned()))
            // Nobody is to be told by their holiday notice that we wrote (RFC 3834, 5).
            .header(AutoSubmitted)
            .subject(&row.subject);
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        if let (Some(link), true) = (&row.secret, is_unasked(row)) {
            // A button of the mail program itself, which sends what it says and opens nothing (RFC 8058).
            message = message
                .raw_header(said("List-Unsubscribe", format!("<{link}>")))
                .raw_header(said("List-Unsubscribe-Post", ways::ONE_CLICK.to_owned()));
        }
        let text = self.part(ContentType::TEXT_PLAIN, &row.text_to_send());
        let message = match row.html_to_send() {
            Some(html) => message.multipart(
                // The boundary is the mail's own: the same mail is the same bytes on every try.
                MultiPart::alternative()
                    .boundary(format!("part-{}", row.id))
                    .singlepart(text)
                    .singlepart(self.part(ContentType::TEXT_HTML, &html)),
            ),
            None => message.singlepart(text),
        };
        message.map_err(|error| error.to_string())
    }

    fn part(&self, kind: ContentType, text: &str) -> SinglePart {
        SinglePart::builder().header(kind).body(self.text(text))
    }

    /// The text as it is where that can be sent: quoted-printable would break a long link over two lines, and a link
    /// in a file is copied by hand.
    fn text(&self, body: &str) -> Body {
        let short = body.lines().all(|line| line.len() <= LONGEST_LINE);
        let encoding = match (&self.way, body.is_ascii()) {
            (_, true) if short => ContentTransferEncoding::SevenBit,
            (Way::Folder(_), false) if short => ContentTransferEncoding::EightBit,
            _ => return Body::new(body.to_owned()),
        };
        let lines: Vec<&str> = body.lines().collect();
        Body::dangerous_pre_encoded((lines.join("\r\n") + "\r\n").into_bytes(), encoding)
    }
}

fn is_unasked(row: &Row) -> bool {
    row.template.parse().is_ok_and(Template::is_unasked)
}

fn said(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// The address with its domain as mail servers know it: `xn--…` for one that is not ASCII.
fn address(recipient: &str) -> Result<Address, String> {
    let wrong = || "the recipient is no address".to_owned();
    let (local, domain) = recipient.rsplit_once('@').ok_or_else(wrong)?;
    let domain = idna::domain_to_ascii(domain).map_err(|_| wrong())?;
    Address::new(local, domain).map_err(|_| wrong())
}

/// A mail server's answer may quote the mail.
fn without(text: &str, secret: Option<&str>) -> String {
    let Some(secret) = secret else { return text.to_owned() };
    text.replace(secret, SHOWN_LINK).replace(ways::secret_of(secret), SHOWN_LINK)
}

/// The language that the mail is written in (RFC 3282).
#[derive(Clone)]
struct ContentLanguage(String);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }
    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

/// That no person pressed a key for this mail.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn file(folder: &Path, id: &str, bytes: &[u8]) -> Result<(), String> {
    let path = folder.join(format!("{id}.eml"));
    modes::private_folder(folder)
        .and_then(|()| modes::replace_private(&path, bytes))
        .map_err(|error| format!("the mail could not be written to {}: {error}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::i18n::Language;
    use crate::ids::Ids;
    use crate::outbox::Mail;

    fn mail(body: &str) -> Row {
        let now = Clock::fixed(Default::default()).now();
        let mail = Mail {
            recipient: "asha.example@example.org".into(),
            subject: "Réunion".into(),
            body: body.into(),
            template: "test",
            html: None,
            language: Language::French,
            secret: None,
            about: None,
        };
        Row::new(Ids::sequence().next(), mail, false, now)
    }

    async fn written(row: &Row) -> (Vec<String>, String) {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults().unwrap();
        settings.data.folder = folder.path().into();
        Mailer::open(&settings).unwrap().send(row).await.unwrap();
        let path = folder.path().join("mail").join(format!("{}.eml", row.id));
        let names = std::fs::read_dir(folder.path().join("mail")).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        (names.collect(), std::fs::read_to_string(path).unwrap())
    }

    #[tokio::test]
    async fn without_a_server_a_mail_is_one_whole_file_in_which_a_link_stays_whole() {
        let link = ways::secret("http://127.0.0.1:8080", &"x".repeat(43), Language::French);
        let row = mail(&format!("Hello Åsa,\n\n{link}\n"));
        let (names, text) = written(&row).await;
        assert_eq!(names, [format!("{}.eml", row.id)]);
        assert!(text.contains(&format!("\r\n{link}\r\n")) && text.contains("Åsa"), "{text}");
        assert!(text.contains("To: asha.example@example.org\r\n"), "{text}");
        assert!(text.contains(&format!("Message-ID: <{}@example.org>", row.id)), "{text}");
    }

    #[tokio::test]
    async fn what_a_mail_says_cannot_become_a_header() {
        let row = Row { subject: "x\r\nBcc: b@example.org".into(), ..mail("a") };
        let (_, text) = written(&row).await;
        assert!(!text.contains("\nBcc:"), "{text}");
    }

    #[tokio::test]
    async fn a_mail_has_a_plain_and_an_html_part_with_the_secret_in_both() {
        let mut row = mail("Bonjour,\n\n{link}\n\n<b>fin</b>\n");
        row.secret = Some("https://example.org/in/a?lang=fr&b".into());
        let (_, text) = written(&row).await;
        assert!(text.contains("Content-Type: multipart/alternative"), "{text}");
        assert!(text.contains("\r\nhttps://example.org/in/a?lang=fr&b\r\n"), "{text}");
        assert!(text.contains("href=\"https://example.org/in/a?lang=fr&amp;b\""), "{text}");
        assert!(text.contains("lang=\"fr\" dir=\"ltr\"") && text.contains("&lt;b&gt;"), "{text}");
        assert!(text.contains("Content-Language: fr\r\n") && !text.contains("{link}"), "{text}");
    }

    #[tokio::test]
    async fn only_what_nobody_asked_for_can_be_unsubscribed_by_the_mail_program() {
        let mut row = mail("Hello,\n\n{link}\n");
        row.secret = Some("https://example.org/in/abc123?lang=en".into());
        row.template = "invitation".into();
        let (_, text) = written(&row).await;
        assert!(
            text.contains("List-Unsubscribe: <https://example.org/in/abc123?lang=en>\r\n"),
            "{text}"
        );
        assert!(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{text}");
        row.template = "sign_in_link".into();
        assert!(!written(&row).await.1.contains("List-Unsubscribe"));
    }

    #[test]
    fn an_address_beyond_ascii_is_written_as_it_is() {
        assert_eq!(
            address("üser@bücher.example").unwrap().to_string(),
            "üser@xn--bcher-kva.example"
        );
    }

    #[test]
    fn a_domain_beyond_ascii_is_written_as_mail_servers_know_it() {
        let given = address("asha+news@bücher.example").unwrap();
        assert_eq!(given.to_string(), "asha+news@xn--bcher-kva.example");
        assert!(address("nobody").is_err());
    }

    #[test]
    fn an_answer_that_quotes_the_mail_is_kept_without_the_secret() {
        let link = ways::secret("https://example.org", "abc123", Language::English);
        let text = without(&format!("554 spam: {link}"), Some(&link));
        assert_eq!(text, "554 spam: [personal link]");
        let text = without("554 not when sent to /in/abc123", Some(&link));
        assert_eq!(text, "554 not when sent to /in/[personal link]");
    }

    #[test]
    fn a_wrong_server_is_told_without_its_password() {
        let mut settings = Settings::defaults().unwrap();
        settings.mail.smtp_url = "smpt://u:hunter2@mail.example.org".to_owned().into();
        let error = Mailer::open(&settings).err().unwrap();
        assert!(error.contains("mail.smtp_url") && !error.contains("hunter2"));
    }
}
