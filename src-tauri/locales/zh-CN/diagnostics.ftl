# 交给帮忙的人的诊断档案。`diagnostics-of-<种类>`：其中一个文本说明什么。

diagnostics-about = Gateward { $version } 的诊断信息，收集于 { $at }
    { "" }
    这是 Gateward 在本机上看到的情况：每个网关的状态、体检结果、服务定义、事件，以及日志的末尾。机密已用圆点代替：本机上已知其值的
    每个令牌、密钥和密码，以及看起来像机密的内容。配置只保留名称、数字和开关。主文件夹写作“~”。
    { "" }
    日志里仍可能有人写的内容。交给别人之前请先看一遍。
diagnostics-heading = 将保存以下内容。机密已用圆点代替。
diagnostics-total = { $n ->
   *[other] { $n } 个文本，{ $size }
}
diagnostics-of-about = 说明
diagnostics-of-versions = Gateward、Node.js、OpenClaw 和系统的版本与路径
diagnostics-of-verdicts = 每个网关的判断结果
diagnostics-of-state = 管理器、端口和网关各自的说法
diagnostics-of-doctor = 体检发现的问题
diagnostics-of-definition = 定义服务的一个文件
diagnostics-of-manager = 服务管理器的原话
diagnostics-of-config = 去掉文本的配置
diagnostics-of-incidents = 网关发生过的事件
diagnostics-of-log = 一份日志的末尾

ask-save-diagnostics = 保存为 { $path } 吗？[y/N]
done-diagnostics-saved = 已保存，仅供你本人读取（{ $size }）：{ $path }
failed-diagnostics = 无法保存诊断信息
cause-already-there = 已有同名文件
explain-no-such-entry = 档案里没有这个名称的文本。“gateward diagnostics”会列出全部名称。

# 窗口里的文字。
diagnostics-title = 需要请人帮忙时
diagnostics-offer = 一个文件就能让帮忙的人了解情况。请先看一遍；任何内容都不会自动离开本机。
diagnostics-look = 查看诊断信息…
diagnostics-look-again = 重新收集
diagnostics-collecting = 正在收集…
diagnostics-texts = 将保存的内容
diagnostics-place = { $total }，保存为 { $path }
diagnostics-save = 保存
