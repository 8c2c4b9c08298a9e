//! What mail servers say later of mail that they had taken: reports of delivery (RFC 3464), which a mail server, fetchmail or mbsync puts
//! into a folder (a maildir). Anybody can write one, so nothing is taken from it but which mail it is about, to whom, and why in our
//! words. Knows no table.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use crate::vocabulary::MailId;

/// Bytes of a report at most: it returns headers, and a mail of ours at the utmost.
const LARGEST: u64 = 1 << 20;
/// Reports that are read in one go.
const AT_ONCE: usize = 100;

/// That a mail will not arrive, or has not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// Which mail: by the id that is part of its Message-ID, which nobody knows but who has the mail.
    pub mail: MailId,
    /// To which address, in small letters.
    pub recipient: String,
    /// Whether it is still tried.
    pub delayed: bool,
    /// Why, in words for whoever looks after mail.
    pub why: &'static str,
}

/// A file in which somebody reports.
#[derive(Debug)]
pub struct BounceReport {
    /// Where it lies.
    pub file: PathBuf,
    /// What it says; none where it is no report of a mail that did not arrive: damaged, too large, or something else.
    pub bounce: Option<Bounce>,
}

/// The reports that wait in a maildir, up to a hundred.
///
/// # Errors
/// That the folder cannot be read.
pub fn waiting(maildir: &Path) -> Result<Vec<BounceReport>, String> {
    let folder = maildir.join("new");
    let told =
        |error| format!("the reports of delivery in {} cannot be read: {error}", folder.display());
    let files = fs::read_dir(&folder).map_err(told)?;
    let mut found = Vec::new();
    for file in files.take(AT_ONCE) {
        let file = file.map_err(told)?;
        match file.metadata() {
            // Neither through a link to somewhere else, nor a folder.
            Ok(about) if about.is_file() => {
                let file = file.path();
                found.push(BounceReport { bounce: of_file(&file), file });
            }
            Ok(_) => {}
            // Another process has put it away.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(told(error)),
        }
    }
    Ok(found)
}

/// Puts a report to those that were read, as programs for mail do, unless another process has done so.
///
/// # Errors
/// That it cannot be moved: it would be read again.
pub fn done(maildir: &Path, file: &Path) -> Result<(), String> {
    let into = maildir.join("cur");
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(":2,S");
    match fs::create_dir_all(&into).and_then(|()| fs::rename(file, into.join(name))) {
        Err(error) if error.kind() == ErrorKind::NotFound && !file.exists() => Ok(()),
        moved => moved.map_err(|error| {
            format!("a report of delivery could not be moved to {}: {error}", into.display())
        }),
    }
}

fn of_file(file: &Path) -> Option<Bounce> {
    let mut bytes = Vec::new();
    fs::File::open(file).ok()?.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 > LARGEST { None } else { of(&bytes) }
}

/// What a report says.
pub fn of(bytes: &[u8]) -> Option<Bounce> {
    let report = MessageParser::default().parse(bytes)?;
    let mut parts = report.parts.iter();
    let status = parts.find(|part| is(*part, "message", "delivery-status"))?;
    let status = String::from_utf8_lossy(status.contents()).into_owned();
    let (recipient, delayed, why) = undelivered(&status)?;
    let mail = report.parts.iter().find_map(|part| match &part.body {
        PartType::Message(message) => id(message),
        _ if is(part, "text", "rfc822-headers") => {
            id(&MessageParser::default().parse_headers(part.contents())?)
        }
        _ => None,
    })?;
    Some(Bounce { mail, recipient, delayed, why })
}

fn is<'x>(part: &impl MimeHeaders<'x>, kind: &str, subtype: &str) -> bool {
    part.content_type().is_some_and(|found| {
        found.c_type.eq_ignore_ascii_case(kind)
            && found.c_subtype.as_deref().is_some_and(|one| one.eq_ignore_ascii_case(subtype))
    })
}

/// The id in a Message-ID of ours.
fn id(message: &Message) -> Option<MailId> {
    let (local, _domain) = message.message_id()?.split_once('@')?;
    local.parse().ok()
}

/// The one recipient whom it did not reach, whether it is still tried, and why. Each of our mails has one recipient. What has failed has
/// failed for good, whatever its status: with 4.x the mail server has tried for as long as it does (RFC 3464, 2.3.3).
fn undelivered(status: &str) -> Option<(String, bool, &'static str)> {
    let status = status.replace("\r\n", "\n");
    status.split("\n\n").find_map(|group| {
        let field = |name: &str| {
            let line = group.lines().find_map(|line| {
                let (found, value) = line.split_once(':')?;
                found.trim().eq_ignore_ascii_case(name).then_some(value)
            })?;
            Some(line.trim().to_lowercase())
        };
        let why = match field("Action")?.as_str() {
            "failed" => why(&field("Status")?)?,
            "delayed" => DELAYED,
            _ => return None,
        };
        let recipient = field("Final-Recipient").or_else(|| field("Original-Recipient"))?;
        let (_kind, address) = recipient.split_once(';')?;
        Some((address.trim().trim_matches(['<', '>']).to_owned(), why == DELAYED, why))
    })
}

