//! The files of a package, by their places below `/`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use flate2::{Compression, GzBuilder};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub mode: u32,
    pub bytes: Vec<u8>,
}

/// Sorted by path, so that a package does not depend on the order in which it was filled. Paths are relative, as `usr/bin/gateward`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    files: BTreeMap<String, File>,
    /// Where each leads, as a name in its own folder.
    links: BTreeMap<String, String>,
}

impl Tree {
    pub fn program(&mut self, path: &str, bytes: Vec<u8>) {
        self.files.insert(path.to_owned(), File { mode: 0o755, bytes });
    }

    pub fn file(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.to_owned(), File { mode: 0o644, bytes: bytes.into() });
    }

    /// A second name, at `path`, of the file `name` beside it.
    pub fn link(&mut self, path: &str, name: &str) {
        self.links.insert(path.to_owned(), name.to_owned());
    }

    pub fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    pub fn links(&self) -> impl Iterator<Item = (&str, &str)> {
        self.links.iter().map(|(path, name)| (path.as_str(), name.as_str()))
    }

    /// Every folder that a file or link lies in, parents first.
    pub fn folders(&self) -> BTreeSet<&str> {
        let all = self.files.keys().chain(self.links.keys());
        all.flat_map(|path| path.match_indices('/').map(|(at, _)| &path[..at])).collect()
    }

    /// Moves what lies below `from` to below `to`.
    pub fn moved(self, from: &str, to: &str) -> Self {
        let place = |path: String| match path.strip_prefix(from) {
            Some(rest) => format!("{to}{rest}"),
            None => path,
        };
        Self {
            files: self.files.into_iter().map(|(path, file)| (place(path), file)).collect(),
            links: self.links.into_iter().map(|(path, name)| (place(path), name)).collect(),
        }
    }

    /// The sum of all files in KiB, each rounded up, as dpkg counts; one for everything else.
    pub fn kibibytes(&self) -> usize {
        let files: usize = self.files.values().map(|file| file.bytes.len().div_ceil(1024)).sum();
        files + self.links.len() + self.folders().len()
    }

    /// A tar archive of everything below `root`, which is a folder with its `/` or `./`; everything is root's and of `epoch`.
    pub fn tar(&self, root: &str, epoch: u32) -> Result<Vec<u8>, String> {
        let mut archive = tar::Builder::new(Vec::new());
        let folders = self.folders().into_iter().map(|path| format!("{root}{path}/"));
        for folder in std::iter::once(root.to_owned()).chain(folders) {
            let header = header(tar::EntryType::Directory, 0o755, 0, epoch);
            append(&mut archive, header, &folder, &[])?;
        }
        for (path, file) in self.files() {
            let header = header(tar::EntryType::Regular, file.mode, file.bytes.len(), epoch);
            append(&mut archive, header, &format!("{root}{path}"), &file.bytes)?;
        }
        for (path, name) in self.links() {
            let mut header = header(tar::EntryType::Symlink, 0o777, 0, epoch);
            header.set_link_name(name).map_err(|error| format!("{path}: {error}."))?;
            append(&mut archive, header, &format!("{root}{path}"), &[])?;
        }
        archive.into_inner().map_err(|error| error.to_string())
    }
}

fn header(kind: tar::EntryType, mode: u32, size: usize, epoch: u32) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size as u64);
    header.set_mtime(epoch.into());
    header.set_uid(0);
    header.set_gid(0);
    header
}

fn append(
    archive: &mut tar::Builder<Vec<u8>>,
    mut header: tar::Header,
    path: &str,
    bytes: &[u8],
) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{path}: {error}.");
    header.set_username("root").map_err(told)?;
    header.set_groupname("root").map_err(told)?;
    archive.append_data(&mut header, path, bytes).map_err(told)
}

/// Compressed without a name and a time.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut writer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    writer.write_all(bytes).and_then(|()| writer.finish()).map_err(|error| error.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_told_once_and_parents_first() {
        let mut tree = Tree::default();
        tree.file("usr/share/doc/a", "");
        tree.program("usr/bin/b", Vec::new());
        assert_eq!(Vec::from_iter(tree.folders()), ["usr", "usr/bin", "usr/share", "usr/share/doc"]);
    }

    #[test]
    fn an_archive_is_the_same_in_whatever_order_it_was_filled() {
        let (mut one, mut other) = (Tree::default(), Tree::default());
        one.file("b/x", "1");
        one.file("a/y", "2");
        other.file("a/y", "2");
        other.file("b/x", "1");
        assert_eq!(one.tar("./", 7).unwrap(), other.tar("./", 7).unwrap());
    }
}
