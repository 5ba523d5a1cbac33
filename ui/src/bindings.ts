// Generated from src-tauri/src by `cargo test bindings`; do not edit.

export type GatewayState = { schema: number, 
/**
 * `default`, or the profile's name.
 */
profile: string, manager: Manager, verdict: Verdict, 
/**
 * What is worth knowing beside the verdict.
 */
remarks: Array<Remark>, 
/**
 * What will happen by itself at logout, login and reboot; empty where no service is written down.
 */
prospects: Array<Prospect>, observation: Observation, 
/**
 * Newest first, at most 50.
 */
incidents: Array<Incident>, busy: Busy | null, 
/**
 * Of the last action; cleared by the next one that succeeds.
 */
problem: Problem | null, 
/**
 * `None` until somebody has looked, and where nobody does.
 */
credentials: Credentials | null, };

export type Manager = "systemd" | "launchd" | "schtasks" | "builtin";

export type Observation = { registered: Fact<Registered>, supervised: Fact<Supervised>, port: Fact<PortUse>, answers: Fact<Answers>, installed: Installed, };

export type Installed = { 
/**
 * Of the OpenClaw package that the definition names.
 */
version: string | null, 
/**
 * The file of the running program is gone, or another stands in its place: node was updated. Told on Linux only.
 */
program_replaced: boolean, };

export type Fact<T> = { value: T, 
/**
 * Where it was read, as an operator would name it: `D-Bus org.freedesktop.systemd1`, a path, `GET /healthz`.
 */
source: string, read_at: string, };

export type Registered = { "status": "missing", file: string, } | { "status": "present" } & Registration | { "status": "unknown", file: string, why: Problem, };

export type Registration = { file: string, 
/**
 * Other files that change it, in the order the manager applies them.
 */
drop_ins: Array<string>, autostart: Autostart, origin: Origin, 
/**
 * Program and arguments, with the values of `--token` and `--password` masked.
 */
command: Array<string>, working_dir: string | null, 
/**
 * By name. Secret values are not in here.
 */
environment: Array<Variable>, 
/**
 * What runs is not what the file says (systemd: NeedDaemonReload; our host: another command).
 */
stale: boolean, 
/**
 * Whether the service lives without a login: systemd's linger, or the built-in manager's line in the crontab; `None` where that
 * has no meaning or is unknown.
 */
lingers: boolean | null, 
/**
 * What about the definition will surprise its owner.
 */
flaws: Array<Flaw>, };

export type Autostart = "on" | "off" | "blocked" | "unknown";

export type Origin = "gateward" | "openclaw-f" | "openclaw-a" | "openclaw-n" | "foreign";

export type Variable = { name: string, 
/**
 * The value, or dots and a fingerprint for a secret.
 */
shown: string, secret: boolean, 
/**
 * `inline`, or the path of the environment file or drop-in it stands in.
 */
source: string, };

export type Supervised = { "status": "running" } & Run | { "status": "starting" } | { "status": "waiting", last_exit: ExitRecord | null, restarts: number, } | { "status": "stopping", pid: number | null, 
/**
 * When what is left of it is killed, where the manager tells.
 */
until: string | null, } | { "status": "stopped", last_exit: ExitRecord | null, } | { "status": "gave-up", last_exit: ExitRecord | null, restarts: number, } | { "status": "unloaded" } | { "status": "absent" } | { "status": "unknown", why: Problem, };

export type Run = { pid: number, since: string | null, 
/**
 * Automatic restarts since the last start by hand; planned ones count too.
 */
restarts: number, 
/**
 * How the run before this one ended, where the manager still knows.
 */
last_exit: ExitRecord | null, };

export type ExitRecord = { exit: Exit, at: string | null, pid: number | null, 
/**
 * The manager's own verdict on it, such as systemd's `Result` (`success`, `signal`, `oom-kill`, `timeout`).
 */
result: string | null, };

export type Exit = { "how": "code", code: number, } | { "how": "signal", signal: number, core: boolean, };

export type PortUse = { "status": "free", port: number, } | { "status": "owned", port: number, owner: Listener, } | { "status": "hidden", port: number, } | { "status": "unknown", port: number, why: Problem, };

