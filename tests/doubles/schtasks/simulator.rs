//! Task Scheduler as far as schtasks.exe shows it: tasks, their last results, and the ways in which the real one fails. One state
//! machine for the stories over a scripted machine and for the `schtasks.exe` double that starts real processes.
//!
//! Sources: Microsoft's reference of schtasks and of Task Scheduler's constants (SCHED_S_*, SCHED_E_*), [MS-TSCH], and upstream's
//! reports: #52049 (/End leaves children), #81017 (defaults of /Create), #91926 and #149019 (a refused /Run), #19504 and #39076
//! (stale and localised states), OC 5.1 (it hangs), OC 7.4 (codes). What follows from no source is said where it stands.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The machine under Task Scheduler.
pub trait Host {
    /// A file's bytes.
    fn read(&self, path: &str) -> Option<Vec<u8>>;

    /// Starts a task's program; its pid, or an HRESULT.
    fn spawn(&mut self, action: &Action) -> Result<u32, u32>;

    /// Ends that one process, and not what it started.
    fn kill(&mut self, pid: u32);

    /// The exit code of a process that has ended.
    fn ended(&mut self, pid: u32) -> Option<u32>;
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    pub command: String,
    pub arguments: String,
    pub working_dir: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Scheduler {
    pub tasks: BTreeMap<String, Task>,
    pub quirks: Quirks,
    /// Every command line, for tests.
    pub asked: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    pub xml: String,
    pub enabled: bool,
    pub pid: Option<u32>,
    pub result: u32,
}

/// How this Task Scheduler misbehaves.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Quirks {
    /// `en` when empty; `de`, `fr`, `es`, `zh`, `ja`, or `xx`, a language nobody knows.
    pub language: String,
    /// Subcommands that are refused.
    pub denied: BTreeSet<String>,
    /// Subcommands that never end.
    pub hangs: BTreeSet<String>,
    /// Failures end with exit code 1, as without `/HRESULT`.
    pub only_one: bool,
    /// Failures say nothing.
    pub silent: bool,
    /// `/Run` says that all is well and starts nothing.
    pub swallows_runs: bool,
    /// `/Run` fails with this HRESULT.
    pub refuses_runs: Option<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    pub code: u32,
    pub stdout: String,
    pub stderr: String,
    pub hangs: bool,
}

const RUNNING: u32 = 0x0004_1301;
const NEVER_RUN: u32 = 0x0004_1303;
const TERMINATED: u32 = 0x0004_1306;
const DENIED: u32 = 0x8007_0005;
const MISSING: u32 = 0x8007_0002;
const DISABLED: u32 = 0x8004_1326;
const MALFORMED: u32 = 0x8004_131a;

impl Scheduler {
    pub fn obey(&mut self, args: &[String], host: &mut dyn Host) -> Reply {
        self.asked.push(args.join(" "));
        self.tick(host);
        let verb = args.first().cloned().unwrap_or_default();
        if self.quirks.hangs.contains(&verb) {
            return Reply { hangs: true, ..Reply::default() };
        }
        if self.quirks.denied.contains(&verb) {
            return self.failed(DENIED);
        }
        let options = Options::of(args);
        let reply = match verb.as_str() {
            "/Query" => self.query(&options),
            "/Create" => self.create(&options, host),
            "/Change" => self.change(&options),
            "/Run" => self.run(&options, host),
            "/End" => self.end(&options, host),
            "/Delete" => self.delete(&options),
            _ => Reply { code: 1, stderr: "ERROR: Invalid syntax.\r\n".to_owned(), ..Reply::default() },
        };
        self.tick(host);
        reply
    }

    /// Notices programs that have ended.
    pub fn tick(&mut self, host: &mut dyn Host) {
        for task in self.tasks.values_mut() {
            if let Some(code) = task.pid.and_then(|pid| host.ended(pid)) {
                task.pid = None;
                task.result = code;
            }
        }
    }

    fn find(&mut self, options: &Options) -> Result<(String, &mut Task), Reply> {
        let name = options.task.clone().unwrap_or_default();
        let known = self.tasks.keys().find(|known| known.eq_ignore_ascii_case(&name)).cloned();
        match known {
            Some(name) => match self.tasks.get_mut(&name) {
                Some(task) => Ok((name, task)),
                None => Err(Reply::default()),
            },
            None => Err(self.failed(MISSING)),
        }
    }

    fn query(&mut self, options: &Options) -> Reply {
        let Some(_) = &options.task else {
            let rows =
                self.tasks.keys().map(|name| format!("\"\\{name}\",\"N/A\",\"{}\"\r\n", self.words().ready));
            let other = "\"\\Microsoft\\Windows\\Defrag\\ScheduledDefrag\",\"N/A\",\"?\"\r\n".to_owned();
            return done(rows.chain([other]).collect());
        };
        let words = self.words();
        match self.find(options) {
            Err(reply) => reply,
            Ok((_, task)) if options.xml.is_some() => done(task.xml.clone()),
            Ok((name, task)) => done(row(&name, task, &words, options.table)),
        }
    }

