//! Environment of a service: names, which values are secret, how a secret is shown, and what a generated definition sets.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::identity::{Identity, Surroundings};
use crate::layout::{self, Os};
use crate::model::{DOTS, Redacted, Value, Variable};
use crate::problem::{Code, Problem, clean};

/// A value is secret when its name has one of these words …
const TELLING: &[&str] = &[
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "CREDENTIAL",
    "CREDENTIALS",
    "COOKIE",
    "APIKEY",
    "DSN",
];

/// … or `KEY` behind one of these, or alone …
const KEYED: &[&str] =
    &["API", "ACCESS", "PRIVATE", "SECRET", "SIGNING", "ENCRYPTION", "AUTH", "MASTER", "SESSION", "SERVICE"];

/// … or ends so: an address with a password in it.
const ADDRESS: &str = "DATABASE_URL";

/// Whether a variable's value must never be shown or written outside an owner-only file, judged by its name.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let is_key = words.windows(2).any(|pair| KEYED.contains(&pair[0]) && pair[1] == "KEY");
    is_key || words.iter().any(|word| TELLING.contains(word)) || words == ["KEY"] || name.ends_with(ADDRESS)
}

/// The same judgement as a regular expression that regards no case: the window hides by it what is still being typed.
#[cfg(test)]
pub fn secret_name_expression() -> String {
    let (telling, keyed) = (TELLING.join("|"), KEYED.join("|"));
    format!("(?:^|[^A-Z0-9])(?:{telling}|(?:{keyed})[^A-Z0-9]KEY)(?:[^A-Z0-9]|$)|^KEY$|{ADDRESS}$")
}

/// Names what no definition may carry: hooks through which an interpreter or loader runs foreign code (OC 10.4).
pub fn is_blocked(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "NODE_OPTIONS",
        "NODE_PATH",
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONBREAKPOINT",
        "PERL5LIB",
        "PERL5OPT",
        "RUBYLIB",
        "RUBYOPT",
        "BASH_ENV",
        "ENV",
        "SHELL",
        "SHELLOPTS",
        "PS4",
        "IFS",
        "BROWSER",
        "GLIBC_TUNABLES",
        "GCONV_PATH",
        "SSLKEYLOGFILE",
        "SUDO_ASKPASS",
        "HOSTALIASES",
        "JAVA_TOOL_OPTIONS",
        "_JAVA_OPTIONS",
        "MAKEFLAGS",
        "RUSTC_WRAPPER",
    ];
    let name = name.to_ascii_uppercase();
    NAMES.contains(&name.as_str())
        || ["LD_", "DYLD_", "BASH_FUNC_"].iter().any(|prefix| name.starts_with(prefix))
}

/// Names that OpenClaw's config may not set for the gateway: those, and what steers where programs go and whom they trust (OC 10.4).
pub fn is_blocked_in_config(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "HOME",
        "ZDOTDIR",
        "PAGER",
        "EDITOR",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "NODE_EXTRA_CA_CERTS",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "GH_TOKEN",
        "NPM_TOKEN",
        "DATABASE_URL",
        "SSH_AUTH_SOCK",
        "KUBECONFIG",
    ];
    const PREFIXES: &[&str] = &[
        "DOCKER_",
        "AWS_",
        "AZURE_",
        "XDG_CONFIG_",
        "GIT_CONFIG_",
        "NPM_CONFIG_",
        "CARGO_REGISTRIES_",
        "TF_VAR_",
    ];
    let upper = name.to_ascii_uppercase();
    is_blocked(name)
        || NAMES.contains(&upper.as_str())
        || PREFIXES.iter().any(|prefix| upper.starts_with(prefix))
}