export type Listener = { pid: number, 
/**
 * The executable's file name.
 */
program: string, 
/**
 * Masked like [`Registration::command`].
 */
command: Array<string>, user: string, since: string | null, address: string, 
/**
 * The unit, plist, task or container that started it, where the system tells.
 */
started_by: string | null, belongs: Belongs, };

export type Belongs = "service" | "gateway" | "stranger";

export type Answers = { "status": "ready", version: string | null, latency_ms: number, } | { "status": "live", failing: Array<string>, latency_ms: number, } | { "status": "silent", waited_ms: number, } | { "status": "refused" } | { "status": "not-gateway", saw: string, } | { "status": "unknown", why: Problem, };

export type Verdict = "not-installed" | "stopped" | "disabled" | "starting" | "ready" | "degraded" | "hung" | "stopping" | "crash-loop" | "gave-up" | "config-error" | "orphan" | "foreign-owner" | "two-managers" | "unloaded" | "external" | "unknown";

export type Flaw = { 
/**
 * The catalogue's `flaw-<rule>`.
 */
rule: string, values: { [key in string]: string }, 
/**
 * A reinstallation mends it.
 */
mendable: boolean, };

export type Remark = "stops-at-logout" | "old-definition" | "drift" | "open-to-network" | "updated";

export type Prospect = { occasion: Occasion, becomes: Becomes, 
/**
 * The facts that decide it.
 */
because: Array<Ground>, };

export type Occasion = "logout" | "login" | "reboot";

export type Becomes = "runs-on" | "ends" | "starts" | "starts-at-login" | "stays-stopped" | "refused" | "unknown";

export type Ground = "at-rest" | "manager-silent" | "lingers" | "lingers-not" | "linger-unknown" | "autostart" | "no-autostart" | "forbidden" | "autostart-unknown" | "sessions-manager" | "detached" | "sessions-process" | "cron";

export type Action = { "act": "install" } | { "act": "uninstall" } | { "act": "start" } | { "act": "stop" } | { "act": "disable" } | { "act": "restart" } | { "act": "repair", rule: string, } | { "act": "alter", edits: Array<Edit>, } | { "act": "take-back", change: number, };

export type Edit = { "edit": "set", name: string, value: string, } | { "edit": "from-session", name: string, } | { "edit": "unset", name: string, } | { "edit": "working-dir", path: string | null, } | { "edit": "node", path: string, };

export type Place = "logs" | "config";

export type Busy = { action: Action, since: string, };

export type Drain = { 
/**
 * The gateway's own names of what it is not done with.
 */
awaits: Array<string>, 
/**
 * When what is left is killed; `None` where the manager does not tell.
 */
until: string | null, };

export type Request = { "ask": "act", action: Action, } | { "ask": "open", page: Page, } | { "ask": "dashboard" } | { "ask": "reveal", place: Place, } | { "ask": "copy-report" } | { "ask": "of", profile: string, request: Request, } | { "ask": "force-stop" } | { "ask": "start-at-login", on: boolean, } | { "ask": "observe" } | { "ask": "dismiss-problem" } | { "ask": "sign-in", credential: string, } | { "ask": "remind-later", credential: string, } | { "ask": "quit" };

export type Page = "overview" | "logs" | "history" | "environment" | "credentials" | "settings" | "setup";

export type Pulse = { beats: Array<Beat>, };

export type Beat = { at: string, 
/**
 * A line is not drawn from one process to the next.
 */
pid: number, 
/**
 * Since the beat before, of one processor: two busy ones are 200. `None` for a process's first.
 */
cpu_percent: number | null, 
/**
 * Resident, with the files it has mapped.
 */
memory_bytes: number | null, 
/**
 * Of `GET /healthz`; `None` when nobody answered.
 */
latency_ms: number | null, };

export type Incident = { 
/**
 * The database's row id; 0 before it is stored.
 */
id: number, profile: string, at: string, kind: IncidentKind, pid: number | null, exit: Exit | null, uptime_s: number | null, 
/**
 * Automatic restarts the manager had counted by then.
 */
restarts: number | null, 
/**
 * The last lines the process wrote, oldest first, redacted.
 */
last_words: Array<string>, by: By, 
/**
 * What else is known, language aside: the program that took the port, the changed file, `2026.9.6 → 2026.9.7`.
 */
detail: string | null, };

