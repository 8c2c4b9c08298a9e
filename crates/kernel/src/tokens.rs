//! Access tokens: short-lived JWTs, signed with the instance's key, which is given or made on first start.
//! Knows no database: that an account is active is checked where its roles are read.

use std::io::Write;
use std::path::Path;

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
use crate::ids::Ids;
use crate::problem::{Code, Problem};
use crate::settings::{Settings, Signing};
use crate::vocabulary::AccountId;

/// The file of the key that was made on first start, in the data folder.
const KEY_FILE: &str = "signing.key";
/// Before the 32 secret bytes of an Ed25519 key in PKCS#8 (RFC 8410, section 7).
const ED25519_PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// What an access token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    /// The account.
    sub: AccountId,
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
}

/// Signs and reads access tokens.
pub struct Tokens {
    header: Header,
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
    /// Takes the key that is given by the environment, or else the one in the data folder, which is made when it is missing.
    pub fn open(settings: &Settings, ids: &Ids) -> Result<Self, String> {
        let algorithm = settings.accounts.signing;
        if let Some(given) = &settings.secrets.signing_key {
            return Self::with_key(settings, given)
                .map_err(|why| format!("RAPPORTEUR_SIGNING_KEY {why}"));
        }
        let path = settings.data.folder.join(KEY_FILE);
        let key = read_or_make(&path, || new_key(algorithm, ids))
            .map_err(|why| format!("the signing key {} {why}", path.display()))?;
        Self::with_key(settings, &key)
            .map_err(|why| format!("the signing key {} {why}", path.display()))
    }

    fn with_key(settings: &Settings, key: &SecretString) -> Result<Self, String> {
        let (algorithm, signing) = match settings.accounts.signing {
            Signing::HS256 => (Algorithm::HS256, EncodingKey::from_secret(&shared_secret(key)?)),
            Signing::EdDSA => (Algorithm::EdDSA, ed25519(key)?),
        };
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
        let tokens = Self {
            header,
            hashing,
            signing,
            checking,
            validation,
            issuer: accounts.issuer.clone(),
            audience: accounts.audience.clone(),
            lifetime: chrono::Duration::minutes(accounts.access_token_minutes),
        };
        tokens
            .signed(AccountId::new(uuid::Uuid::nil()), Timestamp::new(Default::default()))
            .map_err(wrong)?;
        Ok(tokens)
    }

    /// An access token for the account, and for how many seconds it is valid.
    pub fn issue(&self, account: AccountId, now: Timestamp) -> (String, i64) {
        // `with_key` has signed with this key before; a token that could not be signed opens nothing.
        let token = self.signed(account, now).unwrap_or_default();
        (token, self.lifetime.num_seconds())
    }

    fn signed(&self, account: AccountId, now: Timestamp) -> jsonwebtoken::errors::Result<String> {
        let iat = now.utc().timestamp();
        let (iss, aud) = (self.issuer.clone(), self.audience.clone());
        let exp = iat + self.lifetime.num_seconds();
        jsonwebtoken::encode(
            &self.header,
            &Claims { sub: account, iss, aud, iat, exp },
            &self.signing,
        )
    }

