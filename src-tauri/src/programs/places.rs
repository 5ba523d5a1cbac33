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
    let user = user_prefixes(around).into_iter().map(|prefix| join(&prefix, &["bin", "node"], around.os));
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

/// Programs that do not lie in a prefix: shims and pnpm's own copies. Volta's and asdf's shims choose a version by themselves.
fn direct_nodes(around: &Surroundings) -> Vec<String> {
    let Ok(home) = around.home() else { return Vec::new() };
    let os = around.os;
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
    if let Some(roaming) = around.variable("APPDATA") {
        places.push(join(roaming, &["npm", "node_modules", "openclaw"], os));
    }
    places
}
