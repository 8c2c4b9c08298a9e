//! Which organizations somebody may mean who types a name, an acronym and a web site. Pure: only suggests; nothing is
//! merged by it. Names are compared by Sørensen's index over pairs of letters: the order of words hardly matters to it,
//! a slip of the finger costs two pairs, and it knows no language. It is written out here because `strsim` 0.11 divides
//! by bytes, so that a name in Thai or Arabic is like nothing but itself. A sieve of one machine word for each name, made when
//! it is loaded, keeps a hundred thousand names cheap.

use std::cmp::Ordering;

use super::{OrganizationId, normalized};
use crate::text_enum;

/// How alike two names must be to be suggested: one letter in ten may be wrong, or a short word be missing.
const ALIKE: f64 = 0.6;
/// How alike a name is that begins with what was typed so far.
const BEGINS: f64 = 0.75;
/// Typed so far: shorter beginnings say nothing.
const SHORTEST_BEGINNING: usize = 4;
/// Suggestions of one answer, at most.
pub const MOST: usize = 10;
/// Hosts where many organizations have their pages: there the first part of the path tells them apart.
const SHARED_HOSTS: [&str; 10] = [
    "facebook.com",
    "instagram.com",
    "linkedin.com",
    "linktr.ee",
    "medium.com",
    "sites.google.com",
    "t.me",
    "twitter.com",
    "x.com",
    "youtube.com",
];

text_enum! {
    /// Why an organization is suggested.
    pub enum MatchReason {
        /// It has this name, or was merged with an entry that had it.
        SameName => "same_name",
        /// Its pages are at the same place.
        SameSite => "same_site",
        /// It has this short form; others may have it too.
        SameAcronym => "same_acronym",
        /// Its name is nearly the same, or begins so.
        SimilarName => "similar_name",
    }
}

/// What is being typed; what is `None` says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// A name, or its beginning.
    pub name: Option<String>,
    /// A short form.
    pub acronym: Option<String>,
    /// A web address.
    pub website: Option<String>,
}

/// What an organization is found by, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Whose it is.
    pub id: OrganizationId,
    /// Its name and the names of what was merged into it, normalized.
    pub names: Vec<String>,
    /// Its short forms, as they are written.
    pub acronyms: Vec<String>,
    /// Of each name.
    sieves: Vec<u64>,
    short_forms: Vec<String>,
    sites: Vec<String>,
}

impl Known {
    /// Of these names, which are normalized, short forms and web addresses.
    pub fn new(
        id: OrganizationId,
        names: Vec<String>,
        acronyms: Vec<String>,
        websites: &[String],
    ) -> Self {
        Self {
            sieves: names.iter().map(|name| sieve(name)).collect(),
            short_forms: acronyms.iter().map(|acronym| short_form(acronym)).collect(),
            sites: websites.iter().filter_map(|website| site(website)).collect(),
            id,
            names,
            acronyms,
        }
    }
}

/// One suggestion.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Which organization.
    pub id: OrganizationId,
    /// From 0 to 1: how sure it is that this one is meant.
    pub score: f64,
    /// Why, the weightiest first.
    pub reasons: Vec<MatchReason>,
}

/// What was typed, ready to be compared.
#[derive(Debug)]
pub struct Matcher {
    name: String,
    pairs: Vec<Pair>,
    sieve: u64,
    short_forms: Vec<String>,
    site: Option<String>,
}

impl Matcher {
    /// Of what was typed; none when there is nothing in it to compare.
    pub fn of(typed: &Typed) -> Option<Self> {
        let name = normalized(typed.name.as_deref().unwrap_or_default());
        // Some type the short form where the name belongs.
        let written = [typed.acronym.as_deref(), typed.name.as_deref()];
        let short_forms: Vec<String> =
            written.into_iter().flatten().map(short_form).filter(|one| !one.is_empty()).collect();
        let site = typed.website.as_deref().and_then(site);
        let pairs = sorted_pairs(&name);
        let matcher = Self { sieve: sieve(&name), pairs, name, short_forms, site };
        let nothing = matcher.short_forms.is_empty() && matcher.site.is_none();
        (!nothing).then_some(matcher)
    }