export type IncidentKind = "started" | "stopped" | "restarted" | "crash" | "gave-up" | "config-error" | "hung" | "recovered" | "installed" | "uninstalled" | "signal-ignored" | "killed-at-deadline" | "port-taken" | "config-changed" | "definition-changed" | "version-changed" | "slept" | "clock-jumped" | "credential-ending" | "credential-over" | "credential-renewed";

export type By = "itself" | "gateward" | "outside" | "openclaw" | "systemctl" | "oom-killer" | "logout" | "shutdown";

export type LogLine = { 
/**
 * `None` when the line does not say.
 */
at: string | null, 
/**
 * The sink, as an operator would name it: `journal`, or the log file's name.
 */
source: string, level: Level, 
/**
 * The part of OpenClaw that wrote it, where the line says so.
 */
subsystem: string | null, 
/**
 * What it says: a JSON line's message, else the whole line. Redacted, without control sequences, cut.
 */
text: string, 
/**
 * How many bytes of the line are not in `text` because it is too long.
 */
cut: number, spot: Spot, };

export type Level = "debug" | "info" | "warn" | "error" | "unknown";

export type Spot = { "in": "file", file: number, byte: number, } | { "in": "journal", cursor: string, };

export type Position = { files: Array<FileMark>, journal: JournalMark, };

export type FileMark = { file: number, byte: number, };

export type JournalMark = { "mark": "end" } | { "mark": "at", time: string, } | { "mark": "before", cursor: string, } | { "mark": "after", cursor: string, };

export type LogFilter = { 
/**
 * The least level.
 */
from: Level | null, 
/**
 * Sinks that are left out.
 */
hidden: Array<string>, subsystem: string, 
/**
 * `2026-11-22T12:00:00Z`, `2026-11-22 12:00`, `12:00`, or how long ago: `15m`.
 */
since: string, until: string, 
/**
 * Plain text in the line, whatever its case.
 */
text: string, };

export type Anchor = { "at": "end" } | { "at": "before", position: Position, } | { "at": "after", position: Position, } | { "at": "time", time: string, } | { "at": "hit", hit: number, };

export type LogPage = { lines: Array<LogLine>, 
/**
 * Before the first of them; a page that ends there continues this one.
 */
older: Position, 
/**
 * Behind the last of them.
 */
newer: Position, more_older: boolean, more_newer: boolean, 
/**
 * What was asked for stands at this line.
 */
mark: number | null, };

export type LogNews = { lines: Array<LogLine>, newer: Position, };

export type Sink = { 
/**
 * As in [`LogLine::source`].
 */
source: string, 
/**
 * The file; `None` for the journal, whose size counts for all units together.
 */
path: string | null, bytes: number | null, };

export type Searched = { hits: number, 
/**
 * How many of them can be gone to: the newest.
 */
kept: number, bytes: number, of: number, 
/**
 * Looked through in the journal, after the files; nobody tells of how many.
 */
entries: number, done: boolean, };

export type Problem = { code: Code, values: { [key in string]: string }, cause: string | null, hints: Array<Hint>, };

export type Hint = { code: string, command: string | null, };

export type Code = "bad-profile" | "bad-port" | "bad-variable" | "bad-value" | "bad-pattern" | "bad-working-dir" | "secret-in-command" | "no-home" | "no-node" | "no-openclaw" | "program-missing" | "config-invalid" | "config-unreadable" | "port-taken" | "tool-missing" | "not-systemd" | "no-user-bus" | "no-user-manager" | "no-gui-session" | "no-task-scheduler" | "access-denied" | "unsupported" | "step-failed" | "tool-hung" | "tool-answer-unreadable" | "unit-unknown" | "unit-masked" | "unit-unreadable" | "unit-foreign" | "unit-invalid" | "unit-unsafe" | "system-unit-exists" | "legacy-services" | "read-failed" | "write-failed" | "not-installed" | "still-running" | "still-switched-on" | "did-not-start" | "gave-up" | "config-error" | "not-answering" | "update-unproven" | "foreign-owner" | "already-busy" | "others-turn" | "change-interrupted" | "changed-by-hand" | "no-such-change" | "not-undoable" | "no-such-rule" | "no-such-entry" | "not-mended" | "inside-service" | "database-unusable" | "alert-failed" | "settings-invalid" | "bad-setting" | "no-such-setting" | "not-possible-now" | "no-host" | "host-already-runs" | "no-display" | "no-update-source" | "update-unreachable" | "update-untrusted" | "bad-answer" | "no-answer" | "fetch-failed" | "not-proven" | "cancelled" | "internal";

