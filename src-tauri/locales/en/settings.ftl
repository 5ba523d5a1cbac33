# Words of: settings page. A setting’s label is “settings-” and its name with dashes; what needs saying beside it ends in “-help”.

settings-section-window = Window
settings-section-notices = Notices on this desktop
settings-section-alerts = Alerts to elsewhere
settings-section-thresholds = What counts as trouble
settings-section-profiles = Other gateways of this account
settings-section-programs = What OpenClaw is run with
settings-section-logs = Logs
settings-section-updates = Newer versions of Gateward

settings-alerts-about = Alert routes reach you without a desktop, by ntfy, e-mail, a webhook or a command. They are made on the command line, because their addresses are secret:
settings-profiles-about = Each profile’s gateway has a Gateward of its own; the tray’s menu of this one can have it too. A further one is set up with:
settings-programs-about = Used when a service is installed and when OpenClaw is asked about credentials. A service that is installed keeps its own until it is installed again.

settings-window-language = Language
settings-window-language-help = Of the window, the tray, the notices and the command line.
settings-window-language-system = As the system
settings-window-language-en = English
settings-window-language-zh-cn = 简体中文
settings-window-theme = Theme
settings-window-theme-system = As the desktop
settings-window-theme-light = Light
settings-window-theme-dark = Dark
settings-window-zoom = Zoom
settings-window-zoom-help = From 50 to 300. Ctrl with +, − and 0 do the same.

settings-notices-crash = The gateway crashed
settings-notices-loop = It crashes again and again
settings-notices-gave-up = Its manager gave up
settings-notices-config-error = Its configuration is refused
settings-notices-hung = It hangs, or another program holds its port
settings-notices-recovered = It is well again
settings-notices-credential = A credential ends
settings-notices-other = Everything else
settings-notices-quiet-hours = Quiet hours
settings-notices-quiet-hours-help = From and until, as in 22:00-07:00, in this machine’s time zone; another one may follow, as in 22:00-07:00 Europe/Berlin. What happens meanwhile is told afterwards.
settings-notices-per-hour = At most

settings-alerts-per-hour = At most, over each route
settings-route-on = { $route } ({ $via })
settings-route-urgent-only = { $route }: only what is urgent

settings-thresholds-hung-after-s = It hangs when it has been silent for
settings-thresholds-calm-after-s = A crash is news again after it was well for
settings-credentials-warn-hours = Last warning before a credential ends

settings-profile-in-menu = { $profile }: in the tray’s menu

settings-programs-node = Node.js
settings-programs-node-help = The program’s absolute path.
settings-programs-openclaw = OpenClaw
settings-programs-openclaw-help = The absolute path of its launcher or of its package’s folder.

settings-logs-max-mib = A log is begun anew when it has
settings-logs-max-mib-help = For logs that Gateward itself writes or looks after, from the gateway’s next start on. The journal and OpenClaw’s own log have their own rules.
settings-updates-check = Ask once a day whether there is one
settings-updates-check-help = Only the publisher’s signed list is fetched. Nothing is sent about you, and nothing is downloaded or installed.
settings-updates-url = Ask at this address
settings-updates-url-help = The list must be signed by the same publisher, wherever it lies.

settings-unit-per-hour = an hour
settings-unit-seconds = seconds
settings-unit-hours = hours
settings-unit-mebibytes = MiB
settings-unit-percent = %

settings-default-on = on
settings-default-off = off
settings-default-never = never
settings-default-found = found by Gateward
settings-default-built-in = built in

release-no-source = This build of Gateward knows no place to ask for newer versions.
release-not-asked = Nobody has asked for newer versions yet. “gateward update --check” asks once.
release-newest = Gateward { $own } is the newest version.
release-newer = Gateward { $version } was published on { $day }; this is { $own }. What is new, and where to get it:
release-file = For this machine: { $url }
    SHA-256: { $sha256 }
