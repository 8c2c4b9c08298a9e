//! Who may do what: every operation of the OpenAPI document is asked as every role, and whether it lets them through
//! (anything but 401, 403, 404) is compared with the table below, which is reasoned from what each role is there for. Every request that
//! carries a version carries one that never exists, so that a call let through stops at 412 and disturbs no other.

use std::collections::BTreeSet;

use rapporteur::access::{Role, ScopeKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Person, Request, World, consultation, id, registration, review};
use crate::on_both;
use crate::plans::proposed;

/// N anonymous, K anonymous with a receipt, P participant, R registered participant, A administrator, S secretariat, D deputy,
/// O secretariat of another review, C co-organizer, H co-host, M moderator, F focal point, T rapporteur (of group 1).
const ALL: &str = "NKPRASOCHMFTD";
const SIGNED: &str = "PRASOCHMFTD";
const TEAM: &str = "SCHMFT";
/// Who reads drafts: a deputy confirms what they have read.
const DRAFTS: &str = "SCHMFTD";
/// Turns on what the body proves, not on who sends it: every role is answered alike.
const ALIKE: &str = "=";

#[rustfmt::skip]
pub const TABLE: &[(&str, &str)] = &[
    ("list_accounts", "A"), ("create_account", "A"), ("read_account", "A"), ("update_account", "A"),
    ("list_grants", "ASO"), ("create_grant", "AS"), ("delete_grant", "AS"),
    ("read_assignment_plan", "AS"), ("apply_assignment_plan", "AS"), ("list_assignment_plans", "AS"),
    ("create_assignment_plan", "AS"), ("list_assignments", "ASCHMFT"),
    ("read_assignment_rules", "AS"), ("replace_assignment_rules", "AS"),
    ("list_people_of_plan", "AS"), ("explain_assignment", "AS"), ("compare_assignment_plans", "AS"),
    ("export_assignments", "AS"), ("print_assignments", "ASCHMFT"), ("import_assignment_plan", "AS"),
    ("edit_assignment_plan", "AS"), ("suggest_assignments", "AS"), ("edit_assignments", "AS"),
    ("list_audit_entries", "A"), ("read_audit_checkpoint", "A"), ("verify_audit_log", "A"),
    ("list_mails", "ASO"), ("release_mails", "ASO"), ("read_mail", "AS"), ("edit_mail", "AS"), ("hold_mail", "AS"),
    ("release_mail", "AS"), ("cancel_mail", "AS"),
    ("list_invitations", "AS"), ("create_invitation", "AS"), ("import_invitations", "AS"), ("send_invitations", "AS"),
    ("remind_invitations", "AS"), ("read_invitation_statistics", "AS"), ("read_invitation", "AS"),
    ("delete_invitation", "AS"), ("report_bounce", "AS"), ("decline_invitation", ALIKE),
    ("create_offer", SIGNED), ("list_offers", SIGNED), ("read_offer", "RAS"), ("decide_offer", "AS"), ("withdraw_offer", "R"),
    ("request_link", ALL), ("redeem_link", ALIKE), ("refresh_tokens", ALIKE), ("sign_in", ALIKE), ("sign_out", ALIKE),
    ("read_co_organizer", ALL), ("list_co_organizers", ALL), ("create_co_organizer", "ASC"),
    ("update_co_organizer", "ASC"), ("delete_co_organizer", "ASC"),
    ("read_consultation", ALL), ("list_consultations", ALL), ("create_consultation", "AS"),
    ("update_consultation", "AS"), ("change_phase", "AS"), ("list_steps", "ASCHMFTD"), ("read_programme", ALL), ("replace_programme", "ASC"),
    ("give_receipt", "R"), ("give_feedback", "K"), ("read_feedback", "AS"), ("list_contributions", "K"), ("contribute", "K"), ("read_contribution", "K"),
    ("change_contribution", "K"), ("take_contribution_back", "K"), ("find_similar_contributions", "K"),
    ("follow_contributions", "K"), ("observe_draft", "K"), ("change_observation", "K"), ("delete_observation", "K"),
    ("read_draft_to_comment", "RSCHMFTD"), ("support_input", "K"), ("withdraw_support", "K"),
    ("read_mixing", ALL), ("set_mixing_times", "ASC"), ("refuse_voice", "S"), ("destroy_voice_keys", "A"),
    ("submit_on_record", "SC"), ("list_submissions", TEAM), ("withdraw_submission", "SC"),
    ("list_withdrawal_wishes", TEAM), ("keep_despite_wish", "S"),
    ("list_inputs", TEAM), ("record_input", "S"), ("read_input", TEAM), ("decide_input", "S"),
    ("decide_inputs", "S"), ("undo_input_decisions", "S"), ("claim_input", "S"), ("release_input", "S"), ("sort_input", "S"),
    ("list_input_history", TEAM), ("read_input_board", TEAM), ("list_input_filters", TEAM), ("save_input_filter", TEAM),
    ("delete_input_filter", "S"), ("list_similar_inputs", TEAM), ("merge_inputs", "S"),
    ("split_input", "S"), ("read_input_coverage", TEAM),
    ("take_input_notes", "SHMFT"), ("take_input_source", "S"), ("list_input_sources", "SHMFT"),
    ("read_input_source", "S"), ("list_input_lines", "S"), ("turn_input_lines", "S"), ("mark_input_lines", "S"),
    ("export_inputs", TEAM), ("import_inputs", "S"), ("follow_input", TEAM),
    ("create_announcement", "AS"), ("list_announcements", "RASCHMFTD"), ("read_announcement", "RASCHMFTD"),
    ("delete_announcement", "AS"),
    ("list_proposals", SIGNED), ("read_proposal", "ASD"), ("decide_proposal", "AD"), ("read_two_people_rule", "A"),
    ("change_two_people_rule", "A"), ("give_merge_consent", ALIKE),
    ("list_input_windows", ALL), ("replace_input_windows", "ASC"),
    ("list_registrations", "ASC"), ("create_registration", SIGNED), ("read_registration", "RAS"),
    ("update_registration", "RAS"), ("decide_registration", "AS"), ("withdraw_registration", "RAS"),
    ("decide_registrations", "AS"), ("accept_place", "RAS"), ("list_registration_history", "RAS"), ("read_balance", "AS"),
    ("read_registration_rules", ALL), ("replace_registration_rules", "AS"),
    ("list_questions", ALL), ("create_question", "AS"), ("read_question", ALL), ("update_question", "AS"),
    ("delete_question", "AS"), ("list_form_fields", ALL), ("read_receipt_words", ALL),
    ("create_access_code", "AS"), ("list_access_codes", "AS"), ("delete_access_code", "AS"),
    ("request_registration_draft", ALL), ("open_registration_draft", ALIKE), ("save_registration_draft", ALIKE),
    ("submit_registration_draft", ALIKE), ("give_guardian_consent", ALIKE), ("list_consents", "RAS"),
    ("list_figure_releases", ALL), ("release_figures", "AS"), ("read_participation_paragraphs", "ASCHMFTD"),
    ("read_own_data", SIGNED), ("erase_me", SIGNED), ("erase_account", "A"), ("create_purge", "A"), ("list_purges", "A"),
    ("read_consultation_report", DRAFTS), ("open_report", "S"), ("read_report", DRAFTS), ("update_report", "S"),
    ("take_returned_draft", "ST"), ("read_document_schema", ALL), ("start_rendering", DRAFTS),
    ("read_coverage", DRAFTS), ("export_draft", DRAFTS), ("list_editions", DRAFTS), ("export_edition", ""), ("read_edition_paragraph", ""),
    ("record_omission", "S"), ("read_outline", DRAFTS), ("add_paragraphs", "ST"), ("list_paragraphs", DRAFTS), ("merge_paragraphs", "ST"),
    ("publish_report", "S"), ("change_report_state", "SC"), ("list_report_steps", DRAFTS), ("read_paragraph", DRAFTS), ("delete_paragraph", "ST"),
    ("list_report_history", DRAFTS), ("list_paragraph_versions", DRAFTS), ("read_paragraph_version", DRAFTS),
    ("set_milestone", "ST"), ("list_milestones", DRAFTS), ("read_milestone", DRAFTS), ("export_milestone", DRAFTS),
    ("list_findings", DRAFTS), ("waive_finding", "S"), ("take_waiver_back", "S"),
    ("read_differences", ""), ("export_differences", ""), ("export_changes", ""), ("export_citation", ""), // Of what is published: tests/api/differences.rs.
    ("begin_translation", "S"), ("list_translations", DRAFTS), ("read_translation", DRAFTS), ("update_translation", "S"),
    ("delete_translation", "S"), ("read_translated_portions", DRAFTS), ("translate_portions", "S"), ("export_translation", DRAFTS), ("export_translation_units", DRAFTS), ("take_translation_units", "S"),
    ("publish_translation", "S"), ("list_edition_translations", ""), ("export_edition_translation", ""), // Of what is published: tests/api/translations.rs.
    ("compare_milestone", DRAFTS), ("suggest_wording", DRAFTS), ("list_suggestions", DRAFTS), ("read_suggestion", DRAFTS),
    ("comment_suggestion", DRAFTS), ("decide_suggestion", "ST"), ("compare_paragraph_versions", DRAFTS), ("restore_paragraph_version", "ST"), ("list_section_versions", DRAFTS),
    ("open_clearance_round", "SC"), ("list_clearance_rounds", DRAFTS), ("read_clearance_round", DRAFTS),
    ("update_clearance_round", "SC"), ("ask_for_clearance", "SC"), ("close_clearance_round", "SC"), ("ask_participants", "SC"),
    ("read_clearance_text", DRAFTS), ("read_own_clearance", DRAFTS), ("take_position", "S"), ("list_positions", DRAFTS),
    ("read_position", DRAFTS), ("decide_position", "S"), ("comment_draft", "S"), ("list_draft_comments", DRAFTS),
    ("read_draft_comment", DRAFTS), ("answer_draft_comment", "ST"), ("withdraw_draft_comment", "S"),
    ("override_clearance", "S"), ("list_clearance_overrides", DRAFTS), ("list_waiting_of_report", DRAFTS),
    ("list_waiting_of_review", SIGNED), ("export_clearance_template", DRAFTS), ("take_clearance_template", "S"),
    ("read_clearance_minutes", DRAFTS),
    ("update_paragraph", "ST"), ("move_paragraph", "ST"), ("split_paragraph", "ST"), ("update_section", "ST"),
    ("list_omissions", DRAFTS), ("read_omission", DRAFTS), ("update_omission", "S"), ("withdraw_omission", "S"),
    ("read_section", DRAFTS), ("add_section", "S"), ("move_section", "S"), ("remove_section", "S"), ("join_sections", "S"),
    ("split_section", "S"), ("set_views_apart", "S"), ("list_reports", ALL),
    // Nothing is published in the scene: no recommendation is there.
    ("list_recommendations", ALL), ("export_recommendations", ALL), ("read_recommendation_feed", ALL), ("read_recommendation", ""),
    ("confirm_recommendation", ""), ("add_follow_up", ""), ("read_follow_up", ""), ("update_follow_up", ""), ("remove_follow_up", ""),
    // The scene's report is no paper.
    ("list_papers", ALL), ("open_paper", "S"), ("read_compilation", ""), ("recompile_paper", ""), ("settle_changes", ""), ("list_recurring_points", ""), ("arrange_paper", ""),
    ("list_rounds", ALL), ("read_round", ALL), ("create_round", "ASC"), ("update_round", "ASC"), ("delete_round", "ASC"),
    ("list_sessions", ALL), ("read_session", ALL), ("create_session", "ASC"), ("update_session", "ASC"),
    ("delete_session", "ASC"),
    ("list_working_groups", ALL), ("read_working_group", ALL), ("create_working_group", "ASC"),
    ("update_working_group", "ASC"), ("delete_working_group", "ASC"),
    ("list_hosts", ALL), ("create_host", "AS"), ("delete_host", "AS"),
    ("list_countries", ALL), ("list_frameworks", ALL), ("list_objectives", ALL), ("list_sectors", ALL),
    ("list_subregions", ALL), ("list_reason_codes", ALL),
    ("read_input_category", ALL), ("list_input_categories", ALL), ("create_input_category", "AS"),
    ("update_input_category", "AS"),
    ("read_me", SIGNED), ("update_me", SIGNED), ("list_sign_ins", SIGNED), ("end_sign_in", "R"), ("list_own_assignments", SIGNED),
    ("list_own_registrations", SIGNED),
    ("list_organizations", ALL), ("read_organization", SIGNED), ("propose_organization", SIGNED),
    ("update_organization", "ASO"), ("vet_organization", "ASO"),
    ("match_organizations", ALL), ("merge_organization", "ASO"), ("list_merges", "ASO"), ("list_vettings", "ASO"),
    ("list_account_duplicates", "ASO"), ("merge_account", "A"),
    ("create_appeal", "R"), ("list_appeals", SIGNED), ("read_appeal", "PASO"), ("answer_appeal", "ASO"),
    ("export_programme_calendar", ALL), ("export_own_calendar", SIGNED), ("create_calendar_feed", SIGNED),
    ("delete_calendar_feed", SIGNED), ("read_calendar_feed", ALIKE),
    ("list_attendance", "AS"), ("record_attendance", "AS"), ("delete_attendance", "AS"), ("issue_check_in_code", "AS"),
    ("check_in", "R"), ("import_attendance", "AS"),
    ("list_jobs", SIGNED), ("read_job", "AS"), ("cancel_job", "AS"),
    ("import_registrations", "AS"), ("export_registrations", "ASC"),
    ("list_reviews", ALL), ("read_review", ALL), ("create_review", "A"), ("update_review", "AS"),
];

