# What about a definition will surprise its owner; one sentence per doctor's rule.

remark-task-stops-on-battery = Windows stops the gateway when the computer goes on battery.
remark-task-waits-for-mains = Windows does not start the gateway while the computer runs on battery.
remark-task-time-limit = Windows stops the gateway after a time limit ({ $limit }).
remark-task-stops-when-used = Windows stops the gateway when somebody comes back to an idle computer.
remark-task-only-when-idle = Windows runs the gateway only while the computer is idle.
remark-task-runs-twice = Windows may start a second gateway beside the first one.
remark-task-not-by-itself = Nothing starts this task at sign-in: it runs only when somebody starts it.
remark-task-trigger-ends = A trigger of this task runs out ({ $ends }) and starts nothing after that.
remark-task-switched-off = The task is switched off: it does not start at sign-in.
remark-task-sign-in-only = Starts when you sign in, not when the computer starts: nobody signed in means no gateway.
remark-task-program-missing = What the task starts is not there any more: { $path }
remark-startup-item = Starts through the Startup folder, because Windows refused a scheduled task. It starts at sign-in only, later than a task would, Windows does not start it again, and it can be switched off under Settings > Apps > Startup.
remark-mend = `gateward install --force` mends it.
