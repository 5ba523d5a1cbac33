# 托盘

tray-title = Gateward
tray-title-profile = Gateward · { $profile }
tray-looking = 正在查看网关…

tray-start = 启动网关
tray-stop = 停止网关
tray-disable = 停止并保持停止
tray-restart = 重启网关

tray-force-stop = 不再等待网关：立即终止

tray-open = 打开 Gateward
tray-dashboard = 打开控制面板
tray-logs = 查看日志
tray-at-login = 登录时启动 Gateward
tray-settings = 设置…

# “退出”会说明网关将怎样。
tray-quit-running = 退出（网关继续运行）
tray-quit = 退出 Gateward

tray-no-answer = 网关没有应答。

# 桌面程序自身的通知。
tray-closed-title = Gateward 仍在运行
tray-closed-body = 它的图标留在面板中，继续照看网关。要结束它，请在图标菜单中选择“退出”。
tray-no-host-title = 此桌面不显示托盘图标
tray-no-host-body = Gateward 改在窗口中工作；一旦桌面提供位置，图标就会出现。

# 程序在终端中说的话。
app-no-display = 这里没有可显示窗口或托盘图标的显示器（DISPLAY 和 WAYLAND_DISPLAY 均未设置）。
    命令行不需要显示器。可以试试：gateward status
app-display-refused = 无法打开显示器 { $display }，因此没有地方显示窗口或托盘图标。
    命令行不需要显示器。可以试试：gateward status

# Windows 自己的对话框，带有“是”和“否”按钮：没有 WebView2 就没有窗口。
app-no-web-view = 窗口需要 Microsoft 的 WebView2，您的账户尚未安装它。没有它，图标及其菜单仍可使用。

    打开下载页面（{ $address }）吗？
