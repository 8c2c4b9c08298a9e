//! Names that are taken out, and what looks like one.

use std::time::Instant;

use proptest::prelude::*;

use super::*;

fn masked(names: &[&str], text: &str) -> String {
    Register::of(names.iter().copied()).mask(text)
}

#[test]
fn names_are_taken_out_whole_in_parts_and_mentioned() {
    let names = [
        "Ada Brook",
        "Dana",
        "Ben Okafor (Harbour Union)",
        "Jean-Luc O'Neil",
        "Li, Chen",
        "Jo Sample",
    ];
    for (text, expected) in [
        ("I agree with Ada Brook.", "I agree with [name]."),
        ("@Ada Brook: yes", "[name]: yes"),
        ("@Dana, yes; Dana, no", "[name], yes; [name], no"),
        ("Ada Brook's point, ADA BROOK's", "[name]'s point, [name]'s"),
        ("Ada Brookfield and Canada Brooks", "[name] Brookfield and Canada Brooks"),
        ("ask ada brook or ben okafor", "ask [name] or [name]"),
        ("Ada\nBrook and Ada\u{200b} Brook", "[name] and [name]"),
        ("Ben Okafor (Harbour Union) and Okafor", "[name] and [name]"),
        ("Jean-Luc O'Neil, jean luc", "[name], jean luc"),
        ("Ada A. Brook, A. Brook and Mr. Brook", "[name], [name] and Mr. [name]"),
        ("mail ada@brook.example or a.brook@x.org", "mail [name] or [name]"),
        ("mail info@brook.example", "mail info@brook.example"),
        ("@adabrook @ADA @ada.brook @nobody", "[name] [name] [name] @nobody"),
        ("a brook, the ada project", "a brook, the ada project"),
        ("Chen Li; Li Chen; Li; LI; CHEN", "[name]; [name]; [name]; LI; [name]"),
        ("Jo knows, jo", "[name] knows, jo"),
        ("Ａｄａ Ｂｒｏｏｋ", "[name]"),
        ("", ""),
    ] {
        assert_eq!(masked(&names, text), expected, "{text:?}");
    }
}

#[test]
fn where_a_name_stands_is_told_and_whether_it_is_whole() {
    let register = Register::of(["Ada Brook", "王小明"]);
    let found = |text: &str| -> Vec<(String, bool)> {
        let found = register.found(text).into_iter();
        found.map(|one| (text[one.place].to_owned(), one.whole)).collect()
    };
    let told = |name: &str, whole: bool| (name.to_owned(), whole);
    assert_eq!(
        found("So said Ada Brook, and Brook"),
        [told("Ada Brook", true), told("Brook", false)]
    );
    assert_eq!(found("mail a.brook@example.org"), [told("a.brook@example.org", true)]);
    assert_eq!(found("王小明说，小明说"), [told("王小明", true), told("小明", false)]);
    assert!(found("nobody").is_empty());
}

#[test]
fn names_of_every_script_and_spelling_meet() {
    for (name, text, expected) in [
        ("Zoé Brûlé", "Zoe BRULE and Zoe\u{301}", "[name] and [name]"),
        ("Nguyễn Văn An", "Nguyen Van An, Nguyễn An", "[name], [name]"),
        ("Łukasz Øster", "lukasz oster; @Lukasz", "[name]; [name]"),
        (
            "Иван Петров",
            "Спросите Ивана Петрова или Петровым; Иване",
            "Спросите [name] или [name]; [name]",
        ),
        ("فاطمة أحمد", "قالت فاطمه احمد ووافقت فاطمة", "قالت [name] ووافقت [name]"),
        ("أحمد علي", "مع وأحمد", "مع و[name]"),
        ("王小明", "我同意王小明的意见，小明说得对", "我同意[name]的意见，[name]说得对"),
        ("สมชาย ใจดี", "เห็นด้วยกับคุณสมชายและสมชาย ใจดี", "เห็นด้วยกับคุณ[name]และ[name]"),
        ("คุณสมหญิง", "สมหญิงพูดว่า", "[name]พูดว่า"),
        ("김철수", "김철수는 말했다, 철수가", "[name]는 말했다, [name]가"),
        ("やまだ たろう", "やまださん", "[name]さん"),
        ("Αννα Παππά", "η Άννα Παππά", "η [name]"),
        ("Somchai สมชาย", "Somchai, สมชาย", "[name], [name]"),
    ] {
        assert_eq!(masked(&[name], text), expected, "{name}");
    }
}

#[test]
fn common_words_stay_unless_they_are_written_as_names() {
    let names = [
        "Will Grant",
        "May An",
        "Grace de la Cruz",
        "Host",
        "Speaker 1",
        "Pat's iPhone",
        "Dr. Hope Song",
    ];
    for (text, expected) in [
        ("They will grant visas; may an office ask?", "They will grant visas; may an office ask?"),
        ("Will Grant said", "[name] said"),
        (
            "will the host speak of la paz and de facto?",
            "will the host speak of la paz and de facto?",
        ),
        ("Grace, and the Host, An iPhone", "[name], and the Host, An iPhone"),
        ("Pat agrees", "[name] agrees"),
        ("we hope", "we hope"),
        ("An idea. In May 2019", "An idea. In [name] 2019"),
    ] {
        assert_eq!(masked(&names, text), expected, "{text:?}");
    }
    let register = Register::of(names);
    assert!(!register.occurs_in("they will grant visas"));
    assert!(register.occurs_in("so said Grace") && !register.has_whole_name_in("so said Grace"));
    assert!(register.has_whole_name_in("so said GRACE DE LA CRUZ"));
    assert!(!Register::of([]).occurs_in("Grace") && Register::of(["", "  ", "–"]).is_empty());
}

