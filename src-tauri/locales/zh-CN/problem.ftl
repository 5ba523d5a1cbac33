# 问题：我们在做什么、什么阻止了它。原因（工具自己的话）和提示另行显示。

problem-bad-profile = “{ $name }”不能作配置档案的名称：{ $reason ->
    [length] 超过 64 个字符
    [start] 必须以字母或数字开头
    [case] 此系统上不能使用大写字母
    [reserved] 此名称在该系统上是保留的
   *[letters] 只能使用字母、数字、“-”和“_”
}。
problem-bad-port = “{ $value }”不是端口：必须是 1 到 65535 的整数。
problem-bad-variable = 变量“{ $name }”不能使用：{ $reason ->
    [blocked] 程序会通过它加载外来代码，因此服务定义不得设置它
    [newline] 其值含有换行或控制字符
    [identity] 它把服务与其配置档案绑定，只有安装会设置它
    [drop-in] 它由 { $source } 设置，并继续有效
    [absent] 服务没有这个名称的变量
    [not-here] 本次会话没有这个名称的变量
   *[name] 应写作 NAME=value，名称由字母、数字和“_”组成
}。
problem-bad-value = { $variable } 不能使用：{ $reason ->
    [other-profile] 它指的不是所选配置档案的服务
    [time] 它不是 30s 或 5m 30s 这样的时间
    [moment] “{ $value }”不是 15m、12:00 或 2026-11-22 12:00 这样的时间
    [no-plan] 此命令没有可以预先显示的计划，请去掉该选项
    [newline] 它含有换行或控制字符
    [empty] 它是空的
    [ascii] 它含有 Windows 脚本无法承载的非 ASCII 字符
    [quote] 它含有 Windows 脚本无法承载的双引号
    [length] 它比 Windows 脚本允许的一行更长
    [not-absolute] “{ $value }”不是绝对路径
   *[letters] “{ $value }”含有那里不允许的字符
}。
problem-bad-pattern = 这不是可以搜索的正则表达式。
problem-secret-in-command = 服务的命令中含有机密，因此无法重写。
problem-bad-working-dir = 工作文件夹 { $path } 不能使用：{ $reason ->
    [missing] 没有这个文件夹
   *[not-absolute] 不是绝对路径
}。
problem-no-home = HOME 和 USERPROFILE 都未设置，因此不知道网关的文件夹在哪里。
problem-no-node = 没有找到可用来运行网关的 Node.js。
problem-no-openclaw = 没有找到 OpenClaw。
problem-program-missing = 程序 { $path } 不存在或不能运行。
problem-config-invalid = 无法读懂配置 { $path }。
problem-config-unreadable = 无法打开配置 { $path }。
problem-port-taken = 端口 { $port } 被 { $owner } 占用。
problem-tool-missing = 未安装 { $tool }，因此不能使用这个服务管理器。
problem-not-systemd = 此系统不是由 systemd 启动的。
problem-no-user-bus = 从这个 shell 无法连接用户的服务管理器。
problem-no-user-manager = { $user } 没有正在运行的用户服务管理器。
problem-no-gui-session = { $user } 在这台 Mac 上没有桌面会话（gui/{ $uid }），而 LaunchAgent 只能在桌面会话中运行。通过 SSH 或 sudo 得到的 shell 没有桌面会话。
problem-no-task-scheduler = 任务计划程序没有应答：Windows 服务“Schedule”没有运行。
problem-access-denied = 系统拒绝访问。
problem-unsupported = 这个服务管理器做不到。
problem-step-failed = 第 { $step } 步（共 { $steps } 步）失败：{ $command }
problem-tool-hung = { $command } 没有在 { $seconds } 秒内完成。
problem-tool-answer-unreadable = 无法理解 { $command } 的回答。
problem-unit-unknown = 服务管理器不认识 { $unit }。
problem-unit-masked = { $unit } 已被屏蔽：有人禁止了它启动。
problem-unit-unreadable = 无法读取 { $path }。
problem-unit-foreign = { $path } 由他人写成，并不是 OpenClaw 网关。未作改动。
problem-unit-invalid = systemd 不接受 { $path }。
problem-unit-unsafe = { $path } { $reason ->
    [owner] 属于另一个账户
   *[writable] 可被其他账户更改
}；服务管理器拒绝这样的文件，Gateward 也一样。
problem-legacy-services = 仍有使用 OpenClaw 旧名称的服务：{ $labels }。它们会争夺端口。
problem-system-unit-exists = 已有系统级的 { $unit }。两个服务会争夺端口。
problem-alert-failed = 通过路线“{ $route }”的警报没有送达。
problem-settings-invalid = 设置 { $path } 不能使用：{ $field }
problem-no-update-source = 此 Gateward 构建不知道向何处询问新版本。
problem-update-unreachable = 无法询问 Gateward 是否有新版本。
problem-update-untrusted = 不信任已发布版本的清单：{ $reason ->
    [signature] 发布者的签名与它不符。
    [unreadable] 它有签名，但此 Gateward 无法理解。
    [expired] 它已过期。
   *[replayed] 它比以前见过的更旧。
}
problem-bad-setting = 设置“{ $field }”没有更改：{ $reason ->
    [secret] 它是机密的，而本机所有人都能看到命令行
    [unfit] 值不合适
   *[empty] 没有给出值
}。
problem-no-such-setting = 没有名为“{ $field }”的设置。
problem-read-failed = 无法读取 { $path }。
problem-write-failed = 无法写入 { $path }。
problem-not-installed = 网关服务尚未安装。
problem-still-running = 已要求网关停止，但它仍在运行。
problem-still-switched-on = 本应让网关保持停止，但它仍会在登录或开机时启动。
problem-did-not-start = 网关没有启动。
problem-gave-up = 网关一再崩溃，服务管理器已停止重启它。
problem-config-error = 网关拒绝当前配置（退出码 78）。
problem-not-answering = 网关在运行，但没有在 { $waited } 秒内在其端口上应答。
problem-update-unproven = 已安装 OpenClaw { $installed }，但它没有应答：应答的是 { $runs }。
problem-foreign-owner = 端口 { $port } 被其他程序占用：{ $owner }。
problem-already-busy = 另一项操作正在进行。
problem-others-turn = 等待 { $minutes } 分钟之后，另一个 Gateward 仍在更改。
problem-change-interrupted = 更改 { $number } 中途被打断。必须先把它做完或恢复原样。
problem-changed-by-hand = { $path } 在此期间被别人改过。Gateward 不动它。
problem-no-such-change = 日志中没有更改 { $number }。
problem-not-undoable = { $reason ->
    [none] 没有可以撤销的更改
    [no-files] 更改 { $number } 没有改动文件，因此无可恢复：启动、停止和重启可以互相撤销
    [secrets] 更改 { $number } 不能撤销：它替换的文件含有机密，机密不予保存
    [state] 更改 { $number } 已经无效：它已被恢复或撤销
   *[as-before] 更改 { $number } 涉及的一切已经和之前一样
}。
problem-inside-service = 这个 shell 就在网关服务之内运行：工作完成之前它就会被结束。
problem-database-unusable = { $path } 处的事件历史不能使用。
problem-not-possible-now = 现在不可以这样做。
problem-no-host = 没有宿主在运行这个网关，因此没有谁能平稳地重启它。
problem-host-already-runs = 此配置档案的宿主已在运行，进程号 { $pid }。
problem-no-display = 没有可显示窗口或托盘图标的显示器。
problem-bad-answer = { $reason ->
    [json] 答案文件不是一个 JSON 对象，其键应为 { $allowed }。
    [unknown] 答案中有不存在的键“{ $key }”。可用的有 { $allowed }。
   *[value] 答案“{ $key }”不能使用。允许：{ $allowed }。
}
problem-no-answer = 没有人可以询问，而答案中没有“{ $key }”。允许：{ $allowed }。
problem-fetch-failed = { $command } 失败。
problem-not-proven = 网关已安装，但尚未证明它能工作。
problem-cancelled = 没有作任何更改。
problem-internal = 这里是 Gateward 自己出了错。

