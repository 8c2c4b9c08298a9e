//! Access tokens: short-lived JWTs, signed with the instance's key, which is given or the one in the folder of keys.
//! Knows no database: that an account is active is checked where its roles are read.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::db::types::Timestamp;
use crate::digest::{hexadecimal, sha256};
use crate::keys::Key;
use crate::problem::{Code, Problem};
use crate::settings::{Settings, Signing};
use crate::vocabulary::AccountId;

/// What the key of access tokens is called.
pub const KEY: &str = "signing";
/// Before the 32 secret bytes of an Ed25519 key in PKCS#8 (RFC 8410, section 7).
const ED25519_PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Whom an access token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The account.
    pub account: AccountId,
    /// The generation of its tokens: all of one end together, before they run out.
    pub generation: i64,
}

/// What an access token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    /// The account.
    sub: AccountId,
    /// The generation of its tokens.
    generation: i64,
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
    /// Not before; we give none, but who has the same key may.
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
}

/// A hash of several parts that only who has the signing key can make (HMAC-SHA-256). Each part counts with its length: none can be
/// taken for two.
#[derive(Clone)]
pub struct KeyedHash(Hmac<Sha256>);

impl KeyedHash {
    /// With one more part.
    pub fn with(mut self, part: &[u8]) -> Self {
        self.0.update(&(part.len() as u64).to_be_bytes());
        self.0.update(part);
        self
    }

    /// The hash.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into_bytes().into()
    }
}

// Written by hand: the state of a hash is as good as its key.
impl std::fmt::Debug for KeyedHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyedHash")
    }
}

/// Signs and reads access tokens.
pub struct Tokens {
    header: Header,
    /// The header as it stands in every token.
    head: String,
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
    issuer: String,
    audience: String,
    lifetime: chrono::Duration,
    /// Derived from the signing key, for what must be hashed so that only this instance can.
    hashing: Hmac<Sha256>,
}

impl Tokens {
    /// Takes the key that is given by the environment, or else the instance's own.
    ///
    /// # Errors
    /// When the one that is given is none, or the other cannot be had.
    pub fn open(
        settings: &Settings,
        own: impl FnOnce() -> Result<Key, String>,
    ) -> Result<Self, String> {
        let (algorithm, signing) = match (&settings.secrets.signing_key, settings.accounts.signing)
        {
            (Some(given), Signing::HS256) => shared_secret(given)
                .map(|secret| (Algorithm::HS256, EncodingKey::from_secret(&secret))),
            (Some(given), Signing::EdDSA) => ed25519(given).map(|key| (Algorithm::EdDSA, key)),
            (None, Signing::HS256) => {
                let key = own()?.derived(&[b"HS256"]);
                Ok((Algorithm::HS256, EncodingKey::from_secret(key.bytes())))
            }
            (None, Signing::EdDSA) => {
                let key = own()?.derived(&[b"EdDSA"]);
                let der = [&ED25519_PKCS8[..], key.bytes()].concat();
                Ok((Algorithm::EdDSA, EncodingKey::from_ed_der(&der)))
            }
        }
        .map_err(|why: String| format!("RAPPORTEUR_SIGNING_KEY {why}"))?;
        Self::with_key(settings, algorithm, signing)
            .map_err(|why| format!("the key of access tokens {why}"))
    }

