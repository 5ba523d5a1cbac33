# 事件：每件一句话，用于历史、窗口和通知。

incident-started = 已启动
incident-started-gateward = 由 Gateward 启动
incident-started-outside = 由 Gateward 以外的程序启动
incident-stopped = 已停止
incident-stopped-gateward = 由 Gateward 停止
incident-stopped-outside = 由 Gateward 以外的程序停止
incident-restarted = 按计划自行重启
incident-restarted-unseen = 自行重启；之前如何结束没有被看到
incident-restarted-gateward = 由 Gateward 重启
incident-restarted-outside = 由 Gateward 以外的程序重启
incident-crash = 崩溃
incident-crash-how = 崩溃：{ $how }
incident-gave-up = 崩溃过于频繁：服务管理器不再重启它
incident-gave-up-how = 崩溃过于频繁：服务管理器不再重启它。最近一次：{ $how }
incident-config-error = 拒绝了配置
incident-config-error-how = 拒绝了配置：{ $how }
incident-hung = 仍在运行，但停止了应答
incident-recovered = 再次就绪
incident-installed = 服务已安装
incident-installed-gateward = 服务由 Gateward 安装
incident-installed-outside = 服务由 Gateward 以外的程序安装
incident-uninstalled = 服务已移除
incident-uninstalled-gateward = 服务由 Gateward 移除
incident-uninstalled-outside = 服务由 Gateward 以外的程序移除
incident-signal-ignored = 一个重启信号被忽略：无人授权
incident-killed-at-deadline = 没有按时结束，已被终止

# 接在句子之后，用于已知运行时长时。
incident-after = { $sentence }，运行 { $for } 之后

exit-code = 退出码 { $code }
exit-code-meaning = 退出码 { $code }（{ $meaning }）
exit-signal = 被信号 { $signal } 终止
exit-signal-named = 被信号 { $signal }（{ $name }）终止
exit-signal-core = 被信号 { $signal } 终止，已写入内存映像
exit-signal-named-core = 被信号 { $signal }（{ $name }）终止，已写入内存映像

exit-meaning-1 = 它没有处理的错误
exit-meaning-78 = 配置错误：改正配置之前不会启动
exit-meaning-126 = 程序不允许执行
exit-meaning-127 = 找不到某个程序
exit-meaning-134 = 它自行中止，通常因为内存不足
exit-meaning-137 = 被 SIGKILL 终止，常因内存不足
exit-meaning-139 = 在原生代码中崩溃
exit-meaning-200 = 无法进入其工作文件夹
exit-meaning-203 = 无法执行其程序
exit-meaning-209 = 无法打开其日志文件

# 有证据时，说明由谁所为。
incident-stopped-openclaw = 由 OpenClaw 的命令行停止
incident-stopped-systemctl = 用 systemctl 停止
incident-stopped-logout = 因登录会话结束而停止
incident-stopped-shutdown = 因系统关机而停止
incident-restarted-openclaw = 由 OpenClaw 的命令行重启
incident-restarted-systemctl = 用 systemctl 重启
incident-crash-oom-killer = 因内存耗尽被系统结束
incident-started-openclaw = 由 OpenClaw 的命令行启动
incident-started-systemctl = 用 systemctl 启动

incident-port-taken = 其他程序占用了网关的端口
incident-port-taken-detail = 网关的端口被 { $detail } 占用
incident-config-changed = 配置文件被写入
incident-config-changed-detail = 配置被写入（{ $detail }）
incident-definition-changed = 服务的定义已更改
incident-definition-changed-detail = 服务的定义已更改（{ $detail }）
incident-definition-changed-gateward = 服务的定义由 Gateward 更改
incident-version-changed = 网关的版本已更改
incident-version-changed-detail = 网关的版本已更改：{ $detail }
incident-slept = 电脑曾睡眠
incident-slept-for = 电脑睡眠了 { $for }
incident-clock-jumped = 时钟被调整
incident-clock-jumped-detail = 时钟被调整了 { $detail }
incident-credential-ending = 一个凭据即将到期
incident-credential-ending-detail = 凭据 { $detail } 即将到期
incident-credential-over = 一个凭据已到期、缺失或被拒绝
incident-credential-over-detail = 凭据 { $detail } 已到期、缺失或被拒绝
incident-credential-renewed = 一个凭据恢复可用
incident-credential-renewed-detail = 凭据 { $detail } 恢复可用

# 崩溃前不久的变化。
incident-changed-before = 此前不久：{ $changes }
incident-before = { $what }（{ $ago }前）