    /// The best matches first; equal ones by id.
    pub fn best<'k>(&self, known: impl IntoIterator<Item = &'k Known>) -> Vec<Match> {
        let mut found: Vec<Match> =
            known.into_iter().filter_map(|known| self.compare(known)).collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        found
    }

    /// How well one organization fits; none when nothing speaks for it.
    pub fn compare(&self, known: &Known) -> Option<Match> {
        let mut grounds: Vec<(f64, MatchReason)> = Vec::new();
        let names = known.names.iter().zip(&known.sieves);
        let alike = names.map(|(name, sieve)| self.alike(name, *sieve)).fold(0.0, f64::max);
        if alike >= 1.0 {
            grounds.push((1.0, MatchReason::SameName));
        } else if alike >= ALIKE {
            grounds.push((alike, MatchReason::SimilarName));
        }
        if self.site.as_ref().is_some_and(|site| known.sites.contains(site)) {
            grounds.push((0.9, MatchReason::SameSite));
        }
        if known.short_forms.iter().any(|known| self.short_forms.contains(known)) {
            grounds.push((0.6, MatchReason::SameAcronym));
        }
        if grounds.is_empty() {
            return None;
        }
        grounds.sort_by(|a, b| b.0.total_cmp(&a.0));
        // Each ground leaves a doubt; that all of them mislead is as unlikely as their product.
        let doubt: f64 = grounds.iter().map(|(weight, _)| 1.0 - weight).product();
        let reasons = grounds.into_iter().map(|(_, reason)| reason).collect();
        Some(Match { id: known.id, score: 1.0 - doubt, reasons })
    }

    /// From 0 (nothing in common) to 1 (the same).
    fn alike(&self, known: &str, of_known: u64) -> f64 {
        if self.name.is_empty() || known.is_empty() {
            return 0.0;
        }
        if self.name == known {
            return 1.0;
        }
        let begins = known.starts_with(&self.name)
            && self.name.chars().nth(SHORTEST_BEGINNING - 1).is_some();
        let beginning = if begins { BEGINS } else { 0.0 };
        // What has less than two fifths of the pairs cannot reach `ALIKE`: most names end here.
        let common = (self.sieve & of_known).count_ones();
        if common * 5 < self.sieve.count_ones() * 2 {
            return beginning;
        }
        // Two names that are written differently are never quite the same.
        sorensen(&self.pairs, &sorted_pairs(known)).clamp(beginning, 0.99)
    }
}

/// Two letters that follow each other.
type Pair = (char, char);

/// The pairs of letters of a name, white space left out.
fn pairs(name: &str) -> impl Iterator<Item = Pair> {
    let letters = || name.chars().filter(|c| !c.is_whitespace());
    letters().zip(letters().skip(1))
}

fn sorted_pairs(name: &str) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = pairs(name).collect();
    pairs.sort_unstable();
    pairs
}

/// A bit for each pair of letters that a name has.
fn sieve(name: &str) -> u64 {
    let bit = |(one, other): Pair| {
        let pair = u32::from(one).wrapping_mul(31).wrapping_add(u32::from(other));
        1_u64 << (pair.wrapping_mul(0x9E37_79B1) >> 26)
    };
    pairs(name).fold(0, |bits, pair| bits | bit(pair))
}

/// Sørensen's index of two sorted lists: the share of the pairs of both that both have.
fn sorensen(one: &[Pair], other: &[Pair]) -> f64 {
    let (mut at, mut to, mut common) = (0, 0, 0_usize);
    while let (Some(left), Some(right)) = (one.get(at), other.get(to)) {
        match left.cmp(right) {
            Ordering::Less => at += 1,
            Ordering::Greater => to += 1,
            Ordering::Equal => (at, to, common) = (at + 1, to + 1, common + 1),
        }
    }
    let all = one.len() + other.len();
    if all == 0 { 0.0 } else { (2 * common) as f64 / all as f64 }
}

/// A short form without the differences of spelling: `U.N.H.C.R.` is `unhcr`.
fn short_form(text: &str) -> String {
    normalized(text).replace(' ', "")
}

