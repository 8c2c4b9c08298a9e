//! Whatever a text is, reading it ends, and what is found lies within it.

mod planted;

use std::sync::LazyLock;

use planted::Corpus;
use proptest::prelude::*;
use rapporteur_checks::*;

static CORPUS: LazyLock<Corpus> = LazyLock::new(Corpus::read);
static CHECKER: LazyLock<Checker<'static>> = LazyLock::new(|| CORPUS.checker());

/// Pieces that checks look for, so that they meet in ways that nobody thought of.
fn pieces() -> impl Strategy<Value = String> {
    let known = [
        "Participants",
        " noted ",
        "A participant ",
        "from ",
        "Quokka Zyxwvut",
        "Grace ",
        "Mr. ",
        "Вымышлов",
        "贾明远",
        "สมมุติ",
        "سمير ",
        "100 ",
        "one hundred and ",
        "stakeholders ",
        "objective ",
        "Objective 8: ",
        "Save lives and ",
        "paragraph ",
        "412",
        "^[",
        "]",
        "[",
        "](#",
        ")",
        "(",
        "**",
        "*",
        "\\",
        "“",
        "”",
        "\"",
        "«",
        "\n- ",
        "\n\n",
        "\n4. ",
        "HLU ",
        "%",
        "5 ",
        "-",
        "–",
        "'",
        "’",
        ".",
        ". ",
        "...",
        ":",
        ";",
        ",",
        " ",
        "@",
        "example.org",
        "+66 2 555 0147",
        "{lang=fr}",
        "¹",
        "\u{200b}",
        "\u{301}",
        "\u{fffc}",
        "ß",
        "İ",
        "ﬁ",
        "😀",
        "\u{202e}",
        "\0",
        "\r\n",
        "ก็",
        "½",
        "㎏",
    ];
    prop::collection::vec(
        prop_oneof![
            4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
            1 => "\\PC{0,6}",
            1 => any::<char>().prop_map(|c| c.to_string()),
        ],
        0..24,
    )
    .prop_map(|pieces| pieces.concat())
}

fn lies_within(finding: &Finding, text: &str) -> bool {
    let length = text.chars().count();
    finding.place.range.as_ref().is_none_or(|range| range.start <= range.end && range.end <= length)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_and_ranges_lie_within_it(text in pieces(), heading in pieces(), on_record: bool) {
        let paragraph = Paragraph { key: "p".to_owned(), number: Some(1), text: text.clone(), ..Paragraph::default() };
        let section = Section {
            key: "s".to_owned(),
            heading: Some(heading.clone()),
            unnumbered: false,
            level: 1,
            attribution: if on_record { Attribution::OnRecord } else { Attribution::ChathamHouse },
            outcome: true,
            paragraphs: vec![paragraph.clone()],
            ..Section::default()
        };
        for finding in CHECKER.paragraph(&section, &paragraph) {
            prop_assert!(lies_within(&finding, &text), "{finding:?}");
        }
        let draft = Draft { sections: vec![section], most_words: Some(3), ..Draft::default() };
        let findings = CHECKER.draft(&draft);
        for finding in &findings {
            let of = if finding.place.paragraph.is_some() { &text } else { &heading };
            prop_assert!(lies_within(finding, of), "{finding:?}");
        }
        prop_assert_eq!(findings, CHECKER.draft(&draft));
    }

    /// A finding tells words of the paragraph alone: no word of a name or an input that the paragraph has not.
    #[test]
    fn a_finding_tells_nothing_of_the_register(text in pieces()) {
        let paragraph = Paragraph { key: "p".to_owned(), text: text.clone(), ..Paragraph::default() };
        let section = Section { key: "s".to_owned(), outcome: true, ..Section::default() };
        let small = text.to_lowercase();
        for finding in CHECKER.paragraph(&section, &paragraph) {
            let told = format!("{} {}", finding.sentence, finding.remedy).to_lowercase();
            for secret in ["inventa", "imaginaire", "suppositia", "kalpanik", "cannery", "harbour master", "bandicoot", "zyxwvut"] {
                prop_assert!(!told.contains(secret) || small.contains(secret), "{finding:?}");
            }
        }
    }
}

#[test]
fn whoever_submits_a_text_is_told_that_it_has_a_name() {
    let style = Style::united_nations();
    for (text, has) in [
        ("I was there with Quokka Zyxwvut.", true),
        ("Write to ada@example.org, please.", true),
        ("The boat left in May from Jordan.", false),
        ("They will grant visas, and we hope.", false),
        ("贾明远也在船上。", true),
        ("", false),
    ] {
        assert_eq!(names_in(text, &CORPUS.people, style), has, "{text}");
    }
}
