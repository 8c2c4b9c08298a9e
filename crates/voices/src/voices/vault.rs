//! What this feature has of keys while the program runs. The keys themselves are files of [`Keys`]; here is which is for what.

use std::sync::Arc;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};

use super::receipts::Mint;
use crate::consultations::ConsultationId;
use crate::digest::hexadecimal;
use crate::ids::Ids;
use crate::keys::{Key, Keys};
use crate::problem::Problem;
use crate::work::Work;

/// The key from which receipts are made and known again, for as long as the instance lasts.
const RECEIPTS: &str = "receipts";
const NONCE: usize = 12;

/// Shared among requests.
pub struct Vault {
    keys: Arc<Keys>,
    receipts: Key,
}

impl Vault {
    /// Opens it; the key of receipts is made at the first start.
    ///
    /// # Errors
    /// When that key is lost, or is not the one that the database was used with.
    pub fn open(keys: &Arc<Keys>, db: &crate::db::Db) -> Result<Self, String> {
        Ok(Self { keys: Arc::clone(keys), receipts: keys.permanent(db, RECEIPTS)? })
    }

    /// The vault of this program.
    pub fn of<'c>(work: &Work<'c>) -> Result<&'c Self, Problem> {
        work.shared()
    }

    /// The files of keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Who makes the receipts of a consultation.
    pub fn mint(&self, consultation: ConsultationId) -> Mint {
        Mint::of(&self.receipts, consultation)
    }

    /// By what it is known again that somebody was given a receipt.
    pub fn holder(&self, consultation: ConsultationId, kind: &[u8], who: &[u8]) -> Vec<u8> {
        let consultation = consultation.uuid();
        self.receipts.mac(&[b"holder", consultation.as_bytes(), kind, who]).to_vec()
    }

    /// The key that voices of a consultation are sealed with, made where it is missing.
    pub fn voices(&self, consultation: ConsultationId) -> Result<Key, Problem> {
        self.keys.get_or_make(&voices(consultation))
    }

    /// The key that voices of a consultation are sealed with, if there is one.
    pub fn known_voices(&self, consultation: ConsultationId) -> Result<Option<Key>, Problem> {
        self.keys.get(&voices(consultation))
    }

    /// Nobody can count the voices of this consultation any more.
    pub fn destroy_voices(&self, consultation: ConsultationId) -> Result<(), Problem> {
        self.keys.destroy(&voices(consultation))
    }

    /// A name for a new key of what waits in a consultation.
    pub fn new_pool_name(ids: &Ids, consultation: ConsultationId) -> String {
        let random = hexadecimal(&ids.random_bytes()[..8]);
        format!("{}-{random}", pool(consultation))
    }

    /// The names of the keys of what waits, or waited, in a consultation.
    pub fn pool_names(&self, consultation: ConsultationId) -> Result<Vec<String>, Problem> {
        self.keys.names(&pool(consultation))
    }
}

fn voices(consultation: ConsultationId) -> String {
    format!("voices-{}", consultation.uuid().simple())
}

fn pool(consultation: ConsultationId) -> String {
    format!("pool-{}", consultation.uuid().simple())
}

/// Seals bytes under a key (AES-256-GCM) with a nonce of their own, to what stands beside them: moved elsewhere they do not open.
pub fn seal(key: &Key, beside: &[u8], plain: &[u8], ids: &Ids) -> Result<Vec<u8>, Problem> {
    let mut nonce = [0; NONCE];
    nonce.copy_from_slice(&ids.random_bytes()[..NONCE]);
    let payload = Payload { msg: plain, aad: beside };
    let sealed = cipher(key)
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|_| Problem::internal("something is too long to be sealed"))?;
    Ok([&nonce[..], &sealed].concat())
}

/// What was sealed; none when it was sealed with another key, to something else, or was changed.
pub fn open(key: &Key, beside: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
    let nonce: [u8; NONCE] = nonce.try_into().ok()?;
    cipher(key).decrypt(&Nonce::from(nonce), Payload { msg: sealed, aad: beside }).ok()
}

fn cipher(key: &Key) -> Aes256Gcm {
    Aes256Gcm::new(key.bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_where_it_was_sealed_and_nowhere_else() {
        let ids = Ids::System;
        let (key, other) = (Key::new([1; 32]), Key::new([2; 32]));
        let sealed = seal(&key, b"here", b"said", &ids).unwrap();
        assert_eq!(open(&key, b"here", &sealed).unwrap(), b"said");
        assert_ne!(seal(&key, b"here", b"said", &ids).unwrap(), sealed);
        assert!(open(&other, b"here", &sealed).is_none());
        assert!(open(&key, b"there", &sealed).is_none());
        let mut changed = sealed.clone();
        changed[20] ^= 1;
        assert!(open(&key, b"here", &changed).is_none());
        assert!(open(&key, b"here", &sealed[..5]).is_none());
    }
}