/// The document's operations: id, method, path.
pub fn operations() -> Vec<(String, Method, String)> {
    let document = serde_json::to_value(rapporteur::server::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Some(name) = operation["operationId"].as_str() else { continue };
            found.push((name.to_owned(), method.to_uppercase().parse().unwrap(), path.clone()));
        }
    }
    found
}

#[test]
fn the_table_knows_every_operation_and_no_other() {
    let documented: BTreeSet<String> = operations().into_iter().map(|(name, ..)| name).collect();
    let known: BTreeSet<String> = TABLE.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(known.len(), TABLE.len(), "an operation is in the table twice");
    let unknown: Vec<_> = documented.difference(&known).collect();
    let gone: Vec<_> = known.difference(&documented).collect();
    assert!(
        unknown.is_empty() && gone.is_empty(),
        "not in the table: {unknown:?}; no operation any more: {gone:?}"
    );
}

/// What the paths and bodies name.
pub struct Scene {
    holder: Person,
    pub ids: Vec<(&'static str, String)>,
    category: String,
    organization: String,
    section: String,
    pub receipt: String,
    pub people: Vec<(char, Option<Person>)>,
}

/// The id of the first of a list that has one there.
fn first(value: &Value) -> String {
    id(&value["items"][0]).to_owned()
}

/// A section of the outline (at any depth) that is about objective 4.
fn section_of_group_one(value: &Value) -> Option<String> {
    let own = value["objectives"]
        .as_array()
        .is_some_and(|list| list.contains(&json!(4)) && list.len() < 5);
    if let (true, Some(found), true) = (own, value["id"].as_str(), value["category"].is_string()) {
        return Some(found.to_owned());
    }
    match value {
        Value::Array(items) => items.iter().find_map(section_of_group_one),
        Value::Object(fields) => fields.values().find_map(section_of_group_one),
        _ => None,
    }
}

/// What there is of clearance: the secretariat asks itself, comments and says so.
struct Cleared {
    round: String,
    party: String,
    comment: String,
    position: String,
}

impl Cleared {
    /// In a report that goes to clearance for it, and back.
    async fn of(world: &World, by: &Person, report: &str, paragraph: &str) -> Self {
        let go = async |to: &str| {
            let version = world.get(Some(by), report).await.json["version"].as_i64().unwrap();
            let body = json!({ "to": to, "reason": "A test." });
            world.change(by, Method::POST, &format!("{report}/state"), version, body).await;
        };
        go("clearance").await;
        let asked = json!([{ "account_id": by.id, "needed": true }]);
        let round = json!({ "ends_on": "2020-10-20", "asked": asked });
        let round = world.make(by, &format!("{report}/clearance/rounds"), round).await;
        let comment =
            json!({ "paragraph_id": paragraph, "paragraph_version": 1, "text": "Which one?" });
        let comment = world.make(by, &format!("{report}/clearance/comments"), comment).await;
        let said = json!({ "kind": "comments" });
        let position = world.make(by, &format!("{report}/clearance/positions"), said).await;
        let participants = format!("/api/v1/clearance-rounds/{}/participants", id(&round));
        let until = json!({ "ends_on": "2020-10-20" });
        world.change(by, Method::POST, &participants, 1, until).await;
        go("drafting").await;
        Self {
            party: id(&round["asked"][0]["party"]).to_owned(),
            round: id(&round).to_owned(),
            comment: id(&comment).to_owned(),
            position: id(&position).to_owned(),
        }
    }
}

pub async fn scene(world: &World) -> Scene {
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let made = world.make(&admin, "/api/v1/reviews", review()).await;
    let mut other = review();
    other["code"] = json!("another");
    let other = world.make(&admin, "/api/v1/reviews", other).await;
    let review = id(&made).to_owned();
    let secretariat = world.person_with("Sari Own", Role::Secretariat, ScopeKind::Review, &review);
    let held = world
        .make(&secretariat, &format!("/api/v1/reviews/{review}/consultations"), consultation())
        .await;
    let (held, base) = (id(&held).to_owned(), format!("/api/v1/consultations/{}", id(&held)));
    let mut groups = Vec::new();
    for (number, objectives) in [(1, [4, 8]), (2, [9, 10])] {
        let body = json!({ "number": number, "clusters": [objectives], "min_size": 1, "max_size": 40, "languages": ["en"] });
        groups.push(
            id(&world.make(&secretariat, &format!("{base}/working-groups"), body).await).to_owned(),
        );
    }
    let round = world.make(&secretariat, &format!("{base}/rounds"), json!({ "number": 1 })).await;
    let session = json!({ "kind": "opening", "title": "Opening" });
    let session = world.make(&secretariat, &format!("{base}/sessions"), session).await;
    let organization =
        json!({ "name": "Example Trust", "sector": "civil_society", "country": "TH" });
    let organization = world.make(&secretariat, "/api/v1/organizations", organization).await;
    let pat = world.person("Pat Plain");
    let declined = json!({ "name": "Unknown House", "sector": "media", "country": "TH" });
    let declined = world.make(&pat, "/api/v1/organizations", declined).await;
    let vetting = format!("/api/v1/organizations/{}/vetting", id(&declined));
    let step = json!({ "to": "declined", "reason": "not_found" });
    world.change(&secretariat, Method::POST, &vetting, 1, step).await;
    let appeal = json!({ "organization_id": id(&declined), "text": "We are well known." });
    let appeal = world.make(&pat, "/api/v1/appeals", appeal).await;
    let part = json!({ "organization_id": id(&organization), "kind": "stakeholder" });
    let part = world.make(&secretariat, &format!("{base}/co-organizers"), part).await;
    world.phases(&secretariat, &held, &["open_call"]).await;
    let owner = world.person("Zyxwvut Qwertz");
    let registered = world
        .make(&owner, &format!("{base}/registrations"), registration("civil_society", "TH"))
        .await;
    let invitation = json!({ "email": "pia.sample@example.org", "list": "UN Network" });
    let invitation = world.make(&secretariat, &format!("{base}/invitations"), invitation).await;
    let offer = json!({ "organization_id": id(&organization), "kind": "stakeholder", "motivation": "We can help." });
    let offer = world.make(&owner, &format!("{base}/co-organizing-offers"), offer).await;
    let decision = format!("/api/v1/registrations/{}/decision", id(&registered));
    let version = registered["version"].as_i64().unwrap();
    world
        .change(&secretariat, Method::POST, &decision, version, json!({ "decision": "confirm" }))
        .await;
    let categories =
        world.get(None, &format!("/api/v1/reviews/{review}/input-categories")).await.json;
    let category = id(&categories["items"][1]).to_owned();
    let text = json!({ "objectives": [4], "category_id": category, "body": "Said once." });
    let mut input = text.clone();
    (input["origin"], input["told_by"]) = (json!("plenary"), json!("one"));
    let said = format!("{base}/inputs");
    let accepted = world.make(&secretariat, &said, input.clone()).await;
    let decided = world.make(&secretariat, &said, input.clone()).await;
    for one in [&accepted, &decided] {
        let path = format!("/api/v1/inputs/{}/decision", id(one));
        world.change(&secretariat, Method::POST, &path, 1, json!({ "decision": "accept" })).await;
    }
    let history = format!("/api/v1/inputs/{}/history", id(&decided));
    let history = world.get(Some(&secretariat), &history).await.json;
    let batch = history["items"][1]["batch_id"].as_str().unwrap().to_owned();
    let filter = json!({ "name": "Mine", "filter": { "q": "passports" } });
    let filter = world.make(&secretariat, &format!("{base}/input-filters"), filter).await;
    let input = world.make(&secretariat, &said, input).await;
    let signed_in = |work: &mut rapporteur::work::Work| {
        let email = owner.email.parse().unwrap();
        rapporteur::accounts::sign_ins::service::sign_in_by_address(work, &email)
    };
    let browser = world.app.write_blocking(&rapporteur::work::Credentials::Operator, signed_in);
    assert!(browser.unwrap().is_some());
    let sign_ins = world.get(Some(&owner), "/api/v1/me/sign-ins").await.json;
    let given = world.make(&owner, &format!("{base}/receipts"), json!({})).await;
    let receipt = given["receipt"].as_str().unwrap().to_owned();
    let on_record = json!({ "organization_id": organization["id"], "said": text });
    let submission = world.make(&secretariat, &format!("{base}/submissions"), on_record).await;
    let source = format!("{base}/input-sources?title=Notes&file_name=notes.txt&dry_run=false");
    let source =
        crate::jobs::upload(world, &secretariat, &source, "text/plain", "Fees differ.").await;
    assert_eq!(source.status, 200, "{}", source.text);
    world.phases(&secretariat, &held, &["registration_closed"]).await;
    let plan = proposed(world, &secretariat, &base, json!({})).await;
    world.phases(&secretariat, &held, &["in_session", "synthesis"]).await;
    let attendance = json!({ "people": [{ "registration_id": id(&registered) }] });
    let attendance = world
        .make(&secretariat, &format!("/api/v1/sessions/{}/attendance", id(&session)), attendance)
        .await;
    let report = world
        .send(Request::new(Method::POST, &format!("{base}/report")).by(Some(&secretariat)))
        .await
        .json;
    let outline = world
        .get(Some(&secretariat), &format!("/api/v1/reports/{}/outline", id(&report)))
        .await
        .json;
    let section = section_of_group_one(&outline)
        .unwrap_or_else(|| panic!("no section of group 1 in {outline}"));
    let text = json!({ "section_id": section, "text": "One paragraph.", "editorial_reason": "It stands here for the test." });
    let paragraph =
        world.add_paragraph(&secretariat, &format!("/api/v1/reports/{}", id(&report)), text).await;
    let omission = json!({ "input_id": accepted["id"], "reason": "Said elsewhere." });
    let omission = world
        .make(&secretariat, &format!("/api/v1/reports/{}/omissions", id(&report)), omission)
        .await;
    let translation = format!("/api/v1/reports/{}/translations", id(&report));
    let translation = world.make(&secretariat, &translation, json!({ "language": "fr" })).await;
    let milestone = format!("/api/v1/reports/{}/milestones", id(&report));
    let milestone = world.make(&secretariat, &milestone, json!({ "name": "First" })).await;
    let suggestion = format!("/api/v1/paragraphs/{}/suggestions", id(&paragraph));
    let suggested = json!({ "kind": "delete", "made_from": 1 });
    let suggestion = world.make(&secretariat, &suggestion, suggested).await;

    let report_path = format!("/api/v1/reports/{}", id(&report));
    let cleared = Cleared::of(world, &secretariat, &report_path, id(&paragraph)).await;

    let group = groups[0].as_str();
    let in_group = |name: &str, role: Role| {
        Some(world.person_with(name, role, ScopeKind::WorkingGroup, group))
    };
    let co_organizer =
        world.person_with("Cora Co", Role::CoOrganizer, ScopeKind::Consultation, &held);
    let duplicate = owner.id.to_string();
    let question = json!({
        "code": "crossing", "kind": "short_text", "wording": { "en": { "prompt": "Where?" } },
        "purpose": "To know where", "legal_basis": "consent"
    });
    let question = world.make(&secretariat, &format!("{base}/questions"), question).await;
    let code = json!({ "label": "For friends" });
    let code = world.make(&secretariat, &format!("{base}/access-codes"), code).await;
    let people = vec![
        ('N', None),
        ('K', None),
        ('P', Some(pat)),
        ('R', Some(owner)),
        ('A', Some(admin.clone())),
        (
            'O',
            Some(world.person_with("Otto Other", Role::Secretariat, ScopeKind::Review, id(&other))),
        ),
        ('C', Some(co_organizer)),
        ('H', in_group("Hana Host", Role::CoHost)),
        ('M', in_group("Mo Moderator", Role::Moderator)),
        ('F', in_group("Fay Focal", Role::FocalPoint)),
        ('T', in_group("Tia Rapporteur", Role::Rapporteur)),
        ('D', Some(world.deputy("Dara Deputy", &review, id(&organization)))),
        ('S', Some(secretariat.clone())),
    ];
    let holder =
        world.person_with("Hilda Holder", Role::Rapporteur, ScopeKind::WorkingGroup, group);
    let mails =
        world.get(Some(&admin), &format!("/api/v1/outbox?subject={}", id(&offer))).await.json;
    let account = holder.id.to_string();
    let role = json!({ "role": "secretariat", "scope_kind": "review", "scope_id": &review });
    let proposal = format!("/api/v1/accounts/{account}/grants");
    let proposal = world.make(&secretariat, &proposal, role).await;
    let announcement = json!({ "texts": { "en": { "title": "The room", "text": "It is another one." } }, "at_once": true });
    let announcement =
        world.make(&secretariat, &format!("{base}/announcements"), announcement).await;
    let grants = world.get(Some(&admin), &format!("/api/v1/accounts/{account}/grants")).await.json;
    let job = |work: &mut rapporteur::work::Work| {
        let kind = rapporteur::jobs::JobKind::ImportRegistrations;
        let scope = rapporteur::access::Scope::INSTANCE;
        rapporteur::jobs::service::start(work, kind, scope, json!({}), Vec::new())
    };
    let starter = people.iter().find(|(who, _)| *who == 'S').and_then(|(_, one)| one.as_ref());
    let starter = rapporteur::work::Credentials::Account(starter.unwrap().id);
    let job = world.app.write_blocking(&starter, job).unwrap();
    let ids = vec![
        ("job_id", job.id.to_string()),
        ("account_id", account),
        ("appeal_id", id(&appeal).to_owned()),
        ("declined_id", id(&declined).to_owned()),
        ("duplicate_id", duplicate),
        ("grant_id", first(&grants)),
        ("proposal_id", id(&proposal).to_owned()),
        ("announcement_id", id(&announcement).to_owned()),
        ("plan_id", id(&plan).to_owned()),
        ("co_organizer_id", id(&part).to_owned()),
        ("consultation_id", held),
        ("code", "gcm".into()),
        ("category_id", category.clone()),
        ("input_id", id(&input).to_owned()),
        ("other_input_id", id(&decided).to_owned()),
        ("accepted_input_id", id(&accepted).to_owned()),
        ("submission_id", id(&submission).to_owned()),
        ("input_source_id", id(&source.json).to_owned()),
        ("batch_id", batch),
        ("input_filter_id", id(&filter).to_owned()),
        ("organization_id", id(&organization).to_owned()),
        ("mail_id", first(&mails)),
        ("question_id", id(&question).to_owned()),
        ("access_code_id", id(&code["access_code"]).to_owned()),
        ("invitation_id", id(&invitation).to_owned()),
        ("offer_id", id(&offer).to_owned()),
        ("paragraph_id", id(&paragraph).to_owned()),
        ("translation_id", id(&translation).to_owned()),
        ("language", "fr".into()),
        ("milestone_id", id(&milestone).to_owned()),
        ("suggestion_id", id(&suggestion).to_owned()),
        ("clearance_round_id", cleared.round),
        ("position_id", cleared.position),
        ("clearance_comment_id", cleared.comment),
        ("party_id", cleared.party),
        ("omission_id", id(&omission).to_owned()),
        ("registration_id", id(&registered).to_owned()),
        ("section_id", section.clone()),
        ("report_id", id(&report).to_owned()),
        ("format", "json".into()),
        ("number", "1".into()),
        ("paragraph", "1".into()),
        ("review_id", review),
        ("recommendation_id", "0175db2d-9900-7012-8707-070707070707".into()),
        ("follow_up_id", "0175db2d-9900-7012-8707-070707070707".into()),
        ("round_id", id(&round).to_owned()),
        ("session_id", id(&session).to_owned()),
        ("working_group_id", groups[0].clone()),
        ("role", "rapporteur".into()),
        ("token", "nothing".into()),
        ("sign_in_id", first(&sign_ins)),
        ("attendance_id", first(&attendance)),
    ];
    let organization = id(&organization).to_owned();
    Scene { holder, ids, category, organization, section, receipt, people }
}

impl Scene {
    /// What the holder of the receipt contributed; the same however often it is asked for, unless it was taken back.
    async fn contributed(&self, world: &World) -> Value {
        let path = format!("/api/v1/consultations/{}/contributions", self.id("consultation_id"));
        let body = self.body("contribute", 'K').unwrap();
        let request = Request::new(Method::POST, &path).header("Receipt", &self.receipt).body(body);
        let answer = world.send(request).await;
        assert!([200, 201].contains(&answer.status), "{}", answer.text);
        answer.json
    }

