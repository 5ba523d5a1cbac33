use super::*;
use crate::words::Words;

/// Real text of gateways, Node.js, systemd and kernels, with the cause it means and the value it names.
const TEXTS: &[(&str, &str, &str)] = &[
    (
        "2026-11-22T13:35:10.056+00:00 [gateway] already running under systemd; waiting 5000ms before retrying startup",
        "waits-for-port",
        "",
    ),
    (
        "Gateway failed to start: another gateway instance is already listening on ws://127.0.0.1:18789 | listen EADDRINUSE: address already in use 127.0.0.1:18789",
        "another-gateway",
        "18789",
    ),
    (
        "Gateway failed to start: gateway already running (pid 4711); lock timeout after 5000ms",
        "another-gateway",
        "4711",
    ),
    ("Error: listen EADDRINUSE: address already in use :::18789", "port-in-use", "18789"),
    ("  code: 'EADDRINUSE',", "port-in-use", ""),
    ("Error: listen EACCES: permission denied 0.0.0.0:443", "port-forbidden", "0.0.0.0:443"),
    (
        "Error: listen EADDRNOTAVAIL: address not available 100.101.102.103:18789",
        "address-missing",
        "100.101.102.103:18789",
    ),
    (
        "Gateway failed to start: failed to bind gateway socket on ws://192.168.7.9:18789 (EINVAL)",
        "bind-failed",
        "ws://192.168.7.9:18789",
    ),
    (
        "Doctor could not enter maintenance: another OpenClaw process owns gateway-lifecycle",
        "gateway-lock",
        "",
    ),
    (
        "{\"ok\":false,\"error\":{\"type\":\"cli_error\",\"message\":\"another OpenClaw process owns state-lifecycle\"}}",
        "state-lock",
        "",
    ),
    (
        "Gateway install blocked: Error: SERVICE_DEFINITION_UNKNOWN: [system-ownership-unverified] do not create a competing user service.",
        "system-service",
        "",
    ),
    (
        "[lifecycle] stopped after SIGTERM 5 times in 5 min: another supervisor may be managing this Gateway",
        "stopped-often",
        "5",
    ),
    ("[gateway] crash-loop breaker open: channels stay off", "breaker", ""),
    ("Refusing to bind gateway to lan without auth.", "bind-without-auth", "lan"),
    ("refusing to bind gateway: set gateway.auth.token", "bind-without-auth", ""),
    (
        "Gateway start blocked: set gateway.mode=local (current: unset) or pass --allow-unconfigured.",
        "no-mode",
        "",
    ),
    ("No gateway.mode found in /home/anna/.openclaw/openclaw.json", "no-mode", ""),
    ("Gateway start blocked: gateway.mode is remote", "mode-remote", ""),
    (
        "Missing config. Run `openclaw setup` or set gateway.mode=local (or pass --allow-unconfigured).",
        "no-mode",
        "",
    ),
    ("Missing config. Run `openclaw setup` first.", "no-config", ""),
    ("Gateway auth mode is password, but no password was configured.", "password-missing", ""),
    ("Gateway auth is set to token, but no token is configured.", "token-missing", ""),
    (
        "gateway.auth.token and gateway.auth.password are both set; choose one with gateway.auth.mode",
        "auth-ambiguous",
        "",
    ),
    ("tailscale funnel requires gateway auth mode=password", "tailscale-needs", "funnel"),
    ("Invalid --port. Use a port number from 1 to 65535", "bad-port", ""),
    ("- gateway: Unrecognized key: \"colour\"", "unknown-key", "colour"),
    (
        "Failed to read config at /home/anna/.openclaw/openclaw.json SyntaxError: JSON5: invalid character 'x' at 3:7",
        "config-syntax",
        "3:7",
    ),
    ("SyntaxError: Unexpected token } in JSON at position 42", "config-syntax", ""),
    ("Config invalid", "config-invalid", ""),
    (
        "MissingEnvVarError: Missing env var \"TELEGRAM_TOKEN\" referenced at config path: channels.telegram.botToken",
        "secret-unresolved",
        "TELEGRAM_TOKEN",
    ),
    ("Gateway start blocked: existing state is newer", "start-blocked", "existing"),
    ("AUTH_PROFILE_MIGRATION_REQUIRED: run openclaw doctor --fix", "auth-migration", ""),
    ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "heap-full", ""),
    (
        "openclaw-gateway.service: A process of this unit has been killed by the OOM killer.",
        "killed-for-memory",
        "",
    ),
    ("openclaw-gateway.service: Failed with result 'oom-kill'.", "killed-for-memory", ""),
    ("Error: spawn ENOMEM", "no-memory", ""),
    (
        "Error: ENOSPC: System limit for number of file watchers reached, watch '/home/anna/.openclaw'",
        "watches-used-up",
        "",
    ),
    ("Error: ENOSPC: no space left on device, write", "disk-full", ""),
    ("SqliteError: database or disk is full", "disk-full", ""),
    ("Error: EDQUOT: disk quota exceeded, write", "quota", ""),
    ("Error: EROFS: read-only file system, open '/home/anna/.openclaw/x'", "read-only", ""),
    ("Error: EMFILE: too many open files, open '/proc/self/stat'", "too-many-files", ""),
    ("Error: database is locked  errcode: 5", "database-locked", ""),
    ("Error: database disk image is malformed", "database-broken", ""),
    ("SQLITE_CANTOPEN: unable to open database file", "database-unopened", ""),
    ("Node 20.20.2: node:sqlite is unavailable", "no-sqlite", ""),
    ("was compiled against a different Node.js version using", "abi", ""),
    ("NODE_MODULE_VERSION 127. This version of Node.js requires", "abi", "127"),
    ("Error: /opt/x/build/Release/better_sqlite3.node: invalid ELF header", "wrong-machine", ""),
    (
        "node: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by node)",
        "glibc-old",
        "2.38",
    ),
    ("Error: Cannot find module '/opt/openclaw/dist/index.js'", "entry-missing", "/opt/openclaw"),
    ("Error: Cannot find module 'tslog'", "module-missing", "tslog"),
    (
        "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'libsignal' imported from /opt/openclaw/dist/x.js",
        "module-missing",
        "libsignal",
    ),
    ("openclaw requires Node >=24.16.0", "node-old", ">=24.16.0"),
    ("/usr/bin/node: bad option: --max-semi-space-size-mb", "node-old", "max-semi-space-size-mb"),
    ("SyntaxError: Unexpected identifier 'using'", "syntax", "Unexpected"),
    ("/usr/bin/env: 'node': No such file or directory", "node-missing", ""),
    ("/usr/bin/node: --expose-gc is not allowed in NODE_OPTIONS", "node-options", ""),
    (
        "unauthorized: gateway token mismatch (set gateway.remote.token to match gateway.auth.token)",
        "token-mismatch",
        "",
    ),
    ("[telegram] getUpdates: 409: Conflict: terminated by other getUpdates request", "bot-twice", ""),
    ("OAuth token refresh failed for openai-codex: refresh_token_reused", "login-expired", ""),
    ("HTTP 401 authentication_error: invalid x-api-key", "unauthorised", ""),
    ("Error: unable to get local issuer certificate", "certificate", ""),
    ("Error: getaddrinfo ENOTFOUND api.telegram.org", "no-name", "api.telegram.org"),
    ("Error: connect ECONNREFUSED 127.0.0.1:11434", "unreachable", "127.0.0.1:11434"),
    ("TypeError: fetch failed", "unreachable", ""),
    (
        "openclaw-gateway.service: Failed at step CHDIR spawning /usr/bin/node: No such file or directory",
        "working-dir",
        "",
    ),
    (
        "openclaw-gateway.service: Failed at step EXEC spawning /opt/node/bin/node: No such file or directory",
        "not-executable",
        "",
    ),
    ("openclaw-gateway.service: Failed to set up standard output: Permission denied", "log-unwritable", ""),
    ("openclaw-gateway.service: Failed to load environment files: No such file or directory", "env-file", ""),
    (
        "Error: EACCES: permission denied, open '/home/anna/.openclaw/openclaw.json'",
        "permission",
        "/home/anna/.openclaw/openclaw.json",
    ),
    (
        "Error: ENOENT: no such file or directory, open '/home/anna/.openclaw/key.pem'",
        "file-missing",
        "/home/anna/.openclaw/key.pem",
    ),
    ("openclaw-gateway.service: Failed with result 'timeout'.", "start-timeout", ""),
    ("openclaw-gateway.service: Failed with result 'watchdog'.", "watchdog", ""),
    ("Segmentation fault (core dumped)", "native-crash", ""),
    ("FATAL ERROR: v8::ToLocalChecked Empty MaybeLocal", "aborted", "v8::ToLocalChecked"),
    ("Illegal instruction (core dumped)", "illegal-instruction", ""),
    ("SIGUSR1 restart ignored (not authorized; enable commands.restart or use gateway tool)", "by-usr2", ""),
    ("[openclaw] Uncaught exception: TypeError: x is not a function", "uncaught", ""),
];

