//! Alerts over real routes: a local HTTP and HTTPS receiver, a double of sendmail, a program; and a real crash.

#![cfg(unix)]
// Helpers of tests are tests to us, not to clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

#[path = "rig/port.rs"]
mod port;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use port::free_port;
use serde_json::{Value, json};
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

const GATEWARD: &str = env!("CARGO_BIN_EXE_gateward");

/// As long as anything here may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_webhook_gets_the_alert_as_json_and_the_token_as_a_header() {
    let receiver = Server::plain(200);
    let home = Home::new();
    home.route(
        "hook",
        json!({ "via": "webhook" }),
        &[("url", &receiver.url("/in?key=hunter2")), ("token", "t0ken")],
    );
    let tried = home.run(&["settings", "try"]);
    assert!(tried.status.success(), "{tried:?}");
    let request = receiver.next();
    assert!(request.head.starts_with("POST /in?key=hunter2 HTTP/1.1\r\n"), "{}", request.head);
    assert!(request.head.to_lowercase().contains("\r\nauthorization: bearer t0ken\r\n"), "{}", request.head);
    let alert: Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(
        (&alert["schema"], &alert["event"], &alert["profile"]),
        (&json!(1), &json!("other"), &json!("default"))
    );
}

#[test]
fn ntfy_gets_title_and_topic() {
    let receiver = Server::plain(200);
    let home = Home::new();
    home.route("phone", json!({ "via": "ntfy" }), &[("url", &receiver.url("/mine"))]);
    assert!(home.run(&["settings", "try", "phone"]).status.success());
    let published: Value = serde_json::from_str(&receiver.next().body).unwrap();
    assert_eq!(published["topic"], "mine");
    assert!(published["title"].as_str().is_some_and(|title| title.contains("Test alert")), "{published}");
}

#[test]
fn mail_goes_through_sendmail() {
    let home = Home::new();
    home.script("tools/sendmail", "echo \"$@\" > \"$HOME/mail\"; cat >> \"$HOME/mail\"");
    home.route("post", json!({ "via": "mail", "to": "anna@example.org" }), &[]);
    assert!(home.run(&["settings", "try"]).status.success());
    let mail = home.read("mail");
    assert!(mail.starts_with("-i -- anna@example.org\nTo: anna@example.org\nSubject: "), "{mail}");
}

#[test]
fn a_program_gets_the_alert_on_its_standard_input() {
    let home = Home::new();
    let program = home.script("tell", "cat > \"$HOME/told\"");
    home.route("own", json!({ "via": "command", "command": [program, "-v"] }), &[]);
    assert!(home.run(&["settings", "try"]).status.success());
    assert_eq!(serde_json::from_str::<Value>(&home.read("told")).unwrap()["event"], "other");
}