/// What is known of a mail that is still tried.
const DELAYED: &str = "delayed: their mail server has not taken it yet, and ours still tries";

/// Why, by the status of RFC 3463.
fn why(status: &str) -> Option<&'static str> {
    let code = status.split_whitespace().next()?;
    let (class, rest) = code.split_once('.')?;
    if !matches!(class, "4" | "5") {
        return None;
    }
    Some(match rest {
        "1.1" | "1.0" | "1.3" | "1.6" => "returned: there is no such mailbox",
        "1.2" | "1.10" => "returned: there is no such mail server",
        "4.4" if class == "5" => "returned: there is no such mail server",
        "2.1" => "returned: the mailbox takes no mail any more",
        "2.2" => "returned: the mailbox is full",
        rest if rest.starts_with("7.") => "returned: their mail server does not want such mail",
        rest if rest.starts_with("4.") => "returned: their mail server could not be reached",
        _ => "returned: it could not be delivered",
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "0192b8c0-0000-7000-8000-000000000001";

    fn report(action: &str, status: &str, returned: &str) -> String {
        format!(
            "From: MAILER-DAEMON@example.net\r\nTo: no-reply@example.org\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
             It did not arrive.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n\
             Final-Recipient: rfc822; Asha@Example.org\r\nAction: {action}\r\nStatus: {status}\r\n\
             Diagnostic-Code: smtp; 550 no\r\n\r\n--b\r\nContent-Type: {returned}\r\n\r\nFrom: no-reply@example.org\r\n\
             Message-ID: <{ID}@example.org>\r\nSubject: You are invited\r\n\r\nHello\r\n--b--\r\n"
        )
    }

    #[test]
    fn a_mail_that_will_not_arrive_is_known_by_its_id_and_address() {
        for kind in ["message/rfc822", "text/rfc822-headers"] {
            let found = of(report("failed", "5.1.1", kind).as_bytes()).unwrap();
            assert_eq!(found.mail.to_string(), ID, "{kind}");
            assert_eq!(found.recipient, "asha@example.org");
            assert_eq!(found.why, "returned: there is no such mailbox");
        }
        let full = of(report("FAILED", "5.2.2 (full)", "message/rfc822").as_bytes()).unwrap();
        assert_eq!(full.why, "returned: the mailbox is full");
    }

    #[test]
    fn a_delay_is_known_from_what_was_tried_for_as_long_as_anybody_does() {
        let found = |action, status| of(report(action, status, "message/rfc822").as_bytes());
        let delayed = found("delayed", "4.4.1").unwrap();
        assert!(delayed.delayed && delayed.why.starts_with("delayed: "), "{delayed:?}");
        let failed = found("failed", "4.4.1").unwrap();
        assert!(!failed.delayed, "{failed:?}");
        assert_eq!(failed.why, "returned: their mail server could not be reached");
    }

    #[test]
    fn what_is_no_report_of_ours_says_nothing() {
        for (action, status) in [("delivered", "2.0.0"), ("failed", "2.0.0"), ("failed", "")] {
            assert_eq!(of(report(action, status, "message/rfc822").as_bytes()), None, "{action}");
        }
        let text = report("failed", "5.1.1", "text/plain");
        assert_eq!(of(text.as_bytes()), None, "it returns nothing of ours");
        assert_eq!(of(text.replace(ID, "somebody").as_bytes()), None);
        assert_eq!(of(b"Subject: I am on holiday\r\n\r\nBack soon.\r\n"), None);
    }

    #[test]
    fn a_maildir_is_read_and_what_was_read_is_put_away() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("new");
        fs::create_dir(&new).unwrap();
        fs::create_dir(new.join("folder")).unwrap();
        fs::write(new.join("one"), report("failed", "5.1.1", "message/rfc822")).unwrap();
        fs::write(new.join("large"), vec![b'x'; LARGEST as usize + 1]).unwrap();
        let found = waiting(folder.path()).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found.iter().filter(|one| one.bounce.is_some()).count(), 1);
        for one in found {
            done(folder.path(), &one.file).unwrap();
            // As another process would that found it, too.
            done(folder.path(), &one.file).unwrap();
        }
        assert!(waiting(folder.path()).unwrap().is_empty());
        assert!(folder.path().join("cur/one:2,S").is_file());
        assert!(waiting(&folder.path().join("nowhere")).unwrap_err().contains("nowhere"));
    }

    proptest! {
        #[test]
        fn nothing_that_comes_breaks_it(cut in 0_usize..1200, put in 0_usize..1200, bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut text = report("failed", "5.1.1", "message/rfc822").into_bytes();
            text.truncate(cut.max(10));
            let at = put.min(text.len());
            text.splice(at..at, bytes);
            let _whatever = of(&text);
        }
    }
}
