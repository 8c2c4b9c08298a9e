//! What looks like a name by its shape alone, for somebody who is about to send a text: the register is not asked, since
//! what it would mark would tell who is registered. It must never change a text; it may mark too much.

use std::ops::Range;

use super::words::{Word, words};
use crate::terms::fold::fold;

/// Words before a name. Folded, without the dot.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "sir",
    "madam",
    "judge",
    "minister",
    "ambassador",
    "sister",
    "brother",
    "father",
    "imam",
    "m",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "docteur",
    "sr",
    "sra",
    "srta",
    "senor",
    "senora",
    "senorita",
    "don",
    "dona",
    "herr",
    "frau",
    "г-н",
    "г-жа",
    "господин",
    "госпожа",
    "товарищ",
    "السيد",
    "السيدة",
    "الدكتور",
    "الدكتورة",
    "الاستاذ",
    "الاستاذة",
    "الشيخ",
];
/// Words after which somebody says who they are, in the official languages and some of the region. Folded; the last
/// word of what is said.
const CUES: &[&[&str]] = &[
    &["my", "name", "is"],
    &["i", "am"],
    &["i", "m"],
    &["this", "is"],
    &["je", "m", "appelle"],
    &["je", "suis"],
    &["me", "llamo"],
    &["mi", "nombre", "es"],
    &["soy"],
    &["меня", "зовут"],
    &["اسمي"],
    &["انا"],
    &["nama", "saya"],
    &["ten", "toi", "la"],
    &["ako", "si"],
    &["ang", "pangalan", "ko", "ay"],
];
/// What stands before a name in scripts without spaces, and how many letters after it may be the name.
const DENSE_CUES: &[(&str, usize)] = &[
    ("我叫", 3),
    ("我名叫", 3),
    ("我的名字是", 3),
    ("นางสาว", 14),
    ("นาง", 14),
    ("นาย", 14),
    ("คุณ", 14),
    ("ผมชื่อ", 14),
    ("ฉันชื่อ", 14),
    ("ดิฉันชื่อ", 14),
    ("私は", 4),
    ("저는", 3),
    ("제 이름은 ", 3),
];
/// What stands after a name in scripts without spaces.
const DENSE_TITLES: &[&str] =
    &["先生", "女士", "小姐", "教授", "博士", "さん", "様", "氏", "씨", "님", "선생님"];
