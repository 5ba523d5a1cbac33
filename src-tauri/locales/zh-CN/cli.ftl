# 命令行。`text-*`：状态页和每次失败中的片段；`done-*`：操作的结果；`failed-*`：当时在做什么；`plan-*`：执行之前的计划；
# `explain-*`：按名称解释的问题。

text-cause = 原因：{ $cause }
text-hint = 提示：{ $hint }
text-headed = { $head }：{ $text }
text-warning = 警告：{ $warning }
text-profile = 配置档案 { $name }
text-now = 现在
text-ago = { $age }前
text-source = 来自 { $source } · { $age }

text-label-prospects = 接下来
text-prospect = { $occasion }：{ $becomes }
text-because = （{ $ground }）
text-label-recently = 最近

text-owner = { $program }（进程 { $pid }，用户 { $user }）
text-owner-started-by = { $owner }，由 { $unit } 启动
text-hidden-owner = 另一个账户或容器

env-file = 定义：{ $path }
env-command = 命令：{ $command }
env-working-dir = 工作文件夹：{ $path }
env-from = （来自 { $path }）
env-lasting-node = { $path } 在更新后仍然有效。使用它：gateward env node

text-lingers-not = 注销时网关会停止，登录之前也不会启动。

done-altered = 服务已更改，以进程 { $pid } 运行，并在端口 { $port } 上应答。
done-installed = 网关已安装为服务，以进程 { $pid } 运行，并在端口 { $port } 上应答。
done-already-installed = 网关已经安装：{ $path }
done-uninstalled = 网关服务已移除。网关自己的数据没有改动。
done-nothing-installed = 网关服务尚未安装，没有可移除的内容。
done-started = 网关以进程 { $pid } 运行，并在端口 { $port } 上应答。
done-already-running = 网关已经在运行，进程号 { $pid }。
done-already-starting = 网关已经在启动。
done-stopped = 网关已停止。
done-killed = 网关已停止：剩余的部分已被终止。
done-stopped-for-good = 网关已停止，下次登录后也保持停止，直到您启动它。
done-already-stopped = 网关已经停止。
done-not-loaded = 网关服务未加载，没有可停止的内容。
done-restarted = 网关已重启。它以进程 { $pid } 运行，并在端口 { $port } 上应答。
done-updated = 网关正在运行版本 { $version }，pid 为 { $pid }，在端口 { $port } 上应答。
done-up-to-date = 无需操作：定义中写到的都在，已安装的就是正在运行的版本（{ $version }）。
done-scheduled = 服务管理器稍后就会执行。此命令在网关自身之内运行，因此无法等待。
done-watcher-installed = 观察程序已安装为服务并在运行：{ $path }
done-watcher-at-login = 观察程序将在下次登录桌面时启动：{ $path }
done-watcher-uninstalled = 观察程序的服务已移除。
done-watcher-not-there = 观察程序的服务尚未安装，没有可移除的内容。
done-planned = 将会这样做。没有作任何更改。

failed-install = 无法安装网关
failed-uninstall = 无法移除网关
failed-start = 无法启动网关
failed-stop = 无法停止网关
failed-restart = 无法重启网关
failed-env = 无法显示或更改交给服务的内容
failed-after-update = 无法让网关切换到已安装的版本
failed-logs = 无法显示日志
failed-watch = 无法更改观察程序的服务
failed-wait = 没有可等待的内容
failed-settings = 无法显示或更改设置
failed-history = 无法显示历史
failed-run = 宿主无法运行网关
failed-render = 无法写出定义

progress-running = 正在等待进程启动… { $waited } 秒
progress-not-running = 正在等待网关停止… { $waited } 秒，最多 { $deadline } 秒
progress-gone = 正在等待服务被移除… { $waited } 秒
progress-answering = 正在等待网关应答… { $waited } 秒
progress-port-released = 正在等待端口释放… { $waited } 秒
progress-switched-off = 正在等待服务停用……{ $waited } 秒
progress-port-free = 正在等待端口空闲… { $waited } 秒
progress-process-gone = 正在等待旧进程结束… { $waited } 秒，最多 { $deadline } 秒
progress-draining = 正在等待网关完成工作{ $awaits }：还有 { $left } 秒，之后会被终止。不想等待：gateward stop --now
progress-undoing = 正在全部恢复原状…

