use proptest::prelude::*;
use rapporteur_document::document::{
    Block, Paragraph,
    sample::{of as document, sample},
};
use rapporteur_document::failure::Missing;

use super::*;

#[test]
fn the_same_document_gives_the_same_bytes() {
    let one = document(&[
        "Text^[a note]^[another] and [](#p1)",
        "See:\n- one\n- two\n\n(a) first\n(b) second",
    ]);
    let made = render(&one, None).unwrap();
    assert!(made.starts_with(b"%PDF-1.7"));
    assert_eq!(render(&one.clone(), None).unwrap(), made);
    assert_ne!(render(&document(&["Another"]), None).unwrap(), made);
}

#[test]
fn a_document_without_anything_is_set() {
    assert!(render(&Document::default(), None).is_ok());
}

#[test]
fn what_no_font_has_is_told_with_its_places() {
    let Err(Failure::MissingGlyphs(missing)) = render(&sample(), None) else {
        panic!("Arabic without a font")
    };
    let alef = missing.iter().find(|one| one.character == 'ا').unwrap();
    assert_eq!(
        alef,
        &Missing {
            character: 'ا',
            places: vec!["footnote 5".into(), "paragraph 3".into(), "paragraph 5".into()]
        }
    );
    assert!(missing.iter().all(|one| !one.character.is_ascii()));
    let emoji = render(&document(&["Thanks 🙂"]), None);
    assert!(matches!(emoji, Err(Failure::MissingGlyphs(_))));
}

#[test]
fn everything_that_the_model_can_say_is_set_where_there_are_fonts() {
    let fonts = Path::new("/usr/share/fonts");
    match render(&sample(), Some(fonts)) {
        Ok(pdf) => assert!(pdf.starts_with(b"%PDF-1.7")),
        Err(Failure::MissingGlyphs(_)) => {
            eprintln!("*** No Arabic font is installed: the sample was not set. ***");
        }
        Err(other) => panic!("{other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_read_as_markup(raw in "[ -~]{1,60}|[#$*_`@<>=\\\\/~\\[\\]{}-]{1,30}") {
        let mut one = document(&["Text^[a note]"]);
        let meta = &mut one.meta;
        for slot in [&mut meta.symbol, &mut meta.organ, &mut meta.title, &mut meta.subtitle, &mut meta.distribution] {
            *slot = raw.as_str().into();
        }
        let inlines = vec![rapporteur_document::document::Inline::text(&raw)];
        one.notes[0].inlines.clone_from(&inlines);
        one.blocks.push(Block::Paragraph(Paragraph::unnumbered("raw", vec![rapporteur_document::document::ParagraphPart::Text(inlines)])));
        let made = render(&one, None);
        prop_assert!(made.is_ok(), "{:?}", made.err());
    }
}
