//! Whether the gateway is spoken to over TLS, and by which certificate it is known.

use super::variable;
use crate::config::{self, Config};
use crate::identity::Identity;
use crate::model::Registered;
use crate::problem::{Code, Problem};
use crate::system::{Door, Pin, System};

/// Read at every look: the configuration changes while we watch.
///
/// # Errors
/// `ReadFailed` with the certificate's path: without it nobody vouches for what answers.
pub fn of(system: &dyn System, registered: &Registered, id: &Identity) -> Result<Door, Problem> {
    let config = configuration(system, registered, id);
    if !config.tls {
        return Ok(Door::Plain);
    }
    let path = certificate(&config, id);
    let unreadable = |cause: &str| Problem::new(Code::ReadFailed).with("path", &path).because(cause);
    let contents = system.read(&path)?.ok_or_else(|| unreadable("No such file"))?;
    Pin::of_pem(&contents.bytes).map(Door::Tls).ok_or_else(|| unreadable("no certificate in it"))
}

/// One that cannot be read says nothing of TLS.
fn configuration(system: &dyn System, registered: &Registered, id: &Identity) -> Config {
    let of_service = match registered {
        Registered::Present(registration) => variable(registration, "OPENCLAW_CONFIG_PATH"),
        Registered::Missing { .. } | Registered::Unknown { .. } => None,
    };
    let path = of_service.unwrap_or(&id.config_path);
    let text = system.read(path).ok().flatten().map(|contents| contents.text()).unwrap_or_default();
    // Most have no such key, and a large one takes its time to read.
    if text.contains("tls") { config::parse(&text, path).unwrap_or_default() } else { Config::default() }
}

/// OpenClaw makes one of its own there where none is named.
fn certificate(config: &Config, id: &Identity) -> String {
    // Windows takes either separator.
    match config.certificate.as_deref() {
        Some(path) => match path.strip_prefix("~/") {
            Some(below) => format!("{}/{below}", id.home),
            None => path.to_owned(),
        },
        None => format!("{}/gateway/tls/gateway-cert.pem", id.state_dir),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;
    use crate::identity::{Profile, identify};
    use crate::system::scripted::still;

    const ABSENT: Registered = Registered::Missing { file: String::new() };

    fn door(config: &str, certificate: Option<(&str, &str)>) -> Result<Door, Problem> {
        let id = identify(&Profile::default(), &around(&[]), None).unwrap();
        let system = still();
        system.with(|machine, _| {
            machine.write(&id.config_path, config.as_bytes(), 0o600).unwrap();
            if let Some((path, text)) = certificate {
                machine.write(path, text.as_bytes(), 0o644).unwrap();
            }
        });
        of(&*system, &ABSENT, &id)
    }

    fn pem() -> (String, Pin) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        (made.cert.pem(), Pin::of(made.cert.der()))
    }

    #[test]
    fn without_tls_in_the_configuration_it_is_plain() {
        for config in ["{}", "{gateway: {tls: {enabled: false}}}", "not even json5 with tls"] {
            assert_eq!(door(config, None), Ok(Door::Plain), "{config}");
        }
    }

    #[test]
    fn the_certificate_is_the_one_that_is_named_or_openclaws_own() {
        let (text, pin) = pem();
        for (config, path) in [
            ("{gateway: {tls: {enabled: true, certPath: '/c/gw.pem'}}}", "/c/gw.pem"),
            ("{gateway: {tls: {enabled: true, certPath: '~/gw.pem'}}}", "/home/anna/gw.pem"),
            ("{gateway: {tls: {enabled: true}}}", "/home/anna/.openclaw/gateway/tls/gateway-cert.pem"),
        ] {
            assert_eq!(door(config, Some((path, &text))), Ok(Door::Tls(pin)), "{config}");
        }
    }

    #[test]
    fn without_its_certificate_nobody_is_asked() {
        let problem = door("{gateway: {tls: {enabled: true, certPath: '/c/gw.pem'}}}", None).unwrap_err();
        assert_eq!((problem.code, problem.values["path"].as_str()), (Code::ReadFailed, "/c/gw.pem"));
    }
}