plan-heading = 将会这样做。目前没有作任何更改。
plan-nothing = 没有需要做的事。
plan-make-dir = 创建文件夹 { $path }（权限 0{ $mode }）
plan-write = 写入 { $path }（权限 0{ $mode }）
plan-keep = 将 { $from } 保留为 { $to }
plan-remove = 移除 { $path }
plan-run = 运行：{ $command }
plan-unchanged = （未更改）
plan-secret = （机密，{ $n } 个变量）
plan-await-running = 等待它运行，最多 { $seconds } 秒
plan-await-not-running = 等待它停止，最多 { $seconds } 秒
plan-await-gone = 等待管理器忘记它，最多 { $seconds } 秒
plan-await-answering = 等待网关应答，最多 { $seconds } 秒
plan-await-port-released = 等待端口释放，最多 { $seconds } 秒
plan-await-switched-off = 确认没有任何东西在登录时启动它，最多 { $seconds } 秒
plan-await-port-free = 等待端口上无人监听，最多 { $seconds } 秒
plan-await-process-gone = 等待旧进程结束，最多 { $seconds } 秒

warn-unstable-path = { $path } 属于版本管理器或含有版本号：更新之后服务可能无法启动。届时请再次运行“gateward install --force”。
warn-no-login-start = 重新开机后，本机没有任何东西会再次启动它：没有服务管理器，没有桌面自动启动，也没有 cron。请让启动本机程序的工具调用“gateward start”，或让容器以“gateward run”作为命令。
warn-mode = 配置没有将 gateway.mode 设为“local”；OpenClaw 可能拒绝启动。设置方法：{ $command }
warn-lost-secrets = 旧定义中的这些机密没有复制：{ $names }。若仍需要，请用 --env-file 提供。
cause-definition-put-back = 之前的定义已恢复生效
cause-nobody-to-ask = 没有可供询问的终端

ask-legacy = 这里有使用 OpenClaw 旧名称的服务，它们会与新服务争夺端口：
    { $list }
    移除它们，并把文件放入废纸篓吗？否则不去动它们。[y/N]
legacy-running = { $label } · 运行中，进程 { $pid } · { $file }
legacy-at-rest = { $label } · 未运行 · { $file }
legacy-no-file = 没有文件，只有 launchd 知道它
warn-legacy-kept = 未作改动，尽管它可能占用网关的端口：{ $labels }
try-title = Gateward 的测试警报
try-text = 这是测试。网关没有发生任何事。
try-arrived = { $route }：已送达
try-none = 还没有警报路线。创建方法：gateward settings set alerts.routes.NAME '{"{"}"via":"ntfy"{"}"}'
settings-file = # { $path }
ask-secret = { $field } 的值（不显示）：
uninstall-stays = 将保留：网关自己的数据（{ $path }）、OpenClaw 和 Gateward。
ask-uninstall = 移除配置档案“{ $profile }”的网关服务吗？[y/N]

wait-late = { $seconds } 秒内没有达到 { $state }：{ $headline }
history-heading = 最近 { $days } 天
history-up = 正常运行 { $percent }%（占已知时间）
history-up-unknown = 不清楚正常运行了多久
history-crashes = { $n ->
    [0] 没有崩溃
   *[other] 崩溃 { $n } 次
}
history-outage = 最长中断：{ $for }
history-reason = { $n } 次：{ $what }
history-empty = 据 Gateward 所知，这个网关还没有发生任何事。
logs-nowhere = 还没有日志：还没有任何程序为这个网关写过日志。
logs-empty = 还没有日志：{ $source }

docs-explanations = # Gateward 各种说法的解释

    按名称列出每个判断、每个问题和每个已知原因。在终端中运行“gateward explain 名称”会得到同样的内容。本页由程序自己的文字生成。
