//! Languages as word processors tag them: which of three attributes of `w:lang` counts for a language, and a region where
//! spelling dictionaries need one. Must never know where text stands.

use crate::document::{Direction, LanguageTag};

/// Word and LibreOffice find a dictionary by language and region; United Nations spelling is British.
const REGIONS: [(&str, &str); 6] = [
    ("en", "en-GB"),
    ("fr", "fr-FR"),
    ("es", "es-ES"),
    ("ru", "ru-RU"),
    ("ar", "ar-SA"),
    ("zh", "zh-CN"),
];

/// The tag to write: that of the model, with a region if it is one of the six official languages and names none.
pub(super) fn word_tag(language: &LanguageTag) -> String {
    let known = REGIONS.iter().find(|(bare, _)| *bare == language.as_str());
    known.map_or_else(|| language.to_string(), |(_, tag)| (*tag).to_owned())
}

/// The tag of the model for one that was read: without the region that [`word_tag`] adds.
pub(super) fn model_tag(tag: &str) -> Option<LanguageTag> {
    let known = REGIONS.iter().find(|(_, full)| full.eq_ignore_ascii_case(tag));
    LanguageTag::parse(known.map_or(tag, |(bare, _)| bare)).ok()
}

/// The attribute of `w:lang` for the script in which a language is written.
pub(super) fn language_attribute(language: &LanguageTag) -> &'static str {
    match language.primary().as_str() {
        _ if language.direction() == Direction::RightToLeft => "w:bidi",
        "zh" | "ja" | "ko" => "w:eastAsia",
        _ => "w:val",
    }
}
