//! What is done by whom, and what the other one has to see afterwards.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::lab::{Answer, Lab};
use super::releases::Release;

const UNIT: &str = ".config/systemd/user/openclaw-gateway.service";

/// One step of the table.
pub struct Row {
    pub installed_by: &'static str,
    pub step: String,
    pub seen: String,
    pub fits: bool,
    pub took: Duration,
}

pub struct Story<'a> {
    lab: &'a Lab,
    release: &'static Release,
    installed_by: &'static str,
    /// What OpenClaw's doctor says of its own service: only what it says besides is a complaint.
    usual: Vec<String>,
    pub rows: Vec<Row>,
}

/// What OpenClaw needs to start: no answer comes from outside here.
const CONFIG: &str = r#"{"gateway":{"mode":"local","bind":"loopback","port":18789,"auth":{"mode":"token","token":"interplay-of-two"}}}"#;

impl<'a> Story<'a> {
    pub fn new(lab: &'a Lab, release: &'static Release) -> Self {
        lab.write(".openclaw/openclaw.json", CONFIG);
        Self { lab, release, installed_by: "", usual: Vec::new(), rows: Vec::new() }
    }

    pub fn installed_by_openclaw(&mut self) {
        self.installed_by = "OpenClaw";
        self.openclaw_does("install", &["gateway", "install", "--json"]);
        self.gateward_sees("ready");
        self.gateward_reads_everything();
        self.usual = self.doctor();
        self.gateward_does(&["stop"]);
        self.openclaw_sees("stopped");
        self.openclaw_does("start", &["gateway", "start", "--json"]);
        self.gateward_sees("ready");
        self.gateward_does(&["restart"]);
        self.openclaw_sees("running");
        self.openclaw_does("stop", self.release.stop);
        self.gateward_does(&["start"]);
        self.openclaw_sees("running");
        self.openclaw_restarts();
        self.gateward_does(&["install", "--force", "--yes"]);
        self.openclaw_sees("running");
        self.openclaw_has_no_complaint();
        self.openclaw_does("uninstall", &["gateway", "uninstall", "--json"]);
        self.gateward_sees("not-installed");
        // 2026.2.9 leaves the copy that Gateward made of its unit.
        self.gateward_does(&["uninstall", "--everything", "--yes"]);
        self.nothing_is_left();
    }

    pub fn installed_by_gateward(&mut self) {
        self.installed_by = "Gateward";
        self.gateward_does(&["install", "--yes"]);
        self.openclaw_sees("running");
        self.openclaw_has_no_complaint();
        self.openclaw_does("stop", self.release.stop);
        self.gateward_sees("stopped");
        self.gateward_does(&["start"]);
        self.openclaw_sees("running");
        self.gateward_does(&["stop"]);
        self.openclaw_sees("stopped");
        self.openclaw_does("start", &["gateway", "start", "--json"]);
        self.gateward_sees("ready");
        self.openclaw_restarts();
        self.openclaw_does("install --force", self.release.reinstall);
        self.gateward_sees("ready");
        self.gateward_reads_everything();
        self.gateward_does(&["uninstall", "--yes"]);
        self.openclaw_sees("not installed");
        self.nothing_is_left();
    }

    fn row(&mut self, step: String, seen: String, fits: bool, took: Duration) {
        let mark = if fits { "ok  " } else { "FAIL" };
        println!("{mark} {:8} {step}: {seen} ({:.1} s)", self.installed_by, took.as_secs_f64());
        self.rows.push(Row { installed_by: self.installed_by, step, seen, fits, took });
    }

    fn openclaw(&self, words: &[&str]) -> Answer {
        self.lab.run(&[&["openclaw"], words].concat())
    }

    fn gateward(&self, words: &[&str]) -> Answer {
        self.lab.run(&[&["gateward"], words].concat())
    }

    fn openclaw_does(&mut self, what: &str, words: &[&str]) {
        let answer = self.openclaw(words);
        let value = json(&answer);
        let fits = answer.code == Some(0) && value["ok"] == true;
        self.row(format!("`openclaw gateway {what}`"), outcome(&value, &answer), fits, answer.took);
    }

    fn gateward_does(&mut self, words: &[&str]) {
        let answer = self.gateward(&[words, &["--json"]].concat());
        let value = json(&answer);
        let fits = answer.code == Some(0) && value["ok"] == true;
        let shown: Vec<&str> = words.iter().copied().filter(|word| *word != "--yes").collect();
        self.row(format!("`gateward {}`", shown.join(" ")), outcome(&value, &answer), fits, answer.took);
    }

