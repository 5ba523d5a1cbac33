# Words of: window

window-title = Gateward
window-title-profile = Gateward · { $profile }
window-skip = Skip to the page
window-pages = Pages
window-page-overview = Overview
window-page-logs = Logs
window-page-history = History
window-page-environment = Environment
window-page-credentials = Credentials
window-page-settings = Settings
window-page-setup = Setup
window-setup-open = Set up step by step…
window-profile = Profile { $profile }
window-version = Gateward { $version }
window-no-tray = This desktop shows no tray icons. Closing this window ends Gateward; the gateway keeps running.

window-loading = Looking at the gateway…
window-lost = Gateward itself does not answer.
window-lost-hint = The window shows nothing rather than something old. Close it and open it again.
window-page-failed = This page could not be drawn.
window-try-again = Try again

# Tones, for those who do not see the icon.
window-tone-good = Good
window-tone-working = Under way
window-tone-idle = At rest
window-tone-attention = Needs a look
window-tone-problem = Problem
window-tone-unknown = Unknown

# Actions: the command line’s verbs.
window-actions = Actions
window-do-install = Install
window-do-uninstall = Uninstall
window-do-start = Start
window-do-stop = Stop
window-do-disable = Stop and stay stopped
window-do-restart = Restart
window-do-repair = Repair
window-reason = { $labels }: { $reason }

# A stop under way.
window-drain = Stop under way
window-drain-finishing = The gateway is finishing its work.
window-drain-awaits = The gateway is finishing: { $names }
window-drain-left = It has { $left } left, then it is killed.
window-drain-force = Don’t wait: kill it now
window-check-now = Check now
window-dashboard = Open dashboard

# The four facts. The value is a sentence without a full stop; details follow it.
window-facts = From definition to answer
window-facts-help = Each fact says where it was read and when. The first broken link is usually the place to look.
window-fact-registered = Registered
window-fact-supervised = Supervised
window-fact-port = Port
window-fact-answers = Answers
window-fact-source = Source
window-fact-read = Read
window-standing-holds = holds
window-standing-pending = under way
window-standing-rests = not there, and need not be
window-standing-broken = broken here
window-standing-unknown = not known
window-link-broken = Broken link

window-registered-missing = Not written down
window-registered-missing-at = It would be { $file }
window-registered-by-gateward = Written by Gateward
window-registered-by-openclaw = Written by OpenClaw { $generation }
window-registered-by-foreign = Written by someone else
window-registered-unknown = Cannot be read
window-registered-stale = The file has changed since the service manager loaded it
window-registered-drop-ins = { $n ->
    [one] One drop-in changes it
   *[other] { $n } drop-ins change it
}

window-supervised-running = Running · process { $pid }
window-supervised-running-for = Running · process { $pid } · { $for }
window-supervised-starting = Starting
window-supervised-waiting = Ended; will be started again
window-supervised-stopping = Stopping
window-supervised-killed-in = Killed in { $left } unless it ends before
window-supervised-stopped = Stopped
window-supervised-gave-up = No longer restarted
window-supervised-unloaded = Not loaded
window-supervised-absent = Not known to the service manager
window-supervised-unknown = The service manager could not be asked
window-supervised-restarts = { $n ->
    [one] Restarted once by itself
   *[other] Restarted { $n } times by itself
}
window-supervised-last-exit = Last end: { $exit }

window-port-free = { $port } · nobody listens
window-port-service = { $port } · held by the service
window-port-gateway = { $port } · held by another gateway
window-port-stranger = { $port } · held by { $program }
window-port-hidden = { $port } · held by someone the system does not show
window-port-unknown = { $port } · owner could not be found out
window-port-owner = { $program }, process { $pid }, user { $user }
window-port-address = On { $address }
window-port-started-by = Started by { $unit }

window-answers-ready = Ready · { $ms } ms
window-answers-version = OpenClaw { $version }
window-answers-live = Alive, not ready
window-answers-failing = Missing: { $names }
window-answers-silent = No answer within { $ms } ms
window-answers-refused = Nobody answers
window-answers-not-gateway = Something else answers
window-answers-saw = It said: { $saw }
window-answers-unknown = Could not be asked

window-exit-code = exit code { $code }
window-exit-signal = signal { $signal }
window-exit-core = signal { $signal }, with a core dump

# What the gateway uses.
window-pulse = At the moment
window-pulse-uptime = Up for
window-pulse-cpu = Processor
window-pulse-memory = Memory
window-pulse-latency = Answer
window-pulse-none = –
window-pulse-told = { $now } now, at most { $most } in the last minutes

