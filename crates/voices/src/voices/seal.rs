//! The key that seals who said what, and the pseudonyms made with it. Half of a consultation's key is the instance's secret,
//! which no database holds; the other half is random, is in the database, and can be destroyed: then nothing links back.
//! Pure; knows no table and keeps no name.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::accounts::AccountId;
use crate::ids::Ids;
use crate::organizations::normalized;
use crate::settings::Settings;
use crate::tokens;

/// The file of the secret that was made on first start, in the data folder.
const KEY_FILE: &str = "seal.key";

/// The instance's half of every key.
pub struct SealKey(Hmac<Sha256>);

impl SealKey {
    /// Takes the secret in the data folder, which is made when it is missing.
    ///
    /// # Errors
    /// When it cannot be read, written, or is too short to be a secret.
    pub fn open(settings: &Settings, ids: &Ids) -> Result<Self, String> {
        let path = settings.data.folder.join(KEY_FILE);
        let key = tokens::read_or_make(&path, || ids.secret().into())
            .map_err(|why| format!("the seal key {} {why}", path.display()))?;
        Self::of(&key).map_err(|why| format!("the seal key {} {why}", path.display()))
    }

    fn of(secret: &SecretString) -> Result<Self, String> {
        let secret = secret.expose_secret().trim();
        if secret.len() < 32 {
            return Err("must have at least 32 characters".to_owned());
        }
        let seed = Sha256::new().chain_update(b"rapporteur seal").chain_update(secret).finalize();
        Hmac::new_from_slice(&seed).map(Self).map_err(|error| error.to_string())
    }

    /// The whole key of the consultation with this half.
    pub(super) fn with(&self, salt: &str) -> Key {
        let mut half = self.0.clone();
        half.update(salt.as_bytes());
        // 32 bytes are a key for HMAC, as any number is.
        let key = Hmac::new_from_slice(&half.finalize().into_bytes());
        Key(key.unwrap_or_else(|_| self.0.clone()))
    }
}

/// Makes the pseudonyms of one consultation.
pub(super) struct Key(Hmac<Sha256>);

impl Key {
    /// The pseudonym of somebody with an account: the same however often they speak in this consultation, another in every other.
    pub(super) fn voice(&self, account: AccountId) -> String {
        self.hash(&format!("account {account}"))
    }

    /// The pseudonym of somebody of whom only a name was heard.
    pub(super) fn voice_of_name(&self, name: &str) -> String {
        self.hash(&format!("name {}", normalized(name)))
    }

    /// Tells whether the instance's secret is still the one that the key was made with.
    pub(super) fn proof(&self) -> String {
        self.hash("proof")
    }

    fn hash(&self, text: &str) -> String {
        let mut hash = self.0.clone();
        hash.update(text.as_bytes());
        URL_SAFE_NO_PAD.encode(hash.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_is_the_same_in_a_consultation_and_another_with_another_half() {
        let [one, two] = ["a", "b"].map(|letter| SealKey::of(&letter.repeat(40).into()).unwrap());
        let account = Ids::sequence().next();
        assert_eq!(one.with("x").voice(account), one.with("x").voice(account));
        assert_ne!(one.with("x").voice(account), one.with("y").voice(account));
        assert_ne!(one.with("x").voice(account), two.with("x").voice(account));
        assert_ne!(one.with("x").proof(), two.with("x").proof());
        assert_eq!(one.with("x").voice_of_name("Pat  ONE"), one.with("x").voice_of_name("pat one"));
        assert!(SealKey::of(&"short".to_owned().into()).is_err());
    }
}
