//! Who may do what: roles, the scopes they hold in, and the one permission table. Denies by default.
//! Pure: knows no database and no HTTP; who holds which roles is read in [`caller`].

use uuid::Uuid;

use crate::problem::{Code, Problem};
use crate::text_enum;
use crate::vocabulary::{AccountId, ConsultationId, ReviewId};

pub mod caller;

text_enum! {
    /// What a person is to an instance, a review, a consultation or a working group.
    pub enum Role {
        /// Runs the instance. Sees no inputs and no attributions by that.
        Administrator => "administrator",
        /// Sets up and runs a review and its consultations.
        Secretariat => "secretariat",
        /// Belongs to an organization that co-organizes a consultation.
        CoOrganizer => "co_organizer",
        /// Hosts a working group.
        CoHost => "co_host",
        /// Moderates a working group.
        Moderator => "moderator",
        /// The UN focal point of a working group.
        FocalPoint => "focal_point",
        /// Records what is said in a working group and drafts its paragraphs.
        Rapporteur => "rapporteur",
        /// Somebody of another organization who confirms what the secretariat proposes where two people are needed.
        Deputy => "deputy",
    }
}

text_enum! {
    /// What a role is held on.
    pub enum ScopeKind {
        /// The whole instance.
        Instance => "instance",
        /// One review and all its consultations.
        Review => "review",
        /// One consultation.
        Consultation => "consultation",
        /// One working group.
        WorkingGroup => "working_group",
    }
}

impl Role {
    /// What this role can be held on.
    pub const fn scopes(self) -> &'static [ScopeKind] {
        match self {
            Self::Administrator => &[ScopeKind::Instance],
            Self::Secretariat | Self::Deputy => &[ScopeKind::Instance, ScopeKind::Review],
            Self::CoOrganizer => &[ScopeKind::Consultation],
            Self::CoHost | Self::Moderator | Self::FocalPoint | Self::Rapporteur => {
                &[ScopeKind::WorkingGroup]
            }
        }
    }
}

/// A role that somebody holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldRole {
    /// Which role.
    pub role: Role,
    /// On what kind of thing.
    pub scope_kind: ScopeKind,
    /// On which one; nil for the instance.
    pub scope_id: Uuid,
    /// The consultation of a working group's role.
    pub consultation: Option<Uuid>,
}

/// Where something is to be done: a place in instance → review → consultation → working group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scope {
    /// The review, if it is in one.
    pub review: Option<Uuid>,
    /// The consultation, if it is in one.
    pub consultation: Option<Uuid>,
    /// The working group. `None` asks about the consultation as a whole, where roles in any of its groups count;
    /// [`Scope::outside_groups`] is for what belongs to no group.
    pub group: Option<Uuid>,
}

impl Scope {
    /// The instance as a whole.
    pub const INSTANCE: Self = Self { review: None, consultation: None, group: None };

    /// A review as a whole.
    pub const fn review(review: Uuid) -> Self {
        Self { review: Some(review), consultation: None, group: None }
    }

    /// A consultation as a whole.
    pub fn consultation(review: ReviewId, consultation: ConsultationId) -> Self {
        let (review, consultation) = (Some(review.uuid()), Some(consultation.uuid()));
        Self { review, consultation, group: None }
    }

    /// This consultation's working group.
    pub const fn group(self, group: Uuid) -> Self {
        Self { group: Some(group), ..self }
    }

    /// What belongs to this consultation but to none of its groups (a written input).
    pub const fn outside_groups(self) -> Self {
        Self { group: Some(Uuid::nil()), ..self }
    }

    fn within(&self, held: &HeldRole) -> bool {
        let id = Some(held.scope_id);
        match held.scope_kind {
            ScopeKind::Instance => true,
            ScopeKind::Review => self.review == id,
            ScopeKind::Consultation => self.consultation == id,
            ScopeKind::WorkingGroup if self.group.is_none() => {
                self.consultation.is_some() && self.consultation == held.consultation
            }
            ScopeKind::WorkingGroup => self.group == id,
        }
    }
}

/// Everything that needs a role. What everybody may do with what is their own is not here, but in the service of each feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Make, list, disable accounts.
    ManageAccounts,
    /// Give and take roles.
    GrantRoles,
    /// Read and verify the audit log; see every mail.
    ReadAudit,
    /// Look at, hold, edit and release mail: all of it, or that about consultations of one's reviews.
    ManageMail,
    /// Make and change reviews, their input categories, consultations and their phases.
    SetUp,
    /// Change the vetting of organizations and their entries.
    VetOrganizations,
    /// Make one of two entries of the same organization, or of two accounts of the same person.
    MergeRecords,
    /// Tell everybody something who is confirmed in a consultation.
    Announce,
    /// Change the programme: co-organizers, sessions, rounds, working groups.
    EditProgramme,
    /// See a consultation and its programme before the open call.
    ReadPlans,
    /// See registrations with names.
    ReadRegistrations,
    /// See who of one's own organization has registered.
    ReadOwnPeople,
    /// Confirm, waitlist, decline; register somebody else.
    DecideRegistrations,
    /// Propose and apply assignments.
    Assign,
    /// See who is in which group.
    ReadAssignments,
    /// Submit on record in the name of any organization.
    SubmitInputs,
    /// Record who was in a session; in a working group, for its hosts.
    RecordAttendance,
    /// Record what was said in a working group.
    RecordInputs,
    /// Read inputs, unattributed; those that are flagged only who triages their place.
    ReadInputs,
    /// Accept, return, set aside.
    TriageInputs,
    /// Read reports that are not published.
    ReadDrafts,
    /// Draft any section of a report.
    DraftReports,
    /// Draft the sections of one's own working group.
    DraftOwnSections,
    /// Move a report between drafting and clearance.
    ClearReports,
    /// Publish an edition.
    PublishReports,
    /// Erase a person who asks for it.
    ErasePersons,
    /// Purge what is kept for longer than it may be.
    PurgeData,
}

