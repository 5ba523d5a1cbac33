# Words of: tray

tray-title = Gateward
tray-title-profile = Gateward · { $profile }
tray-looking = Looking at the gateway…

tray-start = Start gateway
tray-stop = Stop gateway
tray-disable = Stop and stay stopped
tray-restart = Restart gateway

tray-force-stop = Don’t wait for the gateway: kill it now

tray-open = Open Gateward
tray-dashboard = Open dashboard
tray-logs = Show logs
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

# What the program says in a terminal.
app-no-display = There is no display here to show a window or a tray icon on (neither DISPLAY nor WAYLAND_DISPLAY is set).
    The command line needs none. Try: gateward status
app-display-refused = The display { $display } cannot be opened, so there is no place for a window or a tray icon.
    The command line needs none. Try: gateward status

# A box of Windows' own, with the buttons Yes and No: without WebView2 there can be no window.
app-no-web-view = The window needs Microsoft’s WebView2, which is not installed for your account. The icon and its menu work without it.

    Open the download page ({ $address })?
