//! OpenClaw's package as npm installs it, whose gateway is the demo, and an npm that brings it without any network.

use super::folder::script;
use std::fs;
use std::path::{Path, PathBuf};

/// Where npm with a prefix of one's own puts it.
pub const PACKAGE: &str = ".npm-global/lib/node_modules/openclaw";

/// Writes the package; its `dist/index.js` runs the demo gateway, and `config set` writes the mode.
pub fn package(at: &Path) {
    fs::create_dir_all(at.join("dist")).expect("a folder");
    let script = format!(
        "const fs = require('node:fs'), path = require('node:path');\n\
         if (process.argv.includes('set')) {{\n\
           const file = path.join(process.env.HOME, '.openclaw/openclaw.json');\n\
           fs.mkdirSync(path.dirname(file), {{ recursive: true }});\n\
           fs.writeFileSync(file, '{{ \"gateway\": {{ \"mode\": \"local\" }} }}');\n\
           process.exit(0);\n\
         }}\n\
         const [port] = process.argv.slice(-1);\n\
         const child = require('node:child_process').spawn({:?}, ['demo', '--port', port], {{ stdio: 'inherit' }});\n\
         process.on('SIGTERM', () => child.kill());\nchild.on('exit', code => process.exit(code ?? 1));\n",
        env!("CARGO_BIN_EXE_gateward")
    );
    let manifest = r#"{ "name": "openclaw", "version": "2026.9.6", "engines": { "node": ">=18" } }"#;
    fs::write(at.join("package.json"), manifest).expect("a file");
    fs::write(at.join("dist/index.js"), script).expect("a file");
}

/// PATH with [`npm`] first.
pub fn path(home: &Path) -> String {
    format!("{}:/usr/local/bin:/usr/bin:/bin", bin(home).display())
}

fn bin(home: &Path) -> PathBuf {
    home.join("own-bin")
}

/// An npm in a folder of its own, for [`path`]: `install -g` copies the package that lies in its registry. It tells what it fetches, waits
/// while the file `npm-waits` is in the home, and fails as for a system's folder while `npm-refuses` is.
pub fn npm(home: &Path) {
    let (registry, bin) = (home.join("registry/openclaw"), bin(home));
    package(&registry);
    fs::create_dir_all(&bin).expect("a folder");
    let parent = Path::new(PACKAGE).parent().expect("a parent").display().to_string();
    let text = format!(
        "#!/bin/sh\nset -e\necho \"npm http fetch GET 200 https://registry.npmjs.org/openclaw 12ms\" >&2\n\
         while [ -e \"$HOME/npm-waits\" ]; do sleep 0.1; done\n\
         if [ -e \"$HOME/npm-refuses\" ]; then echo 'npm error code EACCES' >&2; exit 243; fi\n\
         [ \"$1 $2 $3\" = 'install -g openclaw@latest' ]\n\
         mkdir -p \"$HOME/{parent}\"\ncp -r {} \"$HOME/{parent}/\"\ntouch \"$HOME/npm-done\"\necho 'added 1 package in 1s'\n",
        registry.display()
    );
    script(&bin.join("npm"), &text);
}