/// Where an organization's pages are: the host without `www.`, and on a host that many share the first part of the path.
pub fn site(website: &str) -> Option<String> {
    let rest = website.split_once("://").map_or(website, |(_, rest)| rest).trim();
    let (place, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = place.split(':').next().unwrap_or_default().to_lowercase();
    let host = host.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    if !host.contains('.') {
        return None;
    }
    let shared = host.strip_prefix("m.").unwrap_or(host);
    if !SHARED_HOSTS.contains(&shared) {
        return Some(host.to_owned());
    }
    let page = path.strip_prefix('/').and_then(|path| path.split(['/', '?', '#']).next());
    page.filter(|page| !page.is_empty()).map(|page| format!("{shared}/{}", page.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::Ids;

    fn known(name: &str, acronym: Option<&str>, website: Option<&str>) -> Known {
        let written = |text: Option<&str>| text.into_iter().map(Into::into).collect::<Vec<_>>();
        let names = vec![normalized(name)];
        Known::new(Ids::sequence().next(), names, written(acronym), &written(website))
    }

    fn typed(name: &str, acronym: &str, website: &str) -> Typed {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Typed { name: given(name), acronym: given(acronym), website: given(website) }
    }

    fn compare(typed: &Typed, known: &Known) -> Option<Match> {
        Matcher::of(typed).and_then(|matcher| matcher.compare(known))
    }

    #[test]
    fn the_same_organization_is_known_however_it_is_written() {
        use MatchReason::*;
        let forum = known("Migrant Forum in Asia", Some("MFA"), Some("https://www.mfasia.org/en"));
        let cases: [(Typed, &[MatchReason]); 8] = [
            (typed("migrant forum in ASIA.", "", ""), &[SameName]),
            (typed("Migrants Forum in Asia", "", ""), &[SimilarName]),
            (typed("Asia Migrant Forum", "", ""), &[SimilarName]),
            (typed("Migr", "", ""), &[SimilarName]),
            (typed("", "M.F.A.", ""), &[SameAcronym]),
            (typed("MFA", "", ""), &[SameAcronym]),
            (typed("", "", "mfasia.org"), &[SameSite]),
            (
                typed("Migrant Forum", "mfa", "http://MFAsia.org:80/about"),
                &[SameSite, SimilarName, SameAcronym],
            ),
        ];
        for (typed, reasons) in cases {
            let found = compare(&typed, &forum).unwrap_or_else(|| panic!("{typed:?} finds it"));
            assert_eq!(found.reasons, reasons, "{typed:?}");
        }
        for other in
            [typed("Trade Union Congress", "TUC", "https://tuc.example"), typed("", "", "")]
        {
            assert_eq!(compare(&other, &forum), None, "{other:?}");
        }
    }

    #[test]
    fn pages_on_a_shared_host_are_told_apart_by_their_path() {
        assert_eq!(site("https://www.facebook.com/OneGroup?x=1").unwrap(), "facebook.com/onegroup");
        assert_eq!(site("https://m.facebook.com/onegroup/about").unwrap(), "facebook.com/onegroup");
        assert_eq!(site("https://facebook.com/"), None);
        assert_eq!(site("https://one.wordpress.com").unwrap(), "one.wordpress.com");
        assert_eq!(site("https://"), None);
    }

    #[test]
    fn names_in_any_script_are_compared() {
        let thai = known("มูลนิธิเพื่อแรงงานข้ามชาติ", None, None);
        let found = compare(&typed("มูลนิธิเพื่อแรงงานขามชาติ", "", ""), &thai).unwrap();
        assert_eq!(found.reasons, [MatchReason::SimilarName]);
    }

    #[test]
    fn the_best_come_first() {
        let names = ["Asia Foundation", "Asia Migrant Foundation", "Asian Foundation", "Other"];
        let all: Vec<Known> = names.iter().map(|name| known(name, None, None)).collect();
        let matcher = Matcher::of(&typed("asia foundation", "", "")).unwrap();
        let best = matcher.best(&all);
        assert_eq!(best.len(), 3);
        assert!(best[0].score >= best[1].score);
        assert_eq!(best[0].reasons, [MatchReason::SameName]);
    }

    proptest! {
        #[test]
        fn a_score_is_a_share_and_has_a_reason(a in "\\PC{0,30}", b in "\\PC{1,30}", c in "\\PC{0,8}") {
            if let Some(found) = compare(&typed(&a, &c, &b), &known(&b, Some(&c), Some(&a))) {
                prop_assert!((0.0..=1.0).contains(&found.score) && found.score > 0.5);
                prop_assert!(!found.reasons.is_empty());
            }
        }

        #[test]
        fn a_name_finds_itself_in_any_case_and_punctuation(name in "[a-zA-Z][a-zA-Z ,.-]{0,40}[a-z]") {
            let found = compare(&typed(&name.to_uppercase(), "", ""), &known(&name, None, None)).unwrap();
            prop_assert_eq!(found.reasons[0], MatchReason::SameName);
            prop_assert!((found.score - 1.0).abs() < f64::EPSILON);
        }

        #[test]
        fn one_wrong_letter_in_ten_is_forgiven(name in "[a-z]{10,40}", at in 0_usize..40, letter in "[a-z]") {
            let mut letters: Vec<char> = name.chars().collect();
            let at = at % letters.len();
            letters[at] = letter.chars().next().unwrap();
            let slip: String = letters.into_iter().collect();
            prop_assert!(compare(&typed(&slip, "", ""), &known(&name, None, None)).is_some());
        }

        #[test]
        fn more_that_agrees_never_makes_it_less_sure(name in "[a-z]{4,20}", other in "[a-z]{4,20}") {
            let it = known(&name, Some("abc"), Some("https://example.org"));
            let score = |typed: &Typed| compare(typed, &it).map_or(0.0, |found| found.score);
            let (less, more) = (score(&typed(&other, "", "")), score(&typed(&other, "ABC", "")));
            prop_assert!(more >= less);
            prop_assert!(score(&typed(&other, "ABC", "www.example.org")) >= more);
        }

        #[test]
        fn comparing_names_is_the_same_both_ways(a in "[a-d]{1,12}", b in "[a-d]{1,12}") {
            // But for beginnings, which are typed and not yet finished.
            prop_assume!(!a.starts_with(&b) && !b.starts_with(&a));
            let ab = compare(&typed(&a, "", ""), &known(&b, None, None));
            let ba = compare(&typed(&b, "", ""), &known(&a, None, None));
            if let (Some(ab), Some(ba)) = (ab, ba) {
                prop_assert!((ab.score - ba.score).abs() < 1e-9);
            }
        }
    }
}
