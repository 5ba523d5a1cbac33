# 凭据：登录、密钥、令牌、证书。`auth-is-*`：情况如何，接在名称之后；`auth-doubt-*`：为何不知道；`auth-failed-*`：如何被拒绝；
# `auth-notice-*`：通知；`auth-finding-*`：哪些不相符。

auth-heading = { $n ->
    [0] 没有找到凭据
   *[other] { $n } 个凭据
  }
auth-none-why = OpenClaw 及其旁边的命令行工具在此账户上都没有登录、密钥或令牌。
auth-looking = 正在查看凭据…
auth-read = 查看于
auth-timeline-now = 现在
auth-from = 来自 { $source }
auth-from-inferred = 来自 { $source }；那里的时刻所用单位与约定不同
auth-sign-in = 重新登录：
auth-snoozed = 静默至 { $when }

auth-is-ok = 有效
auth-is-ok-when = 还有 { $for } 有效
auth-is-static = 没有期限
auth-is-renews = 会自行续期
auth-is-renews-when = 会自行续期，下次在 { $for }后
auth-is-renews-over = { $ago }前到期；下次使用时自行续期
auth-is-overdue = 本应自行续期，却没有
auth-is-overdue-when = { $for }前到期，此后没有自行续期
auth-is-expiring = 即将到期
auth-is-expiring-when = { $for }后到期
auth-is-expired = 已到期
auth-is-expired-when = { $for }前到期
auth-is-missing = 不存在
auth-is-failing = 被拒绝
auth-is-unknown = 不清楚

auth-doubt-damaged = 不清楚：文件损坏或只写了一半
auth-doubt-unreadable = 不清楚：无法读取
auth-doubt-no-moment = 不清楚：应有到期时间之处没有时间
auth-doubt-not-told = 存在；但没有说明何时到期
auth-doubt-no-answer = 不清楚：询问没有得到回答
auth-doubt-unmigrated = 不清楚：有旧版 OpenClaw 的文件挡着；请运行 `openclaw doctor --fix`

auth-failed-refused = 被提供方拒绝
auth-failed-renewal-failed = 无法续期：其刷新令牌已失效
auth-failed-billing = 因账单问题被拒绝

auth-kind-api-key = API 密钥
auth-kind-token = 令牌
auth-kind-oauth = 登录
auth-kind-certificate = 证书
auth-kind-gateway-token = 网关令牌
auth-kind-gateway-password = 网关密码
auth-kind-own = 自定义来源

auth-finding-token-drift = { $source } 中的 { $variable } 与配置所写的不同。服务的值优先，因此读取配置的客户端会被拒绝。`gateward install --force` 会重新写入服务。
auth-finding-token-baked = { $variable } 直接写在服务的定义里，配置更改后它会留在那里不变。`gateward install --force` 会重新写入服务。
auth-finding-variables-missing = 配置引用了没有提供给服务的变量：{ $names }。请把它们写入 OpenClaw 状态文件夹的 `.env`，或运行 `gateward install --force --env-file FILE`。
auth-finding-inline = 定义

auth-the-api-key = API 密钥“{ $name }”
auth-the-token = 令牌“{ $name }”
auth-the-oauth = 登录“{ $name }”
auth-the-certificate = 证书“{ $name }”
auth-the-gateway-token = 网关的令牌
auth-the-gateway-password = 网关的密码
auth-the-own = “{ $name }”
auth-notice-ahead = { $name } 将在 { $for }后到期
auth-notice-over = { $name } { $is }
auth-notice-renewed = { $name } 恢复可用
auth-notice-many = 有 { $n } 个凭据需要查看
auth-notice-more = …… 另有 { $n } 个
auth-moment = { $year }年{ $month }月{ $day }日 { $time }
auth-notice-body = 它将于 { $when } 到期，且不会自行续期。
auth-notice-body-over = 在有人重新登录之前，智能体无法使用它。
auth-notice-body-missing = 正在使用 { $provider }，但没有凭据。
auth-notice-body-billing = 请查看 { $provider } 的账户；重新登录没有用。
auth-notice-body-renewed = { $is }。
auth-notice-command = 续期方法：{ $command }
auth-button-sign-in = 重新登录
auth-button-later = 稍后提醒
auth-button-show = 查看凭据

auth-tray-over = { $n ->
    [1] 一个登录需要您处理：{ $name }
   *[other] { $n } 个登录需要您处理
  }
auth-tray-ahead = 登录 { $name } 将在 { $for }后到期

auth-monitor-quiet = 没有要告知的事。
auth-monitor-told = 已通过 { $routes } 告知：{ $title }
auth-monitor-untold = 未能通过 { $routes } 告知：{ $title }
auth-monitor-nobody = { $title }
auth-monitor-installed = 每 { $every } 查看一次凭据，并告知需要告知的事。
auth-monitor-removed = 监视器已移除。
auth-monitor-no-routes = 没有设置告知的路线。请设置 NOTIFY_NTFY、NOTIFY_COMMAND、NOTIFY_WEBHOOK 或 NOTIFY_PHONE，或使用 `gateward settings set alerts.routes.NAME …`。
auth-terminal-stays = 按 Enter 键关闭此窗口。