/// Surnames that most Chinese and Korean people have: before a title, one of them begins the name.
const SURNAMES: &str = "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허남심노하곽성차주우구민유나진지엄채원천방공현";
/// Words with capitals that make a name of something else than a person. Folded.
const OF_THINGS: &[&str] = &[
    "act",
    "action",
    "africa",
    "african",
    "agenda",
    "agreement",
    "alliance",
    "america",
    "american",
    "annex",
    "arab",
    "article",
    "asia",
    "asian",
    "assembly",
    "association",
    "australia",
    "bank",
    "bangkok",
    "bay",
    "board",
    "border",
    "bureau",
    "cabinet",
    "campaign",
    "center",
    "centre",
    "chapter",
    "charter",
    "child",
    "children",
    "church",
    "city",
    "civil",
    "climate",
    "code",
    "college",
    "commission",
    "committee",
    "community",
    "compact",
    "conference",
    "congress",
    "constitution",
    "consultation",
    "convention",
    "cooperation",
    "council",
    "country",
    "court",
    "covid",
    "declaration",
    "department",
    "development",
    "directive",
    "district",
    "economic",
    "education",
    "embassy",
    "employment",
    "europe",
    "european",
    "executive",
    "federation",
    "fees",
    "forum",
    "foundation",
    "framework",
    "fund",
    "gcm",
    "general",
    "geneva",
    "global",
    "goal",
    "goals",
    "government",
    "group",
    "gulf",
    "health",
    "high",
    "hong",
    "house",
    "human",
    "ilo",
    "immigration",
    "indian",
    "initiative",
    "institute",
    "international",
    "iom",
    "islamic",
    "island",
    "islands",
    "joint",
    "justice",
    "kingdom",
    "kong",
    "korea",
    "labor",
    "labour",
    "lanka",
    "law",
    "league",
    "level",
    "mandate",
    "mechanism",
    "meeting",
    "mekong",
    "member",
    "migrant",
    "migrants",
    "migration",
    "minister",
    "ministry",
    "mission",
    "mou",
    "movement",
    "nation",
    "national",
    "nations",
    "network",
    "new",
    "ngo",
    "north",
    "northern",
    "objective",
    "ocean",
    "office",
    "operation",
    "order",
    "organisation",
    "organization",
    "pacific",
    "pact",
    "paper",
    "parliament",
    "part",
    "partnership",
    "people",
    "peoples",
    "plan",
    "police",
    "policy",
    "politburo",
    "private",
    "process",
    "programme",
    "program",
    "project",
    "protection",
    "protocol",
    "province",
    "public",
    "recommendation",
    "red",
    "region",
    "regional",
    "regulation",
    "report",
    "republic",
    "resolution",
    "review",
    "rights",
    "river",
    "round",
    "rules",
    "safe",
    "saudi",
    "school",
    "sea",
    "secretariat",
    "secretary",
    "section",
    "sector",
    "security",
    "service",
    "services",
    "session",
    "sinai",
    "social",
    "society",
    "south",
    "southeast",
    "southern",
    "special",
    "state",
    "states",
    "strategy",
    "street",
    "summit",
    "supreme",
    "sustainable",
    "system",
    "table",
    "task",
    "technical",
    "trade",
    "training",
    "treaty",
    "tribunal",
    "trust",
    "un",
    "unhcr",
    "union",
    "unit",
    "united",
    "university",
    "valley",
    "visa",
    "west",
    "western",
    "women",
    "work",
    "workers",
    "working",
    "world",
    "zealand",
    "east",
    "eastern",
    "central",
    "middle",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "nationale",
    "nationales",
    "unies",
    "naciones",
    "unidas",
    "ministere",
    "ministerio",
    "derechos",
    "humanos",
    "droits",
    "homme",
    "pacte",
    "pacto",
    "mondial",
    "mundial",
    "организация",
    "наций",
    "республика",
    "министерство",
    "федерация",
    "договор",
];
/// Words that begin sentences. Folded.
const BEGIN_SENTENCES: &[&str] = &[
    "a",
    "after",
    "all",
    "also",
    "although",
    "an",
    "and",
    "another",
    "any",
    "as",
    "asking",
    "at",
    "because",
    "before",
    "both",
    "but",
    "by",
    "can",
    "dear",
    "did",
    "do",
    "does",
    "during",
    "each",
    "even",
    "every",
    "finally",
    "first",
    "for",
    "from",
    "good",
    "had",
    "has",
    "have",
    "he",
    "hello",
    "her",
    "here",
    "hi",
    "his",
    "how",
    "however",
    "i",
    "if",
    "in",
    "is",
    "it",
    "its",
    "last",
    "later",
    "like",
    "many",
    "may",
    "meanwhile",
    "most",
    "my",
    "next",
    "no",
    "not",
    "now",
    "of",
    "often",
    "on",
    "once",
    "one",
    "only",
    "or",
    "our",
    "people",
    "perhaps",
    "please",
    "recently",
    "said",
    "second",
    "she",
    "should",
    "since",
    "so",
    "some",
    "still",
    "such",
    "thank",
    "thanks",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "third",
    "this",
    "those",
    "though",
    "thus",
    "to",
    "today",
    "tomorrow",
    "two",
    "under",
    "until",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "while",
    "who",
    "why",
    "will",
    "with",
    "without",
    "would",
    "yes",
    "yesterday",
    "yet",
    "you",
    "your",
    "le",
    "la",
    "les",
    "un",
    "une",
    "nous",
    "dans",
    "selon",
    "el",
    "los",
    "las",
    "nosotros",
    "en",
    "segun",
    "hier",
    "ayer",
    "по",
    "в",
    "на",
    "и",
    "мы",
    "вчера",
];
/// Small words within names. As they are written.
const WITHIN: &[&str] = &[
    "de", "da", "do", "dos", "di", "du", "del", "della", "van", "von", "der", "den", "bin",
    "binti", "al", "el", "la", "le", "y", "e",
];
/// Most words of a name with capitals; more of them are a heading.
const MOST_CAPITALS: usize = 4;