export type NoticeKind = "crash" | "loop" | "gave-up" | "config-error" | "hung" | "port-taken" | "recovered" | "credential" | "other";

export type PastNotice = { at: string, kind: NoticeKind, title: string, body: string, fate: Fate, };

export type Fate = "shown" | "off" | "quiet" | "limited";

export type Summary = { since: string, until: string, 
/**
 * Of the time it was up or down; `None` when nothing is known.
 */
uptime_percent: number | null, crashes: number, longest_outage: Stretch | null, 
/**
 * Of crashes, refused configurations and hangs; the most frequent first, at most five.
 */
reasons: Array<Reason>, 
/**
 * From `since` to `until` without a gap, oldest first.
 */
stretches: Array<Stretch>, };

export type Stretch = { from: string, until: string, being: Being, };

export type Being = "up" | "down" | "stopped" | "unknown";

export type Reason = { kind: IncidentKind, exit: Exit | null, 
/**
 * The name of the known cause (`gateward explain`), where its last words tell one.
 */
cause: string | null, count: number, };

export type History = { summary: Summary, reasons: Array<ReasonView>, 
/**
 * Newest first.
 */
incidents: Array<Incident>, 
/**
 * One for each incident, in their order.
 */
backgrounds: Array<Background>, 
/**
 * Newest first.
 */
notices: Array<PastNotice>, };

export type ReasonView = { text: string, count: number, };

export type Tone = "good" | "working" | "idle" | "attention" | "problem" | "unknown";

export type Saved = { path: string, lines: number, 
/**
 * Older lines had no room.
 */
cut: boolean, };

export type DiagnosticsPreview = { entries: Array<DiagnosticsEntry>, 
/**
 * `12 texts, 84.2 KiB` in words.
 */
total: string, 
/**
 * Where it would be saved.
 */
path: string, };

export type DiagnosticsEntry = { name: string, what: string, 
/**
 * `1.2 KiB`.
 */
size: string, bytes: number, };

export type DiagnosticsSaved = { path: string, size: string, };

export type Row = { name: string, secret: boolean, 
/**
 * What the service is given.
 */
service: string | null, 
/**
 * Where that stands: `inline`, or the path of the environment file or drop-in.
 */
source: string | null, 
/**
 * What this process was given: the shell's environment, or the desktop session's.
 */
session: string | null, 
/**
 * What OpenClaw's config brings itself.
 */
config: string | null, 
/**
 * What `<state>/.env` brings.
 */
dotenv: string | null, 
/**
 * The config refers to it.
 */
wanted: boolean, signs: Array<Sign>, };

export type Sign = "missing" | "blocked" | "stale" | "shadowed" | "only-in-session" | "differs";

export type EnvironmentView = { rows: Array<RowView>, 
/**
 * The command's words, in their order.
 */
command: Array<WordView>, 
/**
 * A node whose path outlives updates, where the service's does not.
 */
lasting_node: string | null, 
/**
 * The newest alteration, if it is still in force.
 */
undo: UndoView | null, 
/**
 * Why nothing can be changed here.
 */
refusal: Problem | null, };

export type RowView = { row: Row, signs: Array<SignView>, 
/**
 * Why it cannot be changed here; `None` when it can.
 */
locked: string | null, };

export type SignView = { sign: Sign, 
/**
 * One word or two.
 */
name: string, why: string, harms: boolean, };

export type WordView = { text: string, 
/**
 * What an update will do to this path, if it will not outlive one (A18).
 */
warning: string | null, };

export type UndoView = { 
/**
 * In the journal of changes.
 */
change: number, at: string, };

export type Preview = { steps: Array<StepView>, };

export type StepView = { sentence: string, 
/**
 * Of a file that is written: a unified diff, or a sentence in brackets where there is none to show.
 */
difference: string | null, };

