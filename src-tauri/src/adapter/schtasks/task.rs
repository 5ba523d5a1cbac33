//! A Scheduled Task as XML ([MS-TSCH] 2.5, version 1.2): made anew, read, and changed in place.
//!
//! What somebody tuned stays: triggers and their delays, the principal, priorities, limits. What `schtasks /Create` sets by itself and
//! nobody wants, such as the end after 72 hours and on battery (upstream #81017), is mended.

use std::time::Duration;

use xmltree::{Element, EmitterConfig, XMLNode};

use crate::problem::{Code, Problem};

const NAMESPACE: &str = "http://schemas.microsoft.com/windows/2004/02/mit/task";

/// Who registered a task, in its `Source`.
const OURS: &str = "Gateward";

/// What a task is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    pub description: &'a str,
    /// `DOMAIN\name` or a name alone.
    pub user: &'a str,
    pub action: Action,
}

/// The program a task starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Action {
    pub command: String,
    /// As one text, quoted by the C runtime's rules.
    pub arguments: String,
    pub working_dir: Option<String>,
}

/// A task's definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    root: Element,
}

impl Task {
    /// Reads a definition. The declaration's encoding is not believed: `schtasks /Query /XML` says UTF-16 in any code page.
    ///
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let start = text.find("<Task").ok_or("no <Task> element")?;
        let root = Element::parse(&text.as_bytes()[start..]).map_err(|error| error.to_string())?;
        match root.namespace.as_deref() {
            Some(NAMESPACE) => Ok(Self { root }),
            Some(_) | None => Err("not of the Task Scheduler's namespace".to_owned()),
        }
    }

    /// A new task: at logon of its user, in that user's session, without more rights, for ever.
    ///
    /// # Errors
    /// `BadValue` when a text holds a character that XML cannot carry.
    pub fn new(wanted: &Wanted<'_>) -> Result<Self, Problem> {
        check(wanted)?;
        let mut root = element("Task");
        let mut namespaces = xmltree::Namespace::empty();
        namespaces.put("", NAMESPACE);
        root.namespaces = Some(namespaces);
        root.attributes.insert("version".into(), "1.2".to_owned());
        let mut task = Self { root };
        set(&mut task.root, &["RegistrationInfo", "Source"], OURS);
        set(&mut task.root, &["RegistrationInfo", "Author"], wanted.user);
        set(&mut task.root, &["RegistrationInfo", "Description"], wanted.description);
        task.start_at_logon(wanted.user);
        at(&mut task.root, &["Principals", "Principal"], &mut |principal| {
            principal.attributes.insert("id".into(), "Author".to_owned());
            set(principal, &["UserId"], wanted.user);
            set(principal, &["LogonType"], "InteractiveToken");
            set(principal, &["RunLevel"], "LeastPrivilege");
        });
        at(&mut task.root, &["Settings"], &mut |settings| {
            NEW_SETTINGS.iter().for_each(|(path, value)| set(settings, path, value));
        });
        task.act(&wanted.action);
        at(&mut task.root, &["Actions"], &mut |actions| {
            actions.attributes.insert("Context".into(), "Author".to_owned());
        });
        Ok(task)
    }

    /// The same task with our action and without what would end it; everything else stays as it is.
    ///
    /// # Errors
    /// As [`Task::new`].
    pub fn updated(&self, wanted: &Wanted<'_>) -> Result<Self, Problem> {
        check(wanted)?;
        let mut task = self.clone();
        set(&mut task.root, &["RegistrationInfo", "Source"], OURS);
        set(&mut task.root, &["RegistrationInfo", "Description"], wanted.description);
        if !task.starts_by_itself() {
            task.start_at_logon(wanted.user);
        }
        at(&mut task.root, &["Settings"], &mut mend);
        task.act(&wanted.action);
        Ok(task)
    }

    /// The same task for a program that looks at something and ends: again and again, and a while after logon. A run that was missed
    /// is made up for (`StartWhenAvailable`).
    ///
    /// `every` is at least a minute: Task Scheduler takes no shorter one.
    pub fn repeated(mut self, every: Duration, after_logon: Duration, limit: Duration) -> Self {
        let mut again = element("TimeTrigger");
        set(&mut again, &["Repetition", "Interval"], &minutes(every));
        // Of the past, so that it counts from now on.
        set(&mut again, &["StartBoundary"], "2026-01-01T00:00:00");
        set(&mut again, &["Enabled"], "true");
        at(&mut self.root, &["Triggers", "LogonTrigger"], &mut |trigger| {
            set(trigger, &["Delay"], &minutes(after_logon));
        });
        at(&mut self.root, &["Triggers"], &mut |triggers| {
            triggers.children.push(XMLNode::Element(again.clone()));
        });
        set(&mut self.root, &["Settings", "ExecutionTimeLimit"], &minutes(limit));
        self
    }

    fn act(&mut self, action: &Action) {
        at(&mut self.root, &["Actions"], &mut |actions| {
            actions.children.clear();
            set(actions, &["Exec", "Command"], &action.command);
            if !action.arguments.is_empty() {
                set(actions, &["Exec", "Arguments"], &action.arguments);
            }
            action.working_dir.iter().for_each(|folder| set(actions, &["Exec", "WorkingDirectory"], folder));
        });
    }

    fn start_at_logon(&mut self, user: &str) {
        let mut trigger = element("LogonTrigger");
        set(&mut trigger, &["Enabled"], "true");
        set(&mut trigger, &["UserId"], user);
        at(&mut self.root, &["Triggers"], &mut |triggers| {
            triggers.children.push(XMLNode::Element(trigger.clone()));
        });
    }

    /// The definition as text with CRLF line ends; to be written as UTF-16LE with its mark, as the declaration says.
    pub fn render(&self) -> String {
        let style = EmitterConfig::new()
            .perform_indent(true)
            .write_document_declaration(false)
            .line_separator("\r\n")
            .pad_self_closing(false);
        let mut bytes = Vec::new();
        // Writing into memory cannot fail, and every text has been checked.
        let _ = self.root.write_with_config(&mut bytes, style);
        format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n{}\r\n", String::from_utf8_lossy(&bytes))
    }

    /// The first program it runs; `None` for a task that shows a message or the like.
    pub fn action(&self) -> Option<Action> {
        let exec = self.root.get_child("Actions")?.get_child("Exec")?;
        Some(Action {
            command: text_at(exec, &["Command"])?,
            arguments: text_at(exec, &["Arguments"]).unwrap_or_default(),
            working_dir: text_at(exec, &["WorkingDirectory"]),
        })
    }

    pub fn is_ours(&self) -> bool {
        text_at(&self.root, &["RegistrationInfo", "Source"]).as_deref() == Some(OURS)
    }

    pub fn description(&self) -> Option<String> {
        text_at(&self.root, &["RegistrationInfo", "Description"])
    }

    pub fn is_enabled(&self) -> bool {
        self.setting(&["Enabled"]).is_none_or(|text| text == "true" || text == "1")
    }

    /// The text of a setting, by its path below `Settings`; `None` where the schema's own default holds.
    pub fn setting(&self, path: &[&str]) -> Option<String> {
        text_at(self.root.get_child("Settings")?, path)
    }

    pub fn logon_type(&self) -> Option<String> {
        text_at(&self.root, &["Principals", "Principal", "LogonType"])
    }

    /// Its triggers, switched-off ones left out.
    pub fn triggers(&self) -> Vec<Trigger> {
        let all = self.root.get_child("Triggers").into_iter().flat_map(|triggers| &triggers.children);
        let is_on = |trigger: &&Element| text_at(trigger, &["Enabled"]).as_deref() != Some("false");
        all.filter_map(XMLNode::as_element).filter(is_on).map(Trigger::of).collect()
    }

    /// Whether it starts at logon or boot.
    pub fn starts_by_itself(&self) -> bool {
        self.triggers().iter().any(|trigger| matches!(trigger.kind.as_str(), "LogonTrigger" | "BootTrigger"))
    }
}

