//! Specifiers such as `%h` in unit files (systemd.unit(5)), for display and for finding the files a unit names.

use crate::identity::{Identity, Surroundings};

/// What the specifiers of one user's unit stand for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Specifiers {
    pub home: String,
    pub unit: String,
    pub user: String,
    pub uid: u32,
    pub runtime_dir: String,
    pub config_dir: String,
    pub cache_dir: String,
}

impl Specifiers {
    pub fn new(id: &Identity, around: &Surroundings) -> Self {
        let or = |name: &str, otherwise: String| around.variable(name).map_or(otherwise, str::to_owned);
        Self {
            home: id.home.clone(),
            unit: id.unit.clone(),
            user: around.user.clone().unwrap_or_default(),
            uid: around.uid,
            runtime_dir: or("XDG_RUNTIME_DIR", format!("/run/user/{}", around.uid)),
            config_dir: or("XDG_CONFIG_HOME", format!("{}/.config", id.home)),
            cache_dir: or("XDG_CACHE_HOME", format!("{}/.cache", id.home)),
        }
    }

    /// Replaces the specifiers in `text`; those whose value is not known here stay as they are.
    pub fn expand(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '%' => out.push_str(&chars.next().map_or("%".to_owned(), |letter| self.meaning(letter))),
                _ => out.push(c),
            }
        }
        out
    }

    fn meaning(&self, letter: char) -> String {
        let stem = self.unit.strip_suffix(".service").unwrap_or(&self.unit);
        match letter {
            '%' => "%".to_owned(),
            'h' => self.home.clone(),
            'u' => self.user.clone(),
            'U' => self.uid.to_string(),
            't' => self.runtime_dir.clone(),
            'E' => self.config_dir.clone(),
            'C' => self.cache_dir.clone(),
            'n' => self.unit.clone(),
            'N' => stem.to_owned(),
            'p' => stem.split('@').next().unwrap_or(stem).to_owned(),
            'i' => stem.split_once('@').map_or_else(String::new, |(_, instance)| instance.to_owned()),
            'T' => "/tmp".to_owned(),
            'V' => "/var/tmp".to_owned(),
            other => format!("%{other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn annas() -> Specifiers {
        Specifiers {
            home: "/home/anna".to_owned(),
            unit: "openclaw-gateway.service".to_owned(),
            user: "anna".to_owned(),
            uid: 1000,
            runtime_dir: "/run/user/1000".to_owned(),
            config_dir: "/home/anna/.config".to_owned(),
            cache_dir: "/home/anna/.cache".to_owned(),
        }
    }

    #[test]
    fn known_specifiers_are_expanded() {
        assert_eq!(
            annas().expand("%h/x %n %N %u %U %t 100%%"),
            "/home/anna/x openclaw-gateway.service openclaw-gateway anna 1000 /run/user/1000 100%"
        );
    }

    #[test]
    fn unknown_specifiers_stay() {
        assert_eq!(annas().expand("%m %"), "%m %");
    }
}
