//! The reference data as it is compiled in, and what is wrong with it told by file.

use serde_json::Value;
use utoipa::PartialSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

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
    assert_eq!(reference.countries.iter().filter(|country| country.subregion.is_none()).count(), 4);
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
        assert_eq!(ObjectiveNumber::try_from(given).is_ok(), (1..=23).contains(&given), "{given}");
    }
    let refusal = "objective 24 does not exist: the GCM has 23 objectives";
    assert_eq!(ObjectiveNumber::try_from(24u8).unwrap_err().to_string(), refusal);
    assert_eq!(serde_json::to_string(&number(4)).unwrap(), "4");
    assert_eq!(serde_json::from_str::<ObjectiveNumber>("4").unwrap(), number(4));
    let read = |json: &str| serde_json::from_str::<ObjectiveNumber>(json).unwrap_err().to_string();
    assert!(read("24").starts_with(refusal), "{}", read("24"));
    assert!(
        read("18446744073709551615").starts_with("objective 18446744073709551615 does not exist")
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
    assert!("asia".parse::<SubregionCode>().unwrap_err().to_string().contains("south_east_asia"));
}

#[test]
fn a_category_code_is_a_snake_case_slug_of_at_most_40_characters() {
    for good in ["a", "covid_19", "good_practices", "x".repeat(40).as_str()] {
        assert_eq!(good.parse::<CategoryCode>().unwrap().as_str(), good);
    }
    for bad in ["", "_a", "a_", "a__b", "1a", "Good", "a-b", "é", "a b", "x".repeat(41).as_str()] {
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
    assert_eq!((&objective["minimum"], &objective["maximum"]), (&Value::from(1), &Value::from(23)));
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
        refusal(&Files { geography: &geography, ..files() }).contains("no subregion \"oceania\"")
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
