//! Addresses of pages: where mails lead, every one of which ends on a page, and how pages name each other.

use crate::i18n::Language;
use crate::vocabulary::{
    AppealId, ConsultationId, ProposalId, RecommendationId, ReportId, ReviewId,
};

/// The page of whoever is signed in: what is theirs, and what waits for them.
pub const MINE: &str = "/my";

/// Where a mailed secret leads. It stands in the path, so that it works without a script; the page there is not logged, asks nothing
/// of anybody else and does nothing until its button is pressed. ASCII only, so that no mail program breaks it.
pub fn secret(public_url: &str, secret: &str, language: Language) -> String {
    page(public_url, &format!("/in/{secret}"), language)
}

/// The secret in such an address.
pub fn secret_of(address: &str) -> &str {
    let path = address.split('?').next().unwrap_or(address);
    path.rsplit('/').next().unwrap_or(path)
}

/// What a mail program sends to where a mailed secret leads when its reader wants no more of that mail (RFC 8058).
pub const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

/// A page of ours, from outside.
pub fn page(public_url: &str, path: &str, language: Language) -> String {
    format!("{public_url}{path}?lang={language}")
}

/// Where somebody stands in a consultation: the form, or what became of it.
pub fn registration(consultation: ConsultationId) -> String {
    format!("{MINE}/consultations/{consultation}")
}

/// A consultation as everybody sees it.
pub fn consultation(consultation: ConsultationId) -> String {
    format!("/consultations/{consultation}")
}

/// The form of an open call.
pub fn call(consultation: ConsultationId) -> String {
    format!("/register/{consultation}")
}

/// Where a published report or paper is read, in its newest edition.
pub fn report(report: ReportId) -> String {
    format!("/reports/{report}")
}

/// Where a certain edition is read, which stays as it is.
pub fn edition(of: ReportId, number: i32) -> String {
    format!("{}?edition={number}", report(of))
}

/// Where the translation of an edition is read, whatever language the page around it is in.
pub fn edition_in(of: ReportId, number: i32, text: Language) -> String {
    format!("{}&text={text}", edition(of, number))
}

/// Where a numbered paragraph of an edition is read, for good: what people cite. It says as well what became of it since.
pub fn paragraph(of: ReportId, number: i32, paragraph: impl std::fmt::Display) -> String {
    format!("{}/editions/{number}/paragraphs/{paragraph}", report(of))
}

/// The same paragraph among the others.
pub fn paragraph_in_edition(
    of: ReportId,
    number: i32,
    paragraph: impl std::fmt::Display,
) -> String {
    format!("{}#p{paragraph}", edition(of, number))
}

/// What differs between two editions.
pub fn differences(of: ReportId, from: i32, to: i32) -> String {
    format!("{}/differences?from={from}&to={to}", report(of))
}

/// The register of what was recommended for a review.
pub fn register(of: ReviewId) -> String {
    format!("/reviews/{of}/recommendations")
}

/// Where a recommendation is read, with what came of it.
pub fn recommendation(id: RecommendationId) -> String {
    format!("/recommendations/{id}")
}

/// Where the team confirms how a recommendation is put, and notes what came of it.
pub fn own_recommendation(id: RecommendationId) -> String {
    format!("{MINE}/recommendations/{id}")
}

/// The recommendations of a review, as the team sees them.
pub fn own_register(of: ReviewId) -> String {
    format!("{MINE}/reviews/{of}/recommendations")
}

/// The drafts of reports that whoever is signed in may read.
pub const DRAFTS: &str = "/my/reports";

/// Where the team reads what waits in the reports of a review.
pub fn waiting(review: ReviewId) -> String {
    format!("/my/reviews/{review}/waiting")
}

/// Where the draft of a report is read and written by its team.
pub fn draft(report: ReportId) -> String {
    format!("{DRAFTS}/{report}")
}

/// Where the translations of a report are worked on.
pub fn translations(report: ReportId) -> String {
    format!("{}/translations", draft(report))
}

/// Where one translation of a report is worked on.
pub fn translation(report: ReportId, language: Language) -> String {
    format!("{}/{language}", translations(report))
}

/// Where a draft is cleared: read, commented on and agreed to by those who are asked.
pub fn clearance(report: ReportId) -> String {
    format!("{}/clearance", draft(report))
}

/// An act that needs two people, for whoever may know of it.
pub fn proposal(proposal: ProposalId) -> String {
    format!("{MINE}/proposals/{proposal}")
}

/// An appeal, for whoever made it or may answer it.
pub fn appeal(appeal: AppealId) -> String {
    format!("{MINE}/appeals/{appeal}")
}

/// Where somebody confirmed reads the draft that participants are asked about.
pub fn draft_to_read(consultation: ConsultationId) -> String {
    format!("{}/draft", registration(consultation))
}

/// Where the team of a paper has it follow newer editions.
pub fn compilation(report: ReportId) -> String {
    format!("{}/compilation", draft(report))
}

/// Where one contributes by a receipt.
pub fn say(consultation: ConsultationId) -> String {
    format!("/say/{consultation}")
}

/// Where one says something by a receipt on the draft that participants are asked about.
pub fn say_on_draft(consultation: ConsultationId) -> String {
    format!("{}/draft", say(consultation))
}

/// Where somebody confirmed is given a receipt.
pub fn receipt(consultation: ConsultationId) -> String {
    format!("{}/receipt", registration(consultation))
}
