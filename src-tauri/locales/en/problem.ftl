# Problems: what we were doing and what stopped it. The cause (the tool's own words) and the hints are shown apart.

problem-bad-profile = “{ $name }” is not a profile name: { $reason ->
    [length] it has more than 64 characters
    [start] it must begin with a letter or digit
    [case] capital letters are not possible on this system
    [reserved] that name is reserved on this system
   *[letters] only letters, digits, “-” and “_” are possible
}.
problem-bad-port = “{ $value }” is not a port: it must be a whole number from 1 to 65535.
problem-bad-variable = The variable “{ $name }” cannot be used: { $reason ->
    [blocked] programs load foreign code through it, so a service definition must not set it
    [newline] its value holds a line break or a control character
    [identity] it ties the service to its profile, and only an installation sets it
    [drop-in] it is set by { $source }, which goes on applying
    [absent] the service has none of that name
    [not-here] this session has none of that name
   *[name] expected NAME=value with a name of letters, digits and “_”
}.
problem-bad-value = { $variable } cannot be used: { $reason ->
    [other-profile] it names another service than the chosen profile’s
    [time] it is no time such as 30s or 5m 30s
    [moment] “{ $value }” is no time such as 15m, 12:00 or 2026-11-22 12:00
    [no-plan] this command has no plan that could be shown; leave it out
    [newline] it holds a line break or a control character
    [empty] it is empty
    [ascii] it holds letters outside of ASCII, which a Windows script cannot carry
    [quote] it holds a double quote, which a Windows script cannot carry
    [length] it is longer than a line of a Windows script may be
    [not-absolute] “{ $value }” is not an absolute path
   *[letters] “{ $value }” holds characters that are not possible there
}.
problem-bad-pattern = This is no regular expression that can be searched for.
problem-secret-in-command = The service’s command holds a secret, so it cannot be written again.
problem-bad-working-dir = The working folder { $path } cannot be used: { $reason ->
    [missing] there is no such folder
   *[not-absolute] it is not an absolute path
}.
problem-no-home = Neither HOME nor USERPROFILE is set, so the gateway’s folders are unknown.
problem-no-node = No Node.js was found to run the gateway with.
problem-no-openclaw = OpenClaw was not found.
problem-program-missing = The program { $path } does not exist or cannot be run.
problem-config-invalid = The config { $path } cannot be read.
problem-config-unreadable = The config { $path } could not be opened.
problem-port-taken = Port { $port } is held by { $owner }.
problem-tool-missing = { $tool } is not installed, so this service manager cannot be used.
problem-not-systemd = This system was not started by systemd.
problem-no-user-bus = The user’s service manager cannot be reached from this shell.
problem-no-user-manager = No user service manager is running for { $user }.
problem-no-gui-session = { $user } has no desktop session on this Mac (gui/{ $uid }), and a LaunchAgent runs only inside one. Shells over SSH and under sudo have none.
problem-no-task-scheduler = Task Scheduler does not answer: the Windows service “Schedule” is not running.
problem-access-denied = The system refused access.
problem-unsupported = That is not possible with this service manager.
problem-step-failed = Step { $step } of { $steps } failed: { $command }
problem-tool-hung = { $command } did not finish within { $seconds } s.
problem-tool-answer-unreadable = The answer of { $command } could not be understood.
problem-unit-unknown = The service manager does not know { $unit }.
problem-unit-masked = { $unit } is masked: someone has forbidden its start.
problem-unit-unreadable = { $path } could not be read.
problem-unit-foreign = { $path } was written by someone else and is not an OpenClaw gateway. It was left alone.
problem-unit-invalid = systemd does not accept { $path }.
problem-unit-unsafe = { $path } { $reason ->
    [owner] belongs to another account
   *[writable] can be changed by other accounts
}; the service manager refuses such a file, and so does Gateward.
problem-legacy-services = Services under OpenClaw’s earlier names are still there: { $labels }. They would fight for the port.
problem-system-unit-exists = A system-wide { $unit } exists already. Two services would fight for the port.
problem-alert-failed = The alert over the route “{ $route }” was not delivered.
problem-settings-invalid = The settings { $path } cannot be used: { $field }
problem-no-update-source = This build of Gateward knows no place to ask for newer versions.
problem-update-unreachable = Whether there is a newer Gateward could not be asked.
problem-update-untrusted = The list of published versions is not believed: { $reason ->
    [signature] its publisher’s signature does not fit it.
    [unreadable] it is signed, but this Gateward does not understand it.
    [expired] it has expired.
   *[replayed] it is older than one that was seen before.
}
problem-bad-setting = The setting “{ $field }” was not changed: { $reason ->
    [secret] it is secret, and everybody on this machine can read command lines
    [unfit] the value does not fit
   *[empty] there is no value
}.
problem-no-such-setting = There is no setting “{ $field }”.
problem-read-failed = { $path } could not be read.
problem-write-failed = { $path } could not be written.
problem-not-installed = The gateway service is not installed.
problem-still-running = The gateway was asked to stop but is still running.
problem-still-switched-on = The gateway was to stay stopped, but it still starts at login or boot.
problem-did-not-start = The gateway did not start.
problem-gave-up = The gateway crashed again and again, and the service manager stopped restarting it.
problem-config-error = The gateway refuses its configuration (exit code 78).
problem-not-answering = The gateway runs, but did not answer on its port within { $waited } s.
problem-update-unproven = OpenClaw { $installed } is installed, but it does not answer: { $runs } does.
problem-foreign-owner = Port { $port } is held by another program: { $owner }.
problem-no-such-entry = The archive has no text “{ $name }”.
problem-no-such-rule = The doctor has no rule “{ $rule }”.
problem-not-mended = The doctor has looked again, and “{ $rule }” is still found.
problem-already-busy = Another action is under way.
problem-others-turn = Another Gateward is still changing something after { $minutes } minutes of waiting.
problem-change-interrupted = Change { $number } was cut off in the middle. It has to be finished or put back first.
problem-changed-by-hand = { $path } was changed by somebody else meanwhile. It is left as it is.
problem-no-such-change = There is no change { $number } in the journal.
problem-not-undoable = { $reason ->
    [none] There is no change that could be taken back
    [no-files] Change { $number } changed no file, so there is nothing to put back: start, stop and restart are taken back by one another
    [secrets] Change { $number } cannot be taken back: the files it replaced held secrets, which are not kept
    [state] Change { $number } is not in force: it was put back or taken back already
   *[as-before] Everything that change { $number } touched is already as it was before
}.
problem-inside-service = This shell runs inside the gateway service itself: it would be ended before the work is done.
problem-database-unusable = The incident history at { $path } cannot be used.
problem-not-possible-now = That is not possible now.
problem-no-host = No host runs this gateway, so there is nobody to restart it gracefully.
problem-host-already-runs = A host for this profile is already running with pid { $pid }.
problem-no-display = There is no display to show a window or a tray icon on.
problem-bad-answer = { $reason ->
    [json] The answers are not one JSON object with keys among { $allowed }.
    [unknown] The answers have a key “{ $key }”, which there is not. There are { $allowed }.
   *[value] The answer “{ $key }” cannot be used. Allowed: { $allowed }.
}
problem-no-answer = Nobody is there to be asked, and the answers do not say “{ $key }”. Allowed: { $allowed }.
problem-fetch-failed = { $command } failed.
problem-not-proven = The gateway is installed, but it is not proven that it works.
problem-cancelled = Nothing was changed.
problem-internal = Gateward itself made a mistake here.

