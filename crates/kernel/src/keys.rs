//! The keys of an instance: files of 32 random bytes in a folder of their own, outside the database, the data folder and every
//! ordinary backup. What they lock is worth nothing without them; what is destroyed here cannot be opened by anybody again.
//! Knows what no key is for.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::db::schema::key_proofs;
use crate::db::{Conn, Db};
use crate::digest::hexadecimal;
use crate::ids::Ids;
use crate::modes::{self, write_private};
use crate::problem::Problem;
use crate::settings::Settings;

/// 256 bits that nobody can guess. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// A key of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, for a cipher.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// HMAC-SHA-256 (RFC 2104) under this key, of parts of which none can pass for another: each goes in with its length.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return [0; 32] };
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// A key of its own for one purpose.
    pub fn derived(&self, parts: &[&[u8]]) -> Self {
        let purpose: &[u8] = b"derived key";
        Self(self.mac(&[&[purpose], parts].concat()))
    }
}

/// The folder of keys.
#[derive(Debug)]
pub struct Keys {
    folder: PathBuf,
    ids: Ids,
}

impl Keys {
    /// The folder that is set, made for its owner alone where it is missing, and made theirs alone where it was not.
    ///
    /// # Errors
    /// When it cannot be made or read, or others can read it and it is somebody else's.
    pub fn open(settings: &Settings, ids: &Ids) -> Result<Self, String> {
        let folder = settings.keys_folder();
        let told = |error| format!("the folder of keys {}: {error}", folder.display());
        modes::private_folder(&folder).map_err(told)?;
        let mended = modes::mend(&folder).map_err(told)?;
        if mended > 0 {
            let folder = folder.display();
            tracing::warn!(%folder, mended, "others could read the folder of keys: not any more; who did has the keys");
        }
        Ok(Self { folder, ids: ids.clone() })
    }

    /// Where keys are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The key of this name, if there is one.
    pub fn get(&self, name: &str) -> Result<Option<Key>, Problem> {
        match fs::read(self.path(name)) {
            Ok(bytes) => match bytes.try_into() {
                Ok(bytes) => Ok(Some(Key(bytes))),
                Err(_) => Err(Problem::internal(format!("the key {name} is not of 32 bytes"))),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Problem::internal(format!("the key {name} cannot be read: {error}"))),
        }
    }

