use super::{profile, *};
use crate::document::inline::parse;
use crate::document::sample::sample;
use crate::document::{
    Block, Direction, Inline, LanguageTag, Level, Meta, Paragraph, Section, Text,
};
use chrono::NaiveDate;
use hostile::document as hostile_document;
use proptest::prelude::*;

pub(crate) mod hostile;

fn facts(kind: Kind) -> Frbr {
    Frbr {
        kind,
        author_code: "un-escap".to_owned(),
        author_name: "ESCAP".to_owned(),
        work_date: NaiveDate::from_ymd_opt(2020, 11, 19),
        expression_date: NaiveDate::from_ymd_opt(2021, 2, 24),
        number: "ESCAP/GCM/2021/CRP.2".to_owned(),
    }
}

fn text(document: &Document, frbr: &Frbr) -> String {
    String::from_utf8(render(document, frbr)).expect("XML is UTF-8")
}

pub(crate) fn report() -> String {
    text(&sample(), &facts(Kind::SummaryReport))
}

pub(crate) fn paper() -> String {
    text(&sample(), &facts(Kind::ConferenceRoomPaper))
}

/// A document of one paragraph.
fn of(source: &str) -> Document {
    let mut document = Document::default();
    let parts = document.adopt(parse(source).unwrap());
    document.blocks.push(Block::Paragraph(Paragraph::numbered("p", parts)));
    document.number().unwrap();
    document
}

#[test]
fn the_sample_keeps_the_profile_as_report_and_as_paper() {
    assert_eq!(profile::check(&report()), []);
    assert_eq!(profile::check(&paper()), []);
}

