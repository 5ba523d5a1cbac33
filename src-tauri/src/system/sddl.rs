//! Security descriptors in Microsoft's text form (SDDL, [MS-DTYP] 2.5.1): who owns something, and who may open it.

/// SYSTEM and the administrators can open everything anyway, as root can; `OW` is whoever owns it.
const ALWAYS: [&str; 3] = ["SY", "BA", "OW"];

/// What a descriptor says about one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// It is the account's own; one that an elevated program made belongs to all administrators.
    pub owned: bool,
    /// Nobody else may open it.
    pub private: bool,
}

/// What `descriptor` gives to others than `account`, both as Windows spells them: a SID, or two letters for a well-known one.
pub fn reach(descriptor: &str, account: &str) -> Reach {
    let owned = owner(descriptor).is_some_and(|owner| owner == account || owner == "BA");
    Reach { owned, private: is_private(descriptor, account) }
}

/// What stands behind `O:`.
pub fn owner(descriptor: &str) -> Option<&str> {
    let rest = descriptor.strip_prefix("O:")?;
    let end = ["G:", "D:", "S:"].iter().filter_map(|part| rest.find(part)).min().unwrap_or(rest.len());
    Some(&rest[..end])
}

/// Without a list everybody may do everything; an empty one lets nobody in.
fn is_private(descriptor: &str, account: &str) -> bool {
    let Some((_, list)) = descriptor.split_once("D:") else { return false };
    let list = list.split("S:(").next().unwrap_or(list);
    if list.contains("NO_ACCESS_CONTROL") {
        return false;
    }
    let mut entries = list.split('(').skip(1).map(|entry| entry.split(')').next().unwrap_or(entry));
    entries.all(|entry| is_harmless(entry, account))
}

/// `type;flags;rights;object;inherited object;account`: denials harm nobody, and `IO` is for what lies below.
fn is_harmless(entry: &str, account: &str) -> bool {
    let fields: Vec<&str> = entry.split(';').collect();
    let [kind, flags, _, _, _, who, ..] = fields[..] else { return false };
    kind.contains('D') || flags.contains("IO") || who == account || ALWAYS.contains(&who)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: &str = "S-1-5-21-1-2-3-1001";

    fn told(descriptor: &str) -> (bool, bool) {
        let Reach { owned, private } = reach(descriptor, ANNA);
        (owned, private)
    }

    #[test]
    fn what_only_the_account_and_the_system_may_open_is_private() {
        let own = format!("O:{ANNA}G:S-1-5-21-1-2-3-513D:PAI(A;;FA;;;{ANNA})(A;;FA;;;SY)(A;ID;FA;;;BA)");
        assert_eq!(told(&own), (true, true));
        assert_eq!(told(&format!("O:{ANNA}D:P")), (true, true));
    }

    #[test]
    fn one_more_reader_or_no_list_at_all_is_not() {
        for list in
            ["D:(A;;FR;;;WD)", "D:(A;;FA;;;SY)(A;ID;0x1200a9;;;BU)", "D:NO_ACCESS_CONTROL", "", "D:(A;;FA)"]
        {
            assert!(!told(&format!("O:{ANNA}{list}")).1, "{list}");
        }
    }

    #[test]
    fn denials_and_what_only_children_inherit_let_nobody_in() {
        assert!(told(&format!("O:{ANNA}D:(D;;FA;;;WD)(A;OICIIO;FA;;;BU)(A;;FA;;;{ANNA})")).1);
    }

    #[test]
    fn an_audit_list_gives_nobody_access() {
        assert!(told(&format!("O:{ANNA}D:(A;;FA;;;{ANNA})S:(AU;FA;FA;;;WD)")).1);
    }

    #[test]
    fn another_accounts_file_is_not_owned_and_the_administrators_is() {
        assert!(!told("O:S-1-5-21-1-2-3-1002D:P").0);
        assert!(told("O:BAG:DUD:P").0);
    }
}
