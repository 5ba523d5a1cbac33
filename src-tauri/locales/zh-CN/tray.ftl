# 托盘

tray-title = Gateward
tray-title-profile = Gateward · { $profile }
tray-looking = 正在查看网关…

tray-set-up = 开始设置…
tray-start = 启动网关
tray-stop = 停止网关
tray-disable = 停止并保持停止
tray-restart = 重启网关

tray-force-stop = 不再等待网关：立即终止

tray-open = 打开 Gateward
tray-dashboard = 打开控制面板
tray-logs = 查看日志
tray-more = 更多
tray-logs-folder = 打开日志文件夹
tray-config = 打开 OpenClaw 的配置
tray-copy-report = 复制报告
tray-other = { $profile }：{ $headline }

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
tray-copied-title = 报告已在剪贴板中
tray-copied-body = 它说明网关的状况，不含机密。请在求助时粘贴。
tray-refused-title = 无法完成

# 程序在终端中说的话。
app-no-display = 这里没有可显示窗口或托盘图标的显示器（DISPLAY 和 WAYLAND_DISPLAY 均未设置）。
    命令行不需要显示器。可以试试：gateward status
app-no-toolkit = 这台机器缺少显示窗口所需的组件，或其版本太旧（{ $why }）。
    请安装 WebKitGTK 4.1（Debian、Ubuntu：libwebkit2gtk-4.1-0；Fedora：webkit2gtk4.1）。命令行不需要它。可以试试：gateward status
app-display-refused = 无法打开显示器 { $display }，因此没有地方显示窗口或托盘图标。
    命令行不需要显示器。可以试试：gateward status

# Windows 自己的对话框，带有“是”和“否”按钮：没有 WebView2 就没有窗口。
app-no-web-view = 窗口需要 Microsoft 的 WebView2，您的账户尚未安装它。没有它，图标及其菜单仍可使用。

    打开下载页面（{ $address }）吗？

# Why the tray icon is shown or not.
self-test-bus-holds = 会话的消息总线有应答。
self-test-bus-fails = 会话的消息总线没有应答。
self-test-watcher-holds = 有程序维护托盘图标列表。
self-test-watcher-fails = 没有程序维护托盘图标列表（org.kde.StatusNotifierWatcher）。
self-test-host-holds = 有程序绘制图标。
self-test-host-fails = 没有程序绘制图标。
self-test-icon-holds = Gateward 的图标已显示。
self-test-icon-fails = Gateward 的图标没有显示。
self-test-advice-bus = 请在桌面会话中启动 Gateward。
self-test-advice-gnome = GNOME 只有在启用扩展“AppIndicator and KStatusNotifierItem Support”后才显示托盘图标。启用后图标会立即出现。
self-test-advice-panel = 请在面板中添加托盘（status notifier）。添加后图标会立即出现。
self-test-advice-icon = 图标的位置已有，但图标没有出现。请退出 Gateward 后重新启动。
