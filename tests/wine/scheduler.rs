//! wine's own Task Scheduler reads our task. Its success proves only that: it answers 0 to most commands and checks little.

use gateward::adapter::schtasks::task::{Action, Task, Wanted};
use tempfile::TempDir;

use crate::rig::wait_until;
use crate::wine::{DEADLINE, dos, program, run};

fn xml(folder: &TempDir) -> String {
    let action =
        Action { command: r"C:\Program Files\Gateward\gateward-host.exe".to_owned(), ..Action::default() };
    let text =
        Task::new(&Wanted { description: "OpenClaw Gateway", user: r"VM\root", action }).unwrap().render();
    let path = folder.path().join("task.xml");
    let bytes: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(&path, bytes).unwrap();
    dos(&path)
}

fn schtasks(args: &[&str]) -> Option<i32> {
    run("schtasks.exe", args, &[]).code
}

#[test]
fn our_definition_is_registered_and_deleted() {
    let folder = TempDir::new().unwrap();
    let xml = xml(&folder);
    assert_eq!(schtasks(&["/Create", "/TN", "Gateward reads", "/XML", &xml, "/F"]), Some(0));
    assert_eq!(schtasks(&["/Create", "/TN", "Gateward reads", "/XML", &xml]), Some(1), "it is there already");
    assert_eq!(schtasks(&["/Delete", "/TN", "Gateward reads", "/F"]), Some(0));
    assert_eq!(schtasks(&["/Delete", "/TN", "Gateward reads", "/F"]), Some(1), "it is gone");
}

/// Through our own COM calls: the command line is given no tools, so that it asks Task Scheduler itself.
#[test]
fn com_tells_our_command_line_of_a_task_and_of_its_absence() {
    let folder = TempDir::new().unwrap();
    let name = "OpenClaw Gateway (wine)";
    let status = || {
        let told = run(&dos(&program("gateward.exe")), &["--profile", "wine", "status", "--json"], &[]);
        let status: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
        status["observation"]["registered"].clone()
    };
    // wine starts its Task Scheduler on demand, and it answers "not running" until then.
    wait_until(DEADLINE, "Task Scheduler answers by COM", || status()["source"] == "Task Scheduler (COM)");
    assert_eq!(status()["value"]["status"], "missing");
    assert_eq!(schtasks(&["/Create", "/TN", name, "/XML", &xml(&folder), "/F"]), Some(0));
    let after = status();
    assert_eq!(schtasks(&["/Delete", "/TN", name, "/F"]), Some(0));
    assert_eq!(after["value"]["status"], "present", "{after:#}");
}
