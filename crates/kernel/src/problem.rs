//! Everything that can be refused or go wrong, in one table: what each is called, its status and what it means.
//! Knows neither HTTP's framework nor the database; `http::problem` writes it out as RFC 9457.

use serde::{Deserialize, Serialize};

/// A row of the table of problems.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Stable name; `/problems/{code}` is its page and its `type`.
    pub code: &'static str,
    /// The HTTP status it is answered with.
    pub status: u16,
    /// One short line, the same for every occurrence.
    pub title: &'static str,
    /// For people: what happened and what to do.
    pub explanation: &'static str,
}

macro_rules! problems {
    ($($variant:ident = $code:literal $status:literal $title:literal $explanation:literal;)+) => {
        /// The problems there are; [`Code::kind`] is the row of each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $explanation] $variant),+ }

        impl Code {
            /// Every problem, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            /// Its row of the table.
            pub const fn kind(self) -> Kind {
                match self {
                    $(Code::$variant => Kind { code: $code, status: $status, title: $title, explanation: $explanation }),+
                }
            }
        }
    };
}

problems! {
    MalformedJson = "malformed_json" 400 "The body is not JSON" "The body could not be read as JSON. `detail` says at which line and column it stops being JSON.";
    InvalidPath = "invalid_path" 400 "The address is not well-formed" "A part of the path is not of the form it should have, such as an id that is no UUID.";
    InvalidQuery = "invalid_query" 400 "The query is not well-formed" "A query parameter is unknown or its value is not of the form it should have. `errors` names it.";
    InvalidHeader = "invalid_header" 400 "A header is not well-formed" "A header that this operation reads is not of the form it should have.";
    InvalidCursor = "invalid_cursor" 400 "The cursor does not belong to this list" "A cursor continues one list with one set of filters. Start again without `cursor`.";
    ReceiptBesideCredentials = "receipt_beside_credentials" 400 "A receipt with something that says who you are" "What is done by receipt is done without anybody knowing who does it. Send the request again without `Authorization`.";
    Unauthenticated = "unauthenticated" 401 "Sign in first" "This operation needs a valid access token: `Authorization: Bearer …`.";
    InvalidCredentials = "invalid_credentials" 401 "These credentials are not valid" "The e-mail address and password do not belong together, or the link or token was used, has expired or was revoked. Ask for a new link or sign in again.";
    Forbidden = "forbidden" 403 "Not allowed" "You are signed in, but your roles do not include this operation. Ask the secretariat for the role you need.";
    CrossSite = "cross_site" 403 "Sent from another site" "A page of another site sent this, or a program that sent a form as no browser does. Programs use the API.";
    NotFound = "not_found" 404 "Not found" "There is nothing here, or nothing that you may know of.";
    MethodNotAllowed = "method_not_allowed" 405 "The method is not allowed here" "The address exists, but not with this method. `Allow` lists those it has.";
    NotAcceptable = "not_acceptable" 406 "No such format" "This resource is not available in the format asked for. `detail` lists those it has.";
    Timeout = "timeout" 408 "The request took too long to arrive" "The request was not received in time. Send it again.";
    AlreadyExists = "already_exists" 409 "It exists already" "Something else already has the value that must be unique. `errors` names it.";
    AlreadyRegistered = "already_registered" 409 "Already registered" "A person has one active registration for a consultation. Change or withdraw that one.";
    NotInThisPhase = "not_in_this_phase" 409 "Not in this phase" "The consultation's phase does not allow this. `detail` names the phases that do.";
    StepBlocked = "step_blocked" 409 "Something stands in the way" "The step exists, and something must be done, or waived for a reason, before it is taken. `errors` lists what.";
    InvalidTransition = "invalid_transition" 409 "Not from this state" "The resource cannot change in this way from the state it is in. `detail` names the states it could change from.";
    PlanOvertaken = "plan_overtaken" 409 "Another plan came into force in the meantime" "Since this assignment plan was made, another one was applied, or people were moved in the one that is in force. `errors` names what differs. Compare the two, propose anew, or apply it with `supersedes` naming the plan in force.";
    Claimed = "claimed" 409 "Somebody is working on it" "Somebody of the team has claimed this input for a few minutes, so that two do not do the same. `detail` says who and until when.";
    SecondReaderNeeded = "second_reader_needed" 409 "Somebody else must read it too" "An input in which somebody tells what happened to them is accepted by two different people.";
    NoMoreReceipts = "no_more_receipts" 409 "No more receipts are given" "One receipt is given to each participant, and one in its place when it is lost.";
    TooManyWaiting = "too_many_waiting" 409 "Too much waits to be mixed" "By one receipt only so much is taken until it is mixed with what others said. Change what waits, or come back after the next fixed time.";
    VoicesUnsound = "voices_unsound" 409 "More voices than receipts" "More voices speak in this consultation than receipts were given, so somebody made receipts. Nothing is published on them: find out who had the instance's keys.";
    SecondPersonNeeded = "second_person_needed" 409 "Somebody else must confirm it" "Some acts need two people who were not appointed by one another, or by the same person. `detail` says who can confirm it, or from when it may be done without.";
    ProposalOvertaken = "proposal_overtaken" 409 "What was proposed has changed since" "A proposal is carried out exactly as it was made. What it is about has another version or other contents now: take it back and propose it anew.";
    HolderConsentMissing = "holder_consent_missing" 409 "The holder has not consented" "Accounts are merged once whoever holds the one that goes has consented by the link that was mailed to its address.";
    SuggestionOvertaken = "suggestion_overtaken" 409 "The paragraph has changed since this was suggested" "A suggestion is accepted as it was made while the paragraph says what it said then. `errors` hold what the suggestion was made from, what is here and what is suggested: send in `text` what shall stand.";
    TextChanged = "text_changed" 409 "The draft reads otherwise now" "An agreement is on exactly the text that was read, by its SHA-256. `errors` name what reads otherwise since: read that again, and agree to what it says now.";
    InUse = "in_use" 409 "Still in use" "Something else still refers to it. `detail` says what.";
    GuardianConsentMissing = "guardian_consent_missing" 409 "The guardian has not consented" "Somebody under 18 takes part only once their guardian has consented by the link that was mailed to them.";
    CoverageIncomplete = "coverage_incomplete" 409 "Not everything is covered" "A paragraph rests on nothing, or an accepted input is neither cited nor has a reason why not. `errors` lists them.";
    TranslationIncomplete = "translation_incomplete" 409 "Not all of it is translated" "A translation is published whole, and from the text of the edition beside which it is published. `errors` lists what is missing or was made from an earlier text.";
    RenderingNeeded = "rendering_needed" 409 "It is made by a job" "A PDF of so many paragraphs takes longer than anybody should wait for. Start the job that `detail` names, and ask again when it is done.";
    RequestInFlight = "request_in_flight" 409 "The same request is being answered" "A request with this Idempotency-Key is still under way. Try again in a moment: it will then be answered as the first was.";
    VersionMismatch = "version_mismatch" 412 "It has changed in the meantime" "The version in `If-Match` is not the current one. Fetch the resource again, see what changed, and repeat your change.";
    TooLarge = "too_large" 413 "Too large" "The body is larger than this operation takes. `detail` says how much it takes.";
    UnsupportedMediaType = "unsupported_media_type" 415 "Not a media type this operation reads" "Send the `Content-Type` that `detail` names.";
    RangeNotSatisfiable = "range_not_satisfiable" 416 "The file has no such part" "`Range` names a part that begins after the end of the file. `Content-Range` says how long it is.";
    InvalidValue = "invalid_value" 422 "A value cannot be accepted" "The request is well-formed but a value in it cannot be accepted. `errors` points to each and says what to change.";
    UnreadableFile = "unreadable_file" 422 "The file cannot be read" "The file is not the table it should be: it is empty or damaged, its columns cannot be told apart, or it holds more than is taken. `detail` says what, `errors` the rows.";
    UnclearFile = "unclear_file" 422 "It must be said what the file is" "People may speak in the file, and it cannot be told for certain: `detail` says what shows it, and how to say what the file is. Nothing of it is shown until then.";
    UnknownLetters = "unknown_letters" 422 "It must be said in which charset the file is" "The file is not in UTF-8 and does not say what it is in. `detail` says what it looks like, and how to say that this is right. Nothing of it is taken until then.";
    MissingGlyphs = "missing_glyphs" 422 "No font has these characters" "The PDF would show boxes instead of characters, which no registry accepts. `errors` lists them by their places; `detail` says which fonts to install. The other formats need none.";
    RenderingLimit = "rendering_limit" 422 "The document is too large for a PDF" "The process that sets PDFs may take so much time and memory and no more. The other formats have no such limit.";
    UnknownField = "unknown_field" 422 "An unknown field" "The body has a field that this operation does not know. It may be misspelt; nothing is ignored silently.";
    IdempotencyKeyReused = "idempotency_key_reused" 422 "This key was used for another request" "An Idempotency-Key names one request. Use a new one for a new request.";
    PreconditionRequired = "precondition_required" 428 "Say which version you mean" "A change needs `If-Match` with the `ETag` of the version you have seen, so that nobody's change is overwritten unseen.";
    TooManyRequests = "too_many_requests" 429 "Too many requests" "Wait as long as `Retry-After` says.";
    HeadersTooLarge = "headers_too_large" 431 "The headers are too large" "The request's headers are larger than this server reads.";
    Internal = "internal" 500 "Something went wrong here" "This is our fault, not yours. Nothing was half done. Quote the request id when you report it.";
    ImportIncomplete = "import_incomplete" 500 "A part of the table is not in" "A table was being brought in and came no farther. `detail` says which rows are in and which are not, and `errors` names the first thousand of these. Send those rows as a table of their own.";
    Unavailable = "unavailable" 503 "Not available for the moment" "The server is starting, stopping or very busy. Nothing was done. Try again after as many seconds as `Retry-After` says.";
    OutcomeUnknown = "outcome_unknown" 503 "It may have been done" "The answer of the database, or the time for it, was lost at the moment of saving: all of it was done or nothing. Send the same request again with the same `Idempotency-Key` and you are answered as if nothing had happened. Where there was no key, look first whether it is there; a change with `If-Match` cannot be made twice.";
    TookTooLong = "took_too_long" 504 "It took too long" "The work was stopped because it took longer than it may, or waited too long for somebody else's. Nothing was changed. Try again later, or ask for less at once.";
    DiskFull = "disk_full" 507 "There is no room left" "The disk that the server writes to is full. Nothing was changed. Whoever runs the server has to make room.";
}

