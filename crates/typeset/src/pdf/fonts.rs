//! The fonts a document is set in: those inside the program, and for what these lack the best of a folder. The same document, the
//! same folder: the same fonts. Must never set a character in a font that lacks it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use ttf_parser::{Face, GlyphId};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo, FontWeight};
use typst::utils::LazyHash;

/// Fonts and the order in which they are tried.
pub(super) struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    pub(super) fonts: Vec<Font>,
    /// Families, first choice first.
    pub(super) families: Vec<String>,
    /// What none of them can print.
    pub(super) missing: BTreeSet<char>,
}

/// What everything is set in that it can print; inside the program.
const FIRST: &str = "Libertinus Serif";
/// How deep a folder of fonts is looked through.
const DEPTH: usize = 8;

impl Fonts {
    /// Fonts for these characters. The folder is read only when the font inside the program
    /// does not do.
    pub(super) fn covering(characters: &BTreeSet<char>, folder: Option<&Path>) -> Self {
        let (mut fonts, others): (Vec<Font>, Vec<Font>) = typst_assets::fonts()
            .flat_map(|data| Font::iter(Bytes::new(data)))
            .partition(|font| font.info().family == FIRST);
        let mut families = vec![FIRST.to_owned()];
        let mut missing = characters.clone();
        missing.retain(|c| !fonts.iter().any(|font| has(font, *c)));
        if let Some(folder) = folder.filter(|_| !missing.is_empty()) {
            let shelf = Shelf::of(folder, &missing);
            for (family, faces) in shelf.choose(&mut missing) {
                families.push(family);
                fonts.extend(faces);
            }
        }
        // The other fonts inside the program are for formulas: they have signs, and letters that they cannot join.
        for font in others {
            let before = missing.len();
            missing.retain(|c| c.is_alphabetic() || !has(&font, *c));
            if missing.len() < before {
                families.push(font.info().family.clone());
                fonts.push(font);
            }
        }
        Self { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts, families, missing }
    }
}

fn has(font: &Font, c: char) -> bool {
    font.info().coverage.contains(u32::from(c))
}

/// The families of a folder that have some of the characters that are wanted, in the order in which they are chosen.
struct Shelf(BTreeMap<(u8, String), Vec<Font>>);

impl Shelf {
    fn of(folder: &Path, wanted: &BTreeSet<char>) -> Self {
        let mut files = Vec::new();
        add_files(folder, DEPTH, &mut files);
        files.sort();
        let mut shelf = BTreeMap::<_, Vec<Font>>::new();
        for data in files.into_iter().filter_map(|file| fs::read(file).ok()) {
            let is_wanted = |info: &FontInfo| {
                is_plain(info) && wanted.iter().any(|c| info.coverage.contains(u32::from(*c)))
            };
            if !FontInfo::iter(&data).any(|info| is_wanted(&info)) {
                continue;
            }
            let faces = Font::iter(Bytes::new(data)).filter(|font| is_wanted(font.info()));
            for font in faces.filter(is_sound) {
                let family = font.info().family.clone();
                shelf.entry((rank(&family), family)).or_default().push(font);
            }
        }
        Self(shelf)
    }

    /// The first family for each character, in the order of their ranks; the characters are taken out of those that are missing.
    fn choose(self, missing: &mut BTreeSet<char>) -> Vec<(String, Vec<Font>)> {
        let mut chosen = Vec::new();
        for ((_, family), faces) in self.0 {
            let before = missing.len();
            missing.retain(|c| !faces.iter().any(|font| has(font, *c)));
            if missing.len() < before {
                chosen.push((family, faces));
            }
        }
        chosen
    }
}

fn add_files(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_font = path.extension().and_then(|end| end.to_str()).is_some_and(|end| {
            ["ttf", "otf", "ttc", "otc"].contains(&end.to_ascii_lowercase().as_str())
        });
        if is_font {
            files.push(path);
        } else if depth > 0 && path.is_dir() {
            add_files(&path, depth - 1, files);
        }
    }
}

/// Text is set in regular and bold.
fn is_plain(info: &FontInfo) -> bool {
    [FontWeight::REGULAR, FontWeight::BOLD].contains(&info.variant.weight)
}

/// Whether PDF/A and PDF/UA admit it and it is what it says. Refused: glyphs that are pictures, and PostScript outlines keyed
/// by characters (the large fonts for Chinese, Japanese and Korean), since neither tells widths in the file; and a bold face
/// that calls itself regular.
fn is_sound(font: &Font) -> bool {
    let Ok(face) = Face::parse(font.data(), font.index()) else { return false };
    let tables = face.tables();
    let is_coloured = tables.cbdt.is_some()
        || tables.colr.is_some()
        || tables.sbix.is_some()
        || tables.svg.is_some();
    let is_keyed = tables.cff.is_some_and(|cff| cff.glyph_cid(GlyphId(0)).is_some());
    let says_bold = font.info().variant.weight == FontWeight::BOLD;
    !is_coloured && !is_keyed && (says_bold || !face.is_bold())
}

/// Noto has every script in faces that go together; with serifs where there are some.
fn rank(family: &str) -> u8 {
    match family {
        name if name.starts_with("Noto Serif") || name == "Noto Naskh Arabic" => 0,
        name if name.starts_with("Noto Sans") => 1,
        name if name.starts_with("Noto") => 2,
        _ => 3,
    }
}
