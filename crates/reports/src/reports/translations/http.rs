//! Operations on translations. Knows no rule; nothing it gives has room for a contributor, nor for who translated what.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::middleware::from_fn;

use super::exchanging::{Exchanged, ExchangedOutcome};
use super::issuing::Issued;
use super::{
    Beside, Held, PortionState, Progress, TranslatedKind, Translating, Translation, TranslationId,
    TranslationIssue, exchanging, issuing, service,
};
use crate::accounts::AccountId;
use crate::db::types::Timestamp;
use crate::digest::sha256;
use crate::http::copies::copied;
use crate::http::extract::Upload;
use crate::http::prelude::*;
use crate::i18n::Language;
use crate::portions::xliff;
use crate::printing::{self, Output, Printer};
use crate::problem::Code;
use crate::proposals::http::{Answered, answered};
use crate::render::Format;
use crate::reports::ReportId;
use crate::reports::differences::Stand;
use crate::reports::documents::http::{Styles, etag, file, known, output_of, require_made};
use crate::reports::history::http::{Team, TeamMemberBody};

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(begin_translation)
        .service(list_translations)
        .service(read_translation)
        .service(update_translation)
        .service(delete_translation)
        .service(read_translated_portions)
        .service(translate_portions)
        .service(export_translation)
        .service(export_translation_units)
        .service(take_translation_units)
        .service(publish_translation)
        .service(list_edition_translations)
        .service(export_edition_translation);
}

/// A translation to be begun.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "language": "fr" }))]
pub struct BeginTranslation {
    /// Into which language: another one than that of the report.
    pub language: Language,
    /// Who translates, beside those who draft the report: somebody who may read its draft.
    #[serde(default)]
    pub translator_id: Option<AccountId>,
}

/// Who is to translate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateTranslation {
    /// Somebody who may read the draft; null for nobody but those who draft.
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<AccountId>, required = false)]
    pub translator_id: Option<Option<AccountId>>,
}

/// How much of a text is translated.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgressBody {
    /// Portions that are to be translated.
    #[schema(example = 120)]
    pub portions: usize,
    /// Those that are not.
    #[schema(example = 3)]
    pub missing: usize,
    /// Those that were translated from an earlier text.
    #[schema(example = 1)]
    pub older: usize,
}

impl From<Progress> for ProgressBody {
    fn from(progress: Progress) -> Self {
        let Progress { portions, missing, older } = progress;
        Self { portions, missing, older }
    }
}

/// A translation that is worked on.
#[derive(Debug, Serialize, ToSchema)]
pub struct TranslationBody {
    /// Its id.
    pub id: TranslationId,
    /// The report.
    pub report_id: ReportId,
    /// The language.
    pub language: Language,
    /// Who translates, beside those who draft the report.
    pub translator: Option<TeamMemberBody>,
    /// What it is held against here: the newest edition while the report is published, else the draft.
    #[schema(example = "draft")]
    pub against: String,
    /// How much there is of it.
    pub progress: ProgressBody,
    /// Changes with every change of it or of a portion; also the `ETag`.
    pub version: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// What you may do with it.
    #[schema(example = json!(["translate", "publish"]))]
    pub allowed_actions: Vec<&'static str>,
}

impl TranslationBody {
    fn new(work: &mut Work, translation: Translation) -> Result<Self, Problem> {
        let team = Team::of(work, [translation.translator])?;
        let held = service::held(work, translation.id, None)?;
        let allowed_actions = service::allowed_actions(work, &translation)?;
        Ok(Self {
            id: translation.id,
            report_id: translation.report_id,
            language: translation.language,
            translator: team.member(translation.translator),
            against: held.against.to_string(),
            progress: held.held.progress().into(),
            version: translation.version,
            created_at: translation.created_at,
            updated_at: translation.updated_at,
            allowed_actions,
        })
    }
}

