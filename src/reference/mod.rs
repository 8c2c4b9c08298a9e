//! Reference data: the framework with its objectives, the geography of ESCAP, the sectors of GCM para. 44 and the
//! default input categories, compiled in from `config/reference/*.toml`, and the codes by which everything else
//! refers to them. A code that exists is a code that means something: it is refused at the edge otherwise. This
//! module must never know consultations, the database's tables or HTTP.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::{LazyLock, Mutex, PoisonError};

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use serde::de::{DeserializeOwned, Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

pub mod http;

const GCM: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/reference/gcm.toml"));
const GEOGRAPHY: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/reference/geography.toml"));
const SECTORS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/reference/sectors.toml"));
const CATEGORIES: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/reference/categories.toml"));

/// A code or number that is not in the reference data, with what to write instead. Safe to show to a caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnknownCode(String);

/// Why the compiled-in reference data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// A file is not TOML of the expected shape.
    #[error("config/reference/{file}: {source}")]
    Unreadable {
        /// Name of the file within `config/reference`.
        file: &'static str,
        /// What the parser says, with line and column.
        source: toml::de::Error,
    },
    /// A file reads well but contradicts itself or is incomplete.
    #[error("config/reference/{file}: {reason}")]
    Invalid {
        /// Name of the file within `config/reference`.
        file: &'static str,
        /// What is wrong and where.
        reason: String,
    },
}

// ---------------------------------------------------------------------------------------------- objective numbers

/// Number of an objective of the GCM, 1 to 23. Objectives are referred to by number, never by title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectiveNumber(u8);

impl ObjectiveNumber {
    /// How many objectives the GCM has (A/RES/73/195, annex, para. 16).
    pub const COUNT: u8 = 23;

    /// Every number in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=Self::COUNT).map(Self)
    }

    /// The number itself, 1 to 23.
    pub const fn get(self) -> u8 {
        self.0
    }

    fn refuse(number: impl fmt::Display) -> UnknownCode {
        UnknownCode(format!(
            "objective {number} does not exist: the GCM has {} objectives",
            Self::COUNT
        ))
    }
}

impl TryFrom<i64> for ObjectiveNumber {
    type Error = UnknownCode;

    fn try_from(number: i64) -> Result<Self, UnknownCode> {
        match u8::try_from(number) {
            Ok(small @ 1..=Self::COUNT) => Ok(Self(small)),
            _ => Err(Self::refuse(number)),
        }
    }
}

impl TryFrom<i32> for ObjectiveNumber {
    type Error = UnknownCode;

    fn try_from(number: i32) -> Result<Self, UnknownCode> {
        Self::try_from(i64::from(number))
    }
}

impl TryFrom<u8> for ObjectiveNumber {
    type Error = UnknownCode;

    fn try_from(number: u8) -> Result<Self, UnknownCode> {
        Self::try_from(i64::from(number))
    }
}

impl FromStr for ObjectiveNumber {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let number: i64 = text.parse().map_err(|_| {
            UnknownCode(format!(
                "{text:?} is not an objective number: write a number from 1 to {}",
                Self::COUNT
            ))
        })?;
        Self::try_from(number)
    }
}

impl From<ObjectiveNumber> for u8 {
    fn from(number: ObjectiveNumber) -> Self {
        number.0
    }
}

impl From<ObjectiveNumber> for i32 {
    fn from(number: ObjectiveNumber) -> Self {
        Self::from(number.0)
    }
}

impl From<ObjectiveNumber> for i64 {
    fn from(number: ObjectiveNumber) -> Self {
        Self::from(number.0)
    }
}

impl fmt::Display for ObjectiveNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for ObjectiveNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0)
    }
}

impl<'de> Deserialize<'de> for ObjectiveNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_i64(ObjectiveNumberVisitor)
    }
}

struct ObjectiveNumberVisitor;

