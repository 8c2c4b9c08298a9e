//! People who speak, in each form and language that programs save; what is private, and what only looks like speech.

use proptest::prelude::*;

use super::word::spoken_document;
use super::*;

/// What stands in a text, recognized without being told.
fn told(text: &str) -> Seen {
    read_as(None, "a.txt", text.as_bytes(), &[]).unwrap_or_else(|why| panic!("{text:?}: {why}"))
}

fn unclear(text: &str, registrants: &[&str]) -> Option<super::super::Signs> {
    match read_as(None, "a.txt", text.as_bytes(), registrants) {
        Err(Unreadable::Unclear(signs)) => Some(signs),
        _ => None,
    }
}

#[test]
fn a_transcript_by_teams_in_word() {
    let read = read_as(None, "a.docx", &file("transcript_by_teams.docx"), &[]).unwrap();
    assert_eq!(read.kind, Kind::Transcript);
    assert_eq!(
        said(&read),
        [
            ("Pat One", "Fees are too high in every office."),
            ("Jo Sample", "I was detained there myself, as [name] knows."),
        ]
    );
    assert_eq!(passed(&read), [1, 2, 3].map(|at| (at, at, Why::BeforeFirst)));
}

#[test]
fn a_transcript_by_meet() {
    let read = read_as(None, "a.txt", &file("transcript_by_meet.txt"), &[]).unwrap();
    assert_eq!(
        said(&read),
        [
            ("Pat One", "Fees are too high in every office."),
            ("Jo Sample", "I was detained there myself."),
        ]
    );
    assert_eq!(
        passed(&read),
        [
            (1, 1, Why::BeforeFirst),
            (3, 3, Why::BeforeFirst),
            (5, 5, Why::Attendees),
            (7, 7, Why::BeforeFirst),
            (12, 12, Why::Remark),
        ]
    );
    let german = "Anhörung – Transkript\nTeilnehmer\nPat Eins\nJo Muster\nSomchai Beispiel\n\n00:00:05\n\nPat Eins: Die Gebühren sind zu hoch.\nJo Muster: Das sagt auch Somchai.\n\n00:05:00\n\nPat Eins: Ja.\n";
    let read = told(german);
    assert_eq!(
        said(&read),
        [
            ("Pat Eins", "Die Gebühren sind zu hoch."),
            ("Jo Muster", "Das sagt auch [name]."),
            ("Pat Eins", "Ja."),
        ]
    );
    let attendees = read.passed_over.iter().filter(|one| one.why == Why::Attendees).count();
    assert_eq!(attendees, 3, "{:?}", read.passed_over);
}

#[test]
fn chats_and_transcripts_of_every_shape() {
    for (text, expected) in [
        // WhatsApp, in three countries.
        (
            "28/11/2026, 10:14 - Messages are end-to-end encrypted.\n28/11/2026, 10:15 - Pat One: Fees are too high.\nIn every office.\n28/11/2026, 10:16 - Jo Sample: As Pat says.",
            vec![
                ("Pat One", "Fees are too high.\nIn every office."),
                ("Jo Sample", "As [name] says."),
            ],
        ),
        (
            "[28.11.26, 10:15:03] Pat Eins: Zu hoch.\n\u{200e}[28.11.26, 10:15:09] Jo Muster: Ja.",
            vec![("Pat Eins", "Zu hoch."), ("Jo Muster", "Ja.")],
        ),
        (
            "28/11/26 10.15 - สมชาย ใจดี: ค่าธรรมเนียมสูง\n28/11/26 10.16 - สมหญิง รักดี: เห็นด้วยกับสมชาย",
            vec![("สมชาย ใจดี", "ค่าธรรมเนียมสูง"), ("สมหญิง รักดี", "เห็นด้วยกับ[name]")],
        ),
        (
            "٢٨/١١/٢٠٢٦، ١٠:١٥ ص - فاطمة علي: الرسوم مرتفعة\n٢٨/١١/٢٠٢٦، ١٠:١٦ ص - أحمد حسن: أتفق مع فاطمة",
            vec![("فاطمة علي", "الرسوم مرتفعة"), ("أحمد حسن", "أتفق مع [name]")],
        ),
        (
            "10:15 王小明：费用太高\n10:16 李华：我同意王小明",
            vec![("王小明", "费用太高"), ("李华", "我同意[name]")],
        ),
        // Teams, copied from its window in two ways; Slack.
        (
            "[10:15 AM] Pat One\nFees are too high.\n\n[10:16 AM] Jo Sample\nYes.",
            vec![("Pat One", "Fees are too high."), ("Jo Sample", "Yes.")],
        ),
        (
            "Pat One\n10:15\nFees are too high.\nJo Sample\n10:16\nYes.",
            vec![("Pat One", "Fees are too high."), ("Jo Sample", "Yes.")],
        ),
        (
            "Pat One  10:15 AM\nFees are too high.\nJo Sample  10:16 AM\nYes, at 10:00.",
            vec![("Pat One", "Fees are too high."), ("Jo Sample", "Yes, at 10:00.")],
        ),
        // Otter, Zoom's transcripts as text, IRC.
        (
            "Pat One  0:03  \nFees are too high.\n\nJo Sample  0:13  \nYes.\n\nTranscribed by a machine.",
            vec![("Pat One", "Fees are too high."), ("Jo Sample", "Yes.")],
        ),
        (
            "Pat One (00:03): Fees are too high.\nJo Sample (00:13): Yes.",
            vec![("Pat One", "Fees are too high."), ("Jo Sample", "Yes.")],
        ),
        ("10:15 <pat> too high\n10:16 <jo> yes", vec![("pat", "too high"), ("jo", "yes")]),
        (
            "**[10:15] Pat One:** too high\n**[10:16] Jo Sample:** yes",
            vec![("Pat One", "too high"), ("Jo Sample", "yes")],
        ),
        // Teams, as it wrote transcripts before.
        (
            "0:0:0.0 --> 0:0:3.450\nPat One\nFees are too high.\n0:0:4.0 --> 0:0:5.450\nJo Sample\nYes.",
            vec![("Pat One", "Fees are too high."), ("Jo Sample", "Yes.")],
        ),
        // One message is one, too.
        ("[10:15] Pat One: Fees are too high.", vec![("Pat One", "Fees are too high.")]),
    ] {
        assert_eq!(said(&told(text)), expected, "{text}");
    }
}