/// What a translation is held against.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AgainstQuery {
    /// A state of the report: draft, milestone-3 or edition-1. The newest edition while the report is published, else the draft, when absent.
    #[param(example = "edition-1")]
    pub against: Option<String>,
}

/// Reads a state of a report in a parameter.
fn stand(text: Option<&str>) -> Result<Option<Stand>, Problem> {
    let detail = "name a state of the report: draft, milestone-3 or edition-1";
    text.map(str::parse).transpose().map_err(|()| {
        Problem::new(Code::InvalidQuery, format!("against: {detail}.")).at("?against", detail)
    })
}

/// Which portions are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PortionsQuery {
    /// A state of the report: draft, milestone-3 or edition-1. The newest edition while the report is published, else the draft, when absent.
    #[param(example = "edition-1")]
    pub against: Option<String>,
    /// In this state only.
    #[param(inline)]
    pub state: Option<PortionState>,
}

/// A portion of the original beside its translation.
#[derive(Debug, Serialize, ToSchema)]
pub struct TranslatedPortionBody {
    /// What it is known by: the id of the paragraph, section or table, the line of the first page, or the cell.
    #[schema(example = "first-page-title-1")]
    pub portion: String,
    /// What it is.
    pub kind: TranslatedKind,
    /// The number that the paragraph is printed with, or the label of the heading or chart.
    #[schema(example = "12")]
    pub label: Option<String>,
    /// How its translation stands to it.
    pub state: PortionState,
    /// What it says, as inline Markdown with its footnotes; of a line that is printed with fixed words, the part that is free.
    #[schema(example = "Fees should be waived.")]
    pub original: String,
    /// SHA-256 of `original` (UTF-8), in lower-case hexadecimal digits.
    pub original_sha256: String,
    /// Whether it is one line that takes no marks.
    pub plain: bool,
    /// The translation.
    #[schema(example = "Les frais devraient être supprimés.")]
    pub text: Option<String>,
    /// How the same words are translated elsewhere in it, for a portion that is still to be translated.
    pub proposed: Option<String>,
    /// What the original said of which that is the translation, where it says something else now.
    #[schema(example = "Fees should be reduced.")]
    pub made_from: Option<String>,
    /// Whether earlier words of a cell are not told, since it may have named people whom it does not name any more.
    pub withheld: bool,
    /// Counts its changes; 0 where there is none.
    pub version: i64,
}

impl TranslatedPortionBody {
    fn new(held: &Held, one: &Beside) -> Self {
        let told = one.translated.as_ref().filter(|_| !one.is_withheld());
        let earlier = told.filter(|_| one.state == PortionState::Older);
        let label = Some(one.original.label.clone()).filter(|label| !label.is_empty());
        Self {
            portion: one.original.name.clone(),
            kind: one.original.place.into(),
            label,
            state: one.state,
            original: one.original.text.clone(),
            original_sha256: sha256(&one.original.text),
            plain: one.original.is_plain,
            text: told.map(|there| there.text.clone()),
            proposed: held.proposed(one).map(str::to_owned),
            made_from: earlier.map(|there| there.made_from.clone()),
            withheld: one.is_withheld(),
            version: one.translated.as_ref().map_or(0, |there| there.version),
        }
    }
}

/// A translation held against a state of its report.
#[derive(Debug, Serialize, ToSchema)]
pub struct TranslatedPortionsBody {
    /// The translation.
    pub translation_id: TranslationId,
    /// Its version.
    pub version: i64,
    /// The state.
    #[schema(example = "draft")]
    pub against: String,
    /// The language of the original.
    #[schema(example = "en")]
    pub original_language: String,
    /// The language of the translation.
    pub language: Language,
    /// How much there is, of all portions.
    pub progress: ProgressBody,
    /// The portions in reading order. What documents print by themselves, days and numbers are not among them.
    pub portions: Vec<TranslatedPortionBody>,
}