    fn with_key(
        settings: &Settings,
        algorithm: Algorithm,
        signing: EncodingKey,
    ) -> Result<Self, String> {
        // The public half for EdDSA; the same secret for HS256.
        let wrong = |_| "is no key of the algorithm that is set".to_owned();
        let public = Jwk::from_encoding_key(&signing, algorithm).map_err(wrong)?;
        let checking = DecodingKey::from_jwk(&public).map_err(wrong)?;
        let mut header = Header::new(algorithm);
        header.kid = Some(key_id(&checking)?);
        let accounts = &settings.accounts;
        let mut validation = Validation::new(algorithm);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&accounts.issuer]);
        validation.set_audience(&[&accounts.audience]);
        // `exp` is held against our own clock, in `verify`, without leeway.
        validation.validate_exp = false;
        validation.leeway = 0;
        let seed =
            Sha256::new().chain_update(b"rapporteur keyed hash").chain_update(signing.as_bytes());
        let hashing = Hmac::new_from_slice(&seed.finalize()).map_err(|error| error.to_string())?;
        let mut tokens = Self {
            header,
            head: String::new(),
            hashing,
            signing,
            checking,
            validation,
            issuer: accounts.issuer.clone(),
            audience: accounts.audience.clone(),
            lifetime: chrono::Duration::minutes(accounts.access_token_minutes),
        };
        let nobody = Holder { account: AccountId::new(uuid::Uuid::nil()), generation: 0 };
        let token = tokens.signed(nobody, Timestamp::new(Default::default())).map_err(wrong)?;
        tokens.head = token.split('.').next().unwrap_or_default().to_owned();
        Ok(tokens)
    }

    /// An access token, and for how many seconds it is valid.
    pub fn issue(&self, holder: Holder, now: Timestamp) -> (String, i64) {
        // `with_key` has signed with this key before; a token that could not be signed opens nothing.
        let token = self.signed(holder, now).unwrap_or_default();
        (token, self.lifetime.num_seconds())
    }

    fn signed(&self, holder: Holder, now: Timestamp) -> jsonwebtoken::errors::Result<String> {
        let iat = now.utc().timestamp();
        let (iss, aud) = (self.issuer.clone(), self.audience.clone());
        let exp = iat + self.lifetime.num_seconds();
        let Holder { account: sub, generation } = holder;
        let claims = Claims { sub, generation, iss, aud, iat, exp, nbf: None };
        jsonwebtoken::encode(&self.header, &claims, &self.signing)
    }

    /// Whose token it is; 401 unless we signed it, for this audience, and it has not expired.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Holder, Problem> {
        // What we sign has one header. Another says that it must be understood (`crit`), or was signed with another key.
        if token.split('.').next() != Some(&self.head) {
            return Err(refused("The access token was signed with another key, or otherwise."));
        }
        let data = jsonwebtoken::decode::<Claims>(token, &self.checking, &self.validation)
            .map_err(|_| refused("The access token is not valid."))?;
        let (Claims { sub, generation, exp, nbf, .. }, now) = (data.claims, now.utc().timestamp());
        if exp <= now {
            return Err(refused("The access token has expired."));
        }
        if nbf.is_some_and(|from| from > now) {
            return Err(refused("The access token is not valid yet."));
        }
        Ok(Holder { account: sub, generation })
    }

    /// A hash of `text` that only who has the signing key can make (HMAC-SHA-256, as hex).
    pub fn keyed_hash(&self, text: &str) -> String {
        let mut hash = self.hashing.clone();
        hash.update(text.as_bytes());
        hexadecimal(&hash.finalize().into_bytes())
    }

    /// What begins a hash of several parts, as [`Tokens::keyed_hash`].
    pub fn begin_hash(&self) -> KeyedHash {
        KeyedHash(self.hashing.clone())
    }
}

fn refused(detail: &str) -> Problem {
    Problem::new(Code::Unauthenticated, detail)
        .with_header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
}

/// SHA-256 of a secret as hex: all that is kept of refresh tokens and links. (256 random bits need no slow hash.)
pub fn secret_hash(secret: &str) -> String {
    sha256(secret)
}

fn key_id(key: &DecodingKey) -> Result<String, String> {
    let bytes = key.try_get_as_bytes().map_err(|error| error.to_string())?;
    let digest = Sha256::new().chain_update(b"rapporteur key id").chain_update(bytes).finalize();
    Ok(hexadecimal(&digest[..8]))
}

fn shared_secret(key: &SecretString) -> Result<Vec<u8>, String> {
    let text = key.expose_secret().trim();
    let decoded = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
        .iter()
        .find_map(|alphabet| alphabet.decode(text).ok());
    match decoded {
        Some(bytes) if bytes.len() >= 32 => Ok(bytes),
        _ => Err("must be 32 bytes or more in Base64 (for HS256)".into()),
    }
}

