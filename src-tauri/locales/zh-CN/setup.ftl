# 设置向导，窗口与终端共用。`setup-step-*`：标题；`setup-about-*`：这一步是什么；`setup-line-*`：看到了什么；`setup-do-*`：能做什么；
# `setup-state-*`：这一步的状态。

setup-title = { $profile ->
    [default] 设置网关
   *[other] 设置网关“{ $profile }”
}
setup-progress = 共 { $all } 步，已完成 { $done } 步。
setup-finished = 网关已设置好，没有剩下要做的事。
setup-ask = 请选择 1–{ $n }，回车为 1，q 离开：
setup-ask-again = 请输入其中一个数字，或用 q 离开。
setup-left = 已离开。做过的都保留着；gateward setup 会从这里继续。
setup-running = 正在运行：{ $command }
setup-fetched-elsewhere = { $tool } 说已经装好，但不在任何常用文件夹中
setup-looking = 正在查看…
setup-working = 正在进行…
setup-said = 它的输出
setup-steps = 步骤
setup-open = 打开概览
setup-dismiss = 不再自动打开
setup-start-over = 重新开始
setup-terminal = 在终端中做同样的事：

setup-state-done = 已完成
setup-state-to-do = 待办
setup-state-problem = 有问题
setup-state-skipped = 已跳过
setup-state-not-here = 不适用于这台机器

setup-step-programs = Node.js 与 OpenClaw
setup-step-container = 容器
setup-step-wsl = WSL
setup-step-gui-session = 桌面会话
setup-step-access = 权限
setup-step-manager = 服务管理器
setup-step-others = 其他网关与应用
setup-step-port = 端口
setup-step-config = 配置
setup-step-plan = 将要写入的内容
setup-step-install = 安装
setup-step-linger = 注销之后
setup-step-proof = 验证
setup-step-tray-host = 托盘图标
setup-step-afterwards = 注销、重启与睡眠

setup-about-programs = 网关是什么，由什么运行。路径中带版本的，下次更新后就会失效。
setup-about-container = 容器没有自己的服务管理器，不在卷中的内容也不会保留。
setup-about-wsl = 在 WSL 中运行的程序与 WSL 同生同灭。
setup-about-gui-session = LaunchAgent 只能在桌面会话中运行。
setup-about-access = 系统不允许的操作。
setup-about-manager = 由谁启动网关，并在它结束后再次启动。
setup-about-others = 同一端口上的两个网关会互相争抢。未经询问不会接管任何东西。
setup-about-port = 网关将在哪里监听；除非配置另有说明，只限本机。
setup-about-config = OpenClaw 自己的文件。Gateward 只读取它，由 OpenClaw 写入。
setup-about-plan = 每个文件的改动和每条命令。机密以圆点显示。
setup-about-install = 逐步进行；若有一步失败，一切都会恢复原样。
setup-about-linger = 注销后网关是否继续运行。
setup-about-proof = 装好的意思是：管理器在运行它，而且它有应答。
setup-about-tray-host = Gateward 的图标需要面板中有位置。
setup-about-afterwards = 从现在起会发生什么。

setup-line-under-way = 另一个窗口或终端正在执行这一步。等它结束后请再次检查。
setup-line-cut-off = 这一步在中途被打断。再次选择它即可继续。
setup-line-openclaw = OpenClaw { $version }，{ $installer ->
    [system] 系统范围
    [other] 在单独的文件夹中
   *[named] 由 { $installer } 安装
}：{ $path }（{ $stable ->
    [yes] 更新后路径仍有效
   *[no] 路径随此版本一起消失：更新后请重新安装
}）
setup-line-node = Node.js { $version }，{ $installer ->
    [system] 系统范围
    [other] 在单独的文件夹中
   *[named] 由 { $installer } 安装
}：{ $path }（{ $stable ->
    [yes] 更新后路径仍有效
   *[no] 路径随此版本一起消失：更新后请重新安装
}）
setup-line-openclaw-too = 找到：OpenClaw { $version }，{ $path }（{ $stable ->
    [yes] 更新后仍有效
   *[no] 随其版本一起消失
}）
setup-line-node-too = 找到：Node.js { $version }，{ $path }（{ $stable ->
    [yes] 更新后仍有效
   *[no] 随其版本一起消失
}）
setup-line-demo = 内置的演示网关：没有 OpenClaw 也能试用一切，不需要 Node.js。
setup-line-runs-command = 服务运行 { $command }

