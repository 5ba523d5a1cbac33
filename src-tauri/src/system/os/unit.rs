//! Asks systemd about a unit: over D-Bus, else through `systemctl show`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Os;
use crate::plan::{Call, Tool};
use crate::problem::{Code, Problem};
use crate::system::{Scope, Seen, System};

const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Default)]
pub struct Units {}

impl Units {
    pub async fn answer(&self, os: &Os, unit: &str, scope: &Scope) -> (Seen, String) {
        let mut args = scope_args(scope);
        args.extend(["show", "--no-pager", unit].map(str::to_owned));
        let call = Call { tool: Tool::Systemctl, args, deadline: PATIENCE };
        let answer = os.run(&call).await;
        let seen = match answer.is_success() {
            true => Seen::Properties(properties(&answer.stdout)),
            false => Seen::Answered(answer),
        };
        (seen, "systemctl show".to_owned())
    }
}

fn scope_args(scope: &Scope) -> Vec<String> {
    match scope {
        Scope::User => vec!["--user".to_owned()],
        Scope::UserOf(user) => vec!["--machine".to_owned(), format!("{user}@"), "--user".to_owned()],
        Scope::System => Vec::new(),
    }
}

/// `Key=value` lines; the first `=` separates.
fn properties(text: &str) -> BTreeMap<String, String> {
    text.lines().filter_map(|line| line.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

pub async fn linger(os: &Os, user: &str) -> (Seen, String) {
    let call = Call::new(Tool::Loginctl, &["show-user", user, "--property=Linger"], PATIENCE);
    let answer = os.run(&call).await;
    let seen = match answer.is_success() {
        true => Seen::Properties(properties(&answer.stdout)),
        false => Seen::Answered(answer),
    };
    (seen, "loginctl show-user".to_owned())
}

pub async fn last_words(os: &Os, unit: &str, lines: u32) -> (Seen, String) {
    let args = [
        "--user",
        "--user-unit",
        unit,
        "--lines",
        &lines.to_string(),
        "--output=cat",
        "--no-pager",
        "--quiet",
    ];
    let answer = os.run(&Call::new(Tool::Journalctl, &args, PATIENCE)).await;
    let seen = match answer.is_success() {
        true => Seen::Lines(answer.stdout.lines().map(str::to_owned).collect()),
        false => Seen::Failed(Problem::new(Code::ReadFailed).with("path", "journal").because(answer.words())),
    };
    (seen, "journalctl".to_owned())
}
