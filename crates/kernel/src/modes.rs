//! Folders and files that are for the account of the server alone: 0700 and 0600, whatever the umask says. Knows nothing of what is
//! in them.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{Result, Write};
use std::path::Path;

/// Makes a folder, and those above it that are missing, so that nobody else can enter it. One that is there stays as it is.
///
/// # Errors
/// When it cannot be made.
pub fn private_folder(path: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Opens a file to be written, and makes it when it is missing, so that nobody else can read it. What is in it stays.
///
/// # Errors
/// When it cannot be opened or made.
pub fn private_file(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes a file that nobody else can read, to the disk, in place of what was in it.
///
/// # Errors
/// When it cannot be written.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = private_file(path)?;
    file.set_len(0)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Writes the whole file under another name first, so that nobody finds half of it.
///
/// # Errors
/// When it cannot be written.
pub fn replace_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.{}.draft", std::process::id()));
    write_private(&draft, bytes).and_then(|()| fs::rename(&draft, path)).inspect_err(|_| {
        // Nobody looks for a draft.
        let _ = fs::remove_file(&draft);
    })
}

/// Takes away what others may do with a file, or with a folder and all in it; says with how many of them they could do something.
/// Links are not followed. What is not there is fine.
///
/// # Errors
/// When it belongs to somebody else.
#[cfg(unix)]
pub fn mend(path: &Path) -> Result<usize> {
    use std::io::ErrorKind::NotFound;
    let about = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == NotFound => return Ok(0),
        about => about?,
    };
    if about.is_symlink() {
        return Ok(0);
    }
    let mut mended = mend_alone(path)?;
    if about.is_dir() {
        for entry in fs::read_dir(path)? {
            mended += mend(&entry?.path())?;
        }
    }
    Ok(mended)
}

/// As [`mend`], of a folder and not of what is in it.
///
/// # Errors
/// When it belongs to somebody else.
#[cfg(unix)]
pub fn mend_alone(path: &Path) -> Result<usize> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)?.permissions().mode();
    let private = mode & 0o700;
    if mode & 0o777 == private {
        return Ok(0);
    }
    fs::set_permissions(path, fs::Permissions::from_mode(private))?;
    Ok(1)
}

/// Where files have no modes there is nothing to mend.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn mend(_: &Path) -> Result<usize> {
    Ok(0)
}

/// As [`mend`].
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn mend_alone(_: &Path) -> Result<usize> {
    Ok(0)
}

/// Makes the folder of data and takes away what others may do with it and with what this program keeps in it, which is logged.
/// What else lies there is left alone: somebody may have set a folder that is not ours alone.
///
/// # Errors
/// That the folder cannot be made, in words for whoever started the program.
pub fn keep_data_private(folder: &Path) -> std::result::Result<(), String> {
    let told = |error| format!("cannot make the folder {}: {error}", folder.display());
    private_folder(folder).map_err(told)?;
    let ours = DATA.iter().map(|name| mend(&folder.join(name)));
    let mended: Result<usize> = [mend_alone(folder)].into_iter().chain(ours).sum();
    let folder = folder.display();
    match mended {
        Ok(0) => {}
        Ok(mended) => {
            tracing::warn!(%folder, mended, "others could read what is in the data folder: not any more");
        }
        Err(error) => {
            tracing::warn!(%folder, %error, "others may be able to read what is in the data folder: chmod -R go= it");
        }
    }
    Ok(())
}

/// What this program keeps in the folder of data.
const DATA: [&str; 6] = [
    "mail",
    "renderings",
    "rapporteur.lock",
    "rapporteur.sqlite",
    "rapporteur.sqlite-wal",
    "rapporteur.sqlite-shm",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_is_made_is_private_and_what_was_not_is_mended() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("one/data");
        private_folder(&data).unwrap();
        write_private(&data.join("a"), b"first").unwrap();
        write_private(&data.join("a"), b"b").unwrap();
        replace_private(&data.join("a"), b"c").unwrap();
        assert_eq!(fs::read(data.join("a")).unwrap(), b"c");
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "no draft stays");
        assert_eq!((mode(&folder.path().join("one")), mode(&data)), (0o700, 0o700));
        assert_eq!(mode(&data.join("a")), 0o600);

        fs::create_dir(data.join("mail")).unwrap();
        fs::write(data.join("mail/b"), b"").unwrap();
        fs::write(data.join("other"), b"").unwrap();
        for (path, mode) in
            [("mail", 0o755), ("mail/b", 0o644), ("", 0o750), ("other", 0o644), ("a", 0o600)]
        {
            fs::set_permissions(data.join(path), fs::Permissions::from_mode(mode)).unwrap();
        }
        keep_data_private(&data).unwrap();
        assert_eq!([mode(&data), mode(&data.join("mail"))], [0o700; 2]);
        assert_eq!(mode(&data.join("mail/b")), 0o600);
        assert_eq!(mode(&data.join("other")), 0o644, "what is not ours is left alone");
    }
}
