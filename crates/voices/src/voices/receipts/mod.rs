//! Receipts: the secret by which a participant contributes and finds their inputs again. 15 random bytes and 10 of an HMAC that only
//! this instance makes, for one consultation. Nothing in it, and nothing that is kept, tells to whom it was given. Pure.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::consultations::ConsultationId;
use crate::ids::Ids;
use crate::keys::Key;

pub mod http;
pub mod service;
pub(super) mod store;
pub mod words;

/// What every receipt of this form begins its proof with.
const VERSION: &[u8] = b"rapporteur receipt 1";
/// Crockford's Base32: no I, L, O or U, so that what is read aloud or copied by hand comes back as it was.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SECRET: usize = 15;
const PROOF: usize = 10;
/// Characters between two hyphens.
const GROUP: usize = 5;

/// Makes and recognizes the receipts of one consultation, under a key of its own (HKDF, RFC 5869).
pub struct Mint(Key);

impl Mint {
    /// The mint of a consultation, from the instance's key.
    pub fn of(key: &Key, consultation: ConsultationId) -> Self {
        Self(expanded(key.bytes(), consultation, VERSION))
    }

    /// A new receipt.
    pub fn make(&self, ids: &Ids) -> Receipt {
        let mut secret = [0; SECRET];
        secret.copy_from_slice(&ids.random_bytes()[..SECRET]);
        Receipt { secret, proof: self.proof(&secret) }
    }

    /// The receipt that is written like this, if it is one of this consultation. Case, hyphens and blanks do not matter, and what
    /// can be taken for a digit is.
    pub fn read(&self, text: &str) -> Option<Receipt> {
        let bytes = decoded(text)?;
        let (secret, proof) = bytes.split_at(SECRET);
        let secret: [u8; SECRET] = secret.try_into().ok()?;
        // Compared in a time that does not tell how much of it was right.
        let mac = self.mac(&secret);
        mac.verify_truncated_left(proof).ok()?;
        Some(Receipt { secret, proof: proof.try_into().ok()? })
    }

    fn mac(&self, secret: &[u8; SECRET]) -> Hmac<Sha256> {
        // 32 bytes are a key for HMAC, as any number is.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.bytes())
            .unwrap_or_else(|_| Hmac::new(&Default::default()));
        mac.update(VERSION);
        mac.update(secret);
        mac
    }

    fn proof(&self, secret: &[u8; SECRET]) -> [u8; PROOF] {
        let whole = self.mac(secret).finalize().into_bytes();
        let mut proof = [0; PROOF];
        proof.copy_from_slice(&whole[..PROOF]);
        proof
    }
}

/// A receipt. It is never printed but where it is given.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    secret: [u8; SECRET],
    proof: [u8; PROOF],
}

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receipt(…)")
    }
}

impl Receipt {
    /// As it is given: eight groups of five characters.
    pub fn text(&self) -> String {
        let bytes = [&self.secret[..], &self.proof[..]].concat();
        let mut text = String::new();
        for (index, digit) in encoded(&bytes).chars().enumerate() {
            if index > 0 && index % GROUP == 0 {
                text.push('-');
            }
            text.push(digit);
        }
        text
    }

    /// What only its holder can derive, for a consultation.
    pub fn holder(&self, consultation: ConsultationId) -> Holder {
        Holder {
            consultation,
            own: expanded(&self.secret, consultation, b"own"),
            voice: Voice(*expanded(&self.secret, consultation, b"voice").bytes()),
        }
    }
}

/// The pseudonym of a receipt, or of a speaker of a file: what is counted, and leads to nobody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Voice(pub [u8; 32]);

impl std::fmt::Debug for Voice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Voice(…)")
    }
}

/// Whoever holds a receipt, as far as anybody can know them: by keys that are derived from it.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The consultation that the receipt is for.
    pub consultation: ConsultationId,
    own: Key,
    /// The receipt's pseudonym.
    pub voice: Voice,
}