/// A portion to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TranslatePortion {
    /// What it is known by.
    #[schema(example = "first-page-title-1")]
    pub portion: String,
    /// The translation as inline Markdown, with the footnotes, references and list items of the original; null takes it away.
    #[schema(example = "Les frais devraient être supprimés.", max_length = 40000)]
    pub text: Option<String>,
    /// The original that you read, as it was told. Where it says something else by now, the portion is `older`.
    #[schema(example = "Fees should be waived.", max_length = 40000)]
    pub made_from: String,
    /// The version of the portion that you saw; 0 where there was none.
    #[schema(example = 0)]
    pub version: i64,
}

/// Portions to be written, all of them or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TranslatePortions {
    /// The state of the report in which they stand: draft, milestone-3 or edition-1. The usual one when absent.
    #[serde(default)]
    #[schema(example = "edition-1")]
    pub against: Option<String>,
    /// The portions.
    pub portions: Vec<TranslatePortion>,
}

/// The edition beside which a translation is to be published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "edition": 1 }))]
pub struct PublishTranslation {
    /// Its number.
    pub edition: i32,
}

/// A published translation of an edition.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditionTranslationBody {
    /// The language.
    pub language: Language,
    /// Whether it is written from right to left (`rtl`) or not (`ltr`).
    #[schema(example = "ltr")]
    pub direction: &'static str,
    /// SHA-256 over its JSON, in lower-case hexadecimal digits.
    pub sha256: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// Where it is, by format.
    #[schema(example = json!({ "html": "/api/v1/reports/…/editions/1/translations/fr.html" }))]
    pub files: std::collections::BTreeMap<&'static str, String>,
}

impl EditionTranslationBody {
    /// Of one that was published.
    pub fn new(Issued { report_id: report, edition: number, issue }: Issued) -> Self {
        let TranslationIssue { language, sha256, published_at } = issue;
        let base = format!("/api/v1/reports/{report}/editions/{number}/translations/{language}");
        let file = |output: &Output| (output.extension(), format!("{base}.{}", output.extension()));
        let files = Output::ALL.iter().map(file).collect();
        Self { language, direction: language.direction(), sha256, published_at, files }
    }
}

/// The published translations of an edition.
#[derive(Debug, Serialize, ToSchema)]
pub struct EditionTranslationsBody {
    /// By language.
    pub items: Vec<EditionTranslationBody>,
}

/// Begins the translation of a report into another language, for whoever drafts the report. 409 `already_exists` when there is one.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path)), request_body = BeginTranslation, responses((status = 201, body = TranslationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/reports/{report_id}/translations")]
pub async fn begin_translation(
    call: Call,
    path: PathIds<ReportId>,
    body: Body<BeginTranslation>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let translation = service::begin(work, id, body.language, body.translator_id)?;
        let location = format!("/api/v1/translations/{}", translation.id);
        let version = translation.version;
        Ok(Reply::created(location, version, &TranslationBody::new(work, translation)?))
    })
    .await
}

/// The translations of a report that are worked on, by language, for whoever reads its draft.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), PageQuery), responses((status = 200, body = Page<TranslationBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/translations")]
pub async fn list_translations(call: Call, path: PathIds<ReportId>, query: Listed) -> Answer {
    let (id, paging) = (path.id(), query.paging);
    let part = call.read(move |work| {
        let Listing { items, next } = service::translations(work, id, &paging)?;
        let items = items.into_iter().map(|one| TranslationBody::new(work, one));
        Ok(Listing { items: items.collect::<Result<_, _>>()?, next })
    });
    Ok(call.page(part.await?))
}

/// A translation that is worked on.
#[utoipa::path(tag = "reports", params(("translation_id" = TranslationId, Path)), responses((status = 200, body = TranslationBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/translations/{translation_id}")]
pub async fn read_translation(call: Call, path: PathIds<TranslationId>) -> Answer {
    let id = path.id();
    let translation = call.read(move |work| {
        let translation = service::see(work, id)?;
        TranslationBody::new(work, translation)
    });
    let translation = translation.await?;
    Ok(call.ok(translation.version, &translation))
}

