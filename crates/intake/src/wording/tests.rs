use super::refuse;

#[test]
fn every_script_passes() {
    let texts = [
        "States should\n\tprotect “migrants” – at sea.",
        "می\u{200c}خواهم و نیم\u{200c}فاصله",
        "क\u{94d}\u{200d}ष और हिन\u{94d}दी",
        "ពលករ\u{200b}ចំណាក\u{200b}ស្រុក",
        "Kran\u{ad}ken\u{ad}haus",
        "\u{2067}العربية\u{2069} in \u{2068}English\u{2069}\u{200f}",
        "👩\u{200d}👩\u{200d}👧\u{200d}👦 ❤\u{fe0f} 1\u{fe0f}\u{20e3}",
        "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} flag",
        "Việt Nam, Ἀθῆναι, שָׁלוֹם, ᠮᠣᠩᠭᠣᠯ\u{180b}",
        "",
    ];
    for text in texts {
        assert_eq!(refuse(text), Ok(()), "{text}");
    }
}

#[test]
fn what_misleads_is_named_with_its_place() {
    let cases = [
        ("ab\u{7}", "Character 3 is U+0007, a control character; remove it."),
        ("a\r\n", "Character 2 is U+000D, a carriage return"),
        ("a\u{202e}b", "Character 2 is U+202E, an invisible character that turns"),
        ("é\u{202c}", "Character 2 is U+202C, an invisible character that turns"),
        ("\u{fdd0}", "Character 1 is U+FDD0, a code that stands for no character"),
        ("\u{10ffff}", "Character 1 is U+10FFFF, a code"),
        ("\u{e000}", "Character 1 is U+E000, of private use"),
        ("\u{f1234}", "Character 1 is U+F1234, of private use"),
        ("a\u{e0061}\u{e007f}", "Character 2 is U+E0061, an invisible tag"),
        ("🏴\u{e0067}\u{e0062}", "Character 2 is U+E0067, an invisible tag"),
        ("\u{fff9}", "Character 1 is U+FFF9, a mark of an annotation"),
        ("\u{fffc}", "Character 1 is U+FFFC, the place of a picture"),
        ("\u{206a}", "Character 1 is U+206A, an invisible character that is no longer"),
        ("a\u{fe0f}\u{e0101}", "Character 3 is U+E0101, a second variation selector"),
        ("a\u{200b}\u{200c}\u{200d}\u{200b}\u{200b}b", "Character 6 is U+200B, one of more than 4"),
        ("\u{2067}a\nb\u{2069}", "Character 1 is U+2067, the beginning of a direction"),
        ("a\u{2069}", "Character 2 is U+2069, the end of a direction"),
    ];
    for (text, expected) in cases {
        let refused = refuse(text).expect_err(expected);
        assert!(refused.starts_with(expected), "{refused}");
        assert!(refused.ends_with('.'), "{refused}");
    }
}

#[test]
fn sixteen_marks_pass_and_one_more_does_not() {
    let piled = |marks: usize| format!("a{}", "\u{301}".repeat(marks));
    assert_eq!(refuse(&piled(16)), Ok(()));
    assert!(refuse(&piled(17)).is_err_and(|reason| reason.starts_with("Character 18 is U+0301")));
}

proptest::proptest! {
    #[test]
    fn takes_any_text(text in "\\PC{0,40}|[\u{200b}-\u{206f}\u{fe00}-\u{fe0f}\u{300}-\u{320}a\n]{0,40}") {
        if refuse(&text).is_ok() {
            assert!(!text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')));
            assert!(!text.contains(|c| matches!(c, '\u{202a}'..='\u{202e}')));
        }
    }
}
