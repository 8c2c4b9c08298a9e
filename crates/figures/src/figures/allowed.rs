//! Who is told which number about people, and from what: the one table of it. Every operation that answers a number is in this
//! table, or its number is of no people; `tests/api/statistics.rs` asks the OpenAPI document for all of them, and holds
//! each row to who may call the operation.
//!
//! Documents and pages hold no other number about people than those of their rows here.

use crate::access::Permission;

/// From what a number about people is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From a release, the same for everybody: to anyone who may call the operation.
    Release,
    /// Exact and of this moment, for work: to those alone who see by name whom it counts.
    Names(Permission),
    /// To a person, about themselves; and to those who see them by name.
    Own,
    /// Of receipts, as it was at a fixed time: when inputs were mixed last, or feedback told last. To those who read what was mixed or
    /// told, beside every count of voices.
    Mixed,
}

/// How many places there are, as somebody set it: told wherever a consultation, its rules or its groups are. How many of them are
/// taken or left is told of nowhere but in [`TABLE`].
/// So is how many entries of how many receipts must wait to be mixed.
pub const LIMITS: &[&str] = &[
    "capacity",
    "organization_capacity",
    "sector_capacities",
    "min_size",
    "max_size",
    "fewest_entries",
    "fewest_receipts",
];

/// A number about people, and where it is told.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// The operation (its `operationId`), or the page or document in words.
    pub of: &'static str,
    /// The fields that hold it, as they are called in the answer; for a document what is told in it.
    pub fields: &'static str,
    /// From what.
    pub source: Source,
}

use Permission::{
    Assign, DecideRegistrations, ErasePersons, ManageMail, MergeRecords, PurgeData,
    ReadRegistrations, RecordAttendance, SetUp,
};
use Source::{Mixed, Names, Own, Release};

const fn view(of: &'static str, fields: &'static str, source: Source) -> View {
    View { of, fields, source }
}

/// What a plan tells of the mixture of people in groups. Its cells are of two things at once, and so for those who assign.
const PLAN: &str = "size sizes count whole from to even_from even_to by_rank not_ranked indifferent worst_rank repeats \
    first_choices with_preferences preference_cost unavoidable preference sector subregion gender organization missing_sector stability repeat \
    apart together below_minimum unassigned value bound gap people rank";
/// What the rules of assigning weigh: of no people, and beside people who must sit together or apart.
const WEIGHTS: &str = "preference size sector subregion gender organization missing_sector stability repeat apart below_minimum unassigned";
const BALANCE: &str = "taken confirmed offered in_review submitted waitlisted refused places";

/// The table.
#[rustfmt::skip]
pub const TABLE: &[View] = &[
    view("list_figure_releases", "people other countries about", Release),
    view("release_figures", "people other countries about", Release),
    view("read_input_coverage", "about", Release),
    // What follows has no field of its own: numbers in words, tables and charts.
    view("read_participation_paragraphs", "", Release),
    view("export_draft", "section II, its charts; a paper's table of participation", Release),
    view("export_edition", "section II, its charts; a paper's table of participation", Release),
    view("the demonstration's documents and manifest", "participants, countries, of the UN", Release),
    // Sheets to print name who agreed to be listed, and count nobody.
    view("print_assignments", "", Release),

    view("read_balance", BALANCE, Names(ReadRegistrations)),
    view("decide_registrations", BALANCE, Names(DecideRegistrations)),
    view("read_invitation_statistics", "total prepared invited opened registered declined bounced reminded", Names(ReadRegistrations)),
    view("send_invitations", "mails registered too_early", Names(DecideRegistrations)),
    view("remind_invitations", "mails registered too_early", Names(DecideRegistrations)),
    view("import_invitations", "rows good errors_total new further known", Names(DecideRegistrations)),
    view("list_assignment_plans", PLAN, Names(ReadRegistrations)),
    view("read_assignment_plan", PLAN, Names(ReadRegistrations)),
    view("compare_assignment_plans", PLAN, Names(ReadRegistrations)),
    view("list_people_of_plan", PLAN, Names(ReadRegistrations)),
    view("apply_assignment_plan", PLAN, Names(Assign)),
    view("edit_assignment_plan", PLAN, Names(Assign)),
    view("import_assignment_plan", "rows good errors_total", Names(Assign)),
    view("import_assignment_plan", PLAN, Names(Assign)),
    view("edit_assignments", PLAN, Names(Assign)),
    view("suggest_assignments", PLAN, Names(Assign)),
    view("explain_assignment", PLAN, Names(Assign)),
    view("read_assignment_rules", WEIGHTS, Names(Assign)),
    view("replace_assignment_rules", WEIGHTS, Names(Assign)),
    // A group's hosts see its people by name, and nobody else's.
    view("import_attendance", "rows new known matched unmatched ambiguous shared_address not_active minutes", Names(RecordAttendance)),
    view("record_attendance", "new known minutes", Names(RecordAttendance)),
    view("list_attendance", "minutes", Names(RecordAttendance)),
    view("list_assignments", "its rows: one's own group's, one's own organization's", Names(ReadRegistrations)),
    view("list_registrations", "its rows: one's own organization's", Names(ReadRegistrations)),
    view("list_registrations", "waiting_number", Own),
    view("export_registrations", "its rows: one's own organization's", Names(ReadRegistrations)),
    view("list_access_codes", "uses most_uses", Names(SetUp)),
    view("create_access_code", "uses most_uses", Names(SetUp)),
    view("list_merges", "registrations co_organizers offers appeals", Names(MergeRecords)),
    view("merge_account", "registrations grants", Names(ErasePersons)),
    view("create_purge", "counts", Names(PurgeData)),
    view("list_purges", "counts", Names(PurgeData)),
    view("release_mails", "released", Names(ManageMail)),

    // A place in the queue is a fact about its holder: it tells how many were put on the list before, and nothing of them.
    view("accept_place", "waiting_number", Own),
    view("create_registration", "waiting_number", Own),
    view("decide_registration", "waiting_number", Own),
    view("decide_registrations", "waiting_number", Own),
    view("list_own_registrations", "waiting_number", Own),
    view("list_registration_history", "waiting_number", Own),
    view("open_registration_draft", "waiting_number", Own),
    view("read_registration", "waiting_number", Own),
    view("save_registration_draft", "waiting_number", Own),
    view("submit_registration_draft", "waiting_number", Own),
    view("update_registration", "waiting_number", Own),
    view("withdraw_registration", "waiting_number", Own),
    view("give_receipt", "left", Own),

    view("claim_input", "replaced_receipts", Mixed),
    view("decide_input", "replaced_receipts", Mixed),
    view("decide_inputs", "replaced_receipts", Mixed),
    view("list_inputs", "replaced_receipts", Mixed),
    view("list_submissions", "replaced_receipts", Mixed),
    view("merge_inputs", "replaced_receipts", Mixed),
    view("read_feedback", "voices", Mixed),
    view("read_input", "replaced_receipts", Mixed),
    view("record_input", "replaced_receipts", Mixed),
    view("release_input", "replaced_receipts", Mixed),
    view("sort_input", "replaced_receipts", Mixed),
    view("split_input", "replaced_receipts", Mixed),
    view("submit_on_record", "replaced_receipts", Mixed),
    view("turn_input_lines", "replaced_receipts", Mixed),
    view("undo_input_decisions", "replaced_receipts", Mixed),
    view("withdraw_submission", "replaced_receipts", Mixed),
];
