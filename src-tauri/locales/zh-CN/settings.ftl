# 设置页。设置的标签是“settings-”加其名称（用短横线）；旁边的说明以“-help”结尾。

settings-section-window = 窗口
settings-section-notices = 此桌面上的通知
settings-section-alerts = 发往别处的警报
settings-section-thresholds = 什么算作故障
settings-section-profiles = 此账户的其他网关
settings-section-programs = 用什么运行 OpenClaw
settings-section-logs = 日志
settings-section-updates = Gateward 的新版本

settings-alerts-about = 警报路线无需桌面即可联系到您：ntfy、电子邮件、webhook 或命令。它们在命令行中创建，因为其地址是机密的：
settings-profiles-about = 每个配置档案的网关都有自己的 Gateward；此托盘菜单也可以显示它。要再设置一个，请用：
settings-programs-about = 在安装服务以及向 OpenClaw 询问凭据时使用。已安装的服务保留自己的设置，直到重新安装。

settings-window-language = 语言
settings-window-language-help = 用于窗口、托盘、通知和命令行。
settings-window-language-system = 跟随系统
settings-window-language-en = English
settings-window-language-zh-cn = 简体中文
settings-window-theme = 主题
settings-window-theme-system = 跟随桌面
settings-window-theme-light = 浅色
settings-window-theme-dark = 深色
settings-window-zoom = 缩放
settings-window-zoom-help = 50 到 300。Ctrl 加 +、− 和 0 作用相同。

settings-notices-crash = 网关崩溃
settings-notices-loop = 反复崩溃
settings-notices-gave-up = 管理器放弃重启
settings-notices-config-error = 配置被拒绝
settings-notices-hung = 挂起，或其他程序占用了端口
settings-notices-recovered = 恢复正常
settings-notices-credential = 凭据到期
settings-notices-other = 其他一切
settings-notices-quiet-hours = 安静时段
settings-notices-quiet-hours-help = 起止时间，如 22:00-07:00，按本机时区；可在后面写另一个时区，如 22:00-07:00 Europe/Berlin。期间发生的事会在之后告知。
settings-notices-per-hour = 最多

settings-alerts-per-hour = 每条路线最多
settings-route-on = { $route }（{ $via }）
settings-route-urgent-only = { $route }：仅限紧急事项

settings-thresholds-hung-after-s = 沉默多久算作挂起
settings-thresholds-calm-after-s = 正常多久之后再次崩溃才算新消息
settings-credentials-warn-hours = 凭据到期前的最后警告

settings-profile-in-menu = { $profile }：在托盘菜单中显示

settings-programs-node = Node.js
settings-programs-node-help = 程序的绝对路径。
settings-programs-openclaw = OpenClaw
settings-programs-openclaw-help = 其启动器或软件包文件夹的绝对路径。

settings-logs-max-mib = 日志达到多大时重新开始
settings-logs-max-mib-help = 适用于 Gateward 自己写入或照管的日志，从网关下次启动起生效。journal 和 OpenClaw 自己的日志另有规则。
settings-updates-check = 每天询问一次是否有新版本
settings-updates-check-help = 只获取发布者签名的清单。不发送任何关于您的信息，也不下载或安装任何东西。
settings-updates-url = 询问此地址
settings-updates-url-help = 无论放在哪里，清单都必须由同一发布者签名。

settings-unit-per-hour = 每小时
settings-unit-seconds = 秒
settings-unit-hours = 小时
settings-unit-mebibytes = MiB
settings-unit-percent = %

settings-default-on = 开
settings-default-off = 关
settings-default-never = 从不
settings-default-found = 由 Gateward 查找
settings-default-built-in = 内置

release-no-source = 此 Gateward 构建不知道向何处询问新版本。
release-not-asked = 尚未询问过新版本。“gateward update --check”可询问一次。
release-newest = Gateward { $own } 是最新版本。
release-newer = Gateward { $version } 已于 { $day } 发布；当前为 { $own }。新内容和获取地址：
release-file = 适用于此机器：{ $url }
    SHA-256：{ $sha256 }
