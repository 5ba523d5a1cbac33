fn main() {
    #[cfg(feature = "gui")]
    {
        page::ensure();
        tauri_build::build();
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
