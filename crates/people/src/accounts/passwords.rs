//! Passwords: Argon2id with the parameters that OWASP recommends (19 MiB, two passes, one lane).
//! Slow on purpose, so it is never done inside a transaction.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use super::{Account, Email, service};
use crate::app::App;
use crate::ids::Ids;
use crate::problem::Problem;
use crate::work::{Credentials, Work};

/// KiB (OWASP Password Storage Cheat Sheet, Argon2id).
const MEMORY: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// So many passwords are worked on at once: each takes 19 MiB and a processor.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

fn argon2() -> Result<Argon2<'static>, Problem> {
    let parameters = Params::new(MEMORY, PASSES, 1, None).map_err(Problem::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

/// The PHC string of a password, with a new salt. Takes tens of milliseconds.
pub fn hash(password: &str, ids: &Ids) -> Result<String, Problem> {
    let salt = &ids.random_bytes()[..16];
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), salt);
    Ok(hash.map_err(Problem::internal)?.to_string())
}

/// Whether the password is the one of the PHC string. Without one it is not, after the same work: how long the
/// answer takes does not tell whether there is such an account.
pub fn verify(password: &str, hash: Option<&str>) -> Result<bool, Problem> {
    let Some(hash) = hash else {
        let work = argon2()?.hash_password_with_salt(password.as_bytes(), &[0; 16]);
        return work.map(|_| false).map_err(Problem::internal);
    };
    let hash = PasswordHash::new(hash).map_err(Problem::internal)?;
    Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
}

/// The account of an address whose password this is; none when it is not. It can be tried so often for one address.
///
/// # Errors
/// 429 when too many were wrong.
pub async fn found(
    app: &App,
    from: &str,
    email: &Email,
    password: String,
) -> Result<Option<Account>, Problem> {
    let tried = app.limits.password(email.as_str(), from, app.clock.now())?;
    let wanted = email.clone();
    let find = move |work: &mut Work| service::by_email(work, &wanted);
    let account = app.read(Credentials::Anonymous, find).await?;
    let known = account.as_ref().and_then(|account| account.password_hash.clone());
    if verify_apart(password, known).await? {
        tried.right();
        return Ok(account);
    }
    tried.wrong();
    Ok(None)
}

/// [`hash`], away from the threads that answer requests.
pub async fn hash_apart(password: String, ids: &Ids) -> Result<String, Problem> {
    let ids = ids.clone();
    apart(move || hash(&password, &ids)).await
}

/// [`verify`], away from the threads that answer requests.
async fn verify_apart(password: String, known: Option<String>) -> Result<bool, Problem> {
    apart(move || verify(&password, known.as_deref())).await
}

async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let permit = AT_ONCE.acquire().await.map_err(Problem::internal)?;
    let done = tokio::task::spawn_blocking(move || {
        let _held = permit;
        work()
    });
    done.await.map_err(Problem::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_password_is_right() {
        let hash = hash("correct horse battery", &Ids::System).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse battery", Some(&hash)).unwrap());
        assert!(!verify("correct horse batterz", Some(&hash)).unwrap());
        assert!(!verify("", Some(&hash)).unwrap());
    }

    #[test]
    fn the_same_password_is_never_hashed_the_same() {
        let hashes = [(); 2].map(|()| hash("correct horse battery", &Ids::System).unwrap());
        assert_ne!(hashes[0], hashes[1]);
    }

    #[test]
    fn who_has_no_password_cannot_sign_in_with_one() {
        assert!(!verify("", None).unwrap());
        assert!(!verify("correct horse battery", None).unwrap());
    }

    #[test]
    fn a_damaged_hash_is_an_error_not_a_no() {
        assert!(verify("correct horse battery", Some("$argon2id$")).is_err());
    }
}
