//! Having no more of the mail that goes to everybody: invitations, announcements, that a report is published. A link that such a mail
//! carries stands for its address, in one consultation and its review, and needs no account. What is kept of it are marks that lead to
//! nobody: asked of an address they answer, and nothing else asks them. Pure.

use crate::accounts::Email;
use crate::consultations::{Consultation, ConsultationId};
use crate::digest::hexadecimal;
use crate::keys::Key;
use crate::reviews::ReviewId;

mod feature;
mod personal;
mod privacy;
pub mod service;
mod store;

pub use feature::FEATURE;

/// The key by which links are made and marks are known again, for as long as the instance lasts.
const UNSUBSCRIBING: &str = "unsubscribing";
/// Hexadecimal digits of a consultation, and of who stands for an address.
const DIGITS: usize = 32;
/// Hexadecimal digits that show that a link is of our making.
const PROOF: usize = 16;

/// Of what mail somebody wants no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwanted {
    /// About this consultation.
    Consultation,
    /// About any consultation of its review.
    Review,
}

/// Makes the secrets of links, and reads them.
struct Links(Key);

/// Who stands for an address in a review.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reader(String);

impl Links {
    fn reader(&self, review: ReviewId, email: &Email) -> Reader {
        let review = review.uuid();
        let mac = self.0.mac(&[b"reader", review.as_bytes(), email.as_str().as_bytes()]);
        Reader(hexadecimal(&mac[..DIGITS / 2]))
    }

    fn proof(&self, consultation: &str, reader: &str) -> String {
        let mac = self.0.mac(&[b"link", consultation.as_bytes(), reader.as_bytes()]);
        hexadecimal(&mac[..PROOF / 2])
    }

    /// The secret of the link of an address.
    fn secret(&self, consultation: &Consultation, email: &Email) -> String {
        let Reader(reader) = self.reader(consultation.review_id, email);
        let consultation = consultation.id.uuid().simple().to_string();
        let proof = self.proof(&consultation, &reader);
        consultation + &reader + &proof
    }

    /// For which consultation a secret is, and for whom; none where it is of another's making.
    fn read(&self, secret: &str) -> Option<(ConsultationId, Reader)> {
        let (consultation, rest) = secret.split_at_checked(DIGITS)?;
        let (reader, proof) = rest.split_at_checked(DIGITS)?;
        if proof != self.proof(consultation, reader) {
            return None;
        }
        let consultation = uuid::Uuid::try_parse(consultation).ok()?;
        Some((ConsultationId::new(consultation), Reader(reader.to_owned())))
    }

    /// By what it is known again that somebody wants none of it.
    fn mark(&self, reader: &Reader, consultation: &Consultation, what: Unwanted) -> Vec<u8> {
        let (kind, id): (&[u8], _) = match what {
            Unwanted::Consultation => (b"consultation", consultation.id.uuid()),
            Unwanted::Review => (b"review", consultation.review_id.uuid()),
        };
        self.0.mac(&[b"mark", kind, id.as_bytes(), reader.0.as_bytes()]).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_made_is_read() {
        let links = Links(Key::new([7; 32]));
        let email: Email = "asha@example.org".parse().unwrap();
        let (review, consultation) = (ReviewId::new(uuid::Uuid::from_u128(1)), "0".repeat(DIGITS));
        let Reader(reader) = links.reader(review, &email);
        assert_ne!(links.reader(ReviewId::new(uuid::Uuid::from_u128(2)), &email).0, reader);
        let secret = format!("{consultation}{reader}{}", links.proof(&consultation, &reader));
        let (found, whose) = links.read(&secret).unwrap();
        assert_eq!((found, whose.0), (ConsultationId::new(uuid::Uuid::nil()), reader));
        assert_eq!(Links(Key::new([8; 32])).read(&secret), None);
        for at in 0..secret.len() {
            let mut other = secret.clone().into_bytes();
            other[at] = if other[at] == b'1' { b'2' } else { b'1' };
            assert_eq!(links.read(&String::from_utf8(other).unwrap()), None, "{at}");
        }
        for other in ["", "é", &secret[1..], &format!("{secret}0"), &"é".repeat(40)] {
            assert_eq!(links.read(other), None, "{other}");
        }
    }
}