    /// What the holder of the receipt said of the draft; the same however often it is asked for, unless it was deleted.
    async fn observed(&self, world: &World) -> Value {
        let path = format!("/api/v1/consultations/{}/observations", self.id("consultation_id"));
        let body = self.body("observe_draft", 'K').unwrap();
        let request = Request::new(Method::POST, &path).header("Receipt", &self.receipt).body(body);
        let answer = world.send(request).await;
        assert!([200, 201].contains(&answer.status), "{}", answer.text);
        answer.json
    }

    fn id(&self, name: &str) -> &str {
        self.ids.iter().find(|(known, _)| *known == name).map_or("", |(_, id)| id.as_str())
    }

    /// A path of the document with the ids of the scene in it.
    pub fn filled(&self, template: &str) -> String {
        self.ids.iter().fold(template.to_owned(), |path, (key, value)| {
            path.replace(&format!("{{{key}}}"), value)
        })
    }

    /// An operation as somebody asks for it: with a valid body and, where it changes something, a version that never exists.
    fn request<'a>(
        &self,
        (operation, method): (&str, &Method),
        path: &str,
        (who, person): (char, Option<&'a Person>),
    ) -> Request<'a> {
        let mut request = Request::new(method.clone(), path).by(person);
        if who == 'K' {
            request = request.header("Receipt", &self.receipt);
        }
        if *method != Method::GET {
            request = request.version(999_999);
        }
        match self.body(operation, who) {
            Some(body) => request.body(body),
            None => request,
        }
    }