/// What is kept beside what is somebody's own: 16 random bytes, and 16 of an HMAC over them that only their receipt makes.
pub const MARK: usize = 32;
const NONCE: usize = 16;

impl Holder {
    /// A new mark, which tells nothing of any other.
    pub fn mark(&self, ids: &Ids) -> Vec<u8> {
        let nonce = &ids.random_bytes()[..NONCE];
        [nonce, &self.own.mac(&[b"mark", nonce])[..MARK - NONCE]].concat()
    }

    /// The mark of what they do once. It is the same each time, and tells nothing of their other marks.
    pub fn once(&self, what: &[u8]) -> Vec<u8> {
        self.own.mac(&[b"once", what]).to_vec()
    }

    /// Whether this is the mark of something of theirs.
    pub fn knows(&self, mark: &[u8]) -> bool {
        mark.len() == MARK && {
            let (nonce, proof) = mark.split_at(NONCE);
            self.own.mac(&[b"mark", nonce])[..MARK - NONCE] == *proof
        }
    }
}

fn expanded(secret: &[u8], consultation: ConsultationId, purpose: &[u8]) -> Key {
    let mut bytes = [0; 32];
    let hkdf = Hkdf::<Sha256>::new(Some(consultation.uuid().as_bytes()), secret);
    // Fails for more than 8,160 bytes only.
    let _enough = hkdf.expand(purpose, &mut bytes);
    Key::new(bytes)
}

fn encoded(bytes: &[u8]) -> String {
    let (mut text, mut bits, mut held) = (String::new(), 0_u32, 0);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(char::from(DIGITS[(bits >> held) as usize & 31]));
        }
        bits &= (1 << held) - 1;
    }
    text
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for c in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '‑' | '–'))
    {
        let digit = match c.to_ascii_uppercase() {
            'O' => b'0',
            'I' | 'L' => b'1',
            other => u8::try_from(other).ok()?,
        };
        let value = DIGITS.iter().position(|known| *known == digit)?;
        bits = (bits << 5) | value as u32;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    (bytes.len() == SECRET + PROOF && held == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mint(ids: &Ids) -> (Mint, ConsultationId) {
        let consultation = ids.unlinkable();
        (Mint::of(&Key::new([1; 32]), consultation), consultation)
    }

    #[test]
    fn a_receipt_is_read_as_people_write_it() {
        let ids = Ids::System;
        let (mint, _) = mint(&ids);
        for _ in 0..200 {
            let receipt = mint.make(&ids);
            let text = receipt.text();
            assert_eq!((text.len(), text.split('-').count()), (47, 8), "{text}");
            let sloppy = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            assert_eq!(mint.read(&text), Some(receipt.clone()));
            assert_eq!(mint.read(&sloppy), Some(receipt));
        }
    }

    #[test]
    fn what_was_not_given_here_is_no_receipt() {
        let ids = Ids::System;
        let (one, consultation) = mint(&ids);
        let (other, _) = mint(&ids);
        let foreign = Mint::of(&Key::new([2; 32]), consultation);
        let text = one.make(&ids).text();
        assert!(other.read(&text).is_none() && foreign.read(&text).is_none());
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(one.read(&changed).is_none(), "{changed}");
        }
        for wrong in ["", "-", "7", &text[..46], &format!("{text}7"), "ไม่ใช่"] {
            assert!(one.read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn only_a_receipt_knows_its_marks_and_they_tell_nothing_of_each_other() {
        let ids = Ids::System;
        let (mint, consultation) = mint(&ids);
        let [one, two] = [(); 2].map(|()| mint.make(&ids).holder(consultation));
        let marks = [(); 50].map(|()| one.mark(&ids));
        assert!(marks.iter().all(|mark| one.knows(mark) && !two.knows(mark)));
        let bytes: std::collections::BTreeSet<&[u8]> =
            marks.iter().flat_map(|mark| [&mark[..16], &mark[16..]]).collect();
        assert_eq!(bytes.len(), 100);
        assert_ne!(one.voice, two.voice);
        assert!(!one.knows(&[]) && !one.knows(&[0; 64]));
    }
}