/// One error at one place of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct At {
    /// JSON pointer into the body (RFC 6901), or `?name` for a query parameter.
    #[schema(example = "/objectives/0")]
    pub pointer: String,
    /// Stable name of what is wrong.
    #[schema(example = "invalid_value")]
    pub code: String,
    /// What is wrong and what to change.
    #[schema(example = "objective 24 does not exist: the GCM has 23 objectives")]
    pub detail: String,
}

/// A refusal or a failure, on its way to whoever asked.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    code: Code,
    detail: String,
    errors: Vec<At>,
    headers: Vec<(&'static str, String)>,
    again: Again,
}

/// Whether the same work, begun anew, may succeed.
#[derive(Debug, Clone)]
enum Again {
    No,
    /// Another transaction won, or the connection was lost before anything was committed.
    Contention,
    /// The database did not say what failed; this is all it said. It is logged once it is known that it stays.
    Perhaps(String),
}

impl Problem {
    /// A problem of the table and what is particular to this occurrence. The detail goes to the caller: no secrets, no names.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            headers: Vec::new(),
            again: Again::No,
        }))
    }

    /// Names one place in the request that is wrong.
    pub fn at(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let code = self.0.code.kind().code.to_owned();
        let (pointer, detail) = (pointer.into(), detail.into());
        self.0.errors.push(At { pointer, code, detail });
        self
    }

    /// Names several places at once, each with a code of its own.
    pub fn with_errors(mut self, errors: Vec<At>) -> Self {
        self.0.errors.extend(errors);
        self
    }

    /// Adds a header to the answer, such as `Retry-After`.
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.headers.push((name, value.into()));
        self
    }

    /// 422 for one value: where it is and what to change.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::new(Code::InvalidValue, detail.clone()).at(pointer, detail)
    }

    /// 404 for a resource, named by its kind only: "There is no such review."
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("There is no such {what}."))
    }

    /// 412: the current version of what the request changes goes along as `ETag`.
    pub fn stale(current: i64) -> Self {
        let detail = format!("The current version is {current}.");
        Self::new(Code::VersionMismatch, detail).with_header("ETag", format!("\"{current}\""))
    }

    /// 412 where nobody knows the current version, only that the one which was seen is not it.
    pub fn overtaken(seen: i64) -> Self {
        let detail = format!("Version {seen} is not the current one any more: read it again.");
        Self::new(Code::VersionMismatch, detail)
    }

    /// 500: the cause is logged here, once, and not told.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(Code::Internal, "Nothing was changed.")
    }

    /// Two transactions stood in each other's way and this one lost; trying again may well succeed.
    pub fn contention() -> Self {
        let mut problem = Self::new(Code::Unavailable, "Too many changes at once.")
            .with_header("Retry-After", "1");
        problem.0.again = Again::Contention;
        problem
    }

    /// The connection was lost before anything was committed: nothing was changed, and it may well succeed on another one.
    pub fn cut_off() -> Self {
        let mut problem =
            Self::not_begun("The connection to the database was lost. Nothing was changed.");
        problem.0.again = Again::Contention;
        problem
    }

    /// 503: nothing was done, and it is worth trying in a moment.
    pub fn not_begun(detail: impl Into<String>) -> Self {
        Self::new(Code::Unavailable, detail).with_header("Retry-After", "2")
    }

    /// 503: it was done whole or not at all, and nobody here knows which. The cause is logged here, once, and not told.
    pub fn outcome_unknown(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "it is not known whether a change was saved");
        let detail = "It may have been done. Repeat the request with the same Idempotency-Key, or look whether it is there.";
        Self::new(Code::OutcomeUnknown, detail).with_header("Retry-After", "2")
    }

    /// 507: there is no room for it. The cause is logged here, once, and not told.
    pub fn disk_full(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "there is no room left for the database");
        Self::new(Code::DiskFull, "Nothing was changed: the disk of the database is full.")
    }

    /// 504: the work was stopped, and nothing of it is left. The cause is logged here, once, and not told.
    pub fn took_too_long(cause: impl std::fmt::Display) -> Self {
        tracing::warn!(%cause, "a statement was stopped");
        Self::new(Code::TookTooLong, "Nothing was changed: it took longer than it may.")
    }

    /// The database failed and did not say at what, so it may be contention: 500 when it stays.
    pub fn unexplained(cause: impl std::fmt::Display) -> Self {
        let mut problem = Self::new(Code::Internal, "Nothing was changed.");
        problem.0.again = Again::Perhaps(cause.to_string());
        problem
    }

    /// It is not tried again: a cause that was held back is logged now.
    pub fn given_up(mut self) -> Self {
        if let Again::Perhaps(cause) = &self.0.again {
            tracing::error!(%cause, "internal error");
            self.0.again = Again::No;
        }
        self
    }

    /// A failure of ours, or something worth trying again: not what the caller could have done otherwise.
    pub fn is_failure(&self) -> bool {
        use Code::{DiskFull, Internal, OutcomeUnknown, TookTooLong, Unavailable};
        matches!(self.code(), Internal | Unavailable | OutcomeUnknown | TookTooLong | DiskFull)
    }

    /// Whether the same, begun anew in a while, may succeed without anybody having done anything about it.
    pub fn may_pass(&self) -> bool {
        matches!(self.code(), Code::Unavailable | Code::OutcomeUnknown)
    }

    /// For a refusal that may only be told as another one, which is made from it; a failure stays what it is.
    pub fn refused_as(self, instead: impl FnOnce(&Self) -> Self) -> Self {
        if self.is_failure() { self } else { instead(&self) }
    }

    /// For what is not there, told as another refusal; anything else stays what it is.
    pub fn missing_as(self, instead: impl FnOnce() -> Self) -> Self {
        if self.code() == Code::NotFound { instead() } else { self }
    }

    /// For what the caller may not do, told as another refusal; anything else stays what it is.
    pub fn forbidden_as(self, instead: impl FnOnce() -> Self) -> Self {
        if self.code() == Code::Forbidden { instead() } else { self }
    }

    /// For what the caller may not do to a thing that they may not know of: told as if there were none. Anything else stays what it is.
    pub fn hidden_as(self, missing: impl FnOnce() -> Self) -> Self {
        match self.code() {
            Code::NotFound | Code::Forbidden | Code::Unauthenticated => missing(),
            _ => self,
        }
    }

    /// Whether there is no such thing, or none that whoever asks may know of.
    pub fn is_missing(&self) -> bool {
        self.code() == Code::NotFound
    }

    /// The refusal, to be told beside others; a failure is passed on.
    pub fn as_refusal(self) -> Result<Self, Self> {
        if self.is_failure() { Err(self) } else { Ok(self) }
    }

    /// What was found, or none where it was refused; a failure is passed on.
    pub fn or_refused<T>(found: Result<T, Self>) -> Result<Option<T>, Self> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(problem) => problem.as_refusal().map(|_| None),
        }
    }

    /// The same, its places below `pointer`: of a part of the request that was checked by itself.
    pub fn below(mut self, pointer: &str) -> Self {
        for error in &mut self.0.errors {
            error.pointer.insert_str(0, pointer);
        }
        self
    }

    /// Whether another transaction stood in the way.
    pub fn is_contention(&self) -> bool {
        matches!(self.0.again, Again::Contention)
    }

    /// Whether the database did not say what failed.
    pub fn is_unexplained(&self) -> bool {
        matches!(self.0.again, Again::Perhaps(_))
    }

    /// Which problem it is.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What is particular to this occurrence.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The places in the request that are wrong.
    pub fn errors(&self) -> &[At] {
        &self.0.errors
    }

    /// Headers that go with the answer.
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.0.headers
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.0.code.kind().title, self.0.detail)?;
        for error in &self.0.errors {
            write!(f, "\n  {} {}", error.pointer, error.detail)?;
        }
        Ok(())
    }
}
impl std::error::Error for Problem {}

