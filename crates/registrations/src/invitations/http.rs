//! The operations on invitations, and the shapes of what they take and give. Knows no rule.

use super::entering::Entered;
use super::imports::{self, Import};
use super::{
    Filter, Funnel, Invitation, InvitationId, InvitationState, InvitationStatistics, NewInvitation,
    service,
};
use crate::accounts::Email;
use crate::consultations::{self, Consultation, ConsultationId};
use crate::db::types::Timestamp;
use crate::exchange::columns::Mapping;
use crate::exchange::report::ImportReport;
use crate::exchange::table;
use crate::http::extract::Upload;
use crate::http::prelude::*;
use crate::i18n::Language;
use crate::vocabulary::RegistrationId;

/// Mounts the operations.
pub fn mount(cfg: &mut Mounts) {
    cfg.service(list_invitations)
        .service(create_invitation)
        .service(import_invitations)
        .service(read_invitation_statistics)
        .service(decline_invitation)
        .service(read_invitation)
        .service(delete_invitation)
        .service(report_bounce);
}

/// One address asked to register for one consultation. Its personal link is shown to nobody.
#[derive(Serialize, ToSchema)]
pub struct InvitationBody {
    /// Its id.
    id: InvitationId,
    /// For which consultation.
    consultation_id: ConsultationId,
    /// The address.
    email: Email,
    /// What the person is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Asha Example")]
    name: Option<String>,
    /// Whom they come from, as the list had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Example Trust")]
    organization_name: Option<String>,
    /// The language to write in; absent: the consultation's.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    /// The lists it came from.
    #[schema(example = json!(["Regional Network", "UN Network"]))]
    lists: Vec<String>,
    /// What came of it.
    state: InvitationState,
    /// The registration, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_id: Option<RegistrationId>,
    /// How often the person was reminded.
    #[schema(example = 1)]
    reminders: i32,
    /// When the first mail was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_at: Option<Timestamp>,
    /// When the link was first opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    opened_at: Option<Timestamp>,
    /// When the last mail was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    mailed_at: Option<Timestamp>,
    /// Counts changes; also the `ETag`.
    #[schema(example = 1)]
    version: i64,
    /// When it was entered.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
    /// What the caller may do with it now.
    #[schema(example = json!(["report_bounce", "delete"]))]
    allowed_actions: Vec<&'static str>,
}

impl InvitationBody {
    fn of(work: &Work, consultation: &Consultation, one: Invitation) -> Self {
        let allowed_actions = service::allowed_actions(work, consultation, &one);
        Self {
            id: one.id,
            consultation_id: one.consultation_id,
            email: one.email,
            name: one.name,
            organization_name: one.organization_name,
            language: one.language,
            lists: one.lists,
            state: one.state,
            registration_id: one.registration_id,
            reminders: one.reminders,
            invited_at: one.invited_at,
            opened_at: one.opened_at,
            mailed_at: one.mailed_at,
            version: one.version,
            created_at: one.created_at,
            updated_at: one.updated_at,
            allowed_actions,
        }
    }

    fn shown(work: &mut Work, one: Invitation) -> Result<Self, Problem> {
        let consultation = consultations::service::load(work, one.consultation_id)?;
        Ok(Self::of(work, &consultation, one))
    }
}

/// Which invitations are listed.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListInvitations {
    /// In this state.
    state: Option<InvitationState>,
    /// From this list.
    list: Option<String>,
    /// To this address.
    email: Option<Email>,
}

/// Somebody to be invited.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "asha.example@example.org", "name": "Asha Example", "list": "Regional Network" }))]
pub struct CreateInvitation {
    /// The address.
    email: Email,
    /// What the person is called.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// Whom they come from.
    #[schema(max_length = 300)]
    organization_name: Option<String>,
    /// The language to write in; the consultation's when left out.
    language: Option<Language>,
    /// The list that the address came from.
    #[schema(min_length = 1, max_length = 100)]
    list: String,
}

/// How a file is to be imported.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportInvitations {
    /// Whether only to tell what would be done, which is so unless this is `false`.
    #[serde(default = "yes")]
    #[param(default = true)]
    dry_run: bool,
    /// The list that the rows come from, where the file has no column for it.
    list: Option<String>,
    /// Which column is which field, where its name does not tell: a JSON object such as
    /// `{"Contact e-mail": "email", "Remarks": null}`. The fields are email, name, given_name, family_name,
    /// organization, language and list.
    mapping: Option<String>,
}

const fn yes() -> bool {
    true
}

