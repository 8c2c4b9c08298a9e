//! Events to which features on every floor react. All others stand beside who tells them.

use super::registry::Event;
use crate::vocabulary::AccountId;

/// Two accounts of one person become one: everything that the first has the second has from now on. Told before the first is
/// given up, while both addresses are known. Voices count as one; how many there were is told to nobody.
#[derive(Debug, Clone, Copy)]
pub struct AccountsMerged {
    /// The account that is given up.
    pub from: AccountId,
    /// The account that is left.
    pub into: AccountId,
}

impl Event for AccountsMerged {
    const NAME: &'static str = "accounts_merged";
}