export type SelfTest = { steps: Array<StepSeen>, 
/**
 * What to do, where the chain is broken.
 */
advice: string | null, };

export type StepSeen = { sentence: string, holds: boolean, };

export type SettingsView = { 
/**
 * Where they stand; empty where there is no home to keep them in.
 */
path: string, 
/**
 * Why the file cannot be used. The defaults hold meanwhile, and there are no sections.
 */
problem: Problem | null, sections: Array<SectionView>, 
/**
 * Whether Gateward itself starts at login; `None` where that cannot be known.
 */
starts_at_login: boolean | null, 
/**
 * The name of the setting whose last change can be taken back.
 */
undo: string | null, };

export type SectionView = { name: string, title: string, about: string | null, 
/**
 * Does what the page does not offer, to paste.
 */
command: string | null, fields: Array<FieldView>, };

export type FieldView = { 
/**
 * As in the file.
 */
field: string, label: string, help: string | null, control: Control, 
/**
 * The default in words, where something else is set.
 */
default: string | null, 
/**
 * The profile whose own window can be opened from here.
 */
opens: string | null, };

export type Control = { "control": "switch", on: boolean, } | { "control": "amount", value: string, unit: string, } | { "control": "text", value: string, placeholder: string, } | { "control": "choice", value: string, options: Array<ChoiceView>, };

export type ChoiceView = { value: string, label: string, };

export type SetupView = { title: string, 
/**
 * Where it stands.
 */
headline: string, 
/**
 * The step to take next; `None` when nothing is left to do.
 */
current: StepId | null, 
/**
 * Without those that mean nothing on this machine.
 */
steps: Array<WizardStep>, 
/**
 * The wizard is not to open by itself.
 */
dismissed: boolean, };

export type WizardStep = { id: StepId, title: string, 
/**
 * What the step is about.
 */
about: string, state: StepState, 
/**
 * The state as a word.
 */
standing: string, lines: Array<LineView>, problem: Problem | null, plan: Array<StepView>, 
/**
 * The advised one first.
 */
offers: Array<OfferView>, };

export type LineView = { text: string, mark: Mark, };

export type OfferView = { deed: Deed, label: string, 
/**
 * What is going to be run.
 */
command: string | null, };

export type SetupNews = { line: string, 
/**
 * It stands for the line before, as a clock does.
 */
replaces: boolean, };

export type StepId = "programs" | "container" | "wsl" | "gui-session" | "access" | "manager" | "others" | "port" | "config" | "plan" | "install" | "linger" | "proof" | "tray-host" | "afterwards";

export type StepState = "done" | "to-do" | "problem" | "skipped" | "not-here";

export type Mark = "plain" | "good" | "warning";

export type Deed = { "do": "fetch", with: PackageTool, } | { "do": "take-demo" } | { "do": "take-openclaw" } | { "do": "legacy", what: Legacy, } | { "do": "port", port: number, } | { "do": "set-mode" } | { "do": "install" } | { "do": "start" } | { "do": "finish" } | { "do": "revert" } | { "do": "linger" } | { "do": "seen", step: StepId, } | { "do": "skip", step: StepId, } | { "do": "look-again" } | { "do": "start-over" } | { "do": "dismiss" };

export type Legacy = "keep" | "remove";

export type PackageTool = "npm" | "pnpm" | "bun" | "brew";

export type Shown = { state: GatewayState, view: WindowView, };

export type About = { version: string, 
/**
 * Whether a tray icon is shown; without one, closing the window ends Gateward.
 */
tray: boolean, 
/**
 * BCP 47, for dates and numbers.
 */
locale: string, 
/**
 * The page that was asked for since the last answer, while the window could not listen.
 */
page: Page | null, 
/**
 * The person does not want to be led to the wizard.
 */
setup_dismissed: boolean, };

export type Opening = { about: About, 
/**
 * `None` before the first observation.
 */
shown: Shown | null, };

