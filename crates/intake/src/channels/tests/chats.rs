//! Zoom chats in each form that Zoom has saved them.

use proptest::prelude::*;

use super::*;
use crate::encoding::Unknown;

const CHAT: Kind = Kind::Chat;

#[test]
fn a_chat_of_2020_with_private_messages() {
    let read = read_file(CHAT, "zoom_2020_inline.txt");
    assert_eq!(
        said(&read),
        [
            ("Ada Brook", "Good morning from the coast."),
            ("Ben Okafor (Harbour Union)", "Recruitment fees: who pays them?"),
            ("Chen Li", "Two points:\n1. fees\n2. contracts\n\nboth before departure"),
            ("Dana", "[name] I agree with [name], and with [name]'s second point."),
        ]
    );
    assert_eq!(passed(&read), [(3, 4, Why::Private), (10, 10, Why::Private)]);
    assert_eq!(read.lines.iter().map(|line| line.at).collect::<Vec<_>>(), [1, 2, 5, 11]);
    let shown = format!("{read:?}");
    assert!(
        !shown.contains("employer") && !shown.contains("at once") && !shown.contains("between us")
    );
}

#[test]
fn a_chat_that_names_everyone_and_names_with_colons() {
    let read = read_file(CHAT, "zoom_2020_to_everyone.txt");
    assert_eq!(
        said(&read),
        [
            ("Ada Brook", "Good morning from the coast."),
            ("Ben: Okafor", "A name with a colon."),
            ("Win to Stay", "I went to Everyone : and came back."),
        ]
    );
    assert_eq!(passed(&read), [(3, 3, Why::Private), (4, 4, Why::Private)]);
}

#[test]
fn a_chat_of_2021_with_reactions_and_replies() {
    let read = read_file(CHAT, "zoom_2021_indented.txt");
    assert_eq!(
        said(&read),
        [
            ("Ada Brook", "Good morning from the coast."),
            (
                "Ben Okafor",
                "First line of three.\n\nSecond, after an empty one.\n10:15:00 is when the ferry leaves."
            ),
            ("Dana Ruiz", "The ferry is the only way out."),
            ("Ada Brook", "Reacted to the speech with anger: it forgets seafarers."),
        ]
    );
    assert_eq!(
        passed(&read),
        [
            (3, 6, Why::Private),
            (12, 13, Why::Reaction),
            (14, 15, Why::Reaction),
            (20, 21, Why::OnlyQuoted),
            (22, 23, Why::Private),
        ]
    );
    assert!(!format!("{read:?}").contains("secret"));
}

#[test]
fn a_chat_from_a_recording_in_the_cloud() {
    let read = read_file(CHAT, "zoom_cloud.txt");
    assert_eq!(
        said(&read),
        [
            ("Ada Brook", "Good morning from the coast."),
            ("Ben Okafor: IOM", "Could the fees be published?\nand the names of the agencies"),
            ("From Here", "A name that begins like a word of Zoom's."),
            ("Dana", "I agree: yes."),
        ]
    );
}

#[test]
fn chats_in_other_languages_and_encodings() {
    let french = read_file(CHAT, "zoom_french.txt");
    assert_eq!(
        said(&french),
        [("Ada Brook", "Bonjour de la côte."), ("Ben Okafor", "Qui paie les frais ?")]
    );
    assert_eq!(passed(&french), [(2, 2, Why::Private)]);
    let unlisted = read_file(CHAT, "zoom_unlisted_language.txt");
    assert_eq!(said(&unlisted), [("Ben Okafor", "for all")]);
    assert_eq!(passed(&unlisted), [(1, 1, Why::Private)]);
    let old = file("zoom_windows_1252.txt");
    let unsaid = read(CHAT, &old).unwrap_err();
    let Unreadable::Letters(Unknown::Guessed(guess)) = &unsaid else { panic!("{unsaid:?}") };
    assert!(!unsaid.to_string().contains("Zo"), "it quotes the file: {unsaid}");
    let content_type = format!("text/plain; charset={}", guess.charset);
    let content_type = Some(content_type.as_str());
    let file = File { name: "", bytes: &old, content_type, kind: None, registrants: &[] };
    let windows = seen(&file).unwrap();
    assert_eq!(said(&windows), [("Zoé Brûlé", "Déjà vu – les frais.")]);
    let copied = read_file(CHAT, "zoom_copied_from_screen.txt");
    assert_eq!(
        said(&copied),
        [("Ada Brook", "Good morning from the coast."), ("Ben Okafor", "Who pays the fees?")]
    );
    assert_eq!(passed(&copied), [(3, 4, Why::Private)]);
}