hint-set-home = Set HOME to your home folder and try again:
hint-unset-variable = Unset the variable and try again:
hint-profile-form = A profile name looks like “work” or “home-2”.
hint-port-form = For example: --port 18789
hint-variable-form = Write it as NAME=value.
hint-openclaw-doctor = Let OpenClaw check its own config:
hint-secret-into-file = Reinstall with the secret in a file of NAME=VALUE lines:
hint-other-program = The service runs another program than OpenClaw; reinstall it to run it otherwise.
hint-this-helps = This helps:
hint-see-logs = See the last lines of the log:
hint-check-permissions = Check who owns the folder and whether you may write there:
hint-free-space = Check the free space:
hint-verify-unit = Let systemd say what it does not accept:
hint-see-unit = See what the service manager says of it:
hint-reload-manager = Let the service manager read its files again:
hint-reset-failed = Or clear only the start limit:
hint-unmask = Allow its start again:
hint-disable-system-unit = Stop the system-wide service first:
hint-run-in-foreground = Or run the gateway without a service manager:
hint-wsl-enable-systemd = Enable systemd in WSL:
hint-wsl-shutdown = Restart WSL, then open a new terminal:
hint-wsl-check = Check that the service manager is there:
hint-enable-linger = Let your services run without a login:
hint-set-runtime-dir = Tell this shell where the service manager is:
hint-not-with-sudo = Run it as the account that the gateway belongs to:
hint-who-am-i = Check which account this is:
hint-install-first = Install it first:
hint-see-process = See which program that is:
hint-overwrite-with-force = To overwrite it, add --force; a copy is kept beside it.
hint-see-running = See what is running:
hint-log-in-here = Log in at the Mac’s own screen as that user, then try again there.
hint-headless-mac = Without a screen: turn on automatic login for that user, or share the screen and log in once after each start.
hint-own-the-file = Make the file yours and writable for you only:
hint-move-away = Move the file out of the way and install again:
hint-use-own-shell = Open a Terminal of your own and try again.
hint-see-launchd-log = See why in the system’s own log:
hint-remove-daemon = Look at the system-wide service first; an administrator can remove it:
hint-start-again = Start it again:
hint-task-other-owner = The task may have been made by an administrator. Delete it in Task Scheduler as administrator, then install again.
hint-see-task = Ask Task Scheduler:
hint-start-task-scheduler = Start the service in an administrator’s PowerShell:
hint-start-service = Start it:
hint-stop-first = To stop it, with time to finish its work:
hint-restart-service = Restart it:
hint-watch-state = Follow what happens:
hint-remove-legacy = Remove them (their files go to the Trash):
hint-keep-legacy = Or leave them alone:
hint-stay-stopped = It starts by itself at the next login. To keep it stopped:
hint-see-status = See the whole state:
hint-reinstall = To write the definition anew:
hint-look-at-file = Look at the file first; with --force it is replaced:
hint-other-profile = Or give Gateward a profile of its own:
hint-say-yes = Say yes beforehand:
hint-see-port-owner = See who holds the port:
hint-see-owner = Look at the program that holds the port:
hint-install-other-port = Or take another port:
hint-keep-after-logout = To keep it running after logout:
hint-install-openclaw = Install OpenClaw:
hint-see-answers = See every key and what it may be:
hint-give-answers = Give it in a file:
hint-set-pnpm-up = pnpm has no folder for global programs yet. Run this, log in anew (or run the wizard in a new terminal), and try again:
hint-own-npm-prefix = npm may not write to the system’s folder. Give it a folder of your own, then try again:
hint-try-by-hand = Try it yourself in a terminal; what was done before is kept:
hint-name-openclaw = Tell Gateward where it is:
hint-install-any-program = Or name the program yourself:
hint-install-node = Install a newer Node.js:
hint-choose-node = Or name the node yourself:
hint-check-program = Check the path and its permissions:
hint-make-folder = Create it first:
hint-see-service-log = See the service’s own output instead:
hint-linger-is-systemds = Leave out --linger: only systemd knows it.
hint-database-moved = The unreadable history was kept beside the new one.
hint-set-address = Set it (read unseen):
hint-see-settings = See all settings:
hint-mend-settings = Correct that field in an editor, or take it out. Until then the defaults hold.
hint-unset-setting = To let Gateward look for itself:
hint-whole-number = Type a whole number, in digits only.
hint-quiet-hours = Type from when until when, as in 22:00-07:00 or 22:00-07:00 Europe/Berlin; nothing for no quiet hours.
hint-absolute-path = Type the whole path, from the root of the disk on.
hint-https-address = Type an address that begins with https://, or nothing for the built-in one.
hint-secret-input = Type it unseen, or read it from a file:
hint-watch-by-hand = To watch until you end it:
hint-try-routes = To send a test over your alert routes:
hint-own-timer = Let another timer run it, such as cron:
hint-run-yourself = Type it in a terminal:
hint-redo = To bring it back again:
hint-finish-change = To carry it to its end:
hint-revert-change = To put everything back as it was before:
hint-nothing-interrupted = No change was cut off.
hint-look-and-try-again = Look at the file, and try again.
hint-undo-later = A later change did that; take that one back first:
hint-see-changes = See what the change had done:
hint-undo-anyway = To take it back all the same; what stands there now is kept and can be brought back:
hint-see-findings = See what was found, with the rules’ names:
hint-see-entries = To see what there is:
hint-show-entry = To read one of them:
hint-save-entries = To save them:
hint-replace-with-yes = To replace it:
hint-take-back = To take it back:
