# The archive for whoever helps. `diagnostics-of-<kind>`: what one of its texts tells.

diagnostics-about = Diagnostics of Gateward { $version }, collected { $at }
    { "" }
    This is what Gateward found on this machine: for each gateway its state, the doctor’s findings, its definition, its incidents and the
    end of its logs. Secrets are replaced by dots: every token, key and password that is known on this machine by its value, and whatever
    looks like one. Of the config only names, numbers and switches are here. The home folder is written as “~”.
    { "" }
    Logs may still hold what people wrote. Look through them before you pass this on.
diagnostics-heading = This is what would be saved. Secrets are replaced by dots.
diagnostics-total = { $n ->
    [one] One text, { $size }
   *[other] { $n } texts, { $size }
}
diagnostics-of-about = what this is
diagnostics-of-versions = versions and paths of Gateward, Node.js, OpenClaw and the system
diagnostics-of-verdicts = what each gateway is found to be
diagnostics-of-state = what manager, port and gateway say
diagnostics-of-doctor = what the doctor found
diagnostics-of-definition = a file that the service is defined by
diagnostics-of-manager = the service manager’s own words
diagnostics-of-config = the config without its texts
diagnostics-of-incidents = what happened to the gateway
diagnostics-of-log = the end of a log

ask-save-diagnostics = Save this as { $path }? [y/N]
done-diagnostics-saved = Saved, for you only ({ $size }): { $path }
failed-diagnostics = The diagnostics could not be saved
cause-already-there = there is a file of this name already
explain-no-such-entry = The archive has no text of this name. “gateward diagnostics” lists them.

# In the window.
diagnostics-title = If you ask somebody for help
diagnostics-offer = One file tells whoever helps you what they need to know. Look through it first; nothing leaves this machine by itself.
diagnostics-look = Look through diagnostics…
diagnostics-look-again = Look anew
diagnostics-collecting = Collecting…
diagnostics-texts = What would be saved
diagnostics-place = { $total }, as { $path }
diagnostics-save = Save