fn ed25519(key: &SecretString) -> Result<EncodingKey, String> {
    EncodingKey::from_ed_pem(key.expose_secret().as_bytes())
        .map_err(|_| "must be an Ed25519 key as PKCS#8 PEM (for EdDSA)".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::ids::Ids;
    use chrono::{Duration, TimeZone, Utc};

    fn clock() -> Clock {
        Clock::fixed(Utc.with_ymd_and_hms(2020, 11, 19, 4, 0, 0).unwrap())
    }

    fn settings(signing: Signing) -> Settings {
        let mut settings = Settings::defaults().unwrap();
        settings.accounts.signing = signing;
        settings
    }

    fn somebody() -> Holder {
        Holder { account: Ids::System.next(), generation: 0 }
    }

    fn opened(settings: &Settings, byte: u8) -> Tokens {
        Tokens::open(settings, || Ok(Key::new([byte; 32]))).unwrap()
    }

    #[test]
    fn a_token_names_its_account_until_the_second_it_expires() {
        for signing in [Signing::HS256, Signing::EdDSA] {
            let (clock, ids) = (clock(), Ids::System);
            let tokens = opened(&settings(signing), 1);
            let account = ids.next();
            let account = Holder { account, generation: 3 };
            let (token, seconds) = tokens.issue(account, clock.now());
            assert_eq!(seconds, 900);
            clock.advance(Duration::seconds(899));
            assert_eq!(tokens.verify(&token, clock.now()).unwrap(), account);
            assert_eq!(opened(&settings(signing), 1).verify(&token, clock.now()).unwrap(), account);
            clock.advance(Duration::seconds(1));
            let problem = tokens.verify(&token, clock.now()).unwrap_err();
            assert_eq!(problem.code(), Code::Unauthenticated);
        }
    }

    #[test]
    fn a_token_of_another_key_audience_or_algorithm_is_refused() {
        let ours = settings(Signing::HS256);
        let tokens = opened(&ours, 1);
        let now = clock().now();
        let mut others = [ours.clone(), settings(Signing::EdDSA), ours.clone(), ours.clone()];
        others[2].accounts.audience = "another".into();
        others[3].accounts.issuer = "another".into();
        for (other, byte) in others.iter().zip([2, 1, 1, 1]) {
            let (token, _) = opened(other, byte).issue(somebody(), now);
            assert!(tokens.verify(&token, now).is_err());
        }
        let (token, _) = tokens.issue(somebody(), now);
        let unsigned = token.rsplit_once('.').unwrap().0;
        let (_, rest) = unsigned.split_once('.').unwrap();
        let none = format!("{}.{rest}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#));
        for forged in [none.as_str(), unsigned, "", "a.b.c", &format!("{token}x")] {
            assert!(tokens.verify(forged, now).is_err(), "{forged}");
        }
    }

    #[test]
    fn a_token_of_later_is_refused_until_then() {
        let tokens = opened(&settings(Signing::HS256), 1);
        let (clock, sub) = (clock(), Ids::System.next());
        let now = clock.now().utc().timestamp();
        let (iss, aud) = (tokens.issuer.clone(), tokens.audience.clone());
        let (generation, exp, nbf) = (0, now + 900, Some(now + 60));
        let claims = Claims { sub, generation, iss, aud, iat: now, exp, nbf };
        let token = jsonwebtoken::encode(&tokens.header, &claims, &tokens.signing).unwrap();
        assert!(tokens.verify(&token, clock.now()).is_err());
        clock.advance(Duration::seconds(60));
        assert_eq!(tokens.verify(&token, clock.now()).unwrap().account, sub);
    }

    #[test]
    fn what_must_be_understood_is_not_passed_over() {
        let tokens = opened(&settings(Signing::EdDSA), 1);
        let now = clock().now();
        let (token, _) = tokens.issue(somebody(), now);
        let claims = token.split('.').nth(1).unwrap();
        // Signed by us, and with a demand in its header that we do not know (RFC 7515, section 4.1.11).
        let kid = tokens.header.kid.as_deref().unwrap();
        let header =
            format!(r#"{{"typ":"JWT","alg":"EdDSA","kid":"{kid}","crit":["exp2"],"exp2":1}}"#);
        let message = format!("{}.{claims}", URL_SAFE_NO_PAD.encode(header));
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &tokens.signing, Algorithm::EdDSA)
                .unwrap();
        assert!(tokens.verify(&format!("{message}.{signature}"), now).is_err());
    }

    #[test]
    fn a_weak_or_wrong_key_is_refused_and_not_printed() {
        for signing in [Signing::HS256, Signing::EdDSA] {
            let mut settings = settings(signing);
            settings.secrets.signing_key = Some("aHVudGVyMg==".to_owned().into());
            let error = Tokens::open(&settings, || Err("not asked".into())).err().unwrap();
            assert!(error.contains("RAPPORTEUR_SIGNING_KEY") && !error.contains("aHVudGVyMg"));
        }
    }

    #[test]
    fn a_keyed_hash_depends_on_the_key() {
        let [one, two] = [1, 2].map(|byte| opened(&settings(Signing::HS256), byte));
        assert_eq!(one.keyed_hash("x"), one.keyed_hash("x"));
        assert_ne!(one.keyed_hash("x"), one.keyed_hash("y"));
        assert_ne!(one.keyed_hash("x"), two.keyed_hash("x"));
    }
}
