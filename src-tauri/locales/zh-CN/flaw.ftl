# 定义中会让其主人意外之处；每条检查规则一句话。

flaw-task-stops-on-battery = 电脑改用电池时，Windows 会停止网关。
flaw-task-waits-for-mains = 电脑使用电池时，Windows 不会启动网关。
flaw-task-time-limit = Windows 会在时限（{ $limit }）后停止网关。
flaw-task-stops-when-used = 有人回到空闲的电脑前时，Windows 会停止网关。
flaw-task-only-when-idle = Windows 仅在电脑空闲时运行网关。
flaw-task-runs-twice = Windows 可能会在第一个网关之外再启动一个。
flaw-task-not-by-itself = 登录时没有任何东西启动此任务：只有手动启动才会运行。
flaw-task-trigger-ends = 此任务的一个触发器会到期（{ $ends }），之后不再启动任何东西。
flaw-task-switched-off = 任务已停用：登录时不会启动。
flaw-task-sign-in-only = 在您登录时启动，而不是开机时：无人登录就没有网关。
flaw-task-next-start = Windows 还会按时间启动网关，下次在 { $at }。
flaw-task-program-missing = 任务要启动的程序已不存在：{ $path }
flaw-startup-item = 通过“启动”文件夹启动，因为 Windows 拒绝了计划任务。它只在登录时启动，比任务更晚，Windows 不会再次启动它，并且可以在“设置 > 应用 > 启动”中关闭。
flaw-starts-twice = 除任务之外，“启动”文件夹中的一项也会启动网关，而只有一个能得到端口：{ $path }
flaw-mend = `gateward install --force` 可以修正。