#[test]
fn each_text_has_the_cause_it_means() {
    for (text, id, what) in TEXTS {
        let found = of_line(text).unwrap_or_else(|| panic!("nothing known of: {text}"));
        assert_eq!((found.known.id, found.what.as_deref().unwrap_or_default()), (*id, *what), "{text}");
    }
}

#[test]
fn every_cause_is_reached_by_a_text_or_an_end() {
    let reached = |known: &&Known| TEXTS.iter().any(|(_, id, _)| *id == known.id) || !known.exits.is_empty();
    let silent: Vec<_> = KNOWN.iter().filter(|known| !reached(known)).map(|known| known.id).collect();
    assert!(silent.is_empty(), "{silent:?}");
    assert!(KNOWN.len() >= 40, "{}", KNOWN.len());
}

#[test]
fn every_cause_has_words_and_a_fix_and_no_words_are_left_over() {
    let words = Words::english();
    for known in KNOWN {
        for prefix in ["cause", "fix"] {
            assert!(words.find(&format!("{prefix}-{}", known.id), &[]).is_some(), "{prefix}-{}", known.id);
        }
        let names_value = known.marks.iter().any(|mark| mark.contains("{}"));
        let tells_value = words.find(&format!("cause-{}-what", known.id), &[]).is_some();
        assert!(!tells_value || names_value, "cause-{}-what is never filled", known.id);
    }
    let catalogue = include_str!("../../locales/en/cause.ftl");
    let keys = catalogue.lines().filter_map(|line| line.strip_prefix("fix-")?.split(" =").next());
    for key in keys {
        assert!(named(key).is_some(), "fix-{key} explains nothing");
    }
}

