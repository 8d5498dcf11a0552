//! What several modules need: the example profiles and where things are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use aks_egress::diag::{Report, Source};
use aks_egress::input::{Base, BaseText};
use aks_egress::settings::Settings;
use aks_egress::{Built, Input, compile, profile, read_settings};

/// The project's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every example profile, sorted by name.
pub(crate) fn profiles() -> Vec<PathBuf> {
    let mut list: Vec<PathBuf> = std::fs::read_dir(root().join("profiles"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('_'))
        .collect();
    list.sort();
    assert!(!list.is_empty(), "no example profiles");
    list
}

/// A profile's files by their paths.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Every example profile's name and files; compiled once.
pub(crate) fn examples() -> Vec<(String, Files)> {
    static MADE: LazyLock<Vec<(String, Files)>> =
        LazyLock::new(|| profiles().iter().map(|path| (stem(path), files_of(&compile_file(path)))).collect());
    MADE.clone()
}

/// What a profile's file compiles to.
pub(crate) fn compile_file(path: &Path) -> Built {
    let text = std::fs::read_to_string(path).unwrap();
    let name = path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let folder = |name: &str| Path::new(name).parent().unwrap().to_owned();
    let bases = profile::bases(&text, |path, asking| {
        let path = folder(asking.map_or(name.as_str(), |base| &base.name)).join(path);
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        Base { name: path.to_string_lossy().replace('\\', "/"), text: BaseText::Read(text) }
    });
    compile(Input { name, text, stem: Some(stem(path)), today: None, bases, settings: None })
}

/// The files of an example: its text up to the first line `# file: NAME`, called `name`, and the text after each of them.
pub(crate) fn files_of_example<'t>(name: &'t str, text: &'t str) -> Vec<(&'t str, &'t str)> {
    let mut parts = text.split("# file: ");
    let first = (name, parts.next().unwrap());
    std::iter::once(first).chain(parts.map(|part| part.split_once('\n').unwrap())).collect()
}

/// What the first of some files extends, found among them.
pub(crate) fn bases_among(files: &[(&str, &str)]) -> Vec<Base> {
    let mut seen = vec![files[0].0.to_owned()];
    profile::bases(files[0].1, |path, _| {
        let text = match files.iter().find(|(name, _)| *name == path) {
            Some(_) if seen.iter().any(|name| name == path) => BaseText::Seen,
            Some((_, text)) => BaseText::Read((*text).to_owned()),
            None => BaseText::Missing,
        };
        seen.push(path.to_owned());
        Base { name: path.to_owned(), text }
    })
}

/// The settings among some files, and what is said about them.
pub(crate) fn settings_among(files: &[(&str, &str)]) -> Option<(Settings, Report)> {
    let (name, text) = files.iter().find(|(name, _)| *name == Source::SETTINGS)?;
    Some(read_settings((*name).to_owned(), (*text).to_owned()))
}

/// What a text compiles to, as `profiles/example.toml`.
pub(crate) fn compile_text(text: &str) -> Built {
    compile(Input {
        name: "profiles/example.toml".to_owned(),
        text: text.to_owned(),
        stem: Some("example".to_owned()),
        today: None,
        bases: Vec::new(),
        settings: None,
    })
}

/// A file's name without ending.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// The folder of outside data; only for tests that are ignored without it.
pub(crate) fn outside_data() -> PathBuf {
    let folder = std::env::var("AKS_EGRESS_SHARED").expect("AKS_EGRESS_SHARED names the folder of outside data");
    root().join(folder)
}

/// Every template that a profile compiles to in ARM: its name, the template and the parameter file.
pub(crate) fn arm_templates() -> Vec<(String, serde_json::Value, serde_json::Value)> {
    let json = |bytes: &[u8]| serde_json::from_slice(bytes).unwrap();
    let mut list = Vec::new();
    for profile in profiles() {
        let files = files_of(&compile_file(&profile));
        for layer in layers_of(&files) {
            let name = if *layer == "main" { stem(&profile) } else { format!("{}/{layer}", stem(&profile)) };
            let part = |ending: &str| json(&files[&format!("arm/{layer}.{ending}")]);
            list.push((name, part("json"), part("parameters.json")));
        }
    }
    list
}

/// Names of the templates among some files, in the order of deployment.
pub(crate) fn layers_of(files: &std::collections::BTreeMap<String, Vec<u8>>) -> &'static [&'static str] {
    if files.contains_key("arm/main.json") { &["main"] } else { &["network", "cluster"] }
}

/// Every file of a profile that compiles.
pub(crate) fn files_of(built: &Built) -> std::collections::BTreeMap<String, Vec<u8>> {
    let problems: Vec<_> = built.report().findings.iter().map(|f| format!("{}: {}", f.code.id, f.message)).collect();
    let checked = built.checked().unwrap_or_else(|| panic!("{problems:#?}"));
    let files = aks_egress::emit::all(checked).unwrap();
    files.iter().map(|(path, file)| (path.to_owned(), file.bytes.clone())).collect()
}

/// Whether the firewall of an example is somebody else's.
pub(crate) fn has_foreign_firewall(files: &Files) -> bool {
    let plan: serde_json::Value = serde_json::from_slice(&files["plan.json"]).unwrap();
    plan["firewall"]["existing"].is_object()
}