/// What looks like somebody's name, in order and apart: words with capitals that follow one another and name nothing known,
/// what follows a title or “my name is”, mentions (`@pat`), addresses, and in Chinese, Japanese, Korean and Thai what stands
/// beside a title. A single word with a capital is none, nor is a line all in capitals.
pub fn by_shape(text: &str) -> Vec<Range<usize>> {
    let found = words(text);
    let read = Reading { text, words: &found };
    let mut places = Vec::new();
    for at in 0..found.len() {
        places.extend(read.mention(at));
        places.extend(read.after_title(at));
        places.extend(read.after_cue(at));
        places.extend(read.capitals(at));
    }
    places.extend(dense(text));
    places.sort_by_key(|place: &Range<usize>| (place.start, place.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places {
        match apart.last_mut() {
            Some(last) if last.end >= place.start => last.end = last.end.max(place.end),
            _ => apart.push(place),
        }
    }
    apart
}

struct Reading<'a> {
    text: &'a str,
    words: &'a [Word],
}

impl Reading<'_> {
    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &self.text[word.start..word.end])
    }

    fn folded(&self, at: usize) -> String {
        fold(self.word(at))
    }

    /// What stands between this word and the one before.
    fn before(&self, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(0, |before| self.words[before].end);
        &self.text[from..self.words[at].start]
    }

    /// Whether this word stands right behind the one before, with nothing but a space between, or what names have.
    fn follows(&self, at: usize) -> bool {
        at > 0
            && at < self.words.len()
            && matches!(self.before(at), " " | "-" | "'" | "’" | "\u{a0}" | "  ")
    }

    /// Whether this word stands behind the initial or title before it.
    fn follows_short(&self, at: usize) -> bool {
        self.follows(at)
            || at > 0 && at < self.words.len() && matches!(self.before(at), ". " | "." | ".\u{a0}")
    }

    fn has_capital(&self, at: usize) -> bool {
        let word = self.word(at);
        let mut letters = word.chars();
        let first = letters.next().is_some_and(char::is_uppercase);
        // What is all in capitals is an abbreviation, or shouted.
        first && (word.chars().count() == 1 || letters.any(char::is_lowercase))
    }

    fn is_initial(&self, at: usize) -> bool {
        self.word(at).chars().count() == 1 && self.has_capital(at)
    }

    fn begins_sentence(&self, at: usize) -> bool {
        let before = self.before(at);
        at == 0 || before.contains(['.', '!', '?', '\n', ':', '•', '…', '"', '“'])
    }

    /// `@pat`, `pat@example.org`.
    fn mention(&self, at: usize) -> Option<Range<usize>> {
        let word = self.words[at];
        let before = self.text[..word.start].strip_suffix(['@', '＠'])?;
        let end = |from: usize| {
            let rest = &self.text[from..];
            let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
            let length = rest.find(ends).unwrap_or(rest.len());
            from + rest[..length].trim_end_matches(['.', '-', '_']).len()
        };
        let local =
            before.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+')));
        let start =
            local.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let mut last = end(word.start);
        // “@Pat One” is more than the first word.
        if start == before.len() {
            let mut next = at + 1;
            while next < self.words.len()
                && self.follows(next)
                && self.has_capital(at)
                && self.has_capital(next)
            {
                last = self.words[next].end;
                next += 1;
            }
        }
        Some(start..last.max(word.end))
    }

    /// `Ms One`, `السيدة فاطمة`.
    fn after_title(&self, at: usize) -> Option<Range<usize>> {
        let title = self.folded(at);
        let hyphened =
            at > 0 && matches!(self.before(at), "-") && matches!(title.as_str(), "н" | "жа");
        if !hyphened && !TITLES.contains(&title.as_str()) {
            return None;
        }
        let cased = self.word(at).chars().any(|c| c.is_uppercase() || c.is_lowercase());
        // “M.” and “Don” are titles with a capital only; so are “Miss” and “Sir”, behind which a name follows.
        let next = at + 1;
        let named = self.follows_short(next) && (!cased || self.has_capital(next));
        if !named || cased && OF_THINGS.contains(&self.folded(next).as_str()) {
            return None;
        }
        let mut last = next;
        while self.follows_short(last + 1) && last < next + 3 && cased && self.goes_on(last + 1) {
            last += 1;
        }
        if !cased && self.follows(last + 1) {
            last += 1;
        }
        Some(self.words[next].start..self.words[last].end)
    }

    /// `my name is pat`, `меня зовут Анна`.
    fn after_cue(&self, at: usize) -> Option<Range<usize>> {
        let cue = CUES.iter().find(|cue| {
            cue.len() <= at + 1
                && cue.iter().rev().zip((0..=at).rev()).all(|(word, at)| self.folded(at) == *word)
        })?;
        let next = at + 1;
        if !self.follows(next)
            && !matches!(self.words.get(next).map(|_| self.before(next)), Some(": "))
        {
            return None;
        }
        let cased = self.word(next).chars().any(|c| c.is_uppercase() || c.is_lowercase());
        // “I am tired”, but “my name is pat”.
        let names = cue.len() > 2
            || cue.contains(&"llamo")
            || cue.contains(&"зовут")
            || cue.contains(&"اسمي");
        if cased && !self.has_capital(next) && !names
            || OF_THINGS.contains(&self.folded(next).as_str())
        {
            return None;
        }
        let mut last = next;
        while self.follows_short(last + 1) && last < next + 3 && self.goes_on(last + 1) {
            last += 1;
        }
        if !cased && names && self.follows(last + 1) {
            last += 1;
        }
        Some(self.words[next].start..self.words[last].end)
    }

    /// Whether a name may go on with this word.
    fn goes_on(&self, at: usize) -> bool {
        self.has_capital(at)
            || WITHIN.contains(&self.word(at)) && self.follows(at + 1) && self.has_capital(at + 1)
    }

    /// Two to four words with capitals that follow one another.
    fn capitals(&self, at: usize) -> Option<Range<usize>> {
        let starts = self.has_capital(at)
            && !(self.follows_short(at) && self.has_capital(at - 1) && self.follows(at));
        if !starts || at > 0 && self.follows(at) && WITHIN.contains(&self.word(at - 1)) {
            return None;
        }
        let mut last = at;
        while last < at + 8 {
            let short =
                self.is_initial(last) && self.follows_short(last + 1) || self.follows(last + 1);
            if !short || !self.goes_on(last + 1) {
                break;
            }
            last += 1;
        }
        let mut first = at;
        if self.begins_sentence(first) && BEGIN_SENTENCES.contains(&self.folded(first).as_str()) {
            first += 1;
        }
        let many = (last + 1).saturating_sub(first);
        if !(2..=MOST_CAPITALS).contains(&many) {
            return None;
        }
        let thing = (first..=last).any(|at| OF_THINGS.contains(&self.folded(at).as_str()));
        let (start, end) = (self.words[first].start, self.words[last].end);
        let initials = (first..=last).all(|at| self.is_initial(at));
        (!thing && !initials).then_some(start..end)
    }
}

