//! The tables as Diesel knows them, written by hand: one description for both databases. All but the sealed ones, which are
//! described where they are kept.
//! `tests/api/contract.rs` holds both migrated databases against it.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    accounts (id) {
        id -> Uid,
        email -> Text,
        name -> Text,
        password_hash -> Nullable<Text>,
        active -> Bool,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
        language -> Nullable<Text>,
        merged_into -> Nullable<Uid>,
        token_generation -> BigInt,
        name_key -> Nullable<Text>,
        mailbox_key -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    key_proofs (name) {
        name -> Text,
        proof -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    readiness (id) {
        id -> Integer,
        turned -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    grants (id) {
        id -> Uid,
        account_id -> Uid,
        role -> Text,
        scope_kind -> Text,
        scope_id -> Uid,
        granted_by -> Nullable<Uid>,
        created_at -> Instant,
        confirmed_by -> Nullable<Uid>,
        made_by -> Doc,
        organization_id -> Nullable<Uid>,
        name -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    refresh_tokens (id) {
        id -> Uid,
        account_id -> Uid,
        family_id -> Uid,
        token_hash -> Text,
        created_at -> Instant,
        expires_at -> Instant,
        used_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
        to_audit -> Bool,
        way -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    sign_in_links (id) {
        id -> Uid,
        email -> Text,
        token_hash -> Text,
        created_at -> Instant,
        expires_at -> Instant,
        leads_to -> Nullable<Text>,
        lasts -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    idempotency_keys (key_hash) {
        key_hash -> Text,
        fingerprint -> Text,
        status -> Integer,
        headers -> Doc,
        body -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    audit_log (sequence) {
        sequence -> BigInt,
        at -> Instant,
        actor_id -> Nullable<Uid>,
        action -> Text,
        subject_kind -> Text,
        subject_id -> Nullable<Uid>,
        details -> Doc,
        previous_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    outbox_mails (id) {
        id -> Uid,
        recipient -> Text,
        subject -> Text,
        body -> Text,
        template -> Text,
        state -> Text,
        attempts -> Integer,
        next_attempt_at -> Instant,
        last_error -> Nullable<Text>,
        created_at -> Instant,
        sent_at -> Nullable<Instant>,
        html -> Nullable<Text>,
        language -> Text,
        secret -> Nullable<Text>,
        consultation_id -> Nullable<Uid>,
        subject_kind -> Nullable<Text>,
        subject_id -> Nullable<Uid>,
        claimed_until -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    reviews (id) {
        id -> Uid,
        code -> Text,
        framework -> Text,
        title -> Text,
        organ -> Text,
        meeting_title -> Nullable<Text>,
        meeting_place -> Nullable<Text>,
        meeting_starts_on -> Nullable<Date>,
        meeting_ends_on -> Nullable<Date>,
        agenda_items -> Nullable<Text>,
        symbol_prefix -> Nullable<Text>,
        mandates -> Doc,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_categories (id) {
        id -> Uid,
        review_id -> Uid,
        code -> Text,
        heading -> Text,
        position -> Integer,
        overall -> Bool,
        splits_by_objective -> Bool,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    organizations (id) {
        id -> Uid,
        name -> Text,
        normalized_name -> Text,
        acronym -> Nullable<Text>,
        sector -> Text,
        country -> Text,
        website -> Nullable<Text>,
        vetting -> Text,
        vetting_note -> Nullable<Text>,
        proposed_by -> Nullable<Uid>,
        vetted_by -> Nullable<Uid>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
        merged_into -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    organization_aliases (organization_id, kind, normalized) {
        organization_id -> Uid,
        kind -> Text,
        normalized -> Text,
        name -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    organization_directory (id) {
        id -> Integer,
        set_up -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    vettings (id) {
        id -> Uid,
        organization_id -> Uid,
        recorded_for -> Uid,
        from_state -> Text,
        to_state -> Text,
        reason -> Nullable<Text>,
        note -> Nullable<Text>,
        evidence -> Doc,
        origins -> Doc,
        conflict_of_interest -> Nullable<Text>,
        account_id -> Nullable<Uid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    organization_merges (id) {
        id -> Uid,
        from_id -> Uid,
        into_id -> Uid,
        name -> Text,
        from_vetting -> Text,
        into_vetting -> Text,
        vetting -> Text,
        moved -> Doc,
        note -> Nullable<Text>,
        account_id -> Nullable<Uid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    appeals (id) {
        id -> Uid,
        kind -> Text,
        registration_id -> Nullable<Uid>,
        organization_id -> Nullable<Uid>,
        consultation_id -> Nullable<Uid>,
        review_id -> Nullable<Uid>,
        decided_by -> Nullable<Uid>,
        decided_at -> Instant,
        account_id -> Uid,
        body -> Text,
        state -> Text,
        answer -> Nullable<Text>,
        answered_by -> Nullable<Uid>,
        answered_at -> Nullable<Instant>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    consultations (id) {
        id -> Uid,
        review_id -> Uid,
        ordinal -> Integer,
        theme -> Text,
        held_on -> Nullable<Date>,
        starts_at -> Nullable<Instant>,
        ends_at -> Nullable<Instant>,
        zone -> Text,
        mode -> Text,
        venue -> Nullable<Text>,
        objectives -> Doc,
        languages -> Doc,
        capacity -> Nullable<Integer>,
        admission -> Text,
        phase -> Text,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
        set_up -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    co_organizers (id) {
        id -> Uid,
        consultation_id -> Uid,
        organization_id -> Uid,
        kind -> Text,
        position -> Integer,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    rounds (id) {
        id -> Uid,
        consultation_id -> Uid,
        number -> Integer,
        starts_at -> Nullable<Instant>,
        ends_at -> Nullable<Instant>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    sessions (id) {
        id -> Uid,
        consultation_id -> Uid,
        position -> Integer,
        kind -> Text,
        title -> Text,
        starts_at -> Nullable<Instant>,
        ends_at -> Nullable<Instant>,
        moderator -> Nullable<Text>,
        speakers -> Doc,
        attribution_rule -> Text,
        round_id -> Nullable<Uid>,
        note -> Nullable<Text>,
        joining_url -> Nullable<Text>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    announced_hosts (id) {
        id -> Uid,
        working_group_id -> Uid,
        position -> Integer,
        role -> Text,
        name -> Text,
        affiliation -> Nullable<Text>,
        named_consent -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    host_placeholders (working_group_id, position) {
        working_group_id -> Uid,
        position -> Integer,
        role -> Text,
        organization_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    working_groups (id) {
        id -> Uid,
        consultation_id -> Uid,
        number -> Integer,
        clusters -> Doc,
        min_size -> Integer,
        max_size -> Integer,
        languages -> Doc,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    registrations (id) {
        id -> Uid,
        consultation_id -> Uid,
        account_id -> Uid,
        organization_id -> Nullable<Uid>,
        sector -> Text,
        country -> Text,
        gender -> Nullable<Text>,
        languages -> Doc,
        preferences -> Doc,
        consents -> Doc,
        state -> Text,
        reason_code -> Nullable<Text>,
        note -> Nullable<Text>,
        waiting_number -> Nullable<BigInt>,
        decided_by -> Nullable<Uid>,
        decided_at -> Nullable<Instant>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
        position -> Nullable<Text>,
        rounds -> Nullable<Doc>,
        needs -> Doc,
        age_band -> Nullable<Text>,
        guardian -> Nullable<Doc>,
        answers -> Doc,
        source -> Text,
        invitation_id -> Nullable<Uid>,
        accept_by -> Nullable<Instant>,
        person -> Nullable<Doc>,
        person_name_key -> Nullable<Text>,
        person_mailbox_key -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    registration_events (id) {
        id -> Uid,
        registration_id -> Uid,
        kind -> Text,
        state -> Text,
        done_by -> Text,
        account_id -> Nullable<Uid>,
        reason_code -> Nullable<Text>,
        note -> Nullable<Text>,
        waiting_number -> Nullable<BigInt>,
        accept_by -> Nullable<Instant>,
        lacking -> Nullable<Text>,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    assignment_plans (id) {
        id -> Uid,
        consultation_id -> Uid,
        state -> Text,
        seed -> BigInt,
        placements -> Doc,
        unmet -> Doc,
        quality -> Doc,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
        origin -> Text,
        rules -> Doc,
        search -> Doc,
        clashes -> Doc,
        edits -> BigInt,
        based_on -> Nullable<Uid>,
        based_on_version -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    assignment_rules (consultation_id) {
        consultation_id -> Uid,
        weights -> Doc,
        listed_sectors -> Doc,
        limits -> Doc,
        pins -> Doc,
        together -> Doc,
        apart -> Doc,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    assignments (id) {
        id -> Uid,
        consultation_id -> Uid,
        plan_id -> Uid,
        round_id -> Uid,
        registration_id -> Uid,
        working_group_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    lifecycle_steps (id) {
        id -> Uid,
        subject_id -> Uid,
        from_state -> Text,
        to_state -> Text,
        reason -> Nullable<Text>,
        despite -> Doc,
        actor_id -> Nullable<Uid>,
        at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    inputs (id) {
        id -> Uid,
        consultation_id -> Uid,
        place -> BigInt,
        origin -> Text,
        moment -> Nullable<Text>,
        told_by -> Nullable<Text>,
        organization_id -> Nullable<Uid>,
        working_group_id -> Nullable<Uid>,
        round_id -> Nullable<Uid>,
        session_id -> Nullable<Uid>,
        category_id -> Uid,
        body -> Text,
        language -> Text,
        translation -> Nullable<Text>,
        translation_language -> Nullable<Text>,
        citations -> Doc,
        addressees -> Doc,
        testimony -> Bool,
        sensitive -> Bool,
        do_not_quote -> Bool,
        state -> Text,
        question -> Nullable<Text>,
        reason_code -> Nullable<Text>,
        note -> Nullable<Text>,
        first_reader_id -> Nullable<Uid>,
        derived -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_objectives (input_id, objective) {
        input_id -> Uid,
        objective -> Integer,
        consultation_id -> Uid,
        category_id -> Uid,
        working_group_id -> Uid,
        state -> Text,
        place -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_counts (consultation_id, objective, category_id, working_group_id, state) {
        consultation_id -> Uid,
        objective -> Integer,
        category_id -> Uid,
        working_group_id -> Uid,
        state -> Text,
        inputs -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_derivations (derived_id, source_id) {
        derived_id -> Uid,
        source_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_origins (derived_id, origin_id) {
        derived_id -> Uid,
        origin_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_events (input_id, version) {
        input_id -> Uid,
        version -> BigInt,
        kind -> Text,
        actor_id -> Nullable<Uid>,
        on_day -> Nullable<Date>,
        batch_id -> Nullable<Uid>,
        before -> Doc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_claims (input_id) {
        input_id -> Uid,
        account_id -> Uid,
        until -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_filters (id) {
        id -> Uid,
        consultation_id -> Uid,
        account_id -> Uid,
        name -> Text,
        filter -> Doc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_windows (consultation_id, moment) {
        consultation_id -> Uid,
        moment -> Text,
        opens_at -> Instant,
        closes_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    unfound_inputs (input_id) {
        input_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    unwanted_mail (mark) {
        mark -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_notes (key_hash) {
        key_hash -> Text,
        input_id -> Uid,
        laid -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_buckets (bucket, input_id) {
        bucket -> BigInt,
        input_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_sources (id) {
        id -> Uid,
        consultation_id -> Uid,
        kind -> Text,
        title -> Text,
        language -> Text,
        working_group_id -> Nullable<Uid>,
        round_id -> Nullable<Uid>,
        session_id -> Nullable<Uid>,
        lines -> Integer,
        passed_over -> Doc,
        sha256 -> Text,
        imported_on -> Date,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_lines (id) {
        id -> Uid,
        source_id -> Uid,
        position -> Integer,
        body -> Text,
        under -> Doc,
        notes -> Doc,
        part -> Nullable<Integer>,
        parts -> Nullable<Integer>,
        state -> Text,
        input_id -> Nullable<Uid>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    reports (id) {
        id -> Uid,
        kind -> Text,
        review_id -> Uid,
        consultation_id -> Nullable<Uid>,
        title -> Text,
        symbol -> Nullable<Text>,
        distribution -> Text,
        dated_on -> Nullable<Date>,
        summary -> Nullable<Text>,
        agenda_items -> Nullable<Text>,
        state -> Text,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
        language -> Text,
        original_language -> Text,
        figures -> Bool,
        masthead_notes -> Doc,
        heading_style -> Text,
        amendment -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    report_sections (id) {
        id -> Uid,
        report_id -> Uid,
        parent_id -> Nullable<Uid>,
        position -> Integer,
        kind -> Text,
        objectives -> Doc,
        category_id -> Nullable<Uid>,
        heading -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    paragraphs (id) {
        id -> Uid,
        report_id -> Uid,
        section_id -> Uid,
        position -> Integer,
        body -> Nullable<Text>,
        computed -> Nullable<Text>,
        objective -> Nullable<Integer>,
        editorial_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    paragraph_inputs (paragraph_id, input_id) {
        paragraph_id -> Uid,
        input_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    report_editions (id) {
        id -> Uid,
        report_id -> Uid,
        number -> Integer,
        symbol -> Nullable<Text>,
        document -> Text,
        record -> Doc,
        sha256 -> Text,
        published_at -> Instant,
        amendment -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    paper_editions (report_id, edition_id) {
        report_id -> Uid,
        edition_id -> Uid,
        position -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    paragraph_sources (paragraph_id, edition_id, paragraph_number) {
        paragraph_id -> Uid,
        edition_id -> Uid,
        paragraph_number -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    report_omissions (id) {
        id -> Uid,
        report_id -> Uid,
        input_id -> Nullable<Uid>,
        edition_id -> Nullable<Uid>,
        paragraph_number -> Nullable<Integer>,
        reason -> Text,
        created_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    draft_steps (report_id, serial) {
        report_id -> Uid,
        serial -> BigInt,
        kind -> Text,
        taken_by -> Nullable<Uid>,
        taken_at -> Instant,
        section_id -> Nullable<Uid>,
        paragraph_id -> Nullable<Uid>,
        number -> Nullable<BigInt>,
        restored -> Nullable<BigInt>,
        into_id -> Nullable<Uid>,
        suggestion_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    paragraph_versions (paragraph_id, number) {
        paragraph_id -> Uid,
        number -> BigInt,
        report_id -> Uid,
        serial -> BigInt,
        section_id -> Uid,
        place -> Integer,
        body -> Nullable<Text>,
        computed -> Nullable<Text>,
        objective -> Nullable<Integer>,
        editorial_reason -> Nullable<Text>,
        inputs -> Doc,
        sources -> Doc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    section_versions (section_id, number) {
        section_id -> Uid,
        number -> BigInt,
        report_id -> Uid,
        serial -> BigInt,
        parent_id -> Nullable<Uid>,
        place -> Integer,
        kind -> Text,
        objectives -> Doc,
        category_id -> Nullable<Uid>,
        heading -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    report_milestones (id) {
        id -> Uid,
        report_id -> Uid,
        number -> Integer,
        name -> Text,
        document -> Nullable<Text>,
        sha256 -> Text,
        frozen -> Doc,
        report_version -> BigInt,
        set_by -> Nullable<Uid>,
        set_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    report_translations (id) {
        id -> Uid,
        report_id -> Uid,
        language -> Text,
        translator_id -> Nullable<Uid>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    translated_portions (translation_id, portion) {
        translation_id -> Uid,
        portion -> Text,
        text -> Text,
        made_from -> Text,
        named -> Doc,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    edition_translations (edition_id, language) {
        edition_id -> Uid,
        language -> Text,
        document -> Text,
        sha256 -> Text,
        published_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    check_waivers (report_id, finding) {
        report_id -> Uid,
        finding -> Text,
        reason -> Text,
        waived_by -> Nullable<Uid>,
        waived_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    withdrawn_words (id) {
        id -> Uid,
        report_id -> Uid,
        words -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    draft_alerts (report_id) {
        report_id -> Uid,
        told -> Doc,
        due_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    suggestions (id) {
        id -> Uid,
        report_id -> Uid,
        paragraph_id -> Uid,
        kind -> Text,
        made_from -> BigInt,
        text -> Nullable<Text>,
        state -> Text,
        version -> BigInt,
        made_by -> Nullable<Uid>,
        made_at -> Instant,
        decided_by -> Nullable<Uid>,
        decided_at -> Nullable<Instant>,
        reason -> Nullable<Text>,
        party_id -> Nullable<Uid>,
        released_at -> Nullable<Instant>,
        author -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    suggestion_comments (id) {
        id -> Uid,
        suggestion_id -> Uid,
        text -> Text,
        said_by -> Nullable<Uid>,
        said_at -> Instant,
        author -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    clearance_rounds (id) {
        id -> Uid,
        report_id -> Uid,
        edition -> Integer,
        ends_on -> Date,
        version -> BigInt,
        opened_by -> Nullable<Uid>,
        opened_at -> Instant,
        closed_by -> Nullable<Uid>,
        closed_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    clearance_parties (id) {
        id -> Uid,
        report_id -> Uid,
        organization_id -> Nullable<Uid>,
        account_id -> Nullable<Uid>,
        unnamed -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    clearance_askings (round_id, party_id) {
        round_id -> Uid,
        party_id -> Uid,
        needed -> Bool,
        asked_by -> Nullable<Uid>,
        asked_at -> Instant,
        reminded_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    clearance_positions (id) {
        id -> Uid,
        report_id -> Uid,
        round_id -> Uid,
        party_id -> Uid,
        kind -> Text,
        state -> Text,
        version -> BigInt,
        portions -> Doc,
        paragraph_id -> Nullable<Uid>,
        reason -> Nullable<Text>,
        objection_id -> Nullable<Uid>,
        proposed_by -> Nullable<Uid>,
        proposed_at -> Instant,
        decided_by -> Nullable<Uid>,
        decided_at -> Nullable<Instant>,
        note -> Nullable<Text>,
        ended_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    clearance_agreements (party_id, portion_id) {
        party_id -> Uid,
        portion_id -> Uid,
        report_id -> Uid,
        sha256 -> Text,
        agreed_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    clearance_texts (report_id, sha256) {
        report_id -> Uid,
        sha256 -> Text,
        text -> Nullable<Text>,
        named -> Doc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    clearance_comments (id) {
        id -> Uid,
        report_id -> Uid,
        party_id -> Uid,
        paragraph_id -> Nullable<Uid>,
        paragraph_version -> Nullable<BigInt>,
        range_start -> Nullable<Integer>,
        range_end -> Nullable<Integer>,
        text -> Text,
        state -> Text,
        version -> BigInt,
        said_by -> Nullable<Uid>,
        said_at -> Instant,
        released_at -> Nullable<Instant>,
        answer -> Nullable<Text>,
        answered_by -> Nullable<Uid>,
        answered_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    clearance_overrides (id) {
        id -> Uid,
        report_id -> Uid,
        party_id -> Uid,
        objection_id -> Nullable<Uid>,
        reason -> Text,
        sha256 -> Text,
        made_by -> Nullable<Uid>,
        made_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    programme_removals (id) {
        id -> Uid,
        consultation_id -> Uid,
        kind -> Text,
        version -> BigInt,
        title -> Nullable<Text>,
        starts_at -> Nullable<Instant>,
        ends_at -> Nullable<Instant>,
        removed_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    calendar_feeds (account_id) {
        account_id -> Uid,
        token_hash -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    attendances (id) {
        id -> Uid,
        consultation_id -> Uid,
        session_id -> Uid,
        working_group_id -> Nullable<Uid>,
        registration_id -> Nullable<Uid>,
        person_key -> Text,
        name -> Nullable<Text>,
        email -> Nullable<Text>,
        standing -> Nullable<Text>,
        method -> Text,
        minutes -> Nullable<Integer>,
        held_on -> Date,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    check_in_codes (id) {
        id -> Uid,
        session_id -> Uid,
        working_group_id -> Nullable<Uid>,
        code_hash -> Text,
        valid_from -> Instant,
        valid_until -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    registration_rules (consultation_id) {
        consultation_id -> Uid,
        opens_at -> Nullable<Instant>,
        closes_at -> Nullable<Instant>,
        access -> Text,
        sector_capacities -> Doc,
        organization_capacity -> Nullable<Integer>,
        acceptance_hours -> Nullable<Integer>,
        edit_until -> Nullable<Instant>,
        hold_mail -> Bool,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use crate::db::types::sql::*;
    use diesel::sql_types::*;

    figure_releases (id) {
        id -> Uid,
        consultation_id -> Uid,
        occasion -> Text,
        told -> Doc,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    access_codes (id) {
        id -> Uid,
        consultation_id -> Uid,
        code_hash -> Text,
        label -> Text,
        most_uses -> Nullable<Integer>,
        uses -> Integer,
        expires_at -> Nullable<Instant>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    questions (id) {
        id -> Uid,
        consultation_id -> Uid,
        code -> Text,
        kind -> Text,
        position -> Integer,
        wording -> Doc,
        options -> Doc,
        limits -> Doc,
        required -> Bool,
        required_from -> Nullable<Instant>,
        frozen_from -> Nullable<Instant>,
        purpose -> Text,
        legal_basis -> Text,
        retention -> Text,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    registration_drafts (id) {
        id -> Uid,
        consultation_id -> Uid,
        email -> Text,
        form -> Doc,
        access_code_id -> Nullable<Uid>,
        invitation_id -> Nullable<Uid>,
        registration_id -> Nullable<Uid>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    draft_tokens (token_hash) {
        token_hash -> Text,
        draft_id -> Uid,
        email -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    guardian_requests (token_hash) {
        token_hash -> Text,
        registration_id -> Uid,
        created_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    consent_records (id) {
        id -> Uid,
        registration_id -> Uid,
        kind -> Text,
        wording -> Text,
        given -> Bool,
        recorded_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    invitations (id) {
        id -> Uid,
        consultation_id -> Uid,
        email -> Text,
        name -> Nullable<Text>,
        organization_name -> Nullable<Text>,
        language -> Nullable<Text>,
        state -> Text,
        registration_id -> Nullable<Uid>,
        reminders -> Integer,
        invited_at -> Nullable<Instant>,
        opened_at -> Nullable<Instant>,
        mailed_at -> Nullable<Instant>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    invitation_lists (invitation_id, list) {
        invitation_id -> Uid,
        list -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    invitation_tokens (token_hash) {
        token_hash -> Text,
        invitation_id -> Uid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    co_organizing_offers (id) {
        id -> Uid,
        consultation_id -> Uid,
        account_id -> Uid,
        organization_id -> Uid,
        kind -> Text,
        motivation -> Text,
        state -> Text,
        reason_code -> Nullable<Text>,
        note -> Nullable<Text>,
        decided_by -> Nullable<Uid>,
        decided_at -> Nullable<Instant>,
        co_organizer_id -> Nullable<Uid>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    severed_answers (consultation_id, question, answer, came) {
        consultation_id -> Uid,
        question -> Text,
        answer -> Text,
        came -> Bool,
        people -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    purges (id) {
        id -> Uid,
        class -> Text,
        kept_days -> Integer,
        before -> Date,
        counts -> Doc,
        occasion -> Text,
        account_id -> Nullable<Uid>,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    jobs (id) {
        id -> Uid,
        kind -> Text,
        state -> Text,
        account_id -> Uid,
        review_id -> Nullable<Uid>,
        consultation_id -> Nullable<Uid>,
        params -> Doc,
        done -> BigInt,
        total -> Nullable<BigInt>,
        message -> Nullable<Text>,
        result -> Nullable<Doc>,
        problem -> Nullable<Doc>,
        attempts -> Integer,
        lease -> Nullable<Uid>,
        lease_until -> Nullable<Instant>,
        cancel_requested -> Bool,
        created_at -> Instant,
        started_at -> Nullable<Instant>,
        ended_at -> Nullable<Instant>,
        place -> Nullable<Doc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    job_payloads (job_id) {
        job_id -> Uid,
        content -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    job_lots (job_id, number) {
        job_id -> Uid,
        number -> BigInt,
        content -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    withdrawal_wishes (input_id) {
        input_id -> Uid,
        consultation_id -> Uid,
        wished_on -> Date,
        state -> Text,
        reason -> Nullable<Text>,
        settled_by -> Nullable<Uid>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    hearings (round_id) {
        round_id -> Uid,
        consultation_id -> Uid,
        report_id -> Uid,
        ends_on -> Date,
        ends_at -> Instant,
        portions -> Doc,
        document -> Nullable<Text>,
        asked_by -> Nullable<Uid>,
        asked_at -> Instant,
        named -> Doc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    observations (id) {
        id -> Uid,
        round_id -> Uid,
        report_id -> Uid,
        portion_id -> Uid,
        quote -> Nullable<Text>,
        body -> Text,
        language -> Text,
        taken -> Nullable<Bool>,
        answer -> Nullable<Text>,
        answered_by -> Nullable<Uid>,
        answered_at -> Nullable<Instant>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    edition_inputs (edition_id, paragraph_number, input_id) {
        edition_id -> Uid,
        paragraph_number -> Integer,
        input_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    edition_sources (edition_id, paragraph_number, source_id, source_number) {
        edition_id -> Uid,
        paragraph_number -> Integer,
        source_id -> Uid,
        source_number -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    recommendations (id) {
        id -> Uid,
        review_id -> Uid,
        number -> Integer,
        reference -> Text,
        report_id -> Uid,
        paragraph_id -> Uid,
        language -> Text,
        state -> Text,
        joined_into -> Nullable<Uid>,
        strength -> Nullable<Text>,
        addressees -> Nullable<Doc>,
        confirmed_text -> Nullable<Text>,
        confirmed_by -> Nullable<Uid>,
        confirmed_at -> Nullable<Instant>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    recommendation_texts (edition_id, paragraph_number) {
        edition_id -> Uid,
        paragraph_number -> Integer,
        recommendation_id -> Uid,
        text -> Text,
        objectives -> Doc,
        heard_in -> Doc,
        published_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    follow_ups (id) {
        id -> Uid,
        recommendation_id -> Uid,
        dated_on -> Date,
        text -> Text,
        source -> Text,
        source_url -> Nullable<Text>,
        made_by -> Nullable<Uid>,
        made_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    proposals (id) {
        id -> Uid,
        act -> Text,
        subject -> Text,
        review_id -> Nullable<Uid>,
        about_id -> Nullable<Uid>,
        needs -> Text,
        what -> Doc,
        sha256 -> Nullable<Text>,
        state -> Text,
        proposed_by -> Uid,
        proposed_at -> Instant,
        notice_ends_at -> Nullable<Instant>,
        lapses_at -> Instant,
        decided_by -> Nullable<Uid>,
        decided_at -> Nullable<Instant>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    proposal_notices (proposal_id, account_id) {
        proposal_id -> Uid,
        account_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    staff_seats (scope_id, account_id) {
        scope_id -> Uid,
        account_id -> Uid,
        since -> Instant,
        until -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    two_people_rules (scope_id) {
        scope_id -> Uid,
        required -> Bool,
        changed_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    merge_consents (proposal_id) {
        proposal_id -> Uid,
        account_id -> Uid,
        token_hash -> Text,
        consented_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    announcements (id) {
        id -> Uid,
        consultation_id -> Uid,
        kind -> Text,
        texts -> Doc,
        made_by -> Nullable<Uid>,
        due_at -> Instant,
        sent_at -> Nullable<Instant>,
        until -> Nullable<Date>,
    }
}

diesel::joinable!(refresh_tokens -> accounts (account_id));
diesel::joinable!(input_notes -> inputs (input_id));
diesel::joinable!(grants -> accounts (account_id));
diesel::joinable!(input_categories -> reviews (review_id));
diesel::joinable!(consultations -> reviews (review_id));
diesel::joinable!(co_organizers -> consultations (consultation_id));
diesel::joinable!(co_organizers -> organizations (organization_id));
diesel::joinable!(announced_hosts -> working_groups (working_group_id));
diesel::joinable!(host_placeholders -> working_groups (working_group_id));
diesel::joinable!(rounds -> consultations (consultation_id));
diesel::joinable!(sessions -> consultations (consultation_id));
diesel::joinable!(sessions -> rounds (round_id));
diesel::joinable!(working_groups -> consultations (consultation_id));
diesel::joinable!(registrations -> consultations (consultation_id));
diesel::joinable!(registrations -> organizations (organization_id));
diesel::joinable!(registration_rules -> consultations (consultation_id));
diesel::joinable!(access_codes -> consultations (consultation_id));
diesel::joinable!(questions -> consultations (consultation_id));
diesel::joinable!(registration_drafts -> consultations (consultation_id));
diesel::joinable!(registration_drafts -> access_codes (access_code_id));
diesel::joinable!(registration_drafts -> registrations (registration_id));
diesel::joinable!(draft_tokens -> registration_drafts (draft_id));
diesel::joinable!(guardian_requests -> registrations (registration_id));
diesel::joinable!(consent_records -> registrations (registration_id));
diesel::joinable!(registration_events -> registrations (registration_id));
diesel::joinable!(assignment_plans -> consultations (consultation_id));
diesel::joinable!(assignment_rules -> consultations (consultation_id));
diesel::joinable!(assignments -> consultations (consultation_id));
diesel::joinable!(assignments -> assignment_plans (plan_id));
diesel::joinable!(assignments -> rounds (round_id));
diesel::joinable!(assignments -> registrations (registration_id));
diesel::joinable!(assignments -> working_groups (working_group_id));
diesel::joinable!(inputs -> consultations (consultation_id));
diesel::joinable!(inputs -> working_groups (working_group_id));
diesel::joinable!(inputs -> rounds (round_id));
diesel::joinable!(inputs -> input_categories (category_id));
diesel::joinable!(input_objectives -> inputs (input_id));
diesel::joinable!(reports -> reviews (review_id));
diesel::joinable!(reports -> consultations (consultation_id));
diesel::joinable!(report_sections -> reports (report_id));
diesel::joinable!(report_sections -> input_categories (category_id));
diesel::joinable!(paragraphs -> reports (report_id));
diesel::joinable!(paragraphs -> report_sections (section_id));
diesel::joinable!(paragraph_inputs -> paragraphs (paragraph_id));
diesel::joinable!(paragraph_inputs -> inputs (input_id));
diesel::joinable!(edition_inputs -> report_editions (edition_id));
diesel::joinable!(report_editions -> reports (report_id));
diesel::joinable!(paper_editions -> reports (report_id));
diesel::joinable!(paper_editions -> report_editions (edition_id));
diesel::joinable!(paragraph_sources -> paragraphs (paragraph_id));
diesel::joinable!(paragraph_sources -> report_editions (edition_id));
diesel::joinable!(report_omissions -> reports (report_id));
diesel::joinable!(report_omissions -> inputs (input_id));
diesel::joinable!(report_omissions -> report_editions (edition_id));
diesel::joinable!(report_milestones -> reports (report_id));
diesel::joinable!(edition_translations -> report_editions (edition_id));
diesel::joinable!(recommendation_texts -> recommendations (recommendation_id));
diesel::joinable!(follow_ups -> recommendations (recommendation_id));
diesel::joinable!(suggestions -> reports (report_id));
diesel::joinable!(suggestion_comments -> suggestions (suggestion_id));
diesel::joinable!(clearance_rounds -> reports (report_id));
diesel::joinable!(clearance_askings -> clearance_rounds (round_id));
diesel::joinable!(clearance_askings -> clearance_parties (party_id));
diesel::joinable!(draft_steps -> reports (report_id));
diesel::joinable!(programme_removals -> consultations (consultation_id));
diesel::joinable!(calendar_feeds -> accounts (account_id));
diesel::joinable!(attendances -> consultations (consultation_id));
diesel::joinable!(attendances -> sessions (session_id));
diesel::joinable!(attendances -> working_groups (working_group_id));
diesel::joinable!(attendances -> registrations (registration_id));
diesel::joinable!(check_in_codes -> sessions (session_id));
diesel::joinable!(check_in_codes -> working_groups (working_group_id));
diesel::joinable!(organization_aliases -> organizations (organization_id));
diesel::joinable!(vettings -> organizations (organization_id));
diesel::joinable!(organization_merges -> organizations (from_id));
diesel::joinable!(appeals -> registrations (registration_id));
diesel::joinable!(appeals -> organizations (organization_id));
diesel::joinable!(invitations -> consultations (consultation_id));
diesel::joinable!(invitation_lists -> invitations (invitation_id));
diesel::joinable!(invitation_tokens -> invitations (invitation_id));
diesel::joinable!(co_organizing_offers -> consultations (consultation_id));
diesel::joinable!(co_organizing_offers -> accounts (account_id));
diesel::joinable!(co_organizing_offers -> organizations (organization_id));
diesel::joinable!(jobs -> accounts (account_id));
diesel::joinable!(job_payloads -> jobs (job_id));
diesel::joinable!(job_lots -> jobs (job_id));

// Tables that are named in one statement, by groups: all pairs of all tables would be 2,278, each with ten impls to be compiled.
// Where a pair is missing, the compiler asks for it by the names of the two tables.
diesel::allow_tables_to_appear_in_same_query!(accounts, grants, refresh_tokens);
diesel::allow_tables_to_appear_in_same_query!(input_notes, inputs);
diesel::allow_tables_to_appear_in_same_query!(accounts, sign_in_links);
diesel::allow_tables_to_appear_in_same_query!(accounts, registrations);
diesel::allow_tables_to_appear_in_same_query!(accounts, calendar_feeds);
diesel::allow_tables_to_appear_in_same_query!(accounts, co_organizing_offers);
diesel::allow_tables_to_appear_in_same_query!(accounts, jobs);
diesel::allow_tables_to_appear_in_same_query!(accounts, staff_seats);
diesel::allow_tables_to_appear_in_same_query!(accounts, proposals, proposal_notices);
diesel::allow_tables_to_appear_in_same_query!(refresh_tokens, sign_in_links);
diesel::allow_tables_to_appear_in_same_query!(reviews, input_categories);
diesel::allow_tables_to_appear_in_same_query!(input_categories, inputs);
diesel::allow_tables_to_appear_in_same_query!(input_categories, report_sections);
diesel::allow_tables_to_appear_in_same_query!(organizations, vettings, organization_merges);
diesel::allow_tables_to_appear_in_same_query!(organizations, appeals, registrations);
diesel::allow_tables_to_appear_in_same_query!(organizations, organization_aliases);
diesel::allow_tables_to_appear_in_same_query!(reviews, consultations, reports);
diesel::allow_tables_to_appear_in_same_query!(
    clearance_rounds,
    clearance_parties,
    clearance_askings
);
diesel::allow_tables_to_appear_in_same_query!(consultations, rounds, sessions);
diesel::allow_tables_to_appear_in_same_query!(consultations, working_groups, assignments);
diesel::allow_tables_to_appear_in_same_query!(consultations, registrations, attendances);
diesel::allow_tables_to_appear_in_same_query!(consultations, inputs);
diesel::allow_tables_to_appear_in_same_query!(consultations, programme_removals);
diesel::allow_tables_to_appear_in_same_query!(consultations, registration_rules);
diesel::allow_tables_to_appear_in_same_query!(consultations, questions);
diesel::allow_tables_to_appear_in_same_query!(consultations, access_codes, registration_drafts);
diesel::allow_tables_to_appear_in_same_query!(consultations, invitations);
diesel::allow_tables_to_appear_in_same_query!(organizations, co_organizers);
diesel::allow_tables_to_appear_in_same_query!(consultations, co_organizers);
diesel::allow_tables_to_appear_in_same_query!(working_groups, announced_hosts);
diesel::allow_tables_to_appear_in_same_query!(working_groups, host_placeholders);
diesel::allow_tables_to_appear_in_same_query!(registrations, registration_events);
diesel::allow_tables_to_appear_in_same_query!(consultations, assignment_plans);
diesel::allow_tables_to_appear_in_same_query!(assignment_plans, assignments);
diesel::allow_tables_to_appear_in_same_query!(consultations, assignment_rules);
diesel::allow_tables_to_appear_in_same_query!(rounds, assignments);
diesel::allow_tables_to_appear_in_same_query!(registrations, assignments);
diesel::allow_tables_to_appear_in_same_query!(rounds, inputs);
diesel::allow_tables_to_appear_in_same_query!(working_groups, inputs);
diesel::allow_tables_to_appear_in_same_query!(inputs, input_objectives, paragraph_inputs);
diesel::allow_tables_to_appear_in_same_query!(inputs, report_omissions);
diesel::allow_tables_to_appear_in_same_query!(input_derivations, input_origins);
diesel::allow_tables_to_appear_in_same_query!(inputs, input_origins);
diesel::allow_tables_to_appear_in_same_query!(input_sources, input_lines);
diesel::allow_tables_to_appear_in_same_query!(reports, report_sections, paragraphs);
diesel::allow_tables_to_appear_in_same_query!(paragraphs, paragraph_inputs, paragraph_sources);
diesel::allow_tables_to_appear_in_same_query!(reports, report_editions, paper_editions);
diesel::allow_tables_to_appear_in_same_query!(report_editions, edition_translations);
diesel::allow_tables_to_appear_in_same_query!(report_editions, report_omissions);
diesel::allow_tables_to_appear_in_same_query!(report_editions, paragraph_sources);
diesel::allow_tables_to_appear_in_same_query!(reports, report_omissions);
diesel::allow_tables_to_appear_in_same_query!(sessions, attendances);
diesel::allow_tables_to_appear_in_same_query!(working_groups, attendances);
diesel::allow_tables_to_appear_in_same_query!(sessions, check_in_codes);
diesel::allow_tables_to_appear_in_same_query!(working_groups, check_in_codes);
diesel::allow_tables_to_appear_in_same_query!(registrations, registration_drafts, draft_tokens);
diesel::allow_tables_to_appear_in_same_query!(registrations, guardian_requests, consent_records);
diesel::allow_tables_to_appear_in_same_query!(registration_drafts, guardian_requests);
diesel::allow_tables_to_appear_in_same_query!(registration_drafts, consent_records);
diesel::allow_tables_to_appear_in_same_query!(invitations, invitation_lists);
diesel::allow_tables_to_appear_in_same_query!(invitations, invitation_tokens);
diesel::allow_tables_to_appear_in_same_query!(organizations, co_organizing_offers);
diesel::allow_tables_to_appear_in_same_query!(consultations, co_organizing_offers);
diesel::allow_tables_to_appear_in_same_query!(jobs, job_payloads, job_lots);
diesel::allow_tables_to_appear_in_same_query!(report_editions, edition_inputs, edition_sources);
diesel::allow_tables_to_appear_in_same_query!(recommendations, recommendation_texts);
diesel::allow_tables_to_appear_in_same_query!(recommendations, follow_ups);
diesel::allow_tables_to_appear_in_same_query!(draft_steps, paragraph_versions);
diesel::allow_tables_to_appear_in_same_query!(draft_steps, suggestions);
diesel::allow_tables_to_appear_in_same_query!(draft_steps, section_versions);