    fn create(&mut self, options: &Options, host: &dyn Host) -> Reply {
        let name = options.task.clone().unwrap_or_default();
        let Some(xml) = options.xml.as_ref().and_then(|path| host.read(path)).and_then(|bytes| utf16(&bytes))
        else {
            return self.failed(MISSING);
        };
        if action(&xml).is_none() || !xml.contains("http://schemas.microsoft.com/windows/2004/02/mit/task") {
            return self.failed(MALFORMED);
        }
        if self.tasks.contains_key(&name) && !options.force {
            return self.failed(0x8007_00b7);
        }
        let old = self.tasks.get(&name);
        let task = Task {
            enabled: !xml.replace(char::is_whitespace, "").contains("<Enabled>false</Enabled><Hidden"),
            pid: old.and_then(|old| old.pid),
            result: old.map_or(NEVER_RUN, |old| old.result),
            xml,
        };
        self.tasks.insert(name, task);
        done("SUCCESS\r\n".to_owned())
    }

    fn change(&mut self, options: &Options) -> Reply {
        let (on, off, line) = (options.enable, options.disable, options.line.clone());
        match self.find(options) {
            Err(reply) => reply,
            Ok((_, task)) => {
                task.enabled = (task.enabled || on) && !off;
                task.xml = with_enabled(&task.xml, task.enabled);
                if let Some(line) = line {
                    task.xml = with_command(&task.xml, &line);
                }
                done("SUCCESS\r\n".to_owned())
            }
        }
    }

    /// A second run of a task that runs is ignored, and `/Run` says nothing of it (IgnoreNew).
    fn run(&mut self, options: &Options, host: &mut dyn Host) -> Reply {
        let (swallows, refuses) = (self.quirks.swallows_runs, self.quirks.refuses_runs);
        let outcome = match self.find(options) {
            Err(reply) => return reply,
            Ok((_, task)) if !task.enabled => Err(DISABLED),
            Ok(_) if refuses.is_some() => Err(refuses.unwrap_or_default()),
            Ok((_, task)) if task.pid.is_some() || swallows => Ok(()),
            Ok((_, task)) => {
                match action(&task.xml).ok_or(MISSING).and_then(|action| host.spawn(&action)) {
                    Ok(pid) => (task.pid, task.result) = (Some(pid), RUNNING),
                    // The attempt to start it is what /Run asks for; that it failed shows in the result.
                    Err(code) => task.result = code,
                }
                Ok(())
            }
        };
        match outcome {
            Ok(()) => done("SUCCESS\r\n".to_owned()),
            Err(code) => self.failed(code),
        }
    }

    fn end(&mut self, options: &Options, host: &mut dyn Host) -> Reply {
        match self.find(options) {
            Err(reply) => reply,
            Ok((_, task)) => {
                if let Some(pid) = task.pid.take() {
                    host.kill(pid);
                    task.result = TERMINATED;
                }
                done("SUCCESS\r\n".to_owned())
            }
        }
    }

    fn delete(&mut self, options: &Options) -> Reply {
        match self.find(options) {
            Err(reply) => reply,
            Ok((name, _)) => {
                self.tasks.remove(&name);
                done("SUCCESS\r\n".to_owned())
            }
        }
    }

    fn words(&self) -> Words {
        Words::of(&self.quirks.language)
    }

    fn failed(&self, code: u32) -> Reply {
        let words = self.words();
        let text = match code {
            DENIED => words.denied,
            MISSING => words.missing,
            _ => words.other,
        };
        Reply {
            code: if self.quirks.only_one { 1 } else { code },
            stderr: if self.quirks.silent { String::new() } else { format!("{text}\r\n") },
            ..Reply::default()
        }
    }
}

fn done(stdout: String) -> Reply {
    Reply { stdout, ..Reply::default() }
}

/// What schtasks is asked for, in any order.
#[derive(Default)]
struct Options {
    task: Option<String>,
    /// `/Create /XML FILE`; an empty text for `/Query /XML`.
    xml: Option<String>,
    line: Option<String>,
    force: bool,
    enable: bool,
    disable: bool,
    table: bool,
}

impl Options {
    fn of(args: &[String]) -> Self {
        let value = |name: &str| {
            let at = args.iter().position(|word| word.eq_ignore_ascii_case(name))?;
            Some(
                args.get(at + 1)
                    .filter(|word| !word.starts_with('/') || word.len() > 8)
                    .cloned()
                    .unwrap_or_default(),
            )
        };
        let has = |name: &str| args.iter().any(|word| word.eq_ignore_ascii_case(name));
        Self {
            task: value("/TN").map(|name| name.trim_start_matches('\\').to_owned()),
            xml: value("/XML"),
            line: value("/TR"),
            force: has("/F"),
            enable: has("/ENABLE"),
            disable: has("/DISABLE"),
            table: value("/FO").is_some_and(|form| form.eq_ignore_ascii_case("CSV")),
        }
    }
}