# What will happen by itself. The grounds are joined by ground-and.
window-prospects = What will happen
prospect-logout = When you log out
prospect-login = When you log in
prospect-reboot = When the computer restarts
becomes-runs-on = It keeps running
becomes-ends = It ends
becomes-starts = It starts
becomes-starts-at-login = It starts only when you log in
becomes-stays-stopped = It stays stopped
becomes-refused = It cannot start
becomes-unknown = Not known
ground-and = {", "}
ground-at-rest = it is not running
ground-manager-silent = the service manager does not answer
ground-lingers = lingering is on for this account
ground-lingers-not = lingering is off for this account
ground-linger-unknown = nobody tells whether this account lingers
ground-autostart = it is set to start by itself
ground-no-autostart = it is not set to start by itself
ground-forbidden = its start is forbidden until someone allows it again
ground-autostart-unknown = nobody tells whether it starts by itself
ground-sessions-manager = its service manager lives from login to logout
ground-detached = it belongs to no login session
ground-sessions-process = Windows ends every program of the session
ground-cron = a line in the crontab starts it

# Problem card.
window-problem = What went wrong
window-problem-cause = The tool’s own words
window-problem-next = What to do next
window-problem-code = Search for it as { $code }
window-dismiss = Dismiss
window-copy = Copy
window-copy-what = Copy: { $what }
window-copied = Copied
window-not-copied = Could not be copied

# Incidents.
window-history-time = Time
window-history-days = { $n ->
    [one] 1 day
   *[other] { $n } days
}
window-history-failed = The history cannot be read
window-history-summary = How it was
window-history-up = Up, of the time that is known
window-history-crashes = Crashes
window-history-outage = Longest outage
window-history-reasons = Why
window-history-times = { $n } ×
window-timeline = { $n ->
    [0] Timeline without an outage
    [one] Timeline with one outage
   *[other] Timeline with { $n } outages
}
window-being-up = Up
window-being-down = Down
window-being-stopped = Stopped on purpose
window-being-unknown = Nobody watched
window-notices = What you were told
window-notices-none = Nothing yet.
window-notice-off = switched off
window-notice-quiet = held back in quiet hours
window-notice-limited = left out: too many within an hour
window-incidents = What happened
window-incidents-none = Nothing has happened yet
window-incidents-none-why = Starts, stops and crashes of the gateway are listed here.
window-incident-started = Started
window-incident-stopped = Stopped
window-incident-restarted = Restarted by itself
window-incident-crash = Crashed
window-incident-gave-up = No longer restarted
window-incident-config-error = Refused its configuration
window-incident-hung = Stopped answering
window-incident-recovered = Recovered
window-incident-installed = Service installed
window-incident-uninstalled = Service removed
window-incident-signal-ignored = Ignored a restart signal
window-incident-port-taken = Port taken
window-incident-config-changed = Configuration written
window-incident-definition-changed = Definition changed
window-incident-version-changed = Version changed
window-incident-slept = Computer slept
window-incident-clock-jumped = Clock set
window-incident-credential-ending = Credential comes to its end
window-incident-credential-over = Credential ended, missing, or refused
window-incident-credential-renewed = Credential works again
window-incident-by-openclaw = through OpenClaw’s command line
window-incident-by-systemctl = with systemctl
window-incident-by-oom-killer = memory ran out
window-incident-by-logout = end of the login session
window-incident-by-shutdown = shutdown
window-incident-killed-at-deadline = Killed: it did not end in time
window-incident-by-gateward = through Gateward
window-incident-by-outside = from outside Gateward
window-incident-pid = process { $pid }
window-incident-after = after { $for }
window-incident-restarts = restart { $n }
window-last-words = Last { $n ->
    [one] line
   *[other] { $n } lines
} before it
window-ago-now = just now
window-more = { $n ->
    [one] One older entry
   *[other] { $n } older entries
}

# Logs.
window-logs-search = Search everything
window-logs-search-hint = Regular expression
window-logs-ignore-case = Ignore case
window-logs-find = Find
window-logs-previous = Older hit
window-logs-next = Newer hit
window-logs-searching = { $hits } found so far · { $percent } %
window-logs-searching-journal = { $hits } found so far · looking through the journal, { $entries } entries
window-logs-no-hit = Found in no line
window-logs-hits = Found in { $hits ->
    [one] one line
   *[other] { $hits } lines
}
window-logs-hit-of = { $hit } of { $hits }
window-logs-filter = Filter
window-logs-filter-hint = Text in the line
window-logs-level = From level
window-logs-subsystem = Subsystem
window-logs-range = Time
window-logs-range-all = All
window-logs-range-15m = Last 15 minutes
window-logs-range-1h = Last hour
window-logs-range-24h = Last 24 hours
window-logs-range-own = From … to …
window-logs-since = From
window-logs-until = To
window-logs-time-hint = 15m, 12:00, 2026-11-22 12:00
window-logs-sources = Sources: { $shown } of { $all }
window-logs-incident = Go to
window-logs-incident-choose = What happened…
window-level-all = All
window-level-debug = Debug
window-level-info = Info
window-level-warn = Warning
window-level-error = Error
window-level-unknown = –
window-logs-pause = Pause
window-logs-resume = Resume
window-logs-end = Go to newest
window-logs-clear = Clear
window-logs-collapse = Collapse repeats
window-logs-times = { $n } ×
window-logs-shown = the lines on this page
window-logs-save = Save
window-logs-saved = { $n ->
    [one] One line was
   *[other] { $n } lines were
} saved as { $path }
window-logs-saved-cut = The newest { $n } lines were saved as { $path }; older ones had no room.
window-logs-line = The chosen line in full
window-logs-list = Log lines
window-logs-reading = Reading the log…
window-logs-none = No log lines yet
window-logs-none-why = New lines appear here as the gateway writes them.
window-logs-nothing-fits = No line fits the filter
window-logs-count-all = { $kept ->
    [one] One line
   *[other] { $kept } lines
} loaded
window-logs-size = { $size } in files
window-logs-size-journal = journal (no size is told)
window-logs-growth = growing by { $size } a minute
window-logs-paused = Paused · { $waiting ->
    [one] one new line waits
   *[other] { $waiting } new lines wait
}
window-logs-full = At most { $most } lines are held here; more are read as you scroll.
window-logs-cut = … { $n } more characters
window-logs-here = Show the log

