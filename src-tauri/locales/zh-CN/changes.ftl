# 更改日志。`change-<什么>`：做了什么，用名词；`changes-*`：更改列表。

change-install = 安装
change-uninstall = 移除
change-uninstall-everything = 全部移除
change-start = 启动
change-stop = 停止
change-restart = 重启
change-watch = 监视服务
change-auth = 凭据定时器
change-fix = 体检修复
change-undo = 撤销
change-alter = 环境更改
change-setup = 初始设置
change-settings = 设置
change-changes = 了结中断的更改
change-other = 另一项更改

changes-none = Gateward 还没有更改过任何东西。
changes-line = { $number } · { $at } · { $what } · 配置档案 { $profile } · { $state } · { $files ->
    [0] 没有文件
   *[other] { $files } 个文件
}
changes-open = 未完成
changes-done = 已完成
changes-put-back = 失败或中断，一切如前
changes-taken-back = 已撤销
changes-overtaken = 中断，之后被下一项更改取代
changes-secret = （含有机密，不予保存）

turn-waiting = 另一个 Gateward 正在工作（{ $what }）。请等它完成。

ask-finish = 更改 { $number }（{ $what }）中途被打断。要先把它做完吗？[y/N]
ask-revert = 那么把一切恢复到更改之前吗？[y/N]

done-finished = 更改 { $number } 已全部做完。
done-reverted = 一切已恢复到更改 { $number } 之前。
done-taken-back = 更改 { $number }（{ $what }）已撤销。
warn-secrets-not-kept = 这些机密的值没有保存，因此没有恢复：{ $names }。请重新提供：gateward install --force --env-file FILE

failed-changes = 无法显示或了结更改
failed-undo = 无法撤销更改

explain-others-turn = 同一时间只有一个 Gateward 可以更改东西，而另一个已经忙了很久。请看它在等什么，若已卡住就结束它：下一条命令会提议完成或恢复它开始的更改。
explain-change-interrupted = 更改进行到一半时，Gateward 被结束或机器关机了。日志知道它进行到哪一步：可以把它做完，或让一切恢复原样。
explain-changed-by-hand = 某个文件既不是更改之前的样子，也不是更改之后的样子：有人编辑过它。未经同意，Gateward 不会覆盖它。
explain-no-such-change = “gateward changes”列出各项更改及其编号；超过一百项后，最早的会被忘掉。
explain-not-undoable = 只有仍然有效并且改动过文件的更改才能撤销。
explain-no-such-rule = “gateward doctor”会打印每个发现及其规则的名称，docs/doctor.md 列出全部规则。
explain-not-mended = 体检的计划顺利执行，但它要修复的问题仍在。这项更改在日志中，可以撤销。

# `uninstall --everything`。`stays-<为何>`：为什么不移除。
everything-goes = 将移除：
everything-service = 配置档案“{ $profile }”的网关服务（{ $manager }）
everything-job = { $label }（停止，并移除其定义）
everything-stays = 将保留：
everything-stay = { $what } · { $why }
everything-undo = 可以用“gateward undo”撤销，但机密除外（它们的值没有保存），网关以外的计划任务也除外。变空的文件夹会留下。
everything-tray = 托盘程序正在运行，会重新写入它的文件。请退出托盘，再运行一次。
ask-everything = 全部移除吗？[y/N]
done-everything-uninstalled = 以上内容已全部移除。网关自己的数据没有动。
done-nothing-left = 这个账户上已没有 Gateward 或网关服务的任何东西。
stays-data = 网关自己的数据：对话、登录信息、配置
stays-earlier-data = 早期 OpenClaw 的数据
stays-shell = 提到了 OpenClaw；请自行查看
stays-openclaw = OpenClaw 本身：npm uninstall -g openclaw，或按当初的安装方式卸载
stays-programs = Gateward 的程序：按当初的安装方式卸载
stays-journal = 更改日志，供撤销之用；确定不再需要时再删除
stays-foreign = 他人的服务，用了网关的名称
