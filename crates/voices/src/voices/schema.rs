//! The sealed tables as Diesel knows them, private to this feature. No statement names one of them together with any other table.
//! `tests/api/contract.rs` holds both migrated databases against it.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_attributions (input_id, voice) {
        input_id -> Uid,
        voice -> Text,
        capacity -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_attribution_keys (consultation_id) {
        consultation_id -> Uid,
        salt -> Nullable<Text>,
        proof -> Nullable<Text>,
        destroyed_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::sql::*;

    input_line_attributions (line_id) {
        line_id -> Uid,
        voice -> Text,
    }
}