# Environment.
window-environment-none = No service is installed, so nothing is written down yet
window-environment-none-why = Once it is installed, its command, folder and variables are shown here as the service manager reads them.
window-environment-unreadable = The definition could not be read
window-service = Service
window-variables = Variables
window-variables-none = The service sets no variables of its own.
window-variable-name = Name
window-variable-value = Value
window-variable-source = Source
window-variable-inline = in the definition
window-variable-secret = Secret; only its fingerprint is shown
window-command = Command
window-working-dir = Working folder
window-working-dir-none = Not set; the service manager’s own
window-file = Definition
window-drop-ins = Drop-ins
window-drop-ins-none = None
window-author = Author
window-environment-reading = Comparing the service with this session and OpenClaw’s configuration…
window-environment-nothing-wrong = Nothing is missing, stale or blocked.
window-environment-troubles = { $n ->
    [one] One variable needs a look
   *[other] { $n } variables need a look
}
window-environment-only-signed = Only those with a note
window-variable-add = Add a variable
window-variable-new-name = Name
window-variable-new-value = Value
window-variable-edit = Change
window-variable-edit-name = Change { $name }
window-variable-take = Take from this session
window-variable-take-name = Take { $name } from this session
window-variable-remove = Remove
window-variable-remove-name = Remove { $name }
window-variable-set = Note it
window-variable-cancel = Cancel
window-variable-secret-new = The new secret; the old one is never shown
window-working-dir-edit = Change the working folder
window-working-dir-hint = An absolute path; empty for the service manager’s own
window-node-use = Use { $path }
window-edits = { $n ->
    [one] One change, not applied yet
   *[other] { $n } changes, not applied yet
}
window-edit-set = { $name } becomes { $value }
window-edit-unset = { $name } goes
window-edit-working-dir = The working folder becomes { $path }
window-edit-working-dir-none = The working folder becomes the service manager’s own
window-edit-node = Node becomes { $path }
window-edit-drop = Leave out
window-edit-drop-name = Leave out: { $edit }
window-edits-preview = Show what would be done
window-edits-plan = What would be done
window-edits-apply = Apply and restart
window-edits-discard = Discard all
window-edits-undo = Undo the last change

# What is to be known of a variable; sign-why-* is its explanation.
variable-none = –
sign-missing = Missing
sign-why-missing = OpenClaw’s configuration refers to it, and nobody gives it to the gateway.
sign-blocked = Blocked
sign-why-blocked = Programs load foreign code through it, or OpenClaw lets no configuration set it: the gateway does not get it from there.
sign-stale = Stale
sign-why-stale = The service has an old copy; the configuration says something else by now ({ $other }).
sign-shadowed = Shadows another
sign-why-shadowed = The service’s value hides the one of the configuration or .env: { $other }
sign-only-in-session = Only in this session
sign-why-only-in-session = What works in a shell fails in the service: it does not get { $session }
sign-differs = Differs
sign-why-differs = This session has { $session }
locked-identity = It ties the service to its profile; reinstalling sets it.
locked-drop-in = It is set by { $source }, which goes on applying.
locked-blocked = Programs load foreign code through it, so a definition must not set it.
window-manager = Service manager
window-manager-systemd = systemd (user)
window-manager-launchd = launchd
window-manager-schtasks = Task Scheduler
window-manager-builtin = Gateward’s own

# The Settings page. The settings’ own words are in settings.ftl.
window-settings-loading = Reading the settings…
window-settings-changed = Changed: { $name }
window-settings-undo = Undo
window-settings-tray = Tray icon
window-settings-tray-check = Check again
window-settings-tray-checking = Looking for the place of the icon…
window-no-tray-why = Why?
window-settings-login = Start
window-settings-login-label = Start Gateward at login
window-settings-login-unknown = This desktop has no way to start programs at login that Gateward knows.
window-settings-open-profile = Open { $profile }
window-settings-path = These settings stand in
window-settings-default = Default: { $value }
window-settings-reset = Reset
window-settings-reset-name = Reset “{ $name }” to its default
