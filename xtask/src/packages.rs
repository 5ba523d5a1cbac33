//! Which Debian packages which command needs, what is missing, and the command lines that install it.

use std::collections::BTreeSet;

/// What the machine is prepared for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Building and using `gateward` on a machine without a desktop.
    RunHeadless,
    Run,
    Check,
    Test,
    /// Those tests that start no user manager and no desktop.
    FastTest,
    Bench,
    /// The real OpenClaw on a whole systemd.
    Interplay,
    /// Type checks and programs for other systems.
    Cross,
    /// Running the Windows programs.
    Wine,
    /// Making packages for Linux.
    Package,
    /// Trying them in a Debian of their own.
    PackagesTest,
}

impl Purpose {
    pub fn parse(word: &str) -> Result<Self, String> {
        match word {
            "headless" => Ok(Self::RunHeadless),
            "run" => Ok(Self::Run),
            "fast-test" => Ok(Self::FastTest),
            "check" => Ok(Self::Check),
            "test" => Ok(Self::Test),
            "bench" => Ok(Self::Bench),
            "interplay" => Ok(Self::Interplay),
            "cross" => Ok(Self::Cross),
            "wine" => Ok(Self::Wine),
            "package" => Ok(Self::Package),
            "packages-test" => Ok(Self::PackagesTest),
            other => Err(format!(
                "There is nothing to set up for `{other}`: say run, headless, test, fast-test, check, bench, interplay, cross, wine, \
                 package or packages-test."
            )),
        }
    }

    fn needs(self, kind: Kind) -> bool {
        match self {
            Self::RunHeadless => matches!(kind, Kind::Compile),
            Self::Run | Self::Check => matches!(kind, Kind::Compile | Kind::Window),
            Self::Test => {
                !matches!(kind, Kind::Cross | Kind::Wine | Kind::Compared | Kind::Container | Kind::Lab)
            }
            Self::FastTest => {
                matches!(kind, Kind::Compile | Kind::Window | Kind::Service | Kind::Packing)
            }
            Self::Bench => {
                !matches!(kind, Kind::Cross | Kind::Wine | Kind::Packing | Kind::Container | Kind::Lab)
            }
            Self::Interplay => matches!(kind, Kind::Compile | Kind::Service | Kind::Lab),
            Self::Cross => matches!(kind, Kind::Compile | Kind::Cross),
            Self::Wine => matches!(kind, Kind::Compile | Kind::Cross | Kind::Wine),
            Self::Package => matches!(kind, Kind::Compile | Kind::Window | Kind::Packing),
            Self::PackagesTest => {
                matches!(kind, Kind::Compile | Kind::Window | Kind::Packing | Kind::Container)
            }
        }
    }

    /// Whether the npm packages of `ui/` are needed as well.
    pub fn needs_ui(self) -> bool {
        self.needs(Kind::Window)
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Compile,
    Window,
    Service,
    Desktop,
    Cross,
    Wine,
    /// Only measured beside our own.
    Compared,
    Packing,
    Container,
    /// A systemd with namespaces of its own.
    Lab,
}

/// A Debian package with the reason it is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Package {
    pub name: &'static str,
    pub why: &'static str,
}