    fn gateward_status(&self) -> Value {
        json(&self.gateward(&["status", "--json"]))
    }

    /// Waits for what takes a while: OpenClaw's own commands may end before the gateway answers.
    fn gateward_sees(&mut self, verdict: &str) {
        if verdict == "ready" {
            self.gateward(&["wait", "--for", "ready", "--timeout", "240s"]);
        }
        let answer = self.gateward(&["status", "--json"]);
        let seen = text(&json(&answer)["verdict"]);
        self.row(format!("`gateward status` says *{verdict}*"), seen.clone(), seen == verdict, answer.took);
    }

    fn openclaw_status(&self) -> (Value, Duration) {
        let answer = self.openclaw(&["gateway", "status", "--json"]);
        (json(&answer), answer.took)
    }

    fn openclaw_sees(&mut self, wanted: &str) {
        let (status, took) = self.openclaw_status();
        let service = &status["service"];
        let seen = match (service["command"].is_object(), text(&service["runtime"]["status"])) {
            (false, _) => "not installed".to_owned(),
            (true, running) => running,
        };
        self.row(format!("`openclaw gateway status` says *{wanted}*"), seen.clone(), seen == wanted, took);
    }

    fn pid(&self) -> Option<u64> {
        self.gateward_status()["observation"]["supervised"]["value"]["pid"].as_u64()
    }

    fn openclaw_restarts(&mut self) {
        let before = self.pid();
        self.openclaw_does("restart", &["gateway", "restart", "--json"]);
        self.gateward_sees("ready");
        let after = self.pid();
        let fits = before.is_some() && after.is_some() && before != after;
        self.row(
            "`gateward status` shows another process".into(),
            format!("{} → {}", shown(before), shown(after)),
            fits,
            Duration::ZERO,
        );
    }

    /// Whether Gateward's reading of the unit has every word and variable that stands there.
    fn gateward_reads_everything(&mut self) {
        let unit = Unit::read(&self.lab.file(UNIT));
        let found = self.gateward_status()["observation"]["registered"]["value"].clone();
        let mut lost = Vec::new();
        let command: Vec<String> = found["command"].as_array().into_iter().flatten().map(text).collect();
        if command != unit.command {
            lost.push(format!("the command: {command:?}"));
        }
        for (name, value) in &unit.variables {
            let known =
                found["environment"].as_array().into_iter().flatten().find(|it| text(&it["name"]) == *name);
            match known {
                None => lost.push(name.clone()),
                Some(known) if known["secret"] != true && text(&known["shown"]) != *value => {
                    lost.push(format!("{name}’s value"))
                }
                Some(_) => {}
            }
        }
        let seen = match lost.is_empty() {
            true => format!("{} words, {} variables", unit.command.len(), unit.variables.len()),
            false => format!("lost: {}", lost.join(", ")),
        };
        let fits = lost.is_empty() && !unit.command.is_empty();
        self.row("Gateward reads back what OpenClaw wrote".into(), seen, fits, Duration::ZERO);
    }

    fn openclaw_has_no_complaint(&mut self) {
        let (status, took) = self.openclaw_status();
        let issues = status["service"]["configAudit"]["issues"].as_array().cloned().unwrap_or_default();
        let codes: Vec<String> = issues.iter().map(|issue| text(&issue["code"])).collect();
        let seen = if codes.is_empty() { "none".to_owned() } else { codes.join(", ") };
        self.row("`openclaw gateway status` complains of the unit".into(), seen, codes.is_empty(), took);
        let usual = self.usual.clone();
        let new: Vec<String> = self.doctor().into_iter().filter(|line| !usual.contains(line)).collect();
        let seen = if new.is_empty() { "nothing new".to_owned() } else { new.join(" / ") };
        self.row("`openclaw doctor` complains of it".into(), seen, new.is_empty(), Duration::ZERO);
    }

