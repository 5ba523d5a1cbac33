fn main() {
    leave_out_unwinding();
    #[cfg(feature = "gui")]
    {
        page::ensure();
        late::make();
        tauri_build::build();
    }
}

/// In release programs for Linux; what is known of other systems' linkers and unwinding is not enough.
fn leave_out_unwinding() {
    let is = |name, wanted| std::env::var(name).is_ok_and(|value| value == wanted);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/lean.ld");
    println!("cargo::rerun-if-changed={script}");
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") {
        println!("cargo::rustc-link-arg-bins=-Wl,--script={script}");
    }
}

#[cfg(feature = "gui")]
mod page {
    use std::path::Path;

    const DIST: &str = "ui/dist";
    const PLACEHOLDER: &str = "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Gateward</title>\n\
        <p>The window's page is not built yet. Build it with <code>cargo xtask run</code>.</p>\n";

    /// The page is compiled in, so without one the build would fail with a macro's panic.
    pub fn ensure() {
        // A folder is watched with all that is in it.
        println!("cargo::rerun-if-changed={DIST}");
        let index = Path::new(DIST).join("index.html");
        if index.exists() {
            return;
        }
        println!(
            "cargo::warning={DIST} is missing; a placeholder page is built in (cargo xtask run builds the real one)"
        );
        if let Err(error) = std::fs::create_dir_all(DIST).and_then(|()| std::fs::write(&index, PLACEHOLDER)) {
            println!("cargo::error={} could not be written: {error}", index.display());
        }
    }
}

#[cfg(feature = "gui")]
mod late {
    use std::fmt::Write;
    use std::path::PathBuf;

    const FUNCTIONS: &str = include_str!("app/late/functions.txt");

    /// Functions of GTK and WebKit that go on to where `src-tauri/app/late.rs` has found the real ones. The linker finds them first and
    /// has no need of the libraries then, so that the program starts without them.
    pub fn make() {
        println!("cargo::rustc-check-cfg=cfg(late)");
        println!("cargo::rerun-if-changed=src-tauri/app/late/functions.txt");
        let variable = |name| std::env::var(name).unwrap_or_default();
        let jump =
            match (variable("CARGO_CFG_TARGET_OS").as_str(), variable("CARGO_CFG_TARGET_ARCH").as_str()) {
                ("linux", "x86_64") => "jmp qword ptr [rip + late_NAME]",
                ("linux", "aarch64") => "adrp x16, late_NAME\nldr x16, [x16, :lo12:late_NAME]\nbr x16",
                // Linked as usual there.
                (_, _) => return,
            };
        println!("cargo::rustc-cfg=late");
        let mut text = ".bss\n.balign 8\n.hidden late_first\n.globl late_first\nlate_first:\n".to_owned();
        for name in FUNCTIONS.lines() {
            let _ = writeln!(text, "late_{name}: .zero 8");
        }
        text.push_str(".text\n");
        for name in FUNCTIONS.lines() {
            let jump = jump.replace("NAME", name);
            let _ = writeln!(
                text,
                ".balign 8\n.globl {name}\n.hidden {name}\n.type {name}, %function\n{name}:\n{jump}"
            );
        }
        let path = PathBuf::from(variable("OUT_DIR")).join("late.s");
        if let Err(error) = std::fs::write(&path, text) {
            println!("cargo::error={} could not be written: {error}", path.display());
        }
    }
}
