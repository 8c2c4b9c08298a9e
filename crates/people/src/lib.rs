//! Who there is: accounts of people with their roles, and organizations with their vetting. Must never know what anybody registers for.

use rapporteur_kernel::{
    access, app, db, events, http, i18n, ids, insert_rows, insertions, outbox, personal, problem,
    proposals, reference, registry, text_column, text_enum, tokens, vocabulary, ways, work,
};

pub mod accounts;
pub mod normal;
pub mod organizations;
