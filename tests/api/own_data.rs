//! Everything that is held about a person: declared column by column, and told to them.

#![allow(clippy::disallowed_methods, reason = "looks at the tables as a thief would")]

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;
use rapporteur::db::Conn;
use rapporteur::privacy::own_data;

use crate::harness::World;
use crate::on_both;
use crate::planted::{MARK, NAME, plant};

/// Columns of text that hold nothing about a person: codes, states, facts of events, organizations and reports.
#[rustfmt::skip]
const NOT_PERSONAL: &[(&str, &[&str])] = &[
    ("grants", &["role", "scope_kind"]),
    ("refresh_tokens", &["way"]),
    ("feedback_counts", &["question"]),
    ("feedback_given", &["mark"]),
    ("idempotency_keys", &["fingerprint"]),
    ("audit_log", &["action", "subject_kind", "previous_hash", "hash"]),
    ("outbox_mails", &["template", "state", "language", "subject_kind"]),
    ("reviews", &["code", "framework", "title", "organ", "meeting_title", "meeting_place", "agenda_items", "symbol_prefix", "mandates"]),
    ("input_categories", &["code", "heading"]),
    ("organizations", &["name", "normalized_name", "acronym", "sector", "country", "website", "vetting"]),
    ("organization_aliases", &["kind", "normalized", "name"]),
    ("organization_directory", &["set_up"]),
    ("vettings", &["from_state", "to_state", "reason", "origins"]),
    ("organization_merges", &["name", "from_vetting", "into_vetting", "vetting", "moved"]),
    ("appeals", &["kind", "state"]),
    ("consultations", &["theme", "zone", "mode", "venue", "objectives", "languages", "admission", "phase", "set_up"]),
    ("co_organizers", &["kind"]),
    ("lifecycle_steps", &["from_state", "to_state", "reason", "despite"]),
    ("sessions", &["kind", "title", "attribution_rule", "note", "joining_url"]),
    ("working_groups", &["clusters", "languages"]),
    ("announced_hosts", &["role"]), ("host_placeholders", &["role"]),
    ("registrations", &["state", "reason_code", "source"]),
    ("registration_events", &["kind", "state", "done_by", "reason_code", "lacking"]),
    ("assignment_plans", &["state", "quality", "origin", "search"]),
    ("assignment_rules", &["weights", "listed_sectors", "limits"]),
    ("inputs", &["origin", "moment", "told_by", "language", "translation_language", "addressees", "state", "reason_code"]),
    ("input_objectives", &["state"]),
    // What is done by receipt: ciphertext, random nonces and what only the receipt recognizes. No key of the server leads from it to
    // a person (`tests/attacks`).
    ("pool_entries", &["key_name", "mark", "sealed"]),
    ("mixings", &["times", "key_name"]),
    ("input_voices", &["role", "mark", "sealed", "late"]),
    ("input_line_voices", &["sealed"]),
    ("refused_voices", &["voice"]),
    ("key_proofs", &["name", "proof"]),
    ("input_counts", &["state"]),
    ("input_events", &["kind"]),
    ("input_windows", &["moment"]),
    // A keyed hash, as those of idempotency keys, of what a rapporteur's program called a note.
    ("input_notes", &["key_hash"]),
    ("input_sources", &["kind", "title", "language", "passed_over", "sha256"]),
    ("input_lines", &["under", "state"]),
    ("reports", &["kind", "title", "symbol", "distribution", "summary", "agenda_items", "state", "language", "original_language", "masthead_notes", "heading_style", "amendment"]),
    ("report_sections", &["kind", "objectives", "heading"]),
    ("paragraphs", &["body", "computed", "editorial_reason"]),
    ("draft_steps", &["kind"]),
    ("paragraph_versions", &["body", "computed", "editorial_reason", "inputs", "sources"]),
    ("section_versions", &["kind", "objectives", "heading"]),
    ("report_milestones", &["name", "sha256"]),
    ("report_translations", &["language"]),
    ("translated_portions", &["portion"]),
    ("edition_translations", &["language", "sha256"]),
    ("suggestions", &["kind", "text", "state", "reason"]),
    ("check_waivers", &["finding"]),
    ("draft_alerts", &["told"]),
    ("withdrawal_wishes", &["state"]),
    ("withdrawn_words", &["words"]),
    ("clearance_positions", &["kind", "state", "portions"]),
    ("clearance_agreements", &["sha256"]),
    ("clearance_texts", &["sha256"]),
    ("clearance_comments", &["state"]),
    ("clearance_overrides", &["sha256"]),
    // A mark is recognized by the receipt alone.
    ("observations", &["language"]),
    ("observation_marks", &["mark"]),
    ("report_editions", &["symbol", "sha256", "amendment"]),
    ("report_omissions", &["reason"]),
    ("recommendations", &["reference", "language", "state", "strength", "addressees", "confirmed_text"]),
    ("recommendation_texts", &["text", "objectives", "heard_in"]),
    ("follow_ups", &["text", "source", "source_url"]),
    ("programme_removals", &["kind", "title"]),
    ("attendances", &["standing", "method"]),
    ("check_in_codes", &["code_hash"]),
    ("registration_rules", &["access", "sector_capacities"]),
    ("access_codes", &["code_hash", "label"]),
    ("questions", &["code", "kind", "wording", "options", "limits", "purpose", "legal_basis", "retention"]),
    ("consent_records", &["kind", "wording"]),
    ("invitations", &["state"]),
    ("co_organizing_offers", &["kind", "state", "reason_code"]),
    // Where a job goes on: how much of what.
    ("jobs", &["kind", "state", "place"]),
    ("purges", &["class", "counts", "occasion"]),
    // Counts of five and more, of nobody in particular.
    ("figure_releases", &["occasion", "told"]),
    ("proposals", &["act", "subject", "needs", "what", "sha256", "state"]),
    // What the secretariat told everybody.
    ("announcements", &["kind", "texts"]),
    ("severed_answers", &["question", "answer"]),
];

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
}

