//! Reference data: the framework with its objectives, the geography of ESCAP, the sectors of GCM para. 44 and the
//! default input categories, compiled in from `config/reference/*.toml`, and the codes by which everything else
//! refers to them. A code that exists is a code that means something: it is refused at the edge otherwise. This
//! file must never know consultations, the database's tables or HTTP.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

mod codes;
mod feature;
mod files;
pub mod http;
mod objective_number;

pub use self::codes::{CategoryCode, CountryCode, SectorCode, SubregionCode};
pub use self::objective_number::ObjectiveNumber;
pub use feature::FEATURE;
use files::{Files, categories, framework, geography, read, sectors};

const GCM: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/reference/gcm.toml"));
const GEOGRAPHY: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/reference/geography.toml"));
const SECTORS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/reference/sectors.toml"));
const CATEGORIES: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/reference/categories.toml"));

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

#[cfg(test)]
mod tests;
