use super::*;
use crate::identity::tests::around;
use crate::plan::{Answer, End};
use crate::system::scripted::{Machine, Scripted, Simulator, answered};
use crate::system::{Ask, Seen};

/// Nodes by path and version; every other program is missing.
struct Nodes(Vec<(&'static str, &'static str)>);

impl Simulator for Nodes {
    fn run(&mut self, call: &Call, _machine: &mut Machine) -> Answer {
        match self.0.iter().find(|(path, _)| *path == call.tool.name()) {
            Some((_, version)) => answered(0, &format!("{version}\n"), ""),
            None => Answer { end: End::NotStarted("no such file".to_owned()), ..Answer::default() },
        }
    }

    fn answer(&mut self, _ask: &Ask, _machine: &mut Machine) -> Option<Seen> {
        None
    }
}

const LIB: &str = "/usr/lib/node_modules/openclaw";

fn machine(nodes: &[(&'static str, &'static str)], packages: &[&str], engines: &str) -> Scripted<Nodes> {
    let system = Scripted::new(Nodes(nodes.to_vec()));
    system.with(|machine, _| {
        for (path, _) in nodes {
            machine.write(path, b"", 0o755).unwrap();
        }
        for package in packages {
            let manifest =
                format!(r#"{{"name":"openclaw","version":"2026.9.1","engines":{{"node":"{engines}"}}}}"#);
            machine.write(&format!("{package}/package.json"), manifest.as_bytes(), 0o644).unwrap();
            machine.write(&format!("{package}/dist/index.js"), b"", 0o644).unwrap();
        }
    });
    system
}

async fn found(system: &Scripted<Nodes>) -> (String, String) {
    let found = find(system, &around(&[("PATH", "/usr/bin:/bin")]), &Given::default()).await.unwrap();
    (found.node.path, found.openclaw.entry)
}

#[tokio::test]
async fn the_systems_node_and_package_are_found() {
    let system = machine(&[("/usr/bin/node", "22.14.0")], &[LIB], ">=22.12.0");
    assert_eq!(found(&system).await, ("/usr/bin/node".to_owned(), format!("{LIB}/dist/index.js")));
}

#[tokio::test]
async fn every_installers_place_is_looked_at() {
    let prefixes = [
        "/home/anna/.nvm/versions/node/v22.14.0",
        "/home/anna/.local/share/fnm/node-versions/v22.14.0/installation",
        "/home/anna/.asdf/installs/nodejs/22.14.0",
        "/home/anna/.local/share/mise/installs/node/22.14.0",
        "/home/anna/.nodenv/versions/22.14.0",
        "/home/anna/n",
    ];
    for prefix in prefixes {
        let node: &'static str = format!("{prefix}/bin/node").leak();
        let system = machine(&[(node, "22.14.0")], &[&format!("{prefix}/lib/node_modules/openclaw")], ">=22");
        assert_eq!(found(&system).await.0, node);
    }
}

#[tokio::test]
async fn packages_of_pnpm_bun_yarn_and_volta_are_found() {
    for package in [
        "/home/anna/.local/share/pnpm/global/5/node_modules/openclaw",
        "/home/anna/.bun/install/global/node_modules/openclaw",
        "/home/anna/.config/yarn/global/node_modules/openclaw",
        "/home/anna/.volta/tools/image/packages/openclaw/lib/node_modules/openclaw",
        "/home/anna/.npm-global/lib/node_modules/openclaw",
        "/opt/oc-new/lib/node_modules/openclaw",
    ] {
        let system = machine(&[("/usr/bin/node", "22.14.0")], &[package], ">=22");
        assert_eq!(found(&system).await.1, format!("{package}/dist/index.js"));
    }
}

#[tokio::test]
async fn a_package_is_paired_with_the_node_it_was_installed_with() {
    let prefix = "/home/anna/.nvm/versions/node/v22.14.0";
    let nodes =
        [("/usr/bin/node", "22.20.0"), ("/home/anna/.nvm/versions/node/v22.14.0/bin/node", "22.14.0")];
    let system = machine(&nodes, &[&format!("{prefix}/lib/node_modules/openclaw")], ">=22");
    assert_eq!(found(&system).await.0, format!("{prefix}/bin/node"));
}

#[tokio::test]
async fn a_node_that_is_too_old_is_passed_over_for_one_that_is_not() {
    let nodes = [("/usr/bin/node", "20.1.0"), ("/home/anna/.nvm/versions/node/v24.16.0/bin/node", "24.16.0")];
    let system = machine(&nodes, &[LIB], ">=22.12.0");
    assert_eq!(found(&system).await.0, "/home/anna/.nvm/versions/node/v24.16.0/bin/node");
}

#[tokio::test]
async fn without_a_fitting_node_the_problem_names_what_was_found() {
    let system = machine(&[("/usr/bin/node", "20.1.0")], &[LIB], ">=22.12.0");
    let problem = find(&system, &around(&[]), &Given::default()).await.unwrap_err();
    assert_eq!(problem.code, Code::NoNode);
    assert_eq!(problem.cause.unwrap(), "OpenClaw needs node >=22.12.0; /usr/bin/node is 20.1.0");
}

#[tokio::test]
async fn without_openclaw_the_problem_says_how_to_get_it() {
    let system = machine(&[("/usr/bin/node", "22.14.0")], &[], ">=22");
    let problem = find(&system, &around(&[]), &Given::default()).await.unwrap_err();
    assert_eq!(problem.code, Code::NoOpenClaw);
    assert_eq!(problem.hints[0].command.as_deref(), Some("npm install -g openclaw"));
}

#[tokio::test]
async fn what_a_person_insists_on_is_taken_before_anything_that_is_found() {
    let other = "/srv/openclaw";
    let system = machine(&[("/usr/bin/node", "22.14.0"), ("/opt/node", "24.1.0")], &[LIB, other], ">=22");
    let given = Given { node: Some("/opt/node".to_owned()), openclaw: Some(other.to_owned()) };
    let found = find(&system, &around(&[]), &given).await.unwrap();
    assert_eq!(
        (found.node.path.as_str(), found.openclaw.entry.as_str()),
        ("/opt/node", "/srv/openclaw/dist/index.js")
    );
}

#[tokio::test]
async fn a_given_openclaw_that_is_none_is_named_and_nothing_else_is_taken() {
    let system = machine(&[("/usr/bin/node", "22.14.0")], &[LIB], ">=22");
    let given = Given { openclaw: Some("/srv/none".to_owned()), ..Given::default() };
    let problem = find(&system, &around(&[]), &given).await.unwrap_err();
    assert_eq!(problem.code, Code::NoOpenClaw);
    assert!(problem.cause.unwrap().contains("/srv/none"));
    assert_eq!(problem.hints[0].command.as_deref(), Some("gateward settings unset programs.openclaw"));
}

#[tokio::test]
async fn a_package_of_another_name_is_not_openclaw() {
    let system = machine(&[("/usr/bin/node", "22.14.0")], &[LIB], ">=22");
    system.with(|machine, _| {
        machine.write(&format!("{LIB}/package.json"), br#"{"name":"other"}"#, 0o644).unwrap();
    });
    assert_eq!(find(&system, &around(&[]), &Given::default()).await.unwrap_err().code, Code::NoOpenClaw);
}

/// As pnpm 10.34 lays it out.
#[cfg(unix)]
#[test]
fn the_path_that_survives_an_update_is_taken_before_the_versions_own() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().canonicalize().unwrap();
    let global = home.join("pnpm/global/5");
    let copy = global.join(".pnpm/openclaw@2026.9.6/node_modules/openclaw");
    std::fs::create_dir_all(copy.join("dist")).unwrap();
    std::fs::create_dir_all(global.join("node_modules")).unwrap();
    std::fs::write(copy.join("package.json"), r#"{"name":"openclaw","version":"2026.9.6"}"#).unwrap();
    std::fs::write(copy.join("dist/index.js"), "").unwrap();
    std::os::unix::fs::symlink(&copy, global.join("node_modules/openclaw")).unwrap();
    let launcher = "exec node  \"$basedir/global/5/.pnpm/openclaw@2026.9.6/node_modules/openclaw/dist/index.js\" \"$@\"\n";
    std::fs::write(home.join("pnpm/openclaw"), launcher).unwrap();
    let pnpm = home.join("pnpm").display().to_string();
    let here = around(&[("HOME", &home.display().to_string()), ("PATH", &pnpm), ("PNPM_HOME", &pnpm)]);
    let found = openclaw(&crate::system::os::Os::new(None), &here).unwrap();
    assert_eq!(found.entry, global.join("node_modules/openclaw/dist/index.js").display().to_string());
    assert!(found.stable);
}

#[test]
fn a_launcher_script_of_pnpm_leads_to_its_package() {
    let package = "/home/anna/tools/global/5/node_modules/openclaw";
    let system = machine(&[], &[package], ">=22");
    let script = r#"#!/bin/sh
basedir=$(dirname "$0")
exec node "$basedir/../global/5/node_modules/openclaw/openclaw.mjs" "$@""#;
    system
        .with(|machine, _| machine.write("/home/anna/tools/bin/openclaw", script.as_bytes(), 0o755).unwrap());
    let found = openclaw(&system, &around(&[("PATH", "/home/anna/tools/bin")])).unwrap();
    assert_eq!(found.entry, format!("{package}/dist/index.js"));
}

#[test]
fn paths_with_a_version_or_of_a_version_manager_are_not_stable() {
    for path in [
        "/home/anna/.nvm/versions/node/v22.14.0/bin/node",
        "/home/anna/.local/share/fnm/node-versions/v22/installation/bin/node",
        "/opt/homebrew/Cellar/node/22.1.0/bin/node",
        "/opt/node-v22.3.0-linux-x64/bin/node",
        "/x/.pnpm/openclaw@2026.2.9/node_modules/openclaw/dist/index.js",
        "/run/user/1000/fnm_multishells/1_2/bin/node",
    ] {
        assert!(!is_stable(path), "{path}");
    }
    for path in [
        "/usr/bin/node",
        "/opt/homebrew/opt/node@22/bin/node",
        "/opt/homebrew/opt/node/bin/node",
        "/home/anna/.local/share/fnm/aliases/default/bin/node",
        "/home/anna/.volta/bin/node",
        "/home/anna/.local/share/pnpm/global/5/node_modules/openclaw/dist/index.js",
    ] {
        assert!(is_stable(path), "{path}");
    }
}

#[test]
fn a_program_is_found_by_name_path_and_tilde() {
    let system = machine(&[("/usr/bin/tool", ""), ("/work/tool", ""), ("/home/anna/tool", "")], &[], ">=22");
    let here = around(&[("PATH", "relative:/usr/bin")]);
    for (typed, wanted) in [
        ("tool", "/usr/bin/tool"),
        ("./tool", "/work/tool"),
        ("~/tool", "/home/anna/tool"),
        ("/usr/bin/tool", "/usr/bin/tool"),
    ] {
        assert_eq!(program(&system, &here, typed).unwrap(), wanted);
    }
}

#[test]
fn a_program_that_cannot_be_run_says_why() {
    let system = machine(&[], &[LIB], ">=22");
    let here = around(&[("PATH", "/usr/bin")]);
    for (typed, why) in [
        ("nope", "no such program in PATH"),
        ("/nope", "no such file"),
        ("/usr/lib", "it is a folder"),
        ("/usr/lib/node_modules/openclaw/package.json", "it is not executable"),
    ] {
        let problem = program(&system, &here, typed).unwrap_err();
        assert_eq!((problem.code, problem.cause.as_deref()), (Code::ProgramMissing, Some(why)), "{typed}");
    }
}

#[tokio::test]
async fn the_prefix_of_npms_own_configuration_is_looked_into() {
    let system =
        machine(&[("/usr/bin/node", "22.14.0")], &["/home/anna/own/lib/node_modules/openclaw"], ">=22");
    for line in ["prefix=/home/anna/own", "prefix = ~/own", "a=b\nprefix=\"${HOME}/own\""] {
        system.with(|machine, _| machine.write("/home/anna/.npmrc", line.as_bytes(), 0o600).unwrap());
        assert_eq!(
            found(&system).await.1,
            "/home/anna/own/lib/node_modules/openclaw/dist/index.js",
            "{line}"
        );
    }
}

#[tokio::test]
async fn an_inventory_lists_what_is_there_once_with_owner_and_lifetime() {
    let nvm = "/home/anna/.nvm/versions/node/v20.1.0/bin/node";
    let bun = "/home/anna/.bun/install/global/node_modules/openclaw";
    let system = machine(&[("/usr/bin/node", "22.14.0"), (nvm, "20.1.0")], &[LIB, bun], ">=22");
    let found = inventory(&system, &around(&[("PATH", "/usr/bin:/bin")])).await;
    let nodes: Vec<_> = found.nodes.iter().map(|it| (it.path.as_str(), it.installer, it.stable)).collect();
    assert_eq!(nodes, [("/usr/bin/node", Installer::System, true), (nvm, Installer::Nvm, false)]);
    let packages: Vec<_> = found.packages.iter().map(|it| (it.installer, it.version.as_deref())).collect();
    assert_eq!(packages, [(Installer::Npm, Some("2026.9.1")), (Installer::Bun, Some("2026.9.1"))]);
}

#[tokio::test]
async fn windows_places_are_looked_at_with_their_owners_folders() {
    let home = r"C:\Users\anna";
    let variables = [
        ("USERPROFILE", home),
        ("APPDATA", r"C:\Users\anna\AppData\Roaming"),
        ("LOCALAPPDATA", r"C:\Users\anna\AppData\Local"),
        ("NVM_HOME", r"C:\Users\anna\AppData\Roaming\nvm"),
    ];
    let here = Surroundings { os: Os::Windows, ..around(&variables) };
    for (node, package) in [
        (r"C:\Program Files\nodejs\node.exe", r"C:\Users\anna\AppData\Roaming\npm\node_modules\openclaw"),
        (
            r"C:\Users\anna\AppData\Local\Volta\bin\node.exe",
            r"C:\Users\anna\AppData\Local\pnpm\global\5\node_modules\openclaw",
        ),
        (
            r"C:\Users\anna\AppData\Roaming\nvm\v22.14.0\node.exe",
            r"C:\Users\anna\AppData\Roaming\nvm\v22.14.0\node_modules\openclaw",
        ),
        (
            r"C:\Users\anna\scoop\apps\nodejs\current\node.exe",
            r"C:\Users\anna\.bun\install\global\node_modules\openclaw",
        ),
    ] {
        let system = Scripted::new(Nodes(vec![(node, "22.14.0")]));
        system.with(|machine, _| {
            let manifest = br#"{"name":"openclaw","version":"2026.9.1"}"#;
            machine.write(node, b"", 0o755).unwrap();
            machine.write(&format!(r"{package}\package.json"), manifest, 0o644).unwrap();
            machine.write(&format!(r"{package}\dist\index.js"), b"", 0o644).unwrap();
        });
        let found = find(&system, &here, &Given::default())
            .await
            .unwrap_or_else(|problem| panic!("{node}: {problem}"));
        assert_eq!(found.node.path, node);
    }
}