    /// Whose token it is; 401 unless we signed it, for this audience, and it has not expired.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<AccountId, Problem> {
        let data = jsonwebtoken::decode::<Claims>(token, &self.checking, &self.validation)
            .map_err(|_| refused("The access token is not valid."))?;
        if data.header.kid != self.header.kid {
            return Err(refused("The access token was signed with another key."));
        }
        if data.claims.exp <= now.utc().timestamp() {
            return Err(refused("The access token has expired."));
        }
        Ok(data.claims.sub)
    }

    /// A hash of `text` that only who has the signing key can make (HMAC-SHA-256, as hex).
    pub fn keyed_hash(&self, text: &str) -> String {
        let mut hash = self.hashing.clone();
        hash.update(text.as_bytes());
        hexadecimal(&hash.finalize().into_bytes())
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

fn new_key(algorithm: Signing, ids: &Ids) -> SecretString {
    let secret = ids.random_bytes();
    let text = match algorithm {
        Signing::HS256 => STANDARD.encode(secret),
        Signing::EdDSA => {
            let der = STANDARD.encode([&ED25519_PKCS8[..], &secret].concat());
            format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----")
        }
    };
    text.into()
}

/// The key in the file. Of several processes that start at once, one makes it and all read it.
/// The secret in a file, which is made when it is missing; of many that start at once, one makes it.
pub fn read_or_make(
    path: &Path,
    make: impl FnOnce() -> SecretString,
) -> Result<SecretString, String> {
    use std::io::ErrorKind::{AlreadyExists, NotFound};
    match std::fs::read_to_string(path) {
        Ok(text) => return Ok(text.into()),
        Err(error) if error.kind() == NotFound => {}
        Err(error) => return Err(format!("cannot be read: {error}")),
    }
    let cannot = |error: std::io::Error| format!("cannot be written: {error}");
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(cannot)?;
    // Written whole under a name of its own, then linked: nobody reads half a key, and the first one stays.
    let draft = folder.join(format!(".{KEY_FILE}.{}", std::process::id()));
    let written = write_private(&draft, make().expose_secret().as_bytes())
        .and_then(|()| std::fs::hard_link(&draft, path));
    let _gone = std::fs::remove_file(&draft);
    match written {
        Err(error) if error.kind() != AlreadyExists => Err(cannot(error)),
        _ => std::fs::read_to_string(path)
            .map(Into::into)
            .map_err(|error| format!("cannot be read: {error}")),
    }
}

/// Writes a new file that only its owner can read.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use chrono::{Duration, TimeZone, Utc};

    fn clock() -> Clock {
        Clock::fixed(Utc.with_ymd_and_hms(2020, 11, 19, 4, 0, 0).unwrap())
    }

    fn settings(folder: &Path, signing: Signing) -> Settings {
        let mut settings = Settings::defaults().unwrap();
        settings.data.folder = folder.into();
        settings.accounts.signing = signing;
        settings
    }

    #[test]
    fn a_token_names_its_account_until_the_second_it_expires() {
        let folder = tempfile::tempdir().unwrap();
        for (name, signing) in [("hs", Signing::HS256), ("ed", Signing::EdDSA)] {
            let (clock, ids) = (clock(), Ids::System);
            let tokens = Tokens::open(&settings(&folder.path().join(name), signing), &ids).unwrap();
            let account = ids.next();
            let (token, seconds) = tokens.issue(account, clock.now());
            assert_eq!(seconds, 900);
            clock.advance(Duration::seconds(899));
            assert_eq!(tokens.verify(&token, clock.now()).unwrap(), account);
            clock.advance(Duration::seconds(1));
            let problem = tokens.verify(&token, clock.now()).unwrap_err();
            assert_eq!(problem.code(), Code::Unauthenticated);
        }
    }

    #[test]
    fn the_key_made_on_first_start_is_private_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        for (name, signing) in [("hs", Signing::HS256), ("ed", Signing::EdDSA)] {
            let settings = settings(&folder.path().join(name), signing);
            let first = Tokens::open(&settings, &Ids::System).unwrap();
            let (token, _) = first.issue(Ids::System.next(), clock().now());
            let again = Tokens::open(&settings, &Ids::System).unwrap();
            assert!(again.verify(&token, clock().now()).is_ok());
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                let file = std::fs::metadata(settings.data.folder.join(KEY_FILE)).unwrap();
                assert_eq!(file.permissions().mode() & 0o777, 0o600);
            }
            assert_eq!(std::fs::read_dir(&settings.data.folder).unwrap().count(), 1);
        }
    }

    #[test]
    fn a_token_of_another_key_audience_or_algorithm_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let ours = settings(&folder.path().join("a"), Signing::HS256);
        let tokens = Tokens::open(&ours, &Ids::System).unwrap();
        let now = clock().now();
        let mut others = [
            settings(&folder.path().join("b"), Signing::HS256),
            settings(&folder.path().join("c"), Signing::EdDSA),
            ours.clone(),
            ours.clone(),
        ];
        others[2].accounts.audience = "another".into();
        others[3].accounts.issuer = "another".into();
        for other in others {
            let other = Tokens::open(&other, &Ids::System).unwrap();
            let (token, _) = other.issue(Ids::System.next(), now);
            assert!(tokens.verify(&token, now).is_err());
        }
        let (token, _) = tokens.issue(Ids::System.next(), now);
        let unsigned = token.rsplit_once('.').unwrap().0;
        let (_, rest) = unsigned.split_once('.').unwrap();
        let none = format!("{}.{rest}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#));
        for forged in [none.as_str(), unsigned, "", "a.b.c", &format!("{token}x")] {
            assert!(tokens.verify(forged, now).is_err(), "{forged}");
        }
    }

    #[test]
    fn a_weak_or_wrong_key_is_refused_and_not_printed() {
        let folder = tempfile::tempdir().unwrap();
        for signing in [Signing::HS256, Signing::EdDSA] {
            let mut settings = settings(folder.path(), signing);
            settings.secrets.signing_key = Some("aHVudGVyMg==".to_owned().into());
            let error = Tokens::open(&settings, &Ids::System).err().unwrap();
            assert!(error.contains("RAPPORTEUR_SIGNING_KEY") && !error.contains("aHVudGVyMg"));
        }
    }

    #[test]
    fn a_keyed_hash_depends_on_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two] = ["a", "b"].map(|name| {
            Tokens::open(&settings(&folder.path().join(name), Signing::HS256), &Ids::System)
                .unwrap()
        });
        assert_eq!(one.keyed_hash("x"), one.keyed_hash("x"));
        assert_ne!(one.keyed_hash("x"), one.keyed_hash("y"));
        assert_ne!(one.keyed_hash("x"), two.keyed_hash("x"));
    }

    #[test]
    fn of_many_starts_at_once_one_makes_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing.key");
        let first = read_or_make(&path, || "one".to_owned().into()).unwrap();
        let second = read_or_make(&path, || "two".to_owned().into()).unwrap();
        assert_eq!(first.expose_secret(), second.expose_secret());
    }
}
