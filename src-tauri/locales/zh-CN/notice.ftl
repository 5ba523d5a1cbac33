# 通知：`notice-*` 是标题，`notice-*-body` 是下面的文字。`-named` 用于默认之外的网关。

notice-crash = 网关崩溃
notice-crash-named = 网关“{ $profile }”崩溃
notice-loop = 网关不断崩溃
notice-loop-named = 网关“{ $profile }”不断崩溃
notice-gave-up = 网关已停运
notice-gave-up-named = 网关“{ $profile }”已停运
notice-config-error = 网关拒绝当前配置
notice-config-error-named = 网关“{ $profile }”拒绝当前配置
notice-hung = 网关没有应答
notice-hung-named = 网关“{ $profile }”没有应答
notice-recovered = 网关再次就绪
notice-recovered-named = 网关“{ $profile }”再次就绪
notice-other = 网关
notice-other-named = 网关“{ $profile }”

# 如何结束，作为通知的第一句：{ $what } 是 incident-* 或 exit-* 之一。
notice-body-how = 进程{ $how }。
notice-body-exit = 结束：{ $how }。
notice-body-how-after = 进程在运行 { $for } 后{ $how }。
notice-body-exit-after = 运行 { $for } 后结束：{ $how }。
notice-body-unknown-exit = 它意外结束了。
notice-body-hung = 进程在运行并占有端口，但已停止应答。重启通常有效。
notice-body-recovered = 它应答已就绪。
notice-body-gave-up = 服务管理器不再重启它。
notice-body-config-error = 请改正配置，然后启动它。
notice-body-loop = 十分钟内崩溃 { $n } 次。

# 接下来会怎样。
notice-next-waiting = 它会自动再次启动。
notice-next-running = 它已再次启动。
notice-next-down = 它不会自行再次启动。

notice-button-restart = 重启
notice-button-stop-loop = 停止循环
notice-button-start = 启动
notice-button-logs = 查看日志

notice-port-taken = 网关的端口被占用
notice-port-taken-named = 网关“{ $profile }”的端口被占用
notice-body-taken-by = 占用者：{ $owner }。
notice-body-port-taken = 在该程序结束或更换端口之前，无法连接网关。