#[test]
fn what_looks_like_a_name_is_marked() {
    for (text, marked) in [
        ("Yesterday Pat One said it.", vec!["Pat One"]),
        (
            "The fees were paid to Maria da Silva and J. R. Brook.",
            vec!["Maria da Silva", "J. R. Brook"],
        ),
        ("My name is pat, and I am Jo.", vec!["pat", "Jo"]),
        ("Ms. One and Dr Sample; Mme Brûlé", vec!["One", "Dr Sample", "Mme Brûlé"]),
        ("ask @pat_one or pat@example.org.", vec!["@pat_one", "pat@example.org"]),
        ("@Pat One agrees", vec!["@Pat One"]),
        ("меня зовут Анна Петрова", vec!["Анна Петрова"]),
        ("Об этом сказал Иван Петров вчера", vec!["Иван Петров"]),
        ("اسمي فاطمة أحمد", vec!["فاطمة أحمد"]),
        ("我叫王小明", vec!["王小明"]),
        ("李先生不同意", vec!["李"]),
        ("นายสมชายบอก", vec!["สมชายบอก"]),
        ("je m’appelle Zoé", vec!["Zoé"]),
    ] {
        let found: Vec<&str> = by_shape(text).into_iter().map(|place| &text[place]).collect();
        assert_eq!(found, marked, "{text}");
    }
    for plain in [
        "The Global Compact for Safe Migration asks States to act.",
        "In Asia and the Pacific, Member States agreed.",
        "THE FEES ARE TOO HIGH",
        "Fees are too high. Employers pay nothing.",
        "We want Objective 4 to be first; I am tired.",
        "费用太高",
        "",
    ] {
        assert!(by_shape(plain).is_empty(), "{plain}: {:?}", by_shape(plain));
    }
}

#[test]
fn many_names_in_many_texts_take_no_time() {
    let names: Vec<String> =
        (0..500).map(|n| format!("Given{n} Middle Family{} {n}", n * 7)).collect();
    let text =
        "Fees differ from one office to the next, and Given77 says so: nobody pays. ".repeat(10);
    let nothing =
        "fees differ from one office to the next, and nobody says so: nobody pays. ".repeat(10);
    let register = |many: usize| Register::of(names[..many].iter().map(String::as_str));
    let taken = |register: &Register| {
        let begun = Instant::now();
        let found = (0..2000).filter(|_| register.occurs_in(&text)).count();
        assert!(!(0..2000).any(|_| register.occurs_in(&nothing)));
        (found, begun.elapsed())
    };
    // One name in a text is looked for as five hundred are, but for what finding them takes.
    let (few, many) = (taken(&register(1)), taken(&register(500)));
    assert_eq!((few.0, many.0), (0, 2000));
    assert!(many.1 < 20 * few.1, "{many:?} of {few:?}");
    println!("500 names in 2000 texts, twice: {:?}", many.1);
}

proptest! {
    #[test]
    fn any_text_is_read(name in "\\PC{0,24}", text in "\\PC{0,80}") {
        let register = Register::of([name.as_str()]);
        let masked = register.mask(&text);
        prop_assert_eq!(register.occurs_in(&text), masked != text);
        for place in by_shape(&text) {
            prop_assert!(text.get(place).is_some());
        }
    }

    /// Wherever it stands, and whatever stands around it, a name does not survive.
    #[test]
    fn no_name_survives(
        first in "[A-Z][a-zé]{2,7}", last in "[A-Z][a-zö]{2,7}",
        before in "[a-z ,.(\"]{0,12}", after in "[ ,.;:!?)\"]([a-z ]{0,12})", form in 0..9usize,
    ) {
        let name = format!("{first} {last}");
        let seen = match form {
            0 => name.clone(),
            1 => first.clone(),
            2 => last.clone(),
            3 => format!("@{first}"),
            4 => format!("{last}, {first}"),
            5 => name.to_uppercase(),
            6 => format!("@{}{}", first.to_lowercase(), last.to_lowercase()),
            7 => format!("{}@example.org", first.to_lowercase()),
            _ => format!("{last} {first}"),
        };
        prop_assume!(!lists::TELLS_NOBODY.contains(&crate::terms::fold::fold(&first).as_str()));
        prop_assume!(!lists::TELLS_NOBODY.contains(&crate::terms::fold::fold(&last).as_str()));
        prop_assume!(!before.ends_with(char::is_alphanumeric));
        let text = format!("{before}{seen}{after}");
        let masked = Register::of([name.as_str()]).mask(&text);
        prop_assert!(!masked.contains(&first) && !masked.contains(&last), "{} → {}", text, masked);
        prop_assert!(!masked.to_lowercase().contains(&name.to_lowercase()));
        prop_assert!(masked.contains("[name]"));
    }
}
