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

fn is_open(owner: &Listener) -> bool {
    let host = owner.address.rsplit_once(':').map_or(owner.address.as_str(), |(host, _)| host);
    ["0.0.0.0", "[::]", "*"].contains(&host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Registered;
    use crate::model::{Answers, Autostart, Belongs};
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
    fn where_lingering_means_nothing_it_is_not_remarked() {
        assert_eq!(seen(|it, _| it.lingers = None), []);
    }
}