/// A short fingerprint: enough to see that two secrets differ, not enough to guess one. `sha256` of the value, 8 hex digits.
pub fn fingerprint(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// How a value is shown: plain ones as they are, secrets as dots and fingerprint.
pub fn shown(name: &str, value: &str, source: &str) -> Variable {
    let secret = is_secret(name);
    let shown = if secret { format!("{DOTS} ({})", fingerprint(value)) } else { value.to_owned() };
    Variable { name: name.to_owned(), shown, secret, source: source.to_owned() }
}

/// Splits `K=V` as typed on a command line and decides by the name whether the value is secret.
///
/// # Errors
/// `BadVariable` when the name is not `[A-Za-z_][A-Za-z0-9_]*`, is blocked, or the value holds CR, LF or NUL.
pub fn assignment(text: &str) -> Result<(String, Value), Problem> {
    match text.split_once('=') {
        Some((name, value)) => assigned(name, value),
        None => Err(refused(text, "name").hint("variable-form")),
    }
}

/// The same of a name and a value that were given apart.
///
/// # Errors
/// As [`assignment`].
pub fn assigned(name: &str, value: &str) -> Result<(String, Value), Problem> {
    let reason = match () {
        () if !is_name(name) => Some("name"),
        () if is_blocked(name) => Some("blocked"),
        () if value.contains(['\r', '\n', '\0']) => Some("newline"),
        () => None,
    };
    match reason {
        Some(reason) => Err(refused(name, reason).hint("variable-form")),
        None => Ok((name.to_owned(), value_of(name, value))),
    }
}

/// A variable that cannot be used, by its name and never its value.
pub fn refused(name: &str, reason: &str) -> Problem {
    let name = clean(name).chars().take(40).collect::<String>();
    Problem::new(Code::BadVariable).with("name", name).with("reason", reason)
}

pub fn is_name(name: &str) -> bool {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Wraps a value so that a secret one cannot be printed by accident.
pub fn value_of(name: &str, value: &str) -> Value {
    if is_secret(name) { Value::Secret(Redacted::new(value)) } else { Value::Plain(value.to_owned()) }
}

/// What of a definition's variables a person added: everything but what is generated anew, what OpenClaw took from its own config (it
/// reads that again at every start), and what no definition may carry (OC 10.2, A).
pub fn of_a_person(mut all: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let managed = managed_names(&all);
    let is_managed = |name: &str| managed.iter().any(|key| key.eq_ignore_ascii_case(name));
    let is_generated = |name: &str| {
        ["HOME", "PATH", "TMPDIR"].iter().any(|known| known.eq_ignore_ascii_case(name))
            || name.starts_with("OPENCLAW_")
    };
    all.retain(|name, _| !(is_managed(name) || is_generated(name) || is_blocked(name)));
    all
}

fn managed_names(all: &BTreeMap<String, Value>) -> Vec<String> {
    match all.get(MANAGED_NAMES) {
        Some(Value::Plain(names)) => names.split(',').map(|name| name.trim().to_owned()).collect(),
        Some(Value::Secret(_)) | None => Vec::new(),
    }
}

/// Names the variables that OpenClaw copied from its config or `.env` into the definition, with commas (OC 10.2).
pub const MANAGED_NAMES: &str = "OPENCLAW_SERVICE_MANAGED_ENV_KEYS";

/// A command with the values of secret options masked: `--token X`, `--password=X`, `--api-key X` and the like.
pub fn mask_command(command: &[String]) -> Vec<String> {
    let mut hide_next = false;
    let mask = |word: &String| {
        let hidden = std::mem::take(&mut hide_next);
        match word.split_once('=') {
            _ if hidden => DOTS.to_owned(),
            Some((option, _)) if is_secret_option(option) => format!("{option}={DOTS}"),
            Some((name, _)) if is_name(name) && is_secret(name) => format!("{name}={DOTS}"),
            Some(_) => word.clone(),
            None => {
                hide_next = is_secret_option(word);
                word.clone()
            }
        }
    };
    command.iter().map(mask).collect()
}

fn is_secret_option(word: &str) -> bool {
    // `--token-file X` names a file, not a secret.
    word.strip_prefix("--")
        .is_some_and(|option| is_secret(option) && !option.ends_with("-file") && !option.ends_with("-path"))
}

/// The variables every generated definition sets (OC 10.3, newest generation): never a token, a proxy or a loader hook.
pub fn generated(
    id: &Identity,
    around: &Surroundings,
    port: u16,
    [first, last]: [&[String]; 2],
) -> BTreeMap<String, Value> {
    let mut set: BTreeMap<String, Value> = BTreeMap::new();
    let mut put = |name: &str, value: &str| {
        set.insert(name.to_owned(), Value::Plain(value.to_owned()));
    };
    put("HOME", &id.home);
    // On Windows both come from the session, and a frozen PATH hides tools installed later (#39139).
    if around.os != Os::Windows {
        put("TMPDIR", &temporary_dir(id, around));
        put("PATH", &minimal_path([first, last], around.os));
    }
    put("OPENCLAW_GATEWAY_PORT", &port.to_string());
    put("OPENCLAW_SERVICE_MARKER", "openclaw");
    put("OPENCLAW_SERVICE_KIND", "gateway");
    put("OPENCLAW_SYSTEMD_UNIT", &id.unit);
    if around.os == Os::MacOs {
        put("OPENCLAW_LAUNCHD_LABEL", &id.label);
        // launchd hands a job no certificate settings; Node knows neither the keychain nor this bundle by itself (#27915).
        put("NODE_EXTRA_CA_CERTS", "/etc/ssl/cert.pem");
        put("NODE_USE_SYSTEM_CA", "1");
    }
    if let Some(name) = id.profile.name() {
        put("OPENCLAW_PROFILE", name);
        put("OPENCLAW_STATE_DIR", &id.state_dir);
        put("OPENCLAW_CONFIG_PATH", &id.config_path);
    } else {
        carried(around, "OPENCLAW_STATE_DIR")
            .into_iter()
            .for_each(|_| put("OPENCLAW_STATE_DIR", &id.state_dir));
        carried(around, "OPENCLAW_CONFIG_PATH")
            .into_iter()
            .for_each(|_| put("OPENCLAW_CONFIG_PATH", &id.config_path));
    }
    set
}

/// On macOS the caller's own folder is of no use: `/var/folders/…` is emptied while a gateway runs for weeks (OC 6.2, #20512).
fn temporary_dir(id: &Identity, around: &Surroundings) -> String {
    match around.os {
        Os::MacOs => layout::join(&id.state_dir, &["tmp"], Os::MacOs),
        Os::Linux | Os::Windows => {
            around.variable("TMPDIR").filter(|path| layout::is_absolute(path)).unwrap_or("/tmp").to_owned()
        }
    }
}

fn carried<'a>(around: &'a Surroundings, name: &str) -> Option<&'a str> {
    around.variable(name)
}