    /// A valid body, told apart by who sends it where a thing may exist only once.
    pub fn body(&self, operation: &str, who: char) -> Option<Value> {
        let n = who as u32;
        Some(match operation {
            "create_account" => {
                json!({ "email": format!("new{n}@example.org"), "name": "New Example" })
            }
            "erase_me" | "erase_account" => json!({ "email": "somebody.else@example.org" }),
            "create_purge" => json!({ "dry_run": true }),
            "release_figures" => json!({ "occasion": "after_event" }),
            "start_rendering" => json!({}),
            "decide_proposal" => json!({ "decision": "reject" }),
            "change_two_people_rule" => json!({ "required": true }),
            "give_merge_consent" => json!({ "token": "nothing", "consent": true }),
            "create_announcement" => {
                json!({ "texts": { "en": { "title": "The room", "text": "It is another one." } } })
            }
            "create_grant" => {
                json!({ "role": "co_organizer", "scope_kind": "consultation", "scope_id": self.id("consultation_id") })
            }
            "request_link" => json!({ "email": "somebody@example.org" }),
            "redeem_link" | "decline_invitation" => json!({ "token": "nothing" }),
            "edit_mail" | "release_mails" | "send_invitations" | "remind_invitations" => json!({}),
            "create_invitation" => {
                json!({ "email": format!("invited{n}@example.org"), "list": "UN Network" })
            }
            "create_offer" => {
                json!({ "organization_id": self.organization, "kind": "un_network", "motivation": "We can help." })
            }
            "decide_offer" => json!({ "decision": "accept" }),
            "replace_registration_rules" => json!({}),
            "create_question" => {
                json!({
                    "code": format!("question_{n}"), "kind": "number", "purpose": "To count",
                    "wording": { "en": { "prompt": "How many?" } }, "legal_basis": "mandate"
                })
            }
            "create_access_code" => json!({ "label": "For friends" }),
            "request_registration_draft" => json!({ "email": "somebody@example.org" }),
            "open_registration_draft" | "submit_registration_draft" => {
                json!({ "token": "nothing" })
            }
            "save_registration_draft" => json!({ "token": "nothing", "form": {} }),
            "give_guardian_consent" => json!({ "token": "nothing", "consent": true }),
            "refresh_tokens" | "sign_out" => json!({ "refresh_token": "nothing" }),
            "sign_in" => {
                json!({ "email": format!("somebody{n}@example.org"), "password": "not this one" })
            }
            "create_co_organizer" => {
                json!({ "organization_id": self.organization, "kind": "un_network" })
            }
            "record_input" => {
                json!({ "origin": "plenary", "told_by": "one", "objectives": [4], "category_id": self.category, "body": "More." })
            }
            "contribute" | "change_contribution" => {
                json!({ "objectives": [4], "category_id": self.category, "body": "More." })
            }
            "observe_draft" | "change_observation" => {
                json!({ "portion_id": self.id("paragraph_id"), "body": "More." })
            }
            "ask_participants" => json!({ "ends_on": "2020-10-20" }),
            "submit_on_record" => {
                json!({ "organization_id": self.organization,
                "said": { "objectives": [4], "category_id": self.category, "body": "More." } })
            }
            "set_mixing_times" => json!({ "times": ["12:00"] }),
            "give_feedback" => json!({ "answers": { "heard": 4 } }),
            "change_phase" => json!({ "to": "clearance", "reason": "A test." }),
            "create_registration" => registration("media", "TH"),
            "replace_programme" => {
                json!({ "co_organizers": [], "rounds": [], "working_groups": [], "sessions": [] })
            }
            "create_round" => json!({ "number": n }),
            "create_session" => json!({ "kind": "closing", "title": "Closing" }),
            "create_working_group" => {
                json!({ "number": n, "clusters": [[21]], "min_size": 1, "max_size": 9, "languages": ["en"] })
            }
            "decide_input" => json!({ "decision": "accept" }),
            "decide_inputs" => json!({ "inputs": [{ "id": self.id("input_id"), "version": 1 }],
                "decision": { "decision": "accept" } }),
            "undo_input_decisions" => json!({ "batch_id": self.id("batch_id") }),
            "sort_input" => json!({}),
            "keep_despite_wish" => json!({ "reason": "Nobody can be recognized in it." }),
            "save_input_filter" => json!({ "name": format!("Mine {n}"), "filter": {} }),
            "find_similar_contributions" => json!({ "body": "Said once." }),
            "merge_inputs" => json!({ "with": [{ "id": self.id("other_input_id"), "version": 1 }],
                "into": { "body": "Said twice." } }),
            "split_input" => json!({ "parts": [{ "body": "Said." }, { "body": "Once." }] }),
            "take_input_notes" => {
                json!({ "working_group_id": self.id("working_group_id"), "round_id": self.id("round_id"),
                "notes": [{ "key": format!("{n}"), "told_by": "one", "objectives": [4], "category_id": self.category, "body": "A note." }] })
            }
            "turn_input_lines" => {
                json!({ "inputs": [{ "lines": [], "objectives": [4], "category_id": self.category }] })
            }
            "mark_input_lines" => json!({ "lines": [], "discarded": true }),
            "replace_input_windows" => json!({ "windows": [] }),
            "record_attendance" => {
                json!({ "people": [{ "person": { "name": "Chen Fixture" } }] })
            }
            "issue_check_in_code" => json!({}),
            "check_in" => json!({ "code": "KX7Q2M" }),
            "propose_organization" => {
                json!({ "name": format!("Group {n}"), "sector": "media", "country": "TH" })
            }
            "vet_organization" => json!({ "to": "proposed" }),
            "merge_organization" => json!({ "into": self.id("declined_id") }),
            "merge_account" => json!({ "into": self.id("duplicate_id") }),
            "create_appeal" => {
                json!({ "registration_id": self.id("registration_id"), "text": "No." })
            }
            "answer_appeal" => json!({ "outcome": "dismissed", "answer": "No." }),
            "begin_translation" => json!({ "language": "ru" }),
            "translate_portions" => json!({ "portions": [] }),
            "publish_translation" => json!({ "edition": 1 }),
            "set_milestone" => json!({ "name": "Second" }),
            "waive_finding" => json!({ "finding": "0", "reason": "It is a test." }),
            "suggest_wording" => json!({ "kind": "replace", "made_from": 1, "text": "Other." }),
            "comment_suggestion" => json!({ "text": "Why?" }),
            "decide_suggestion" => json!({ "decision": "reject" }),
            "open_clearance_round" | "ask_for_clearance" => {
                let asked = json!([{ "account_id": self.id("account_id"), "needed": false }]);
                let mut body = json!({ "asked": asked });
                if operation == "open_clearance_round" {
                    body["ends_on"] = json!("2020-10-20");
                }
                body
            }
            "take_position" => json!({ "kind": "comments" }),
            "decide_position" => json!({ "decision": "confirm" }),
            "comment_draft" => json!({ "text": "Why?" }),
            "answer_draft_comment" => json!({ "answer": "accepted", "text": "It says so now." }),
            "override_clearance" => {
                json!({ "party_id": self.id("party_id"), "reason": "They did not answer." })
            }
            "move_paragraph" => json!({ "section_id": self.section, "position": 1 }),
            "decide_registrations" => {
                json!({ "filter": {}, "decision": "confirm", "preview": true })
            }
            "decide_registration" => json!({ "decision": "confirm" }),
            "record_omission" => {
                json!({ "input_id": self.id("input_id"), "reason": "Said elsewhere." })
            }
            "add_paragraphs" => {
                json!({ "paragraphs": [{ "section_id": self.section, "text": "Text.", "editorial_reason": "It stands here for the test." }] })
            }
            "split_paragraph" => json!({ "parts": [{ "text": "One." }, { "text": "Two." }] }),
            "confirm_recommendation" => json!({ "strength": "should", "addressees": [] }),
            "add_follow_up" => {
                json!({ "dated_on": "2021-03-12", "text": "Done.", "source": "A source" })
            }
            "arrange_paper" => json!({ "arrangement": "by_objective" }),
            "settle_changes" => json!({ "settlements": [] }),
            "merge_paragraphs" => {
                json!({ "paragraphs": [self.id("paragraph_id"), self.id("paragraph_id")], "text": "Both." })
            }
            "change_report_state" => json!({ "to": "clearance" }),
            "create_review" => {
                let mut body = review();
                body["code"] = json!(format!("review-{n}"));
                body
            }
            "create_consultation" => {
                let mut body = consultation();
                body["ordinal"] = json!(n);
                body
            }
            "create_input_category" => {
                json!({ "code": "recommendations", "heading": "Recommendations" })
            }
            "create_host" => json!({ "account_id": self.id("account_id"), "role": "moderator" }),
            "add_section" => json!({ "heading": format!("Section {n}") }),
            "move_section" => json!({ "position": 1 }),
            "join_sections" => json!({ "section_id": self.section }),
            "split_section" => {
                json!({ "paragraph_id": self.id("paragraph_id"), "heading": "A heading" })
            }
            "set_views_apart" => json!({ "paragraph_ids": [self.id("paragraph_id")] }),
            "update_section" => json!({ "heading": "A heading" }),
            name if name.starts_with("update_") => json!({}),
            "publish_report"
            | "open_paper"
            | "create_assignment_plan"
            | "apply_assignment_plan"
            | "replace_assignment_rules" => json!({}),
            "edit_assignment_plan" | "edit_assignments" => json!({ "edits": [{
                "kind": "move", "registration_id": self.id("registration_id"),
                "round_id": self.id("round_id"), "working_group_id": self.id("working_group_id")
            }] }),
            _ => return None,
        })
    }
}

