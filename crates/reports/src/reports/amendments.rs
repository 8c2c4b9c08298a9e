//! Corrigenda and revisions: what an edition after the first is, and by which rule it gets its symbol (UN Editorial Manual, document
//! symbols). Pure but for the one question who carries a symbol already.

use super::{Issue, Report, store};
use crate::problem::{Code, Problem};
use crate::text_enum;
use crate::work::Work;

text_enum! {
    /// What an edition after the first is.
    pub enum Amendment {
        /// It corrects what the one before it says: `…/Corr.1`.
        Corrigendum => "corrigendum",
        /// It takes the place of all before it: `…/Rev.1`.
        Revision => "revision",
    }
}

/// The symbol that an amendment gets, if the report has one: each kind is counted by itself. A corrigendum corrects the newest full
/// text, so that after a revision its symbol follows from that one's and is counted anew.
pub fn symbol(base: Option<&str>, issues: &[Issue], amendment: Amendment) -> Option<String> {
    let base = issues.first().and_then(|first| first.symbol.as_deref()).or(base)?;
    let is = |issue: &Issue, wanted| issue.amendment == Some(wanted);
    let revisions = issues.iter().filter(|issue| is(issue, Amendment::Revision)).count();
    if amendment == Amendment::Revision {
        return Some(format!("{base}/Rev.{}", revisions + 1));
    }
    let since = issues.iter().rposition(|issue| is(issue, Amendment::Revision));
    let full = if revisions > 0 { format!("{base}/Rev.{revisions}") } else { base.to_owned() };
    let corrections = issues.iter().skip(since.map_or(0, |at| at + 1));
    let number = corrections.filter(|issue| is(issue, Amendment::Corrigendum)).count() + 1;
    Some(format!("{full}/Corr.{number}"))
}

/// The symbol that stands on the first page of a report as it is: its own, that of the amendment which is being drafted, or that of
/// the newest edition.
pub fn printed(report: &Report, issues: &[Issue]) -> Option<String> {
    match (report.amendment, issues.last()) {
        (Some(amendment), Some(_)) => symbol(report.symbol.as_deref(), issues, amendment),
        (None, Some(newest)) => newest.symbol.clone().or_else(|| report.symbol.clone()),
        (_, None) => report.symbol.clone(),
    }
}

/// Whether a symbol ends as those of corrigenda and revisions do.
fn is_of_amendment(symbol: &str) -> bool {
    let end = symbol.rsplit('/').next().unwrap_or_default();
    let number = end.strip_prefix("Corr.").or_else(|| end.strip_prefix("Rev."));
    number.is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

/// Where a report takes a symbol that it cannot have: 422 for another than it was published under, or none, and for that of an amendment,
/// 409 for one that an edition of another report carries. So no symbol that follows by rule is carried already.
pub(super) fn check_symbol(work: &mut Work, report: &Report) -> Result<(), Problem> {
    let issues = store::editions::issues(work.conn, report.id)?;
    let first = issues.first().and_then(|first| first.symbol.as_ref());
    if let Some(first) = first.filter(|first| report.symbol.as_ref() != Some(*first)) {
        let detail = format!(
            "It was published as {first}, and corrigenda and revisions get their symbols from that: leave it as it is."
        );
        return Err(Problem::invalid("/symbol", detail));
    }
    let Some(wanted) = &report.symbol else { return Ok(()) };
    if issues.is_empty() && is_of_amendment(wanted) {
        let detail = "It ends as the symbol of a corrigendum or a revision, which gets it by rule: give the symbol of the report itself.";
        return Err(Problem::invalid("/symbol", detail));
    }
    if store::editions::carries_elsewhere(work.conn, report.id, wanted)? {
        let detail = "Another report was published under this symbol.";
        return Err(Problem::new(Code::AlreadyExists, detail).at("/symbol", detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::Timestamp;

    #[test]
    fn symbols_of_amendments_are_known_by_their_ends() {
        for symbol in ["ESCAP/1/Corr.1", "ESCAP/1/Rev.12", "ESCAP/1/Rev.1/Corr.2"] {
            assert!(is_of_amendment(symbol), "{symbol}");
        }
        for symbol in ["", "ESCAP/1", "ESCAP/GCM/2021/CRP.2", "ESCAP/Corr.", "ESCAP/Corr.x"] {
            assert!(!is_of_amendment(symbol), "{symbol}");
        }
    }

    fn issues(all: &[(&str, Option<Amendment>)]) -> Vec<Issue> {
        let issue = |(number, (symbol, amendment)): (i32, &(&str, Option<Amendment>))| Issue {
            number,
            symbol: Some((*symbol).to_owned()),
            amendment: *amendment,
            published_at: Timestamp::new(chrono::DateTime::UNIX_EPOCH),
        };
        (1..).zip(all).map(issue).collect()
    }

    #[test]
    fn symbols_follow_from_the_first_and_are_counted_for_each_kind() {
        use Amendment::{Corrigendum, Revision};
        let mut all = vec![("ESCAP/1", None)];
        for (amendment, wanted) in [
            (Corrigendum, "ESCAP/1/Corr.1"),
            (Corrigendum, "ESCAP/1/Corr.2"),
            (Revision, "ESCAP/1/Rev.1"),
            (Corrigendum, "ESCAP/1/Rev.1/Corr.1"),
            (Revision, "ESCAP/1/Rev.2"),
        ] {
            let given = symbol(Some("ESCAP/9"), &issues(&all), amendment);
            assert_eq!(given.as_deref(), Some(wanted));
            all.push((wanted, Some(amendment)));
        }
        assert_eq!(symbol(None, &[], Corrigendum), None, "without a symbol there is none");
    }
}
