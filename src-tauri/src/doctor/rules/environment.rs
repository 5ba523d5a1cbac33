//! What the service finds in its environment, and its credentials.

use super::{hit, with};
use crate::doctor::{Area, Evidence, Remedy, Rule, Severity, Values};
use crate::environment::is_blocked;
use crate::layout::Os;
use crate::model::{Finding, Judged, Standing, Variable};
use crate::programs::is_version_managed;

const fn rule(
    id: &'static str,
    severity: Severity,
    remedy: Remedy,
    look: fn(&Evidence) -> Option<Values>,
) -> Rule {
    Rule { id, severity, area: Area::Environment, remedy, look }
}

const fn credential(id: &'static str, severity: Severity, look: fn(&Evidence) -> Option<Values>) -> Rule {
    Rule { id, severity, area: Area::Credentials, remedy: Remedy::Advice("gateward auth status"), look }
}

pub const RULES: &[Rule] = &[
    rule("secret-inline", Severity::Error, Remedy::Reinstall, |it| {
        named(it, |variable| variable.secret && variable.source == "inline")
    }),
    rule("path-not-set", Severity::Warning, Remedy::Reinstall, |it| {
        let has_variables = it.registration().is_some_and(|found| !found.environment.is_empty());
        hit(it.around.os != Os::Windows && has_variables && it.variable("PATH").is_none())
    }),
    rule("path-by-version-manager", Severity::Note, Remedy::Reinstall, |it| {
        let path = it.variable("PATH")?;
        path.split([':', ';'])
            .find(|folder| is_version_managed(&format!("{folder}/")))
            .map(|folder| with("path", folder))
    }),
    rule("wrong-home", Severity::Error, Remedy::Reinstall, |it| {
        it.variable("HOME").filter(|home| *home != it.id.home).map(|home| with("path", home))
    }),
    rule("wrong-state-folder", Severity::Error, Remedy::Reinstall, |it| {
        let told = it.variable("OPENCLAW_STATE_DIR")?;
        (told != it.id.state_dir).then(|| with("path", told))
    }),
    rule("wrong-config", Severity::Error, Remedy::Reinstall, |it| {
        let told = it.variable("OPENCLAW_CONFIG_PATH")?;
        (told != it.id.config_path).then(|| with("path", told))
    }),
    rule("foreign-code-variable", Severity::Error, Remedy::Reinstall, |it| {
        named(it, |variable| is_blocked(&variable.name))
    }),
    rule("proxy-inline", Severity::Note, Remedy::Nothing, |it| {
        let names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
        named(it, |variable| names.contains(&variable.name.to_uppercase().as_str()))
    }),
    rule("certificates-unchecked", Severity::Error, Remedy::Nothing, |it| {
        hit(it.variable("NODE_TLS_REJECT_UNAUTHORIZED") == Some("0"))
    }),
    rule("debug-output", Severity::Note, Remedy::Nothing, |it| {
        named(it, |variable| ["DEBUG", "NODE_DEBUG"].contains(&variable.name.as_str()))
    }),
    rule(
        "variables-missing",
        Severity::Error,
        Remedy::Advice("gateward install --force --env-file FILE"),
        |it| {
            it.mismatches.iter().find_map(|finding| match finding {
                Finding::VariablesMissing { names } => Some(with("names", names.join(", "))),
                Finding::TokenDrift { .. } | Finding::TokenBaked { .. } => None,
            })
        },
    ),
    rule("token-stale", Severity::Error, Remedy::Reinstall, |it| {
        it.mismatches.iter().find_map(|finding| match finding {
            Finding::TokenDrift { variable, .. } => Some(with("name", variable)),
            Finding::TokenBaked { .. } | Finding::VariablesMissing { .. } => None,
        })
    }),
    rule("token-baked-in", Severity::Warning, Remedy::Reinstall, |it| {
        it.mismatches.iter().find_map(|finding| match finding {
            Finding::TokenBaked { variable, .. } => Some(with("name", variable)),
            Finding::TokenDrift { .. } | Finding::VariablesMissing { .. } => None,
        })
    }),
    credential("credential-expired", Severity::Error, |it| standing(it, Standing::Expired)),
    credential("credential-refused", Severity::Error, |it| standing(it, Standing::Failing)),
    credential("credential-missing", Severity::Error, |it| standing(it, Standing::Missing)),
    credential("credential-expiring", Severity::Warning, |it| standing(it, Standing::Expiring)),
    credential("credential-overdue", Severity::Warning, |it| standing(it, Standing::Overdue)),
    credential("credential-unknown", Severity::Note, |it| standing(it, Standing::Unknown)),
];

fn named(evidence: &Evidence, fits: impl Fn(&Variable) -> bool) -> Option<Values> {
    let variables = &evidence.registration()?.environment;
    variables.iter().find(|variable| fits(variable)).map(|variable| with("name", &variable.name))
}

fn standing(evidence: &Evidence, wanted: Standing) -> Option<Values> {
    let fits: Vec<&Judged> = evidence.credentials.iter().filter(|judged| judged.standing == wanted).collect();
    let names: Vec<&str> = fits.iter().map(|judged| judged.credential.id.as_str()).collect();
    (!names.is_empty()).then(|| with("names", names.join(", ")))
}