/// What starts a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// The element's name: `LogonTrigger`, `BootTrigger`, `TimeTrigger`, ….
    pub kind: String,
    /// How long its repetition goes on, as an XML duration; `None` without a repetition or an end.
    pub repeats_for: Option<String>,
    /// When it ends for good.
    pub ends: Option<String>,
}

impl Trigger {
    fn of(element: &Element) -> Self {
        Self {
            kind: element.name.clone(),
            repeats_for: text_at(element, &["Repetition", "Duration"]),
            ends: text_at(element, &["EndBoundary"]),
        }
    }
}

type Path = &'static [&'static str];

/// Everything a new task says below `Settings`, in the schema's order.
const NEW_SETTINGS: &[(Path, &str)] = &[
    // A second start while it runs would find the port taken.
    (&["MultipleInstancesPolicy"], "IgnoreNew"),
    (&["DisallowStartIfOnBatteries"], "false"),
    (&["StopIfGoingOnBatteries"], "false"),
    (&["AllowHardTerminate"], "true"),
    (&["StartWhenAvailable"], "true"),
    (&["RunOnlyIfNetworkAvailable"], "false"),
    (&["IdleSettings", "StopOnIdleEnd"], "false"),
    (&["IdleSettings", "RestartOnIdle"], "false"),
    (&["AllowStartOnDemand"], "true"),
    (&["Enabled"], "true"),
    (&["Hidden"], "false"),
    (&["RunOnlyIfIdle"], "false"),
    (&["WakeToRun"], "false"),
    (&["ExecutionTimeLimit"], "PT0S"),
    (&["Priority"], "7"),
    (&["RestartOnFailure", "Interval"], "PT1M"),
    (&["RestartOnFailure", "Count"], "3"),
];

