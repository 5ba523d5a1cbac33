//! The table. The order counts within a line: a mark that says more stands before one that says less.

use super::Known;
use crate::model::{EXIT_CONFIG, Exit};

const fn by(id: &'static str, marks: &'static [&'static str]) -> Known {
    Known { id, marks, exits: &[], command: None, from_outside: false }
}

impl Known {
    const fn paste(self, command: &'static str) -> Self {
        Self { command: Some(command), ..self }
    }

    /// The text tells of a force from outside, so it also explains an end by somebody's signal.
    const fn from_outside(self) -> Self {
        Self { from_outside: true, ..self }
    }

    const fn ends(self, exits: &'static [Exit]) -> Self {
        Self { exits, ..self }
    }
}

const fn code(code: i32) -> Exit {
    Exit::Code { code }
}

const fn signal(signal: i32) -> Exit {
    Exit::Signal { signal, core: false }
}

const fn dumped(signal: i32) -> Exit {
    Exit::Signal { signal, core: true }
}

pub const KNOWN: &[Known] = &[
    // Ports and other gateways (OC 9.6, observed 3.5).
    by(
        "waits-for-port",
        &["already running under systemd; waiting", "already running under*retrying startup"],
    )
    .paste("gateward status"),
    by(
        "another-gateway",
        &[
            "another gateway instance is already listening on ws://127.0.0.1:{}",
            "gateway already running (pid {})",
        ],
    )
    .paste("gateward status"),
    by("port-in-use", &["eaddrinuse: address already in use {}", "eaddrinuse {}", "eaddrinuse"])
        .paste("gateward status"),
    by("port-forbidden", &["listen eacces: permission denied {}"])
        .paste("openclaw config set gateway.port 18789"),
    by("address-missing", &["listen eaddrnotavail: address not available {}"])
        .paste("openclaw config set gateway.bind loopback"),
    by("bind-failed", &["failed to bind gateway socket on {}"]).paste("gateward status"),
    by("gateway-lock", &["another openclaw process owns gateway-lifecycle", "lock timeout after"])
        .paste("gateward status"),
    by("state-lock", &["another openclaw process owns state-lifecycle"]),
    by("system-service", &["system-ownership-unverified", "system launchdaemon with the same label"]),
    by("stopped-often", &["stopped after sigterm {} times"]).paste("gateward history"),
    by("breaker", &["crash-loop breaker", "channels suppressed after*unclean boots"])
        .paste("gateward history"),
    // Configuration (OC 9.9, 13.1).
    by("bind-without-auth", &["refusing to bind gateway to {} without auth", "refusing to bind gateway"])
        .paste("openclaw config set gateway.bind loopback"),
    by(
        "no-mode",
        &[
            "set gateway.mode=local",
            "gateway.mode is missing",
            "no gateway.mode found",
            "gateway.mode is unset",
        ],
    )
    .paste("openclaw config set gateway.mode local"),
    by("mode-remote", &["gateway.mode=remote", "gateway.mode is remote"])
        .paste("openclaw config set gateway.mode local"),
    by("no-config", &["missing config. run"]).paste("openclaw setup"),
    by("password-missing", &["gateway auth mode is password, but no password"])
        .paste("openclaw config set gateway.auth.mode token"),
    by(
        "token-missing",
        &["gateway auth mode is token, but no token", "gateway auth is set to token, but no token"],
    )
    .paste("openclaw doctor"),
    by("auth-ambiguous", &["gateway.auth.token*gateway.auth.password*gateway.auth.mode"])
        .paste("openclaw config set gateway.auth.mode token"),
    by("tailscale-needs", &["tailscale {} requires"]).paste("openclaw config set gateway.tailscale.mode off"),
    by("bad-port", &["invalid --port", "invalid gateway.port", "invalid port"])
        .paste("openclaw config set gateway.port 18789"),
    by("unknown-key", &["unrecognized key: \"{}\"", "unrecognized key(s) in object: '{}'"])
        .paste("openclaw doctor --fix"),
    by(
        "config-syntax",
        &[
            "json5: invalid*at {}",
            "failed to parse config",
            "failed to read config at {}",
            "unexpected token*in json",
        ],
    )
    .paste("openclaw doctor"),
    by("config-invalid", &["config invalid", "invalid config"]).paste("openclaw doctor"),
    by("secret-unresolved", &["secretref*unresolved", "unresolved secretref", "missing env var \"{}\""])
        .paste("gateward install --force --env-file FILE"),
    by("start-blocked", &["gateway start blocked: {}", "gateway start blocked"]).paste("openclaw doctor"),
    by("auth-migration", &["auth_profile_migration_required"]).paste("openclaw doctor --fix"),
    // Memory, disk and files.
    by(
        "heap-full",
        &["javascript heap out of memory", "reached heap limit", "invalid array length allocation failed"],
    ),
    by(
        "killed-for-memory",
        &[
            "result 'oom-kill'",
            "a process of this unit has been killed by the oom killer",
            "killed by the oom killer",
            "out of memory: killed process",
        ],
    )
    .from_outside(),
    by("no-memory", &["enomem", "cannot allocate memory", "std::bad_alloc"]),
    by("watches-used-up", &["enospc: system limit for number of file watchers"])
        .paste("sysctl fs.inotify.max_user_watches"),
    by("disk-full", &["enospc", "no space left on device", "sqlite_full", "database or disk is full"])
        .paste("df -h ~"),
    by("quota", &["edquot", "disk quota exceeded"]).paste("df -h ~"),
    by(
        "read-only",
        &["erofs", "read-only file system", "sqlite_readonly", "attempt to write a readonly database"],
    ),
    by("too-many-files", &["emfile", "enfile", "too many open files"]),
    by("database-locked", &["sqlite_busy", "database is locked"]).paste("gateward status"),
    by(
        "database-broken",
        &["sqlite_corrupt", "database disk image is malformed", "file is not a database", "sqlite_notadb"],
    ),
    by("database-unopened", &["sqlite_cantopen", "unable to open database file"]),
    // Node and its modules (A7, A18).
    by("no-sqlite", &["node:sqlite is unavailable", "no such built-in module: node:sqlite"])
        .paste("gateward install --force"),
    by(
        "abi",
        &["was compiled against a different node.js version", "node_module_version {}", "err_dlopen_failed"],
    )
    .paste("npm rebuild --global openclaw"),
    by(
        "wrong-machine",
        &[
            "invalid elf header",
            "wrong elf class",
            "mach-o*incompatible architecture",
            "is not a valid win32 application",
            "exec format error",
        ],
    )
    .paste("npm install --global openclaw@latest"),
    by("glibc-old", &["version `glibc_{}' not found", "version `glibcxx_{}' not found"]),
    by(
        "entry-missing",
        &[
            "cannot find module '{}/dist/index.js'",
            "cannot find module '{}/dist/entry.js'",
            "cannot find module '{}openclaw.mjs'",
        ],
    )
    .paste("npm install --global openclaw@latest"),
    by("module-missing", &["cannot find module '{}'", "cannot find package '{}'", "err_module_not_found"])
        .paste("npm install --global openclaw@latest"),
    by("node-old", &["requires node {}", "unsupported engine", "openclaw requires node", "bad option: --{}"])
        .paste("gateward install --force"),
    by("syntax", &["syntaxerror: {}"]).paste("npm install --global openclaw@latest"),
    by(
        "node-missing",
        &[
            "env: 'node': no such file",
            "env: ‘node’: no such file",
            "env: node: no such file",
            "node: command not found",
            "node: not found",
        ],
    )
    .ends(&[code(127)])
    .paste("gateward install --force"),
    by("node-options", &["is not allowed in node_options"]),
    // Credentials and the network.
    by("token-mismatch", &["gateway token mismatch", "device token mismatch", "auth_token_mismatch"])
        .paste("openclaw doctor"),
    by("bot-twice", &["terminated by other getupdates request", "409: conflict"]),
    by(
        "login-expired",
        &["refresh_token_reused", "oauth token has expired", "oauth token refresh failed", "invalid_grant"],
    )
    .paste("openclaw models auth login"),
    by(
        "unauthorised",
        &["401 unauthorized", "status 401", "invalid api key", "invalid x-api-key", "http 401"],
    )
    .paste("openclaw models status"),
    by(
        "certificate",
        &[
            "unable to get local issuer certificate",
            "unable_to_verify_leaf_signature",
            "self-signed certificate",
            "cert_has_expired",
        ],
    ),
    by("no-name", &["getaddrinfo eai_again {}", "getaddrinfo enotfound {}"]),
    by(
        "unreachable",
        &["connect econnrefused {}", "enetunreach", "ehostunreach", "connect etimedout {}", "fetch failed"],
    ),
    // Programs and permissions; the numbers from 200 on are systemd's own (systemd.exec(5)).
    by("working-dir", &["failed at step chdir", "changing to the requested working directory failed"])
        .ends(&[code(200)]),
    by("not-executable", &["failed at step exec", "failed to execute {}:"])
        .ends(&[code(203), code(126)])
        .paste("gateward install --force"),
    by("log-unwritable", &["failed at step stdout", "failed to set up standard output"]).ends(&[code(209)]),
    by("env-file", &["failed to load environment files"]).paste("gateward install --force"),
    by("permission", &["eacces: permission denied, * '{}'", "eperm: operation not permitted, * '{}'"]),
    by("file-missing", &["enoent: no such file or directory, * '{}'"]),
    // The service manager's own results.
    by("start-timeout", &["result 'timeout'", "start operation timed out"]).from_outside(),
    by("watchdog", &["result 'watchdog'", "watchdog timeout"]).from_outside(),
    // Ends that say something by themselves.
    by("native-crash", &["segmentation fault", "bus error"]).ends(&[
        code(139),
        signal(11),
        dumped(11),
        signal(7),
        dumped(7),
    ]),
    by("aborted", &["fatal error: {}", "assertion failed"]).ends(&[code(134), signal(6), dumped(6)]),
    by("illegal-instruction", &["illegal instruction"]).ends(&[code(132), signal(4), dumped(4)]),
    by("killed", &[]).ends(&[code(137), signal(9)]),
    by("hung-up", &[]).ends(&[code(129), signal(1)]),
    by("by-usr2", &["restart ignored (not authorized"])
        .ends(&[signal(12), code(140)])
        .paste("openclaw config set commands.restart true"),
    by("refused-config", &[]).ends(&[code(EXIT_CONFIG)]).paste("openclaw doctor"),
    by(
        "uncaught",
        &[
            "uncaught exception",
            "unhandled promise rejection",
            "unhandledpromiserejection",
            "triggeruncaughtexception",
        ],
    ),
];
