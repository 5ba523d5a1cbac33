# What about a definition will surprise its owner; one sentence per doctor's rule.

flaw-task-stops-on-battery = Windows stops the gateway when the computer goes on battery.
flaw-task-waits-for-mains = Windows does not start the gateway while the computer runs on battery.
flaw-task-time-limit = Windows stops the gateway after a time limit ({ $limit }).
flaw-task-stops-when-used = Windows stops the gateway when somebody comes back to an idle computer.
flaw-task-only-when-idle = Windows runs the gateway only while the computer is idle.
flaw-task-runs-twice = Windows may start a second gateway beside the first one.
flaw-task-not-by-itself = Nothing starts this task at sign-in: it runs only when somebody starts it.
flaw-task-trigger-ends = A trigger of this task runs out ({ $ends }) and starts nothing after that.
flaw-task-switched-off = The task is switched off: it does not start at sign-in.
flaw-task-sign-in-only = Starts when you sign in, not when the computer starts: nobody signed in means no gateway.
flaw-task-next-start = Windows starts the gateway by the clock too, next on { $at }.
flaw-task-program-missing = What the task starts is not there any more: { $path }
flaw-startup-item = Starts through the Startup folder, because Windows refused a scheduled task. It starts at sign-in only, later than a task would, Windows does not start it again, and it can be switched off under Settings > Apps > Startup.
flaw-starts-twice = Beside the task an item in the Startup folder starts a gateway too, and only one of them can have the port: { $path }
flaw-mend = `gateward install --force` mends it.
