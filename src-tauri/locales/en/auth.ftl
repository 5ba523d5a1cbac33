# Credentials: logins, keys, tokens, certificates. `auth-is-*`: what one comes to, as the end of "NAME …"; `auth-doubt-*`: why that is
# not known; `auth-failed-*`: how it was refused; `auth-notice-*`: notices; `auth-finding-*`: what does not fit together.

auth-heading = { $n ->
    [0] No credentials found
    [one] 1 credential
   *[other] { $n } credentials
  }
auth-none-why = Neither OpenClaw nor the command lines beside it have a login, key or token on this account.
auth-looking = Looking at the credentials…
auth-read = Looked at
auth-timeline-now = now
auth-from = from { $source }
auth-from-inferred = from { $source }; the moment stands there in another unit than promised
auth-sign-in = Sign in again:
auth-snoozed = quiet until { $when }

auth-is-ok = valid
auth-is-ok-when = valid for { $for }
auth-is-static = has no end
auth-is-renews = renews itself
auth-is-renews-when = renews itself, next in { $for }
auth-is-renews-over = ran out { $ago } ago; renews itself when it is next used
auth-is-overdue = should have renewed itself and did not
auth-is-overdue-when = ran out { $for } ago and has not renewed itself since
auth-is-expiring = ends soon
auth-is-expiring-when = ends in { $for }
auth-is-expired = has ended
auth-is-expired-when = ended { $for } ago
auth-is-missing = not there
auth-is-failing = is refused
auth-is-unknown = not known

auth-doubt-damaged = not known: the file is damaged or half written
auth-doubt-unreadable = not known: it cannot be read
auth-doubt-no-moment = not known: no moment stands where its end should
auth-doubt-not-told = is there; when it ends is not told
auth-doubt-no-answer = not known: the question was not answered
auth-doubt-unmigrated = not known: a file of an older OpenClaw is in the way; run `openclaw doctor --fix`

auth-failed-refused = was refused by the provider
auth-failed-renewal-failed = could not be renewed: its refresh token no longer works
auth-failed-billing = was refused because of billing

auth-kind-api-key = API key
auth-kind-token = token
auth-kind-oauth = login
auth-kind-certificate = certificate
auth-kind-gateway-token = gateway token
auth-kind-gateway-password = gateway password
auth-kind-own = own source

auth-finding-token-drift = { $variable } in { $source } is not what the config says. The service’s value wins, so clients that read the config are refused. `gateward install --force` writes the service anew.
auth-finding-token-baked = { $variable } is written into the service’s definition itself, where it will be left behind when the config changes. `gateward install --force` writes the service anew.
auth-finding-variables-missing = The config refers to variables that nothing gives the service: { $names }. Put them into the `.env` of OpenClaw’s state folder, or run `gateward install --force --env-file FILE`.
auth-finding-inline = the definition

auth-the-api-key = The API key “{ $name }”
auth-the-token = The token “{ $name }”
auth-the-oauth = The login “{ $name }”
auth-the-certificate = The certificate “{ $name }”
auth-the-gateway-token = The gateway’s token
auth-the-gateway-password = The gateway’s password
auth-the-own = “{ $name }”
auth-notice-ahead = { $name } ends in { $for }
auth-notice-over = { $name } { $is }
auth-notice-renewed = { $name } works again
auth-notice-many = { $n } credentials need a look
auth-notice-more = … and { $n } more
auth-moment = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
} { $year }, { $time }
auth-notice-body = It ends on { $when }. Nobody renews it by itself.
auth-notice-body-over = The agent cannot work with it until somebody signs in again.
auth-notice-body-missing = { $provider } is in use and has no credentials.
auth-notice-body-billing = Look at the account at { $provider }; signing in again does not help.
auth-notice-body-renewed = { $is }.
auth-notice-command = To renew it: { $command }
auth-button-sign-in = Sign in again
auth-button-later = Remind me later
auth-button-show = Show credentials

auth-tray-over = { $n ->
    [one] A login needs you: { $name }
   *[other] { $n } logins need you
  }
auth-tray-ahead = The login { $name } ends in { $for }

auth-monitor-quiet = Nothing to tell.
auth-monitor-told = Told over { $routes }: { $title }
auth-monitor-untold = Not told over { $routes }: { $title }
auth-monitor-nobody = { $title }
auth-monitor-installed = The credentials are looked at every { $every }, and what has to be told is told.
auth-monitor-removed = The monitor is removed.
auth-monitor-no-routes = No route is set to tell it over. Set NOTIFY_NTFY, NOTIFY_COMMAND, NOTIFY_WEBHOOK or NOTIFY_PHONE, or `gateward settings set alerts.routes.NAME …`.
auth-terminal-stays = Press Enter to close this window.
