fn main() {
    leave_out_unwinding();
    #[cfg(feature = "gui")]
    {
        page::ensure();
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