    /// The key of this name, made where it is missing. Of several that make it at once all get the same.
    pub fn get_or_make(&self, name: &str) -> Result<Key, Problem> {
        if let Some(key) = self.get(name)? {
            return Ok(key);
        }
        let path = self.path(name);
        // Written whole under a name of its own, then linked: nobody reads half a key, and the first one stays.
        let draft = self.folder.join(format!(".{}", hexadecimal(&self.ids.random_bytes()[..8])));
        let made = write_private(&draft, &self.ids.random_bytes())
            .and_then(|()| fs::hard_link(&draft, &path))
            .and_then(|()| sync(&self.folder));
        let _gone = fs::remove_file(&draft);
        match made {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                Err(Problem::internal(format!("the key {name} cannot be written: {error}")))
            }
            _ => self.get(name)?.ok_or_else(|| Problem::internal(format!("no key {name}"))),
        }
    }

    /// Destroys a key: its bytes are overwritten and its file is gone. Nothing when there is none.
    pub fn destroy(&self, name: &str) -> Result<(), Problem> {
        let path = self.path(name);
        let overwritten = OpenOptions::new().write(true).open(&path).and_then(|mut file| {
            file.write_all(&[0; 32])?;
            file.sync_all()
        });
        let gone =
            overwritten.and_then(|()| fs::remove_file(&path)).and_then(|()| sync(&self.folder));
        match gone {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Problem::internal(format!("the key {name} cannot be destroyed: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// The names of the keys that begin like this.
    pub fn names(&self, beginning: &str) -> Result<Vec<String>, Problem> {
        let entries = fs::read_dir(&self.folder).map_err(Problem::internal)?;
        let mut names = Vec::new();
        for entry in entries {
            let file = entry.map_err(Problem::internal)?.file_name();
            let name = file.to_str().and_then(|name| name.strip_suffix(".key"));
            names.extend(name.filter(|name| name.starts_with(beginning)).map(str::to_owned));
        }
        names.sort_unstable();
        Ok(names)
    }

    /// A key that the instance has for good: made at the first start and proved at every later one, so that a lost or foreign
    /// key is told before anything is done with it.
    ///
    /// # Errors
    /// When the database knows this key and the folder has none, or another.
    pub fn permanent(&self, db: &Db, name: &str) -> Result<Key, String> {
        let known = db.write_blocking(|conn| proof(conn, name)).map_err(|why| why.to_string())?;
        let folder = self.folder.display();
        let key = match &known {
            None => self.get_or_make(name).map_err(|why| why.to_string())?,
            Some(_) => self.get(name).map_err(|why| why.to_string())?.ok_or_else(|| {
                format!(
                    "the key “{name}” is lost: {folder} has none, and this database was used with one. Put the folder of keys of this instance there (setting keys.folder); what the key locks cannot be had without it"
                )
            })?,
        };
        let own = hexadecimal(&key.mac(&[b"proof", name.as_bytes()]));
        let known = match known {
            Some(known) => known,
            None => {
                db.write_blocking(|conn| prove(conn, name, &own)).map_err(|why| why.to_string())?
            }
        };
        if known == own {
            return Ok(key);
        }
        Err(format!(
            "the key “{name}” in {folder} is a foreign one: this database was used with another. Give this process the folder of keys of the others of this instance (setting keys.folder)"
        ))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.key"))
    }
}

fn proof(conn: &mut Conn, name: &str) -> Result<Option<String>, Problem> {
    Ok(key_proofs::table.find(name).select(key_proofs::proof).first(conn).optional()?)
}

/// Keeps the proof of a key, unless another process was first; the one that is kept.
fn prove(conn: &mut Conn, name: &str, own: &str) -> Result<String, Problem> {
    if let Some(known) = proof(conn, name)? {
        return Ok(known);
    }
    diesel::insert_into(key_proofs::table)
        .values((key_proofs::name.eq(name), key_proofs::proof.eq(own)))
        .execute(conn)?;
    Ok(own.to_owned())
}

/// What a folder lists outlives a crash only when the folder itself is written.
fn sync(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(folder: &Path) -> Keys {
        let mut settings = Settings::defaults().unwrap();
        settings.keys.folder = folder.join("keys");
        Keys::open(&settings, &Ids::System).unwrap()
    }

    #[test]
    fn a_key_stays_until_it_is_destroyed() {
        let folder = tempfile::tempdir().unwrap();
        let keys = keys(folder.path());
        assert_eq!(keys.get("one").unwrap(), None);
        let one = keys.get_or_make("one").unwrap();
        assert_eq!(keys.get_or_make("one").unwrap(), one);
        assert_ne!(keys.get_or_make("two").unwrap(), one);
        assert_eq!(keys.names("").unwrap(), ["one", "two"]);
        keys.destroy("one").unwrap();
        keys.destroy("one").unwrap();
        assert_eq!((keys.get("one").unwrap(), keys.names("").unwrap().len()), (None, 1));
        assert!(!format!("{:?}", keys.get("two").unwrap()).contains(['0', '1', '[']));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_keys() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let keys = keys(folder.path());
        keys.get_or_make("one").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(keys.folder()), mode(&keys.path("one"))), (0o700, 0o600));
    }

    #[test]
    fn a_lost_or_foreign_key_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let keys = keys(folder.path());
        let path = folder.path().join("database.sqlite");
        let settings = Settings::defaults().unwrap().database;
        let db = Db::open(crate::db::Target::Sqlite(path), &settings).unwrap();
        db.migrate().unwrap();
        let first = keys.permanent(&db, "lasting").unwrap();
        assert_eq!(keys.permanent(&db, "lasting").unwrap(), first);
        keys.destroy("lasting").unwrap();
        assert!(keys.permanent(&db, "lasting").unwrap_err().contains("is lost"));
        keys.get_or_make("lasting").unwrap();
        assert!(keys.permanent(&db, "lasting").unwrap_err().contains("foreign"));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let key = Key::new([7; 32]);
        assert_ne!(key.mac(&[b"ab", b"c"]), key.mac(&[b"a", b"bc"]));
        assert_ne!(key.derived(&[b"a"]), key.derived(&[b"b"]));
    }
}
