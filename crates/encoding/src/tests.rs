//! Files as programs save them in many places, with people of our own invention.

use encoding_rs::{
    BIG5, EUC_KR, GB18030, SHIFT_JIS, WINDOWS_874, WINDOWS_1251, WINDOWS_1252, WINDOWS_1256,
};
use proptest::prelude::*;

use super::*;

fn guess(bytes: &[u8]) -> Guess {
    match decode(bytes, None) {
        Err(Unknown::Guessed(guess)) => guess,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_not_said_is_a_guess_that_is_shown_and_read_once_it_is_said() {
    let files = [
        (WINDOWS_874, "email,name\nsomchai@example.org,สมชาย ตัวอย่าง\n", "สมชาย"),
        (WINDOWS_1251, "email;name\nivan@example.org;Иван Пример\n", "Иван"),
        (WINDOWS_1252, "Name;Organisation\r\nZoë Müller;Fédération\r\n", "Zoë"),
        (WINDOWS_1256, "email,name\nsami@example.org,سامي مثال من القاهرة\n", "سامي"),
        (SHIFT_JIS, "email,name\nhana@example.org,見本 花子、東京の会議\n", "見本"),
        (EUC_KR, "email,name\nmin@example.org,민준 예시 서울에서\n", "민준"),
        (
            GB18030,
            "email,name\nli@example.org,李明 示例 中国人民大学移民政策研究中心的代表\n",
            "李明",
        ),
        (BIG5, "email,name\nlin@example.org,林美 範例 臺北會議\n", "林美"),
    ];
    for (encoding, text, word) in files {
        let (bytes, _, wrong) = encoding.encode(text);
        assert!(!wrong, "{text}");
        let guess = guess(&bytes);
        assert_eq!(guess.words[0], word, "{guess:?}");
        let read = decode(&bytes, Some(&guess.charset)).unwrap();
        assert_eq!((read.text.as_str(), read.read_as), (text, ReadAs::AsSaid));
    }
}

#[test]
fn what_the_file_or_its_sender_says_is_believed_and_held_to() {
    assert_eq!(decode("naïve".as_bytes(), None).unwrap().read_as, ReadAs::Utf8);
    let wide: Vec<u8> = "\u{feff}naïve".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let read = decode(&wide, Some("windows-1252")).unwrap();
    assert_eq!((read.text.as_str(), read.read_as), ("naïve", ReadAs::Utf16));
    let wrong = decode(b"name\n\xff\n", Some("utf-8")).unwrap_err();
    assert_eq!(wrong, Unknown::NotAsPromised { encoding: "UTF-8", line: 2 });
    assert_eq!(decode(b"a", Some("klingon")), Err(Unknown::NoCharset("klingon".into())));
    assert_eq!(decode(b"a\rb\r\0", None), Err(Unknown::NoText { line: 3 }));
}

#[test]
fn a_charset_is_named_as_a_content_type_names_it() {
    for named in
        ["text/csv; charset=windows-874", "text/csv;Charset=\"windows-874\"; header=present"]
    {
        assert_eq!(charset(named), Some("windows-874"));
    }
    assert_eq!((charset("text/csv"), charset("text/csv; header=absent")), (None, None));
}

proptest! {
    #[test]
    fn no_bytes_are_read_that_do_not_say_what_they_are(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(read) = decode(&bytes, None) {
            let marked = Encoding::for_bom(&bytes).is_some();
            prop_assert!(marked || read.text.as_bytes() == bytes);
        }
    }
}
