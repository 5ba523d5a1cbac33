//! Who wrote a unit, judged by its text (OC 6.1).

use super::unit::{MARK, Unit};
use crate::model::Origin;

pub fn judge(text: &str, unit: &Unit) -> Origin {
    if text.lines().any(|line| line.trim() == MARK) {
        return Origin::Gateward;
    }
    if !is_openclaws(unit) {
        return Origin::Foreign;
    }
    let has = |key: &str| unit.directives.contains_key(key);
    // Each generation added directives; people change values more often than they take lines away.
    match () {
        () if has("OOMPolicy") => Origin::OpenclawN,
        () if has("RestartPreventExitStatus") || has("SuccessExitStatus") => Origin::OpenclawA,
        () => Origin::OpenclawF,
    }
}

/// All generations mark the service's environment.
fn is_openclaws(unit: &Unit) -> bool {
    let says = |name: &str, text: &str| unit.environment.get(name).is_some_and(|found| found.value == text);
    says("OPENCLAW_SERVICE_MARKER", "openclaw") && says("OPENCLAW_SERVICE_KIND", "gateway")
}
