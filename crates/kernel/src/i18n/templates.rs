//! Which mails there are and what may stand in each: a closed list in code, beside which the words are mere data.

use crate::text_enum;

macro_rules! placeholders {
    ($($(#[$meta:meta])* $variant:ident => $word:literal),+ $(,)?) => {
        /// What a mail's words may name in braces.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Placeholder { $($(#[$meta])* $variant),+ }

        impl Placeholder {
            /// As it stands in the words, without braces.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The placeholder of that name.
            pub fn of(name: &str) -> Option<Self> {
                match name { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

placeholders! {
    /// What the recipient is called.
    Name => "name",
    /// Somebody else whom the mail is about.
    Person => "person",
    /// The theme of the consultation.
    Theme => "theme",
    /// Its day and time in its zone. A paragraph that names it is left out when it is not known.
    When => "when",
    /// What the secretariat wrote for the recipient. A paragraph that names it is left out when there is none.
    Note => "note",
    /// A number on the waiting list.
    Number => "number",
    /// Why something was declined.
    Reason => "reason",
    /// Lines that say who is in which working group and when.
    Groups => "groups",
    /// Where what the mail is about is found. Not secret.
    Page => "page",
    /// The recipient's own link, which nobody else is shown.
    Link => "link",
    /// How many minutes something is valid.
    Minutes => "minutes",
    /// An organization's name.
    Organization => "organization",
    /// Until when. A paragraph that names it is left out when there is no such moment.
    Until => "until",
    /// An answer that a person wrote.
    Answer => "answer",
    /// Where the audit log ended, as JSON.
    Checkpoint => "checkpoint",
    /// What a check of the audit log found, in English.
    Finding => "finding",
    /// What an announcement is called.
    Title => "title",
    /// What an announcement says.
    Text => "text",
}

impl Placeholder {
    /// Whether a paragraph that names it is left out when it has no value; the others must have one.
    pub const fn is_optional(self) -> bool {
        matches!(self, Self::When | Self::Note | Self::Until)
    }
}

text_enum! {
    /// Which of our texts a mail is.
    pub enum Template {
        /// A link to sign in with.
        SignInLink => "sign_in_link",
        /// A link to the form that somebody wants to fill in.
        RegistrationDraft => "registration_draft",
        /// A link to the registration of somebody who asked for a form and is registered already.
        RegistrationKnown => "registration_known",
        /// A guardian is asked for consent.
        GuardianConsent => "guardian_consent",
        /// A guardian did not consent: the registration was withdrawn.
        GuardianRefused => "guardian_refused",
        /// A registration has arrived and will be decided.
        RegistrationSubmitted => "registration_submitted",
        /// Somebody has a place.
        RegistrationConfirmed => "registration_confirmed",
        /// Somebody has a place that somebody else freed.
        RegistrationPromoted => "registration_promoted",
        /// Somebody is offered a place, to be accepted by a deadline.
        RegistrationOffered => "registration_offered",
        /// An offered place was not accepted in time: back to the end of the waiting list.
        RegistrationMovedBack => "registration_moved_back",
        /// An offered place was not accepted in time for the second time: the registration is withdrawn.
        RegistrationLapsed => "registration_lapsed",
        /// Somebody waits for a place.
        RegistrationWaitlisted => "registration_waitlisted",
        /// Somebody was refused.
        RegistrationDeclined => "registration_declined",
        /// Somebody's working groups.
        WorkingGroupsAssigned => "working_groups_assigned",
        /// Somebody is asked to register.
        Invitation => "invitation",
        /// Somebody is asked again.
        InvitationReminder => "invitation_reminder",
        /// An offer to co-organize has arrived.
        OfferSubmitted => "offer_submitted",
        /// It was accepted.
        OfferAccepted => "offer_accepted",
        /// It was declined.
        OfferDeclined => "offer_declined",
        /// Somebody has appealed; for the secretariat.
        AppealSubmitted => "appeal_submitted",
        /// An appeal was answered: the applicant was right.
        AppealUpheld => "appeal_upheld",
        /// An appeal was answered: the decision stands.
        AppealDismissed => "appeal_dismissed",
        /// A report is published; to everybody who took part.
        ReportPublished => "report_published",
        /// Something that a draft rests on has changed; to those who draft it.
        CitedInputChanged => "cited_input_changed",
        /// A draft waits for somebody who is asked to agree to it; a reminder of that, too.
        ClearanceWaits => "clearance_waits",
        /// Questions about inputs are open; to everybody who is confirmed.
        QuestionsOpen => "questions_open",
        /// A draft can be read and commented on; to everybody who is confirmed.
        DraftOpen => "draft_open",
        /// What the secretariat tells everybody who is confirmed.
        Announcement => "announcement",
        /// Two accounts of one person are one now.
        AccountsMerged => "accounts_merged",
        /// Where the audit log ends; once a day, to whom the settings name.
        AuditCheckpoint => "audit_checkpoint",
        /// Whoever holds an address is asked whether it may lead to another account of theirs.
        MergeConsent => "merge_consent",
        /// Something that needs two people was proposed; to those who confirm it or may object.
        ActProposed => "act_proposed",
    }
}

use Placeholder::*;

impl Template {
    /// What its words may name, and nothing else.
    pub const fn placeholders(self) -> &'static [Placeholder] {
        match self {
            Self::SignInLink => &[Link, Minutes],
            Self::RegistrationDraft => &[Theme, Link, Until],
            Self::RegistrationKnown => &[Theme, Link],
            Self::GuardianRefused => &[Name, Theme, Link],
            Self::GuardianConsent => &[Person, Theme, When, Link],
            Self::RegistrationSubmitted => &[Name, Theme, When, Link],
            Self::RegistrationConfirmed => &[Name, Theme, When, Note, Link],
            Self::RegistrationPromoted => &[Name, Theme, When, Link],
            Self::RegistrationOffered => &[Name, Theme, When, Until, Link],
            Self::RegistrationMovedBack => &[Name, Theme, Number, Link],
            Self::RegistrationLapsed => &[Name, Theme, Link],
            Self::RegistrationWaitlisted => &[Name, Theme, Number, Note, Link],
            Self::RegistrationDeclined => &[Name, Theme, Reason, Note, Link],
            Self::WorkingGroupsAssigned => &[Name, Theme, Groups, Link],
            Self::Invitation | Self::InvitationReminder => &[Name, Theme, When, Until, Link],
            Self::OfferSubmitted => &[Name, Theme, Organization, Page],
            Self::OfferAccepted => &[Name, Theme, Organization, Note, Page],
            Self::OfferDeclined => &[Name, Theme, Organization, Reason, Note, Page],
            Self::AppealSubmitted => &[Name, Page],
            Self::AppealUpheld | Self::AppealDismissed => &[Name, Answer, Page],
            Self::ReportPublished => &[Name, Theme, Page, Link],
            Self::CitedInputChanged => &[Theme, Page],
            Self::QuestionsOpen => &[Theme, Page, Link],
            Self::DraftOpen => &[Theme, Until, Page, Link],
            Self::ClearanceWaits => &[Name, Theme, Until, Page],
            Self::Announcement => &[Title, Text, Theme, Page, Link],
            Self::AccountsMerged => &[Name, Page],
            Self::AuditCheckpoint => &[Checkpoint, Finding],
            Self::MergeConsent => &[Link, Until],
            Self::ActProposed => &[Name, Person, When, Until, Page],
        }
    }

    /// Whether it goes to everybody and tells nothing of what is the recipient's own: then they can say by the mail program's own button
    /// that they want no more (RFC 8058).
    pub const fn is_unasked(self) -> bool {
        matches!(
            self,
            Self::Invitation
                | Self::InvitationReminder
                | Self::Announcement
                | Self::QuestionsOpen
                | Self::DraftOpen
                | Self::ReportPublished
        )
    }

    /// Whether the recipient has asked for it a moment ago and waits for it: then it is never held back.
    pub const fn is_asked_for(self) -> bool {
        matches!(self, Self::SignInLink | Self::RegistrationDraft | Self::RegistrationKnown)
    }
}