#[test]
fn captions_of_every_sort() {
    for (name, text, kind, expected) in [
        (
            "a.vtt",
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Pat One>Fees, says Jo.</v>\n\n00:03.000 --> 00:04.000\n<v Jo Sample>Yes.</v>\n",
            Kind::Transcript,
            vec![("Pat One", "Fees, says [name]."), ("Jo Sample", "Yes.")],
        ),
        (
            "chat.sbv",
            "00:03:25.123,00:03:25.123\nPat One: Fees.\n\n00:03:29.000,00:03:29.000\nJo Sample: As Pat says.\n",
            Kind::Chat,
            vec![("Pat One", "Fees."), ("Jo Sample", "As [name] says.")],
        ),
        (
            "a.sbv",
            "0:00:01.000,0:00:04.000\nGood morning.\nWe ask\n\n0:00:04.000,0:00:08.000\nfor less.\n",
            Kind::Transcript,
            vec![("", "Good morning. We ask for less.")],
        ),
        (
            "a.srt",
            "1\n00:00:01,000 --> 00:00:02,000\nPat One: Fees.\n\n2\n00:00:03,000 --> 00:00:04,000\nare too high.\n\n3\n00:00:05,000 --> 00:00:06,000\nthey say.\n",
            Kind::Transcript,
            vec![("Pat One", "Fees."), ("", "are too high. they say.")],
        ),
        (
            "a.sbv",
            "0:00:01.000,0:00:01.000\nPat One to Jo Sample: secret\n\n0:00:02.000,0:00:02.000\nPat One: open, Jo.\n",
            Kind::Chat,
            vec![("Pat One", "open, [name].")],
        ),
    ] {
        let read = read_as(None, name, text.as_bytes(), &[]).unwrap();
        assert_eq!((said(&read), read.kind), (expected, kind), "{text}");
    }
    assert_eq!(
        read_as(Some(Kind::Document), "a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nx", &[]),
        Err(Unreadable::IsSpeech)
    );
}