#[test]
fn single_messages() {
    let cases = [
        ("12:34:56 From Ada to Everyone: Hello there", ("Ada", "Hello there")),
        ("12:34:56\tFrom Ada Brook To Everyone : hi", ("Ada Brook", "hi")),
        ("9:41:12 PM From Ada Brook to Everyone : hi", ("Ada Brook", "hi")),
        ("09:41:12 开始  小明  到  所有人 : 你好", ("小明", "你好")),
        ("09:41:12 Von Ada Brook an Alle:\n\thallo", ("Ada Brook", "hallo")),
        ("09:41:12 От Ада Брук до Все:\n\tпривет", ("Ада Брук", "привет")),
        ("09:41:12 From Ada\u{200b}  Brook\u{202e} : hi", ("Ada Brook", "hi")),
        ("09:41:12 From Ada : Replying to \"a\nb…\"\n\nmine", ("Ada", "mine")),
        (
            "09:41:12 From Ada : Replying to \"him is hard\nto do",
            ("Ada", "Replying to \"him is hard\nto do"),
        ),
        ("09:41:12 From Ada : Brook to Everyone:\n\thi : you", ("Ada : Brook", "hi : you")),
        ("09:41:12 From Ada : I want to say:\n1. a", ("Ada", "I want to say:\n1. a")),
        ("09:41:12 From  Ada : I want  to stay : here", ("Ada", "I want  to stay : here")),
        ("09:41:12 From Ada : one\u{2028}\u{2028}two\n", ("Ada", "one\n\ntwo")),
        ("09:41:12 From Ada : e\u{301}te\u{301}", ("Ada", "été")),
        ("09:41:12 From Ada : <script>\u{202e}x</script>", ("Ada", "<script>\u{202e}x</script>")),
    ];
    for (text, expected) in cases {
        assert_eq!(said(&read_text(CHAT, text)), [expected], "{text:?}");
    }
}

#[test]
fn what_is_not_for_everyone_is_never_shown() {
    for text in [
        "09:41:12 From Ada to Ben(Direct Message): secret",
        "09:41:12 From Ada to Ben (Privately) : secret",
        "09:41:12\tFrom Ada to Ben (Privately) : secret",
        "09:41:12 From Ada To Ben(privately) : secret",
        "09:41:12 From Ada to Ben : secret",
        "09:41:12 From Ada : Brook to Ben(Direct Message) : secret",
        "09:41:12 From Ada to Everyone to Ben : secret",
        "09:41:12 From Ada to Everyone Else : secret",
        "09:41:12 From Everyone to Everyone(Direct Message) : secret",
        "09:41:12 De Ada à Ben : secret",
        "09:41:12 Von Ada an Ben (Direktnachricht):\n\tsecret\n\n\t09:41:13 From Ada to Everyone: secret",
        "00:12:33\tAda to Ben(Direct Message):\tsecret",
        "09:41:12 From Ada to Waiting Room Participants:\r\n\tsecret",
        "09:41:12 From Ada to Ben(Direct Message):\n\tsecret\r09:41:12 From Ada to Everyone: secret",
        "09:41:12 Zzz  Ada  yyy  Ben : secret",
        "00:12:33\tDe Ada à Ben:\tsecret",
        "00:12:33\tFrom Ada to Ben:\tsecret",
        "09:41:12 From  Ada : Brook  to  Ben : secret",
        "09:41:12 From Ada : Brook to Ben:\n\tsecret",
        "[09:41] Ada to Ben (Direct Message): secret",
        "09:41:12.500 From Ada to Ben(Direct Message):\n\tsecret",
    ] {
        let read = read_text(CHAT, text);
        assert!(read.lines.is_empty(), "{text:?} {:?}", read.lines);
        assert_eq!(read.passed_over.len(), 1, "{text:?}");
        assert!(!read.passed_over[0].why.to_string().contains("Ada"));
    }
    let long = "x".repeat(5000);
    let read = read_text(CHAT, &format!("09:41:12 From {long} to Ben(Direct Message) : secret"));
    assert!(read.lines.is_empty());
}

