# 更改日志。`change-<what>`：做了什么；`changes-*`：更改列表。

change-install = 安装
change-uninstall = 卸载
change-start = 启动
change-stop = 停止
change-restart = 重启
change-watch = 监视服务
change-auth = 凭据定时器
change-fix = 诊断修复
change-undo = 撤销
change-setup = 设置
change-changes = 了结中断的更改
change-other = 另一项更改

changes-none = Gateward 还没有更改过任何东西。
changes-line = { $number } · { $at } · { $what } · 配置档 { $profile } · { $state } · { $files } 个文件
changes-open = 未完成
changes-done = 已完成
changes-put-back = 失败或中断，一切如前
changes-taken-back = 已撤销
changes-overtaken = 中断，随后被下一项取代
changes-secret = （含有机密，不予保留）

turn-waiting = 另一个 Gateward 正在工作（{ $what }）。本命令会等到它完成。

ask-finish = 更改 { $number }（{ $what }）中途被打断。先把它做完吗？[y/N]
ask-revert = 那么把一切恢复到它之前的样子吗？[y/N]

done-finished = 更改 { $number } 已执行完毕。
done-reverted = 一切已恢复到更改 { $number } 之前的样子。
done-taken-back = 更改 { $number }（{ $what }）已撤销。
warn-secrets-not-kept = 这些机密的值没有保留，因此未能恢复：{ $names }。请重新提供：gateward install --force --env-file FILE

failed-changes = 无法显示或了结更改
failed-undo = 无法撤销该更改

explain-others-turn = 同一时间只有一个 Gateward 进行更改，而另一个已经进行了很久。请查看它在等什么；若已卡住就结束它，下一条命令会提供完成或恢复它的选择。
explain-change-interrupted = Gateward 在更改途中被终止，或电脑关机了。日志知道进行到哪一步：可以做完，也可以全部恢复。
explain-changed-by-hand = 文件既不是更改之前的样子，也不是更改之后的样子：有人编辑过它。未经要求，Gateward 不会覆盖它。
explain-no-such-change = “gateward changes”列出各项更改及其编号；超过一百项后，最旧的会被遗忘。
explain-no-such-rule = “gateward doctor”会随每项发现显示规则名，docs/doctor.md 列出全部规则。
explain-not-mended = 诊断的计划执行成功，但要修复的问题依然存在。该更改已记入日志，可以撤销。
explain-not-undoable = 只有生效中且更改过文件的更改才能撤销。
