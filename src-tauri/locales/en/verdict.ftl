# Verdicts. `verdict-*`: the one sentence; `verdict-short-*`: two or three words for tooltips and tables;
# `verdict-why-*`: what it means and what Gateward advises.

verdict-not-installed = No gateway service is installed
verdict-stopped = Gateway stopped
verdict-disabled = Gateway stopped, and will stay so after the next login
verdict-starting = Gateway is starting
verdict-ready = Gateway running · ready
verdict-ready-for = Gateway running · ready · { $for }
verdict-degraded = Gateway is running, but does not work as it should
verdict-hung = Gateway is running, but does not answer
verdict-stopping = Gateway is stopping
verdict-crash-loop = Gateway keeps crashing
verdict-gave-up = Gateway crashed too often and is no longer restarted
verdict-config-error = Gateway refuses its configuration
verdict-orphan = A gateway runs that no service looks after
verdict-foreign-owner = Another program holds the gateway’s port
verdict-two-managers = Two services run a gateway on the same port
verdict-unloaded = Gateway stopped, its service is not loaded
verdict-external = A gateway runs here that something else manages
verdict-unknown = The gateway’s state cannot be determined

verdict-short-not-installed = not installed
verdict-short-stopped = stopped
verdict-short-disabled = stopped, disabled
verdict-short-starting = starting
verdict-short-ready = ready
verdict-short-degraded = degraded
verdict-short-hung = not answering
verdict-short-stopping = stopping
verdict-short-crash-loop = crash loop
verdict-short-gave-up = gave up
verdict-short-config-error = configuration error
verdict-short-orphan = orphan
verdict-short-foreign-owner = port taken
verdict-short-two-managers = two managers
verdict-short-unloaded = not loaded
verdict-short-external = managed elsewhere
verdict-short-unknown = unknown

verdict-why-not-installed = Install the service, and the gateway starts at login and comes back after a crash.
verdict-why-stopped = Nothing runs. It starts again at the next login, or when you start it.
verdict-why-disabled = Nothing runs, and the service is switched off: it does not start by itself at login. Starting it switches it on again.
verdict-why-starting = The process runs but does not answer yet. A start can take a minute or more.
verdict-why-ready = The service runs, the port is its own, and the gateway answers that it is ready.
verdict-why-degraded = The process is alive, but something it needs is missing. The facts below say what.
verdict-why-hung = The process is alive and holds its port, but has stopped answering. A restart usually helps.
verdict-why-stopping = It was asked to stop and finishes its work first.
verdict-why-crash-loop = It starts, fails and is started again. The last lines of its log usually name the reason.
verdict-why-gave-up = The service manager stopped restarting it. Starting it clears that latch; look at the last error first.
verdict-why-config-error = It ended with exit code 78: the configuration has to be corrected before a start can succeed.
verdict-why-orphan = The service is stopped, yet a gateway holds its port. Gateward does not end a process it cannot prove to be the service’s.
verdict-why-foreign-owner = The gateway cannot use its port until the other program lets go of it, or the port is changed.
verdict-why-two-managers = Only one of them can have the port; the other one waits or fails. Decide which one stays.
verdict-why-unloaded = Nothing runs. The service manager reads the definition at the next login, or when you start the gateway.
verdict-why-external = Gateward shows it but does not start, stop or change it.
verdict-why-unknown = The service manager could not be asked. That does not mean the gateway is stopped.

busy-install = Installing the gateway service…
busy-uninstall = Removing the gateway service…
busy-start = Starting the gateway…
busy-stop = Stopping the gateway…
busy-disable = Stopping the gateway for good…
busy-restart = Restarting the gateway…
busy-repair = Repairing…
busy-alter = Changing the service…
busy-take-back = Taking the change back…

why-not-busy = Another action is under way.
why-not-running = It already runs.
why-not-stopped = It is already stopped.
why-not-stopping = It is stopping.
why-not-not-installed = The service is not installed.
why-not-port-taken = The port is held by another process.
why-not-not-ours = That process is not proven to be the service’s.
why-not-external = Something else manages it.
why-not-unknown = The service manager cannot be asked.
why-not-no-repair = There is nothing to repair.

duration-seconds = { $n } s
duration-minutes = { $n } min
duration-hours = { $n } h
duration-days = { $n } d

# What Gateward will not do in this state, so that nobody fears or waits for it.
verdict-wont-not-installed = Gateward installs nothing by itself.
verdict-wont-stopped = Gateward does not start it unasked.
verdict-wont-disabled = Gateward does not switch it on again unasked.
verdict-wont-starting = Gateward does not end a start because it is slow.
verdict-wont-ready = Gateward leaves it alone.
verdict-wont-degraded = Gateward does not restart it by itself: that could cut off work under way.
verdict-wont-hung = Gateward does not kill it by itself: what looks hung may be busy.
verdict-wont-stopping = Gateward does not cut the stop short by itself.
verdict-wont-crash-loop = Gateward does not restart it a further time: the service manager does that already.
verdict-wont-gave-up = Gateward does not start it again by itself: it would crash again.
verdict-wont-config-error = Gateward does not change OpenClaw’s configuration, and does not start it again by itself.
verdict-wont-orphan = Gateward does not end that process: it cannot prove that it is the service’s.
verdict-wont-foreign-owner = Gateward does not end other people’s programs.
verdict-wont-two-managers = Gateward does not stop or remove the other service unasked.
verdict-wont-unloaded = Gateward does not load it unasked.
verdict-wont-external = Gateward does not start, stop, restart or change it.
verdict-wont-unknown = Gateward guesses nothing, and changes nothing until the service manager answers.

# Of a gateway that crashes or refuses to run, after the explanation.
verdict-crash-rate = { $n ->
    [one] One crash within the last ten minutes; the service manager counts { $restarts } restarts.
   *[other] { $n } crashes within the last ten minutes, about { $hourly } an hour; the service manager counts { $restarts } restarts.
}
verdict-last-error = Last error: { $cause }.

# What is worth knowing beside the verdict.
remark-stops-at-logout = It stops when you log out: lingering is off for this account.
remark-old-definition = An older OpenClaw wrote its definition; a newer one restarts more carefully and keeps secrets out of it.
remark-drift = What runs is not what the definition says: the definition was changed after it was loaded.
remark-updated = OpenClaw or Node.js was updated: what runs is the version from before.
remark-open-to-network = It listens on all network addresses of this machine, not only for programs on it.