#[test]
fn sections_nest_as_the_profile_has_them_and_are_named_by_their_labels() {
    let xml = report();
    for expected in [
        r#"<section eId="sec_II" GUID="outcomes">"#,
        r#"<title eId="sec_II__title_A" GUID="cluster">"#,
        r#"<chapter eId="sec_II__title_A__chp_ii" GUID="recommendations">"#,
        r#"<division eId="sec_II__title_A__chp_ii__dvs_nn_1" GUID="specific">"#,
        r#"<attachment eId="att_1" GUID="annex" xml:lang="en">"#,
        "<num>I.</num>",
        "<num>Annex</num>",
    ] {
        assert!(xml.contains(expected), "{expected}");
    }
    assert!(paper().contains(r#"<section eId="cmp_1__sec_II" GUID="outcomes">"#));
}

#[test]
fn paragraphs_are_named_by_their_numbers_alone() {
    let xml = report();
    for number in 1..=5 {
        assert!(xml.contains(&format!("<paragraph eId=\"para_{number}\"")), "{number}");
        assert!(xml.contains(&format!("<num>{number}.</num>")), "{number}");
    }
    assert!(paper().contains(r#"<paragraph eId="cmp_1__para_1" GUID="origin">"#));
}

#[test]
fn lists_in_the_text_can_be_cited() {
    let xml = report();
    for expected in [
        r#"<point eId="para_2__list_1__point_21">"#,
        r#"<indent eId="para_2__list_2__indent_1">"#,
        r#"<point eId="para_2__list_3__point_b">"#,
        "<num>(b)</num>",
        r#"<wrapUp eId="para_2__list_3__wrapup"><p>and ended.</p></wrapUp>"#,
        r#"<blockList eId="preface__container_1__list_1">"#,
    ] {
        assert!(xml.contains(expected), "{expected}");
    }
}

#[test]
fn notes_stand_where_they_are_referred_to_and_those_of_tables_are_lettered() {
    let xml = report();
    assert!(xml.contains(
        r#"<authorialNote eId="fn_1" marker="1" placement="bottom"><p>General Assembly"#
    ));
    let table = "att_1__hcontainer_1__table_1";
    let lettered = format!(
        r##"<authorialNote eId="{table}__fn_a" marker="a" placement="bottom" placementBase="#{table}">"##
    );
    assert!(xml.contains(&lettered));
}

#[test]
fn two_notes_at_one_place_get_a_separator() {
    let xml = text(&of("Text^[one]^[two] *and^[three]*^[four]"), &facts(Kind::SummaryReport));
    assert_eq!(xml.matches("<sup>, </sup>").count(), 2);
}

#[test]
fn cross_references_lead_to_the_part_and_print_its_number() {
    let xml = report();
    assert!(xml.contains(r##"href="#para_1">1</ref>"##));
    assert!(xml.contains(r##"href="#sec_II__title_A__chp_i">II.A.i</ref>"##));
}

#[test]
fn tables_keep_spans_header_cells_and_captions() {
    let xml = report();
    assert!(xml.contains("<caption>Programme of 19 November 2020</caption>"));
    assert!(xml.contains(r#"<tr class="head"><th rowspan="2"><p>Time"#));
    assert!(xml.contains(r#"<th rowspan="2"><p>11:30–12:35</p></th>"#));
    assert!(xml.contains(r#"<td colspan="2"><p>Welcome | opening<eol/><i>Moderator</i>"#));
}

#[test]
fn other_languages_are_marked_and_line_breaks_kept() {
    let xml = report();
    assert!(xml.contains(r#"<span xml:lang="fr">le <i>Pacte mondial</i></span>"#));
    assert!(xml.contains(r#"GUID="arabic" xml:lang="ar">"#));
    assert!(xml.contains("second<eol/>- still second"));
}

#[test]
fn addresses_follow_the_naming_convention() {
    let xml = report();
    let work = "/akn/un/debateReport/report/un-escap/2020-11-19/ESCAP-GCM-2021-CRP.2";
    for expected in [
        format!(r#"<FRBRuri value="{work}"/>"#),
        format!(r#"<FRBRthis value="{work}/eng@2021-02-24/!main"/>"#),
        format!(r#"<FRBRuri value="{work}/eng@2021-02-24.xml"/>"#),
        format!(r#"<FRBRthis value="{work}/!annex_1"/>"#),
    ] {
        assert!(xml.contains(&expected), "{expected}");
    }
    let part = "/akn/un/doc/paper/un-escap/2020-11-19/ESCAP-GCM-2021-CRP.2/!main";
    assert!(paper().contains(part));
}

#[test]
fn an_arabic_document_is_marked_as_such() {
    let lang = LanguageTag::parse("ar").unwrap();
    let meta =
        Meta { lang, dir: Direction::RightToLeft, title: "تقرير".into(), ..Meta::default() };
    let mut document = Document { meta, ..of("الهجرة^[ملاحظة] الآمنة") };
    let mut annex = Section::new("annex", Level::ONE, "برنامج", document.blocks.clone());
    if let Block::Paragraph(paragraph) = &mut annex.blocks[0] {
        *paragraph = Paragraph::numbered("q", vec![crate::document::ParagraphPart::text("نص")]);
    }
    annex.annex = true;
    document.blocks.push(Block::Section(annex));
    document.number().unwrap();
    let xml = text(&document, &facts(Kind::ConferenceRoomPaper));
    assert_eq!(profile::check(&xml), []);
    assert!(xml.contains(r#"<FRBRlanguage language="ara"/>"#));
    assert!(xml.contains(r#"<mainBody eId="cmp_1__body" xml:lang="ar">"#));
    assert!(xml.contains("<num>المرفق</num>"));
}

#[test]
fn an_empty_document_keeps_the_profile() {
    for kind in [Kind::SummaryReport, Kind::ConferenceRoomPaper] {
        let frbr = Frbr { kind, ..Frbr::from_meta(&Meta::default()) };
        let xml = text(&Document::default(), &frbr);
        assert_eq!(profile::check(&xml), [], "{xml}");
    }
}

#[test]
fn notes_that_lead_in_a_circle_end() {
    let mut document = Document::default();
    let note = document.add_note(vec![]);
    document.notes[0].inlines = vec![note.clone(), Inline::Text(Text::new("x"))];
    let part = crate::document::ParagraphPart::Text(vec![note]);
    document.blocks.push(Block::Paragraph(Paragraph::numbered("p", vec![part])));
    let xml = text(&document, &facts(Kind::SummaryReport));
    assert_eq!(xml.matches("<authorialNote").count(), 1);
}

proptest! {
    #[test]
    fn a_sound_document_keeps_the_profile_whatever_its_text(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        texts in hostile::texts(),
        kind in hostile::kind(),
    ) {
        let document = hostile_document(&bytes, &texts, true);
        let xml = text(&document, &Frbr { kind, ..Frbr::from_meta(&document.meta) });
        prop_assert_eq!(profile::check(&xml), []);
        prop_assert_eq!(&xml, &text(&document, &Frbr { kind, ..Frbr::from_meta(&document.meta) }));
    }

    #[test]
    fn any_document_is_well_formed_and_no_eid_stands_twice(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        texts in hostile::texts(),
        kind in hostile::kind(),
    ) {
        let document = hostile_document(&bytes, &texts, false);
        let xml = text(&document, &Frbr { kind, ..Frbr::from_meta(&document.meta) });
        let breaches = profile::check(&xml);
        let refused = |rule| matches!(rule, profile::Rule::WellFormed | profile::Rule::UniqueEid | profile::Rule::Target);
        prop_assert!(!breaches.iter().any(|breach| refused(breach.rule)), "{:?}", breaches);
    }
}