/// Names another translator, or nobody.
#[utoipa::path(tag = "reports", params(("translation_id" = TranslationId, Path), IfMatch), request_body = UpdateTranslation, responses((status = 200, body = TranslationBody), Refusals), security(("bearer" = [])))]
#[patch("/api/v1/translations/{translation_id}")]
pub async fn update_translation(
    call: Call,
    path: PathIds<TranslationId>,
    body: Body<UpdateTranslation>,
) -> Answer {
    let (id, version, named) = (path.id(), call.if_match()?, body.translator_id);
    call.change(move |work| {
        let translator = match named {
            Some(translator) => translator,
            None => service::see(work, id)?.translator,
        };
        let translation = service::assign(work, id, version, translator)?;
        Ok(Reply::ok(translation.version, &TranslationBody::new(work, translation)?))
    })
    .await
}

/// Takes a translation away that is worked on, with all that was translated. What was published of it stays.
#[utoipa::path(tag = "reports", params(("translation_id" = TranslationId, Path), IfMatch), responses((status = 204, description = "It is gone"), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/translations/{translation_id}")]
pub async fn delete_translation(call: Call, path: PathIds<TranslationId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::delete(work, id, version)?;
        Ok(Reply::no_content())
    })
    .await
}

/// The original portion by portion beside its translation: what is missing, current, or made from an earlier text, which is told as well.
#[utoipa::path(tag = "reports", params(("translation_id" = TranslationId, Path), PortionsQuery), responses((status = 200, body = TranslatedPortionsBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/translations/{translation_id}/portions")]
pub async fn read_translated_portions(
    call: Call,
    path: PathIds<TranslationId>,
    query: Params<PortionsQuery>,
) -> Answer {
    let (id, against, state) = (path.id(), stand(query.against.as_deref())?, query.state);
    let held = call.read(move |work| service::held(work, id, against)).await?;
    let wanted = held.held.portions.iter();
    let wanted = wanted.filter(|one| state.is_none_or(|state| one.state == state));
    let body = TranslatedPortionsBody {
        translation_id: held.translation.id,
        version: held.translation.version,
        against: held.against.to_string(),
        original_language: held.held.original_language().to_string(),
        language: held.translation.language,
        progress: held.held.progress().into(),
        portions: wanted.map(|one| TranslatedPortionBody::new(&held.held, one)).collect(),
    };
    Ok(call.ok_unversioned(&body))
}

/// Writes portions, all of them or none, for whoever drafts the report and whoever is named as translator. Each names the version that was
/// seen: 412 names those that somebody else has written since.
#[utoipa::path(tag = "reports", params(("translation_id" = TranslationId, Path)), request_body = TranslatePortions, responses((status = 200, body = TranslationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/translations/{translation_id}/portions")]
pub async fn translate_portions(
    call: Call,
    path: PathIds<TranslationId>,
    body: Body<TranslatePortions>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let against = body.against.as_deref().map(str::parse::<Stand>).transpose();
        let detail = "name a state of the report: draft, milestone-3 or edition-1";
        let against = against.map_err(|()| Problem::invalid("/against", detail))?;
        let portions: Vec<Translating> = body
            .portions
            .iter()
            .map(|one| Translating {
                portion: one.portion.clone(),
                text: one.text.clone(),
                made_from: one.made_from.clone(),
                version: one.version,
            })
            .collect();
        let translation = service::translate(work, id, against, &portions)?;
        Ok(Reply::ok(translation.version, &TranslationBody::new(work, translation)?))
    })
    .await
}

