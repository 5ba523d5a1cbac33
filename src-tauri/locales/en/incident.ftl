# Incidents: one sentence each, for history, window and notices.

incident-started = Started
incident-started-gateward = Started by Gateward
incident-started-outside = Started by something else than Gateward
incident-stopped = Stopped
incident-stopped-gateward = Stopped by Gateward
incident-stopped-outside = Stopped by something else than Gateward
incident-restarted = Restarted by itself, as planned
incident-restarted-unseen = Restarted by itself; how it ended before was not seen
incident-restarted-gateward = Restarted by Gateward
incident-restarted-outside = Restarted by something else than Gateward
incident-crash = Crashed
incident-crash-how = Crashed: { $how }
incident-gave-up = Crashed too often: the service manager no longer restarts it
incident-gave-up-how = Crashed too often: the service manager no longer restarts it. Last time: { $how }
incident-config-error = Refused its configuration
incident-config-error-how = Refused its configuration: { $how }
incident-hung = Stopped answering while it kept running
incident-recovered = Ready again
incident-installed = Service installed
incident-installed-gateward = Service installed by Gateward
incident-installed-outside = Service installed by something else than Gateward
incident-uninstalled = Service removed
incident-uninstalled-gateward = Service removed by Gateward
incident-uninstalled-outside = Service removed by something else than Gateward
incident-signal-ignored = A restart signal was ignored: nobody had authorised it
incident-killed-at-deadline = Did not end in time and was killed

# After the sentence, where the run's length is known.
incident-after = { $sentence }, after { $for }

exit-code = exit code { $code }
exit-code-meaning = exit code { $code } ({ $meaning })
exit-signal = killed by signal { $signal }
exit-signal-named = killed by signal { $signal } ({ $name })
exit-signal-core = killed by signal { $signal }, memory image written
exit-signal-named-core = killed by signal { $signal } ({ $name }), memory image written

exit-meaning-1 = an error it did not handle
exit-meaning-78 = configuration error: it will not start until the configuration is corrected
exit-meaning-126 = the program may not be executed
exit-meaning-127 = a program was not found
exit-meaning-134 = it aborted itself, usually for lack of memory
exit-meaning-137 = something killed it with SIGKILL, often for lack of memory
exit-meaning-139 = it crashed in native code
exit-meaning-200 = its working folder cannot be entered
exit-meaning-203 = its program cannot be executed
exit-meaning-209 = its log file cannot be opened

# By whom, where there is evidence.
incident-stopped-openclaw = Stopped by OpenClaw’s command line
incident-stopped-systemctl = Stopped with systemctl
incident-stopped-logout = Stopped by the end of the login session
incident-stopped-shutdown = Stopped by the end of the system’s run
incident-restarted-openclaw = Restarted by OpenClaw’s command line
incident-restarted-systemctl = Restarted with systemctl
incident-crash-oom-killer = Ended by the system because memory ran out
incident-started-openclaw = Started by OpenClaw’s command line
incident-started-systemctl = Started with systemctl

incident-port-taken = Another program took the gateway’s port
incident-port-taken-detail = The gateway’s port was taken by { $detail }
incident-config-changed = The configuration file was written
incident-config-changed-detail = The configuration was written ({ $detail })
incident-definition-changed = The service’s definition changed
incident-definition-changed-detail = The service’s definition changed ({ $detail })
incident-definition-changed-gateward = The service’s definition was changed by Gateward
incident-version-changed = The gateway’s version changed
incident-version-changed-detail = The gateway’s version changed: { $detail }
incident-slept = The computer slept
incident-slept-for = The computer slept for { $for }
incident-clock-jumped = The clock was set
incident-clock-jumped-detail = The clock was set by { $detail }
incident-credential-ending = A credential comes to its end
incident-credential-ending-detail = The credential { $detail } comes to its end
incident-credential-over = A credential has ended, is missing, or was refused
incident-credential-over-detail = The credential { $detail } has ended, is missing, or was refused
incident-credential-renewed = A credential works again
incident-credential-renewed-detail = The credential { $detail } works again

# What changed shortly before a crash.
incident-changed-before = Shortly before: { $changes }
incident-before = { $what } ({ $ago } earlier)
