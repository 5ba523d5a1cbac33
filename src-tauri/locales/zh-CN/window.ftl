# 窗口

window-title = Gateward
window-title-profile = Gateward · { $profile }
window-skip = 跳到页面内容
window-pages = 页面
window-page-overview = 概览
window-page-logs = 日志
window-page-history = 历史
window-page-environment = 环境
window-page-credentials = 凭据
window-page-settings = 设置
window-page-setup = 设置向导
window-setup-open = 逐步设置…
window-profile = 配置档案 { $profile }
window-version = Gateward { $version }
window-no-tray = 此桌面不显示托盘图标。关闭此窗口会结束 Gateward；网关继续运行。

window-loading = 正在查看网关…
window-lost = Gateward 自身没有应答。
window-lost-hint = 窗口宁可什么都不显示，也不显示旧的状态。请关闭后重新打开。
window-page-failed = 无法绘制此页面。
window-try-again = 重试

# 基调，供看不到图标的人使用。
window-tone-good = 良好
window-tone-working = 进行中
window-tone-idle = 静止
window-tone-attention = 需要留意
window-tone-problem = 有问题
window-tone-unknown = 未知

# 操作：与命令行的动词一致。
window-actions = 操作
window-do-install = 安装
window-do-uninstall = 卸载
window-do-start = 启动
window-do-stop = 停止
window-do-disable = 停止并保持停止
window-do-restart = 重启
window-do-repair = 修复
window-reason = { $labels }：{ $reason }

# 正在进行的停止。
window-drain = 正在停止
window-drain-finishing = 网关正在完成手头的工作。
window-drain-awaits = 网关正在完成：{ $names }
window-drain-left = 还有 { $left }，之后会被终止。
window-drain-force = 不再等待：立即终止
window-check-now = 立即检查
window-dashboard = 打开控制面板

# 四个事实。值是不带句号的句子，细节随后。
window-facts = 从定义到应答
window-facts-help = 每个事实都说明从何处、何时读取。第一个断开的环节通常就是该查看的地方。
window-fact-registered = 已登记
window-fact-supervised = 受管理
window-fact-port = 端口
window-fact-answers = 应答
window-fact-source = 来源
window-fact-read = 读取于
window-standing-holds = 成立
window-standing-pending = 进行中
window-standing-rests = 没有，也无需有
window-standing-broken = 在此断开
window-standing-unknown = 不清楚
window-link-broken = 断开的环节

window-registered-missing = 没有写下定义
window-registered-missing-at = 应当位于 { $file }
window-registered-by-gateward = 由 Gateward 写成
window-registered-by-openclaw = 由 OpenClaw { $generation } 写成
window-registered-by-foreign = 由他人写成
window-registered-unknown = 无法读取
window-registered-stale = 文件在服务管理器加载之后被更改过
window-registered-drop-ins = 有 { $n } 个附加文件更改它

window-supervised-running = 运行中 · 进程 { $pid }
window-supervised-running-for = 运行中 · 进程 { $pid } · { $for }
window-supervised-starting = 正在启动
window-supervised-waiting = 已结束；将再次启动
window-supervised-stopping = 正在停止
window-supervised-killed-in = 若未先结束，{ $left }后会被终止
window-supervised-stopped = 已停止
window-supervised-gave-up = 不再重启
window-supervised-unloaded = 未加载
window-supervised-absent = 服务管理器不认识它
window-supervised-unknown = 无法询问服务管理器
window-supervised-restarts = 已自行重启 { $n } 次
window-supervised-last-exit = 上次结束：{ $exit }

window-port-free = { $port } · 无人监听
window-port-service = { $port } · 由该服务占有
window-port-gateway = { $port } · 由另一个网关占有
window-port-stranger = { $port } · 由 { $program } 占有
window-port-hidden = { $port } · 占有者系统不予显示
window-port-unknown = { $port } · 无法查明占有者
window-port-owner = { $program }，进程 { $pid }，用户 { $user }
window-port-address = 位于 { $address }
window-port-started-by = 由 { $unit } 启动

