//! Whether words may be a person's name, where a turn may begin. It must never ask who is registered.

use crate::names::is_dense;
use crate::terms::fold::fold;

/// Small words that stand within names.
pub(super) const PARTICLES: &[&str] = &[
    "de", "da", "do", "dos", "das", "di", "du", "del", "della", "van", "von", "der", "den", "ten",
    "ter", "bin", "binti", "binte", "ibn", "bint", "al", "el", "la", "le", "y", "e", "i", "zu",
    "af", "av", "ap", "st", "san",
];

/// What stands before a colon and names nobody. Folded.
const LABELS: &[&str] = &[
    "note",
    "notes",
    "nb",
    "recommendation",
    "recommendations",
    "background",
    "objective",
    "objectives",
    "question",
    "questions",
    "answer",
    "answers",
    "summary",
    "introduction",
    "conclusion",
    "conclusions",
    "challenge",
    "challenges",
    "key challenges",
    "priority",
    "priorities",
    "example",
    "examples",
    "source",
    "sources",
    "contact",
    "date",
    "time",
    "place",
    "venue",
    "title",
    "subject",
    "annex",
    "table",
    "figure",
    "agenda",
    "goal",
    "goals",
    "action",
    "actions",
    "next steps",
    "good practices",
    "good practice",
    "lessons learnt",
    "lessons learned",
    "resource requirements",
    "progress",
    "overall progress",
    "proposal",
    "proposals",
    "why",
    "what",
    "how",
    "who",
    "when",
    "where",
    "first",
    "second",
    "third",
    "finally",
    "also",
    "however",
    "therefore",
    "namely",
    "including",
    "important",
    "warning",
    "attention",
    "context",
    "method",
    "results",
    "result",
    "discussion",
    "opening",
    "closing",
    "session",
    "theme",
    "topic",
    "topics",
    "issue",
    "issues",
    "problem",
    "problems",
    "solution",
    "solutions",
    "fees",
    "points",
    "point",
    "key points",
    "key messages",
    "language",
    "languages",
    "pages",
    "email",
    "e-mail",
    "phone",
    "website",
    "http",
    "https",
    "ps",
    "re",
    "cc",
    "transcript",
    "attendees",
    "participants",
    "teilnehmer",
    "teilnehmende",
    "participantes",
    "asistentes",
    "участники",
    "参加者",
    "与会者",
    "ผู้เข้าร่วม",
    "الحضور",
    "resume",
    "recommandation",
    "recommandations",
    "objectif",
    "objectifs",
    "defis",
    "contexte",
    "exemple",
    "exemples",
    "remarque",
    "recomendacion",
    "recomendaciones",
    "objetivo",
    "objetivos",
    "desafios",
    "ejemplo",
    "nota",
    "antecedentes",
];

/// Longest name, in characters: some calls take 64, and programs write an organization behind it.
const LONGEST: usize = 100;

/// Whether the words may be somebody's name as calls show it.
pub(super) fn may_be_name(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let bare = name.trim_end_matches(')');
    let ends = bare.ends_with(['.', '!', '?', ';', ',', '…', '。', '！', '？', '؟'])
        && !bare.ends_with(|c: char| {
            // “Pat O.” ends with an initial.
            c == '.' && words.last().is_some_and(|last| last.chars().count() <= 3)
        });
    let odd = name
        .contains(['?', '!', ';', '…', '“', '"', '\n', '<', '=', '{', '。', '！', '？', '؟', '；']);
    (1..=10).contains(&words.len())
        && name.chars().count() <= LONGEST
        && !ends
        && !odd
        && !name.contains("://")
        && name.chars().any(char::is_alphabetic)
}

/// Whether the words are written as a name is: with capitals, where there are any, few, and no label.
pub(super) fn is_like_name(name: &str) -> bool {
    if !may_be_name(name) {
        return false;
    }
    let bare = name.split(['(', '|', '[', '（']).next().unwrap_or_default().trim();
    let words: Vec<&str> = bare.split_whitespace().collect();
    let fits = |word: &str| {
        let first = word.chars().find(|c| c.is_alphanumeric());
        first.is_none_or(|c| !c.is_lowercase()) || PARTICLES.contains(&word)
    };
    let dense: usize = bare.chars().filter(|c| is_dense(*c)).count();
    let numbered = words.iter().any(|word| word.chars().all(|c| c.is_numeric() || c == '.'));
    let letters = bare.chars().filter(|c| c.is_alphabetic()).count();
    (1..=5).contains(&words.len())
        && letters >= 2
        && dense <= 30
        && !(dense > 8 && words.len() == 1 && bare.chars().all(is_sinic))
        && words.iter().all(|word| fits(word))
        && !numbered
        && !is_label(bare)
}

/// Whether the words say what follows, and not who.
pub(super) fn is_label(name: &str) -> bool {
    let folded: Vec<String> =
        name.split_whitespace().map(|word| fold(word.trim_matches(':'))).collect();
    LABELS.contains(&folded.join(" ").as_str())
}

/// The beginnings of what months are called. Folded.
const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "ene",
    "abr", "ago", "dic", "fev", "avr", "mai", "jui", "aou", "mrz", "okt", "dez", "янв", "фев",
    "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
];

/// Whether the words are a day: what stands before a time need not be a name.
pub(super) fn is_date(words: &str) -> bool {
    let words: Vec<&str> =
        words.split_whitespace().map(|word| word.trim_matches([',', '.'])).collect();
    let number = |word: &&&str| !word.is_empty() && word.chars().all(char::is_numeric);
    let month = |word: &&str| MONTHS.iter().any(|month| fold(word).starts_with(month));
    let year = words.iter().filter(number).any(|word| word.chars().count() == 4);
    year || words.iter().any(|word| number(&word)) && words.iter().any(month)
}

fn is_sinic(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}