setup-line-container = 这是一个容器（{ $kind }）。{ $manager ->
    [builtin] 将由 Gateward 自己的管理器运行网关。
   *[other] 将由其中的服务管理器运行网关。
}
setup-line-container-volume = 请把 { $path } 放在卷中：卷之外的内容会随容器一起消失。
setup-line-container-outside = 启动容器的程序同时启动网关：这里没有人登录。
setup-line-wsl-without-systemd = 这个 WSL 没有启用 systemd，因此从您首次登录起由 Gateward 自己的管理器运行网关。
setup-line-wsl-enable-systemd = 启用方法：在 /etc/wsl.conf 中写入“[boot]”和“systemd=true”。
setup-line-wsl-shutdown = 然后在 Windows 中运行 wsl.exe --shutdown，重新打开 WSL，再到这里查看。
setup-line-wsl-systemd = 这个 WSL 已启用 systemd。
setup-line-wsl-sleeps = 最后一个窗口关闭后不久，Windows 就会结束 WSL，网关也随之结束。
setup-line-gui-session = 已有桌面会话。
setup-line-gui-session-why = 请在这台 Mac 的屏幕前登录，然后再次查看：SSH 和 sudo 下的 shell 没有会话。
setup-line-gui-session-headless = 没有屏幕的 Mac 可以用自动登录，每次开机后就会有会话。
setup-line-access-linux = 询问了其他账户的服务管理器，或者此账户不能写自己的文件。请用网关所属的账户运行 Gateward，不要用 sudo。
setup-line-access-mac = macOS 不允许。请查看“系统设置”中的“隐私与安全性”，以及 ~/Library/LaunchAgents 属于谁。
setup-line-access-windows = Windows 不允许。Gateward 从不要求管理员权限：网关以您的身份运行。
setup-line-access-startup = 任务计划程序拒绝了任务，因此由“启动”文件夹中的项目在登录时启动网关：{ $file }
setup-line-manager = { $manager ->
    [systemd] systemd，作为您账户的服务
    [launchd] launchd，作为您账户的 LaunchAgent
    [schtasks] Windows 任务计划程序，作为您账户的任务
   *[builtin] Gateward 自己的管理器，因为这台机器没有面向账户的管理器
}

setup-line-alone = 没有其他网关、管理器或应用。
setup-line-service = { $author ->
    [gateward] 已有由 Gateward 写成的服务：{ $file }
    [openclaw] 已有由 OpenClaw 写成的服务：{ $file }
   *[foreign] 已有由他人写成的服务：{ $file }
}
setup-line-ghost = { $label } 是 OpenClaw 旧名称下的服务：{ $file }
setup-line-ghosts-go = 安装时会停止并移除它们；文件移入废纸篓。
setup-line-ghosts-stay = 按您的决定保留它们。
setup-line-rival-runs = { $name } 正在运行一个网关（pid { $pid }）。再安装服务就会有两个；最好先停止那一个，或者让它继续负责。
setup-line-rival-there = { $name } 正在运行（pid { $pid }）；它可能会启动自己的网关。
setup-line-rival-installed = 已安装 { $name }；它可能会启动自己的网关。

setup-line-port-free = 端口 { $port } 空闲。
setup-line-port-ours = 端口 { $port } 由网关自己使用（{ $program }）。
setup-line-port-taken = 端口 { $port } 被 { $program } 占用。
setup-line-port-hidden = 端口 { $port } 被占用；系统不显示占用者。
setup-line-port-unknown = 无法确定端口 { $port } 是否空闲。
setup-line-config-fits = { $path } 有效，网关将在本机运行。
setup-line-config-none = 还没有配置（{ $path }）。没有 gateway.mode，OpenClaw 拒绝运行。
setup-line-config-mode = { $path } 有效，但 gateway.mode 不是“local”：这样 OpenClaw 拒绝运行。
setup-line-config-not-needed = 服务运行不需要 { $path }。