window-answers-ready = 就绪 · { $ms } 毫秒
window-answers-version = OpenClaw { $version }
window-answers-live = 活着，未就绪
window-answers-failing = 缺少：{ $names }
window-answers-silent = { $ms } 毫秒内没有应答
window-answers-refused = 无人应答
window-answers-not-gateway = 应答的是别的程序
window-answers-saw = 它说：{ $saw }
window-answers-unknown = 无法询问

window-exit-code = 退出码 { $code }
window-exit-signal = 信号 { $signal }
window-exit-core = 信号 { $signal }，带内存映像

# 会自行发生什么。
window-autostart-on-lingers = 开机时启动，注销后继续运行。
window-autostart-on-login = 登录时启动，注销时结束。
window-autostart-on = 登录时自行启动。
window-autostart-off = 登录时不会自行启动。
window-autostart-blocked = 它的启动已被禁止，直到有人重新允许。
window-autostart-unknown = 不清楚它是否会自行启动。

# 问题卡片。
window-problem = 出了什么问题
window-problem-cause = 工具自己的话
window-problem-next = 接下来怎么做
window-problem-code = 可按 { $code } 搜索
window-dismiss = 关闭
window-copy = 复制
window-copy-what = 复制：{ $what }
window-copied = 已复制
window-not-copied = 无法复制

# 事件。
window-history-time = 时间
window-history-days = { $n } 天
window-history-failed = 无法读取历史
window-history-summary = 过去的情况
window-history-up = 正常运行（占已知时间）
window-history-crashes = 崩溃
window-history-outage = 最长中断
window-history-reasons = 原因
window-history-times = { $n } 次
window-timeline = { $n ->
    [0] 时间线，没有中断
   *[other] 时间线，中断 { $n } 次
}
window-being-up = 运行
window-being-down = 中断
window-being-stopped = 有意停止
window-being-unknown = 无人观察
window-notices = 已告知您的事
window-notices-none = 还没有。
window-notice-off = 已关闭
window-notice-quiet = 在安静时段被保留
window-notice-limited = 省略：一小时内太多
window-incidents = 发生的事
window-incidents-none = 还没有发生任何事
window-incidents-none-why = 网关的启动、停止和崩溃会列在这里。
window-incident-started = 已启动
window-incident-stopped = 已停止
window-incident-restarted = 自行重启
window-incident-crash = 崩溃
window-incident-gave-up = 不再重启
window-incident-config-error = 拒绝了配置
window-incident-hung = 停止应答
window-incident-recovered = 已恢复
window-incident-installed = 服务已安装
window-incident-uninstalled = 服务已移除
window-incident-signal-ignored = 忽略了重启信号
window-incident-port-taken = 端口被占用
window-incident-config-changed = 配置被写入
window-incident-definition-changed = 定义已更改
window-incident-version-changed = 版本已更改
window-incident-slept = 电脑曾睡眠
window-incident-clock-jumped = 时钟被调整
window-incident-credential-ending = 凭据即将到期
window-incident-credential-over = 凭据已到期、缺失或被拒绝
window-incident-credential-renewed = 凭据恢复可用
window-incident-by-openclaw = 通过 OpenClaw 的命令行
window-incident-by-systemctl = 用 systemctl
window-incident-by-oom-killer = 内存耗尽
window-incident-by-logout = 登录会话结束
window-incident-by-shutdown = 关机
window-incident-killed-at-deadline = 被终止：没有按时结束
window-incident-by-gateward = 通过 Gateward
window-incident-by-outside = 来自 Gateward 之外
window-incident-pid = 进程 { $pid }
window-incident-after = { $for }后
window-incident-restarts = 第 { $n } 次重启
window-last-words = 此前最后 { $n } 行
window-ago-now = 刚刚
window-more = 另有 { $n } 条较早的记录

