//! Who may do what, without a database: where a role holds, and what is said to who may not.

use std::collections::HashSet;

use super::*;
use crate::db::types::Id;

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A consultation of a review.
fn consultation(review: u128, consultation: u128) -> Scope {
    Scope::consultation(Id::new(uuid(review)), Id::new(uuid(consultation)))
}

/// Somebody with one role: on review 1, consultation 2 in it, working group 3 in that, or on the instance.
fn with(role: Role, kind: ScopeKind) -> Caller {
    let (scope_id, consultation) = match kind {
        ScopeKind::Instance => (Uuid::nil(), None),
        ScopeKind::Review => (uuid(1), None),
        ScopeKind::Consultation => (uuid(2), None),
        ScopeKind::WorkingGroup => (uuid(3), Some(uuid(2))),
    };
    let held = HeldRole { role, scope_kind: kind, scope_id, consultation };
    Caller::account(Id::new(uuid(9)), vec![held])
}

#[test]
fn a_role_is_held_on_what_it_is_about() {
    for role in Role::ALL {
        let expected: &[ScopeKind] = match role {
            Role::Administrator => &[ScopeKind::Instance],
            Role::Secretariat | Role::Deputy => &[ScopeKind::Instance, ScopeKind::Review],
            Role::CoOrganizer => &[ScopeKind::Consultation],
            _ => &[ScopeKind::WorkingGroup],
        };
        assert_eq!(role.scopes(), expected, "{role}");
    }
}

#[test]
fn every_permission_has_one_row_and_somebody_who_carries_it() {
    let rows: HashSet<Permission> = TABLE.iter().map(|(permission, _)| *permission).collect();
    assert_eq!(rows.len(), TABLE.len());
    for (permission, carriers) in TABLE {
        assert!(!carriers.is_empty(), "{permission:?}");
        assert_eq!(roles(*permission), *carriers);
    }
}

#[test]
fn a_role_holds_where_it_is_held_and_in_everything_below() {
    let here = consultation(1, 2);
    let other = consultation(1, 4);
    let foreign = consultation(7, 8);
    let places = [
        ("the instance", Scope::INSTANCE),
        ("its review", Scope::review(uuid(1))),
        ("another review", Scope::review(uuid(7))),
        ("its consultation", here),
        ("another of the review", other),
        ("one of another review", foreign),
        ("its group", here.group(uuid(3))),
        ("another group", here.group(uuid(5))),
        ("what belongs to no group", here.outside_groups()),
        ("a group elsewhere", other.group(uuid(6))),
    ];
    for (role, kind, expected) in [
        (Role::Secretariat, ScopeKind::Instance, "yyyyyyyyyy"),
        (Role::Secretariat, ScopeKind::Review, "-y-yy-yyyy"),
        (Role::CoOrganizer, ScopeKind::Consultation, "---y--yyy-"),
        // Asked about the consultation as a whole, a role in any of its groups counts.
        (Role::Rapporteur, ScopeKind::WorkingGroup, "---y--y---"),
    ] {
        let caller = with(role, kind);
        for ((place, scope), holds) in places.iter().zip(expected.chars()) {
            let may = caller.may(Permission::ReadDrafts, scope);
            assert_eq!(may, holds == 'y', "{role} on {kind} in {place}");
            assert_eq!(caller.require(Permission::ReadDrafts, scope).is_ok(), may);
        }
    }
}

#[test]
fn a_role_in_a_group_of_no_known_consultation_holds_in_that_group_only() {
    let role = Role::Rapporteur;
    let held = HeldRole {
        role,
        scope_kind: ScopeKind::WorkingGroup,
        scope_id: uuid(3),
        consultation: None,
    };
    let caller = Caller::account(Id::new(uuid(9)), vec![held]);
    let here = consultation(1, 2);
    assert!(caller.may(Permission::ReadDrafts, &here.group(uuid(3))));
    for scope in [here, Scope::review(uuid(1)), Scope::INSTANCE] {
        assert!(!caller.may(Permission::ReadDrafts, &scope), "{scope:?}");
    }
}

#[test]
fn a_role_carries_its_own_permissions_and_no_others() {
    let scope = consultation(1, 2).group(uuid(3));
    for role in Role::ALL {
        let caller = with(*role, role.scopes()[0]);
        for (permission, carriers) in TABLE {
            let carries = carriers.contains(role);
            assert_eq!(caller.may(*permission, &scope), carries, "{role}: {permission:?}");
            assert_eq!(caller.may_somewhere(*permission), carries, "{role}: {permission:?}");
        }
    }
}

#[test]
fn of_several_roles_one_that_fits_is_enough() {
    let (one, two) = (
        with(Role::CoHost, ScopeKind::WorkingGroup),
        with(Role::CoOrganizer, ScopeKind::Consultation),
    );
    let both = Caller::account(Id::new(uuid(9)), [one.roles(), two.roles()].concat());
    let scope = consultation(1, 2);
    assert_eq!(both.roles().len(), 2);
    assert!(both.may(Permission::RecordInputs, &scope));
    assert!(both.may(Permission::EditProgramme, &scope));
    // What one is there for does not hold where the other is held.
    assert!(!both.may(Permission::RecordInputs, &Scope::review(uuid(1))));
}

#[test]
fn nobody_known_is_asked_to_sign_in_and_somebody_is_told_which_role_it_takes() {
    let scope = Scope::review(uuid(1));
    let nobody = Caller::anonymous();
    let unknown = [
        nobody.require(Permission::PurgeData, &scope),
        nobody.require_somewhere(Permission::VetOrganizations),
        nobody.signed_in().map(|_| ()),
    ];
    for refused in unknown {
        assert_eq!(refused.unwrap_err().code(), Code::Unauthenticated);
    }
    assert_eq!((nobody.id(), nobody.roles()), (None, &[][..]));
    let somebody = with(Role::CoHost, ScopeKind::WorkingGroup);
    assert_eq!(somebody.id(), Some(Id::new(uuid(9))));
    assert_eq!(somebody.signed_in().ok(), somebody.id());
    let refused = somebody.require(Permission::VetOrganizations, &scope).unwrap_err();
    assert_eq!(refused.code(), Code::Forbidden);
    assert_eq!(refused.detail(), "This needs one of the roles administrator, secretariat here.");
    let refused = somebody.require_somewhere(Permission::VetOrganizations).unwrap_err();
    assert_eq!(refused.code(), Code::Forbidden);
    somebody.require_somewhere(Permission::RecordInputs).unwrap();
}

#[test]
fn whoever_has_the_server_may_what_an_administrator_may_and_is_nobody() {
    let (operator, scope) = (Caller::operator(), consultation(1, 2));
    let administrator = with(Role::Administrator, ScopeKind::Instance);
    assert_eq!(operator.id(), None);
    assert_eq!(operator.roles(), administrator.roles());
    for (permission, _) in TABLE {
        assert_eq!(operator.may(*permission, &scope), administrator.may(*permission, &scope));
    }
    assert_eq!(operator.signed_in().unwrap_err().code(), Code::Unauthenticated);
}
