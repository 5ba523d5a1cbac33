# The command line. `text-*`: pieces of the status page and of every failure; `done-*`: what an action came to; `failed-*`: what was
# being done; `plan-*`: a plan before it is carried out; `explain-*`: a problem by its name.

text-cause = Caused by: { $cause }
text-hint = Hint: { $hint }
text-headed = { $head }: { $text }
text-warning = Warning: { $warning }
text-profile = profile { $name }
text-now = now
text-ago = { $age } ago
text-source = from { $source } · { $age }

text-label-prospects = Ahead
text-prospect = { $occasion }: { $becomes }
text-because = ({ $ground })
text-label-recently = Recently

text-owner = { $program } (pid { $pid }, user { $user })
text-owner-started-by = { $owner }, started by { $unit }
text-hidden-owner = another account or a container

env-file = Definition: { $path }
env-command = Command: { $command }
env-working-dir = Working folder: { $path }
env-from = (from { $path })
env-lasting-node = { $path } outlives updates. Use it: gateward env node

text-lingers-not = The gateway will stop when you log out, and not start before you log in.

done-altered = The service is changed, runs with pid { $pid } and answers on port { $port }.
done-installed = The gateway is installed as a service, runs with pid { $pid } and answers on port { $port }.
done-already-installed = The gateway is already installed: { $path }
done-uninstalled = The gateway service is removed. The gateway’s own data is untouched.
done-nothing-installed = The gateway service is not installed, so there is nothing to remove.
done-started = The gateway runs with pid { $pid } and answers on port { $port }.
done-already-running = The gateway already runs with pid { $pid }.
done-already-starting = The gateway is already being started.
done-stopped = The gateway is stopped.
done-killed = The gateway is stopped: what was left of it was killed.
done-stopped-for-good = The gateway is stopped, and stays so after the next login until you start it.
done-already-stopped = The gateway is already stopped.
done-not-loaded = The gateway service is not loaded, so there is nothing to stop.
done-restarted = The gateway was restarted. It runs with pid { $pid } and answers on port { $port }.
done-updated = The gateway runs version { $version } with pid { $pid } and answers on port { $port }.
done-up-to-date = Nothing to do: everything that the definition names is there, and no other version is installed than the one that runs ({ $version }).
done-scheduled = The service manager will do it in a moment. This command runs inside the gateway itself, so it cannot wait for it.
done-watcher-installed = The watcher is installed as a service and runs: { $path }
done-watcher-at-login = The watcher starts at the next login to the desktop: { $path }
done-watcher-uninstalled = The watcher’s service is removed.
done-watcher-not-there = The watcher’s service is not installed, so there is nothing to remove.
done-planned = This is what would be done. Nothing was changed.

failed-install = The gateway could not be installed
failed-uninstall = The gateway could not be removed
failed-start = The gateway could not be started
failed-stop = The gateway could not be stopped
failed-restart = The gateway could not be restarted
failed-env = What the service is given could not be shown or changed
failed-after-update = The gateway could not be brought to what is installed
failed-logs = The log could not be shown
failed-watch = The watcher’s service could not be changed
failed-wait = Nothing could be waited for
failed-settings = The settings could not be shown or changed
failed-history = The history could not be shown
failed-run = The host could not run the gateway
failed-render = The definition could not be written

progress-running = Waiting for the process to start… { $waited } s
progress-not-running = Waiting for the gateway to stop… { $waited } s of at most { $deadline } s
progress-gone = Waiting for the service to be removed… { $waited } s
progress-answering = Waiting for the gateway to answer… { $waited } s
progress-port-released = Waiting for the port to be released… { $waited } s
progress-switched-off = Waiting for the service to be switched off… { $waited } s
progress-port-free = Waiting for the port to be free… { $waited } s
progress-process-gone = Waiting for the old process to end… { $waited } s of at most { $deadline } s
progress-draining = Waiting for the gateway to finish its work{ $awaits }: { $left } s left, then it is killed. Not waiting: gateward stop --now
progress-undoing = Putting everything back as it was…

plan-heading = This would be done. Nothing is changed yet.
plan-nothing = Nothing would have to be done.
plan-make-dir = create the folder { $path } (mode 0{ $mode })
plan-write = write { $path } (mode 0{ $mode })
plan-keep = keep { $from } as { $to }
plan-remove = remove { $path }
plan-run = run: { $command }
plan-unchanged = (unchanged)
plan-secret = (secret, { $n ->
    [one] one variable
   *[other] { $n } variables
})
plan-await-running = wait until it runs, at most { $seconds } s
plan-await-not-running = wait until it has stopped, at most { $seconds } s
plan-await-gone = wait until the manager has forgotten it, at most { $seconds } s
plan-await-answering = wait until the gateway answers, at most { $seconds } s
plan-await-port-released = wait until the port is released, at most { $seconds } s
plan-await-switched-off = see that nothing starts it at login, at most { $seconds } s
plan-await-port-free = wait until nobody listens on the port, at most { $seconds } s
plan-await-process-gone = wait until the old process has ended, at most { $seconds } s

