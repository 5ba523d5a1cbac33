//! What does not fit together between the config and the service's environment. Secrets are compared by fingerprint, never shown.

use std::collections::BTreeSet;

use super::config_facts::ConfigFacts;
use crate::environment;
use crate::model::{Finding, Redacted, Variable};

/// What is known of both sides.
pub struct Sides<'a> {
    pub facts: &'a ConfigFacts,
    /// The config's token and password, as far as they can be resolved.
    pub token: Option<&'a Redacted>,
    pub password: Option<&'a Redacted>,
    /// What the service is given.
    pub variables: &'a [Variable],
    /// Names that `<state>/.env` and the account give the gateway when it starts.
    pub dotenv: &'a BTreeSet<String>,
}

pub fn findings(sides: &Sides<'_>) -> Vec<Finding> {
    let variables = sides.variables;
    let doors = [("OPENCLAW_GATEWAY_TOKEN", sides.token), ("OPENCLAW_GATEWAY_PASSWORD", sides.password)];
    let drifts = doors.into_iter().filter_map(|(name, secret)| drift(name, secret?, variables));
    drifts.chain(missing(sides, variables)).collect()
}

/// The environment beats the config: a stale token there makes the gateway refuse everybody who reads the config (A15).
fn drift(name: &str, secret: &Redacted, variables: &[Variable]) -> Option<Finding> {
    let own = variables.iter().find(|variable| variable.name == name)?;
    let (variable, source) = (own.name.clone(), own.source.clone());
    let same = environment::shown(name, secret.reveal(), "").shown == own.shown;
    match (same, own.source.as_str()) {
        (false, _) => Some(Finding::TokenDrift { variable, source }),
        (true, "inline") => Some(Finding::TokenBaked { variable, source }),
        (true, _) => None,
    }
}

fn missing(sides: &Sides<'_>, variables: &[Variable]) -> Option<Finding> {
    // The gateway then asks the login shell itself.
    if sides.facts.shell_env {
        return None;
    }
    let is_given = |name: &&String| {
        sides.facts.brought.contains_key(*name)
            || sides.dotenv.contains(*name)
            || variables.iter().any(|variable| variable.name == **name)
    };
    let names: Vec<String> = sides.facts.wanted.iter().filter(|name| !is_given(name)).cloned().collect();
    (!names.is_empty()).then_some(Finding::VariablesMissing { names })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::config_facts;

    fn given(variables: &[(&str, &str, &str)]) -> Vec<Variable> {
        variables.iter().map(|(name, value, source)| environment::shown(name, value, source)).collect()
    }

    fn found(config: &str, variables: &[Variable], dotenv: &[&str]) -> Vec<Finding> {
        let facts = config_facts::read(config).unwrap();
        let token = facts.token.resolve(&Default::default());
        let dotenv = dotenv.iter().map(|name| (*name).to_owned()).collect();
        findings(&Sides { facts: &facts, token: token.as_ref(), password: None, variables, dotenv: &dotenv })
    }

    const CONFIG: &str = "{gateway: {auth: {token: 'new-token'}}}";

    #[test]
    fn a_token_in_the_service_that_is_not_the_configs_has_drifted() {
        for source in ["inline", "/s/gateway.systemd.env"] {
            let seen = found(CONFIG, &given(&[("OPENCLAW_GATEWAY_TOKEN", "old-token", source)]), &[]);
            let (variable, source) = ("OPENCLAW_GATEWAY_TOKEN".to_owned(), source.to_owned());
            assert_eq!(seen, [Finding::TokenDrift { variable, source }]);
            assert!(!format!("{seen:?}").contains("-token"));
        }
    }

    #[test]
    fn the_same_token_is_worth_a_word_only_in_the_definition_itself() {
        let seen = |source| found(CONFIG, &given(&[("OPENCLAW_GATEWAY_TOKEN", "new-token", source)]), &[]);
        assert!(matches!(seen("inline").as_slice(), [Finding::TokenBaked { .. }]));
        assert_eq!(seen("/s/gateway.systemd.env"), []);
    }

    #[test]
    fn variables_that_nobody_gives_are_named() {
        let config =
            "{env: {vars: {A: '1', LD_PRELOAD: 'x'}}, m: ['${A}', '${B}', '${C}', '${D}', '${LD_PRELOAD}']}";
        let seen = found(config, &given(&[("B", "1", "inline")]), &["C"]);
        assert_eq!(
            seen,
            [Finding::VariablesMissing { names: vec!["D".to_owned(), "LD_PRELOAD".to_owned()] }]
        );
    }

    #[test]
    fn a_login_shell_leaves_it_open() {
        let asks_shell = "{env: {shellEnv: {enabled: true}}, m: '${B}'}";
        assert_eq!(found(asks_shell, &given(&[]), &[]), []);
    }
}