/// Names beside what stands before or after them in scripts without spaces.
fn dense(text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let letter = |c: &(usize, char)| {
        c.1.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c.1)
    };
    for (cue, most) in DENSE_CUES {
        for (at, _) in text.match_indices(cue) {
            // A Thai title stands at the beginning of a word.
            let titled = cue.starts_with(['น', 'ค']);
            if titled && text[..at].ends_with(|c: char| c.is_alphabetic() && !c.is_ascii()) {
                continue;
            }
            let start = at + cue.len();
            let rest = &text[start..];
            let skipped = rest.len() - rest.trim_start_matches(' ').len();
            let name = rest[skipped..].char_indices().take_while(letter).take(*most);
            if let Some((last, c)) = name.last() {
                places.push(start + skipped..start + skipped + last + c.len_utf8());
            }
        }
    }
    for title in DENSE_TITLES {
        for (at, _) in text.match_indices(title) {
            let before: Vec<(usize, char)> =
                text[..at].trim_end_matches(' ').char_indices().rev().take(4).collect();
            let named = before.iter().take(4).enumerate().find(|(_, (_, c))| SURNAMES.contains(*c));
            let whole = before.iter().take_while(|c| super::is_dense(c.1)).count();
            if let Some((many, (start, _))) = named
                && many < whole
            {
                places.push(*start..at);
            }
        }
    }
    places
}