warn-unstable-path = { $path } belongs to a version manager or names a version: after an update the service may no longer start. Run “gateward install --force” again then.
warn-no-login-start = Nothing on this machine starts it again after a reboot: there is no service manager, no desktop’s autostart and no cron. Let whatever starts this machine’s programs call “gateward start”, or give a container “gateward run” as its command.
warn-mode = The config does not set gateway.mode to “local”; OpenClaw may refuse to start. To set it: { $command }
warn-lost-secrets = These secrets of the old definition were not copied: { $names }. Give them with --env-file where they are still needed.
cause-definition-put-back = the definition from before is in force again
cause-nobody-to-ask = there is no terminal to ask on

ask-legacy = Services under OpenClaw’s earlier names are here and would fight with the new one for its port:
    { $list }
    Remove them, and put their files into the Trash? Otherwise they are left alone. [y/N]
legacy-running = { $label } · running with pid { $pid } · { $file }
legacy-at-rest = { $label } · not running · { $file }
legacy-no-file = no file, only launchd knows it
warn-legacy-kept = Left alone, though it may take the gateway’s port: { $labels }
try-title = Test alert of Gateward
try-text = This is a test. Nothing has happened to the gateway.
try-arrived = { $route }: delivered
try-none = There is no alert route yet. To make one: gateward settings set alerts.routes.NAME '{"{"}"via":"ntfy"{"}"}'
settings-file = # { $path }
ask-secret = Value of { $field } (not shown):
uninstall-stays = What stays: the gateway’s own data ({ $path }), OpenClaw, and Gateward.
ask-uninstall = Remove the gateway service of the profile “{ $profile }”? [y/N]

wait-late = Not { $state } within { $seconds } s: { $headline }
history-heading = { $days ->
    [one] The last day
   *[other] The last { $days } days
}
history-up = up { $percent } % of the time that is known
history-up-unknown = how long it was up is not known
history-crashes = { $n ->
    [0] no crash
    [one] one crash
   *[other] { $n } crashes
}
history-outage = longest outage: { $for }
history-reason = { $n } × { $what }
history-empty = Nothing has happened to this gateway yet, as far as Gateward knows.
logs-nowhere = No log yet: nothing has written one for this gateway.
logs-empty = No lines yet: { $source }

docs-explanations = # What Gateward says, explained

    Every verdict, every problem and every known cause by its name. “gateward explain NAME” says the same in a terminal. This page is
    made from the program’s own words.
explain-verdicts = Verdicts:
explain-problems = Problems:
explain-causes = Causes of a gateway’s end:
explain-unknown-name = “{ $name }” is no name of a problem, verdict or cause, and no text that Gateward knows. “gateward explain” lists all names.