impl Visitor<'_> for ObjectiveNumberVisitor {
    type Value = ObjectiveNumber;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an objective number from 1 to {}", ObjectiveNumber::COUNT)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<ObjectiveNumber, E> {
        ObjectiveNumber::try_from(number).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<ObjectiveNumber, E> {
        let small =
            i64::try_from(number).map_err(|_| E::custom(ObjectiveNumber::refuse(number)))?;
        self.visit_i64(small)
    }
}

impl PartialSchema for ObjectiveNumber {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(1))
            .maximum(Some(i32::from(Self::COUNT)))
            .description(Some("Number of an objective of the GCM (A/RES/73/195)."))
            .examples([Value::from(4)])
            .into()
    }
}

impl ToSchema for ObjectiveNumber {}

// ---------------------------------------------------------------------------------------------- codes

/// Keeps one copy of a text for the life of the process, so that codes are `Copy`. Called for compiled-in data only:
/// what it holds cannot grow with what callers send.
fn intern(text: &str) -> &'static str {
    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(text) {
        return found;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    known.insert(kept);
    kept
}

/// Declares a code that points into the reference data: `Copy`, ordered by its text, a string in JSON and OpenAPI.
macro_rules! reference_code {
    ($(#[$doc:meta])* $name:ident, known: $known:expr, describe: $description:literal, refuse: $refuse:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub struct $name(&'static str);

        crate::text_column!($name);

        impl $name {
            /// The code as it is written in JSON, in the database and in the reference files.
            pub const fn as_str(&self) -> &'static str {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;

            fn from_str(text: &str) -> Result<Self, UnknownCode> {
                let known: fn(&'static Reference) -> Vec<$name> = $known;
                let refuse: fn(&str, &[$name]) -> String = $refuse;
                let codes = known(Reference::get());
                let found = codes.iter().find(|code| code.0 == text).copied();
                found.ok_or_else(|| UnknownCode(refuse(text, &codes)))
            }
        }

        impl TryFrom<String> for $name {
            type Error = UnknownCode;

            fn try_from(text: String) -> Result<Self, UnknownCode> {
                text.parse()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let known: fn(&'static Reference) -> Vec<$name> = $known;
                string_enum($description, known(Reference::get()).iter().map($name::as_str))
            }
        }

        impl ToSchema for $name {}
    };
}

fn string_enum<'a>(description: &str, codes: impl Iterator<Item = &'a str>) -> RefOr<Schema> {
    let codes: Vec<Value> = codes.map(Value::from).collect();
    let example = codes.first().cloned();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .examples(example)
        .enum_values(Some(codes))
        .into()
}

fn listed<T: AsRef<str>>(codes: &[T]) -> String {
    codes.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ")
}

reference_code! {
    /// ISO 3166-1 alpha-2 code, in capitals, of a member or associate member of ESCAP.
    CountryCode,
    known: |reference| reference.countries.iter().map(|country| country.code).collect(),
    describe: "ISO 3166-1 alpha-2 code of a member or associate member of ESCAP, in capitals.",
    refuse: |text, codes| match codes.iter().find(|code| code.0.eq_ignore_ascii_case(text.trim())) {
        Some(code) => format!("country code {text:?} is not known: write {code}"),
        None => format!(
            "country code {text:?} is not known: write the two-letter ISO 3166-1 code, in capitals, of a member or \
             associate member of ESCAP, such as TH"
        ),
    }
}

reference_code! {
    /// Code of a subregion of ESCAP, such as `south_east_asia`.
    SubregionCode,
    known: |reference| reference.subregions.iter().map(|subregion| subregion.code).collect(),
    describe: "Code of a subregion of ESCAP.",
    refuse: |text, codes| format!("subregion {text:?} is not known: write one of {}", listed(codes))
}

reference_code! {
    /// Code of the sector of an organization (GCM para. 44, and `un_entity`).
    SectorCode,
    known: |reference| reference.sectors.iter().map(|sector| sector.code).collect(),
    describe: "Code of a stakeholder sector (GCM, para. 44), or un_entity.",
    refuse: |text, codes| format!("sector {text:?} is not known: write one of {}", listed(codes))
}

/// Code of an input category: a snake_case slug of 1 to 40 characters. Unlike the other codes it may be one that a
/// review made up itself.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    AsExpression,
    FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[serde(try_from = "String", into = "String")]
pub struct CategoryCode(String);

crate::text_column!(CategoryCode);

impl CategoryCode {
    /// Longest code, in characters.
    pub const MAX_LENGTH: usize = 40;
    /// What a code looks like, beside its length.
    pub const PATTERN: &'static str = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$";

    /// The code as it is written in JSON and in the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_well_formed(text: &str) -> bool {
        let word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        text.len() <= Self::MAX_LENGTH
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.split('_').all(word)
    }
}

impl FromStr for CategoryCode {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for CategoryCode {
    type Error = UnknownCode;

    fn try_from(text: String) -> Result<Self, UnknownCode> {
        if Self::is_well_formed(&text) {
            return Ok(Self(text));
        }
        Err(UnknownCode(format!(
            "category code {text:?} is not usable: write 1 to {} small letters, digits and single underscores, starting \
             with a letter, such as good_practices",
            Self::MAX_LENGTH
        )))
    }
}

impl From<CategoryCode> for String {
    fn from(code: CategoryCode) -> Self {
        code.0
    }
}

impl AsRef<str> for CategoryCode {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CategoryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl PartialSchema for CategoryCode {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Code of an input category of the review."))
            .pattern(Some(Self::PATTERN))
            .min_length(Some(1))
            .max_length(Some(Self::MAX_LENGTH))
            .examples([Value::from("good_practices")])
            .into()
    }
}

impl ToSchema for CategoryCode {}

// ---------------------------------------------------------------------------------------------- the data

/// What a review is held against, with its numbered objectives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// Short code, such as `gcm`; in capitals it is the framework's abbreviation.
    #[schema(example = "gcm")]
    pub code: String,
    /// Full title.
    #[schema(example = "Global Compact for Safe, Orderly and Regular Migration")]
    pub title: String,
    /// Symbol of the document that adopted it.
    #[schema(example = "A/RES/73/195")]
    pub adopted_by: String,
    /// The objectives, in numeric order and without a gap.
    pub objectives: Vec<Objective>,
}

impl Framework {
    /// The abbreviation used in headings, such as `GCM`.
    pub fn abbreviation(&self) -> String {
        self.code.to_uppercase()
    }
}

/// One numbered objective of a framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Its number, 1 to 23.
    pub number: ObjectiveNumber,
    /// Its title, without a full stop.
    #[schema(
        example = "Ensure that all migrants have proof of legal identity and adequate documentation"
    )]
    pub title: String,
}

