//! Word files (.docx) by Word, LibreOffice, Google Docs, pandoc and others: what a reader sees once all changes are
//! accepted, without the headers and footers of pages. It must never open anything that the file only points to, nor
//! unpack more than fits.

mod body;
mod notes;
mod paragraph;
mod styles;

use super::Unreadable;
use super::gather::Gather;
use rapporteur_document::office::Unfit;
use rapporteur_document::office::package::Package;
use styles::Styles;

/// Bytes that a file may unpack to.
pub(super) const MOST_UNPACKED: u64 = 50 << 20;

impl From<Unfit> for Unreadable {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Damaged => Self::DamagedWord,
            Unfit::TooLarge => Self::UnpacksTooLarge,
        }
    }
}

/// The first bytes of the files that Word wrote before 2007, and of locked ones still.
pub(super) const OLD: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

pub(super) fn read(bytes: &[u8], gather: &mut Gather) -> Result<(), Unreadable> {
    if bytes.starts_with(OLD) {
        return Err(if is_locked(bytes) { Unreadable::LockedWord } else { Unreadable::OldWord });
    }
    if !bytes.starts_with(b"PK") {
        return Err(Unreadable::NotWord);
    }
    let mut package = Package::open(bytes, MOST_UNPACKED)?;
    let document = package.document()?;
    let styles = match package.related(&document, "styles")? {
        Some((_, xml)) => Styles::read(&xml)?,
        None => Styles::default(),
    };
    let footnotes = package.related(&document, "footnotes")?;
    let endnotes = package.related(&document, "endnotes")?;
    let text = |part: &Option<(String, String)>| part.as_ref().map(|(_, xml)| xml.clone());
    let notes = notes::Notes::read(text(&footnotes).as_deref(), text(&endnotes).as_deref())?;
    let xml = package.part(&document)?.ok_or(Unreadable::NotWord)?;
    if let Some(tag) = &styles.language {
        gather.language(tag);
    }
    body::read(&xml, &styles, notes, gather)
}

/// Whether an old container holds a new file that is locked; the names in it are UTF-16.
fn is_locked(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".bytes().flat_map(|byte| [byte, 0]).collect();
    bytes.windows(name.len()).any(|part| part == name)
}
