use super::*;

const TEXT: &str =
    "States should protect the passports of domestic workers, in line with international law.";

fn candidates(a: &str, b: &str) -> bool {
    let of = |text| buckets(&signature(text).unwrap(), 7, "en");
    of(a).iter().zip(of(b)).any(|(a, b)| *a == b)
}

/// These are stored: when this test fails, the code is wrong, not the test. The values come from a second implementation.
#[test]
fn hashes_stay_as_they_are() {
    assert_eq!(fnv(b"a", FNV_START), 0xaf63_dc4c_8601_ec8c);
    assert_eq!(spread(STEP), 0xe220_a839_7b1d_cdaf);
    let signature = signature(TEXT).unwrap();
    assert_eq!(signature.0[..4], [259_907_462, 230_584_867, 67_113_017, 253_087_029]);
    assert_eq!(signature.0[79], 381_245_376);
    let buckets = buckets(&signature, 1 << 100, "fr-CA");
    assert_eq!((buckets[0], buckets[19]), (-6_659_994_972_384_795_643, 9_098_605_299_637_486_032));
}

#[test]
fn case_signs_and_spelling_of_letters_do_not_count() {
    let typed = "STATES should protect – the pássports of\u{a0}domestic workers; in line with: international law";
    assert_eq!(likeness(TEXT, typed), 1000);
    assert_eq!(signature(TEXT), signature(typed));
}

#[test]
fn an_edited_copy_is_similar_and_another_claim_is_not() {
    let edited =
        "The States should protect passports of domestic workers in line with internatoinal law";
    let other = "Recruitment agencies must not charge fees to the workers that they send abroad.";
    assert!((SIMILAR..SAME).contains(&likeness(TEXT, edited)));
    assert!(candidates(TEXT, edited));
    assert!(likeness(TEXT, other) < SIMILAR);
    assert!(!candidates(TEXT, other));
}

#[test]
fn scope_language_and_band_are_part_of_a_bucket() {
    let signature = signature(TEXT).unwrap();
    let here = buckets(&signature, 1, "en-GB");
    assert_eq!(here, buckets(&signature, 1, "EN"));
    let elsewhere = [
        buckets(&signature, 2, "en"),
        buckets(&signature, 1 << 64, "en"),
        buckets(&signature, 1, "fr"),
    ];
    let distinct: HashSet<i64> = here.into_iter().chain(elsewhere.into_iter().flatten()).collect();
    assert_eq!(distinct.len(), 4 * BANDS);
}

#[test]
fn short_texts_have_no_signature() {
    assert_eq!(signature("Yes, agreed!"), None);
    assert_eq!(signature("移民政"), None);
    assert!(signature("移民政策").is_some());
    assert_eq!(likeness("", ""), 0);
}

#[test]
fn repeated_words_count_as_often_as_they_stand() {
    assert_eq!(likeness("no no no", "no"), 200);
}

#[test]
fn why_shows_what_was_typed() {
    let found = why("We say: protect the\npassports of domestic workers!", TEXT);
    assert_eq!(found.shared_words, ["protect the passports of domestic workers"]);
    let chinese = why("应当保护家政工人的护照", "不得扣留家政工人的护照。");
    assert_eq!(chinese.shared_words, ["家政工人的护照"]);
    let single = why("Passports, first", "second passports");
    assert_eq!(single, Why { likeness_per_mille: 200, shared_words: vec!["Passports".to_owned()] });
}

proptest::proptest! {
    #[test]
    fn likeness_is_even_handed(a in "\\PC{0,60}", b in "[a-d移民 ]{0,40}", c in "[a-d移民 ]{0,40}") {
        assert_eq!(likeness(&b, &c), likeness(&c, &b));
        assert!(likeness(&a, &b) <= 1000);
        assert_eq!(likeness(&a, &a), if words(&a).is_empty() { 0 } else { 1000 });
        assert!(why(&b, &c).shared_words.len() <= MOST_STRETCHES);
    }
}
