//! The tables of voices as Diesel knows them, private to this feature. No statement names one of them together with a table in which
//! a person stands. `tests/api/contract.rs` holds both migrated databases against it.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    pool_entries (id) {
        id -> Uid,
        consultation_id -> Uid,
        key_name -> Text,
        mark -> Binary,
        sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    mixings (consultation_id) {
        consultation_id -> Uid,
        times -> Doc,
        key_name -> Nullable<Text>,
        seen_to -> Nullable<Instant>,
        closings -> Integer,
        replaced -> Integer,
        keys_destroyed -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_voices (id) {
        id -> Uid,
        input_id -> Uid,
        consultation_id -> Uid,
        role -> Text,
        mark -> Nullable<Binary>,
        sealed -> Nullable<Binary>,
        late -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_line_voices (line_id) {
        line_id -> Uid,
        sealed -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    receipts_given (holder) {
        holder -> Binary,
        consultation_id -> Uid,
        receipts -> Integer,
        counts -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    refused_voices (consultation_id, voice) {
        consultation_id -> Uid,
        voice -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    feedback_counts (consultation_id, question, answer) {
        consultation_id -> Uid,
        question -> Text,
        answer -> Integer,
        waiting -> BigInt,
        told -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    feedback_given (consultation_id, mark) {
        consultation_id -> Uid,
        mark -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    observation_marks (observation_id) {
        observation_id -> Uid,
        consultation_id -> Uid,
        mark -> Binary,
    }
}