explain-verdicts = 判断：
explain-problems = 问题：
explain-causes = 网关结束的原因：
explain-unknown-name = “{ $name }”不是问题、判断或原因的名称，也不是 Gateward 认识的文字。“gateward explain”会列出所有名称。

explain-bad-profile = 配置档案的名称不能使用。名称由字母、数字、“-”和“_”组成，以字母或数字开头，最多 64 个字符。
explain-bad-port = 端口是 1 到 65535 的整数。
explain-bad-variable = 服务的某个变量没有有效名称、含有换行，或是程序会用来加载外来代码的变量。
explain-bad-value = 此 shell 的某个 OPENCLAW_ 或 GATEWARD_ 变量的值不能使用。请取消设置或改正它。
explain-bad-pattern = 要搜索的内容不是正则表达式。原因常常是括号或其他特殊字符；请在它前面加反斜杠。
explain-bad-working-dir = 服务的工作文件夹不存在。
explain-secret-in-command = 服务的命令参数中含有机密。Gateward 不会把它读回来，因此无法重写命令。请把机密放进文件后重新安装服务。
explain-no-home = 没有 HOME 就不知道网关的文件夹在哪里。某些 cron 任务和容器中没有它。
explain-no-node = OpenClaw 需要 Node.js，但没有找到足够新的版本。请用 --node 指定，或安装一个。
explain-no-openclaw = 在 PATH 以及 npm、pnpm、yarn、bun 和各版本管理器的全局文件夹中都没有找到 OpenClaw。
explain-program-missing = 为服务指定的程序不存在，或不可执行。
explain-config-invalid = OpenClaw 的配置不是有效的 JSON5，因此不知道其端口，网关也会拒绝启动。
explain-config-unreadable = OpenClaw 的配置存在但无法打开；通常它属于另一个账户。
explain-port-taken = 另一个程序在网关的端口上监听。请停止它，或给网关另一个端口。Gateward 不会结束不属于该服务的进程。
explain-tool-missing = 未安装服务管理器自己的工具，因此不能使用它。Gateward 自带的管理器不需要它。
explain-not-systemd = 此系统由其他 init 程序启动，大多数容器和没有 systemd 的 WSL 都是如此。
explain-no-user-bus = 用户的服务管理器在运行，但此 shell 无法连接它；在“su”或“sudo”之后很常见。请以该用户登录，或设置 XDG_RUNTIME_DIR。
explain-no-user-manager = 此用户没有运行中的服务管理器：无人登录，且未启用 linger。
explain-access-denied = 系统拒绝访问。原因中说明了拒绝的内容。
explain-unsupported = 此版本的 Gateward 无法用这个服务管理器做到。
explain-step-failed = 计划中的一步失败了。已更改的文件已恢复原状。
explain-tool-hung = 服务管理器的工具没有按时回答，已被结束。
explain-tool-answer-unreadable = 服务管理器的工具以未知的形式回答。请连同原因一起报告。
explain-unit-unknown = 服务管理器不认识此服务。启动或安装会让它认识。
explain-unit-masked = 有人禁止了此服务启动。“systemctl --user unmask”可重新允许。
explain-unit-unreadable = 服务的定义存在但无法读取。
explain-unit-foreign = 以网关为名的定义并不是网关的。Gateward 只在“install --force”时替换它。
explain-unit-invalid = systemd 拒绝了定义。没有保留任何内容。
explain-legacy-services = OpenClaw 过去用过其他名称，以那些名称安装的服务仍然存在。请说明是否要移除它们。
explain-system-unit-exists = 存在同名的系统级服务。两个网关会争夺一个端口。
explain-read-failed = 无法读取某个文件或文件夹。
explain-write-failed = 无法写入某个文件；旧文件没有改动。常见原因是文件夹只读、归他人所有或磁盘已满。
explain-not-installed = 没有可启动的服务。“gateward install”会创建一个。
explain-still-running = 已要求网关停止，但它没有按时结束。它可能在完成较长的工作。
explain-still-switched-on = 服务管理器说服务已停用，但随后查看发现它仍处于启用状态。管理员可能为所有人启用了它。网关没有被停止。
explain-did-not-start = 管理器接受了命令，但没有出现新的进程。
explain-gave-up = 网关在短时间内崩溃太多次，管理器停止了重启。请查看日志，然后启动它：这会解除限制。
explain-config-error = 网关以退出码 78 结束：它拒绝自己的配置，重启没有用。“openclaw doctor”会指出错误。
explain-update-unproven = OpenClaw 更新后网关已重启，但应答的不是已安装的版本，或者它没有就绪。新写的定义已撤回；旧版 OpenClaw 只能由它自己的安装程序恢复，例如“npm install -g openclaw@VERSION”。
explain-not-answering = 进程在运行，但其端口没有按时应答。首次启动可能需要一分钟；日志中有更多信息。
explain-foreign-owner = 其他程序占用了正在运行的服务的端口。
explain-already-busy = 对此网关的另一项操作正在进行。请等待它结束。
explain-alert-failed = 警报没有送达接收方。会重试约三小时，之后放弃。“gateward settings try”可发送测试。
explain-settings-invalid = 设置文件无法读取、在所指字段中含有不合适的内容，或由较新的 Gateward 写成。改正之前使用默认值。
explain-no-update-source = 发布者的密钥和地址在构建发布版时给定。此构建没有（例如从源代码构建），所以 Gateward 不询问任何人；把程序给您的人也会有更新的版本。
explain-update-unreachable = 版本清单的地址没有应答，或应答的不是清单。其他功能不依赖它；请稍后再试，若设置过“updates.url”请检查它。
explain-update-untrusted = 清单已收到，但有问题：签名不符、日期已过，或比以前见过的更旧。途中可能有人改动，或有人在提供旧清单；因此不显示其中任何内容。如果一直如此，请告知发布者。
explain-bad-setting = 设置需要相应类型的值：是或否、整数、时段、绝对路径。路线的机密值以不显示的方式输入或从标准输入读取，从不作为参数给出。
explain-no-such-setting = 没有此名称的设置。“gateward settings”会列出全部。
explain-database-unusable = 无法打开事件历史。没有它 Gateward 也会继续工作。
explain-not-possible-now = 在当前状态下此操作没有意义。
explain-no-host = 此配置档案没有“gateward run”在工作。只有它能在自己不结束的情况下重启网关。
explain-host-already-runs = 此配置档案的宿主已在运行；第二个会与它争夺端口。
explain-no-display = 没有桌面会话。命令行能做窗口所做的一切。
explain-bad-answer = 答案文件是一个 JSON 对象，每个键只有几个可能的值：`gateward setup --help` 会列出它们。值本身从不重复，因为其中可能误含机密。
explain-no-answer = 没有终端就没有人可以询问，因此 `gateward setup` 不会自行决定应由人决定的事。请在答案文件中说明，或用 `--yes` 采用建议。
explain-fetch-failed = 向导替您运行的程序以失败告终，原因是它自己的话。之前做过的都保留着：排除原因后再次选择这一步。
explain-not-proven = 服务已写入，其管理器也知道它，但网关还没有应答已就绪。它的日志比谁都说得清楚。
explain-cancelled = 您拒绝了，或没有人可询问。没有作任何更改。
explain-internal = Gateward 出了错。请连同文字一起报告。
explain-no-gui-session = macOS 在桌面会话中运行 LaunchAgent，而此账户在这里没有桌面会话：通常是通过 ssh 或 sudo 进入的。请在 Mac 自己的屏幕上登录或共享屏幕，然后在那里重试。
explain-no-task-scheduler = 在 Windows 上，名为“Schedule”的服务（任务计划程序）会在您登录时启动网关。它没有应答：有人停止了它，或策略禁止了它。管理员可以再次启动它；在那之前，`gateward run` 可在终端中运行网关。
explain-unit-unsafe = 所有者之外的人可以更改定义文件，因此能在那里写入的人就能决定以您的名义运行什么。请先改正所有者和权限；Gateward 不会以这样的文件为基础。
explain-inside-service = 此命令来自网关自己启动的程序。结束网关会使该程序中途结束。请从独立的终端运行。

text-try = 可以试试：{ $command }
text-label-remark = 注意