/// What an import of invitations would do or did.
#[derive(Serialize, ToSchema)]
pub struct InvitationImportBody {
    #[serde(flatten)]
    report: ImportReport,
    /// Addresses that are new.
    #[schema(example = 240)]
    new: usize,
    /// Addresses that were there and came from a further list.
    #[schema(example = 12)]
    further: usize,
    /// Rows that told nothing new.
    #[schema(example = 3)]
    known: usize,
}

impl InvitationImportBody {
    fn of((report, entered): (ImportReport, Entered)) -> Self {
        let Entered { new, further, known } = entered;
        Self { report, new, further, known }
    }
}

/// How many got how far.
#[derive(Serialize, ToSchema)]
pub struct FunnelBody {
    /// Addresses in all.
    #[schema(example = 252)]
    total: u32,
    /// Of them, those to whom nothing was sent.
    prepared: u32,
    /// Those to whom a mail was made, whatever came of it.
    #[schema(example = 240)]
    invited: u32,
    /// Those who opened the link, whatever they did then.
    #[schema(example = 150)]
    opened: u32,
    /// Those who registered.
    #[schema(example = 101)]
    registered: u32,
    /// Those who said no.
    #[schema(example = 7)]
    declined: u32,
    /// Those whom no mail reached.
    #[schema(example = 4)]
    bounced: u32,
    /// Those who were reminded at least once.
    #[schema(example = 96)]
    reminded: u32,
}

impl From<Funnel> for FunnelBody {
    fn from(funnel: Funnel) -> Self {
        Self {
            total: funnel.total,
            prepared: funnel.prepared,
            invited: funnel.invited,
            opened: funnel.opened,
            registered: funnel.registered,
            declined: funnel.declined,
            bounced: funnel.bounced,
            reminded: funnel.reminded,
        }
    }
}

/// How far those from one list got.
#[derive(Serialize, ToSchema)]
pub struct ListFunnelBody {
    /// The list.
    #[schema(example = "Regional Network")]
    list: String,
    #[serde(flatten)]
    funnel: FunnelBody,
}

/// The figures of a consultation's open call.
#[derive(Serialize, ToSchema)]
pub struct InvitationStatisticsBody {
    /// All addresses, each once.
    total: FunnelBody,
    /// By list. An address that came from two lists counts in both.
    lists: Vec<ListFunnelBody>,
}

impl From<InvitationStatistics> for InvitationStatisticsBody {
    fn from(found: InvitationStatistics) -> Self {
        let list =
            |(list, funnel): (String, Funnel)| ListFunnelBody { list, funnel: funnel.into() };
        Self { total: found.total.into(), lists: found.lists.into_iter().map(list).collect() }
    }
}

/// The personal link of an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineInvitation {
    /// What stands after `/in/` in the link.
    #[schema(example = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    token: String,
}