/// 412 unless `seen`, the version that the caller has seen, is the current one.
pub fn require_version(current: i64, seen: i64) -> Result<(), Problem> {
    if current == seen { Ok(()) } else { Err(Problem::stale(current)) }
}

/// Whether it embeds, overrides or isolates a direction of writing (Unicode bidirectional algorithm, section 2): with
/// it a text can be made to look like another. Right-to-left letters need none.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Checks several values of one request and reports all that are wrong at once.
#[derive(Debug, Default)]
pub struct Checks(Vec<At>);

impl Checks {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes `detail` at `pointer` unless `holds`.
    pub fn require(&mut self, holds: bool, pointer: &str, detail: impl Into<String>) -> &mut Self {
        if !holds {
            self.0.push(At {
                pointer: pointer.to_owned(),
                code: Code::InvalidValue.kind().code.to_owned(),
                detail: detail.into(),
            });
        }
        self
    }

    /// A text that must hold something, and at most `max` characters.
    pub fn text(&mut self, value: &str, max: usize, pointer: &str) -> &mut Self {
        self.require(!value.trim().is_empty(), pointer, "must not be empty");
        let length = value.chars().count();
        let detail = format!("has {length} characters; at most {max} are taken");
        self.require(length <= max, pointer, detail);
        let control = value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        self.require(!control, pointer, "contains a control character; remove it")
    }

