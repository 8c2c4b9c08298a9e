//! The words that every feature shares: ids, and the closed lists of codes that mails and rules need although a feature above
//! owns what they are about. Knows nothing of what any of them does.

use crate::db::types::Id;
use crate::text_enum;

/// What ids are of. Nobody makes a value of these: they keep ids of different kinds from mixing.
pub mod tags {
    macro_rules! tags {
        ($($tag:ident)*) => { $(
            #[doc = concat!("What a `", stringify!($tag), "` is known by.")]
            #[derive(Debug)]
            pub enum $tag {}
        )* };
    }

    tags! {
        Account Thing Grant Merge Organization VettingStep Review InputCategory Consultation
        CoOrganizer Session Round WorkingGroup Invitation Offer AccessCode ConsentRecord Draft
        Event Registration Question Appeal AssignmentPlan Assignment Attendance Saved Input Line
        Batch Source Contribution Voice Report Section Paragraph Edition Omission Mail Job Lease Purge
        FigureRelease Proposal Announcement Step Milestone Suggestion Comment
        ClearanceRound Party Position ClearanceComment Override AnnouncedHost
        Recommendation FollowUp Translation
    }
}

/// A thing in the version that was seen, as it is named where several are changed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Versioned<I> {
    /// Which.
    pub id: I,
    /// The version that was seen.
    #[schema(example = 1)]
    pub version: i64,
}

/// The id of an account.
pub type AccountId = Id<tags::Account>;
/// What a role is held on, or what was done something to: the id of a thing of any kind, which is named beside it.
pub type ThingId = Id<tags::Thing>;
/// The id of a grant: of a role that an account holds on something.
pub type GrantId = Id<tags::Grant>;
/// The id of the merge of one organization into another.
pub type MergeId = Id<tags::Merge>;
/// The id of a step of a consultation to another phase.
pub type StepId = Id<tags::Step>;
/// The id of an organization.
pub type OrganizationId = Id<tags::Organization>;
/// The id of a step of an organization's vetting.
pub type VettingId = Id<tags::VettingStep>;
/// The id of a review.
pub type ReviewId = Id<tags::Review>;
/// The id of an input category.
pub type CategoryId = Id<tags::InputCategory>;
/// The id of a consultation.
pub type ConsultationId = Id<tags::Consultation>;
/// The id of a co-organizer.
pub type CoOrganizerId = Id<tags::CoOrganizer>;
/// The id of a session.
pub type SessionId = Id<tags::Session>;
/// The id of a round.
pub type RoundId = Id<tags::Round>;
/// The id of a working group.
pub type WorkingGroupId = Id<tags::WorkingGroup>;
/// The id of an invitation.
pub type InvitationId = Id<tags::Invitation>;
/// The id of an offer to co-organize.
pub type OfferId = Id<tags::Offer>;
/// The id of an access code.
pub type AccessCodeId = Id<tags::AccessCode>;
/// The id of a record of a consent that was given or withdrawn.
pub type ConsentRecordId = Id<tags::ConsentRecord>;
/// The id of a registration's draft.
pub type DraftId = Id<tags::Draft>;
/// The id of an event in a registration's history.
pub type EventId = Id<tags::Event>;
/// The id of a registration.
pub type RegistrationId = Id<tags::Registration>;
/// The id of a question of a consultation's form.
pub type QuestionId = Id<tags::Question>;
/// The id of an appeal.
pub type AppealId = Id<tags::Appeal>;
/// The id of a plan for assigning people to working groups.
pub type PlanId = Id<tags::AssignmentPlan>;
/// The id of an assignment.
pub type AssignmentId = Id<tags::Assignment>;
/// The id of an attendance.
pub type AttendanceId = Id<tags::Attendance>;
/// The id of a filter that somebody saved.
pub type SavedId = Id<tags::Saved>;
/// The id of an input. Random: it tells nothing of when the input came.
pub type InputId = Id<tags::Input>;
/// The id of a contribution as its contributor knows it: of what waits to be mixed, and afterwards that of the input.
pub type ContributionId = Id<tags::Contribution>;
/// The id of a voice in an input.
pub type VoiceId = Id<tags::Voice>;
/// The id of a line in a queue, which waits to be turned into an input.
pub type LineId = Id<tags::Line>;
/// The id of what was done to one input or many at once, by which it is undone.
pub type BatchId = Id<tags::Batch>;
/// The id of a source: a file whose lines become inputs.
pub type SourceId = Id<tags::Source>;
/// The id of a report.
pub type ReportId = Id<tags::Report>;
/// The id of a section of a report.
pub type SectionId = Id<tags::Section>;
/// The id of a paragraph of a report.
pub type ParagraphId = Id<tags::Paragraph>;
/// The id of a published edition.
pub type EditionId = Id<tags::Edition>;
/// The id of an omission: of an input that a report leaves out, with a reason.
pub type OmissionId = Id<tags::Omission>;
/// The id of a translation of a report.
pub type TranslationId = Id<tags::Translation>;
/// The id of a milestone: of a draft as it once stood.
pub type MilestoneId = Id<tags::Milestone>;
/// The id of wording that is suggested for a draft.
pub type SuggestionId = Id<tags::Suggestion>;
/// The id of a comment on a suggestion.
pub type CommentId = Id<tags::Comment>;
/// The id of a round of clearance.
pub type ClearanceRoundId = Id<tags::ClearanceRound>;
/// The id of an organization or a person that is asked in clearance, within a report.
pub type PartyId = Id<tags::Party>;
/// The id of what a party said in clearance.
pub type PositionId = Id<tags::Position>;
/// The id of a comment that was made in clearance.
pub type ClearanceCommentId = Id<tags::ClearanceComment>;
/// The id of a decision to publish despite a missing agreement or an objection.
pub type OverrideId = Id<tags::Override>;
/// The id of a release of figures.
pub type FigureReleaseId = Id<tags::FigureRelease>;
/// The id of a mail, also its Message-ID.
pub type MailId = Id<tags::Mail>;
/// The id of a job.
pub type JobId = Id<tags::Job>;
/// The id of a lease: of one process's hold on one job.
pub type LeaseId = Id<tags::Lease>;
/// The id of a purge.
pub type PurgeId = Id<tags::Purge>;
/// The id of a proposal: of an act that needs two people.
pub type ProposalId = Id<tags::Proposal>;
/// A person who is announced as host of a working group.
pub type AnnouncedHostId = Id<tags::AnnouncedHost>;
/// The id of an announcement.
pub type AnnouncementId = Id<tags::Announcement>;

