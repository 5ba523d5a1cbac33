//! Which command lines open a terminal window with a command in it. Pure.

use crate::identity::Surroundings;
use crate::layout::Os;
use crate::plan::shell_quoted;

/// Terminals of the usual desktops, with what comes before the command; the user's own choice is asked first.
const TERMINALS: &[(&str, &[&str])] = &[
    ("xdg-terminal-exec", &[]),
    ("x-terminal-emulator", &["-e"]),
    ("gnome-terminal", &["--"]),
    ("konsole", &["-e"]),
    ("xfce4-terminal", &["-x"]),
    ("kitty", &[]),
    ("alacritty", &["-e"]),
    ("foot", &[]),
    ("xterm", &["-e"]),
];

/// Programs with their arguments, to be tried in this order. The window stays open after the command, with `stays` as its last line,
/// so that its result can be read.
pub fn lines(around: &Surroundings, command: &str, stays: &str) -> Vec<(String, Vec<String>)> {
    match around.os {
        Os::Linux => linux(around, command, stays),
        Os::MacOs => vec![mac(command)],
        Os::Windows => windows(command).into_iter().collect(),
    }
}

fn linux(around: &Surroundings, command: &str, stays: &str) -> Vec<(String, Vec<String>)> {
    let script = format!("{command}; printf '\\n%s ' {}; read -r _", shell_quoted(stays));
    let shell = ["/bin/sh", "-c", &script];
    let own = around.variable("TERMINAL").map(|name| (name, ["-e"].as_slice()));
    let terminals = own.into_iter().chain(TERMINALS.iter().map(|(name, before)| (*name, *before)));
    terminals
        .map(|(name, before)| {
            let arguments = before.iter().chain(&shell).map(|word| (*word).to_owned()).collect();
            (name.to_owned(), arguments)
        })
        .collect()
}

fn mac(command: &str) -> (String, Vec<String>) {
    let quoted = command.replace('\\', r"\\").replace('"', "\\\"");
    let script = format!("tell application \"Terminal\"\nactivate\ndo script \"{quoted}\"\nend tell");
    ("/usr/bin/osascript".to_owned(), vec!["-e".to_owned(), script])
}

/// The command's names are quoted for POSIX shells; one that needs quotes would mean something else to cmd.exe and is not run.
fn windows(command: &str) -> Option<(String, Vec<String>)> {
    if command.contains('\'') {
        return None;
    }
    // `start` takes a first word in quotes for the window's title, and quotes are put around what has a space in it.
    let words = ["/c", "start", "Gateward: sign in", "cmd.exe", "/k", command];
    Some((r"C:\Windows\System32\cmd.exe".to_owned(), words.map(str::to_owned).into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tests::around;

    #[test]
    fn the_users_own_terminal_is_asked_first() {
        let (program, arguments) =
            lines(&around(&[("TERMINAL", "foot")]), "claude setup-token", "Done.").remove(0);
        assert_eq!(program, "foot");
        assert_eq!(arguments[..3], ["-e", "/bin/sh", "-c"]);
        assert_eq!(arguments[3], "claude setup-token; printf '\\n%s ' Done.; read -r _");
    }

    #[test]
    fn a_quote_in_the_command_stays_within_the_script() {
        let (_, arguments) = mac("openclaw models auth login --provider 'a\"b'");
        assert!(arguments[1].contains(r#"'a\"b'"#));
    }

    #[test]
    fn windows_runs_no_command_that_needs_quotes() {
        let around = Surroundings { os: Os::Windows, ..around(&[]) };
        let run = |command| lines(&around, command, "Done.");
        let (program, arguments) = run("openclaw models auth login --provider anthropic").remove(0);
        assert!(program.ends_with("cmd.exe") && arguments.last().unwrap().contains("anthropic"));
        assert_eq!(run("openclaw models auth login --provider 'x&calc'"), []);
    }
}