#[test]
fn https_trusts_the_systems_authorities_and_no_other() {
    let (receiver, authority) = Server::secure();
    let home = Home::new();
    home.route("hook", json!({ "via": "webhook" }), &[("url", &receiver.url("/hunter2"))]);
    let trusting = home.path("authority.pem");
    fs::write(&trusting, authority).unwrap();
    let tried = home.command(&["settings", "try"]).env("SSL_CERT_FILE", &trusting).output().unwrap();
    assert!(tried.status.success(), "{tried:?}");
    assert!(receiver.next().head.starts_with("POST /hunter2 "));
    let refused = home.run(&["settings", "try"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.to_lowercase().contains("certificate") && !said.contains("hunter2"), "{said}");
}

#[test]
fn a_server_that_refuses_is_a_failure_that_names_route_and_status() {
    let receiver = Server::plain(403);
    let home = Home::new();
    home.route("hook", json!({ "via": "webhook" }), &[("url", &receiver.url("/hunter2"))]);
    let tried = home.run(&["settings", "try"]);
    let said = String::from_utf8_lossy(&tried.stderr).into_owned();
    assert_eq!(tried.status.code(), Some(1));
    assert!(said.contains("“hook”") && said.contains("403") && !said.contains("hunter2"), "{said}");
}

#[test]
fn a_crash_is_told_once_although_two_watch() {
    let receiver = Server::plain(200);
    let home = Home::new();
    home.route("hook", json!({ "via": "webhook", "urgent_only": false }), &[("url", &receiver.url("/"))]);
    home.install();
    let watchers = [Watcher::start(&home), Watcher::start(&home)];
    let ready =
        watchers.each_ref().map(|watcher| watcher.event(|event| event["state"]["verdict"] == "ready"));
    let pid = ready[0]["state"]["observation"]["supervised"]["value"]["pid"].as_u64().unwrap();
    Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
    let alert: Value = serde_json::from_str(&receiver.next().body).unwrap();
    assert_eq!((&alert["event"], &alert["title"]), (&json!("crash"), &json!("Gateway crashed")));
    for watcher in &watchers {
        watcher.event(|event| event["event"] == "incident" && event["incident"]["kind"] == "crash");
        watcher.event(|event| event["notice"]["kind"] == "recovered");
    }
    let recovered: Value = serde_json::from_str(&receiver.next().body).unwrap();
    assert_eq!(recovered["event"], "recovered");
    assert!(receiver.0.recv_timeout(Duration::from_secs(2)).is_err(), "each is told once");
}

struct Request {
    head: String,
    body: String,
}

/// A real server that keeps what it was sent; its address.
struct Server(Receiver<Request>, String);

impl Server {
    fn plain(status: u16) -> Self {
        Self::serve("http", move |stream| Box::new(stream), status)
    }

    /// With a certificate of an authority of its own, which is returned as PEM.
    fn secure() -> (Self, String) {
        let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()));
        let config = ServerConfig::builder().with_no_client_auth();
        let config = Arc::new(config.with_single_cert(vec![own.cert.der().clone()], key).unwrap());
        let secured = move |stream| -> Box<dyn ReadWrite> {
            Box::new(StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream))
        };
        (Self::serve("https", secured, 200), own.cert.pem())
    }

    fn serve(
        scheme: &str,
        open: impl Fn(TcpStream) -> Box<dyn ReadWrite> + Send + 'static,
        status: u16,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("{scheme}://{}", listener.local_addr().unwrap());
        let (tell, told) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that distrusts us leaves in the handshake.
                if let Some(request) = answered(open(stream), status)
                    && tell.send(request).is_err()
                {
                    return;
                }
            }
        });
        Self(told, address)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.1)
    }

    #[track_caller]
    fn next(&self) -> Request {
        self.0.recv_timeout(PATIENCE).expect("a request")
    }
}

trait ReadWrite: Read + Write {}
impl<T: Read + Write> ReadWrite for T {}

fn answered(stream: Box<dyn ReadWrite>, status: u16) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length =
        head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    reader.get_mut().write_all(answer.as_bytes()).and_then(|()| reader.get_mut().flush()).ok()?;
    Some(Request { head, body: String::from_utf8(body).ok()? })
}

/// A home of its own, with the built-in manager.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, below: &str) -> String {
        self.0.path().join(below).display().to_string()
    }

    fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap()
    }

    fn script(&self, below: &str, text: &str) -> String {
        let path = self.0.path().join(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(GATEWARD);
        command.args(words).env_clear().env("HOME", self.0.path()).env("PATH", "/usr/bin:/bin");
        command.env("GATEWARD_MANAGER", "builtin").env("GATEWARD_TOOLS", self.path("tools"));
        command.env("XDG_RUNTIME_DIR", self.path("no-runtime")).current_dir(self.0.path());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Makes a route; its secrets go in through standard input.
    #[track_caller]
    fn route(&self, name: &str, route: Value, secrets: &[(&str, &str)]) {
        let field = format!("alerts.routes.{name}");
        let made = self.run(&["settings", "set", &field, &route.to_string()]);
        assert!(made.status.success(), "{made:?}");
        for (secret, value) in secrets {
            let mut command = self.command(&["settings", "set", &format!("{field}.{secret}")]);
            let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
            writeln!(child.stdin.take().unwrap(), "{value}").unwrap();
            assert!(child.wait().unwrap().success());
        }
    }

    #[track_caller]
    fn install(&self) {
        let port = free_port().to_string();
        let installed = self.run(&["install", "--port", &port, "--", GATEWARD, "demo", "--port", &port]);
        assert!(installed.status.success(), "{installed:?}");
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = self.run(&["uninstall", "--yes"]);
    }
}

/// `gateward watch --alert --json`.
struct Watcher {
    child: Child,
    events: Receiver<Value>,
}

impl Watcher {
    fn start(home: &Home) -> Self {
        let mut child = home.command(&["watch", "--alert", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (tell, events) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = tell.send(serde_json::from_str(&line).unwrap_or(Value::Null));
            }
        });
        Self { child, events }
    }

    /// The next event that `is_it`; others are passed over.
    #[track_caller]
    fn event(&self, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let event = self.events.recv_timeout(PATIENCE).expect("an event");
            assert_eq!((&event["schema"], &event["profile"]), (&json!(1), &json!("default")), "{event}");
            if is_it(&event) {
                return event;
            }
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
