use super::super::tests::{paper, report};
use super::{Rule, check};
use proptest::prelude::*;

/// What is broken when `from` in a sound file becomes `to`.
fn broken(xml: &str, from: &str, to: &str) -> Vec<Rule> {
    assert!(xml.contains(from), "the sample has no {from}");
    let mut rules: Vec<_> =
        check(&xml.replacen(from, to, 1)).into_iter().map(|breach| breach.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[track_caller]
fn breaks(rule: Rule, cases: &[(&str, &str)]) {
    let xml = report();
    for (from, to) in cases {
        let rules = broken(&xml, from, to);
        assert!(rules.contains(&rule), "{from} → {to}: {rules:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read() {
    breaks(
        Rule::WellFormed,
        &[
            ("</akomaNtoso>", ""),
            ("</akomaNtoso>", "</akomaNtoso><akomaNtoso/>"),
            ("</akomaNtoso>", "</akomaNtoso>text"),
            ("<akomaNtoso ", "<!DOCTYPE akomaNtoso SYSTEM \"file:///etc/passwd\"><akomaNtoso "),
            ("<num>I.", "<num>&unknown;I."),
            ("<num>I.", "<num>&#1;I."),
            ("<num>I.", "<num>\u{1}I."),
            ("<num>I.</num>", "<num>I.</heading>"),
            (" marker=\"1\"", " marker=\"1\" marker=\"2\""),
        ],
    );
    assert_eq!(check("")[0].rule, Rule::WellFormed);
    assert_eq!(check(&"<a>".repeat(100_000))[0].rule, Rule::WellFormed);
}

#[test]
fn another_root() {
    breaks(
        Rule::Root,
        &[
            ("/ns/akn/3.0", "/ns/akn/2.0"),
            ("</debateReport>", "</debateReport><doc name=\"x\"/>"),
            ("<p><docTitle>", "<p xmlns=\"urn:x\"><docTitle>"),
            ("<preface ", "<preface xmlns:x=\"urn:x\" "),
        ],
    );
}

#[test]
fn another_kind_of_document() {
    let xml = report().replace("debateReport", "statement");
    assert!(check(&xml).iter().any(|breach| breach.rule == Rule::DocumentType));
    breaks(Rule::DocumentType, &[(" name=\"meetingReport\"", "")]);
    let xml = paper().replace("<component ", "<other ").replace("</component>", "</other>");
    assert!(check(&xml).iter().any(|breach| breach.rule == Rule::DocumentType));
}

#[test]
fn a_masthead_that_is_not_whole() {
    breaks(
        Rule::Masthead,
        &[
            ("<docTitle>Summary report of &lt;the&gt; consultation</docTitle>", ""),
            ("<docTitle>", "<docTitle>One</docTitle><docTitle>"),
        ],
    );
    let start = paper().find("<coverPage").unwrap();
    let end = paper().find("</coverPage>").unwrap() + "</coverPage>".len();
    let rules = broken(&paper(), &paper()[start..end], "");
    assert!(rules.contains(&Rule::Masthead), "{rules:?}");
    let xml = report().replace("docAuthority", "span");
    assert!(check(&xml).iter().any(|breach| breach.rule == Rule::Masthead));
}

#[test]
fn a_name_that_is_not_of_the_profile() {
    breaks(Rule::InlineName, &[("akn4un:distribution", "distribution")]);
}

#[test]
fn identification_that_is_not_complete() {
    breaks(
        Rule::Identification,
        &[
            ("<FRBRformat value=", "<FRBRformat v="),
            ("<FRBRcountry value=\"un\"/>", ""),
            ("<FRBRsubtype value=\"report\"/>", ""),
            ("<FRBRlanguage language=\"eng\"/>", ""),
            ("<FRBRformat value=\"application/akn+xml\"/>", ""),
            ("<FRBRdate ", "<FRBRdates "),
            ("<FRBRauthor href=\"#organization_author\" as=\"#role_author\"/>", ""),
        ],
    );
    let xml = report().replace("identification", "classification");
    assert!(check(&xml).iter().any(|breach| breach.rule == Rule::Identification));
    let xml = report().replace("FRBRExpression", "FRBRItem");
    assert!(check(&xml).iter().any(|breach| breach.rule == Rule::Identification));
}

#[test]
fn addresses_that_do_not_follow_from_each_other() {
    let work =
        "<FRBRuri value=\"/akn/un/debateReport/report/un-escap/2020-11-19/ESCAP-GCM-2021-CRP.2";
    let other = [
        "<FRBRuri value=\"/akn/un/doc/report/un-escap/2020-11-19/ESCAP-GCM-2021-CRP.2",
        "<FRBRuri value=\"/akn/un/debateReport/ESCAP-GCM-2021-CRP.2",
        "<FRBRuri value=\"/akn/un/debateReport/report/un-escap/2020-11-19/ESCAP GCM",
    ];
    for other in other {
        breaks(Rule::Address, &[(work, other)]);
    }
    breaks(
        Rule::Address,
        &[
            ("CRP.2/!main\"", "CRP.2/main\""),
            ("CRP.2/eng@2021-02-24\"", "CRP.2/en@2021-02-24\""),
            ("CRP.2/eng@2021-02-24\"", "CRP.3/eng@2021-02-24\""),
            ("eng@2021-02-24.xml\"", "eng@2021-02-24\""),
            ("/!main.xml\"", "/!main\""),
        ],
    );
}

#[test]
fn languages_that_do_not_agree() {
    breaks(
        Rule::Language,
        &[
            ("language=\"eng\"", "language=\"en\""),
            ("<mainBody eId=\"body\" xml:lang=\"en\">", "<mainBody eId=\"body\">"),
            ("<mainBody eId=\"body\" xml:lang=\"en\">", "<mainBody eId=\"body\" xml:lang=\"fr\">"),
        ],
    );
}

#[test]
fn a_life_cycle_without_a_beginning() {
    breaks(Rule::Lifecycle, &[(" type=\"generation\"", "")]);
    let xml = report().replace("references", "notes");
    assert!(check(&xml).iter().any(|breach| breach.rule == Rule::Lifecycle));
}

#[test]
fn references_that_lead_nowhere() {
    breaks(
        Rule::Target,
        &[
            ("href=\"#para_1\"", "href=\"#para_99\""),
            ("refersTo=\"#organization_un\"", "refersTo=\"#un\""),
            ("as=\"#role_author\"", "as=\"#author\""),
            ("source=\"#original_1\"", "source=\"#ro1\""),
        ],
    );
}

#[test]
fn elements_without_eid() {
    let xml = report();
    for element in [
        "section",
        "title",
        "chapter",
        "division",
        "paragraph",
        "content",
        "heading",
        "list",
        "intro",
        "point",
        "indent",
        "wrapUp",
        "authorialNote",
        "ref",
        "hcontainer",
        "table",
        "container",
        "blockList",
        "item",
        "attachment",
        "TLCOrganization",
        "TLCRole",
        "original",
    ] {
        let rules = broken(&xml, &format!("<{element} eId="), &format!("<{element} wId="));
        assert!(rules.contains(&Rule::Eid), "{element}: {rules:?}");
    }
}

#[test]
fn an_eid_that_stands_twice() {
    breaks(Rule::UniqueEid, &[("eId=\"para_2\"", "eId=\"para_1\"")]);
}

#[test]
fn eids_that_are_not_made_by_the_convention() {
    breaks(
        Rule::EidForm,
        &[
            ("eId=\"sec_I\"", "eId=\"section_I\""),
            ("eId=\"sec_I\"", "eId=\"sec_I a\""),
            ("eId=\"sec_I\"", "eId=\"sec_\""),
            ("eId=\"sec_II__title_A\"", "eId=\"title_A\""),
            ("eId=\"sec_II__title_A\"", "eId=\"sec_I__title_A\""),
            ("eId=\"para_2__list_1\"", "eId=\"list_1\""),
            ("eId=\"para_2__list_1__point_4\"", "eId=\"para_2__list_2__point_4\""),
        ],
    );
    let rules = broken(&paper(), "eId=\"cmp_1__sec_I\"", "eId=\"sec_I\"");
    assert!(rules.contains(&Rule::EidForm), "{rules:?}");
}

#[test]
fn sections_that_are_nested_otherwise() {
    let xml = report();
    for (from, to) in [("title", "chapter"), ("chapter", "division"), ("section", "part")] {
        let xml = xml.replace(&format!("<{from} "), &format!("<{to} "));
        let xml = xml.replace(&format!("</{from}>"), &format!("</{to}>"));
        assert!(check(&xml).iter().any(|breach| breach.rule == Rule::Hierarchy), "{from}");
    }
    let xml = xml.replace("<section ", "<title ").replace("</section>", "</title>");
    let found = check(&xml);
    assert!(
        found.iter().any(|b| b.rule == Rule::Hierarchy && b.place == "title sec_I"),
        "{found:?}"
    );
}

#[test]
fn a_section_without_heading_and_a_number_without_text() {
    breaks(
        Rule::Heading,
        &[
            ("<heading eId=\"sec_I__heading\">Background</heading>", ""),
            ("<heading eId=\"att_1__heading\">Tentative programme</heading>", ""),
            ("<num>I.</num>", "<num> </num>"),
        ],
    );
}

#[test]
fn paragraph_numbers_out_of_order_or_not_those_of_their_names() {
    breaks(
        Rule::ParagraphNumber,
        &[
            ("<num>2.</num>", "<num>3.</num>"),
            ("<num>2.</num>", "<num>2</num>"),
            ("<num>2.</num>", ""),
            ("eId=\"para_2\"", "eId=\"para_7\""),
        ],
    );
}

#[test]
fn notes_without_marker_or_with_another() {
    breaks(
        Rule::NoteMarker,
        &[
            (" marker=\"1\"", ""),
            (" marker=\"1\"", " marker=\" \""),
            (" eId=\"fn_1\"", " eId=\"fn_9\""),
            (" eId=\"fn_nn_1\"", " eId=\"fn_nn_9\""),
        ],
    );
}

#[test]
fn notes_without_placement_or_under_another_table() {
    breaks(
        Rule::NotePlacement,
        &[
            (" placement=\"bottom\"", ""),
            (" placement=\"bottom\"", " placement=\"side\""),
            (
                "placementBase=\"#att_1__hcontainer_1__table_1\"",
                "placementBase=\"#att_1__hcontainer_1\"",
            ),
        ],
    );
}

#[test]
fn markers_out_of_order() {
    breaks(
        Rule::NoteOrder,
        &[
            (" marker=\"2\"", " marker=\"3\""),
            (" marker=\"a\"", " marker=\"b\""),
            (" marker=\"**\"", " marker=\"*\""),
            (" marker=\"*\"", " marker=\"1\""),
            (" placementBase=\"#att_1__hcontainer_1__table_1\"", ""),
        ],
    );
}

#[test]
fn a_note_in_a_note() {
    let inside = "<authorialNote eId=\"x__fn_2\" marker=\"2\" placement=\"bottom\"/>";
    breaks(Rule::NoteInNote, &[("General Assembly resolution 73/195 of", inside)]);
}

#[test]
fn rows_of_different_length() {
    breaks(
        Rule::TableShape,
        &[
            (" colspan=\"2\"", ""),
            (" colspan=\"2\"", " colspan=\"3\""),
            (" colspan=\"2\"", " colspan=\"x\""),
            (" rowspan=\"2\"", ""),
            (" rowspan=\"2\"", " rowspan=\"9\""),
            (" rowspan=\"2\"", " rowspan=\"0\""),
        ],
    );
}

#[test]
fn links_that_run_something_or_stand_in_links() {
    breaks(
        Rule::Link,
        &[
            ("href=\"https://example.org", "href=\"javascript:"),
            ("href=\"#para_1\"", "href=\"para_1\""),
            (
                "<a href=\"https://example.org/a_(b)?c=1&amp;d=2\">",
                "<a href=\"https://example.org\"><a href=\"https://example.org\"/>",
            ),
        ],
    );
}

#[test]
fn a_breach_says_where_it_is() {
    let breaches = check(&report().replacen(" marker=\"1\"", "", 1));
    let shown = breaches[0].to_string();
    assert!(shown.contains("authorialNote fn_1: it has no marker (NoteMarker)"), "{shown}");
    assert!(shown.starts_with("line ") && breaches[0].line > 50);
}

proptest! {
    #[test]
    fn a_damaged_file_is_judged_all_the_same(
        at in any::<prop::sample::Index>(),
        length in 0_usize..200,
        with in "[<>/=\"&;# a-z0-9]{0,12}",
    ) {
        let xml = report();
        let ends: Vec<_> = xml.char_indices().map(|(at, _)| at).collect();
        let start = at.index(ends.len());
        let (start, end) = (ends[start], ends[(start + length).min(ends.len() - 1)]);
        let damaged = format!("{}{with}{}", &xml[..start], &xml[end..]);
        let breaches = check(&damaged);
        prop_assert!(breaches.iter().all(|breach| breach.line > 0));
    }
}
