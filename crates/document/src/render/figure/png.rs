//! Makes PNG of SVG, for word processors that read no SVG. Must never know what is drawn.

use resvg::{tiny_skia, usvg};
use std::sync::{Arc, LazyLock};
use usvg::fontdb::{Database, FaceInfo, Style, Weight};

/// More pixels a side than any page needs; memory would end long before the numbers do.
const LONGEST: u32 = 16_384;

/// The fonts inside the program, and no others, so that every machine draws the same.
pub(super) static FONTS: LazyLock<Arc<Database>> = LazyLock::new(fonts);

/// Tried in this order for characters that the font asked for has not: upright regular ones first, those of even width last,
/// because they would stand out most.
fn fonts() -> Arc<Database> {
    let mut loaded = Database::new();
    for font in typst_assets::fonts() {
        loaded.load_font_data(font.to_vec());
    }
    let mut faces: Vec<&FaceInfo> = loaded.faces().collect();
    faces.sort_by_key(|face| {
        (face.monospaced, face.weight != Weight::NORMAL, face.style != Style::Normal)
    });
    let mut fonts = Database::new();
    for face in faces {
        fonts.push_face_info(face.clone());
    }
    Arc::new(fonts)
}

/// Draws an SVG on white, `scale` pixels for each of its own. Nothing if it is not SVG, or if the
/// scale leaves nothing of it or makes it too large.
#[must_use]
pub fn png(svg: &str, scale: f32) -> Option<Vec<u8>> {
    let options = usvg::Options { fontdb: Arc::clone(&FONTS), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).ok()?;
    let size = tree.size().to_int_size().scale_by(scale)?;
    if size.width().max(size.height()) > LONGEST {
        return None;
    }
    let mut pixels = tiny_skia::Pixmap::new(size.width(), size.height())?;
    pixels.fill(tiny_skia::Color::WHITE);
    let transform = tiny_skia::Transform::from_scale(scale, scale);
    resvg::render(&tree, transform, &mut pixels.as_mut());
    pixels.encode_png().ok()
}
