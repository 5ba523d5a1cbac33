//! What will happen at logout, at login and at a reboot: a pure function of what is seen, each answer with the facts that decide it.

use crate::model::{
    Autostart, Becomes, Ground, Manager, Observation, Occasion, Prospect, Registration, Supervised,
};

/// Of a service that is written down; nothing where none is.
pub fn prospects(manager: Manager, seen: &Observation) -> Vec<Prospect> {
    let Some(registration) = seen.registration() else { return Vec::new() };
    let case = Case { manager, registration, supervised: &seen.supervised.value };
    let told = |occasion: &Occasion| {
        let (becomes, because) = match occasion {
            Occasion::Logout => case.at_logout(),
            Occasion::Login => case.at_login(),
            Occasion::Reboot => case.at_reboot(),
        };
        Prospect { occasion: *occasion, becomes, because }
    };
    Occasion::ALL.iter().map(told).collect()
}

struct Case<'a> {
    manager: Manager,
    registration: &'a Registration,
    supervised: &'a Supervised,
}

type Told = (Becomes, Vec<Ground>);

impl Case<'_> {
    fn at_logout(&self) -> Told {
        if matches!(self.supervised, Supervised::Unknown { .. }) {
            return (Becomes::Unknown, vec![Ground::ManagerSilent]);
        }
        if self.supervised.is_at_rest() {
            return (Becomes::StaysStopped, vec![Ground::AtRest]);
        }
        match (self.manager, self.registration.lingers) {
            (Manager::Systemd, Some(true)) => (Becomes::RunsOn, vec![Ground::Lingers]),
            (Manager::Systemd, Some(false)) => (Becomes::Ends, vec![Ground::LingersNot]),
            (Manager::Systemd, None) => (Becomes::Unknown, vec![Ground::LingerUnknown]),
            (Manager::Launchd | Manager::Schtasks, _) => (Becomes::Ends, vec![Ground::SessionsManager]),
            (Manager::Builtin, _) if self.is_on_windows() => (Becomes::Ends, vec![Ground::SessionsProcess]),
            (Manager::Builtin, _) => (Becomes::RunsOn, vec![Ground::Detached]),
        }
    }

    fn at_login(&self) -> Told {
        self.kept_from_starting().unwrap_or_else(|| match self.registration.lingers {
            Some(true) if self.supervised.is_at_rest() => (Becomes::StaysStopped, vec![Ground::AtRest]),
            Some(true) => (Becomes::RunsOn, self.at_boot()),
            Some(false) | None => (Becomes::Starts, vec![Ground::Autostart]),
        })
    }

    fn at_reboot(&self) -> Told {
        let lingers = self.registration.lingers;
        self.kept_from_starting().unwrap_or_else(|| match (self.manager, lingers) {
            (_, Some(true)) => (Becomes::Starts, self.at_boot()),
            (Manager::Systemd, Some(false)) => {
                (Becomes::StartsAtLogin, vec![Ground::Autostart, Ground::LingersNot])
            }
            (Manager::Systemd, None) => {
                (Becomes::StartsAtLogin, vec![Ground::Autostart, Ground::LingerUnknown])
            }
            (Manager::Launchd | Manager::Schtasks, Some(false) | None) => {
                (Becomes::StartsAtLogin, vec![Ground::Autostart, Ground::SessionsManager])
            }
            (Manager::Builtin, Some(false) | None) => (Becomes::StartsAtLogin, vec![Ground::Autostart]),
        })
    }

    /// How a service that needs no login is started.
    fn at_boot(&self) -> Vec<Ground> {
        match self.manager {
            Manager::Builtin => vec![Ground::Cron],
            Manager::Systemd | Manager::Launchd | Manager::Schtasks => {
                vec![Ground::Autostart, Ground::Lingers]
            }
        }
    }

    fn kept_from_starting(&self) -> Option<Told> {
        match self.registration.autostart {
            Autostart::On => None,
            Autostart::Off => Some((Becomes::StaysStopped, vec![Ground::NoAutostart])),
            Autostart::Blocked => Some((Becomes::Refused, vec![Ground::Forbidden])),
            Autostart::Unknown => Some((Becomes::Unknown, vec![Ground::AutostartUnknown])),
        }
    }

    /// Paths are in their system's own syntax.
    fn is_on_windows(&self) -> bool {
        self.registration.file.contains('\\')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Answers, Belongs, PortUse, Registered};
    use crate::verdict::tests::{observation, owned, registration, run};

    fn told(manager: Manager, autostart: Autostart, lingers: Option<bool>) -> [Becomes; 3] {
        let ready = Answers::Ready { version: None, latency_ms: 4 };
        let mut seen = observation(registration(autostart), run(60, 0), owned(Belongs::Service, None), ready);
        if let Registered::Present(registration) = &mut seen.registered.value {
            registration.lingers = lingers;
        }
        let told = prospects(manager, &seen);
        assert!(told.iter().all(|it| !it.because.is_empty()), "{told:?}");
        [told[0].becomes, told[1].becomes, told[2].becomes]
    }

    #[test]
    fn a_lingering_unit_lives_without_a_login() {
        let told = told(Manager::Systemd, Autostart::On, Some(true));
        assert_eq!(told, [Becomes::RunsOn, Becomes::RunsOn, Becomes::Starts]);
    }

    /// Its manager has been there since the boot, so a login starts nothing.
    #[test]
    fn a_lingering_unit_that_was_stopped_stays_so_until_the_next_boot() {
        let free = PortUse::Free { port: 18789 };
        let stopped = Supervised::Stopped { last_exit: None };
        let seen = observation(registration(Autostart::On), stopped, free, Answers::Refused);
        let becomes: Vec<Becomes> = prospects(Manager::Systemd, &seen).iter().map(|it| it.becomes).collect();
        assert_eq!(becomes, [Becomes::StaysStopped, Becomes::StaysStopped, Becomes::Starts]);
    }

    #[test]
    fn without_lingering_a_unit_lives_from_login_to_logout() {
        let told = told(Manager::Systemd, Autostart::On, Some(false));
        assert_eq!(told, [Becomes::Ends, Becomes::Starts, Becomes::StartsAtLogin]);
    }

    #[test]
    fn where_nobody_tells_of_lingering_the_logout_is_not_known() {
        let told = told(Manager::Systemd, Autostart::On, None);
        assert_eq!(told, [Becomes::Unknown, Becomes::Starts, Becomes::StartsAtLogin]);
    }

    #[test]
    fn what_is_not_to_start_by_itself_does_not() {
        for manager in [Manager::Systemd, Manager::Launchd, Manager::Schtasks, Manager::Builtin] {
            let [_, login, reboot] = told(manager, Autostart::Off, None);
            assert_eq!((login, reboot), (Becomes::StaysStopped, Becomes::StaysStopped), "{manager:?}");
            let [_, login, reboot] = told(manager, Autostart::Blocked, None);
            assert_eq!((login, reboot), (Becomes::Refused, Becomes::Refused), "{manager:?}");
        }
    }

    #[test]
    fn agents_and_tasks_live_within_the_session() {
        for manager in [Manager::Launchd, Manager::Schtasks] {
            let told = told(manager, Autostart::On, None);
            assert_eq!(told, [Becomes::Ends, Becomes::Starts, Becomes::StartsAtLogin], "{manager:?}");
        }
    }

    #[test]
    fn a_host_that_cron_starts_needs_no_login() {
        let told = told(Manager::Builtin, Autostart::On, Some(true));
        assert_eq!(told, [Becomes::RunsOn, Becomes::RunsOn, Becomes::Starts]);
    }

    #[test]
    fn without_a_definition_nothing_can_be_foretold() {
        let missing = Registered::Missing { file: "/u".to_owned() };
        let free = PortUse::Free { port: 18789 };
        let seen = observation(missing, Supervised::Absent, free, Answers::Refused);
        assert_eq!(prospects(Manager::Systemd, &seen), []);
    }
}
