//! What people write into cells, as our values: countries by name or code, sectors by label, languages, yes and no.
//! Pure. An error says what was found and what to write instead.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::consultations::is_language_tag;
use crate::reference::{CountryCode, Reference, SectorCode};
use crate::registrations::{AgeBand, Gender};

/// What a cell cannot be: a stable name and what to change.
pub struct Unknown(pub &'static str, pub String);

/// Names of members of ESCAP that are used beside the one ESCAP uses, and ISO 3166-1 alpha-3 codes.
/// Source: ISO 3166-1; Unicode CLDR, territory names in English; the short names that pycountry (Indico) gives.
#[rustfmt::skip]
const OTHER_NAMES: &[(&str, &[&str])] = &[
    ("AF", &["AFG"]), ("AM", &["ARM"]), ("AS", &["ASM"]), ("AU", &["AUS"]), ("AZ", &["AZE"]), ("BD", &["BGD"]),
    ("BN", &["BRN", "Brunei"]), ("BT", &["BTN"]), ("CK", &["COK"]), ("CN", &["CHN", "People's Republic of China", "PRC"]),
    ("FJ", &["FJI"]), ("FM", &["FSM", "Micronesia"]), ("FR", &["FRA"]), ("GB", &["GBR", "United Kingdom", "UK", "Great Britain"]),
    ("GE", &["GEO"]), ("GU", &["GUM"]), ("HK", &["HKG", "Hong Kong", "Hong Kong SAR"]), ("ID", &["IDN"]), ("IN", &["IND"]),
    ("IR", &["IRN", "Iran"]), ("JP", &["JPN"]), ("KG", &["KGZ"]), ("KH", &["KHM"]), ("KI", &["KIR"]),
    ("KP", &["PRK", "North Korea", "DPRK", "DPR Korea"]), ("KR", &["KOR", "South Korea", "ROK", "Korea"]), ("KZ", &["KAZ"]),
    ("LA", &["LAO", "Laos", "Lao PDR"]), ("LK", &["LKA"]), ("MH", &["MHL"]), ("MM", &["MMR", "Burma"]), ("MN", &["MNG"]),
    ("MO", &["MAC", "Macau", "Macao", "Macao SAR"]), ("MP", &["MNP"]), ("MV", &["MDV"]), ("MY", &["MYS"]), ("NC", &["NCL"]),
    ("NL", &["NLD", "The Netherlands", "Holland", "Netherlands, Kingdom of the"]), ("NP", &["NPL"]), ("NR", &["NRU"]), ("NU", &["NIU"]),
    ("NZ", &["NZL", "Aotearoa New Zealand"]), ("PF", &["PYF"]), ("PG", &["PNG"]), ("PH", &["PHL", "The Philippines"]), ("PK", &["PAK"]),
    ("PW", &["PLW"]), ("RU", &["RUS", "Russia"]), ("SB", &["SLB"]), ("SG", &["SGP"]), ("TH", &["THA"]), ("TJ", &["TJK"]),
    ("TL", &["TLS", "East Timor"]), ("TM", &["TKM"]), ("TO", &["TON"]), ("TR", &["TUR", "Turkey", "Turkiye"]), ("TV", &["TUV"]),
    ("US", &["USA", "United States", "US of America"]), ("UZ", &["UZB"]), ("VN", &["VNM", "Vietnam"]), ("VU", &["VUT"]), ("WS", &["WSM"]),
];

/// Languages by name, for files whose form let people choose from names.
/// Source: ISO 639-1, English names and those the languages have for themselves.
#[rustfmt::skip]
const LANGUAGES: &[(&str, &[&str])] = &[
    ("ar", &["Arabic", "العربية"]), ("bn", &["Bengali", "Bangla", "বাংলা"]), ("de", &["German", "Deutsch"]),
    ("en", &["English"]), ("es", &["Spanish", "Español"]), ("fa", &["Persian", "Farsi", "فارسی"]), ("fil", &["Filipino"]),
    ("fr", &["French", "Français"]), ("hi", &["Hindi", "हिन्दी"]), ("id", &["Indonesian", "Bahasa Indonesia"]),
    ("ja", &["Japanese", "日本語"]), ("km", &["Khmer", "ខ្មែរ"]), ("ko", &["Korean", "한국어"]), ("lo", &["Lao", "ລາວ"]),
    ("mn", &["Mongolian", "Монгол"]), ("ms", &["Malay", "Bahasa Melayu"]), ("my", &["Burmese", "Myanmar", "မြန်မာ"]),
    ("ne", &["Nepali", "नेपाली"]), ("pt", &["Portuguese", "Português"]), ("ru", &["Russian", "Русский"]),
    ("si", &["Sinhala", "සිංහල"]), ("ta", &["Tamil", "தமிழ்"]), ("tet", &["Tetum"]), ("th", &["Thai", "ไทย"]), ("tl", &["Tagalog"]),
    ("tr", &["Turkish", "Türkçe"]), ("ur", &["Urdu", "اردو"]), ("uz", &["Uzbek"]), ("vi", &["Vietnamese", "Tiếng Việt"]),
    ("zh", &["Chinese", "Mandarin", "中文"]),
];

/// A name by its words whatever their order: "Korea, Republic of" is "Republic of Korea".
fn words(name: &str) -> String {
    let lower = name.to_lowercase().replace(['\u{2019}', '\''], "");
    let mut words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\u{301}')
        .filter(|word| !matches!(*word, "" | "the" | "of" | "and"))
        .collect();
    words.sort_unstable();
    words.join(" ")
}

/// The country of a name or an ISO 3166-1 code (two letters or three).
pub fn country(text: &str) -> Result<CountryCode, Unknown> {
    static KNOWN: LazyLock<BTreeMap<String, CountryCode>> = LazyLock::new(|| {
        let countries = &Reference::get().countries;
        let others = OTHER_NAMES.iter().flat_map(|(code, names)| {
            let known = countries.iter().find(|country| country.code.as_str() == *code);
            known
                .into_iter()
                .flat_map(|country| names.iter().map(|name| (words(name), country.code)))
        });
        let own = countries.iter().flat_map(|country| {
            [(words(&country.name), country.code), (words(country.code.as_str()), country.code)]
        });
        others.chain(own).collect()
    });
    KNOWN.get(&words(text)).copied().ok_or_else(|| {
        let detail = format!(
            "“{}” is no country that is known: write its name as ESCAP does, or its ISO 3166 code",
            short(text)
        );
        Unknown("unknown_country", detail)
    })
}

/// The sector of a code or a label, in the singular or plural.
pub fn sector(text: &str) -> Result<SectorCode, Unknown> {
    let wanted = words(text);
    let named = |names: [&str; 3]| names.iter().any(|name| words(name) == wanted);
    let sectors = &Reference::get().sectors;
    let found = sectors.iter().find(|one| named([one.code.as_str(), &one.name, &one.plural]));
    found.map(|sector| sector.code).ok_or_else(|| {
        let names: Vec<&str> = sectors.iter().map(|sector| sector.name.as_str()).collect();
        Unknown(
            "unknown_sector",
            format!("“{}” is no sector; there are {}", short(text), names.join("; ")),
        )
    })
}

/// A gender as somebody stated it; none for who preferred not to.
pub fn gender(text: &str) -> Result<Option<Gender>, Unknown> {
    match text.to_lowercase().trim_end_matches('.') {
        "woman" | "female" | "f" | "w" | "women" | "ms" | "mrs" => Ok(Some(Gender::Woman)),
        "man" | "male" | "m" | "men" | "mr" => Ok(Some(Gender::Man)),
        "another" | "other" | "non-binary" | "nonbinary" | "diverse" | "x" => {
            Ok(Some(Gender::Another))
        }
        "prefer not to say" | "not stated" | "not specified" | "undisclosed" | "n/a" | "-" => {
            Ok(None)
        }
        _ => {
            let detail = format!(
                "“{}” cannot be read as a gender: write woman, man or another, or leave it empty",
                short(text)
            );
            Err(Unknown("unknown_gender", detail))
        }
    }
}

/// An age band.
pub fn age_band(text: &str) -> Result<AgeBand, Unknown> {
    let plain = text.to_lowercase().replace(['–', '-', ' '], "_");
    let plain = plain.replace('+', "_plus").replace("__", "_");
    plain.parse().map_err(|_| {
        let bands: Vec<&str> = AgeBand::ALL.iter().map(|band| band.as_str()).collect();
        Unknown(
            "unknown_age_band",
            format!("“{}” is no age band; there are {}", short(text), bands.join(", ")),
        )
    })
}

/// Yes or no.
pub fn flag(text: &str) -> Result<bool, Unknown> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" | "✓" | "✔" | "agreed" | "accepted" => Ok(true),
        "no" | "n" | "false" | "0" | "-" => Ok(false),
        _ => Err(Unknown("not_yes_or_no", format!("“{}” is neither yes nor no", short(text)))),
    }
}

