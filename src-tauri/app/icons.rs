//! Which picture stands for which tone.

#[cfg(windows)]
use gateward::system::windows::taskbar::{self, Taskbar};
use gateward::view::Tone;
use tauri::image::Image;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A picture, and what it was chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    tone: Tone,
    #[cfg(windows)]
    taskbar: Taskbar,
}

impl Picture {
    pub fn of(tone: Tone) -> Self {
        Self {
            tone,
            #[cfg(windows)]
            taskbar: Taskbar::now(),
        }
    }

    #[cfg(target_os = "linux")]
    pub fn image(self) -> Image<'static> {
        match self.tone {
            Tone::Good => tauri::include_image!("icons/tray/good-48.png"),
            Tone::Working => tauri::include_image!("icons/tray/working-48.png"),
            Tone::Idle => tauri::include_image!("icons/tray/idle-48.png"),
            Tone::Attention => tauri::include_image!("icons/tray/attention-48.png"),
            Tone::Problem => tauri::include_image!("icons/tray/problem-48.png"),
            Tone::Unknown => tauri::include_image!("icons/tray/unknown-48.png"),
        }
    }

    #[cfg(target_os = "macos")]
    pub fn image(self) -> Image<'static> {
        match self.tone {
            Tone::Good => tauri::include_image!("icons/tray/good-template.png"),
            Tone::Working => tauri::include_image!("icons/tray/working-template.png"),
            Tone::Idle => tauri::include_image!("icons/tray/idle-template.png"),
            Tone::Attention => tauri::include_image!("icons/tray/attention-template.png"),
            Tone::Problem => tauri::include_image!("icons/tray/problem-template.png"),
            Tone::Unknown => tauri::include_image!("icons/tray/unknown-template.png"),
        }
    }

    #[cfg(windows)]
    pub fn image(self) -> Image<'static> {
        cut(&sheet(self.taskbar.icon), self.tone, self.taskbar.is_light)
    }
}

/// The smallest sheet whose pictures need not be blown up; Windows scales them down better.
#[cfg(windows)]
fn sheet(edge: u32) -> Image<'static> {
    match edge {
        0..=16 => tauri::include_image!("icons/tray/windows-16.png"),
        17..=20 => tauri::include_image!("icons/tray/windows-20.png"),
        21..=24 => tauri::include_image!("icons/tray/windows-24.png"),
        _ => tauri::include_image!("icons/tray/windows-32.png"),
    }
}

/// One picture of a sheet: a row for each tone, and in it the picture for a dark and for a light taskbar (icons/draw.sh).
#[cfg(any(test, windows))]
fn cut(sheet: &Image<'_>, tone: Tone, is_light: bool) -> Image<'static> {
    let edge = sheet.width() / 2;
    let row = match tone {
        Tone::Good => 0,
        Tone::Working => 1,
        Tone::Idle => 2,
        Tone::Attention => 3,
        Tone::Problem => 4,
        Tone::Unknown => 5,
    };
    let bytes_of_edge = edge as usize * 4;
    let lines =
        sheet.rgba().chunks_exact(bytes_of_edge).skip(row * edge as usize * 2 + usize::from(is_light));
    let rgba = lines.step_by(2).take(edge as usize).flatten().copied().collect();
    Image::new_owned(rgba, edge, edge)
}

/// Tells when the pictures may have to be others.
#[cfg(windows)]
pub fn changes() -> UnboundedReceiver<()> {
    let (tell, told) = unbounded_channel();
    let watching = std::thread::Builder::new().name("colours".to_owned()).spawn(move || {
        while let Ok(()) = taskbar::recoloured() {
            if tell.send(()).is_err() {
                return;
            }
        }
        tracing::info!("the taskbar's colours are not watched");
    });
    if let Err(error) = watching {
        tracing::warn!(%error, "no thread for the taskbar's colours");
    }
    told
}

/// Never: the pictures fit every panel.
#[cfg(not(windows))]
pub fn changes() -> UnboundedReceiver<()> {
    unbounded_channel().1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each picture of a sheet is of one colour: its number.
    fn numbered(edge: u32) -> Image<'static> {
        let pixel = |x: u32, y: u32| [u8::try_from(y / edge * 2 + x / edge).unwrap(); 4];
        let all = (0..6 * edge).flat_map(|y| (0..2 * edge).flat_map(move |x| pixel(x, y)));
        Image::new_owned(all.collect(), 2 * edge, 6 * edge)
    }

    #[test]
    fn each_tone_has_its_picture_for_either_taskbar() {
        let tones = [Tone::Good, Tone::Working, Tone::Idle, Tone::Attention, Tone::Problem, Tone::Unknown];
        for (row, tone) in tones.into_iter().enumerate() {
            for is_light in [false, true] {
                let picture = cut(&numbered(20), tone, is_light);
                let number = u8::try_from(row * 2).unwrap() + u8::from(is_light);
                assert_eq!((picture.width(), picture.height(), picture.rgba().len()), (20, 20, 1600));
                assert!(picture.rgba().iter().all(|byte| *byte == number), "{tone:?} {is_light}");
            }
        }
    }

    #[test]
    fn the_sheets_have_the_sizes_of_the_taskbars_icons() {
        let sheets = [
            tauri::include_image!("icons/tray/windows-16.png"),
            tauri::include_image!("icons/tray/windows-20.png"),
            tauri::include_image!("icons/tray/windows-24.png"),
            tauri::include_image!("icons/tray/windows-32.png"),
        ];
        let sizes = sheets.map(|sheet| (sheet.width() / 2, sheet.height() / 6));
        assert_eq!(sizes, [(16, 16), (20, 20), (24, 24), (32, 32)]);
    }

    #[test]
    fn a_picture_differs_between_dark_and_light() {
        let sheet = tauri::include_image!("icons/tray/windows-16.png");
        assert_ne!(cut(&sheet, Tone::Idle, false).rgba(), cut(&sheet, Tone::Idle, true).rgba());
    }
}
