# Notices: `notice-*` is the title, `notice-*-body` the text below it. `-named` is for a gateway other than the default one.

notice-crash = Gateway crashed
notice-crash-named = Gateway “{ $profile }” crashed
notice-loop = Gateway keeps crashing
notice-loop-named = Gateway “{ $profile }” keeps crashing
notice-gave-up = Gateway is down
notice-gave-up-named = Gateway “{ $profile }” is down
notice-config-error = Gateway refuses its configuration
notice-config-error-named = Gateway “{ $profile }” refuses its configuration
notice-hung = Gateway does not answer
notice-hung-named = Gateway “{ $profile }” does not answer
notice-recovered = Gateway is ready again
notice-recovered-named = Gateway “{ $profile }” is ready again
notice-other = Gateway
notice-other-named = Gateway “{ $profile }”

# How it ended, as the first sentence of a notice: { $what } is one of incident-* or exit-*.
notice-body-how = Process { $how }.
notice-body-exit = Ended with { $how }.
notice-body-how-after = Process { $how } after running { $for }.
notice-body-exit-after = Ended with { $how } after running { $for }.
notice-body-unknown-exit = It ended unexpectedly.
notice-body-hung = The process runs and holds its port, but has stopped answering. A restart usually helps.
notice-body-recovered = It answers that it is ready.
notice-body-gave-up = The service manager no longer restarts it.
notice-body-config-error = Correct the configuration, then start it.
notice-body-loop = { $n ->
    [one] One crash within ten minutes.
   *[other] { $n } crashes within ten minutes.
}

# What happens next.
notice-next-waiting = It will be started again by itself.
notice-next-running = It has been started again.
notice-next-down = It will not start again by itself.

notice-button-restart = Restart
notice-button-stop-loop = Stop the loop
notice-button-start = Start
notice-button-logs = Show logs
