//! The theme that a person chose, worn by the window and everything in it.

use std::sync::{Mutex, PoisonError};

use gateward::settings::Theme;
use tauri::AppHandle;

/// What is worn, and what the desktop wants.
#[derive(Default)]
pub struct Wardrobe(Mutex<Worn>);

#[derive(Default)]
struct Worn {
    theme: Theme,
    /// Whether the desktop wants it dark; known while something else than its own wish is worn, as GTK forgets it then.
    #[cfg(target_os = "linux")]
    desktop_is_dark: Option<bool>,
}

impl Wardrobe {
    /// Puts `theme` on, unless it is worn already.
    pub fn change(&self, app: &AppHandle, theme: Theme) {
        if self.lock().theme != theme {
            self.wear(app, theme);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Worn> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(target_os = "linux")]
impl Wardrobe {
    /// Puts `theme` on; a window that has just been made wears the desktop's.
    ///
    /// Tauri's own way leaves a desktop whose theme is dark by name dark, and does not find back to the desktop's wish.
    pub fn wear(&self, app: &AppHandle, theme: Theme) {
        use tauri::Manager;

        self.lock().theme = theme;
        let on_main = app.clone();
        let asked = app.run_on_main_thread(move || {
            let desk = on_main.state::<crate::desk::Desk>();
            let mut worn = desk.wardrobe.lock();
            dress(&mut worn.desktop_is_dark, theme);
        });
        if let Err(error) = asked {
            tracing::warn!(%error, "the theme could not be changed");
        }
    }
}

/// WebKit takes its scheme from the theme's name and from the wish for a dark one.
#[cfg(target_os = "linux")]
fn dress(desktop_is_dark: &mut Option<bool>, theme: Theme) {
    use gtk::prelude::GtkSettingsExt;

    let Some(toolkit) = gtk::Settings::default() else { return };
    if let Some(dark) = desktop_is_dark.take() {
        toolkit.set_gtk_application_prefer_dark_theme(dark);
        toolkit.reset_property("gtk-theme-name");
    }
    if theme == Theme::System {
        return;
    }
    *desktop_is_dark = Some(toolkit.is_gtk_application_prefer_dark_theme());
    toolkit.set_gtk_application_prefer_dark_theme(theme == Theme::Dark);
    if theme == Theme::Light {
        let name = toolkit.gtk_theme_name().unwrap_or_default();
        toolkit.set_gtk_theme_name(Some(name.trim_end_matches("-dark").trim_end_matches("-Dark")));
    }
}

#[cfg(not(target_os = "linux"))]
impl Wardrobe {
    /// Puts `theme` on; a window that has just been made wears the desktop's.
    pub fn wear(&self, app: &AppHandle, theme: Theme) {
        self.lock().theme = theme;
        app.set_theme(match theme {
            Theme::System => None,
            Theme::Light => Some(tauri::Theme::Light),
            Theme::Dark => Some(tauri::Theme::Dark),
        });
    }
}