/// A subregion of ESCAP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Subregion {
    /// Its code.
    pub code: SubregionCode,
    /// Its name as ESCAP writes it.
    #[schema(example = "South-East Asia")]
    pub name: String,
}

/// A member or associate member of ESCAP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Country {
    /// ISO 3166-1 alpha-2 code.
    pub code: CountryCode,
    /// Its name as ESCAP writes it, such as "Hong Kong, China".
    #[schema(example = "Hong Kong, China")]
    pub name: String,
    /// Whether it is an associate member.
    pub associate: bool,
    /// Its subregion; absent for a member from outside the region.
    pub subregion: Option<SubregionCode>,
}

/// A stakeholder sector of GCM para. 44, or United Nations entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sector {
    /// Its code.
    pub code: SectorCode,
    /// Label in lists and forms, for one organization or person.
    #[schema(example = "National human rights institution")]
    pub name: String,
    /// Phrase for running text, in the plural, with its article where it has one.
    #[schema(example = "national human rights institutions")]
    pub plural: String,
    /// Place in the order of the source, from 1.
    pub order: u8,
}

/// An input category that a new review starts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its code.
    pub code: CategoryCode,
    /// Its heading in reports.
    #[schema(example = "Good practices")]
    pub title: String,
    /// Stands apart from the clusters of objectives, in a section of its own before them.
    #[serde(default)]
    pub overall: bool,
    /// Under a joint heading its paragraphs are grouped by objective.
    #[serde(default)]
    pub splits_by_objective: bool,
}

