//! Charts as pictures: SVG for word processors that read it, with a PNG of the same for those that do not (the extension that Word
//! writes since 2016). Must never place a picture without its text alternative.

use super::super::figure;
use super::inlines::Part;
use super::package::Relation;
use super::styles::TEXT_WIDTH;
use super::xml::{RELATIONS, Tag, on};
use crate::document::{Direction, Figure};

const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006";
const SVG: &str = "http://schemas.microsoft.com/office/drawing/2016/SVG/main";
/// Marks the extension that holds an SVG.
const SVG_EXTENSION: &str = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}";
/// English Metric Units in a twentieth of a point.
const UNITS: u32 = 635;
/// As high as the text of a page is, with a caption left over.
const HIGHEST: u32 = 12_000 * UNITS;
/// Pixels of the PNG for each of the SVG: about 250 to the inch.
const SCALE: f32 = 2.5;

/// A picture with its files.
pub(super) struct Picture {
    number: usize,
    svg: String,
    png: Vec<u8>,
}

impl Picture {
    /// The parts of the package that it is made of.
    pub(super) fn parts(&self) -> [(String, &[u8]); 2] {
        let name = |end: &str| format!("word/media/chart{}.{end}", self.number);
        [(name("png"), &self.png), (name("svg"), self.svg.as_bytes())]
    }

    pub(super) fn relations(&self) -> [Relation; 2] {
        ["png", "svg"].map(|end| {
            let (id, file) = (id(end, self.number), format!("media/chart{}.{end}", self.number));
            Relation::inside(&id, "image", &file)
        })
    }
}

fn id(end: &str, number: usize) -> String {
    format!("{end}{number}")
}

impl<'a> Part<'a> {
    /// The picture of a chart in a run of its own.
    pub(super) fn picture(&mut self, figure: &'a Figure) {
        if !self.draws {
            return;
        }
        let meta = &self.document.meta;
        let drawn = figure::svg(&figure.chart, figure.alt.as_str(), meta.dir, meta.lang.as_str());
        let Some(png) = figure::png(&drawn, SCALE) else { return };
        let (width, height) = size(figure::size(&figure.chart));
        let number = self.pictures.len() + 1;
        let description = figure.alt.as_str();
        self.xml.open("w:r", &[]);
        if meta.dir == Direction::RightToLeft {
            self.xml.tag(Tag::In("w:rPr", &[on("w:rtl")]));
        }
        self.xml.open("w:drawing", &[]);
        self.inline_drawing((&width, &height), number, (&figure.label, description));
        self.xml.close("w:drawing");
        self.xml.close("w:r");
        self.pictures.push(Picture { number, svg: drawn, png });
    }

    fn inline_drawing(
        &mut self,
        (width, height): (&str, &str),
        number: usize,
        (name, description): (&str, &str),
    ) {
        let drawing = format!("{DRAWING}/wordprocessingDrawing");
        let (main, picture) = (format!("{DRAWING}/main"), format!("{DRAWING}/picture"));
        let distances = ["distT", "distB", "distL", "distR"].map(|side| (side, "0"));
        let mut attributes = vec![("xmlns:wp", drawing.as_str())];
        attributes.extend(distances);
        let extent = [("cx", width), ("cy", height)];
        let plain = number.to_string();
        let named = [("id", plain.as_str()), ("name", name), ("descr", description)];
        self.xml.within("wp:inline", &attributes, |xml| {
            xml.empty("wp:extent", &extent);
            xml.empty("wp:docPr", &named);
            xml.within("a:graphic", &[("xmlns:a", &main)], |xml| {
                xml.within("a:graphicData", &[("uri", &picture)], |xml| {
                    xml.open("pic:pic", &[("xmlns:pic", &picture)]);
                    xml.within("pic:nvPicPr", &[], |xml| {
                        xml.empty("pic:cNvPr", &named);
                        xml.empty("pic:cNvPicPr", &[]);
                    });
                    xml.within("pic:blipFill", &[], |xml| {
                        let embed = [("r:embed", id("png", number))];
                        xml.open("a:blip", &[("xmlns:r", RELATIONS), (embed[0].0, &embed[0].1)]);
                        xml.open("a:extLst", &[]);
                        xml.open("a:ext", &[("uri", SVG_EXTENSION)]);
                        let embed = id("svg", number);
                        xml.empty("asvg:svgBlip", &[("xmlns:asvg", SVG), ("r:embed", &embed)]);
                        xml.close("a:ext");
                        xml.close("a:extLst");
                        xml.close("a:blip");
                        xml.tag(Tag::In("a:stretch", &[on("a:fillRect")]));
                    });
                    let place =
                        [Tag::One("a:off", &[("x", "0"), ("y", "0")]), Tag::One("a:ext", &extent)];
                    xml.within("pic:spPr", &[], |xml| {
                        xml.tag(Tag::In("a:xfrm", &place));
                        xml.within("a:prstGeom", &[("prst", "rect")], |xml| {
                            xml.empty("a:avLst", &[]);
                        });
                    });
                    xml.close("pic:pic");
                });
            });
        });
    }
}

/// As wide as the text, or as high as a page has room for.
fn size((width, height): (u32, u32)) -> (String, String) {
    let full = TEXT_WIDTH * UNITS;
    let scaled = |side: u32, of: u32, to: u32| {
        u32::try_from(u64::from(side) * u64::from(to) / u64::from(of.max(1))).unwrap_or(to)
    };
    let (wide, high) = match scaled(height, width, full) {
        high if high <= HIGHEST => (full, high),
        _ => (scaled(width, height, HIGHEST), HIGHEST),
    };
    (wide.to_string(), high.to_string())
}
