//! Readers that are not ours look at our property lists: Python's plistlib (strict), libplist and libxml2.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use gateward::adapter::launchd::plist::{Agent, parse, render};
use gateward::adapter::launchd::wrapper;
use gateward::identity::{Profile, identify};
use gateward::model::{Redacted, ServiceSpec, Value};
use serde_json::{Value as Json, json};

use crate::desk::{spec, surroundings};

/// Spaces, quotes, markup, shell and percent signs, non-ASCII, a long path; one secret.
fn nasty() -> ServiceSpec {
    let id = identify(&Profile::default(), &surroundings(&[]), None).unwrap();
    let mut spec = spec(&id);
    spec.description = "Gateway <\"&'> 苗振 🦞".to_owned();
    spec.command.extend(["a b", "%n $HOME `id`", "]]>", "", "\ttab", "x\ny", "^"].map(str::to_owned));
    spec.command.push(format!("/{}", "ü/".repeat(150)));
    spec.working_dir = Some("/Users/anna/Mein Ordner & mehr".to_owned());
    spec.environment.insert("PLAIN".to_owned(), Value::Plain("a=b 'c' \"d\" <e>&amp;".to_owned()));
    spec.environment.insert("X_TOKEN".to_owned(), Value::Secret(Redacted::new("it's $HOME \"hunter2\"")));
    spec
}

fn fed(program: &str, args: &[&str], text: &[u8]) -> Option<Output> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    child.stdin.take().unwrap().write_all(text).unwrap();
    Some(child.wait_with_output().unwrap())
}

const AS_JSON: &str =
    "import sys, plistlib, json; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))";

#[test]
fn pythons_plistlib_reads_exactly_what_was_meant() {
    let spec = nasty();
    let text = render(&Agent::of(&spec)).unwrap();
    let output = fed("/usr/bin/python3", &["-c", AS_JSON], text.as_bytes()).expect("python3");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Json = serde_json::from_slice(&output.stdout).unwrap();
    let script = "/Users/anna/.openclaw/service-env/ai.openclaw.gateway-env-wrapper.sh";
    let env_file = "/Users/anna/.openclaw/service-env/ai.openclaw.gateway.env";
    let log = "/Users/anna/Library/Logs/openclaw/gateway.log";
    let wanted = json!({
        "Label": "ai.openclaw.gateway",
        "Comment": spec.description,
        "RunAtLoad": true,
        "KeepAlive": true,
        "ExitTimeOut": 20,
        "ProcessType": "Interactive",
        "ThrottleInterval": 10,
        "Umask": 63,
        "StandardInPath": "/dev/null",
        "ProgramArguments": wrapper::wrapped(script, env_file, &spec.command),
        "WorkingDirectory": spec.working_dir,
        "StandardOutPath": log,
        "StandardErrorPath": log,
        "EnvironmentVariables": { "OPENCLAW_SERVICE_MARKER": "openclaw", "PLAIN": "a=b 'c' \"d\" <e>&amp;" },
    });
    assert_eq!(read, wanted);
}

#[test]
fn libplist_and_libxml2_find_no_fault() {
    let agent = Agent { ours: false, ..Agent::of(&nasty()) };
    let text = render(&agent).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &text).unwrap();
    let path = file.path().display().to_string();
    // plistutil exits 0 whatever happens; its stderr tells.
    let output =
        fed("plistutil", &["-i", &path, "-f", "bin"], b"").expect("libplist-utils: cargo xtask setup");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(parse(&output.stdout).unwrap(), agent);
    let output =
        fed("xmllint", &["--noout", "--nonet", &path], b"").expect("libxml2-utils: cargo xtask setup");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What goes into the application's bundle beside the programs.
#[test]
fn the_bundles_property_lists_say_what_the_bundle_needs() {
    let read = |name: &str| -> Json {
        let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
        let output =
            fed("/usr/bin/python3", &["-c", AS_JSON], &std::fs::read(path).unwrap()).expect("python3");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let config = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tauri.conf.json")).unwrap();
    let config: Json = serde_json::from_str(&config).unwrap();
    let bundle = &config["bundle"]["macOS"];
    assert_eq!(read(bundle["infoPlist"].as_str().unwrap())["LSUIElement"], json!(true));
    // The sandbox would forbid launchctl; nothing else needs to be asked for.
    assert_eq!(read(bundle["entitlements"].as_str().unwrap()), json!({}));
}

#[test]
fn a_binary_plist_of_pythons_is_read_back() {
    let agent = Agent { ours: false, ..Agent::of(&nasty()) };
    let to_binary = "import sys, plistlib; sys.stdout.buffer.write(plistlib.dumps(plistlib.loads(sys.stdin.buffer.read()), fmt=plistlib.FMT_BINARY))";
    let output =
        fed("/usr/bin/python3", &["-c", to_binary], render(&agent).unwrap().as_bytes()).expect("python3");
    assert_eq!(parse(&output.stdout).unwrap(), agent);
}

/// A real shell runs the wrapper: the command gets its words and the secret, and the damaged file ends with 78.
mod the_wrapper {
    use super::*;

    fn run(env_file: &[u8], command: &[&str]) -> Output {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("w.sh");
        let env_path = folder.path().join("x.env");
        std::fs::write(&script, wrapper::SCRIPT).unwrap();
        if !env_file.is_empty() {
            std::fs::write(&env_path, env_file).unwrap();
        }
        Command::new("/bin/sh").arg(script).arg(env_path).args(command).output().unwrap()
    }

    #[test]
    fn becomes_the_command_with_the_secret_in_its_environment() {
        let file = wrapper::render(&nasty()).unwrap();
        let output = run(
            file.reveal().as_bytes(),
            &["/bin/sh", "-c", "printf '%s|' \"$X_TOKEN\" \"$@\"", "sh", "a b", "$c"],
        );
        assert_eq!(String::from_utf8_lossy(&output.stdout), "it's $HOME \"hunter2\"|a b|$c|");
    }

    #[test]
    fn ends_with_78_when_the_file_is_missing_or_damaged() {
        for file in [&b""[..], b"export X='a\n"] {
            let output = run(file, &["/bin/echo", "started"]);
            assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(78), &b""[..]));
            assert!(String::from_utf8_lossy(&output.stderr).contains("install the service again"));
        }
    }
}