/// The invitations of a consultation, in the order they were entered.
#[utoipa::path(tag = "invitations", params(("consultation_id" = ConsultationId, Path), ListInvitations, PageQuery),
    responses((status = 200, body = Page<InvitationBody>), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/invitations")]
pub async fn list_invitations(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Listed<ListInvitations>,
) -> Answer {
    let id = path.id();
    let Listed { filter: query, paging } = query;
    let filter = Filter { state: query.state, list: query.list, email: query.email };
    let part = call.read(move |work| {
        let part = service::list(work, id, &filter, &paging)?;
        let consultation = consultations::service::load(work, id)?;
        Ok(part.map(|one| InvitationBody::of(work, &consultation, one)))
    });
    Ok(call.page(part.await?))
}

/// Enter one address; nothing is sent yet. One that is there already gets the list added.
#[utoipa::path(tag = "invitations", params(("consultation_id" = ConsultationId, Path)), request_body = CreateInvitation,
    responses((status = 201, body = InvitationBody), (status = 200, body = InvitationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/invitations")]
pub async fn create_invitation(
    call: Call,
    path: PathIds<ConsultationId>,
    body: Body<CreateInvitation>,
) -> Answer {
    let id = path.id();
    call.post(body, move |work, body| {
        let new = NewInvitation {
            email: body.email.clone(),
            name: body.name.clone(),
            organization_name: body.organization_name.clone(),
            language: body.language,
            list: body.list.trim().to_owned(),
        };
        let (invitation, is_new) = service::create(work, id, new)?;
        let (id, version) = (invitation.id, invitation.version);
        let body = InvitationBody::shown(work, invitation)?;
        Ok(if is_new {
            Reply::created(format!("/api/v1/invitations/{id}"), version, &body)
        } else {
            Reply::ok(version, &body)
        })
    })
    .await
}

/// Read a list of addresses from a CSV or XLSX file. A dry run, unless `dry_run=false`, tells every row and cell with
/// its error. All or nothing: with one error nothing is entered. Nothing is sent yet.
#[utoipa::path(tag = "invitations", params(("consultation_id" = ConsultationId, Path), ImportInvitations),
    request_body(content = String, content_type = "text/csv", description = "The list, as CSV or XLSX", example = json!("Name,E-mail,Organization,Language\nAsha Example,asha.example@example.org,Example Trust,en\n")),
    responses((status = 200, body = InvitationImportBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/consultations/{consultation_id}/invitations/imports")]
pub async fn import_invitations(
    call: Call,
    path: PathIds<ConsultationId>,
    query: Params<ImportInvitations>,
    upload: Upload,
) -> Answer {
    let (id, query) = (path.id(), query.0);
    let mapping = Mapping::parse(query.mapping.as_deref())?;
    // Who may not import is told so before the file is read, which may be large.
    call.read(move |work| service::may_import(work, id)).await?;
    let table = table::read(&upload.bytes, upload.content_type.as_deref())?;
    let run = move |work: &mut Work| {
        let how = Import { list: query.list.as_deref(), mapping: &mapping, dry_run: query.dry_run };
        imports::import(work, id, &table, &how).map(InvitationImportBody::of)
    };
    if query.dry_run {
        return Ok(Reply::unversioned(&call.read(run).await?).into_response());
    }
    let run = move |work: &mut Work, _: &Upload| Ok(Reply::unversioned(&run(work)?));
    call.post(upload.into_body(), run).await
}

/// How many were invited, opened the link, registered, declined, and whom no mail reached: in all and by list.
#[utoipa::path(tag = "invitations", params(("consultation_id" = ConsultationId, Path)),
    responses((status = 200, body = InvitationStatisticsBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/consultations/{consultation_id}/invitations/statistics")]
pub async fn read_invitation_statistics(call: Call, path: PathIds<ConsultationId>) -> Answer {
    let id = path.id();
    let found = call.read(move |work| service::statistics(work, id)).await?;
    Ok(call.ok_unversioned(&InvitationStatisticsBody::from(found)))
}

/// Say no to an invitation, with the personal link. Any link that is not valid is answered alike.
#[utoipa::path(tag = "invitations", request_body = DeclineInvitation, responses((status = 204), Refusals), security(()))]
#[post("/api/v1/invitations/decline")]
pub async fn decline_invitation(call: Call, body: Body<DeclineInvitation>) -> Answer {
    call.post_secret(body, |work, body| {
        service::decline(work, &body.token)?;
        Ok(Reply::no_content())
    })
    .await
}

/// One invitation.
#[utoipa::path(tag = "invitations", params(("invitation_id" = InvitationId, Path)),
    responses((status = 200, body = InvitationBody), Refusals), security(("bearer" = [])))]
#[get("/api/v1/invitations/{invitation_id}")]
pub async fn read_invitation(call: Call, path: PathIds<InvitationId>) -> Answer {
    let id = path.id();
    let body = call.read(move |work| {
        let invitation = service::see(work, id)?;
        InvitationBody::shown(work, invitation)
    });
    let body = body.await?;
    Ok(call.ok(body.version, &body))
}

/// Take an address off that has not led to a registration. What waits to be mailed to it is cancelled.
#[utoipa::path(tag = "invitations", params(("invitation_id" = InvitationId, Path), IfMatch), responses((status = 204), Refusals), security(("bearer" = [])))]
#[delete("/api/v1/invitations/{invitation_id}")]
pub async fn delete_invitation(call: Call, path: PathIds<InvitationId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.change(move |work| {
        service::delete(work, id, version)?;
        Ok(Reply::no_content())
    })
    .await
}

/// Note that a mail to this address came back.
#[utoipa::path(tag = "invitations", params(("invitation_id" = InvitationId, Path), IfMatch),
    responses((status = 200, body = InvitationBody), Refusals), security(("bearer" = [])))]
#[post("/api/v1/invitations/{invitation_id}/bounce")]
pub async fn report_bounce(call: Call, path: PathIds<InvitationId>) -> Answer {
    let (id, version) = (path.id(), call.if_match()?);
    call.post_empty(move |work| {
        let invitation = service::report_bounce(work, id, version)?;
        let body = InvitationBody::shown(work, invitation)?;
        Ok(Reply::ok(body.version, &body))
    })
    .await
}
