//! A program's window under WebDriver, as far as measuring in its page needs it: one session that runs scripts.

use super::process::Running;
use crate::demo::free_port;
use crate::rig::wait::{PATIENCE, wait_until};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Longer than any script that is run.
const ANSWERED: Duration = Duration::from_secs(60);

pub struct Session {
    port: u16,
    id: String,
    /// Ends after the session, which ends the program.
    _driver: Running,
}

impl Session {
    /// Starts `program`, which opens its window by itself, with `driver`, a command of WebKitWebDriver's.
    pub fn open(mut driver: Command, program: &Path) -> Result<Self, String> {
        let port = free_port()?;
        driver.args([&format!("--port={port}"), "--host=127.0.0.1"]).env("TAURI_WEBVIEW_AUTOMATION", "true");
        driver.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let driver = Running::spawn(&mut driver)?;
        wait_until(PATIENCE, "WebKitWebDriver listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        let options = json!({ "binary": program, "args": [] });
        let wishes = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let opened = ask(port, "POST", "/session", &wishes)?;
        let id = opened["sessionId"].as_str().ok_or_else(|| format!("No session: {opened}."))?.to_owned();
        Ok(Self { port, id, _driver: driver })
    }

    /// What `script` hands to its last argument, a function.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        let asked = json!({ "script": script, "args": arguments });
        ask(self.port, "POST", &format!("/session/{}/execute/async", self.id), &asked)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = ask(self.port, "DELETE", &format!("/session/{}", self.id), &json!({}));
    }
}

fn ask(port: u16, method: &str, path: &str, body: &Value) -> Result<Value, String> {
    let answer = exchange(port, method, path, &body.to_string());
    let answer = answer.map_err(|error| format!("WebKitWebDriver, {path}: {error}."))?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let answer: Value = serde_json::from_str(body).map_err(|error| format!("{path}: {error}: {answer}"))?;
    match answer["value"].get("error") {
        Some(_) => Err(format!("{path}: {answer}.")),
        None => Ok(answer["value"].clone()),
    }
}

fn exchange(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(ANSWERED))?;
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n");
    write!(stream, "{head}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")?;
    let mut answer = Vec::new();
    let mut part = [0; 64 * 1024];
    while !is_whole(&answer) {
        match stream.read(&mut part)? {
            0 => break,
            read => answer.extend_from_slice(&part[..read]),
        }
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The driver keeps the connection open all the same.
fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    length.is_some_and(|length: usize| body.len() >= length)
}