/// A translation that is worked on as a document: `json`, `md`, `html`, `pdf`, `docx` or `xml` (Akoma Ntoso). What is missing stands in the
/// language of the original and is marked so; the first page tells that it is not whole.
#[utoipa::path(
    tag = "reports",
    params(("translation_id" = TranslationId, Path), ("format" = String, Path, description = "json, md, html, pdf, docx or xml"), AgainstQuery),
    responses((status = 200, description = "The translation", content((Object = "application/json"), (String = "text/markdown"), (String = "text/html"), (String = "application/akn+xml"), (Vec<u8> = "application/pdf"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))), (status = 206, description = "The part that was asked for"), Refusals),
    security(("bearer" = []))
)]
#[get("/api/v1/translations/{translation_id}/draft.{format}")]
pub async fn export_translation(
    call: Call,
    path: PathIds<(TranslationId, String)>,
    query: Params<AgainstQuery>,
) -> Answer {
    let (id, format) = path.parts();
    let (output, against) = (output_of(Output::ALL, &format)?, stand(query.against.as_deref())?);
    let document = call.read(move |work| service::held(work, id, against)?.held.document()).await?;
    let etag = etag(&document.fingerprint(), output);
    if let Some(known) = known(&call, &etag, false) {
        return Ok(known);
    }
    let printer = call.app().shared::<Printer>()?;
    if printer.is_long(&document, output) {
        let detail = "It is too long to be set as PDF while you wait; take it as html or docx.";
        return Err(Problem::new(Code::RenderingNeeded, detail));
    }
    let name = format!("translation-{id}.{}", output.extension());
    let answer = file(output, &name, false, Styles::OfText);
    let bytes = printer.print(document, output, false).await;
    call.file(answer, &etag, bytes.map_err(printing::into_problem)?)
}

/// A translation as translators' tools exchange it (XLIFF 2.0): a unit for each portion under its name, with the original as source and
/// the translation as target; what was made from an earlier text is `initial` again. For whoever reads the draft.
#[utoipa::path(tag = "reports", params(("translation_id" = TranslationId, Path), AgainstQuery), responses((status = 200, description = "The file", content((String = "application/xliff+xml"))), Refusals), security(("bearer" = [])))]
#[get("/api/v1/translations/{translation_id}/units.xlf")]
pub async fn export_translation_units(
    call: Call,
    path: PathIds<TranslationId>,
    query: Params<AgainstQuery>,
) -> Answer {
    let (id, against) = (path.id(), stand(query.against.as_deref())?);
    let made = call.read(move |work| exchanging::file(work, id, against)).await?;
    let bytes = xliff::write(&made);
    let etag = format!("\"{}\"", sha256(&bytes));
    let name = format!("inline; filename=\"translation-{id}.xlf\"");
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(xliff::MEDIA_TYPE)
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"));
    call.file(answer, &etag, bytes)
}

/// A portion in a file that came back.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExchangedBody {
    /// What the file calls it.
    #[schema(example = "first-page-title-1")]
    pub portion: String,
    /// What became of it.
    pub outcome: ExchangedOutcome,
    /// Why it was not taken over.
    pub why: Option<String>,
}

/// What came of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExchangedUnitsBody {
    /// The translation as it is now.
    pub translation: TranslationBody,
    /// Every unit of the file, in order.
    pub items: Vec<ExchangedBody>,
}