/// All reference data. What is in here has been checked as a whole: see [`Reference::load`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The framework: the GCM.
    pub framework: Framework,
    /// The subregions of ESCAP, in the order of the file.
    pub subregions: Vec<Subregion>,
    /// Members and associate members of ESCAP, by name.
    pub countries: Vec<Country>,
    /// The sectors, in the order of GCM para. 44.
    pub sectors: Vec<Sector>,
    /// The default input categories, in the order of a report.
    pub categories: Vec<Category>,
}

impl Reference {
    /// The compiled-in reference data, read at first use.
    ///
    /// # Panics
    /// If the compiled-in files are wrong: a mistake in this build that its own tests find.
    pub fn get() -> &'static Self {
        static REFERENCE: LazyLock<Reference> = LazyLock::new(|| match Reference::load() {
            Ok(reference) => reference,
            Err(error) => panic!("the compiled-in reference data cannot be used: {error}"),
        });
        &REFERENCE
    }

    /// Reads and checks the compiled-in files: 23 objectives in order, unique codes and names, known subregions, every
    /// sector in its place, one overall category.
    ///
    /// # Errors
    /// [`ReferenceError`] names the file and what is wrong in it.
    pub fn load() -> Result<Self, ReferenceError> {
        Self::parse(&Files {
            gcm: GCM,
            geography: GEOGRAPHY,
            sectors: SECTORS,
            categories: CATEGORIES,
        })
    }

    fn parse(files: &Files<'_>) -> Result<Self, ReferenceError> {
        let (subregions, countries) = geography(read("geography.toml", files.geography)?)?;
        Ok(Self {
            framework: framework(read("gcm.toml", files.gcm)?)?,
            subregions,
            countries,
            sectors: sectors(read("sectors.toml", files.sectors)?)?,
            categories: categories(read("categories.toml", files.categories)?)?,
        })
    }

    /// The objective of that number. Every number has one.
    pub fn objective(&self, number: ObjectiveNumber) -> &Objective {
        &self.framework.objectives[usize::from(number.get()) - 1]
    }

    /// The country of that code. Every code has one.
    pub fn country(&self, code: CountryCode) -> &Country {
        known(self.countries.iter().find(|country| country.code == code))
    }

    /// The subregion of a country; none for a member from outside the region.
    pub fn subregion_of(&self, country: CountryCode) -> Option<&Subregion> {
        self.country(country).subregion.map(|code| self.subregion(code))
    }

    /// The subregion of that code. Every code has one.
    pub fn subregion(&self, code: SubregionCode) -> &Subregion {
        known(self.subregions.iter().find(|subregion| subregion.code == code))
    }

    /// The sector of that code. Every code has one.
    pub fn sector(&self, code: SectorCode) -> &Sector {
        known(self.sectors.iter().find(|sector| sector.code == code))
    }

    /// The default category of that code, if it is one of the defaults.
    pub fn category(&self, code: &CategoryCode) -> Option<&Category> {
        self.categories.iter().find(|category| category.code == *code)
    }

    /// The heading of a cluster: "GCM Objective 4: Ensure …"; several objectives are joined by a semicolon, each once,
    /// in numeric order: "GCM Objective 11: Manage …; GCM Objective 13: Use …". Empty for no objective.
    pub fn joint_heading(&self, numbers: &[ObjectiveNumber]) -> String {
        let in_order: BTreeSet<ObjectiveNumber> = numbers.iter().copied().collect();
        let abbreviation = self.framework.abbreviation();
        let heading = |number: ObjectiveNumber| {
            let objective = self.objective(number);
            format!("{abbreviation} Objective {number}: {}", objective.title)
        };
        in_order.into_iter().map(heading).collect::<Vec<String>>().join("; ")
    }
}