/// The chosen program's folders, the system's, and `last` those of the account (OC 10.5, N: a writable user folder must not shadow
/// system tools).
pub fn minimal_path([first, last]: [&[String]; 2], os: Os) -> String {
    let system: &[&str] = match os {
        Os::Linux => &["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"],
        Os::MacOs => &["/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"],
        Os::Windows => &[],
    };
    let mut dirs: Vec<&str> = Vec::new();
    let [first, last] = [first, last].map(|dirs| dirs.iter().map(String::as_str));
    for dir in first.chain(system.iter().copied()).chain(last) {
        if layout::is_absolute(dir) && !dirs.contains(&dir) {
            dirs.push(dir);
        }
    }
    dirs.join(&between_folders(os).to_string())
}

/// The folders of a PATH.
pub fn split_path(path: &str, os: Os) -> impl Iterator<Item = &str> {
    path.split(between_folders(os))
}

fn between_folders(os: Os) -> char {
    match os {
        Os::Linux | Os::MacOs => ':',
        Os::Windows => ';',
    }
}

/// Variables through which a supervisor marks its children. A gateway started by us must not inherit them, or it believes it is
/// supervised, exits 0 on restart and nobody starts it again (OC 9.5).
pub const SUPERVISOR_VARIABLES: &[&str] = &[
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "SYSTEMD_EXEC_PID",
    "NOTIFY_SOCKET",
    "LISTEN_FDS",
    "LISTEN_PID",
    "LISTEN_FDNAMES",
    "MAINPID",
    "MANAGERPID",
    "WATCHDOG_PID",
    "WATCHDOG_USEC",
    "LAUNCH_JOB_LABEL",
    "LAUNCH_JOB_NAME",
    "XPC_SERVICE_NAME",
    "OPENCLAW_LAUNCHD_LABEL",
    "OPENCLAW_SYSTEMD_UNIT",
    "OPENCLAW_WINDOWS_TASK_NAME",
    "OPENCLAW_SUPERVISOR_MODE",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Profile, identify, tests::around};

    proptest::proptest! {
        #[test]
        fn the_windows_expression_judges_as_we_do(
            name in "((TOKEN|key|Key|API|session|DSN|DATABASE|url|PATH|X|9|)(_|-|[.])?){0,5}"
        ) {
            let expression = regex::Regex::new(&format!("(?i){}", secret_name_expression())).unwrap();
            proptest::prop_assert_eq!(expression.is_match(&name), is_secret(&name), "{}", name);
        }
    }

    #[test]
    fn secrets_are_known_by_name() {
        for name in [
            "OPENCLAW_GATEWAY_TOKEN",
            "ANTHROPIC_API_KEY",
            "apiKey_TOKEN",
            "AWS_SECRET_ACCESS_KEY",
            "PGPASSWORD_PASSWORD",
            "DATABASE_URL",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["HOME", "PATH", "OPENCLAW_GATEWAY_PORT", "KEYBOARD", "TOKENIZERS_PARALLELISM", "MONKEY"]
        {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_secret_is_shown_as_dots_and_fingerprint() {
        let variable = shown("X_TOKEN", "hunter2", "inline");
        assert_eq!(variable.shown, format!("{DOTS} (f52fbd32)"));
    }

    #[test]
    fn secret_options_are_masked_in_both_spellings() {
        let words: Vec<String> =
            ["node", "--token", "a", "--password=b", "--port", "1", "--token-file", "/f", "MY_API_KEY=c"]
                .map(str::to_owned)
                .into();
        let wanted = [
            "node",
            "--token",
            DOTS,
            "--password=••••••",
            "--port",
            "1",
            "--token-file",
            "/f",
            "MY_API_KEY=••••••",
        ];
        assert_eq!(mask_command(&words), wanted);
    }

    #[test]
    fn assignments_that_inject_are_refused() {
        for bad in [
            "X",
            "=v",
            "1X=v",
            "A B=v",
            "X=a\nExecStartPre=/bin/sh",
            "LD_PRELOAD=/x.so",
            "NODE_OPTIONS=--require x",
        ] {
            assert_eq!(assignment(bad).unwrap_err().code, Code::BadVariable, "{bad}");
        }
    }

    #[test]
    fn a_refusal_does_not_repeat_the_value() {
        assert!(!format!("{:?}", assignment("X_TOKEN=hunter2\n").unwrap_err()).contains("hunter2"));
    }

    #[test]
    fn an_assignments_value_may_hold_equal_signs() {
        assert_eq!(assignment("X=a=b").unwrap(), ("X".to_owned(), Value::Plain("a=b".to_owned())));
    }

    #[test]
    fn the_generated_environment_carries_no_secret_and_no_hook() {
        let here = around(&[
            ("OPENCLAW_GATEWAY_TOKEN", "hunter2"),
            ("NODE_OPTIONS", "--inspect"),
            ("HTTP_PROXY", "http://p"),
        ]);
        let id = identify(&Profile::default(), &here, None).unwrap();
        let set =
            generated(&id, &here, 18789, [&["/opt/node/bin".to_owned()], &["/home/anna/bin".to_owned()]]);
        assert!(set.values().all(|value| matches!(value, Value::Plain(_))));
        assert!(set.keys().all(|name| !is_blocked(name) && !is_secret(name)));
        assert_eq!(
            set["PATH"],
            Value::Plain(
                "/opt/node/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/home/anna/bin"
                    .to_owned()
            )
        );
    }
}
