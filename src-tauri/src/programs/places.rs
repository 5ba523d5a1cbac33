//! Where node and OpenClaw may be, by installer. A `*` stands for one folder name.

use crate::identity::Surroundings;
use crate::layout::{Os, join};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub path: String,
    pub source: Source,
}

/// Who put a program there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The system's package manager, Homebrew or an administrator.
    System,
    /// A version manager or a package manager of one user.
    User,
}

/// Places of the `node` program, stable ones before those with a version in them.
pub fn nodes(around: &Surroundings) -> Vec<Place> {
    let mut places: Vec<Place> =
        system_nodes(around.os).iter().map(|path| at(path, Source::System)).collect();
    let posix = (around.os != Os::Windows).then(|| user_prefixes(around));
    let user = posix.into_iter().flatten().map(|prefix| join(&prefix, &["bin", "node"], around.os));
    let direct = direct_nodes(around);
    places.extend(user.chain(direct).map(|path| at(&path, Source::User)));
    places
}

fn at(path: &str, source: Source) -> Place {
    Place { path: path.to_owned(), source }
}

fn system_nodes(os: Os) -> &'static [&'static str] {
    match os {
        Os::Linux => &[
            "/usr/local/bin/node",
            "/usr/bin/node",
            "/snap/bin/node",
            "/run/current-system/sw/bin/node",
            "/home/linuxbrew/.linuxbrew/opt/node/bin/node",
            "/opt/node/bin/node",
            "/opt/nodejs/bin/node",
            "/opt/node*/bin/node",
        ],
        Os::MacOs => &[
            "/opt/homebrew/opt/node/bin/node",
            "/opt/homebrew/opt/node@*/bin/node",
            "/opt/homebrew/bin/node",
            "/usr/local/opt/node/bin/node",
            "/usr/local/opt/node@*/bin/node",
            "/usr/local/bin/node",
            "/opt/local/bin/node",
        ],
        Os::Windows => &[r"C:\Program Files\nodejs\node.exe", r"C:\Program Files (x86)\nodejs\node.exe"],
    }
}

/// Prefixes with `bin` and `lib` below, as version managers lay them out.
fn user_prefixes(around: &Surroundings) -> Vec<String> {
    let Ok(home) = around.home() else { return Vec::new() };
    let os = around.os;
    let base = |variable: &str, fallback: &str| {
        around
            .variable(variable)
            .filter(|path| path.starts_with('/'))
            .map_or(join(home, &[fallback], os), str::to_owned)
    };
    let nvm = base("NVM_DIR", ".nvm");
    let fnm = base("FNM_DIR", ".local/share/fnm");
    let old_fnm = join(home, &[".fnm"], os);
    let mac_fnm = join(home, &["Library/Application Support/fnm"], os);
    let asdf = base("ASDF_DATA_DIR", ".asdf");
    let mise = base("MISE_DATA_DIR", ".local/share/mise");
    let bases: [(&str, &str); 16] = [
        (&nvm, "current"),
        (&fnm, "aliases/default"),
        (&old_fnm, "aliases/default"),
        (&old_fnm, "current"),
        (&mac_fnm, "aliases/default"),
        (&mise, "installs/node/latest"),
        (home, ".local"),
        (home, "n"),
        (&nvm, "versions/node/*"),
        (&fnm, "node-versions/*/installation"),
        (&old_fnm, "node-versions/*/installation"),
        (&mac_fnm, "node-versions/*/installation"),
        (&asdf, "installs/nodejs/*"),
        (&mise, "installs/node/*"),
        (home, ".nodenv/versions/*"),
        (home, ".volta/tools/image/node/*"),
    ];
    let own = ["N_PREFIX", "PREFIX"].iter().filter_map(|name| around.variable(name)).map(str::to_owned);
    own.chain(bases.iter().map(|(base, below)| join(base, &[below], os))).collect()
}

/// OpenClaw's package folder below an npm prefix: on Windows without `lib`.
pub fn below_prefix(prefix: &str, os: Os) -> Vec<String> {
    match os {
        Os::Windows => vec![join(prefix, &["node_modules", "openclaw"], os)],
        Os::Linux | Os::MacOs => vec![join(prefix, &["lib/node_modules/openclaw"], os)],
    }
}