/// Takes a file back that translators' tools have worked on (as the body), unit by unit: a target that is other than what is there is
/// taken over, as made from the source that the file has. What does not fit, or was translated by somebody else since the file was made,
/// is named and stops nothing else; nothing is taken away.
#[utoipa::path(tag = "reports", params(("translation_id" = TranslationId, Path), AgainstQuery),
    request_body(content = Vec<u8>, content_type = "application/xliff+xml", description = "The file."),
    responses((status = 200, body = ExchangedUnitsBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/translations/{translation_id}/units")]
pub async fn take_translation_units(
    call: Call,
    path: PathIds<TranslationId>,
    query: Params<AgainstQuery>,
    upload: Upload,
) -> Answer {
    let (id, against) = (path.id(), stand(query.against.as_deref())?);
    call.post(upload.into_body(), move |work, upload| {
        let (translation, told) = exchanging::take(work, id, against, &upload.bytes)?;
        let items = told.into_iter().map(|one| {
            let Exchanged { portion, outcome, why } = one;
            ExchangedBody { portion, outcome, why }
        });
        let items = items.collect();
        let translation = TranslationBody::new(work, translation)?;
        Ok(Reply::unversioned(&ExchangedUnitsBody { translation, items }))
    })
    .await
}

/// Proposes to publish the translation of an edition beside it, which another person confirms: under the same symbol and number, whole, and
/// for good. 409 `translation_incomplete` names what is missing or was translated from another text than that of the edition.
#[utoipa::path(tag = "reports", params(("translation_id" = TranslationId, Path), IfMatch), request_body = PublishTranslation, responses(Answered, Refusals), security(("bearer" = [])))]
#[post("/api/v1/translations/{translation_id}/publication")]
pub async fn publish_translation(
    call: Call,
    path: PathIds<TranslationId>,
    body: Body<PublishTranslation>,
) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post(body, move |work, body| {
        let put = issuing::propose(work, id, version, body.edition)?;
        answered(work, put)
    })
    .await
}

/// In which languages an edition is published beside its own.
#[utoipa::path(tag = "reports", params(("report_id" = ReportId, Path), ("number" = i32, Path)), responses((status = 200, body = EditionTranslationsBody), Refusals), security((), ("bearer" = [])))]
#[get("/api/v1/reports/{report_id}/editions/{number}/translations")]
pub async fn list_edition_translations(call: Call, path: PathIds<(ReportId, i32)>) -> Answer {
    let (id, number) = path.parts();
    let issues = call.read(move |work| issuing::issues(work, id, number)).await?;
    let issued = |issue| Issued { report_id: id, edition: number, issue };
    let items = issues.into_iter().map(|issue| EditionTranslationBody::new(issued(issue)));
    Ok(call.ok_unversioned(&EditionTranslationsBody { items: items.collect() }))
}

/// The published translation of an edition as a document: `json`, `md`, `html`, `pdf`, `docx` or `xml` (Akoma Ntoso), with the paragraph
/// numbers of the original. Parts of it by `Range`. The JSON is exactly the bytes that its SHA-256 is over.
#[utoipa::path(
    tag = "reports",
    params(("report_id" = ReportId, Path), ("number" = i32, Path), ("language" = Language, Path), ("format" = String, Path, description = "json, md, html, pdf, docx or xml")),
    responses((status = 200, description = "The translation", content((Object = "application/json"), (String = "text/markdown"), (String = "text/html"), (String = "application/akn+xml"), (Vec<u8> = "application/pdf"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"))), (status = 206, description = "The part that was asked for"), Refusals),
    security((), ("bearer" = []))
)]
#[get(
    "/api/v1/reports/{report_id}/editions/{number}/translations/{language}.{format}",
    wrap = "from_fn(copied)"
)]
pub async fn export_edition_translation(
    call: Call,
    path: PathIds<(ReportId, i32, String, String)>,
) -> Answer {
    let (id, number, language, format) = path.parts();
    // There is no translation into what is no language of translations, as into one in which there is none.
    let language: Language = language.parse().map_err(|_| Problem::not_found("translation"))?;
    let output = output_of(Output::ALL, &format)?;
    let read = move |work: &mut Work| issuing::published(work, id, number, language);
    let published = call.read(read).await?;
    let etag = etag(&published.sha256, output);
    if let Some(known) = known(&call, &etag, true) {
        return Ok(known);
    }
    let name = format!("{id}-edition-{number}-{language}.{}", output.extension());
    let answer = file(output, &name, true, Styles::OfText);
    if output == Output::Written(Format::Json) {
        return call.file(answer, &etag, published.document.into_bytes());
    }
    let document = published.document()?;
    require_made(&call, &document, output)?;
    let bytes = call.app().shared::<Printer>()?.print(document, output, true).await;
    call.file(answer, &etag, bytes.map_err(printing::into_problem)?)
}
