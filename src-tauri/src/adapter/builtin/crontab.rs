//! The line in the account's crontab(5) that starts the host at boot, where no desktop reads autostart entries.

use crate::plan::shell_quoted;

/// The table with the profile's line in it, as the last one.
pub fn with_line(table: &str, program: &str, profile: &str) -> String {
    let rest = without_line(table, profile);
    let end = if rest.is_empty() || rest.ends_with('\n') { "" } else { "\n" };
    format!("{rest}{end}{}\n", line(program, profile))
}

/// The table without it; every other byte stays.
pub fn without_line(table: &str, profile: &str) -> String {
    table.split_inclusive('\n').filter(|line| !is_profiles(line, profile)).collect()
}

pub fn has_line(table: &str, profile: &str) -> bool {
    table.lines().any(|line| is_profiles(line, profile))
}

/// cron turns `%` into a line break unless it is escaped, and leaves the rest to the shell.
fn line(program: &str, profile: &str) -> String {
    let command = format!("{} run --profile {} --detach", shell_quoted(program), shell_quoted(profile));
    format!("@reboot {} {}", command.replace('%', r"\%"), mark(profile))
}

fn is_profiles(line: &str, profile: &str) -> bool {
    line.trim_start().starts_with("@reboot ") && line.trim_end().ends_with(&mark(profile))
}

fn mark(profile: &str) -> String {
    format!("# gateward: {profile}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHERS: &str = "# mine\nMAILTO=me\n5 4 * * * backup\n@reboot x # gateward: work\n";

    #[test]
    fn a_line_comes_and_goes_without_touching_the_others() {
        let with = with_line(OTHERS, "/usr/bin/gateward", "default");
        assert!(has_line(&with, "default") && with.starts_with(OTHERS), "{with}");
        assert_eq!(without_line(&with, "default"), OTHERS);
    }

    #[test]
    fn written_twice_it_is_there_once() {
        let once = with_line("a", "/usr/bin/gateward", "default");
        assert_eq!(with_line(&once, "/usr/bin/gateward", "default"), once);
    }

    #[test]
    fn crons_percent_sign_and_the_shells_blanks_are_escaped() {
        assert_eq!(
            with_line("", "/opt/100% a/gateward", "default"),
            "@reboot '/opt/100\\% a/gateward' run --profile default --detach # gateward: default\n"
        );
    }
}
