//! What manager, port and gateway say together. A verdict that means trouble is one rule each.

use super::{hit, path, with};
use crate::doctor::{Area, Evidence, Remedy, Rule, Severity, Values};
use crate::model::{Belongs, PortUse, Remark, Verdict};
use crate::verdict::remarks;

const fn rule(
    id: &'static str,
    severity: Severity,
    remedy: Remedy,
    look: fn(&Evidence) -> Option<Values>,
) -> Rule {
    Rule { id, severity, area: Area::State, remedy, look }
}

pub const RULES: &[Rule] = &[
    rule("manager-silent", Severity::Error, Remedy::Advice("gateward status"), |it| is(it, Verdict::Unknown)),
    rule("crash-loop", Severity::Error, Remedy::Advice("gateward history"), |it| is(it, Verdict::CrashLoop)),
    rule("gave-up", Severity::Error, Remedy::Start, |it| is(it, Verdict::GaveUp)),
    rule("config-refused", Severity::Error, Remedy::Advice("openclaw doctor"), |it| {
        is(it, Verdict::ConfigError)
    }),
    rule("hung", Severity::Error, Remedy::Restart, |it| is(it, Verdict::Hung)),
    rule("degraded", Severity::Warning, Remedy::Advice("gateward logs"), |it| is(it, Verdict::Degraded)),
    rule("unloaded", Severity::Error, Remedy::Start, |it| is(it, Verdict::Unloaded)),
    rule("orphan", Severity::Error, Remedy::Advice("gateward status"), |it| is(it, Verdict::Orphan)),
    rule("port-taken-by-other", Severity::Error, Remedy::Advice("gateward status"), |it| {
        is(it, Verdict::ForeignOwner)
    }),
    rule("two-managers", Severity::Error, Remedy::Advice("gateward status"), |it| {
        is(it, Verdict::TwoManagers)
    }),
    rule("external", Severity::Note, Remedy::Advice("gateward install"), |it| is(it, Verdict::External)),
    rule("not-installed", Severity::Note, Remedy::Advice("gateward install"), |it| {
        is(it, Verdict::NotInstalled)
    }),
    rule("port-owner-hidden", Severity::Note, Remedy::Advice("gateward status"), |it| {
        hit(matches!(it.seen.port.value, PortUse::Hidden { .. }))
    }),
    rule("gateway-beside", Severity::Warning, Remedy::Advice("gateward status"), beside),
    rule(
        "open-to-network",
        Severity::Warning,
        Remedy::Advice("openclaw config set gateway.bind loopback"),
        |it| remarked(it, Remark::OpenToNetwork),
    ),
    rule("stops-at-logout", Severity::Warning, Remedy::Linger, |it| remarked(it, Remark::StopsAtLogout)),
    rule("ghosts", Severity::Error, Remedy::Advice("gateward install --legacy remove"), |it| {
        (!it.ghosts.is_empty()).then(|| with("labels", it.ghosts.join(", ")))
    }),
    rule("change-cut-off", Severity::Error, Remedy::Advice("gateward changes --revert"), |it| {
        it.interrupted.first().map(|number| with("number", number))
    }),
    rule("restarts-often", Severity::Warning, Remedy::Advice("gateward history"), |it| {
        it.seen.supervised.value.restarts().filter(|count| *count >= 5).map(|count| with("count", count))
    }),
    rule("program-of-definition-missing", Severity::Error, Remedy::Reinstall, |it| {
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
