//! Documents with any text in every place that holds text: from bytes that decide the shape and texts that fill it. A sound one
//! is numbered; one that is not may have notes placed twice or nowhere, forged labels and the same id many times.

use super::super::Kind;
use crate::document::*;
use proptest::prelude::*;

pub(crate) fn texts() -> impl Strategy<Value = Vec<String>> {
    let marks = "[<>&\"'\\]\\[!?;#x0-9\u{0}\u{1}\t\n\u{fffe}\u{feff}\u{202e}\u{2067}\u{2069}\u{200d}\u{85} ]{0,12}";
    let text = prop_oneof![
        marks,
        any::<String>(),
        Just("]]>".to_owned()),
        Just("<!--".to_owned()),
        Just("&#0;".to_owned()),
        Just("__para_1".to_owned()),
        Just("الاتفاق".to_owned())
    ];
    prop::collection::vec(text, 1..12)
}

pub(crate) fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::SummaryReport), Just(Kind::ConferenceRoomPaper)]
}

pub(crate) fn document(bytes: &[u8], texts: &[String], sound: bool) -> Document {
    let mut maker = Maker {
        bytes,
        texts,
        at: 0,
        named: 0,
        sound,
        document: Document::default(),
        targets: vec![],
    };
    maker.meta();
    let count = maker.below(5);
    let mut blocks = maker.blocks(count, 0);
    for _ in 0..maker.below(3) {
        let mut annex = maker.section(0);
        annex.annex = true;
        blocks.push(Block::Section(annex));
    }
    maker.document.blocks = blocks;
    let mut document = maker.document;
    if sound {
        document.number().expect("the document is sound");
    }
    document
}

struct Maker<'a> {
    bytes: &'a [u8],
    texts: &'a [String],
    at: usize,
    named: usize,
    sound: bool,
    document: Document,
    targets: Vec<Id>,
}

