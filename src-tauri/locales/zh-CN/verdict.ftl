# 判断。`verdict-*`：一句话；`verdict-short-*`：提示与表格中的两三个字；`verdict-why-*`：含义与建议。

verdict-not-installed = 尚未安装网关服务
verdict-stopped = 网关已停止
verdict-disabled = 网关已停止，下次登录后也不会启动
verdict-starting = 网关正在启动
verdict-ready = 网关运行中 · 就绪
verdict-ready-for = 网关运行中 · 就绪 · { $for }
verdict-degraded = 网关在运行，但工作不正常
verdict-hung = 网关在运行，但没有应答
verdict-stopping = 网关正在停止
verdict-crash-loop = 网关不断崩溃
verdict-gave-up = 网关崩溃过于频繁，已不再自动重启
verdict-config-error = 网关拒绝当前配置
verdict-orphan = 有一个无服务管理的网关在运行
verdict-foreign-owner = 网关的端口被其他程序占用
verdict-two-managers = 两个服务在同一端口上运行网关
verdict-unloaded = 网关已停止，其服务未加载
verdict-external = 这里的网关由其他工具管理
verdict-unknown = 无法确定网关的状态

verdict-short-not-installed = 未安装
verdict-short-stopped = 已停止
verdict-short-disabled = 已停止并停用
verdict-short-starting = 正在启动
verdict-short-ready = 就绪
verdict-short-degraded = 异常
verdict-short-hung = 无应答
verdict-short-stopping = 正在停止
verdict-short-crash-loop = 反复崩溃
verdict-short-gave-up = 已放弃重启
verdict-short-config-error = 配置错误
verdict-short-orphan = 无主进程
verdict-short-foreign-owner = 端口被占用
verdict-short-two-managers = 两个管理者
verdict-short-unloaded = 未加载
verdict-short-external = 由他处管理
verdict-short-unknown = 未知

verdict-why-not-installed = 安装服务后，网关会在登录时启动，崩溃后也会自动恢复。
verdict-why-stopped = 没有进程在运行。下次登录时，或您手动启动时，它会再次启动。
verdict-why-disabled = 没有进程在运行，服务也已停用：登录时不会自动启动。手动启动会重新启用它。
verdict-why-starting = 进程在运行，但尚未应答。启动可能需要一分钟或更久。
verdict-why-ready = 服务在运行，端口属于它，网关也应答已就绪。
verdict-why-degraded = 进程活着，但缺少它需要的东西。下面的事实会说明缺什么。
verdict-why-hung = 进程活着并占有端口，但已停止应答。重启通常有效。
verdict-why-stopping = 已要求它停止，它正在先完成手头的工作。
verdict-why-crash-loop = 它启动、失败、再被启动。日志的最后几行通常会说明原因。
verdict-why-gave-up = 服务管理器已停止重启它。启动会解除这一限制；请先查看最近的错误。
verdict-why-config-error = 它以退出码 78 结束：必须先改正配置，启动才能成功。
verdict-why-orphan = 服务已停止，却有网关占着它的端口。Gateward 不会结束无法证明属于该服务的进程。
verdict-why-foreign-owner = 在其他程序让出端口或更换端口之前，网关无法使用其端口。
verdict-why-two-managers = 只有一个能得到端口，另一个会等待或失败。请决定保留哪一个。
verdict-why-unloaded = 没有进程在运行。服务管理器会在下次登录或您启动网关时读取定义。
verdict-why-external = Gateward 会显示它，但不会启动、停止或更改它。
verdict-why-unknown = 无法询问服务管理器。这并不表示网关已停止。

busy-install = 正在安装网关服务…
busy-uninstall = 正在移除网关服务…
busy-start = 正在启动网关…
busy-stop = 正在停止网关…
busy-disable = 正在永久停止网关…
busy-restart = 正在重启网关…
busy-repair = 正在修复…
busy-alter = 正在更改服务…
busy-take-back = 正在撤销更改…

why-not-busy = 另一项操作正在进行。
why-not-running = 它已经在运行。
why-not-stopped = 它已经停止。
why-not-stopping = 它正在停止。
why-not-not-installed = 服务尚未安装。
why-not-port-taken = 端口被另一个进程占用。
why-not-not-ours = 无法证明该进程属于此服务。
why-not-external = 它由其他工具管理。
why-not-unknown = 无法询问服务管理器。
why-not-no-repair = 没有需要修复的内容。

duration-seconds = { $n } 秒
duration-minutes = { $n } 分钟
duration-hours = { $n } 小时
duration-days = { $n } 天

# Gateward 在此状态下不会做的事，让人不必担心或等待。
verdict-wont-not-installed = Gateward 不会自行安装任何东西。
verdict-wont-stopped = 未经要求，Gateward 不会启动它。
verdict-wont-disabled = 未经要求，Gateward 不会重新启用它。
verdict-wont-starting = Gateward 不会因为启动缓慢而中止它。
verdict-wont-ready = Gateward 不会打扰它。
verdict-wont-degraded = Gateward 不会自行重启它：那可能中断正在进行的工作。
verdict-wont-hung = Gateward 不会自行终止它：看似挂起的进程可能只是繁忙。
verdict-wont-stopping = Gateward 不会自行缩短停止过程。
verdict-wont-crash-loop = Gateward 不会再额外重启它：服务管理器已经在做了。
verdict-wont-gave-up = Gateward 不会自行再次启动它：它还会崩溃。
verdict-wont-config-error = Gateward 不会更改 OpenClaw 的配置，也不会自行再次启动它。
verdict-wont-orphan = Gateward 不会结束该进程：无法证明它属于此服务。
verdict-wont-foreign-owner = Gateward 不会结束他人的程序。
verdict-wont-two-managers = 未经要求，Gateward 不会停止或移除另一个服务。
verdict-wont-unloaded = 未经要求，Gateward 不会加载它。
verdict-wont-external = Gateward 不会启动、停止、重启或更改它。
verdict-wont-unknown = Gateward 不作猜测，在服务管理器应答之前不作任何更改。

# 关于崩溃或拒绝运行的网关，接在说明之后。
verdict-crash-rate = 最近十分钟内崩溃 { $n } 次，约合每小时 { $hourly } 次；服务管理器记录了 { $restarts } 次重启。
verdict-last-error = 最近的错误：{ $cause }。

# 判断之外值得知道的事。
remark-stops-at-logout = 注销时它会停止：此账户未启用 linger。
remark-old-definition = 它的定义由较旧的 OpenClaw 写成；新版重启更谨慎，也不把机密写入其中。
remark-drift = 正在运行的与定义所写的不同：定义在加载之后被更改过。
remark-updated = OpenClaw 或 Node.js 已更新：正在运行的还是更新前的版本。
remark-open-to-network = 它在本机所有网络地址上监听，不仅限于本机程序。