export type WindowView = { headline: string, tone: Tone, 
/**
 * What the verdict means and what is advised.
 */
why: string, 
/**
 * What Gateward will not do in this state.
 */
wont: string, remarks: Array<RemarkView>, actions: Array<ActionView>, 
/**
 * A stop under way.
 */
drain: Drain | null, 
/**
 * Always four: registered, supervised, port, answers.
 */
facts: Array<FactView>, 
/**
 * What will happen at logout, login and reboot; empty when nothing is registered.
 */
prospects: Array<ProspectView>, 
/**
 * What credentials ask of a person, as one sentence.
 */
plea: string | null, 
/**
 * `None` until somebody has looked at them.
 */
credentials: CredentialsView | null, 
/**
 * One for each of the state's incidents, in their order.
 */
backgrounds: Array<Background>, };

export type Background = { 
/**
 * Why it happened, and what helps.
 */
cause: string | null, 
/**
 * What helps, to paste.
 */
command: string | null, 
/**
 * What changed shortly before.
 */
changed: string | null, };

export type RemarkView = { sentence: string, 
/**
 * What helps, to paste.
 */
command: string, };

export type ProspectView = { 
/**
 * A heading: `When you log out`.
 */
occasion: string, 
/**
 * A sentence without a full stop.
 */
becomes: string, 
/**
 * How that is known: the facts that decide it.
 */
because: string, };

export type ActionView = { action: Action, label: string, 
/**
 * Why it cannot be asked for now; `None` when it can.
 */
reason: string | null, 
/**
 * The one that is advised.
 */
primary: boolean, };

export type FactView = { key: FactKey, title: string, standing: Standing, 
/**
 * One line.
 */
value: string, 
/**
 * Further lines, most telling first.
 */
details: Array<string>, source: string, read_at: string, };

export type FactKey = "registered" | "supervised" | "port" | "answers";

export type Standing = "holds" | "pending" | "rests" | "broken" | "unknown";

export type CredentialsView = { list: Array<CredentialView>, 
/**
 * What does not fit together, one sentence each.
 */
findings: Array<string>, read_at: string, };

export type CredentialView = { id: string, name: string, kind: string, 
/**
 * What it comes to.
 */
says: string, tone: Tone, source: string, ends_at: string | null, 
/**
 * Only a person can mend it.
 */
asks: boolean, sign_in: string | null, snoozed_until: string | null, };

export type Credentials = { read_at: string, 
/**
 * The one that needs a person soonest comes first.
 */
judged: Array<Judged>, findings: Array<Finding>, };

export type Judged = { standing: CredentialStanding, 
/**
 * What to type to renew it, where a program for that is known.
 */
sign_in: string | null, 
/**
 * Nothing is said about it before.
 */
snoozed_until: string | null, 
/**
 * Stable over renewals, restarts and sources: `anthropic:default`, `work/anthropic:default` of another agent, `claude-cli`.
 */
id: string, provider: string, profile: string, kind: CredentialKind, expiry: Expiry, renewal: Renewal, failure: Failure | null, confidence: Confidence, 
/**
 * A path, a command, or the gateway's own method, as an operator would name it.
 */
source: string, };

export type CredentialStanding = "ok" | "static" | "renews" | "overdue" | "expiring" | "expired" | "missing" | "failing" | "unknown";

export type CredentialKind = "api-key" | "token" | "oauth" | "certificate" | "gateway-token" | "gateway-password" | "own";

export type Expiry = { "ends": "never" } | { "ends": "at", at: string, } | { "ends": "missing" } | { "ends": "over" } | { "ends": "unknown", why: Doubt, };

export type Doubt = "damaged" | "unreadable" | "no-moment" | "not-told" | "no-answer" | "unmigrated";

export type Renewal = "itself" | "by-person" | "unknown";

export type Failure = { at: string | null, reason: FailureReason, };

export type FailureReason = "refused" | "renewal-failed" | "billing";

export type Confidence = "told" | "read" | "inferred";

export type Finding = { "finding": "token-drift", variable: string, source: string, } | { "finding": "token-baked", variable: string, source: string, } | { "finding": "variables-missing", names: Array<string>, };

/** A variable whose value is secret, judged by its name. */
export const SECRET_NAME = /(?:^|[^A-Z0-9])(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|CREDENTIALS|COOKIE|APIKEY|DSN|(?:API|ACCESS|PRIVATE|SECRET|SIGNING|ENCRYPTION|AUTH|MASTER|SESSION|SERVICE)[^A-Z0-9]KEY)(?:[^A-Z0-9]|$)|^KEY$|DATABASE_URL$/i;
