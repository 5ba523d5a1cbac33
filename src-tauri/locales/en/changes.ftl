# The journal of changes. `change-<what>`: what was done, as a noun; `changes-*`: the list of them.

change-install = installation
change-uninstall = removal
change-uninstall-everything = removal of everything
change-start = start
change-stop = stop
change-restart = restart
change-watch = watcher’s service
change-auth = credential timer
change-fix = doctor’s fix
change-undo = undo
change-alter = change of the environment
change-setup = setup
change-settings = settings
change-changes = end of an interrupted change
change-other = another change

changes-none = Gateward has not changed anything yet.
changes-line = { $number } · { $at } · { $what } · profile { $profile } · { $state } · { $files ->
    [0] no file
    [one] one file
   *[other] { $files } files
}
changes-open = not finished
changes-done = done
changes-put-back = failed or cut off, everything is as before
changes-taken-back = taken back
changes-overtaken = cut off, then overtaken by the next one
changes-secret = (holds secrets, which are not kept)

turn-waiting = Another Gateward is at work ({ $what }). This one waits until it is done.

ask-finish = Change { $number } ({ $what }) was cut off in the middle. Carry it to its end first? [y/N]
ask-revert = Put everything back as it was before it, then? [y/N]

done-finished = Change { $number } is carried out to its end.
done-reverted = Everything is as it was before change { $number }.
done-taken-back = Change { $number } ({ $what }) is taken back.
warn-secrets-not-kept = The values of these secrets were not kept, so they are not back: { $names }. Give them again: gateward install --force --env-file FILE

failed-changes = The changes could not be shown or ended
failed-undo = The change could not be taken back

explain-others-turn = Only one Gateward changes something at a time, and another one has been at it for very long. Look what it waits for, and end it if it hangs: the next command then offers to finish or put back what it had begun.
explain-change-interrupted = A Gateward was killed, or the machine went off, in the middle of a change. The journal knows how far it came: finish it, or have everything put back.
explain-changed-by-hand = A file is neither as it was before the change nor as the change left it: somebody has edited it. Gateward does not overwrite that unasked.
explain-no-such-change = “gateward changes” lists the changes with their numbers; the oldest ones are forgotten after a hundred.
explain-no-such-rule = “gateward doctor” prints each finding with its rule’s name, and docs/doctor.md has them all.
explain-not-mended = The doctor’s plan was carried out without a failure, but what it should mend is still so. The change is in the journal and can be taken back.
explain-not-undoable = Only a change that is in force and that changed files can be taken back.

# `uninstall --everything`. `stays-<why>`: why something is not removed.
everything-goes = This is removed:
everything-service = the gateway service of the profile “{ $profile }” ({ $manager })
everything-job = { $label } (stopped, and its definition removed)
everything-stays = This stays:
everything-stay = { $what } · { $why }
everything-undo = It can be taken back with “gateward undo”, but for secrets, whose values are kept nowhere, and Scheduled Tasks other than
    the gateway’s. Folders that become empty stay.
everything-tray = The tray runs, and would write its files anew. Quit it, and run this once more.
ask-everything = Remove all of that? [y/N]
done-everything-uninstalled = Everything of that is removed. The gateway’s own data is untouched.
done-nothing-left = Nothing of Gateward or of a gateway service is left on this account.
stays-data = the gateway’s own data: conversations, logins, config
stays-earlier-data = data of an earlier OpenClaw
stays-shell = names OpenClaw; look into it
stays-openclaw = OpenClaw itself: npm uninstall -g openclaw, or as it was installed
stays-programs = Gateward’s programs: remove them as they were installed
stays-journal = what was changed, so that it can be taken back; remove it when you are sure
stays-foreign = somebody else’s service under the gateway’s name
