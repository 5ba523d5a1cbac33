//! What the service finds in its environment, and its credentials.

use super::{hit, rule, with};
use crate::doctor::{Area, Evidence, Remedy, Rule, Severity, Values};
use crate::environment::is_blocked;
use crate::layout::Os;
use crate::model::{Finding, Judged, Standing, Variable};
use crate::programs::is_version_managed;

const FILE: Remedy = Remedy::Advice("gateward install --force --env-file FILE");
const AUTH: Remedy = Remedy::Advice("gateward auth status");

pub const RULES: &[Rule] = &[
    rule("secret-inline", Area::Environment, Severity::Error, Remedy::Reinstall, |it| {
        named(it, |variable| variable.secret && variable.source == "inline")
    }),
    rule("path-not-set", Area::Environment, Severity::Warning, Remedy::Reinstall, |it| {
        let has_variables = it.registration().is_some_and(|found| !found.environment.is_empty());
        hit(it.around.os != Os::Windows && has_variables && it.variable("PATH").is_none())
    }),
    rule("path-by-version-manager", Area::Environment, Severity::Note, Remedy::Reinstall, |it| {
        let path = it.variable("PATH")?;
        path.split([':', ';'])
            .find(|folder| is_version_managed(&format!("{folder}/")))
            .map(|folder| with("path", folder))
    }),
    rule("wrong-home", Area::Environment, Severity::Error, Remedy::Reinstall, |it| {
        it.variable("HOME").filter(|home| *home != it.id.home).map(|home| with("path", home))
    }),
    rule("wrong-state-folder", Area::Environment, Severity::Error, Remedy::Reinstall, |it| {
        let told = it.variable("OPENCLAW_STATE_DIR")?;
        (told != it.id.state_dir).then(|| with("path", told))
    }),
    rule("wrong-config", Area::Environment, Severity::Error, Remedy::Reinstall, |it| {
        let told = it.variable("OPENCLAW_CONFIG_PATH")?;
        (told != it.id.config_path).then(|| with("path", told))
    }),
    rule("foreign-code-variable", Area::Environment, Severity::Error, Remedy::Reinstall, |it| {
        named(it, |variable| is_blocked(&variable.name))
    }),
    rule("proxy-inline", Area::Environment, Severity::Note, Remedy::Nothing, |it| {
        let names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
        named(it, |variable| names.contains(&variable.name.to_uppercase().as_str()))
    }),
    rule("certificates-unchecked", Area::Environment, Severity::Error, Remedy::Nothing, |it| {
        hit(it.variable("NODE_TLS_REJECT_UNAUTHORIZED") == Some("0"))
    }),
    rule("debug-output", Area::Environment, Severity::Note, Remedy::Nothing, |it| {
        named(it, |variable| ["DEBUG", "NODE_DEBUG"].contains(&variable.name.as_str()))
    }),
    rule("variables-missing", Area::Environment, Severity::Error, FILE, |it| {
        mismatch(it, "variables-missing")
    }),
    rule("token-stale", Area::Environment, Severity::Error, Remedy::Reinstall, |it| {
        mismatch(it, "token-stale")
    }),
    rule("token-baked-in", Area::Environment, Severity::Warning, Remedy::Reinstall, |it| {
        mismatch(it, "token-baked-in")
    }),
    rule("credential-expired", Area::Credentials, Severity::Error, AUTH, |it| {
        standing(it, Standing::Expired)
    }),
    rule("credential-refused", Area::Credentials, Severity::Error, AUTH, |it| {
        standing(it, Standing::Failing)
    }),
    rule("credential-missing", Area::Credentials, Severity::Error, AUTH, |it| {
        standing(it, Standing::Missing)
    }),
    rule("credential-expiring", Area::Credentials, Severity::Warning, AUTH, |it| {
        standing(it, Standing::Expiring)
    }),
    rule("credential-overdue", Area::Credentials, Severity::Warning, AUTH, |it| {
        standing(it, Standing::Overdue)
    }),
    rule("credential-unknown", Area::Credentials, Severity::Note, AUTH, |it| standing(it, Standing::Unknown)),
];

fn named(evidence: &Evidence, fits: impl Fn(&Variable) -> bool) -> Option<Values> {
    let variables = &evidence.registration()?.environment;
    variables.iter().find(|variable| fits(variable)).map(|variable| with("name", &variable.name))
}

/// The mismatch that this rule is about.
fn mismatch(evidence: &Evidence, rule: &str) -> Option<Values> {
    let told = |finding: &Finding| match finding {
        Finding::VariablesMissing { names } => ("variables-missing", with("names", names.join(", "))),
        Finding::TokenDrift { variable, .. } => ("token-stale", with("name", variable)),
        Finding::TokenBaked { variable, .. } => ("token-baked-in", with("name", variable)),
    };
    evidence.mismatches.iter().map(told).find(|(known, _)| *known == rule).map(|(_, values)| values)
}

fn standing(evidence: &Evidence, wanted: Standing) -> Option<Values> {
    let fits: Vec<&Judged> = evidence.credentials.iter().filter(|judged| judged.standing == wanted).collect();
    let names: Vec<&str> = fits.iter().map(|judged| judged.credential.id.as_str()).collect();
    (!names.is_empty()).then(|| with("names", names.join(", ")))
}
