use super::*;
use crate::auth::config_facts;
use crate::identity::tests::around;
use crate::model::tests::assert_lists_all;
use crate::model::{Autostart, Redacted, Registered};
use crate::verdict::tests::registration;

fn service(variables: &[(&str, &str, &str)]) -> Registration {
    let Registered::Present(found) = registration(Autostart::On) else { unreachable!() };
    let environment =
        variables.iter().map(|(name, value, source)| environment::shown(name, value, source)).collect();
    Registration { environment, drop_ins: vec!["/u.d/x.conf".to_owned()], ..*found }
}

fn said(config: &str, dotenv: &[(&str, &str)]) -> Survey {
    let facts = config_facts::read(config).unwrap();
    Survey {
        token: facts.token.resolve(&Default::default()),
        facts,
        dotenv: dotenv.iter().map(|(name, _)| (*name).to_owned()).collect(),
        assigned: dotenv.iter().map(|(name, value)| ((*name).to_owned(), Redacted::new(*value))).collect(),
        ..Survey::default()
    }
}

fn row(name: &str, variables: &[(&str, &str, &str)], session: &[(&str, &str)], said: &Survey) -> Row {
    let rows = table(&service(variables), &around(session), said);
    rows.into_iter().find(|row| row.name == name).unwrap()
}

#[test]
fn no_sign_is_left_out() {
    assert_lists_all(Sign::ALL);
}

#[test]
fn what_the_config_refers_to_and_nobody_gives_is_missing() {
    let said = said("{models: {key: '${OPENAI_API_KEY}'}}", &[]);
    let row = row("OPENAI_API_KEY", &[], &[("OPENAI_API_KEY", "sk-1")], &said);
    assert_eq!(row.signs, [Sign::Missing, Sign::OnlyInSession]);
    assert!(row.wanted && row.service.is_none());
}

#[test]
fn the_services_own_value_shadows_the_configs() {
    let said = said("{env: {vars: {LOG: 'info'}}}", &[("LOG", "info")]);
    let other = row("LOG", &[("LOG", "debug", "inline")], &[], &said);
    assert_eq!((other.signs, other.config.as_deref()), (vec![Sign::Shadowed], Some("info")));
    assert_eq!(row("LOG", &[("LOG", "info", "inline")], &[], &said).signs, []);
}

#[test]
fn an_installers_old_copy_is_stale() {
    let said = said("{env: {LOG: 'info'}}", &[]);
    let copied = [("LOG", "debug", "inline"), (MANAGED_NAMES, "LOG,OTHER", "inline")];
    assert_eq!(row("LOG", &copied, &[], &said).signs, [Sign::Stale]);
}

#[test]
fn a_token_that_the_config_has_no_more_is_stale() {
    let said = said("{gateway: {auth: {token: 'new'}}}", &[]);
    let row = row("OPENCLAW_GATEWAY_TOKEN", &[("OPENCLAW_GATEWAY_TOKEN", "old", "/s/env")], &[], &said);
    assert_eq!(row.signs, [Sign::Stale]);
}

#[test]
fn what_loads_foreign_code_or_may_not_come_from_the_config_is_blocked() {
    let said = said("{env: {vars: {HTTPS_PROXY: 'http://p', NODE_OPTIONS: '--x'}}}", &[]);
    assert_eq!(row("HTTPS_PROXY", &[], &[], &said).signs, [Sign::Blocked]);
    assert_eq!(row("NODE_OPTIONS", &[("NODE_OPTIONS", "--x", "inline")], &[], &said).signs, [Sign::Blocked]);
}

#[test]
fn another_value_in_this_session_is_told_but_not_of_what_installations_make() {
    let service = [("A", "1", "inline"), ("PATH", "/usr/bin", "inline")];
    let session = [("A", "2"), ("PATH", "/home/anna/bin:/usr/bin")];
    let said = said("{}", &[]);
    assert_eq!(row("A", &service, &session, &said).signs, [Sign::Differs]);
    assert_eq!(row("PATH", &service, &session, &said).signs, []);
}

#[test]
fn of_the_session_only_what_concerns_a_gateway_is_shown() {
    let session = [("EDITOR", "vi"), ("SSH_AUTH_TOKEN", "x"), ("GROQ_API_KEY", "y")];
    let rows = table(&service(&[]), &around(&session), &said("{}", &[]));
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["GROQ_API_KEY"]);
}

#[test]
fn no_side_shows_a_secret() {
    let said = said("{env: {X_TOKEN: 'hunter2'}}", &[("X_TOKEN", "hunter2")]);
    let row = row("X_TOKEN", &[("X_TOKEN", "hunter2", "inline")], &[("X_TOKEN", "hunter2")], &said);
    assert!(!format!("{row:?}").contains("hunter2"));
    let same = row.service.clone();
    assert_eq!((&row.session, &row.config, &row.dotenv), (&same, &same, &same));
}

#[test]
fn what_ties_the_definition_or_stands_elsewhere_is_locked() {
    let lock = |name: &str, source: &str| locked(name, source, &service(&[]));
    assert_eq!(lock("OPENCLAW_GATEWAY_PORT", "inline"), Some("identity"));
    assert_eq!(lock("D", "/u.d/x.conf"), Some("drop-in"));
    assert_eq!((lock("LD_PRELOAD", "inline"), lock("MINE", "inline")), (Some("blocked"), None));
}