/// Columns that refer to accounts, registrations or invitations, as the database has it.
fn references(conn: &mut Conn) -> BTreeSet<(String, String)> {
    let rows: Vec<Reference> = match conn {
        Conn::Sqlite(conn) => diesel::sql_query(
            "SELECT m.name AS table_name, f.\"from\" AS column_name FROM sqlite_master m, \
             pragma_foreign_key_list(m.name) f WHERE m.type = 'table' \
             AND f.\"table\" IN ('accounts', 'registrations', 'invitations')",
        )
        .load(conn)
        .unwrap(),
        Conn::Postgres(conn) => diesel::sql_query(
            "SELECT k.table_name::text, k.column_name::text FROM information_schema.key_column_usage k \
             JOIN information_schema.table_constraints t USING (constraint_name) \
             JOIN information_schema.constraint_column_usage u USING (constraint_name) \
             WHERE t.constraint_type = 'FOREIGN KEY' \
             AND u.table_name IN ('accounts', 'registrations', 'invitations')",
        )
        .load(conn)
        .unwrap(),
    };
    rows.into_iter().map(|row| (row.table_name, row.column_name)).collect()
}

/// Whether a column may hold a person or lead to one, by its name and type alone.
fn could(column: &str, kind: &str) -> bool {
    let leads = column.ends_with("_by") && kind == "Uid"
        || ["account_id", "actor_id", "registration_id", "invitation_id"].contains(&column);
    leads || ["Text", "Doc", "Binary"].contains(&kind)
}