/// One task with `/V`; the fields behind the result are of no interest to anybody here.
fn row(name: &str, task: &Task, words: &Words, table: bool) -> String {
    let status = if task.pid.is_some() { words.running } else { words.ready };
    let line = action(&task.xml)
        .map(|action| format!("{} {}", action.command, action.arguments))
        .unwrap_or_default();
    let values = [
        "PC",
        &format!("\\{name}"),
        "N/A",
        status,
        "?",
        "22/11/2026 8:34:15",
        &task.result.to_string(),
        "PC\\anna",
        &line,
    ];
    match table {
        true => values.map(|value| format!("\"{}\"", value.replace('"', "\"\""))).join(",") + "\r\n",
        false => {
            values.iter().zip(words.fields).map(|(value, field)| format!("{field}: {value}\r\n")).collect()
        }
    }
}

pub fn utf16(bytes: &[u8]) -> Option<String> {
    let units: Vec<u16> = bytes
        .strip_prefix(&[0xff, 0xfe])?
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    String::from_utf16(&units).ok()
}

pub fn action(xml: &str) -> Option<Action> {
    let text = |name: &str| {
        let start = xml.find(&format!("<{name}>"))? + name.len() + 2;
        let end = xml[start..].find("</")? + start;
        Some(
            xml[start..end]
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&amp;", "&"),
        )
    };
    Some(Action {
        command: text("Command")?,
        arguments: text("Arguments").unwrap_or_default(),
        working_dir: text("WorkingDirectory"),
    })
}

/// `Enabled` of `Settings`, not of a trigger.
fn with_enabled(xml: &str, enabled: bool) -> String {
    let Some(settings) = xml.find("<Settings>") else { return xml.to_owned() };
    let (head, tail) = xml.split_at(settings);
    let wanted = format!("<Enabled>{enabled}</Enabled>");
    head.to_owned()
        + &tail.replacen("<Enabled>true</Enabled>", &wanted, 1).replacen(
            "<Enabled>false</Enabled>",
            &wanted,
            1,
        )
}

/// `/TR` is one text; Windows takes the program off its front.
fn with_command(xml: &str, line: &str) -> String {
    let Some(start) = xml.find("<Command>") else { return xml.to_owned() };
    let Some(end) = xml.find("</Exec>") else { return xml.to_owned() };
    let (command, arguments) = match line.strip_prefix('"').and_then(|line| line.split_once('"')) {
        Some((command, rest)) => (command, rest.trim()),
        None => line.split_once(' ').unwrap_or((line, "")),
    };
    let arguments =
        if arguments.is_empty() { String::new() } else { format!("<Arguments>{arguments}</Arguments>") };
    format!("{}<Command>{command}</Command>{arguments}{}", &xml[..start], &xml[end..])
}

/// What a Windows of one language says.
pub struct Words {
    /// Of the consoles, for the program.
    pub page: u16,
    running: &'static str,
    ready: &'static str,
    denied: &'static str,
    missing: &'static str,
    other: &'static str,
    fields: [&'static str; 9],
}

const ENGLISH: [&str; 9] = [
    "HostName",
    "TaskName",
    "Next Run Time",
    "Status",
    "Logon Mode",
    "Last Run Time",
    "Last Result",
    "Author",
    "Task To Run",
];

impl Words {
    pub fn of(language: &str) -> Self {
        let words = |page, running, ready, denied, missing| Self {
            page,
            running,
            ready,
            denied,
            missing,
            other: "?!",
            fields: ENGLISH,
        };
        match language {
            "de" => words(
                850,
                "Wird ausgeführt",
                "Bereit",
                "FEHLER: Zugriff verweigert",
                "FEHLER: Das System kann die angegebene Datei nicht finden.",
            ),
            "fr" => words(
                850,
                "En cours",
                "Prêt",
                "ERREUR : Accès refusé.",
                "ERREUR : Le fichier spécifié est introuvable.",
            ),
            "es" => words(
                850,
                "En ejecución",
                "Listo",
                "ERROR: Acceso denegado.",
                "ERROR: El sistema no puede encontrar el archivo especificado.",
            ),
            "zh" => words(936, "正在运行", "就绪", "错误: 拒绝访问。", "错误: 系统找不到指定的文件。"),
            "ja" => words(
                932,
                "実行中",
                "準備完了",
                "エラー: アクセスが拒否されました。",
                "エラー: 指定されたファイルが見つかりません。",
            ),
            "xx" => words(437, "Kargo", "Preta", "VIRHE: kielletty", "VIRHE: ei ole"),
            _ => words(
                437,
                "Running",
                "Ready",
                "ERROR: Access is denied.",
                "ERROR: The system cannot find the file specified.",
            ),
        }
    }
}