#[test]
fn a_text_without_messages_is_no_chat() {
    for text in ["", "Good morning", "09:41:12 hello there"] {
        assert_eq!(read(CHAT, text.as_bytes()), Err(Unreadable::NobodySpeaks), "{text:?}");
    }
    let read = read_text(CHAT, "Chat of the day\n\n09:41:12 From Ada : \n09:41:13 From Ben : x");
    assert_eq!(passed(&read), [(1, 1, Why::BeforeFirst), (3, 3, Why::Empty)]);
}

/// Names as people enter them in Zoom.
fn odd_name() -> impl Strategy<Value = String> {
    let pieces = vec![
        "Ada",
        " ",
        " : ",
        ":",
        " to ",
        "  to  ",
        "Everyone",
        " From ",
        "(Privately)",
        "(she/her)",
        "|",
        "\u{202e}",
        "é",
        "\"",
        "à",
        ". ",
    ];
    proptest::collection::vec(prop::sample::select(pieces), 1..6).prop_map(|pieces| pieces.concat())
}

fn message() -> impl Strategy<Value = (bool, String, String)> {
    let name = "[A-Z][a-zé]{1,8}( [A-Z][a-z]{1,8}){0,2}";
    let text = "[a-zA-Zé<>&@.,:\"'\u{202e}]{0,11}[a-z]( [a-zA-Z0-9.,:()]{1,12}){0,8}";
    (any::<bool>(), name, text).prop_filter("no mark of its own", |(_, _, text)| {
        !text.contains(" : ") && !text.contains(" to ")
    })
}

proptest! {
    /// Whatever people call themselves, what is marked as private is not shown.
    #[test]
    fn no_name_opens_a_private_message(from in odd_name(), to in odd_name(), form in 0..6) {
        let message = match form {
            0 => format!("09:41:12 From  {from}  to  {to}(Direct Message) : SECRET\nSECRET"),
            1 => format!("09:41:12\t From {from} to {to} (Privately) : SECRET\nSECRET"),
            2 => format!("2021-01-02 09:41:12 From {from} to {to}(Direct Message):\n\tSECRET\n\tSECRET"),
            3 => format!("09:41:12\t{from} to {to}(Direct Message):\tSECRET"),
            4 => format!("From {from} to {to}: (Privately) (9:41 AM)\nSECRET"),
            _ => format!("09:41:12 De  {from}  à  {to}(Message direct) : SECRET"),
        };
        let chat = format!("09:41:11 From Ada to Everyone : before\n{message}\n09:41:13 From Ada to Everyone : after\n");
        let read = read_text(CHAT, &chat);
        prop_assert!(!format!("{read:?}").contains("SECRET"), "{:?}", read);
        prop_assert_eq!(bodies(&read), ["before", "after"]);
    }

    /// What was said to everyone is there, word for word and in order; what was not is not.
    #[test]
    fn nothing_is_lost(messages in proptest::collection::vec(message(), 1..20), form in 0..3) {
        let mut chat = String::new();
        for (private, name, text) in &messages {
            let to = if *private { "Zed Zulu(Direct Message)" } else { "Everyone" };
            chat.push_str(&match form {
                0 => format!("09:41:12 From  {name}  to  {to} : {text}\n"),
                1 => format!("2021-01-02 09:41:12 From {name} to {to}:\n\t{text}\n"),
                _ => format!("09:41:12\t From {name} to {to} : {text}\r\n"),
            });
        }
        let read = read_text(CHAT, &chat);
        let public = || messages.iter().filter(|(private, ..)| !private);
        let speakers = public().map(|(_, name, _)| name.as_str()).chain(["Zed Zulu"]);
        let private = messages.iter().filter(|(private, ..)| *private).map(|(_, name, _)| name.as_str());
        let register = crate::names::Register::of(speakers.chain(private));
        let masked: Vec<String> = public().map(|(.., text)| register.mask(text)).collect();
        let expected: Vec<(&str, &str)> =
            public().zip(&masked).map(|((_, name, _), text)| (name.as_str(), text.as_str())).collect();
        prop_assert_eq!(said(&read), expected);
        let private = messages.iter().filter(|(private, ..)| *private).count();
        prop_assert_eq!(read.passed_over.len(), private);
    }
}
