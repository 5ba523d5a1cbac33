//! What Task Scheduler says of a task's state: by COM as numbers, else in the words of `schtasks /Query /V` (OC 7.4).
//!
//! Keys, states and times are in the language of Windows, in the code page of the console. Numbers and the order of the fields are
//! the same everywhere, so only those are read.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Unit};

use crate::problem::{Code, Problem};

/// SCHED_S_TASK_RUNNING: the one sign of a running task that does not lag behind (upstream #19504, #39076).
pub const RUNNING: u32 = 0x0004_1301;
/// SCHED_S_TASK_HAS_NOT_RUN.
pub const NEVER_RUN: u32 = 0x0004_1303;
/// SCHED_S_TASK_TERMINATED: by a person or a limit.
pub const TERMINATED: u32 = 0x0004_1306;
/// ERROR_FILE_NOT_FOUND as HRESULT: what the task was to start is gone.
pub const FILE_NOT_FOUND: u32 = 0x8007_0002;

/// A task's state as far as it was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// COM's TASK_STATE: 0 unknown, 1 disabled, 2 queued, 3 ready, 4 running.
    pub state: Option<u32>,
    /// The last result: an HRESULT or the program's exit code.
    pub result: Option<u32>,
    /// The report said that there is a status, in words of its own.
    pub has_status: bool,
}

/// What a [`State`] means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Running,
    /// Registered and waiting for its turn.
    Queued,
    /// Not running; `result` is how its last run ended.
    AtRest {
        result: Option<u32>,
    },
    Unknown(Problem),
}

/// COM's properties: `State`, `LastTaskResult`, as decimal numbers.
pub fn of_properties(properties: &BTreeMap<String, String>) -> State {
    let number = |name: &str| properties.get(name).and_then(|text| code(text));
    State {
        state: number("State"),
        result: number("LastTaskResult"),
        has_status: properties.contains_key("State"),
    }
}

/// COM's `NextRunTime`, a DATE of OLE Automation: days and parts of a day since 30 December 1899, in local time.
pub fn next_run(properties: &BTreeMap<String, String>) -> Option<DateTime> {
    let days: f64 = properties.get("NextRunTime")?.parse().ok()?;
    let since = SignedDuration::try_from_secs_f64(days * 86_400.0).ok()?;
    jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0).checked_add(since).ok()?.round(Unit::Minute).ok()
}

/// The output of `/Query /TN NAME /V` in either form, `/FO LIST` or `/FO CSV` with or without its heading.
pub fn of_report(text: &str) -> State {
    let is_table = text.lines().any(|line| line.trim_start().starts_with('"'));
    if is_table { of_table(text) } else { of_list(text) }
}

/// Columns of `/V /FO CSV`: host, task, next run, status, logon mode, last run, last result, …
const TASK: usize = 1;
const STATUS: usize = 3;
const RESULT: usize = 6;

/// The heading is a row too; it is the one whose task is no path.
fn of_table(text: &str) -> State {
    let rows = text.lines().map(cells);
    let about_a_task = |row: &Vec<String>| row.get(TASK).is_some_and(|name| name.starts_with('\\'));
    rows.into_iter().find(about_a_task).map_or(State::default(), |row| told(row.get(STATUS), row.get(RESULT)))
}

/// One row of RFC 4180: quotes are doubled inside quotes.
pub fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.trim().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                // Half of a doubled quote is a letter; the other half closes and opens again.
                let doubled = quoted && chars.next_if_eq(&'"').is_some();
                quoted = quoted == doubled;
                put(&mut cells, doubled.then_some('"'));
            }
            ',' if !quoted => cells.push(String::new()),
            c => put(&mut cells, Some(c)),
        }
    }
    cells
}

fn put(cells: &mut [String], letter: Option<char>) {
    cells.last_mut().into_iter().for_each(|cell| cell.extend(letter));
}

/// The list has the table's columns as lines, each behind a name in the local language. The task's own path tells where they begin.
fn of_list(text: &str) -> State {
    let values: Vec<String> = text.lines().filter_map(value).collect();
    let Some(start) = values.iter().skip(1).position(|value| value.starts_with('\\') && value.len() > 1)
    else {
        return by_name(text);
    };
    // `position` counts from the second line on.
    let first = start + 1 - TASK;
    told(values.get(first + STATUS), values.get(first + RESULT))
}

fn value(line: &str) -> Option<String> {
    let (_, value) = line.split_once([':', '：'])?;
    Some(value.trim().to_owned())
}

/// A shortened list, as in upstream's own tests: only English names can be told apart there.
fn by_name(text: &str) -> State {
    let named = |names: &[&str]| {
        text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            names.contains(&name.trim().to_lowercase().as_str()).then(|| value.trim().to_owned())
        })
    };
    told(named(&["status"]).as_ref(), named(&["last run result", "last result"]).as_ref())
}

fn told(status: Option<&String>, result: Option<&String>) -> State {
    let has_status = status.is_some_and(|text| !text.is_empty());
    State { state: None, result: result.and_then(|text| code(text)), has_status }
}

/// `0x41301`, `267009` and `-2147024894` alike.
pub fn code(text: &str) -> Option<u32> {
    let text = text.trim();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => {
            let number: i64 = text.parse().ok()?;
            // A negative number is the same 32 bits with a sign.
            u32::try_from(number).ok().or_else(|| i32::try_from(number).ok().map(i32::cast_unsigned))
        }
    }
}

impl State {
    /// The table of OC 7.4: the number decides, and without one nobody guesses from a word.
    pub fn standing(self) -> Standing {
        match (self.state, self.result) {
            (Some(2), _) => Standing::Queued,
            // COM knows the state itself: a result that still says "running" is of a run that ended with the machine.
            (Some(1 | 3), result) => Standing::AtRest { result: result.filter(|result| *result != RUNNING) },
            (_, Some(RUNNING)) => Standing::Running,
            (_, Some(result)) => Standing::AtRest { result: Some(result) },
            (_, None) => Standing::Unknown(self.unclear()),
        }
    }

    fn unclear(self) -> Problem {
        let problem = Problem::new(Code::ToolAnswerUnreadable).with("command", "schtasks /Query /V");
        match self.has_status {
            true => problem.because("only a status in words, which depend on the language of Windows"),
            false => problem,
        }
    }
}

#[cfg(test)]
mod tests;