on_both!(
    every_operation_lets_through_who_may_and_refuses_everybody_else,
    |world: World| async move {
        let scene = scene(&world).await;
        let mut wrong = Vec::new();
        for (name, method, template) in operations() {
            let Some((_, allowed)) = TABLE.iter().find(|(known, _)| *known == name) else {
                continue;
            };
            let path = scene.filled(&template);
            let mut statuses = BTreeSet::new();
            for (who, person) in &scene.people {
                // A grant has no version: what a call let through took away is given again.
                let mut path = path.clone();
                if ["delete_grant", "delete_host"].contains(&name.as_str()) {
                    world.grant(
                        &scene.holder,
                        Role::Rapporteur,
                        ScopeKind::WorkingGroup,
                        scene.id("working_group_id"),
                    );
                    let admin = scene
                        .people
                        .iter()
                        .find(|(who, _)| *who == 'A')
                        .and_then(|(_, person)| person.as_ref());
                    let grants = world
                        .get(admin, &format!("/api/v1/accounts/{}/grants", scene.holder.id))
                        .await
                        .json;
                    path = path.replace(scene.id("grant_id"), &first(&grants));
                }
                // Only what is accepted can be supported.
                if ["support_input", "withdraw_support"].contains(&name.as_str()) {
                    path = path.replace(scene.id("input_id"), scene.id("accepted_input_id"));
                }
                if name == "withdraw_support" && *who == 'K' {
                    let support =
                        Request::new(Method::PUT, &path).header("Receipt", &scene.receipt);
                    assert_eq!(world.send(support).await.status, 204);
                }
                if name == "withdraw_submission" {
                    path = path.replace(scene.id("input_id"), scene.id("submission_id"));
                }
                // Taken back by a call let through, it is contributed again.
                if path.contains("{contribution_id}") {
                    let made = scene.contributed(&world).await;
                    path = path.replace("{contribution_id}", id(&made));
                }
                if path.contains("{observation_id}") {
                    let made = scene.observed(&world).await;
                    path = path.replace("{observation_id}", id(&made));
                }
                let request = scene.request((&name, &method), &path, (*who, person.as_ref()));
                let answer = world.send(request).await;
                statuses.insert(answer.status);
                if *allowed == ALIKE {
                    continue;
                }
                let through = ![401, 403, 404].contains(&answer.status);
                if through != allowed.contains(*who) || answer.status == 400 || answer.status >= 500
                {
                    wrong.push(format!(
                        "{name} as {who}: {} {}",
                        answer.status,
                        answer.text.get(..160).unwrap_or(&answer.text)
                    ));
                }
                if !through {
                    let fitting: &[u16] = if person.is_none() { &[401, 404] } else { &[403, 404] };
                    if !fitting.contains(&answer.status)
                        || answer.header("content-type") != "application/problem+json"
                    {
                        wrong.push(format!("{name} as {who}: refused with {}", answer.status));
                    }
                }
            }
            if *allowed == ALIKE && statuses.len() != 1 {
                wrong.push(format!("{name}: answers differ by role: {statuses:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} surprises:\n{}", wrong.len(), wrong.join("\n"));
    }
);

/// What everybody may know that it is there.
pub const PUBLIC: [&str; 9] = [
    "review_id",
    "consultation_id",
    "category_id",
    "round_id",
    "session_id",
    "working_group_id",
    "question_id",
    "co_organizer_id",
    "organization_id",
];

on_both!(who_is_refused_does_not_learn_what_there_is, |world: World| async move {
    let scene = scene(&world).await;
    let mut told = Vec::new();
    // Who may read a thing knows that it is there, and is told what else they may not.
    let mut readers = BTreeSet::new();
    for (_, method, template) in operations() {
        let of = scene.ids.iter().find(|(key, _)| template.ends_with(&format!("/{{{key}}}")));
        let (Some((key, _)), true) = (of, method == Method::GET) else { continue };
        let path = scene.filled(&template);
        for (who, person) in &scene.people {
            if world.get(person.as_ref(), &path).await.status == 200 {
                readers.insert((*key, *who));
            }
        }
    }
    for (name, method, template) in operations() {
        for (private, _) in &scene.ids {
            let named = format!("{{{private}}}");
            if !private.ends_with("_id") || PUBLIC.contains(private) || !template.contains(&named) {
                continue;
            }
            let there = scene.filled(&template);
            let nowhere =
                scene.filled(&template.replace(&named, "0175db2d-9900-7012-8707-070707070707"));
            for (who, person) in &scene.people {
                let ask = async |path: &str| {
                    let request = scene.request((&name, &method), path, (*who, person.as_ref()));
                    let answer = world.send(request).await;
                    (answer.status, answer.json["code"].clone(), answer.json["detail"].clone())
                };
                if readers.contains(&(*private, *who)) {
                    continue;
                }
                let (one, other) = (ask(&there).await, ask(&nowhere).await);
                if [401, 403, 404].contains(&one.0) && one != other {
                    told.push(format!(
                        "{name} as {who}, by {private}: {one:?}, and else {other:?}"
                    ));
                }
            }
        }
    }
    assert!(told.is_empty(), "{} tell:\n{}", told.len(), told.join("\n"));
});