const PACKAGES: &[(Kind, &str, &str)] = &[
    (Kind::Compile, "build-essential", "C compiler and linker (SQLite is compiled in)"),
    (Kind::Compile, "pkg-config", "finds the C libraries"),
    (Kind::Window, "libgtk-3-dev", "headers of the window toolkit"),
    (Kind::Window, "libwebkit2gtk-4.1-dev", "headers of the web view in the window"),
    (Kind::Service, "dbus", "message bus of the tests"),
    (Kind::Service, "dbus-user-session", "bus of the private user manager"),
    (Kind::Service, "libplist-utils", "plistutil: reads our property lists with another parser than ours"),
    (
        Kind::Service,
        "libxml2-utils",
        "xmllint: reads our property lists and Scheduled Tasks, these with a schema",
    ),
    (Kind::Service, "libfaketime", "a wall clock that jumps under the tested host"),
    (Kind::Service, "procps", "ps: a stage over its time is killed with its children"),
    (Kind::Service, "systemd", "private user manager that runs the tested services"),
    (Kind::Service, "util-linux", "unshare and nsenter: the private user manager's own namespaces"),
    (Kind::Desktop, "adwaita-icon-theme", "icons of the panel"),
    (Kind::Desktop, "at-spi2-core", "accessibility bus that GTK asks for"),
    (Kind::Desktop, "dunst", "real notification daemon"),
    (Kind::Desktop, "fonts-dejavu-core", "font of the screenshots"),
    (Kind::Desktop, "fonts-noto-cjk", "Chinese characters in the screenshots"),
    (Kind::Desktop, "imagemagick", "import: takes the screenshots"),
    (Kind::Desktop, "openbox", "window manager of the test desktop"),
    (Kind::Desktop, "python3", "reads our files with other parsers than ours"),
    (Kind::Desktop, "python3-gi", "D-Bus from Python"),
    (Kind::Desktop, "webkit2gtk-driver", "WebDriver: clicks in the real window"),
    (Kind::Desktop, "x11-utils", "xprop tells when the window manager is there, xev what happens to a menu"),
    (Kind::Desktop, "xfce4-panel", "real panel that shows the tray icon"),
    (Kind::Desktop, "xfconf", "settings service of the panel"),
    (Kind::Desktop, "xdotool", "opens the tray's menu with a real mouse click"),
    (Kind::Desktop, "xvfb", "display without a screen"),
    (Kind::Cross, "cargo-web", "Debian's newest cargo: type checks for other systems"),
    (Kind::Cross, "rustc-web", "the compiler that belongs to the library's sources"),
    (Kind::Cross, "rust-web-src", "Rust's standard library as sources, for every system"),
    (Kind::Cross, "gcc-mingw-w64-x86-64-win32", "linker and C compiler for Windows"),
    (Kind::Wine, "wine", "runs the Windows programs"),
    (Kind::Wine, "wine64", "the same, for 64-bit programs"),
    (Kind::Packing, "binutils", "objdump: reads which libraries the programs need"),
    (Kind::Packing, "dpkg-dev", "dpkg-shlibdeps: finds the packages of these libraries"),
    (Kind::Packing, "appstream", "appstreamcli: checks the package's description for software centres"),
    (Kind::Packing, "desktop-file-utils", "checks the entry for the menu"),
    (Kind::Packing, "nsis", "makensis: the installer for Windows"),
    (Kind::Container, "debootstrap", "a clean Debian to install the packages in"),
    (Kind::Container, "systemd-container", "systemd-nspawn: boots it"),
    (Kind::Lab, "iproute2", "ip: the loopback of a network of its own"),
    (Kind::Lab, "libpam-systemd", "starts the account's own manager at its login"),
    (Kind::Compared, "runit", "runsv and svlogd, measured beside `gateward run`"),
    (Kind::Compared, "ripgrep", "searches a long log beside `gateward logs`"),
    (Kind::Compared, "s6", "s6-supervise and s6-log, the same"),
    (Kind::Compared, "supervisor", "supervisord, the same"),
];

/// What `purpose` needs, in the order of the list.
pub fn wanted(purpose: Purpose) -> Vec<Package> {
    let needed = PACKAGES.iter().filter(|(kind, ..)| purpose.needs(*kind));
    needed.map(|(_, name, why)| Package { name, why }).collect()
}

/// What of `wanted` is not in `installed`.
pub fn missing(wanted: &[Package], installed: &BTreeSet<String>) -> Vec<Package> {
    wanted.iter().filter(|package| !installed.contains(package.name)).copied().collect()
}

/// The arguments of `dpkg-query` whose answer [`read_installed`] reads.
pub const DPKG_QUESTION: &[&str] = &["-W", "-f", "${Package}\\t${db:Status-Status}\\n"];

/// Reads lines of `NAME<tab>STATUS`; removed packages whose settings were kept have another status.
pub fn read_installed(report: &str) -> BTreeSet<String> {
    let entries = report.lines().filter_map(|line| line.split_once('\t'));
    entries.filter(|(_, status)| *status == "installed").map(|(name, _)| name.to_owned()).collect()
}