impl Maker<'_> {
    fn below(&mut self, end: usize) -> usize {
        let byte = self.bytes.get(self.at % self.bytes.len().max(1)).copied().unwrap_or_default();
        self.at += 1;
        (usize::from(byte) + self.at / self.bytes.len().max(1)) % end
    }

    fn raw(&mut self) -> String {
        let index = self.below(self.texts.len());
        self.texts[index].clone()
    }

    fn text(&mut self) -> Text {
        Text::new(&self.raw())
    }

    fn id(&mut self) -> Id {
        self.named += 1;
        let raw = self.raw();
        if self.sound { Id::new(&format!("{}-{raw}", self.named)) } else { Id::new(&raw) }
    }

    fn lang(&mut self) -> LanguageTag {
        let tags = ["en", "ar", "zh-Hans", "fr-CA", "xx", "ceb", "pa-Arab-PK", "en-a-b-12345678"];
        LanguageTag::parse(tags[self.below(tags.len())]).unwrap()
    }

    fn meta(&mut self) {
        let mut meta = Meta {
            symbol: self.text(),
            organ: self.text(),
            distribution: self.text(),
            date: self.text(),
            original_language: self.text(),
            meeting: (0..self.below(3)).map(|_| self.text()).collect(),
            agenda_items: (0..self.below(3)).map(|_| self.text()).collect(),
            title: self.text(),
            subtitle: self.text(),
            summary: (0..self.below(3)).map(|_| self.paragraph(false)).collect(),
            lang: self.lang(),
            dir: Direction::default(),
            identifier: self.text(),
            heading_style: [HeadingStyle::EscapReport, HeadingStyle::UnManual][self.below(2)],
            notes: (0..self.below(3)).map(|_| self.masthead_note()).collect(),
            other_languages: Vec::new(),
            work: None,
        };
        if self.sound {
            let all = std::mem::take(&mut meta.notes);
            meta.notes = all.into_iter().filter(|note| meta.prints(note.to)).collect();
        }
        self.document.meta = meta;
    }

    fn masthead_note(&mut self) -> MastheadNote {
        let lines = [
            MastheadLine::Symbol,
            MastheadLine::AgendaItems,
            MastheadLine::Title,
            MastheadLine::Summary,
        ];
        let to = lines[self.below(lines.len())];
        MastheadNote {
            to,
            inlines: vec![
                Inline::Text(self.text()),
                Inline::Emphasis(vec![Inline::Text(self.text())]),
            ],
        }
    }

    fn blocks(&mut self, count: usize, depth: u8) -> Vec<Block> {
        let block = |maker: &mut Self| match maker.below(if depth < 4 { 4 } else { 3 }) {
            0 => Block::Table(maker.table()),
            1 => Block::Paragraph(maker.paragraph(false)),
            2 => Block::Paragraph(maker.paragraph(true)),
            _ => Block::Section(maker.section(depth)),
        };
        (0..count).map(|_| block(self)).collect()
    }

    fn section(&mut self, depth: u8) -> Section {
        let id = self.id();
        let level = if self.sound { depth + 1 } else { u8::try_from(self.below(4)).unwrap() + 1 };
        let mut section = Section::new(id, Level::try_from(level).unwrap(), "", vec![]);
        section.heading = self.inlines(0);
        section.unnumbered = self.below(4) == 0;
        section.annex = !self.sound && self.below(5) == 0;
        section.keep = true;
        section.label = if self.sound { String::new() } else { self.raw() };
        let count = self.below(4);
        section.blocks = self.blocks(count, depth + 1);
        section
    }

    fn paragraph(&mut self, numbered: bool) -> Paragraph {
        let id = self.id();
        let count = self.below(5);
        let parts = (0..count).map(|_| self.part()).collect();
        if numbered || !self.sound {
            self.targets.push(id.clone());
        }
        let number = (!self.sound && numbered).then(|| u32::try_from(self.below(4)).unwrap());
        let lang = (self.below(3) == 0).then(|| self.lang());
        Paragraph { id, numbered, number, lang, parts }
    }

    fn part(&mut self) -> ParagraphPart {
        let count = self.below(4);
        let items = |maker: &mut Self| (0..count).map(|_| maker.inlines(0)).collect::<Vec<_>>();
        match self.below(6) {
            0 => ParagraphPart::List(List::Bulleted(items(self))),
            1 => ParagraphPart::List(List::Lettered(items(self))),
            2 => {
                let items = (0..count)
                    .map(|_| LabelledItem { label: self.text(), inlines: self.inlines(0) })
                    .collect();
                ParagraphPart::List(List::Labelled(items))
            }
            _ => ParagraphPart::Text(self.inlines(0)),
        }
    }

    fn inlines(&mut self, depth: usize) -> Vec<Inline> {
        (0..self.below(5)).map(|_| self.inline(depth)).collect()
    }

    fn inline(&mut self, depth: usize) -> Inline {
        let inside = |maker: &mut Self| if depth < 3 { maker.inlines(depth + 1) } else { vec![] };
        match self.below(10) {
            0 => Inline::Emphasis(inside(self)),
            1 => Inline::Strong(inside(self)),
            2 => Inline::Link { href: self.href(), inlines: vec![Inline::Text(self.text())] },
            3 => Inline::Language { lang: self.lang(), inlines: inside(self) },
            4 => self.note(),
            5 => self.reference(),
            6 => Inline::LineBreak,
            _ => Inline::Text(self.text()),
        }
    }

    fn href(&mut self) -> Href {
        let raw = self.raw();
        let tail: String = raw.chars().filter(|c| c.is_alphanumeric()).collect();
        let made = [
            "https://example.org/",
            "mailto:a@b.example?subject=",
            "http://例え.jp:80/?a=1&b=(",
            "https://x/#",
        ];
        let address = format!("{}{tail}", made[self.below(made.len())]);
        Href::parse(&address).unwrap_or_else(|_| Href::parse("https://example.org").unwrap())
    }

    fn note(&mut self) -> Inline {
        if !self.sound && self.below(2) == 0 {
            return Inline::Note(NoteRef(self.below(4)));
        }
        let inlines = vec![Inline::Text(self.text()), Inline::LineBreak, self.reference()];
        let note = self.document.add_note(inlines);
        if !self.sound {
            let table = (self.below(3) == 0).then(|| self.id());
            let last = self.document.notes.last_mut().unwrap();
            (last.number, last.table) = (Some(self.named as u32 % 3), table);
            last.inlines.push(note.clone());
        }
        note
    }

    fn reference(&mut self) -> Inline {
        let text = if self.sound { String::new() } else { self.raw() };
        match self.targets.len() {
            0 => Inline::Text(self.text()),
            count => {
                let at = self.below(count);
                Inline::CrossReference { to: self.targets[at].clone(), text }
            }
        }
    }

    fn cell(&mut self, colspan: u16, rowspan: u16) -> Cell {
        Cell { inlines: self.inlines(0), colspan, rowspan, heading: self.below(3) == 0 }
    }

    fn rows(&mut self, columns: u16) -> Vec<Row> {
        let mut rows = Vec::new();
        for _ in 0..self.below(4) {
            match self.below(3) {
                0 => rows.push(Row { cells: vec![self.cell(columns, 1)] }),
                1 if columns > 1 => {
                    let first = std::iter::once(self.cell(1, 2));
                    rows.push(Row {
                        cells: first.chain((1..columns).map(|_| self.cell(1, 1))).collect(),
                    });
                    rows.push(Row { cells: (1..columns).map(|_| self.cell(1, 1)).collect() });
                }
                _ => rows.push(Row { cells: (0..columns).map(|_| self.cell(1, 1)).collect() }),
            }
        }
        if !self.sound && self.below(3) == 0 {
            rows.push(Row::default());
            rows.push(Row { cells: vec![self.cell(0, 9)] });
        }
        rows
    }

    fn table(&mut self) -> Table {
        let columns = u16::try_from(self.below(4)).unwrap() + 1;
        Table {
            id: self.id(),
            caption: self.inlines(0),
            columns: vec![Column { width: 1 }; usize::from(columns)],
            header: self.rows(columns),
            rows: self.rows(columns),
            lettered_notes: self.below(2) == 0,
        }
    }
}