/// nvm-windows, fnm, Volta, Scoop, pnpm and one person's own installation, by where each keeps its things.
fn windows_nodes(around: &Surroundings) -> Vec<String> {
    let below = |variable: &str, parts: &[&str]| Some(join(around.variable(variable)?, parts, Os::Windows));
    let places = [
        below("NVM_SYMLINK", &["node.exe"]),
        below("APPDATA", &["fnm", "aliases", "default", "node.exe"]),
        below("FNM_DIR", &["aliases", "default", "node.exe"]),
        below("LOCALAPPDATA", &["Volta", "bin", "node.exe"]),
        below("USERPROFILE", &["scoop", "apps", "nodejs", "current", "node.exe"]),
        below("LOCALAPPDATA", &["Programs", "nodejs", "node.exe"]),
        below("NVM_HOME", &["*", "node.exe"]),
        below("APPDATA", &["fnm", "node-versions", "*", "installation", "node.exe"]),
        below("LOCALAPPDATA", &["pnpm", "nodejs", "*", "node.exe"]),
    ];
    places.into_iter().flatten().collect()
}

fn windows_packages(around: &Surroundings) -> Vec<String> {
    let below = |variable: &str, parts: &[&str]| Some(join(around.variable(variable)?, parts, Os::Windows));
    let package = ["node_modules", "openclaw"];
    let places = [
        below("APPDATA", &[&["npm"], &package[..]].concat()),
        below("NVM_SYMLINK", &package),
        below("LOCALAPPDATA", &[&["pnpm", "global", "*"], &package[..]].concat()),
        below("LOCALAPPDATA", &[&["Volta", "tools", "image", "packages", "openclaw"], &package[..]].concat()),
        below("USERPROFILE", &[&["scoop", "apps", "nodejs", "current", "bin"], &package[..]].concat()),
        below("USERPROFILE", &[&[".bun", "install", "global"], &package[..]].concat()),
        below("NVM_HOME", &[&["*"], &package[..]].concat()),
        below("ProgramFiles", &[&["nodejs"], &package[..]].concat()),
    ];
    places.into_iter().flatten().collect()
}

/// Programs that do not lie in a prefix: shims and pnpm's own copies. Volta's and asdf's shims choose a version by themselves.
fn direct_nodes(around: &Surroundings) -> Vec<String> {
    let Ok(home) = around.home() else { return Vec::new() };
    let os = around.os;
    if os == Os::Windows {
        return windows_nodes(around);
    }
    let volta = around.variable("VOLTA_HOME").map_or(join(home, &[".volta"], os), str::to_owned);
    let mut places = vec![
        join(&volta, &["bin/node"], os),
        join(home, &[".asdf/shims/node"], os),
        join(home, &[".local/share/mise/shims/node"], os),
    ];
    for pnpm in pnpm_homes(around, home) {
        places.push(join(&pnpm, &["node"], os));
        places.push(join(&pnpm, &["nodejs/*/bin/node"], os));
    }
    places
}

fn pnpm_homes(around: &Surroundings, home: &str) -> Vec<String> {
    let usual = [".local/share/pnpm", "Library/pnpm"].map(|folder| join(home, &[folder], around.os));
    around.variable("PNPM_HOME").map(str::to_owned).into_iter().chain(usual).collect()
}

/// Places of OpenClaw's package folder in the package managers' global trees.
pub fn packages(around: &Surroundings) -> Vec<Place> {
    let os = around.os;
    let system = ["/usr/lib", "/usr/local/lib", "/opt/homebrew/lib", "/home/linuxbrew/.linuxbrew/lib"]
        .iter()
        .map(|lib| join(lib, &["node_modules/openclaw"], os))
        .chain(
            ["/opt/openclaw", "/opt/openclaw/lib/node_modules/openclaw", "/opt/*/lib/node_modules/openclaw"]
                .map(str::to_owned),
        )
        .map(|path| at(&path, Source::System));
    system.chain(user_packages(around).into_iter().map(|path| at(&path, Source::User))).collect()
}

fn user_packages(around: &Surroundings) -> Vec<String> {
    let Ok(home) = around.home() else { return Vec::new() };
    let os = around.os;
    if os == Os::Windows {
        return windows_packages(around);
    }
    let own = around.variable("NPM_CONFIG_PREFIX").map(str::to_owned).into_iter();
    let npm = own.chain([join(home, &[".npm-global"], os), join(home, &[".npm-packages"], os)]);
    let mut places: Vec<String> = npm
        .chain(user_prefixes(around))
        .map(|prefix| join(&prefix, &["lib/node_modules/openclaw"], os))
        .collect();
    let volta = around.variable("VOLTA_HOME").map_or(join(home, &[".volta"], os), str::to_owned);
    let bun = around.variable("BUN_INSTALL").map_or(join(home, &[".bun"], os), str::to_owned);
    places.push(join(&volta, &["tools/image/packages/openclaw/lib/node_modules/openclaw"], os));
    places.push(join(&bun, &["install/global/node_modules/openclaw"], os));
    places.push(join(home, &[".config/yarn/global/node_modules/openclaw"], os));
    for pnpm in pnpm_homes(around, home) {
        places.push(join(&pnpm, &["global/*/node_modules/openclaw"], os));
    }
    places
}