    /// As [`Checks::text`], of one line, that cannot turn the direction of what stands around it.
    pub fn line(&mut self, value: &str, max: usize, pointer: &str) -> &mut Self {
        let breaks = |c: char| matches!(c, '\n' | '\t' | '\u{2028}' | '\u{2029}');
        self.text(value, max, pointer);
        self.require(!value.contains(breaks), pointer, "must be one line");
        let detail =
            "contains an invisible character that turns the direction of writing; remove it";
        self.require(!value.contains(turns_direction), pointer, detail)
    }

    /// As [`Checks::text`], when there is one.
    pub fn optional_text(&mut self, value: Option<&str>, max: usize, pointer: &str) -> &mut Self {
        match value {
            Some(value) => self.text(value, max, pointer),
            None => self,
        }
    }

    /// What came out well; when values were wrong instead, they are noted. Other problems are passed on.
    pub fn take<T>(&mut self, result: Result<T, Problem>) -> Result<Option<T>, Problem> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(mut problem) if problem.code() == Code::InvalidValue => {
                self.0.append(&mut problem.0.errors);
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    /// 422 with everything that was noted, or nothing.
    pub fn finish(&mut self) -> Result<(), Problem> {
        let errors = std::mem::take(&mut self.0);
        if errors.is_empty() {
            return Ok(());
        }
        let detail = match errors.len() {
            1 => errors[0].detail.clone(),
            count => format!("{count} values cannot be accepted; `errors` lists them."),
        };
        let mut problem = Problem::new(Code::InvalidValue, detail);
        problem.0.errors = errors;
        Err(problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_of_ours_is_never_told_as_a_refusal() {
        let hidden = |problem: Problem| problem.refused_as(|_| Problem::not_found("input"));
        let forbidden = || Problem::new(Code::Forbidden, "Not theirs.");
        assert_eq!(hidden(forbidden()).code(), Code::NotFound);
        assert_eq!(hidden(Problem::internal("a fault")).code(), Code::Internal);
        assert!(hidden(Problem::contention()).is_contention(), "it is tried again");
        assert!(Problem::or_refused::<()>(Err(forbidden())).unwrap().is_none());
        assert!(Problem::or_refused::<()>(Err(Problem::contention())).unwrap_err().is_contention());
        assert_eq!(Problem::or_refused(Ok(1)).unwrap(), Some(1));
        let missing = |problem: Problem| problem.missing_as(|| Problem::invalid("/id", "is none"));
        assert_eq!(missing(Problem::not_found("input")).code(), Code::InvalidValue);
        assert_eq!(missing(forbidden()).code(), Code::Forbidden);
        assert!(missing(Problem::contention()).is_contention());
        assert!(Problem::contention().below("/rows/1").is_contention());
    }

    #[test]
    fn what_was_overtaken_claims_no_version() {
        let problem = Problem::overtaken(3);
        assert_eq!(problem.code(), Code::VersionMismatch);
        assert!(problem.headers().is_empty(), "{:?}", problem.headers());
    }

    #[test]
    fn what_is_not_explained_is_tried_again_and_then_ours() {
        let problem = Problem::unexplained("ERROR: Verklemmung entdeckt");
        assert!(problem.is_unexplained() && problem.is_failure());
        assert!(!problem.detail().contains("Verklemmung"), "it is told to nobody");
        let problem = problem.given_up();
        assert!(!problem.is_unexplained());
        assert_eq!(problem.code(), Code::Internal);
        assert!(Problem::contention().given_up().is_contention());
    }
}