explain-bad-profile = The profile’s name cannot be used. Names have letters, digits, “-” and “_”, begin with a letter or digit and have at most 64 characters.
explain-bad-port = A port is a whole number from 1 to 65535.
explain-bad-variable = A variable for the service has no valid name, holds a line break, or is one through which programs load foreign code.
explain-bad-value = An OPENCLAW_ or GATEWARD_ variable of this shell holds something that cannot be used. Unset it, or correct it.
explain-bad-pattern = What was to be searched for is no regular expression. A bracket or another special character is often the reason; put a backslash before it.
explain-bad-working-dir = The working folder of the service does not exist.
explain-secret-in-command = The service’s command holds a secret as an argument. Gateward does not read it back, so it cannot write the command again. Reinstall the service with the secret in a file.
explain-no-home = Without HOME the gateway’s folders are unknown. It is missing in some cron jobs and containers.
explain-no-node = OpenClaw needs Node.js, and none was found that is new enough. Name one with --node, or install one.
explain-no-openclaw = OpenClaw was found neither by PATH nor in the global folders of npm, pnpm, yarn, bun and the version managers.
explain-program-missing = The program given for the service is not there, or is not executable.
explain-config-invalid = OpenClaw’s config is not valid JSON5, so its port is unknown and the gateway would refuse to start.
explain-config-unreadable = OpenClaw’s config is there but cannot be opened; usually it belongs to another account.
explain-port-taken = Another program listens on the gateway’s port. Stop it, or give the gateway another port. Gateward ends no process that is not the service’s.
explain-tool-missing = The service manager’s own tool is not installed, so it cannot be used. Gateward’s built-in manager works without it.
explain-not-systemd = This system was started by another init program, as in most containers and in WSL without systemd.
explain-no-user-bus = The user’s service manager runs, but this shell cannot reach it; common after “su” or “sudo”. Log in as the user, or set XDG_RUNTIME_DIR.
explain-no-user-manager = No service manager runs for this user: nobody is logged in, and lingering is off.
explain-access-denied = The system refused the access. The cause names what was refused.
explain-unsupported = This version of Gateward cannot do that with this service manager.
explain-step-failed = One step of a plan failed. The files that were already changed have been put back.
explain-tool-hung = The service manager’s tool did not answer in time and was ended.
explain-tool-answer-unreadable = The service manager’s tool answered in a form that is not known. Please report it with the cause.
explain-unit-unknown = The service manager does not know the service. Starting or installing it makes it known.
explain-unit-masked = Someone has forbidden the start of the service. “systemctl --user unmask” allows it again.
explain-unit-unreadable = The service’s definition is there but cannot be read.
explain-unit-foreign = The definition under the gateway’s name is no gateway’s. Gateward replaces it only with “install --force”.
explain-unit-invalid = systemd refuses the definition. Nothing of it was kept.
explain-legacy-services = OpenClaw had other names before, and services under those names are still installed. Say whether they are to be removed.
explain-system-unit-exists = A system-wide service of the same name exists. Two gateways would fight for one port.
explain-read-failed = A file or folder could not be read.
explain-write-failed = A file could not be written; the old one is untouched. Read-only folders, other owners and full disks are the usual reasons.
explain-not-installed = There is no service to start. “gateward install” makes one.
explain-still-running = The gateway was asked to stop and did not end in time. It may be finishing long work.
explain-still-switched-on = The service manager said that the service is switched off, and a look afterwards still finds it switched on. An administrator may have switched it on for everybody. It was not stopped.
explain-did-not-start = The manager took the order, but no new process came up.
explain-gave-up = The gateway crashed too often in a short time, and the manager stopped restarting it. Look at the log, then start it: that clears the latch.
explain-config-error = The gateway ended with exit code 78: it refuses its configuration, and restarting cannot help. “openclaw doctor” names the error.
explain-update-unproven = After an update of OpenClaw the gateway was restarted, but what answers is not what is installed, or it did not become ready. A definition that was written anew is put back; an older OpenClaw comes back only by its own installer, as in “npm install -g openclaw@VERSION”.
explain-not-answering = The process runs, but its port did not answer in time. A first start may take a minute; the log says more.
explain-foreign-owner = Another program holds the port of the running service.
explain-already-busy = Another action on this gateway is under way. Wait for it to end.
explain-alert-failed = An alert did not reach its receiver. It is tried again for some three hours, then given up. “gateward settings try” sends a test.
explain-settings-invalid = The settings file cannot be read, holds something that does not fit at the named field, or was written by a newer Gateward. Until it is corrected the defaults hold.
explain-no-update-source = The publisher’s key and address are given to a release when it is built. This build has none, such as one made from the sources, so Gateward asks nobody; whoever gave you the program has the newer ones too.
explain-update-unreachable = The address of the list of versions did not answer, or not with a list. Nothing else depends on it; try again later, and look at “updates.url” in the settings if you have set one.
explain-update-untrusted = The list came, and something is wrong with it: a signature that does not fit, a date that has passed, or a list older than one that was seen before. Someone on the way may have changed it, or is serving an old one; so nothing of it is shown. If it stays so, tell the publisher.
explain-bad-setting = A setting needs a value of its own kind: yes or no, a whole number, a span of hours, an absolute path. The secret ones of a route are typed unseen or read from standard input, never given as an argument.
explain-no-such-setting = No setting has that name. “gateward settings” lists all of them.
explain-database-unusable = The history of incidents cannot be opened. Gateward works on without it.
explain-not-possible-now = The action makes no sense in the present state.
explain-no-host = “gateward run” is not at work for this profile. Only it can restart a gateway without ending itself.
explain-host-already-runs = A host for this profile runs already; a second one would fight with it for the port.
explain-no-display = There is no desktop session. The command line does everything the window does.
explain-bad-answer = An answers file is one JSON object, and each key has few possible values: `gateward setup --help` lists them. The value itself is never repeated, since a secret may have slipped in.
explain-no-answer = Without a terminal nobody can be asked, so `gateward setup` decides nothing by itself that a person should. Say it in an answers file, or let `--yes` take what is advised.
explain-fetch-failed = A program that the wizard ran for you ended with a failure. Its own words are the cause. What was done before is kept: mend the cause and choose the step again.
explain-not-proven = The service is written and known to its manager, but the gateway has not answered that it is ready. Its log says more than anybody else.
explain-cancelled = You said no, or there was nobody to ask. Nothing was changed.
explain-internal = Gateward made a mistake. Please report it with the text.
explain-no-gui-session = macOS runs LaunchAgents inside a desktop session, and this account has none here: usually one came in over ssh, or with sudo. Sign in at the Mac’s own screen, or share the screen, and try again there.
explain-no-task-scheduler = On Windows a service called “Schedule” (Task Scheduler) starts the gateway when you sign in. It does not answer: somebody stopped it or a policy forbids it. An administrator can start it again; until then `gateward run` runs the gateway in a terminal.
explain-unit-unsafe = Others than its owner can change the definition file, so whoever may write there decides what runs in your name. Correct owner and mode first; Gateward does not build on such a file.
explain-inside-service = The command came from a program that the gateway itself started. Ending the gateway would end that program in the middle. Run it from a terminal of its own.

text-try = Try: { $command }
text-label-remark = Note