hint-set-home = 将 HOME 设为您的主文件夹，然后重试：
hint-unset-variable = 取消设置该变量，然后重试：
hint-profile-form = 配置档案的名称形如“work”或“home-2”。
hint-port-form = 例如：--port 18789
hint-variable-form = 请写作 NAME=value。
hint-openclaw-doctor = 让 OpenClaw 检查它自己的配置：
hint-secret-into-file = 把机密放进 NAME=VALUE 行的文件后重新安装：
hint-other-program = 服务运行的不是 OpenClaw；要换一种方式运行，请重新安装。
hint-this-helps = 这样可以解决：
hint-see-logs = 查看日志的最后几行：
hint-check-permissions = 检查文件夹归谁所有，以及您能否在那里写入：
hint-free-space = 检查剩余空间：
hint-verify-unit = 让 systemd 说明它不接受什么：
hint-see-unit = 看看服务管理器怎么说：
hint-reload-manager = 让服务管理器重新读取其文件：
hint-reset-failed = 或者只清除启动次数限制：
hint-unmask = 重新允许它启动：
hint-disable-system-unit = 先停止系统级服务：
hint-run-in-foreground = 或者不用服务管理器直接运行网关：
hint-wsl-enable-systemd = 在 WSL 中启用 systemd：
hint-wsl-shutdown = 重启 WSL，然后打开新的终端：
hint-wsl-check = 检查服务管理器是否存在：
hint-enable-linger = 让您的服务无需登录即可运行：
hint-set-runtime-dir = 告诉这个 shell 服务管理器在哪里：
hint-not-with-sudo = 以网关所属的账户运行：
hint-who-am-i = 检查这是哪个账户：
hint-install-first = 请先安装：
hint-see-process = 看看是哪个程序：
hint-overwrite-with-force = 要覆盖它，请加上 --force；旁边会保留一份副本。
hint-see-running = 看看有什么在运行：
hint-log-in-here = 请以该用户在 Mac 自己的屏幕上登录，然后在那里重试。
hint-headless-mac = 没有屏幕时：为该用户开启自动登录，或共享屏幕并在每次开机后登录一次。
hint-own-the-file = 使文件归您所有，且仅您可写：
hint-move-away = 把文件移开，然后重新安装：
hint-use-own-shell = 打开您自己的终端，然后重试。
hint-see-launchd-log = 在系统自己的日志中查看原因：
hint-remove-daemon = 先查看系统级服务；管理员可以移除它：
hint-start-again = 再次启动它：
hint-task-other-owner = 该任务可能由管理员创建。请以管理员身份在任务计划程序中删除它，然后重新安装。
hint-see-task = 询问任务计划程序：
hint-start-task-scheduler = 在管理员的 PowerShell 中启动该服务：
hint-start-service = 启动它：
hint-stop-first = 要停止它，并留出时间完成工作：
hint-restart-service = 重启它：
hint-watch-state = 跟踪发生的事：
hint-remove-legacy = 移除它们（其文件会进入废纸篓）：
hint-keep-legacy = 或者不去动它们：
hint-stay-stopped = 它会在下次登录时自行启动。要让它保持停止：
hint-see-status = 查看完整状态：
hint-reinstall = 要重新写入定义：
hint-look-at-file = 请先查看文件；使用 --force 会替换它：
hint-other-profile = 或者给 Gateward 一个自己的配置档案：
hint-say-yes = 预先表示同意：
hint-see-port-owner = 查看谁占用端口：
hint-see-owner = 查看占用端口的程序：
hint-install-other-port = 或者使用另一个端口：
hint-keep-after-logout = 要在注销后继续运行：
hint-install-openclaw = 安装 OpenClaw：
hint-see-answers = 查看每个键及其可用的值：
hint-give-answers = 用文件给出：
hint-set-pnpm-up = pnpm 还没有存放全局程序的文件夹。运行这条命令，重新登录（或在新终端里运行向导），然后重试：
hint-own-npm-prefix = npm 不能写入系统文件夹。给它一个您自己的文件夹，然后重试：
hint-try-by-hand = 请自己在终端中试一下；之前做过的都保留着：
hint-name-openclaw = 告诉 Gateward 它在哪里：
hint-install-any-program = 或者自己指定程序：
hint-install-node = 安装较新的 Node.js：
hint-choose-node = 或者自己指定 node：
hint-check-program = 检查路径及其权限：
hint-make-folder = 请先创建它：
hint-see-service-log = 改为查看服务自己的输出：
hint-linger-is-systemds = 请去掉 --linger：只有 systemd 认识它。
hint-database-moved = 无法读取的历史已保留在新历史旁边。
hint-set-address = 设置它（输入时不显示）：
hint-see-settings = 查看所有设置：
hint-mend-settings = 请用编辑器改正该字段，或将其删除。在那之前使用默认值。
hint-unset-setting = 要让 Gateward 自己查找：
hint-whole-number = 请输入整数，只用数字。
hint-quiet-hours = 请输入起止时间，如 22:00-07:00 或 22:00-07:00 Europe/Berlin；不填则没有安静时段。
hint-absolute-path = 请输入从磁盘根目录开始的完整路径。
hint-https-address = 请输入以 https:// 开头的地址；留空则使用内置地址。
hint-secret-input = 以不显示的方式输入，或从文件读取：
hint-watch-by-hand = 要一直观察直到您结束它：
hint-try-routes = 要通过警报路线发送测试：
hint-own-timer = 让其他定时器运行它，例如 cron：
hint-run-yourself = 请在终端中输入：
hint-redo = 要再次恢复它：
hint-finish-change = 把它做完：
hint-revert-change = 让一切恢复到更改之前：
hint-nothing-interrupted = 没有被打断的更改。
hint-look-and-try-again = 请查看该文件，然后重试。
hint-undo-later = 这是之后的更改做的；请先撤销那一项：
hint-see-changes = 查看这项更改做了什么：
hint-undo-anyway = 仍要撤销它；现在的内容会保留，可以再次恢复：
problem-no-such-entry = 档案里没有文本“{ $name }”。
problem-no-such-rule = 体检没有规则“{ $rule }”。
problem-not-mended = 体检再次检查，仍然发现“{ $rule }”。
hint-see-findings = 查看发现的问题及规则名称：
hint-see-entries = 查看有哪些：
hint-show-entry = 阅读其中一个：
hint-save-entries = 保存：
hint-replace-with-yes = 替换它：
hint-take-back = 撤销它：
