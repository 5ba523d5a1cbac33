//! The Scheduled Task (Task Scheduler schema 1.2).

use super::Pace;

/// `StartWhenAvailable` makes up for a run that was missed; battery and idleness do not hold it back (A23).
pub fn render(command: &[String], pace: Pace) -> String {
    let program = command.first().map(|word| escaped(word)).unwrap_or_default();
    let arguments: Vec<String> = command.iter().skip(1).map(|word| quoted(word)).collect();
    let (every, delay) = (pace.every.as_secs(), pace.after_boot.as_secs());
    format!(
        r#"<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>Gateward: look at OpenClaw's credentials</Description></RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Repetition><Interval>PT{every}S</Interval></Repetition>
      <Delay>PT{delay}S</Delay>
    </LogonTrigger>
    <TimeTrigger>
      <Repetition><Interval>PT{every}S</Interval></Repetition>
      <StartBoundary>2026-01-01T00:00:00</StartBoundary>
    </TimeTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT5M</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec><Command>{program}</Command><Arguments>{arguments}</Arguments></Exec>
  </Actions>
</Task>
"#,
        arguments = escaped(&arguments.join(" ")),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Profile names hold letters, digits, `_` and `-` only; a word with anything else stands in quotes.
fn quoted(word: &str) -> String {
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if plain { word.to_owned() } else { format!("\"{word}\"") }
}
