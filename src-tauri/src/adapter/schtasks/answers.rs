//! What schtasks' answers mean. Its exit code is nearly always 1 and its words are in the language of Windows, so codes come first:
//! as the exit code itself, then as a number in the text. Known translations are the last resort (upstream #1177, #39076).

use super::calls;
use crate::adapter::grounds::without_answer;
use crate::plan::{Answer, Call, End, Outcome, Tool};
use crate::problem::{Code, Problem};

/// HRESULTs of Task Scheduler and Windows with what they come to.
const CODES: &[(u32, Outcome)] = &[
    (0x8007_0005, Outcome::Denied),
    // ERROR_ELEVATION_REQUIRED, ERROR_PRIVILEGE_NOT_HELD, ERROR_LOGON_FAILURE.
    (0x8007_02e4, Outcome::Denied),
    (0x8007_0522, Outcome::Denied),
    (0x8007_052e, Outcome::Denied),
    (0x8007_0002, Outcome::UnknownService),
    (0x8007_0003, Outcome::UnknownService),
    // SCHED_E_TASK_NOT_READY.
    (0x8004_130a, Outcome::Busy),
    // SCHED_E_TASK_NOT_RUNNING.
    (0x8004_130b, Outcome::Already),
    // SCHED_E_SERVICE_NOT_INSTALLED, SCHED_E_SERVICE_NOT_AVAILABLE, SCHED_E_SERVICE_NOT_RUNNING, RPC_S_SERVER_UNAVAILABLE.
    (0x8004_130c, Outcome::ManagerUnreachable),
    (0x8004_1322, Outcome::ManagerUnreachable),
    (0x8004_1315, Outcome::ManagerUnreachable),
    (0x8007_06ba, Outcome::ManagerUnreachable),
    // SCHED_E_ALREADY_RUNNING.
    (0x8004_131f, Outcome::Busy),
];

/// English, German, French, Spanish, Chinese and Japanese Windows, lower case.
const WORDS: &[(Outcome, &[&str])] = &[
    (
        Outcome::Denied,
        &[
            "access is denied",
            "zugriff verweigert",
            "accès refusé",
            "acceso denegado",
            "拒绝访问",
            "アクセスが拒否されました",
        ],
    ),
    (
        Outcome::UnknownService,
        &[
            "cannot find the file specified",
            "does not exist in the system",
            "angegebene datei nicht finden",
            "ist im system nicht vorhanden",
            "le fichier spécifié est introuvable",
            "n'existe pas dans le système",
            "no puede encontrar el archivo especificado",
            "no existe en el sistema",
            "系统找不到指定的文件",
            "在系统中不存在",
            "指定されたファイルが見つかりません",
            "システムに存在しません",
        ],
    ),
    (
        Outcome::Already,
        &[
            "no running instance",
            "is not running",
            "not currently running",
            "wird derzeit nicht ausgeführt",
            "keine ausgeführte instanz",
            "n'est pas en cours d'exécution",
            "no se está ejecutando",
            "没有运行",
            "実行されていません",
        ],
    ),
];

pub fn classify(call: &Call, answer: &Answer) -> Outcome {
    let exit = match &answer.end {
        End::Exited(0) => return Outcome::Done,
        End::Exited(code) => *code,
        End::TimedOut => return Outcome::TimedOut,
        End::Killed(_) | End::NotStarted(_) => return Outcome::Failed,
    };
    if call.tool != Tool::Schtasks {
        return Outcome::Failed;
    }
    let words = answer.words().to_lowercase();
    let told = known(exit.cast_unsigned()).or_else(|| codes_in(&words).find_map(known));
    let outcome = told.or_else(|| translated(&words)).unwrap_or(Outcome::Failed);
    fitting(calls::verb(call), outcome)
}

fn known(code: u32) -> Option<Outcome> {
    CODES.iter().find(|(known, _)| *known == code).map(|(_, outcome)| *outcome)
}

/// Numbers in a text that may be codes: `0x80070005`, `-2147024891`.
fn codes_in(words: &str) -> impl Iterator<Item = u32> {
    let parts = words.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    parts.filter(|part| part.len() >= 8).filter_map(super::query::code)
}

fn translated(words: &str) -> Option<Outcome> {
    let says = |texts: &[&str]| texts.iter().any(|text| words.contains(text));
    WORDS.iter().find(|(_, texts)| says(texts)).map(|(outcome, _)| *outcome)
}

/// The same code means another thing to another call: `/Create` and `/Run` find no *program* or definition where `/Query` finds no
/// task, and only `/End` is content with nothing that runs.
fn fitting(verb: &str, outcome: Outcome) -> Outcome {
    match (outcome, verb) {
        (Outcome::UnknownService, "/Create") => Outcome::Failed,
        (Outcome::Already, "/End") => Outcome::Already,
        (Outcome::Already, _) => Outcome::Failed,
        (outcome, _) => outcome,
    }
}

/// The problem of a call that failed.
pub fn explain(call: &Call, answer: &Answer) -> Problem {
    // Our own program says what failed as a problem in JSON on its standard output.
    if let Some(told) = answer.stdout.lines().last().and_then(|line| serde_json::from_str(line).ok()) {
        return told;
    }
    if let Some(problem) = without_answer(call, answer) {
        return problem;
    }
    let problem = match classify(call, answer) {
        Outcome::Denied => Problem::new(Code::AccessDenied).hint("task-other-owner"),
        Outcome::UnknownService => {
            let task = calls::task_of(call).unwrap_or_default();
            Problem::new(Code::UnitUnknown)
                .with("unit", task)
                .hint_command("install-first", "gateward install")
        }
        Outcome::ManagerUnreachable => Problem::new(Code::NoTaskScheduler)
            .hint_command("start-task-scheduler", "Get-Service Schedule | Start-Service"),
        Outcome::Done
        | Outcome::Already
        | Outcome::StartLimited
        | Outcome::Busy
        | Outcome::TimedOut
        | Outcome::Failed => {
            Problem::new(Code::StepFailed).hint_command("see-task", "schtasks /Query /V /FO LIST")
        }
    };
    problem.with("command", call).because(words(answer))
}

/// Silence is an answer too (upstream #149019: a refused `/Run` that said nothing).
fn words(answer: &Answer) -> String {
    match (answer.words(), &answer.end) {
        (words, End::Exited(code)) if words.is_empty() => format!("exit code {code}, without a word"),
        (words, _) => words,
    }
}