#[test]
fn tables_of_who_said_what() {
    for (text, kind, expected, private) in [
        (
            "Time,Name,Message\n10:15,Pat One,\"Fees, all of them.\"\n10:16,Jo Sample,As Pat says.\n",
            Kind::Transcript,
            vec![("Pat One", "Fees, all of them."), ("Jo Sample", "As [name] says.")],
            0,
        ),
        (
            "sep=;\r\nVon;An;Nachricht\r\nPat Eins;Alle;Zu hoch.\r\nPat Eins;Jo Muster;geheim\r\nJo Muster;Jeder hier;geheim\r\n",
            Kind::Chat,
            vec![("Pat Eins", "Zu hoch.")],
            2,
        ),
        (
            "ผู้ส่ง,ถึง,ข้อความ\nสมชาย ใจดี,ทุกคน,ค่าธรรมเนียมสูง\nสมชาย ใจดี,สมหญิง,ลับ\n",
            Kind::Chat,
            vec![("สมชาย ใจดี", "ค่าธรรมเนียมสูง")],
            1,
        ),
        (
            "timestamp,sender,message type,text\n1,Pat One,public,open\n2,Pat One,direct,secret\n3,Pat One,whatever,secret\n",
            Kind::Chat,
            vec![("Pat One", "open")],
            2,
        ),
        (
            "00:01,Pat One,Fees.\n00:02,Jo Sample,Yes.\n",
            Kind::Transcript,
            vec![("Pat One", "Fees."), ("Jo Sample", "Yes.")],
            0,
        ),
        (
            "From,Text\nPat One to Jo Sample,secret\nPat One,open\n",
            Kind::Transcript,
            vec![("Pat One", "open")],
            1,
        ),
    ] {
        let read = read_as(None, "a.csv", text.as_bytes(), &[]).unwrap();
        assert_eq!((said(&read), read.kind), (expected, kind), "{text}");
        assert_eq!(
            read.passed_over.iter().filter(|one| one.why == Why::Private).count(),
            private,
            "{text}"
        );
    }
    for (text, column) in [
        ("Name,Zu Handen,Message\nPat One,Jo Sample,secret\n", Some(2)),
        ("k,l,m,n\nx y,z w,q r,s t\n", None),
        ("objectives,category,body,voice\n4,x,Fees.,y\n", Some(2)),
        ("", None),
    ] {
        let refused = read_as(None, "a.csv", text.as_bytes(), &[]);
        assert_eq!(refused, Err(Unreadable::NoSpeechTable { column }), "{text}");
    }
}

#[test]
fn chats_by_zoom_in_every_language() {
    for (text, expected) in [
        (
            "09:41:12 Von Pat Eins an Alle:\n\tZu hoch, Jo.\n09:41:13 Von Pat Eins an Jo Muster (direkt):\n\tgeheim",
            vec![("Pat Eins", "Zu hoch, [name].")],
        ),
        (
            "09:41:12 จาก สมชาย ใจดี ถึง ทุกคน:\n\tสูงเกินไป\n09:41:13 จาก สมชาย ใจดี ถึง สมหญิง:\n\tลับ",
            vec![("สมชาย ใจดี", "สูงเกินไป")],
        ),
        (
            "09:41:12 从 王小明 到 所有人:\n\t太高\n09:41:13 从 王小明 到 李华:\n\t秘密",
            vec![("王小明", "太高")],
        ),
        (
            "09:41:12 王小明 到 所有人：太高\n09:41:13 王小明 到 李华：秘密",
            vec![("王小明", "太高")],
        ),
        (
            "09:41:12 من فاطمة علي إلى الجميع:\n\tمرتفعة\n09:41:13 من فاطمة علي إلى أحمد:\n\tسر",
            vec![("فاطمة علي", "مرتفعة")],
        ),
        // Nobody knows these words: what they say of everyone is not known, either.
        (
            "09:41:12 Xyz Pat One qrs Abcde : secret\n09:41:13 Xyz Jo Sample qrs Abcde : secret",
            vec![],
        ),
        (
            "09:41:12 Pat One ke Jo Sample: secret\n09:41:13 Pat One: open",
            vec![("Pat One", "open")],
        ),
        (
            "09:41:12 Pat One → Jo Sample: secret\n09:41:13 Pat One: open to Jo",
            vec![("Pat One", "open to [name]")],
        ),
        (
            "09:41 Od Pat One do Jo Sample: secret\n09:42 Od Pat One do Wszyscy: open",
            vec![("Pat One", "open")],
        ),
        (
            "[10:15] Pat One (privately): secret\n[10:16] Pat One (to Jo Sample): secret\n[10:17] Pat One (she/her): open",
            vec![("Pat One (she/her)", "open")],
        ),
        (
            "09:41:12 From Pat One to Everyone: open\n09:41:13 Pat One ke Jo Sample: secret\n",
            vec![("Pat One", "open")],
        ),
        ("10:15 สมชาย ใจดี (ส่วนตัว): ลับ\n10:16 สมชาย ใจดี: เปิด", vec![("สมชาย ใจดี", "เปิด")]),
        ("10:15 홍길동 님이 김철수: secret\n10:16 김철수 님이 홍길동: secret", vec![]),
        (
            "09:41:12 Maria da Silva: open\n09:41:13 João do Carmo: Sim.",
            vec![("Maria da Silva", "open"), ("João do Carmo", "Sim.")],
        ),
    ] {
        let read = told(text);
        assert_eq!(said(&read), expected, "{text}");
        let shown = format!("{:?}", read.read.lines);
        for secret in ["secret", "geheim", "ลับ", "秘密", "سر"] {
            assert!(!shown.contains(secret), "{text}: {shown}");
        }
        let private = read.passed_over.iter().filter(|one| one.why == Why::Private).count();
        assert!(private > 0 || text.contains("Maria"), "{text}: {:?}", read.passed_over);
        assert_eq!(
            read_as(Some(Kind::Document), "a.txt", text.as_bytes(), &[]),
            Err(Unreadable::IsSpeech)
        );
    }
}