text_enum! {
    /// Why a registration was declined.
    pub enum ReasonCode {
        /// There is no place and none is expected.
        Full => "full",
        /// The application is not about this consultation.
        OutOfScope => "out_of_scope",
        /// The organization or person was not vetted.
        NotVetted => "not_vetted",
        /// The person is registered under another address.
        Duplicate => "duplicate",
        /// Something that is needed is missing.
        Incomplete => "incomplete",
        /// Something else: see the note.
        Other => "other",
    }
}

text_enum! {
    /// Why an offer is declined.
    pub enum DeclineReason {
        /// Enough organizations co-organize already.
        Enough => "enough",
        /// It does not fit this consultation.
        OutOfScope => "out_of_scope",
        /// The organization was not vetted.
        NotVetted => "not_vetted",
        /// There is a conflict of interest.
        ConflictOfInterest => "conflict_of_interest",
        /// Something else: see the note.
        Other => "other",
    }
}

text_enum! {
    /// On what ground something personal is held (UN Personal Data Protection and Privacy Principles, 2018, principle 1).
    pub enum LegalBasis {
        /// The person consented to it.
        Consent => "consent",
        /// The mandate of the organization needs it.
        Mandate => "mandate",
        /// It is in the person's own interest.
        BestInterests => "best_interests",
    }
}

text_enum! {
    /// How long something personal is kept: everything of a class goes at the same time.
    pub enum RetentionClass {
        /// Who somebody is and how they are reached.
        Contact => "contact",
        /// As what somebody took part.
        Participation => "participation",
        /// Gender and age band: counted, then forgotten.
        Demographics => "demographics",
        /// What somebody needs to take part: goes soon after the consultation.
        SpecialNeeds => "special_needs",
        /// What was answered to the questions of a consultation.
        Answers => "answers",
        /// What was consented to, which has to be shown as long as anything else is kept.
        Consents => "consents",
        /// Whom an invitation went to.
        Invitations => "invitations",
        /// What mails said.
        Correspondence => "correspondence",
        /// How somebody signs in: goes by itself when it has run out.
        Security => "security",
        /// Who did what, by id, and what drafts and reports rest on: kept, as an id that leads to nobody once the person is erased.
        Accountability => "accountability",
    }
}
/// The id of a recommendation.
pub type RecommendationId = Id<tags::Recommendation>;
/// The id of a note on what came of a recommendation.
pub type FollowUpId = Id<tags::FollowUp>;
