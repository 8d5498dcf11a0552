//! What was written for the example profiles, in the forms that a reader wants: text, JSON, words of az commands.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::shared::{compile_file, files_of, root};

/// Files of some profiles by profile and path. Texts may be changed, to see whether anybody notices.
#[derive(Clone)]
pub(crate) struct Written {
    texts: BTreeMap<(String, String), String>,
    templates: BTreeMap<String, Value>,
}

/// Where a profile's template stands.
const TEMPLATE: &str = "arm/main.json";

impl Written {
    /// Compiles these profiles.
    pub(crate) fn of(names: &[&str]) -> Written {
        let mut all = BTreeMap::new();
        for name in names {
            let built = compile_file(&root().join(format!("profiles/{name}.toml")));
            for (path, bytes) in files_of(&built) {
                all.insert(((*name).to_owned(), path), String::from_utf8(bytes).unwrap());
            }
        }
        let templates = names.iter().map(|name| {
            let text = &all[&((*name).to_owned(), TEMPLATE.to_owned())];
            ((*name).to_owned(), serde_json::from_str(text).unwrap())
        });
        Written { templates: templates.collect(), texts: all }
    }

    /// One text.
    pub(crate) fn text(&self, profile: &str, path: &str) -> &str {
        self.get(profile, path).unwrap_or_else(|| panic!("{profile} has no {path}"))
    }

    /// One text, if it is written.
    pub(crate) fn get(&self, profile: &str, path: &str) -> Option<&str> {
        self.texts.get(&(profile.to_owned(), path.to_owned())).map(String::as_str)
    }

    /// Paths and texts below a folder, of every profile.
    pub(crate) fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
        self.texts
            .iter()
            .filter(move |((_, path), _)| path.starts_with(folder))
            .map(|((profile, path), text)| (profile.as_str(), path.as_str(), text.as_str()))
    }

    /// Replaces every occurrence in one text.
    pub(crate) fn replace(&mut self, profile: &str, path: &str, from: &str, to: &str) {
        let text = self.texts.get_mut(&(profile.to_owned(), path.to_owned())).unwrap();
        assert!(text.contains(from), "{profile}/{path} does not hold {from}");
        *text = text.replace(from, to);
        if path == TEMPLATE {
            self.templates.insert(profile.to_owned(), serde_json::from_str(text).unwrap());
        }
    }

    /// The template.
    pub(crate) fn template(&self, profile: &str) -> &Value {
        &self.templates[profile]
    }

    /// Resources of a type in the template.
    pub(crate) fn resources(&self, profile: &str, kind: &str) -> Vec<Value> {
        let all = self.template(profile)["resources"].as_array().unwrap();
        all.iter().filter(|r| r["type"] == format!("Microsoft.{kind}")).cloned().collect()
    }

    /// The only resource of a type.
    pub(crate) fn only(&self, profile: &str, kind: &str) -> Result<Value, String> {
        match <[Value; 1]>::try_from(self.resources(profile, kind)) {
            Ok([one]) => Ok(one),
            Err(list) => Err(format!("{} resources of type {kind}", list.len())),
        }
    }

    /// The words of every az command of a script whose first words are these.
    pub(crate) fn az(&self, profile: &str, script: &str, start: &str) -> Vec<Vec<String>> {
        let wanted: Vec<&str> = start.split(' ').collect();
        let all = commands(self.text(profile, &format!("az/{script}.sh")));
        all.into_iter()
            .filter(|words| words.iter().zip(&wanted).filter(|(a, b)| a == b).count() == wanted.len())
            .collect()
    }
}

/// What stands behind an option of a command: in the same word or in those that follow.
pub(crate) fn option(words: &[String], name: &str) -> Option<Vec<String>> {
    let joined = format!("{name}=");
    if let Some(word) = words.iter().find(|word| word.starts_with(&joined)) {
        return Some(vec![word[joined.len()..].to_owned()]);
    }
    let at = words.iter().position(|word| word == name)?;
    Some(words[at + 1..].iter().take_while(|word| !word.starts_with("--")).cloned().collect())
}

/// The az commands of a script, each from `az` (which is left out) to its end. Variables stay as they are written.
pub(crate) fn commands(script: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for words in lines(script) {
        if let Some(at) = words.iter().position(|word| word == "az") {
            let end = words
                .iter()
                .position(|word| matches!(word.as_str(), "||" | "&&") || word.starts_with('>'))
                .unwrap_or(words.len());
            if at + 1 < end {
                found.push(words[at + 1..end].to_vec());
            }
        }
    }
    found
}

/// Commands as words: quotes are taken away, a backslash joins lines, comments and what `<<'END'` encloses are left out.
fn lines(script: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let mut chars = script.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next();
                if next != Some('\n') {
                    word.get_or_insert_default().extend(next);
                }
            }
            '\'' => word.get_or_insert_default().extend(chars.by_ref().take_while(|c| *c != '\'')),
            '"' => {
                let text = word.get_or_insert_default();
                while let Some(c) = chars.next().filter(|c| *c != '"') {
                    text.extend(if c == '\\' { chars.next() } else { Some(c) });
                }
            }
            '#' if word.is_none() => drop(chars.by_ref().take_while(|c| *c != '\n').count()),
            ' ' | '\t' => words.extend(word.take()),
            '\n' | ';' => {
                words.extend(word.take());
                if words.iter().any(|word: &String| word == "<<END") {
                    let rest: String = chars.by_ref().collect();
                    return all
                        .into_iter()
                        .chain(lines(rest.split_once("\nEND\n").map_or("", |(_, after)| after)))
                        .collect();
                }
                all.push(std::mem::take(&mut words));
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    all.push(words);
    all
}

#[test]
fn commands_are_taken_apart() {
    let script = "# az group list\nusage() {\n  cat <<'END'\nRuns az nothing's run\nEND\n}\n\
        if look \\\n  az group show --name \"$group\" --query '[?a=='\\''b'\\'']' \\\n    --output tsv; then\n  same 'az'\nfi\n\
        with_new_roles az aks create --name=x || exit 1\n";
    let found = commands(script);
    assert_eq!(
        found,
        [
            vec!["group", "show", "--name", "$group", "--query", "[?a=='b']", "--output", "tsv"],
            vec!["aks", "create", "--name=x"],
        ]
    );
    assert_eq!(option(&found[0], "--query"), Some(vec!["[?a=='b']".to_owned()]));
    assert_eq!(option(&found[1], "--name"), Some(vec!["x".to_owned()]));
    assert_eq!(option(&found[1], "--tier"), None);
}
