//! Text in the code pages of Windows consoles: what cmd.exe and schtasks write, and what scripts of 2026.9 are encoded in.

use encoding_rs::Encoding;

/// UTF-16LE text behind its byte order mark.
pub fn utf16(bytes: &[u8]) -> Option<String> {
    let units = bytes.strip_prefix(&[0xff, 0xfe])?.chunks(2);
    let units: Vec<u16> =
        units.map(|pair| u16::from_le_bytes([pair[0], pair.get(1).copied().unwrap_or_default()])).collect();
    Some(String::from_utf16_lossy(&units))
}

/// Decodes text of a Windows code page; `None` for a page nobody here knows. Damage becomes U+FFFD.
pub fn decode(bytes: &[u8], page: u16) -> Option<String> {
    if let Some(table) = oem_cp::code_table::DECODING_TABLE_CP_MAP.get(&page) {
        return Some(table.decode_string_lossy(bytes));
    }
    encoding(page).map(|encoding| encoding.decode_without_bom_handling(bytes).0.into_owned())
}

fn encoding(page: u16) -> Option<&'static Encoding> {
    match page {
        932 => Some(encoding_rs::SHIFT_JIS),
        936 => Some(encoding_rs::GBK),
        949 => Some(encoding_rs::EUC_KR),
        950 => Some(encoding_rs::BIG5),
        54936 => Some(encoding_rs::GB18030),
        65001 => Some(encoding_rs::UTF_8),
        1250..=1258 => Encoding::for_label(format!("windows-{page}").as_bytes()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_six_languages_are_known() {
        for (page, bytes, wanted) in [
            (437, &b"na\x8bve"[..], "naïve"),
            (850, b"Ausgef\x81hrt", "Ausgeführt"),
            (857, b"T\x81rk\x87e", "Türkçe"),
            (932, b"\x8f\xf3\x91\xd4", "状態"),
            (936, b"\xc3\xe7\xd5\xf1", "苗振"),
            (1252, b"caf\xe9", "café"),
        ] {
            assert_eq!(decode(bytes, page).as_deref(), Some(wanted), "{page}");
        }
    }

    #[test]
    fn an_unknown_page_is_not_guessed() {
        assert_eq!(decode(b"x", 12345), None);
    }
}
