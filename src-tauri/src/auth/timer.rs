//! The timer that runs `gateward auth monitor`: 5 minutes after boot, then every half hour, and once more after the machine was away.
//! Pure.

use std::time::Duration;

use crate::adapter::launchd::calls as launchd;
use crate::adapter::schtasks::calls as schtasks;
use crate::adapter::systemd::unit;
use crate::identity::{Identity, Surroundings};
use crate::layout::{self, Os};
use crate::model::{Manager, Redacted};
use crate::plan::{Call, Outcome, Plan, Step, Text, Tool};
use crate::problem::{Code, Problem};

mod agent;
mod task;

/// Names, places and pace of one gateway's timer.
#[derive(Clone, Debug)]
pub struct Timer<'a> {
    pub id: &'a Identity,
    pub around: &'a Surroundings,
    pub pace: Pace,
    /// Whether one is there already, and goes on where a new one could not be installed.
    pub is_there: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    pub after_boot: Duration,
    pub every: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { after_boot: Duration::from_secs(5 * 60), every: Duration::from_secs(30 * 60) }
    }
}

const SHORT: Duration = Duration::from_secs(30);

impl Timer<'_> {
    /// Writes and starts it. `notify` is the text of the environment file with the routes, which may be secret.
    ///
    /// # Errors
    /// `Unsupported` for a manager without timers; `BadValue` for a path that its files cannot hold; `NoHome`.
    pub fn install(&self, manager: Manager, notify: Option<Redacted>) -> Result<Plan, Problem> {
        let mut steps = vec![make_dir(&layout::own_config_dir(self.around)?, 0o700)];
        if let Some(text) = notify {
            steps.push(Step::Write { path: self.notify_file()?, text: Text::Secret(text), mode: 0o600 });
        }
        let own = match manager {
            Manager::Systemd => self.units()?,
            Manager::Launchd => self.agent()?,
            Manager::Schtasks => self.task()?,
            Manager::Builtin => return Err(no_timers()),
        };
        steps.extend(own.steps);
        Ok(Plan { steps, on_undo: own.on_undo })
    }

    /// Stops and removes it.
    ///
    /// # Errors
    /// As [`Timer::install`].
    pub fn uninstall(&self, manager: Manager) -> Result<Plan, Problem> {
        let notify = Step::Remove { path: self.notify_file()? };
        let steps = match manager {
            Manager::Systemd => vec![
                Step::run_tolerating(
                    systemctl(&["disable", "--now", &self.unit("timer")]),
                    &[Outcome::UnknownService],
                ),
                Step::Remove { path: self.unit_file("timer") },
                Step::Remove { path: self.unit_file("service") },
                notify,
                Step::run(systemctl(&["daemon-reload"])),
            ],
            Manager::Launchd => {
                vec![launchd::take_down(&self.target()), Step::Remove { path: self.agent_file() }, notify]
            }
            Manager::Schtasks => vec![
                Step::run_tolerating(schtasks::delete(&self.task_name()), &[Outcome::UnknownService]),
                notify,
            ],
            Manager::Builtin => return Err(no_timers()),
        };
        Ok(Plan { steps, on_undo: Vec::new() })
    }

    /// The file by which to see that it is installed; `None` where the manager keeps none.
    pub fn definition(&self, manager: Manager) -> Option<String> {
        match manager {
            Manager::Systemd => Some(self.unit_file("timer")),
            Manager::Launchd => Some(self.agent_file()),
            Manager::Schtasks | Manager::Builtin => None,
        }
    }

    /// Where the routes stand: `NAME=value` lines, for the owner only.
    ///
    /// # Errors
    /// `NoHome`.
    pub fn notify_file(&self) -> Result<String, Problem> {
        let name = format!("{}.env", self.name());
        Ok(layout::join(&layout::own_config_dir(self.around)?, &[&name], self.around.os))
    }

    /// `auth-monitor`, with the profile's name behind it where it has one.
    pub fn name(&self) -> String {
        self.id.profile.name().map_or("auth-monitor".to_owned(), |name| format!("auth-monitor-{name}"))
    }

    fn unit(&self, kind: &str) -> String {
        format!("gateward-{}.{kind}", self.name())
    }

    fn unit_file(&self, kind: &str) -> String {
        layout::join(&self.id.home, &[".config/systemd/user", &self.unit(kind)], Os::Linux)
    }

    fn label(&self) -> String {
        format!("{}{}", layout::OWN_LABELS, self.name())
    }

    fn task_name(&self) -> String {
        let profile = self.id.profile.name().map(|name| format!(" ({name})")).unwrap_or_default();
        format!("Gateward Auth Monitor{profile}")
    }

    fn task_file(&self) -> Result<String, Problem> {
        let name = format!("{}.xml", self.name());
        Ok(layout::join(&layout::own_config_dir(self.around)?, &[&name], self.around.os))
    }

    fn command(&self, program: &str) -> Vec<String> {
        let profile = self.id.profile.name().map(|name| ["--profile".to_owned(), name.to_owned()]);
        let mut command = vec![program.to_owned()];
        command.extend(profile.into_iter().flatten());
        command.extend(["auth", "monitor"].map(str::to_owned));
        command
    }

    fn units(&self) -> Result<Plan, Problem> {
        let timer = self.unit("timer");
        let write = |kind: &str, text: String| Step::Write {
            path: self.unit_file(kind),
            text: Text::Plain(text),
            mode: 0o644,
        };
        let steps = vec![
            make_dir(layout::parent(&self.unit_file("timer")), 0o755),
            write("service", self.service_text()?),
            write("timer", self.timer_text()),
            Step::run(systemctl(&["daemon-reload"])),
            Step::run(systemctl(&["enable", &timer])),
            // `restart`, so that a changed pace holds from now on.
            Step::run(systemctl(&["restart", &timer])),
        ];
        let reload = systemctl(&["daemon-reload"]);
        let on_undo = match self.is_there {
            true => vec![reload, systemctl(&["restart", &timer])],
            false => vec![systemctl(&["disable", "--now", &timer]), reload],
        };
        Ok(Plan { steps, on_undo })
    }

    fn service_text(&self) -> Result<String, Problem> {
        Ok(format!(
            "[Unit]\nDescription=Gateward: tell when credentials of OpenClaw end ({})\n\n\
             [Service]\nType=oneshot\nExecStart={}\n{}TimeoutStartSec=300\n",
            self.id.profile,
            unit::command_line(&self.command(&self.around.exe))?,
            self.environment_lines()?
        ))
    }

    fn environment_lines(&self) -> Result<String, Problem> {
        self.around.carried().map(|(name, text)| Ok(unit::environment_line(name, text)? + "\n")).collect()
    }

    /// `Persistent=` works with `OnCalendar=` only, and the monotonic timers stand still while the machine sleeps: the calendar makes
    /// up for a run that was missed (OC 11.2).
    fn timer_text(&self) -> String {
        let Pace { after_boot, every } = self.pace;
        format!(
            "[Unit]\nDescription=Gateward: look at OpenClaw's credentials ({})\n\n\
             [Timer]\nOnBootSec={}\nOnUnitActiveSec={}\nOnCalendar=hourly\nPersistent=true\nAccuracySec={}\n\n\
             [Install]\nWantedBy=timers.target\n",
            self.id.profile,
            span(after_boot),
            span(every),
            span((every / 30).max(Duration::from_secs(1))),
        )
    }

    fn domain(&self) -> String {
        format!("gui/{}", self.around.uid)
    }

    fn target(&self) -> String {
        format!("{}/{}", self.domain(), self.label())
    }

    fn agent_file(&self) -> String {
        layout::launch_agent(&self.id.home, &self.label())
    }

    fn agent(&self) -> Result<Plan, Problem> {
        let (path, target, domain) = (self.agent_file(), self.target(), self.domain());
        let text =
            agent::render(&self.label(), &self.command(&self.around.exe), self.around.carried(), self.pace)?;
        let steps = vec![
            make_dir(layout::parent(&path), 0o755),
            Step::Write { path: path.clone(), text: Text::Plain(text), mode: 0o644 },
            launchd::enable(&target),
            launchd::take_down(&target),
            launchd::put_in(&domain, &path),
        ];
        let back = self.is_there.then(|| launchd::bootstrap(&domain, &path));
        Ok(Plan { steps, on_undo: [launchd::bootout(&target)].into_iter().chain(back).collect() })
    }

    /// Registering it is the last thing that can fail, and leaves an earlier task alone when it does.
    fn task(&self) -> Result<Plan, Problem> {
        let path = self.task_file()?;
        let text = task::render(self)?;
        let steps = vec![
            Step::Write { path: path.clone(), text: Text::Utf16(text), mode: 0o600 },
            schtasks::create(&self.task_name(), &path),
            Step::Remove { path },
        ];
        Ok(Plan { steps, on_undo: Vec::new() })
    }
}

/// As systemd.time(7) takes it.
fn span(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds >= 60 && seconds % 60 == 0 => format!("{}min", seconds / 60),
        seconds => format!("{seconds}s"),
    }
}

fn make_dir(path: &str, mode: u32) -> Step {
    Step::MakeDir { path: path.to_owned(), mode }
}

fn systemctl(args: &[&str]) -> Call {
    Call::new(Tool::Systemctl, &[&["--user"], args].concat(), SHORT)
}

fn no_timers() -> Problem {
    Problem::new(Code::Unsupported)
        .hint_command("own-timer", "crontab -e   # */30 * * * * gateward auth monitor")
}

#[cfg(test)]
mod tests;