use Permission::*;
use Role::*;

/// The permission table.
pub const TABLE: &[(Permission, &[Role])] = &[
    (ManageAccounts, &[Administrator]),
    (GrantRoles, &[Administrator, Secretariat]),
    (ReadAudit, &[Administrator]),
    (ManageMail, &[Administrator, Secretariat]),
    (SetUp, &[Administrator, Secretariat]),
    (VetOrganizations, &[Administrator, Secretariat]),
    (MergeRecords, &[Administrator, Secretariat]),
    (Announce, &[Administrator, Secretariat]),
    (EditProgramme, &[Administrator, Secretariat, CoOrganizer]),
    (
        ReadPlans,
        &[
            Administrator,
            Secretariat,
            CoOrganizer,
            CoHost,
            Moderator,
            FocalPoint,
            Rapporteur,
            Deputy,
        ],
    ),
    (ReadRegistrations, &[Administrator, Secretariat]),
    (ReadOwnPeople, &[CoOrganizer]),
    (DecideRegistrations, &[Administrator, Secretariat]),
    (Assign, &[Administrator, Secretariat]),
    (
        ReadAssignments,
        &[Administrator, Secretariat, CoOrganizer, CoHost, Moderator, FocalPoint, Rapporteur],
    ),
    (SubmitInputs, &[Secretariat, CoOrganizer]),
    (RecordAttendance, &[Administrator, Secretariat, CoHost, Moderator, FocalPoint, Rapporteur]),
    (RecordInputs, &[Secretariat, CoHost, Moderator, FocalPoint, Rapporteur]),
    (ReadInputs, &[Secretariat, CoOrganizer, CoHost, Moderator, FocalPoint, Rapporteur]),
    (TriageInputs, &[Secretariat, CoHost, FocalPoint, Rapporteur]),
    (ReadDrafts, &[Secretariat, CoOrganizer, CoHost, Moderator, FocalPoint, Rapporteur, Deputy]),
    (DraftReports, &[Secretariat]),
    (DraftOwnSections, &[Secretariat, Rapporteur]),
    (ClearReports, &[Secretariat, CoOrganizer]),
    (PublishReports, &[Secretariat]),
    (ErasePersons, &[Administrator, Secretariat]),
    (PurgeData, &[Administrator]),
];

/// The roles that carry a permission.
pub fn roles(permission: Permission) -> &'static [Role] {
    TABLE.iter().find(|(row, _)| *row == permission).map_or(&[], |(_, roles)| roles)
}

/// Who is asking: nobody known, or an account with the roles it holds at this moment.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    account: Option<AccountId>,
    held: Vec<HeldRole>,
}

impl Caller {
    /// Nobody known.
    pub const fn anonymous() -> Self {
        Self { account: None, held: Vec::new() }
    }

    /// Somebody with an account.
    pub const fn account(account: AccountId, held: Vec<HeldRole>) -> Self {
        Self { account: Some(account), held }
    }

    /// Whoever has a shell on the server: may do what an administrator may.
    pub fn operator() -> Self {
        let role = Role::Administrator;
        let (scope_kind, scope_id) = (ScopeKind::Instance, Uuid::nil());
        Self {
            account: None,
            held: vec![HeldRole { role, scope_kind, scope_id, consultation: None }],
        }
    }

    /// The account, if there is one.
    pub fn id(&self) -> Option<AccountId> {
        self.account
    }

    /// The account, or 401.
    pub fn signed_in(&self) -> Result<AccountId, Problem> {
        self.account.ok_or_else(|| {
            Problem::new(Code::Unauthenticated, "This needs an access token.")
                .with_header("WWW-Authenticate", "Bearer")
        })
    }

    /// The roles held.
    pub fn roles(&self) -> &[HeldRole] {
        &self.held
    }

    /// Whether a role held in this scope carries the permission.
    pub fn may(&self, permission: Permission, scope: &Scope) -> bool {
        let roles = roles(permission);
        self.held.iter().any(|held| roles.contains(&held.role) && scope.within(held))
    }

    /// Whether any role held anywhere carries the permission, for what belongs to no review (organizations).
    pub fn may_somewhere(&self, permission: Permission) -> bool {
        let roles = roles(permission);
        self.held.iter().any(|held| roles.contains(&held.role))
    }

    /// The permission, or 401 for nobody known, or 403.
    pub fn require(&self, permission: Permission, scope: &Scope) -> Result<(), Problem> {
        self.granted(self.may(permission, scope), permission)
    }

    /// [`Caller::may_somewhere`], or 401, or 403.
    pub fn require_somewhere(&self, permission: Permission) -> Result<(), Problem> {
        self.granted(self.may_somewhere(permission), permission)
    }

    fn granted(&self, granted: bool, permission: Permission) -> Result<(), Problem> {
        if granted {
            return Ok(());
        }
        self.signed_in()?;
        let names: Vec<_> = roles(permission).iter().map(|role| role.as_str()).collect();
        let detail = format!("This needs one of the roles {} here.", names.join(", "));
        Err(Problem::new(Code::Forbidden, detail))
    }
}

#[cfg(test)]
mod tests;