/// A code is only ever made from an entry of the compiled-in data, so its entry is there.
fn known<T>(entry: Option<&T>) -> &T {
    entry.expect("codes are made from the entries of the compiled-in reference data")
}

// ---------------------------------------------------------------------------------------------- reading and checking

struct Files<'a> {
    gcm: &'a str,
    geography: &'a str,
    sectors: &'a str,
    categories: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GeographyFile {
    subregions: Vec<SubregionEntry>,
    countries: Vec<CountryEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubregionEntry {
    code: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryEntry {
    code: String,
    name: String,
    #[serde(default)]
    associate: bool,
    subregion: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectorsFile {
    sectors: Vec<SectorEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectorEntry {
    code: String,
    name: String,
    plural: String,
    order: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoriesFile {
    categories: Vec<Category>,
}

fn read<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, ReferenceError> {
    toml::from_str(text).map_err(|source| ReferenceError::Unreadable { file, source })
}

fn invalid(file: &'static str, reason: impl Into<String>) -> ReferenceError {
    ReferenceError::Invalid { file, reason: reason.into() }
}

fn require(
    holds: bool,
    file: &'static str,
    reason: impl FnOnce() -> String,
) -> Result<(), ReferenceError> {
    if holds { Ok(()) } else { Err(invalid(file, reason())) }
}

/// Refuses an empty or repeated text, naming it.
fn all_distinct<'a>(
    file: &'static str,
    what: &str,
    texts: impl Iterator<Item = &'a str>,
) -> Result<(), ReferenceError> {
    let mut seen = BTreeSet::new();
    for text in texts {
        require(!text.trim().is_empty(), file, || format!("a {what} is empty"))?;
        require(seen.insert(text), file, || format!("the {what} {text:?} is there twice"))?;
    }
    Ok(())
}

fn framework(framework: Framework) -> Result<Framework, ReferenceError> {
    let file = "gcm.toml";
    let numbers = framework.objectives.iter().map(|objective| objective.number);
    require(numbers.eq(ObjectiveNumber::all()), file, || {
        format!(
            "the objectives must be numbered 1 to {} in order, each once",
            ObjectiveNumber::COUNT
        )
    })?;
    all_distinct(
        file,
        "title",
        framework.objectives.iter().map(|objective| objective.title.as_str()),
    )?;
    Ok(framework)
}

fn geography(read: GeographyFile) -> Result<(Vec<Subregion>, Vec<Country>), ReferenceError> {
    let file = "geography.toml";
    all_distinct(
        file,
        "subregion code",
        read.subregions.iter().map(|subregion| subregion.code.as_str()),
    )?;
    all_distinct(
        file,
        "subregion name",
        read.subregions.iter().map(|subregion| subregion.name.as_str()),
    )?;
    all_distinct(file, "country code", read.countries.iter().map(|country| country.code.as_str()))?;
    all_distinct(file, "country name", read.countries.iter().map(|country| country.name.as_str()))?;
    let subregions: Vec<Subregion> = read.subregions.into_iter().map(subregion).collect();
    let mut countries = read
        .countries
        .into_iter()
        .map(|entry| country(entry, &subregions))
        .collect::<Result<Vec<_>, _>>()?;
    countries.sort_by(|one, other| one.name.cmp(&other.name));
    for subregion in &subregions {
        let is_used = countries.iter().any(|country| country.subregion == Some(subregion.code));
        require(is_used, file, || format!("subregion {} has no country", subregion.code))?;
    }
    Ok((subregions, countries))
}

fn subregion(entry: SubregionEntry) -> Subregion {
    Subregion { code: SubregionCode(intern(&entry.code)), name: entry.name }
}

fn country(entry: CountryEntry, subregions: &[Subregion]) -> Result<Country, ReferenceError> {
    let file = "geography.toml";
    let CountryEntry { code, name, associate, subregion } = entry;
    let is_alpha_2 = code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    require(is_alpha_2, file, || format!("country code {code:?} is not two capital letters"))?;
    let subregion = match subregion {
        None => None,
        Some(wanted) => {
            let found = subregions.iter().find(|subregion| subregion.code.0 == wanted);
            Some(
                found
                    .ok_or_else(|| invalid(file, format!("{code}: no subregion {wanted:?}")))?
                    .code,
            )
        }
    };
    require(!associate || subregion.is_some(), file, || {
        format!("{code}: an associate member has a subregion")
    })?;
    Ok(Country { code: CountryCode(intern(&code)), name, associate, subregion })
}

fn sectors(read: SectorsFile) -> Result<Vec<Sector>, ReferenceError> {
    let file = "sectors.toml";
    all_distinct(file, "code", read.sectors.iter().map(|sector| sector.code.as_str()))?;
    all_distinct(file, "name", read.sectors.iter().map(|sector| sector.name.as_str()))?;
    all_distinct(file, "plural", read.sectors.iter().map(|sector| sector.plural.as_str()))?;
    let in_order = read.sectors.iter().zip(1u8..).all(|(sector, place)| sector.order == place);
    require(in_order, file, || {
        "the sectors must stand in their order, from 1, without a gap".to_owned()
    })?;
    require(!read.sectors.is_empty(), file, || "there is no sector".to_owned())?;
    Ok(read.sectors.into_iter().map(sector).collect())
}

fn sector(entry: SectorEntry) -> Sector {
    let SectorEntry { code, name, plural, order } = entry;
    Sector { code: SectorCode(intern(&code)), name, plural, order }
}

fn categories(read: CategoriesFile) -> Result<Vec<Category>, ReferenceError> {
    let file = "categories.toml";
    all_distinct(file, "code", read.categories.iter().map(|category| category.code.as_str()))?;
    all_distinct(file, "title", read.categories.iter().map(|category| category.title.as_str()))?;
    let overall = read.categories.iter().filter(|category| category.overall).count();
    let first_is_overall = read.categories.first().is_some_and(|category| category.overall);
    require(overall == 1 && first_is_overall, file, || {
        "the first category, and no other, is the overall one".to_owned()
    })?;
    Ok(read.categories)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files<'static> {
        Files { gcm: GCM, geography: GEOGRAPHY, sectors: SECTORS, categories: CATEGORIES }
    }

    fn refusal(files: &Files<'_>) -> String {
        Reference::parse(files).unwrap_err().to_string()
    }

    fn number(number: u8) -> ObjectiveNumber {
        ObjectiveNumber::try_from(number).unwrap()
    }

    #[test]
    fn the_compiled_in_reference_data_is_complete() {
        let reference = Reference::load().unwrap();
        assert_eq!(reference.framework.objectives.len(), 23);
        assert_eq!(reference.subregions.len(), 5);
        assert_eq!(reference.countries.len(), 62);
        assert_eq!(reference.countries.iter().filter(|country| country.associate).count(), 9);
        assert_eq!(
            reference.countries.iter().filter(|country| country.subregion.is_none()).count(),
            4
        );
        assert_eq!(reference.sectors.len(), 14);
        assert_eq!(reference.categories.len(), 7);
        assert_eq!(&reference, Reference::get());
    }

    #[test]
    fn countries_are_named_as_escap_names_them() {
        let name = |code: &str| Reference::get().country(code.parse().unwrap()).name.as_str();
        assert_eq!(name("HK"), "Hong Kong, China");
        assert_eq!(name("LA"), "Lao People's Democratic Republic");
        assert_eq!(name("VN"), "Viet Nam");
        assert_eq!(name("IR"), "Iran (Islamic Republic of)");
        assert_eq!(name("TR"), "Türkiye");
    }

    #[test]
    fn a_country_is_in_its_subregion_and_a_member_from_outside_in_none() {
        let subregion = |code: &str| {
            Reference::get().subregion_of(code.parse().unwrap()).map(|found| found.name.as_str())
        };
        assert_eq!(subregion("TH"), Some("South-East Asia"));
        assert_eq!(subregion("TR"), Some("South and South-West Asia"));
        assert_eq!(subregion("FR"), None);
    }

    #[test]
    fn an_objective_is_a_number_from_1_to_23() {
        for given in i64::from(i8::MIN)..=300 {
            assert_eq!(
                ObjectiveNumber::try_from(given).is_ok(),
                (1..=23).contains(&given),
                "{given}"
            );
        }
        let refusal = "objective 24 does not exist: the GCM has 23 objectives";
        assert_eq!(ObjectiveNumber::try_from(24u8).unwrap_err().to_string(), refusal);
        assert_eq!(serde_json::to_string(&number(4)).unwrap(), "4");
        assert_eq!(serde_json::from_str::<ObjectiveNumber>("4").unwrap(), number(4));
        let read =
            |json: &str| serde_json::from_str::<ObjectiveNumber>(json).unwrap_err().to_string();
        assert!(read("24").starts_with(refusal), "{}", read("24"));
        assert!(
            read("18446744073709551615")
                .starts_with("objective 18446744073709551615 does not exist")
        );
        assert!(
            read("\"4\"").contains("expected an objective number from 1 to 23"),
            "{}",
            read("\"4\"")
        );
        assert!(
            "four"
                .parse::<ObjectiveNumber>()
                .unwrap_err()
                .to_string()
                .contains("write a number from 1 to 23")
        );
    }

    #[test]
    fn a_heading_joins_objectives_in_numeric_order_each_once() {
        let reference = Reference::get();
        assert_eq!(
            reference.joint_heading(&[number(4)]),
            "GCM Objective 4: Ensure that all migrants have proof of legal identity and adequate documentation"
        );
        assert_eq!(
            reference.joint_heading(&[number(10), number(9), number(10)]),
            "GCM Objective 9: Strengthen the transnational response to smuggling of migrants; GCM Objective 10: Prevent, \
             combat and eradicate trafficking in persons in the context of international migration"
        );
        assert_eq!(reference.joint_heading(&[]), "");
    }

    #[test]
    fn a_code_is_a_string_that_survives_the_round_trip() {
        for country in &Reference::get().countries {
            let json = serde_json::to_string(&country.code).unwrap();
            assert_eq!(json, format!("\"{}\"", country.code.as_str()));
            assert_eq!(serde_json::from_str::<CountryCode>(&json).unwrap(), country.code);
        }
        for sector in &Reference::get().sectors {
            assert_eq!(sector.code.to_string().parse::<SectorCode>().unwrap(), sector.code);
            assert_eq!(Reference::get().sector(sector.code), sector);
        }
        for subregion in &Reference::get().subregions {
            assert_eq!(subregion.code.as_str().parse::<SubregionCode>().unwrap(), subregion.code);
        }
    }

    #[test]
    fn an_unknown_code_is_refused_with_what_to_write_instead() {
        let country = |text: &str| text.parse::<CountryCode>().unwrap_err().to_string();
        assert_eq!(country("th"), "country code \"th\" is not known: write TH");
        assert!(country("Thailand").contains("two-letter ISO 3166-1 code"));
        let sector = "ngo".parse::<SectorCode>().unwrap_err().to_string();
        assert!(
            sector.starts_with("sector \"ngo\" is not known: write one of migrants, civil_society"),
            "{sector}"
        );
        assert!(
            "asia".parse::<SubregionCode>().unwrap_err().to_string().contains("south_east_asia")
        );
    }

    #[test]
    fn a_category_code_is_a_snake_case_slug_of_at_most_40_characters() {
        for good in ["a", "covid_19", "good_practices", "x".repeat(40).as_str()] {
            assert_eq!(good.parse::<CategoryCode>().unwrap().as_str(), good);
        }
        for bad in
            ["", "_a", "a_", "a__b", "1a", "Good", "a-b", "é", "a b", "x".repeat(41).as_str()]
        {
            assert!(bad.parse::<CategoryCode>().is_err(), "{bad:?}");
        }
        assert!(serde_json::from_str::<CategoryCode>("\"Good practices\"").is_err());
    }

    #[test]
    fn the_schema_of_a_code_lists_what_it_may_be() {
        let schema = |schema: RefOr<Schema>| serde_json::to_value(schema).unwrap();
        let sector = schema(SectorCode::schema());
        assert_eq!(sector["type"], "string");
        assert_eq!(sector["enum"].as_array().unwrap().len(), 14);
        assert_eq!(sector["examples"][0], "migrants");
        let objective = schema(ObjectiveNumber::schema());
        assert_eq!(
            (&objective["minimum"], &objective["maximum"]),
            (&Value::from(1), &Value::from(23))
        );
        assert_eq!(schema(CategoryCode::schema())["pattern"], CategoryCode::PATTERN);
    }

    #[test]
    fn a_missing_or_reordered_objective_is_refused() {
        let gcm = GCM.replace("number = 23", "number = 22");
        assert!(refusal(&Files { gcm: &gcm, ..files() }).contains("numbered 1 to 23 in order"));
        let gcm = GCM.replace("number = 23", "number = 24");
        assert!(refusal(&Files { gcm: &gcm, ..files() }).contains("objective 24 does not exist"));
    }

    #[test]
    fn a_country_that_is_there_twice_is_refused() {
        let geography = GEOGRAPHY.replace("code = \"LA\"", "code = \"KH\"");
        assert!(
            refusal(&Files { geography: &geography, ..files() })
                .contains("the country code \"KH\" is there twice")
        );
    }

    #[test]
    fn a_country_of_an_unknown_subregion_is_refused() {
        let geography = GEOGRAPHY.replacen("subregion = \"pacific\"", "subregion = \"oceania\"", 1);
        assert!(
            refusal(&Files { geography: &geography, ..files() })
                .contains("no subregion \"oceania\"")
        );
    }

    #[test]
    fn sectors_out_of_order_and_unknown_fields_are_refused() {
        let sectors = SECTORS.replace("order = 14", "order = 15");
        assert!(refusal(&Files { sectors: &sectors, ..files() }).contains("stand in their order"));
        let categories = CATEGORIES.replace("overall = true", "overal = true");
        assert!(refusal(&Files { categories: &categories, ..files() }).contains("unknown field"));
    }

    #[test]
    fn the_sectors_and_default_categories_have_the_agreed_codes_in_order() {
        let sectors: Vec<&str> =
            Reference::get().sectors.iter().map(|sector| sector.code.as_str()).collect();
        let expected = [
            "migrants",
            "civil_society",
            "migrant_and_diaspora_organizations",
            "faith_based_organizations",
            "local_authorities_and_communities",
            "private_sector",
            "trade_unions",
            "parliamentarians",
            "national_human_rights_institutions",
            "red_cross_and_red_crescent",
            "academia",
            "media",
            "other_stakeholders",
            "un_entity",
        ];
        assert_eq!(sectors, expected);
        let categories: Vec<&str> =
            Reference::get().categories.iter().map(|category| category.code.as_str()).collect();
        let expected = [
            "overall_progress",
            "key_challenges",
            "covid_19",
            "good_practices",
            "lessons_learnt",
            "resource_requirements",
            "recommendations",
        ];
        assert_eq!(categories, expected);
    }
}