const RESTARTS: &[(Path, &str)] =
    &[(&["RestartOnFailure", "Interval"], "PT1M"), (&["RestartOnFailure", "Count"], "3")];

/// A setting, its values that nobody chose on purpose, and what it becomes. One that is absent has the schema's default, which is one
/// of them.
const MENDED: &[(Path, &[&str], &str)] = &[
    (&["DisallowStartIfOnBatteries"], &["true", "1"], "false"),
    (&["StopIfGoingOnBatteries"], &["true", "1"], "false"),
    (&["IdleSettings", "StopOnIdleEnd"], &["true", "1"], "false"),
    (&["RunOnlyIfIdle"], &["true", "1"], "false"),
    (&["ExecutionTimeLimit"], &["PT72H", "P3D"], "PT0S"),
    (&["MultipleInstancesPolicy"], &["Parallel"], "IgnoreNew"),
    (&["StartWhenAvailable"], &[], "true"),
    (&["AllowStartOnDemand"], &["false", "0"], "true"),
];

/// Makes settings last that would end the gateway, or start it twice.
fn mend(settings: &mut Element) {
    set(settings, &["Enabled"], "true");
    for (path, bad, good) in MENDED {
        let now = text_at(settings, path);
        if now.as_deref().is_none_or(|now| bad.contains(&now)) {
            set(settings, path, good);
        }
    }
    if settings.get_child("RestartOnFailure").is_none() {
        RESTARTS.iter().for_each(|(path, value)| set(settings, path, value));
    }
}

fn check(wanted: &Wanted<'_>) -> Result<(), Problem> {
    let Wanted { description, user, action } = wanted;
    let folder = action.working_dir.as_deref().unwrap_or_default();
    let texts = [
        ("description", *description),
        ("USERNAME", *user),
        ("command", &action.command),
        ("command", &action.arguments),
        ("working folder", folder),
    ];
    let refused = |place: &str, reason: &str| {
        Problem::new(Code::BadValue).with("variable", place).with("value", "").with("reason", reason)
    };
    if user.is_empty() {
        return Err(refused("USERNAME", "empty"));
    }
    let broken = |(_, text): &&(&str, &str)| {
        text.chars().any(|c| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
    };
    texts.iter().find(broken).map_or(Ok(()), |(place, _)| Err(refused(place, "newline")))
}

/// Does `change` to the element at `path`, which is made where it is missing.
fn at(from: &mut Element, path: &[&str], change: &mut dyn FnMut(&mut Element)) {
    let [name, rest @ ..] = path else { return change(from) };
    if from.get_child(*name).is_none() {
        from.children.push(XMLNode::Element(element(name)));
    }
    if let Some(child) = from.get_mut_child(*name) {
        at(child, rest, change);
    }
}

/// As XML Schema writes a duration, rounded up.
fn minutes(duration: Duration) -> String {
    format!("PT{}M", duration.as_secs().div_ceil(60).max(1))
}

fn element(name: &str) -> Element {
    let mut element = Element::new(name);
    element.namespace = Some(NAMESPACE.to_owned());
    element
}

fn set(from: &mut Element, path: &[&str], text: &str) {
    at(from, path, &mut |element| element.children = vec![XMLNode::Text(text.to_owned())]);
}

fn text_at(from: &Element, path: &[&str]) -> Option<String> {
    let element = path.iter().try_fold(from, |element, name| element.get_child(*name))?;
    element.get_text().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