setup-line-plan = 到目前为止没有任何改动。安装会做这些：
setup-line-plan-in-place = 不需要写入：{ $file } 已经符合要求。
setup-line-plan-later = 前面的步骤完成后显示。
setup-line-install-later = 在显示将要写入的内容之后进行。
setup-line-after-install = 安装之后进行。
setup-line-installed = { $file } 已写入，{ $manager ->
    [builtin] Gateward 自己的管理器
    [schtasks] 任务计划程序
   *[other] { $manager }
} 已知道它。
setup-line-installed-stopped = { $file } 已写入，但网关处于停止状态。
setup-line-lingers = 注销后您的服务继续运行，并在开机时启动。
setup-line-lingers-not = 您的最后一个会话结束时，网关也随之结束。
setup-line-linger-why = 在通过 SSH 访问的服务器上，您会希望它继续运行。在桌面上可以不管。
setup-line-linger-after = 按您的决定，在安装之后进行。
setup-line-proof-runs = { $manager ->
    [builtin] Gateward 自己的管理器
    [schtasks] 任务计划程序
   *[other] { $manager }
} 正在运行它（pid { $pid }）。
setup-line-proof-runs-not = { $manager ->
    [builtin] Gateward 自己的管理器
    [schtasks] 任务计划程序
   *[other] { $manager }
} 没有在运行它。
setup-line-proof-answers = 它在端口 { $port } 上应答已就绪。
setup-line-proof-answers-not = 它没有在端口 { $port } 上应答已就绪。
setup-line-proof-credentials = 找到 { $n } 个凭据，全部正常。
setup-line-proof-credentials-none = 还没有找到模型提供商的登录、密钥或令牌。openclaw onboard 会询问它们。
setup-line-proof-credentials-bad = 已到期、被拒绝或缺失：{ $names }。网关在运行，但其代理无法用它们工作。
setup-line-proof-credentials-soon = 即将到期：{ $names }。
setup-line-tray-host = 面板可以显示托盘图标。
setup-line-tray-host-gnome = GNOME 只有装了扩展“AppIndicator and KStatusNotifierItem Support”才显示托盘图标。
setup-line-tray-host-none = 这个桌面现在没有显示托盘图标的部分。
setup-line-tray-host-without = 没有它，窗口和 gateward 仍能做一切；关闭窗口会结束 Gateward 的托盘程序，但不会结束网关。

setup-line-logout-stays = 注销时：继续运行。
setup-line-logout-ends = 注销时：随您的最后一个会话结束，下次登录时启动。
setup-line-logout-unknown = 注销时：取决于会话；systemd 没有说明您的服务是否继续运行。
setup-line-logout-ends-session = 注销时：随会话结束，下次登录时启动。
setup-line-logout-builtin = 注销时：继续运行，除非系统结束您启动的一切。
setup-line-reboot-boot = 重启时：随机器启动，不必有人登录。
setup-line-reboot-login = 重启时：在您登录时启动。
setup-line-reboot-wsl = 重启时：在打开 WSL 时启动。
setup-line-reboot-off = 重启时：不会自动启动。
setup-line-reboot-unknown = 重启时：无法确定是否自动启动。
setup-line-sleep = 机器睡眠时网关也睡眠。醒来后它从原处继续，Gateward 会立即查看。
setup-line-sleep-wsl = Windows 睡眠时网关也睡眠，之后它的时钟可能会慢。

setup-do-fetch = 用 { $value } 安装 OpenClaw
setup-do-take-demo = 使用内置的演示网关
setup-do-take-openclaw = 还是使用 OpenClaw
setup-do-legacy-remove = 移除它们
setup-do-legacy-keep = 保留它们
setup-do-port = 使用端口 { $value }
setup-do-set-mode = 让 OpenClaw 设置
setup-do-install = 立即安装
setup-do-start = 启动
setup-do-finish = 继续到完成
setup-do-revert = 全部恢复原样
setup-do-linger = 注销后继续运行
setup-do-seen = 继续
setup-do-skip = 跳过这一步
setup-do-look-again = 再次查看
setup-do-start-over = 重新开始
setup-do-dismiss = 不再自动打开

progress-step = 第 { $number } 步，共 { $total } 步：{ $step }
failed-setup = 网关还没有设置好
