# Words of: tray

tray-title = Gateward
tray-title-profile = Gateward · { $profile }
tray-looking = Looking at the gateway…

tray-set-up = Set up…
tray-start = Start gateway
tray-stop = Stop gateway
tray-disable = Stop and stay stopped
tray-restart = Restart gateway

tray-force-stop = Don’t wait for the gateway: kill it now

tray-open = Open Gateward
tray-dashboard = Open dashboard
tray-logs = Show logs
tray-more = More
tray-logs-folder = Open the folder of the logs
tray-config = Open OpenClaw’s configuration
tray-copy-report = Copy a report
tray-other = { $profile }: { $headline }

tray-at-login = Start Gateward at login
tray-settings = Settings…

# “Quit” says what happens to the gateway.
tray-quit-running = Quit — gateway keeps running
tray-quit = Quit Gateward

tray-no-answer = The gateway does not answer.

# Notices of the desktop program itself.
tray-closed-title = Gateward is still here
tray-closed-body = Its icon stays in the panel and keeps watching the gateway. To end it, choose “Quit” in the icon’s menu.
tray-no-host-title = This desktop shows no tray icons
tray-no-host-body = Gateward works in its window instead, and its icon appears as soon as the desktop offers a place for it.
tray-copied-title = The report is on the clipboard
tray-copied-body = It tells how the gateway is, without secrets. Paste it where you ask for help.
tray-refused-title = That could not be done

# What the program says in a terminal.
app-no-display = There is no display here to show a window or a tray icon on (neither DISPLAY nor WAYLAND_DISPLAY is set).
    The command line needs none. Try: gateward status
app-no-toolkit = What draws windows is missing on this machine, or too old ({ $why }).
    Install WebKitGTK 4.1 (Debian, Ubuntu: libwebkit2gtk-4.1-0; Fedora: webkit2gtk4.1). The command line needs none. Try: gateward status
app-display-refused = The display { $display } cannot be opened, so there is no place for a window or a tray icon.
    The command line needs none. Try: gateward status

# A box of Windows' own, with the buttons Yes and No: without WebView2 there can be no window.
app-no-web-view = The window needs Microsoft’s WebView2, which is not installed for your account. The icon and its menu work without it.

    Open the download page ({ $address })?

# Why the tray icon is shown or not.
self-test-bus-holds = The session’s message bus answers.
self-test-bus-fails = The session’s message bus does not answer.
self-test-watcher-holds = Somebody keeps the list of tray icons.
self-test-watcher-fails = Nobody keeps a list of tray icons (org.kde.StatusNotifierWatcher).
self-test-host-holds = Somebody draws the icons.
self-test-host-fails = Nobody draws the icons.
self-test-icon-holds = Gateward’s icon is shown.
self-test-icon-fails = Gateward’s icon is not shown.
self-test-advice-bus = Start Gateward from within the desktop session.
self-test-advice-gnome = GNOME shows tray icons only with the extension “AppIndicator and KStatusNotifierItem Support”. The icon comes as soon as it is on.
self-test-advice-panel = Add a tray (status notifier) to the panel. The icon comes as soon as it is there.
self-test-advice-icon = The place for icons is there, but the icon did not come. End Gateward and start it again.