/// How packages can be installed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privilege {
    Root,
    /// A person sits at a terminal and may be asked for a password by sudo itself.
    Sudo,
    /// Nobody could answer: sudo must work without a password.
    SilentSudo,
}

/// The command lines that install `packages`, program first.
pub fn apt_lines(packages: &[Package], privilege: Privilege) -> Vec<Vec<&'static str>> {
    let prefix: &[&str] = match privilege {
        Privilege::Root => &["env"],
        Privilege::Sudo => &["sudo", "env"],
        Privilege::SilentSudo => &["sudo", "-n", "env"],
    };
    let apt = [prefix, &["DEBIAN_FRONTEND=noninteractive", "apt-get"]].concat();
    let names: Vec<&str> = packages.iter().map(|package| package.name).collect();
    let install = ["install", "-y", "--no-install-recommends"];
    match names.is_empty() {
        true => Vec::new(),
        false => {
            vec![[&apt[..], &["update"]].concat(), [&apt[..], &install, &names].concat()]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(packages: &[Package]) -> Vec<&str> {
        packages.iter().map(|package| package.name).collect()
    }

    fn installed(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_run_without_display_needs_no_desktop_library() {
        assert_eq!(names(&wanted(Purpose::RunHeadless)), ["build-essential", "pkg-config"]);
    }

    #[test]
    fn a_run_needs_the_headers_but_no_test_desktop() {
        let wanted = wanted(Purpose::Run);
        assert!(names(&wanted).contains(&"libwebkit2gtk-4.1-dev"));
        assert!(!names(&wanted).contains(&"xvfb"));
    }

    #[test]
    fn no_package_is_listed_twice() {
        let names = PACKAGES.iter().map(|(_, name, _)| name);
        assert_eq!(names.collect::<BTreeSet<_>>().len(), PACKAGES.len());
    }

    #[test]
    fn type_checks_for_other_systems_need_no_library_of_the_desktop() {
        let wanted = wanted(Purpose::Cross);
        assert_eq!(
            names(&wanted),
            [
                "build-essential",
                "pkg-config",
                "cargo-web",
                "rustc-web",
                "rust-web-src",
                "gcc-mingw-w64-x86-64-win32"
            ]
        );
    }

    #[test]
    fn only_what_is_not_installed_is_missing() {
        let wanted = wanted(Purpose::Run);
        let missing = missing(&wanted, &installed(&["build-essential", "pkg-config", "libgtk-3-dev"]));
        assert_eq!(names(&missing), ["libwebkit2gtk-4.1-dev"]);
    }

    #[test]
    fn a_removed_package_with_kept_settings_is_not_installed() {
        let report = "dunst\tinstalled\nopenbox\tconfig-files\nxvfb\thalf-installed\n";
        assert_eq!(read_installed(report), installed(&["dunst"]));
    }

    #[test]
    fn nothing_missing_runs_neither_update_nor_install() {
        assert_eq!(apt_lines(&[], Privilege::Root), Vec::<Vec<&str>>::new());
    }

    #[test]
    fn root_installs_without_sudo_and_without_questions() {
        let lines = apt_lines(&[Package { name: "xvfb", why: "" }], Privilege::Root);
        let spoken: Vec<String> = lines.iter().map(|line| line.join(" ")).collect();
        assert_eq!(
            spoken,
            [
                "env DEBIAN_FRONTEND=noninteractive apt-get update",
                "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends xvfb",
            ]
        );
    }

    #[test]
    fn a_user_installs_through_sudo() {
        let lines = apt_lines(&[Package { name: "xvfb", why: "" }], Privilege::Sudo);
        assert!(lines.iter().all(|line| line.starts_with(&["sudo", "env"])), "{lines:?}");
    }

    #[test]
    fn without_a_terminal_sudo_may_not_ask() {
        let lines = apt_lines(&[Package { name: "xvfb", why: "" }], Privilege::SilentSudo);
        assert!(lines.iter().all(|line| line.starts_with(&["sudo", "-n", "env"])), "{lines:?}");
    }

    #[test]
    fn an_unknown_purpose_is_refused() {
        assert!(
            Purpose::parse("fun")
                .unwrap_err()
                .contains("run, headless, test, fast-test, check, bench, interplay, cross, wine, package")
        );
    }
}