#[test]
fn names_are_used_once_and_marks_are_lower_case() {
    let mut ids: Vec<_> = KNOWN.iter().map(|known| known.id).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    let marks = KNOWN.iter().flat_map(|known| known.marks);
    marks.for_each(|mark| assert_eq!(*mark, mark.to_ascii_lowercase()));
}

#[test]
fn no_end_has_two_causes() {
    let ends: Vec<Exit> = KNOWN.iter().flat_map(|known| known.exits.iter().copied()).collect();
    assert!(ends.iter().all(|end| ends.iter().filter(|other| *other == end).count() == 1));
}

fn lines(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn the_newest_line_that_says_something_counts() {
    let said = lines(&["Error: ENOSPC: no space left on device", "Config invalid", "at main (x.js:1)"]);
    assert_eq!(explain(&said, Some(Exit::Code { code: 1 })).unwrap().known.id, "config-invalid");
}

#[test]
fn silence_is_explained_by_the_end() {
    let end = Some(Exit::Signal { signal: 11, core: true });
    assert_eq!(explain(&lines(&["ready"]), end).unwrap().known.id, "native-crash");
    assert_eq!(explain(&lines(&["ready"]), Some(Exit::Code { code: 3 })), None);
}

#[test]
fn a_complaint_does_not_explain_why_somebody_killed_it() {
    let killed = Some(Exit::Signal { signal: 9, core: false });
    assert_eq!(explain(&lines(&["TypeError: fetch failed"]), killed).unwrap().known.id, "killed");
    let by_kernel = lines(&["TypeError: fetch failed", "x.service: Failed with result 'oom-kill'."]);
    assert_eq!(explain(&by_kernel, killed).unwrap().known.id, "killed-for-memory");
}
