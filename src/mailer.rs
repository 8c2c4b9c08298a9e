//! Hands one mail to a mail server, or writes it as a file where there is none. Knows neither the database nor who is written to.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;

use crate::accounts::tokens::write_private;
use crate::outbox::Row;
use crate::settings::Settings;

/// A mail server that takes longer is tried again later; well below the time a mail is claimed for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Bytes of a line of mail at most (RFC 5322, 2.1.1).
const LONGEST_LINE: usize = 998;

/// Where mail goes.
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

enum Way {
    Server(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl Mailer {
    /// The way that is set; the error says what is wrong with it, without the password.
    pub fn open(settings: &Settings) -> Result<Self, String> {
        let from = settings.mail.from.parse();
        let from = from.map_err(|error| format!("mail.from is not a sender: {error}"))?;
        let way = match settings.mail.smtp_url.expose_secret() {
            "" => Way::Folder(settings.data.folder.join("mail")),
            url => {
                let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| {
                    "mail.smtp_url must be like smtp://HOST:1025, smtp://USER:PASSWORD@HOST:587?tls=required or smtps://…"
                })?;
                Way::Server(server.timeout(Some(Duration::from_secs(20))).build())
            }
        };
        Ok(Self { from, way })
    }

    /// Sends one mail. The error is kept with the mail and read by administrators; it holds no text of the mail.
    pub async fn send(&self, row: &Row) -> Result<(), String> {
        let message = self.message(row)?;
        match &self.way {
            Way::Server(server) => match tokio::time::timeout(PATIENCE, server.send(message)).await
            {
                Ok(Ok(_taken)) => Ok(()),
                Ok(Err(error)) => Err(short(&error.to_string())),
                Err(_) => Err("the mail server did not answer in time".into()),
            },
            Way::Folder(folder) => {
                let (folder, id) = (folder.clone(), row.id.to_string());
                let bytes = message.formatted();
                let writing = tokio::task::spawn_blocking(move || file(&folder, &id, &bytes));
                let path = writing.await.map_err(|error| error.to_string())??;
                tracing::info!(path = %path.display(), template = row.template, "mail written to a file");
                Ok(())
            }
        }
    }

    fn message(&self, row: &Row) -> Result<Message, String> {
        let to: Mailbox = row.recipient.parse().map_err(|_| "the recipient is no address")?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .date(SystemTime::from(row.created_at.utc()))
            // The same on every try: a mail server that has it already can tell.
            .message_id(Some(format!("<{}@{}>", row.id, self.from.email.domain())))
            .subject(&row.subject)
            .header(ContentType::TEXT_PLAIN);
        message.body(self.text(&row.body)).map_err(|error| error.to_string())
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

/// Writes the whole file under another name first, so that nobody finds half a mail.
fn file(folder: &Path, id: &str, bytes: &[u8]) -> Result<PathBuf, String> {
    let path = folder.join(format!("{id}.eml"));
    let draft = folder.join(format!(".{id}.draft"));
    std::fs::create_dir_all(folder)
        .and_then(|()| write_private(&draft, bytes))
        .and_then(|()| std::fs::rename(&draft, &path))
        .map_err(|error| {
            format!("the mail could not be written to {}: {error}", folder.display())
        })?;
    Ok(path)
}

fn short(text: &str) -> String {
    text.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::ids::Ids;
    use crate::outbox::MailState;

    fn mail(body: &str) -> Row {
        let now = Clock::fixed(Default::default()).now();
        Row {
            id: Ids::sequence().next(),
            recipient: "asha.example@example.org".into(),
            subject: "Réunion".into(),
            body: body.into(),
            template: "test".into(),
            state: MailState::Pending,
            attempts: 0,
            next_attempt_at: now,
            last_error: None,
            created_at: now,
            sent_at: None,
        }
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
        let link = format!("http://127.0.0.1:8080/sign-in#token={}", "x".repeat(43));
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

    #[test]
    fn a_wrong_server_is_told_without_its_password() {
        let mut settings = Settings::defaults().unwrap();
        settings.mail.smtp_url = "smpt://u:hunter2@mail.example.org".to_owned().into();
        let error = Mailer::open(&settings).err().unwrap();
        assert!(error.contains("mail.smtp_url") && !error.contains("hunter2"));
    }
}