#[test]
fn what_looks_like_speech_is_held_until_somebody_says_what_it_is() {
    let text =
        "Pat One: Fees are too high.\nJo Sample: I was detained there myself, as Pat knows.\n";
    let signs = unclear(text, &[]).unwrap();
    assert_eq!((signs.turns, signs.registrants), (2, false));
    let why = Unreadable::Unclear(signs).to_string();
    assert!(
        why.contains("2 lines") && why.contains("kind=document") && !why.contains("Pat O"),
        "{why}"
    );
    let spoken = read_text(Kind::Transcript, text);
    assert_eq!(
        said(&spoken),
        [
            ("Pat One", "Fees are too high."),
            ("Jo Sample", "I was detained there myself, as [name] knows.")
        ]
    );
    let written = read_as(Some(Kind::Document), "a.txt", text.as_bytes(), &["Jo Sample"]).unwrap();
    assert_eq!(written.kind, Kind::Document);
    assert!(written.lines[0].body.contains("[name]: I was") && written.lines[0].speaker.is_none());
    for text in [
        "Ada: yes\nBen: no",
        "Minutes of the day\n\n- Pat One: too high\n- Jo Sample: yes\n",
        "张三：费用太高\n李四：同意",
        "สมชาย: สูงไป\nสมหญิง: ใช่",
        "Some words before.\n\n[10:15] Pat One: hi\n\nSome words after.\n\nMore.\n\nAnd more.\n",
        "A text.\n\nPat One (Direct Message): secret\n",
    ] {
        assert!(unclear(text, &[]).is_some(), "{text}");
    }
    let letter = "A position of many.\n\nIt was written by Pat One of the Harbour Union.\n";
    assert_eq!(unclear(letter, &[]), None);
    assert!(unclear(letter, &["Pat One"]).unwrap().registrants);
    assert!(unclear("费用太高，王小明说。", &["王小明"]).unwrap().registrants);
    // What is like other texts is one.
    for text in [
        "Fees are too high.\n\nRecommendation: lower them.\n\nObjective 9: as before.\nBackground: see above.\n",
        "# Heading\n\n1. first: a point\n2. second: another",
        "We met at 10:30 and left at 11:00.",
        "See https://example.org: all is there.",
    ] {
        assert_eq!(
            read_as(None, "a.txt", text.as_bytes(), &["May Will"]).map(|seen| seen.read.kind),
            Ok(Kind::Document),
            "{text}"
        );
    }
    assert_eq!(read(Kind::Chat, b"Nobody speaks here."), Err(Unreadable::NobodySpeaks));
}

#[test]
fn speech_is_the_same_in_word() {
    for text in [
        "[10:15] Pat One: Fees.\n[10:16] Jo Sample: As Pat says.",
        "Pat One   0:03\nFees.\nJo Sample   0:13\nAs Pat says.",
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Pat One>Fees.</v>\n\n00:03.000 --> 00:04.000\n<v Jo Sample>As Pat says.</v>",
        "09:41:12 From Pat One to Everyone:\n\tFees.\n09:41:13 From Jo Sample to Everyone:\n\tAs Pat says.\n09:41:13 From Jo Sample to Pat One:\n\tsecret",
        "Participants: many\nPat One, Jo Sample, Somchai Example\nPat One: Fees.\nJo Sample: As Pat says.",
    ] {
        let bytes = spoken_document(text);
        let read =
            read_as(None, "a.docx", &bytes, &[]).unwrap_or_else(|why| panic!("{text}: {why}"));
        assert_eq!(said(&read), [("Pat One", "Fees."), ("Jo Sample", "As [name] says.")], "{text}");
    }
    let unsure = spoken_document("Pat One: Fees.\nJo Sample: Yes.");
    assert!(matches!(read_as(None, "a.docx", &unsure, &[]), Err(Unreadable::Unclear(_))));
}

