# The wizard, in the window and in the terminal. `setup-step-*`: titles; `setup-about-*`: what a step is about; `setup-line-*`: what was
# found; `setup-do-*`: what can be done; `setup-state-*`: how a step stands.

setup-title = { $profile ->
    [default] Set up the gateway
   *[other] Set up the gateway “{ $profile }”
}
setup-progress = { $done } of { $all } steps are done.
setup-finished = The gateway is set up. Nothing is left to do.
setup-ask = Choose 1–{ $n }, Enter for 1, q to leave:
setup-ask-again = One of the numbers, please, or q to leave.
setup-left = Left. Everything that was done is kept; gateward setup goes on from here.
setup-running = Running: { $command }
setup-fetched-elsewhere = { $tool } says that it is installed, but in none of the usual folders
setup-looking = Looking…
setup-working = Working…
setup-said = What it says
setup-steps = Steps
setup-open = Open the overview
setup-dismiss = Don’t open this by itself
setup-start-over = Start over
setup-terminal = The same in a terminal:

setup-state-done = done
setup-state-to-do = to do
setup-state-problem = problem
setup-state-skipped = skipped
setup-state-not-here = not for this machine

setup-step-programs = Node.js and OpenClaw
setup-step-container = Container
setup-step-wsl = WSL
setup-step-gui-session = Desktop session
setup-step-access = Permissions
setup-step-manager = Service manager
setup-step-others = Other gateways and apps
setup-step-port = Port
setup-step-config = Configuration
setup-step-plan = What will be written
setup-step-install = Installation
setup-step-linger = After logout
setup-step-proof = Proof
setup-step-tray-host = Tray icon
setup-step-afterwards = Logout, reboot, sleep

setup-about-programs = What the gateway is, and what runs it. A path that goes with its version would break at the next update.
setup-about-container = A container has no service manager of its own, and forgets what is in no volume.
setup-about-wsl = What runs in WSL lives only as long as WSL does.
setup-about-gui-session = A LaunchAgent runs inside a desktop session only.
setup-about-access = What the system did not allow.
setup-about-manager = Who starts the gateway, and starts it again when it ends.
setup-about-others = Two gateways on one port fight each other. Nothing is taken over unasked.
setup-about-port = Where the gateway will listen, on this machine only unless its configuration says otherwise.
setup-about-config = OpenClaw’s own file. Gateward reads it, and lets OpenClaw write it.
setup-about-plan = Every file with what changes in it, and every command. Secrets are shown as dots.
setup-about-install = Step by step; if one fails, everything is put back.
setup-about-linger = Whether the gateway goes on when you log out.
setup-about-proof = Installed means: the manager runs it, and it answers.
setup-about-tray-host = Gateward’s icon needs a place in the panel.
setup-about-afterwards = What to expect of it from now on.

setup-line-under-way = This is being done right now, in another window or terminal. Look again when it has ended.
setup-line-cut-off = This was cut off in the middle. Choose it again to go on.
setup-line-openclaw = OpenClaw { $version }, { $installer ->
    [system] system-wide
    [other] in a folder of its own
   *[named] by { $installer }
}: { $path } ({ $stable ->
    [yes] the path survives updates
   *[no] the path goes with this version: after an update, install again
})
setup-line-node = Node.js { $version }, { $installer ->
    [system] system-wide
    [other] in a folder of its own
   *[named] by { $installer }
}: { $path } ({ $stable ->
    [yes] the path survives updates
   *[no] the path goes with this version: after an update, install again
})
setup-line-openclaw-too = Found: OpenClaw { $version }, { $path } ({ $stable ->
    [yes] survives updates
   *[no] goes with its version
})
setup-line-node-too = Found: Node.js { $version }, { $path } ({ $stable ->
    [yes] survives updates
   *[no] goes with its version
})
setup-line-demo = The built-in demo gateway, to try everything without OpenClaw. It needs no Node.js.
setup-line-runs-command = The service runs { $command }

setup-line-container = This is a container ({ $kind }). { $manager ->
    [builtin] Gateward’s own manager will run the gateway.
   *[other] Its own service manager will run the gateway.
}
setup-line-container-volume = Keep { $path } in a volume: what is outside of volumes is gone with the container.
setup-line-container-outside = What starts the container starts the gateway: nobody logs in here.
setup-line-wsl-without-systemd = systemd is not switched on in this WSL, so Gateward’s own manager will run the gateway, from your first login on.
setup-line-wsl-enable-systemd = To switch it on: write “[boot]” and “systemd=true” into /etc/wsl.conf.
setup-line-wsl-shutdown = Then run wsl.exe --shutdown in Windows, open WSL again and look again here.
setup-line-wsl-systemd = systemd is switched on in this WSL.
setup-line-wsl-sleeps = Windows ends WSL some time after its last window was closed, and the gateway with it.
setup-line-gui-session = A desktop session is there.
setup-line-gui-session-why = Log in at the Mac’s own screen, then look again: shells over SSH and under sudo have no session.
setup-line-gui-session-headless = On a Mac without a screen, automatic login gives you one after each start.
setup-line-access-linux = The service manager of another account was asked, or this one may not write its own files. Run Gateward as the account that the gateway is for, without sudo.
setup-line-access-mac = macOS did not allow it. Look at System Settings, Privacy & Security, and at who owns ~/Library/LaunchAgents.
setup-line-access-windows = Windows did not allow it. Gateward never asks for administrator rights: the gateway runs as you.
setup-line-access-startup = Task Scheduler refused the task, so an item in your Startup folder starts the gateway at login: { $file }
setup-line-manager = { $manager ->
    [systemd] systemd, as a service of your account
    [launchd] launchd, as a LaunchAgent of your account
    [schtasks] Windows Task Scheduler, as a task of your account
   *[builtin] Gateward’s own manager, since this machine has none for accounts
}

