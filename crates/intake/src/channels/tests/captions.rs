//! Captions by each program.

use proptest::prelude::*;

use super::*;

const VTT: Kind = Kind::Transcript;

#[test]
fn captions_by_zoom() {
    let read = read_file(VTT, "captions_by_zoom.vtt");
    assert_eq!(
        said(&read),
        [
            ("Ada Brook", "Good morning from the coast. We have one request: no fees for workers."),
            ("Ben Okafor", "Yes. Yes."),
            ("", "so my point is this: nobody asked."),
        ]
    );
    assert_eq!(read.passed_over, []);
    assert_eq!(read.lines[1].at, 17);
}

#[test]
fn captions_by_teams() {
    let read = read_file(VTT, "captions_by_teams.vtt");
    assert_eq!(
        said(&read),
        [
            ("Ada Brook", "Good morning from the coast & the islands. We ask for less than <5%."),
            ("Ben Okafor", "Seconded."),
        ]
    );
    assert_eq!(read.language.as_deref(), Some("en-gb"));
    assert_eq!(passed(&read), [3, 5, 7].map(|line| (line, line, Why::NoCaption)));
}

#[test]
fn captions_by_youtube_roll() {
    let read = read_file(VTT, "captions_by_youtube.vtt");
    assert_eq!(bodies(&read), ["good morning from the coast we ask for ferries"]);
    assert_eq!(read.language.as_deref(), Some("en"));
    let repeated = [(10, 10), (14, 14), (18, 18), (22, 22)];
    assert_eq!(passed(&read), repeated.map(|(first, last)| (first, last, Why::Repeated)));
}

#[test]
fn captions_by_the_book() {
    let read = read_file(VTT, "captions_by_w3c.vtt");
    assert_eq!(
        said(&read),
        [
            ("Ada Brook", "Hear us: les ports"),
            ("Ben Okafor", "And the islands."),
            (
                "",
                "No voice. <script>alert(1)</script> a < b A pause came before. A time that is wrong keeps its text."
            ),
        ]
    );
    assert_eq!(
        passed(&read),
        [
            (3, 4, Why::NoCaption),
            (6, 8, Why::NoCaption),
            (10, 12, Why::NoCaption),
            (27, 27, Why::Empty),
            (29, 29, Why::NoCaption),
        ]
    );
}

#[test]
fn a_pause_after_a_sentence_ends_what_nobody_signed() {
    let text = "WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n\n00:05.000 --> 00:06.000\nTwo\n\n00:10.000 --> 00:11.000\nthree.\n\n00:12.000 --> 00:13.000\nFour.\n";
    assert_eq!(bodies(&read_text(VTT, text)), ["One.", "Two three. Four."]);
}

#[test]
fn what_is_said_twice_is_kept() {
    let cue = |at: usize| format!("00:0{at}.000 --> 00:0{at}.900\nYes.\n\n");
    let text: String = (1..6).map(cue).collect();
    assert_eq!(bodies(&read_text(VTT, &format!("WEBVTT\n\n{text}"))), ["Yes. Yes. Yes. Yes. Yes."]);
}

#[test]
fn odd_captions() {
    let cases = [
        ("00:00:01,000 --> 00:00:02,000\nas subtitles", vec!["as subtitles"]),
        ("WEBVTT\n\n1\n00:01.000 --> 00:02.000\na\n2\n00:02.000 --> 00:03.000\nb", vec!["a b"]),
        ("WEBVTT\n00:01.000 --> 00:02.000\nno empty line above", vec!["no empty line above"]),
        (
            "WEBVTT\n\n99999999999999999999:00 --> x\nhuge &#0; &#x41; &#xffffffff; &unknown; &",
            vec!["huge &#0; A &#xffffffff; &unknown; &"],
        ),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v\nAda>text <v", vec!["text <v"]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nfrom A --> to B", vec!["from A --> to B"]),
        ("WEBVTT", vec![]),
    ];
    for (text, expected) in cases {
        assert_eq!(bodies(&read_text(VTT, text)), expected, "{text:?}");
    }
    assert_eq!(read(VTT, b"Good morning"), Err(Unreadable::NobodySpeaks));
}

proptest! {
    /// Every word of every cue is in the lines, in order, whoever speaks.
    #[test]
    fn nothing_is_lost(cues in proptest::collection::vec((0..4usize, "[a-z<>&]{1,9}( [a-zé.,]{1,9}){0,5}", 1..9000u32), 1..30)) {
        let speakers = ["Ada Brook", "Ben Okafor", "Chen Li"];
        let (mut text, mut at) = ("WEBVTT\n\n".to_owned(), 0);
        for (speaker, words, pause) in &cues {
            let stamp = |at: u32| format!("{:02}:{:02}.{:03}", at / 60_000, at / 1000 % 60, at % 1000);
            let escaped = words.replace('&', "&amp;").replace('<', "&lt;");
            let body = speakers.get(*speaker).map_or(escaped.clone(), |name| format!("<v {name}>{escaped}</v>"));
            text.push_str(&format!("{} --> {}\n{body}\n\n", stamp(at), stamp(at + 500)));
            at += 500 + pause;
        }
        let read = read_text(VTT, &text);
        let voiced = cues.iter().any(|(speaker, ..)| *speaker < 3);
        let all: Vec<&str> = read.lines.iter().flat_map(|line| line.body.split_whitespace()).collect();
        let expected: Vec<&str> = cues.iter().flat_map(|(_, words, _)| words.split_whitespace()).collect();
        if voiced || read.passed_over.is_empty() {
            prop_assert_eq!(all, expected);
        }
    }
}