/// A person, in several scripts.
fn person() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{3,7} [A-Z][a-z]{3,8}",
        "[A-Z][a-zé]{3,7} (van|de|bin) [A-Z][a-zö]{3,8}",
        "[А-Я][а-я]{4,7} [А-Я][а-я]{4,7}",
        "[王李张刘陈][一-十]{0,0}[明华强芳伟]{2}",
        "[ก-ฮ]{4,7} [ก-ฮ]{4,7}",
        "[بتثجحخدرسشصضطعغقمنه]{4,6} [بتثجحخدرسشصضطعغقمنه]{4,6}",
    ]
}

proptest! {
    /// Whoever speaks, in whichever form: no name is left, nothing private is shown, and turns stay apart.
    #[test]
    fn no_name_of_a_speaker_survives(
        people in proptest::collection::vec(person(), 2..5),
        turns in proptest::collection::vec((0..4usize, 0..4usize, 0..5usize, any::<bool>()), 4..14),
        form in 0..9usize,
        word in any::<bool>(),
    ) {
        let mut file = match form {
            4 => "WEBVTT\n\n".to_owned(),
            5 => "Time,Name,To,Message\n".to_owned(),
            7 => format!("A meeting\n{}\n\n", people.join(", ")),
            _ => String::new(),
        };
        for (at, (who, about, how, private)) in turns.iter().enumerate() {
            let (who, about) = (&people[who % people.len()], &people[about % people.len()]);
            let part = about.split(' ').next().unwrap();
            let mention = match how {
                0 => format!("we agree with {about} on this"),
                1 => format!("@{about} is right"),
                2 => format!("so {part}, I say"),
                3 => format!("@{part}: yes"),
                _ => "the fees are too high".to_owned(),
            };
            let to = if *private { about.as_str() } else { "Everyone" };
            let hidden = if *private { "SECRET" } else { "" };
            let private_to = if *private { format!(" to {about}") } else { String::new() };
            file.push_str(&match form {
                0 => format!("10:{at:02}:07 From {who} to {to}:\n\t{mention} {hidden}\n"),
                1 => format!("[10:{at:02}] {who}{private_to}: {mention} {hidden}\n"),
                2 => format!("{who}{private_to}   0:{at:02}\n{mention} {hidden}\n"),
                3 => format!("28/11/2026, 10:{at:02} - {who}{private_to}: {mention} {hidden}\n"),
                4 => format!("00:{at:02}.000 --> 00:{at:02}.500\n<v {who}{private_to}>{mention} {hidden}</v>\n\n"),
                5 => format!("10:{at:02},{who},{to},\"{mention} {hidden}\"\n"),
                6 => format!("0:00:{at:02}.000,0:00:{at:02}.000\n{who}{private_to}: {mention} {hidden}\n\n"),
                _ => format!("{who}{private_to}: {mention} {hidden}\n"),
            });
        }
        let kind = (form == 8).then_some(Kind::Transcript);
        let name = if form == 5 { "a.csv" } else { "a.txt" };
        let read = if word && form != 5 {
            read_as(kind, "a.docx", &spoken_document(&file), &[])
        } else {
            read_as(kind, name, file.as_bytes(), &[])
        };
        // Where nothing but colons and times beside names tell, a file may be held: nothing of it is shown.
        prop_assert!(read.is_ok() || matches!(form, 2 | 7 | 8), "{:?}\n{}", read, file);
        let Ok(read) = read else { return Ok(()) };
        let shown = read.lines.iter().map(|line| line.body.as_str()).collect::<Vec<_>>().join("\n");
        prop_assert!(!shown.contains("SECRET"), "{}\n=>\n{}", file, shown);
        // Whoever neither speaks, nor is spoken to, nor is listed is nobody of this file.
        let known = |person: &&String| form == 7 || turns.iter().any(|(who, about, _, private)| {
            people[who % people.len()] == **person || *private && people[about % people.len()] == **person
        });
        for person in people.iter().filter(known) {
            for part in person.split(' ').filter(|part| part.chars().count() > 3) {
                prop_assert!(!shown.contains(part), "{} in\n{}\n=>\n{}", part, file, shown);
            }
        }
        let open = turns.iter().filter(|turn| !turn.3).count();
        prop_assert!(read.lines.len() <= open, "{}", file);
    }
}