on_both!(every_column_that_could_hold_a_person_is_declared, |world: World| async move {
    let fields = own_data::about(world.app.registry);
    let declared: BTreeSet<(String, String)> =
        fields.iter().map(|field| (field.table.to_owned(), field.column.to_owned())).collect();
    assert_eq!(declared.len(), fields.len(), "a column is declared twice");
    let harmless: BTreeSet<(String, String)> = NOT_PERSONAL
        .iter()
        .flat_map(|(table, columns)| {
            columns.iter().map(|column| ((*table).to_owned(), (*column).to_owned()))
        })
        .collect();
    let described = crate::contract::described();
    let mut all = world.app.db.read_blocking(|conn| Ok(references(conn))).unwrap();
    for (table, columns) in &described {
        let could = columns.iter().filter(|(column, (kind, _))| could(column, kind));
        all.extend(could.map(|(column, _)| (table.clone(), column.clone())));
    }
    let unknown: Vec<_> =
        all.iter().filter(|place| !declared.contains(place) && !harmless.contains(place)).collect();
    assert!(
        unknown.is_empty(),
        "declare them in `personal.rs` of their feature, or say here that they hold nobody: {unknown:?}"
    );
    let both: Vec<_> = declared.intersection(&harmless).collect();
    assert!(both.is_empty(), "{both:?}");
    // What nobody's erasure takes away goes with its class: it is declared of one that is purged, and so is its table. On which lists an
    // invitation was goes with the invitation.
    let purged = |field: &&rapporteur::personal::PersonalField| {
        let features = world.app.registry.features().flat_map(|feature| feature.retention);
        let mut kept = features.map(|(class, table, _)| (*class, *table));
        field.table == "invitation_lists" || kept.any(|one| one == (field.retention, field.table))
    };
    let stays = fields.iter().filter(|field| {
        let class = rapporteur::privacy::PURGED.contains(&field.retention);
        class && field.when_erased == rapporteur::personal::WhenErased::Kept
    });
    let for_ever: Vec<_> = stays.filter(|field| !purged(field)).collect();
    assert!(for_ever.is_empty(), "nothing purges them: {for_ever:?}");
    let gone: Vec<_> = declared
        .union(&harmless)
        .filter(|(table, column)| {
            !described.get(table).is_some_and(|columns| columns.contains_key(column))
        })
        .collect();
    assert!(gone.is_empty(), "no such column: {gone:?}");
});

on_both!(
    everything_that_was_planted_is_told_to_them_and_to_nobody_else,
    |world: World| async move {
        let (walk, person) = plant(&world).await;
        world.get(None, "/api/v1/me/data").await.is_problem(401, "unauthenticated");
        let told = world.get(Some(&person), "/api/v1/me/data").await;
        assert_eq!(told.status, 200, "{}", told.text);
        assert!(told.header("content-disposition").starts_with("attachment"), "{:?}", told.headers);
        let data = &told.json["data"];
        for section in [
            "roles",
            "sign_ins",
            "sign_in_links",
            "registrations",
            "registration_drafts",
            "guardian_of",
            "assignments",
            "attendances",
            "invitations",
            "co_organizing_offers",
            "appeals",
            "mails",
            "jobs",
            "audit_log",
        ] {
            // The first participant hosts nothing and holds no role.
            let empty = data[section].as_array().is_none_or(Vec::is_empty);
            assert!(!empty || section == "roles", "{section} is empty: {}", told.text);
        }
        assert_eq!(data["account"]["name"], NAME);
        assert!(data["calendar_feed"]["created_at"].is_string(), "{}", told.text);
        // What they contributed is held of nobody.
        assert!(data["inputs"].is_null(), "{}", data["inputs"]);
        for planted in [
            "position",
            "needs",
            "guardian",
            "answer",
            "note",
            "form",
            "motivation",
            "body",
            "subject",
            "organization_name",
        ] {
            assert!(
                told.text.contains(&format!("{MARK} {planted}")),
                "{planted} is not told: {}",
                told.text
            );
        }
        for secret in
            ["token_hash", "password_hash\":\"", &format!("{MARK} hash"), &format!("{MARK} secret")]
        {
            assert!(!data.to_string().contains(secret), "{secret} is told");
        }
        let about = told.json["about"].as_array().unwrap();
        assert!(
            about
                .iter()
                .any(|field| field["table"] == "registrations" && field["column"] == "gender")
        );

        let other = world.get(Some(&walk.participants[1]), "/api/v1/me/data").await;
        let text = other.json["data"].to_string().to_lowercase();
        assert!(!text.contains("zyxwvut") && !text.contains(MARK), "{text}");
        let log = world
            .app
            .db
            .read_blocking(|conn| rapporteur::audit::concerning(conn, person.id.uuid()))
            .unwrap();
        assert!(log.iter().any(|row| row.action == "account.data_exported"));
    }
);