# 日志。
window-logs-search = 搜索全部
window-logs-search-hint = 正则表达式
window-logs-ignore-case = 忽略大小写
window-logs-find = 查找
window-logs-previous = 较早的结果
window-logs-next = 较新的结果
window-logs-searching = 目前找到 { $hits } 行 · { $percent }%
window-logs-no-hit = 没有任何一行符合
window-logs-hits = 找到 { $hits } 行
window-logs-hit-of = 第 { $hit } 个，共 { $hits } 个
window-logs-filter = 筛选
window-logs-filter-hint = 行中的文字
window-logs-level = 最低级别
window-logs-subsystem = 子系统
window-logs-range = 时间
window-logs-range-all = 全部
window-logs-range-15m = 最近 15 分钟
window-logs-range-1h = 最近一小时
window-logs-range-24h = 最近 24 小时
window-logs-range-own = 从…到…
window-logs-since = 从
window-logs-until = 到
window-logs-time-hint = 15m、12:00、2026-11-22 12:00
window-logs-sources = 来源：{ $shown } / { $all }
window-logs-incident = 转到
window-logs-incident-choose = 发生的事…
window-level-all = 全部
window-level-debug = 调试
window-level-info = 信息
window-level-warn = 警告
window-level-error = 错误
window-level-unknown = –
window-logs-pause = 暂停
window-logs-resume = 继续
window-logs-end = 转到最新
window-logs-clear = 清空
window-logs-collapse = 合并重复行
window-logs-times = { $n } 次
window-logs-shown = 本页的各行
window-logs-save = 保存
window-logs-saved = 已将 { $n } 行保存为 { $path }
window-logs-saved-cut = 已将最新的 { $n } 行保存为 { $path }；更早的放不下。
window-logs-line = 所选行的全文
window-logs-list = 日志行
window-logs-reading = 正在读取日志…
window-logs-none = 还没有日志
window-logs-none-why = 网关写入新行时会显示在这里。
window-logs-nothing-fits = 没有符合筛选的行
window-logs-count-all = 已载入 { $kept } 行
window-logs-size = 文件共 { $size }
window-logs-growth = 每分钟增长 { $size }
window-logs-paused = 已暂停 · { $waiting } 个新行在等待
window-logs-full = 这里最多保留 { $most } 行；滚动时会读取更多。
window-logs-cut = … 另有 { $n } 个字符
window-logs-here = 查看日志

# 环境。
window-environment-none = 尚未安装服务，因此还没有写下任何内容
window-environment-none-why = 安装之后，这里会显示服务管理器读到的命令、文件夹和变量。
window-environment-unreadable = 无法读取定义
window-service = 服务
window-variables = 变量
window-variables-none = 此服务没有设置自己的变量。
window-variable-name = 名称
window-variable-value = 值
window-variable-source = 来源
window-variable-inline = 在定义中
window-variable-secret = 机密；只显示其指纹
window-command = 命令
window-working-dir = 工作文件夹
window-working-dir-none = 未设置；使用服务管理器自己的
window-file = 定义
window-drop-ins = 附加文件
window-drop-ins-none = 没有
window-at-login = 自行启动
window-author = 作者
window-manager = 服务管理器
window-manager-systemd = systemd（用户）
window-manager-launchd = launchd
window-manager-schtasks = 任务计划程序
window-manager-builtin = Gateward 自带

# 设置页。各项设置的文字在 settings.ftl 中。
window-settings-loading = 正在读取设置…
window-settings-changed = 已更改：{ $name }
window-settings-undo = 撤销
window-settings-login = 启动
window-settings-login-label = 登录时启动 Gateward
window-settings-login-unknown = Gateward 不知道此桌面如何在登录时启动程序。
window-settings-path = 这些设置存放在
window-settings-default = 默认：{ $value }
window-settings-reset = 重置
window-settings-reset-name = 将“{ $name }”重置为默认值