/// Several things in one cell, between `;`, `,`, `|` or line ends.
pub fn several(text: &str) -> Vec<&str> {
    text.split([';', ',', '|', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// A language by its BCP 47 tag or its name.
pub fn language(text: &str) -> Result<String, Unknown> {
    let lower = text.to_lowercase();
    let named =
        LANGUAGES.iter().find(|(_, names)| names.iter().any(|name| name.to_lowercase() == lower));
    if let Some((tag, _)) = named {
        return Ok((*tag).to_owned());
    }
    if is_language_tag(text) {
        return Ok(text.to_owned());
    }
    let detail = format!(
        "“{}” is no language that is known by name: write its BCP 47 tag, such as en or zh-Hant",
        short(text)
    );
    Err(Unknown("unknown_language", detail))
}

/// Numbers of groups or rounds.
pub fn numbers(text: &str) -> Result<Vec<i32>, Unknown> {
    let number = |part: &str| {
        let digits = part.trim_start_matches(|c: char| !c.is_ascii_digit());
        digits
            .parse()
            .map_err(|_| Unknown("not_a_number", format!("“{}” is no number", short(part))))
    };
    several(text).into_iter().map(number).collect()
}

/// Enough of a cell to find it again, and not all of somebody's story.
fn short(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_found_by_any_of_their_names() {
        for (text, code) in [
            ("TH", "TH"),
            ("tha", "TH"),
            ("Thailand", "TH"),
            ("viet nam", "VN"),
            ("Vietnam", "VN"),
            ("Iran, Islamic Republic of", "IR"),
            ("Korea, Republic of", "KR"),
            ("Korea, Democratic People’s Republic of", "KP"),
            ("Lao People's Democratic Republic", "LA"),
            ("Hong Kong", "HK"),
            ("Türkiye", "TR"),
            ("United States of America", "US"),
            ("Russian Federation", "RU"),
        ] {
            assert_eq!(country(text).ok().map(|code| code.as_str()), Some(code), "{text}");
        }
        assert!(country("Atlantis").is_err());
        // Every other name belongs to a country of the reference data.
        let codes: Vec<&str> =
            Reference::get().countries.iter().map(|one| one.code.as_str()).collect();
        assert!(OTHER_NAMES.iter().all(|(code, _)| codes.contains(code)));
    }

    #[test]
    fn the_rest_is_read_as_people_write_it() {
        assert_eq!(sector("Trade union").ok().map(|code| code.as_str()), Some("trade_unions"));
        assert_eq!(
            sector("the private sector").ok().map(|code| code.as_str()),
            Some("private_sector")
        );
        assert_eq!(sector("civil_society").ok().map(|code| code.as_str()), Some("civil_society"));
        assert_eq!(age_band("18–24").ok(), Some(AgeBand::From18To24));
        assert_eq!(age_band("60+").ok(), Some(AgeBand::From60));
        assert_eq!(language("Français").ok().as_deref(), Some("fr"));
        assert_eq!(language("zh-Hant").ok().as_deref(), Some("zh-Hant"));
        assert_eq!(numbers("WG 1; 4").ok(), Some(vec![1, 4]));
        assert!(flag("perhaps").is_err() && gender("?").is_err());
    }
}
