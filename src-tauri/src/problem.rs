//! A failure as a person meets it: what we were doing, why it failed, what to do next.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A failure, without its sentence: the view looks `problem-<code>` up in the message catalogue and fills `values` in.
///
/// `cause` is the failing tool's own text, cleaned by [`clean`]. The same value is shown by window, CLI text and JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    pub code: Code,
    pub values: BTreeMap<String, String>,
    pub cause: Option<String>,
    pub hints: Vec<Hint>,
}

/// A next step: the catalogue's `hint-<code>`, and a command to paste where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Hint {
    pub code: String,
    pub command: Option<String>,
}

impl Problem {
    pub fn new(code: Code) -> Self {
        Self { code, values: BTreeMap::new(), cause: None, hints: Vec::new() }
    }

    pub fn not_installed() -> Self {
        Self::new(Code::NotInstalled).hint_command("install-first", "gateward install")
    }

    /// Services of an earlier name are there; `labels` are their names, with commas.
    pub fn legacy_services(labels: &str) -> Self {
        Self::new(Code::LegacyServices)
            .with("labels", labels)
            .hint_command("remove-legacy", "gateward install --legacy remove")
            .hint_command("keep-legacy", "gateward install --legacy keep")
    }

    /// Change `number` of the journal was cut off in the middle.
    pub fn interrupted(number: u32) -> Self {
        Self::new(Code::ChangeInterrupted)
            .with("number", number)
            .hint_command("finish-change", "gateward changes --finish")
            .hint_command("revert-change", "gateward changes --revert")
    }

    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }

    /// Keeps the tool's own words, cleaned; an empty text is no cause.
    pub fn because(mut self, cause: impl AsRef<str>) -> Self {
        self.cause = Some(clean(cause.as_ref())).filter(|text| !text.is_empty());
        self
    }

    pub fn hint(mut self, code: &str) -> Self {
        self.hints.push(Hint { code: code.to_owned(), command: None });
        self
    }

    pub fn hint_command(mut self, code: &str, command: impl Into<String>) -> Self {
        self.hints.push(Hint { code: code.to_owned(), command: Some(command.into()) });
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.code)?;
        self.values.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))?;
        self.cause.iter().try_for_each(|cause| write!(f, ": {cause}"))
    }
}

impl std::error::Error for Problem {}

macro_rules! codes {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// What went wrong, by name. Stable: scripts and `gateward explain` rely on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        pub enum Code { $(#[serde(rename = $text)] $name),* }

        impl Code {
            pub const ALL: &[Code] = &[$(Code::$name),*];

            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),* }
            }
        }
    };
}

codes! {
    // what was asked
    BadProfile = "bad-profile",
    BadPort = "bad-port",
    BadVariable = "bad-variable",
    BadValue = "bad-value",
    BadPattern = "bad-pattern",
    BadWorkingDir = "bad-working-dir",
    SecretInCommand = "secret-in-command",
    // what is on this machine
    NoHome = "no-home",
    NoNode = "no-node",
    NoOpenClaw = "no-openclaw",
    ProgramMissing = "program-missing",
    ConfigInvalid = "config-invalid",
    ConfigUnreadable = "config-unreadable",
    PortTaken = "port-taken",
    // the manager
    ToolMissing = "tool-missing",
    NotSystemd = "not-systemd",
    NoUserBus = "no-user-bus",
    NoUserManager = "no-user-manager",
    NoGuiSession = "no-gui-session",
    NoTaskScheduler = "no-task-scheduler",
    AccessDenied = "access-denied",
    Unsupported = "unsupported",
    StepFailed = "step-failed",
    ToolHung = "tool-hung",
    ToolAnswerUnreadable = "tool-answer-unreadable",
    UnitUnknown = "unit-unknown",
    UnitMasked = "unit-masked",
    UnitUnreadable = "unit-unreadable",
    UnitForeign = "unit-foreign",
    UnitInvalid = "unit-invalid",
    UnitUnsafe = "unit-unsafe",
    SystemUnitExists = "system-unit-exists",
    LegacyServices = "legacy-services",
    // files
    ReadFailed = "read-failed",
    WriteFailed = "write-failed",
    // the gateway
    NotInstalled = "not-installed",
    StillRunning = "still-running",
    StillSwitchedOn = "still-switched-on",
    DidNotStart = "did-not-start",
    GaveUp = "gave-up",
    ConfigError = "config-error",
    NotAnswering = "not-answering",
    UpdateUnproven = "update-unproven",
    ForeignOwner = "foreign-owner",
    // ourselves
    AlreadyBusy = "already-busy",
    OthersTurn = "others-turn",
    ChangeInterrupted = "change-interrupted",
    ChangedByHand = "changed-by-hand",
    NoSuchChange = "no-such-change",
    NotUndoable = "not-undoable",
    NoSuchRule = "no-such-rule",
    NoSuchEntry = "no-such-entry",
    NotMended = "not-mended",
    InsideService = "inside-service",
    DatabaseUnusable = "database-unusable",
    AlertFailed = "alert-failed",
    SettingsInvalid = "settings-invalid",
    BadSetting = "bad-setting",
    NoSuchSetting = "no-such-setting",
    NotPossibleNow = "not-possible-now",
    NoHost = "no-host",
    HostAlreadyRuns = "host-already-runs",
    NoDisplay = "no-display",
    NoUpdateSource = "no-update-source",
    UpdateUnreachable = "update-unreachable",
    UpdateUntrusted = "update-untrusted",
    // the wizard
    BadAnswer = "bad-answer",
    NoAnswer = "no-answer",
    FetchFailed = "fetch-failed",
    NotProven = "not-proven",
    Cancelled = "cancelled",
    Internal = "internal",
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Makes a tool's text fit to show: no control sequences, white space folded, at most 1,000 characters (OC 4.1).
pub fn clean(text: &str) -> String {
    let folded = without_escapes(text)
        .split_whitespace()
        .map(|word| word.chars().filter(|c| !c.is_control()).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    folded.chars().take(1000).collect()
}

/// Drops ANSI control sequences (ECMA-48: `ESC [ … final` and two-character `ESC x`).
fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\u{1b}' {
            out.push(c);
            continue;
        }
        if chars.next() == Some('[') {
            chars.by_ref().find(|c| ('@'..='~').contains(c));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tools_text_is_shown_without_control_sequences() {
        assert_eq!(clean("boom\n\u{1b}[31mred \u{1b}[0m\tmsg\u{7}"), "boom red msg");
    }

    #[test]
    fn a_tools_text_is_cut_at_a_thousand_characters() {
        assert_eq!(clean(&"é".repeat(3000)).chars().count(), 1000);
    }

    #[test]
    fn an_empty_cause_is_no_cause() {
        assert_eq!(Problem::new(Code::Internal).because(" \n").cause, None);
    }

    #[test]
    fn every_code_serialises_as_its_name() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