setup-line-alone = No other gateway, manager or app is in play.
setup-line-service = { $author ->
    [gateward] There is a service already, written by Gateward: { $file }
    [openclaw] There is a service already, written by OpenClaw: { $file }
   *[foreign] There is a service already, written by somebody else: { $file }
}
setup-line-ghost = { $label } is a service under an earlier name of OpenClaw: { $file }
setup-line-ghosts-go = They are stopped and removed with the installation; their files go to the Trash.
setup-line-ghosts-stay = They stay, as you have decided.
setup-line-rival-runs = { $name } runs a gateway (pid { $pid }). Installing a service makes two of them; better stop that one first, or leave it the work.
setup-line-rival-there = { $name } is running (pid { $pid }); it may start a gateway of its own.
setup-line-rival-installed = { $name } is installed; it may start a gateway of its own.

setup-line-port-free = Port { $port } is free.
setup-line-port-ours = Port { $port } is the gateway’s own ({ $program }).
setup-line-port-taken = Port { $port } is held by { $program }.
setup-line-port-hidden = Somebody holds port { $port }; the system does not show who.
setup-line-port-unknown = Whether port { $port } is free could not be found out.
setup-line-config-fits = { $path } is valid, and the gateway is to run on this machine.
setup-line-config-none = There is no configuration yet ({ $path }). OpenClaw refuses to run without gateway.mode.
setup-line-config-mode = { $path } is valid, but gateway.mode is not “local”: OpenClaw refuses to run like that.
setup-line-config-not-needed = The service runs without { $path }.

setup-line-plan = Nothing has been changed so far. This is what the installation does:
setup-line-plan-in-place = Nothing is to be written: { $file } is what it should be.
setup-line-plan-later = Shown as soon as the steps before are done.
setup-line-install-later = Comes after what will be written was shown.
setup-line-after-install = Comes after the installation.
setup-line-installed = { $file } is written and { $manager ->
    [builtin] Gateward’s own manager
    [schtasks] Task Scheduler
   *[other] { $manager }
} knows it.
setup-line-installed-stopped = { $file } is written, but the gateway is stopped.
setup-line-lingers = Your services run on after logout, and start at boot.
setup-line-lingers-not = When your last session ends, the gateway ends with it.
setup-line-linger-why = On a server reached over SSH you want it to go on. At a desktop you may leave it.
setup-line-linger-after = Comes after the installation, as you have decided.
setup-line-proof-runs = { $manager ->
    [builtin] Gateward’s own manager
    [schtasks] Task Scheduler
   *[other] { $manager }
} runs it (pid { $pid }).
setup-line-proof-runs-not = { $manager ->
    [builtin] Gateward’s own manager
    [schtasks] Task Scheduler
   *[other] { $manager }
} does not run it.
setup-line-proof-answers = It answers on port { $port } that it is ready.
setup-line-proof-answers-not = It has not answered on port { $port } that it is ready.
setup-line-proof-credentials = { $n ->
    [one] One credential was found, and it is fine.
   *[other] { $n } credentials were found, and all of them are fine.
}
setup-line-proof-credentials-none = No login, key or token of a model provider was found yet. openclaw onboard asks for them.
setup-line-proof-credentials-bad = Ended, refused or missing: { $names }. The gateway runs, but its agents cannot work with these.
setup-line-proof-credentials-soon = About to end: { $names }.
setup-line-tray-host = The panel shows tray icons.
setup-line-tray-host-gnome = GNOME shows tray icons only with the extension “AppIndicator and KStatusNotifierItem Support”.
setup-line-tray-host-none = No part of this desktop shows tray icons now.
setup-line-tray-host-without = Without it everything is in the window and in gateward; closing the window ends Gateward’s tray program, and never the gateway.

setup-line-logout-stays = At logout: it goes on.
setup-line-logout-ends = At logout: it ends with your last session, and starts at the next login.
setup-line-logout-unknown = At logout: that depends on the session; systemd did not say whether your services linger.
setup-line-logout-ends-session = At logout: it ends with the session, and starts at the next login.
setup-line-logout-builtin = At logout: it goes on, unless the system ends everything that you have started.
setup-line-reboot-boot = At a reboot: it starts with the machine, before anybody logs in.
setup-line-reboot-login = At a reboot: it starts when you log in.
setup-line-reboot-wsl = At a reboot: it starts when WSL is opened.
setup-line-reboot-off = At a reboot: it does not start by itself.
setup-line-reboot-unknown = At a reboot: whether it starts by itself could not be found out.
setup-line-sleep = While the machine sleeps the gateway sleeps too. It goes on where it was, and Gateward looks at once.
setup-line-sleep-wsl = While Windows sleeps the gateway sleeps too, and its clock may be late afterwards.

setup-do-fetch = Install OpenClaw with { $value }
setup-do-take-demo = Use the built-in demo gateway
setup-do-take-openclaw = Use OpenClaw after all
setup-do-legacy-remove = Remove them
setup-do-legacy-keep = Keep them
setup-do-port = Use port { $value }
setup-do-set-mode = Let OpenClaw set it
setup-do-install = Install now
setup-do-start = Start it
setup-do-finish = Carry it to its end
setup-do-revert = Put everything back
setup-do-linger = Let it run on after logout
setup-do-seen = Go on
setup-do-skip = Skip this step
setup-do-look-again = Look again
setup-do-start-over = Start over
setup-do-dismiss = Don’t open this by itself

progress-step = Step { $number } of { $total }: { $step }
failed-setup = The gateway is not set up yet