    /// Its lines without frames and numbers, which are others each time.
    fn doctor(&self) -> Vec<String> {
        let said = self.openclaw(&["doctor", "--non-interactive"]).stdout;
        let bare = |line: &str| {
            let kept: String = line
                .chars()
                .filter(|c| c.is_ascii_graphic() || *c == ' ')
                .filter(|c| !c.is_ascii_digit())
                .collect();
            kept.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        complaints(&said).map(bare).filter(|line| line.contains(|c: char| c.is_alphabetic())).collect()
    }

    fn nothing_is_left(&mut self) {
        let files = [UNIT.to_owned(), format!("{UNIT}.bak"), ".openclaw/gateway.systemd.env".to_owned()];
        let left: Vec<String> = files.into_iter().filter(|path| self.lab.has(path)).collect();
        let seen = if left.is_empty() { "nothing".to_owned() } else { left.join(", ") };
        self.row("of unit, copy and environment file is left".into(), seen, left.is_empty(), Duration::ZERO);
    }
}

/// The newest doctor tells in any case how much memory a service may take; that is no complaint.
fn complaints(said: &str) -> impl Iterator<Item = &str> {
    let mut measures = false;
    said.lines().filter(move |line| {
        // The mark of a box with a heading.
        if line.contains('◇') {
            measures = line.contains("Gateway heap");
        }
        !measures
    })
}

fn shown(pid: Option<u64>) -> String {
    pid.map_or("none".to_owned(), |pid| pid.to_string())
}

/// Some releases print a box before the JSON (observed 2.3).
fn json(answer: &Answer) -> Value {
    let start = answer.stdout.find('{').unwrap_or(answer.stdout.len());
    let mut values = serde_json::Deserializer::from_str(&answer.stdout[start..]).into_iter();
    values.next().and_then(Result::ok).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The word for it, else why not.
fn outcome(value: &Value, answer: &Answer) -> String {
    let told = ["result", "error", "message"].map(|key| match &value[key] {
        Value::String(text) => text.clone(),
        Value::Object(inner) => inner.get("message").map(text).unwrap_or_default(),
        _ => String::new(),
    });
    let cause = text(&value["cause"]);
    let words = told.into_iter().find(|text| !text.is_empty()).unwrap_or_else(|| {
        let said = format!("{}{}", answer.stderr, answer.stdout);
        format!("exit {:?}: {}", answer.code, said.chars().take(300).collect::<String>())
    });
    let words = if cause.is_empty() { words } else { format!("{words} ({cause})") };
    words.replace(['\n', '|'], " ")
}

/// What stands in a unit, by the plainest reading: OpenClaw writes one variable in each line.
struct Unit {
    command: Vec<String>,
    variables: BTreeMap<String, String>,
}

impl Unit {
    fn read(text: &str) -> Self {
        let value = |key: &str| {
            text.lines().filter_map(|line| line.strip_prefix(key)).map(str::to_owned).collect::<Vec<_>>()
        };
        let command = value("ExecStart=").concat();
        let lines = value("Environment=");
        let variables = lines.iter().filter_map(|line| {
            let (name, value) = line.trim_matches('"').split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        });
        Self {
            command: command.split_whitespace().map(|word| word.trim_matches('"').to_owned()).collect(),
            variables: variables.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(stdout: &str) -> Answer {
        Answer { code: Some(0), stdout: stdout.to_owned(), stderr: String::new(), took: Duration::ZERO }
    }

    #[test]
    fn what_stands_before_and_behind_the_json_is_no_part_of_it() {
        let value = json(&answered("┌ box ┐\n{\"ok\":true}\nbye {\n"));
        assert_eq!(value, serde_json::json!({ "ok": true }));
    }

    #[test]
    fn how_much_memory_a_service_may_take_is_no_complaint() {
        let said = "◇  Gateway heap ───╮\n│  no service heap control  │\n├───╯\n◇  Gateway service config ───╮\n│  - bad │\n";
        assert_eq!(complaints(said).map(|line| line.contains("bad")).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn both_shapes_of_a_failure_are_told() {
        for said in
            [r#"{"ok":false,"error":"why"}"#, r#"{"ok":false,"error":{"type":"cli_error","message":"why"}}"#]
        {
            let answer = answered(said);
            assert_eq!(outcome(&json(&answer), &answer), "why");
        }
    }

    #[test]
    fn a_unit_is_read_with_and_without_quotes() {
        let unit =
            Unit::read("ExecStart=\"/n\" \"a.js\" gateway\nEnvironment=\"A=b c\"\nEnvironment=D=e=f\n");
        assert_eq!(unit.command, ["/n", "a.js", "gateway"]);
        assert_eq!(
            unit.variables,
            [("A", "b c"), ("D", "e=f")].map(|(name, value)| (name.into(), value.into())).into()
        );
    }
}
