//! What manager, port and gateway say together. A verdict that means trouble is one rule each.

use super::{hit, path, rule, with};
use crate::doctor::{Area, Evidence, Remedy, Rule, Severity, Values};
use crate::model::{Belongs, PortUse, Remark, Verdict};
use crate::verdict::remarks;

pub const RULES: &[Rule] = &[
    rule("manager-silent", Area::State, Severity::Error, Remedy::Advice("gateward status"), |it| {
        is(it, Verdict::Unknown)
    }),
    rule("crash-loop", Area::State, Severity::Error, Remedy::Advice("gateward history"), |it| {
        is(it, Verdict::CrashLoop)
    }),
    rule("gave-up", Area::State, Severity::Error, Remedy::Start, |it| is(it, Verdict::GaveUp)),
    rule("config-refused", Area::State, Severity::Error, Remedy::Advice("openclaw doctor"), |it| {
        is(it, Verdict::ConfigError)
    }),
    rule("hung", Area::State, Severity::Error, Remedy::Restart, |it| is(it, Verdict::Hung)),
    rule("degraded", Area::State, Severity::Warning, Remedy::Advice("gateward logs"), |it| {
        is(it, Verdict::Degraded)
    }),
    rule("unloaded", Area::State, Severity::Error, Remedy::Start, |it| is(it, Verdict::Unloaded)),
    rule("orphan", Area::State, Severity::Error, Remedy::Advice("gateward status"), |it| {
        is(it, Verdict::Orphan)
    }),
    rule("port-taken-by-other", Area::State, Severity::Error, Remedy::Advice("gateward status"), |it| {
        is(it, Verdict::ForeignOwner)
    }),
    rule("two-managers", Area::State, Severity::Error, Remedy::Advice("gateward status"), |it| {
        is(it, Verdict::TwoManagers)
    }),
    rule("external", Area::State, Severity::Note, Remedy::Advice("gateward install"), |it| {
        is(it, Verdict::External)
    }),
    rule("not-installed", Area::State, Severity::Note, Remedy::Advice("gateward install"), |it| {
        is(it, Verdict::NotInstalled)
    }),
    rule("port-owner-hidden", Area::State, Severity::Note, Remedy::Advice("gateward status"), |it| {
        hit(matches!(it.seen.port.value, PortUse::Hidden { .. }))
    }),
    rule("gateway-beside", Area::State, Severity::Warning, Remedy::Advice("gateward status"), beside),
    rule(
        "open-to-network",
        Area::State,
        Severity::Warning,
        Remedy::Advice("openclaw config set gateway.bind loopback"),
        |it| remarked(it, Remark::OpenToNetwork),
    ),
    rule("stops-at-logout", Area::State, Severity::Warning, Remedy::Linger, |it| {
        remarked(it, Remark::StopsAtLogout)
    }),
    rule("ghosts", Area::State, Severity::Error, Remedy::Advice("gateward install --legacy remove"), |it| {
        (!it.ghosts.is_empty()).then(|| with("labels", it.ghosts.join(", ")))
    }),
    rule("change-cut-off", Area::State, Severity::Error, Remedy::Advice("gateward changes --revert"), |it| {
        it.interrupted.first().map(|number| with("number", number))
    }),
    rule("restarts-often", Area::State, Severity::Warning, Remedy::Advice("gateward history"), |it| {
        it.seen.supervised.value.restarts().filter(|count| *count >= 5).map(|count| with("count", count))
    }),
    rule("program-of-definition-missing", Area::State, Severity::Error, Remedy::Reinstall, |it| {
        path(&it.missing, |_| true)
    }),
];

fn is(evidence: &Evidence, verdict: Verdict) -> Option<Values> {
    hit(evidence.verdict == verdict)
}

fn remarked(evidence: &Evidence, remark: Remark) -> Option<Values> {
    hit(remarks(&evidence.seen).contains(&remark))
}

/// Another gateway on the port, while ours is the one that runs.
fn beside(evidence: &Evidence) -> Option<Values> {
    match &evidence.seen.port.value {
        PortUse::Owned { owner, .. }
            if owner.belongs == Belongs::Gateway && evidence.seen.supervised.value.is_at_work() =>
        {
            Some(with("pid", owner.pid))
        }
        PortUse::Owned { .. } | PortUse::Free { .. } | PortUse::Hidden { .. } | PortUse::Unknown { .. } => {
            None
        }
    }
}
