//! Weaknesses that the verdict does not name: the gateway may be well for the moment.

use crate::model::{Listener, Observation, Origin, PortUse, Registration, Remark};

pub fn remarks(seen: &Observation) -> Vec<Remark> {
    let registration = seen.registration();
    let owner = match &seen.port.value {
        PortUse::Owned { owner, .. } => Some(owner),
        PortUse::Free { .. } | PortUse::Hidden { .. } | PortUse::Unknown { .. } => None,
    };
    let all = [
        (registration.is_some_and(stops_at_logout), Remark::StopsAtLogout),
        (registration.is_some_and(is_old), Remark::OldDefinition),
        (registration.is_some_and(|registration| registration.stale), Remark::Drift),
        (owner.is_some_and(is_open), Remark::OpenToNetwork),
        (is_outdated(seen), Remark::Updated),
    ];
    all.into_iter().filter_map(|(is_so, remark)| is_so.then_some(remark)).collect()
}

fn stops_at_logout(registration: &Registration) -> bool {
    registration.lingers == Some(false)
}

fn is_old(registration: &Registration) -> bool {
    match registration.origin {
        Origin::OpenclawF | Origin::OpenclawA => true,
        Origin::OpenclawN | Origin::Gateward | Origin::Foreign => false,
    }
}

/// Whether what runs is not what the next start would run. OpenClaw of 2026.2 does not know its version and says `dev`.
pub fn is_outdated(seen: &Observation) -> bool {
    let runs =
        seen.answers.value.version().filter(|version| version.starts_with(|c: char| c.is_ascii_digit()));
    let is_other = |(installed, runs): (&String, &str)| installed != runs;
    seen.installed.program_replaced || seen.installed.version.as_ref().zip(runs).is_some_and(is_other)
}

fn is_open(owner: &Listener) -> bool {
    let host = owner.address.rsplit_once(':').map_or(owner.address.as_str(), |(host, _)| host);
    ["0.0.0.0", "[::]", "*"].contains(&host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Answers, Autostart, Belongs};
    use crate::model::{Installed, Registered};
    use crate::verdict::tests::{observation, owned, registration, run};

    fn seen(change: impl FnOnce(&mut Registration, &mut Listener)) -> Vec<Remark> {
        let ready = Answers::Ready { version: None, latency_ms: 4 };
        let port = owned(Belongs::Service, None);
        let mut seen = observation(registration(Autostart::On), run(60, 0), port, ready);
        if let (Registered::Present(registration), PortUse::Owned { owner, .. }) =
            (&mut seen.registered.value, &mut seen.port.value)
        {
            change(registration, owner);
        }
        remarks(&seen)
    }

    #[test]
    fn a_service_without_weakness_has_no_remark() {
        assert_eq!(seen(|_, _| ()), []);
    }

    #[test]
    fn each_weakness_is_remarked() {
        assert_eq!(seen(|it, _| it.lingers = Some(false)), [Remark::StopsAtLogout]);
        assert_eq!(seen(|it, _| it.origin = Origin::OpenclawF), [Remark::OldDefinition]);
        assert_eq!(seen(|it, _| it.stale = true), [Remark::Drift]);
        for open in ["0.0.0.0:18789", "[::]:18789"] {
            assert_eq!(seen(|_, it| it.address = open.to_owned()), [Remark::OpenToNetwork], "{open}");
        }
    }

    #[test]
    fn another_package_or_program_than_the_running_one_is_remarked() {
        let told = |installed: Option<&str>, runs: Option<&str>, program_replaced: bool| {
            let ready = Answers::Ready { version: runs.map(str::to_owned), latency_ms: 4 };
            let port = owned(Belongs::Service, None);
            let mut seen = observation(registration(Autostart::On), run(60, 0), port, ready);
            seen.installed = Installed { version: installed.map(str::to_owned), program_replaced };
            remarks(&seen)
        };
        assert_eq!(told(Some("2026.9.7"), Some("2026.9.6"), false), [Remark::Updated]);
        assert_eq!(told(None, None, true), [Remark::Updated]);
        for (installed, runs) in
            [(Some("1.2.3"), Some("1.2.3")), (Some("1.2.3"), Some("dev")), (None, Some("1.2.3"))]
        {
            assert_eq!(told(installed, runs, false), [], "{installed:?} {runs:?}");
        }
    }

    #[test]
    fn where_lingering_means_nothing_it_is_not_remarked() {
        assert_eq!(seen(|it, _| it.lingers = None), []);
    }
}
