//! The options of one call, read as the CLI reads them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::command::{Command, EVERYWHERE, Failure, Opt, Reading, Takes};
use super::{id, shorthand};

/// The options of one call.
pub(super) struct Args {
    reading: Reading,
    cwd: PathBuf,
    given: BTreeMap<&'static str, Vec<String>>,
}

impl Args {
    /// Reads the words behind a command's name. Nothing is forgiven: no unknown option, no abbreviation, none twice.
    pub(super) fn parse(command: &Command, words: &[String], cwd: &Path) -> Result<Args, Failure> {
        let known = |name: &str| -> Option<Opt> {
            command.options.iter().chain(&EVERYWHERE).find(|option| option.name == name).copied()
        };
        let mut args = Args { reading: command.reading, cwd: cwd.to_owned(), given: BTreeMap::new() };
        let mut rest = words.iter().peekable();
        while let Some(word) = rest.next() {
            let (name, joined) = match word.split_once('=') {
                Some((name, value)) if known(name).is_some() => (name, Some(value.to_owned())),
                Some(_) | None => (word.as_str(), None),
            };
            let usage = |what: &str| Failure::usage(format!("{}: {what}: {word}", command.words));
            let option = known(name).ok_or_else(|| usage("unrecognized argument"))?;
            let mut values: Vec<String> = joined.clone().into_iter().collect();
            while joined.is_none() && option.takes != Takes::Flag {
                // An option that is joined to its value ends a list, whatever stands behind its `=`.
                let joined = |word: &str| word.split_once('=').is_some_and(|(name, _)| known(name).is_some());
                match rest.next_if(|next| !looks_like_an_option(next) && !joined(next)) {
                    Some(value) => values.push(value.clone()),
                    None => break,
                }
            }
            let fits = match option.takes {
                Takes::Flag => values.is_empty(),
                Takes::One => values.len() == 1,
                Takes::Many => !values.is_empty(),
            };
            if !fits {
                return Err(usage(&format!("{} values", values.len())));
            }
            if args.given.insert(option.name, values).is_some() {
                return Err(usage("given twice"));
            }
        }
        match command.options.iter().find(|option| option.required && !args.has(option.name)) {
            Some(missing) => Err(Failure::usage(format!("{}: {} is required", command.words, missing.name))),
            None => Ok(args),
        }
    }

    /// Whether an option is given.
    pub(super) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The query, and the form of the answer.
    pub(super) fn query(&self) -> Option<&str> {
        self.given.get("--query").map(|values| values[0].as_str())
    }

    pub(super) fn output(&self) -> &str {
        self.given.get("--output").map_or("json", |values| values[0].as_str())
    }

    /// The subscription as it is named.
    pub(super) fn subscription(&self) -> Option<&str> {
        self.given.get("--subscription").map(|values| values[0].as_str())
    }

    /// A value that is a text.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Failure> {
        let Some(values) = self.given.get(name) else { return Ok(None) };
        match self.reading {
            Reading::Plain => Ok(Some(values[0].clone())),
            Reading::Shorthand => shorthand::simple(&values[0]).map_err(|why| usage(name, &why)),
        }
    }

    /// The value of an option that is required.
    pub(super) fn must(&self, name: &str) -> Result<String, Failure> {
        self.text(name)?.ok_or_else(|| usage(name, "no value"))
    }

    /// One of some words, in the spelling of Azure.
    pub(super) fn choice(&self, name: &str, choices: &[&str]) -> Result<Option<Value>, Failure> {
        let Some(word) = self.text(name)? else { return Ok(None) };
        match choices.iter().find(|choice| **choice == word) {
            Some(choice) => Ok(Some(json!(choice))),
            None => Err(usage(name, &format!("{word:?} is none of {choices:?}"))),
        }
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, name: &str) -> Result<Option<Value>, Failure> {
        let words = self.choice(name, &["true", "false"])?;
        Ok(words.map(|word| json!(word == "true")))
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Result<Option<Value>, Failure> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        text.parse::<u32>()
            .map(|number| Some(json!(number)))
            .map_err(|_| usage(name, &format!("{text:?} is no number")))
    }

    /// Values of a list.
    pub(super) fn list(&self, name: &str) -> Result<Option<Vec<String>>, Failure> {
        let Some(values) = self.given.get(name) else { return Ok(None) };
        let read = |value: &String| match self.reading {
            Reading::Plain => Ok(value.clone()),
            Reading::Shorthand => shorthand::item(value, &self.cwd).map_err(|why| usage(name, &why)),
        };
        values.iter().map(read).collect::<Result<_, _>>().map(Some)
    }

    /// Values of a list as JSON.
    pub(super) fn array(&self, name: &str) -> Result<Option<Value>, Failure> {
        Ok(self.list(name)?.map(Value::from))
    }

    /// A file, as the working folder of the call finds it.
    pub(super) fn file(&self, name: &str) -> Result<PathBuf, Failure> {
        self.must(name).map(|path| self.cwd.join(path))
    }

    /// Values of an option that no syntax applies to.
    pub(super) fn plain(&self, name: &str) -> Option<&[String]> {
        self.given.get(name).map(Vec::as_slice)
    }

    /// `key=value`, several times.
    pub(super) fn pairs(&self, name: &str) -> Result<Vec<(String, String)>, Failure> {
        let read = |text: &String| match shorthand::pair(text) {
            Ok((key, Some(value))) => Ok((key, value)),
            Ok((_, None)) => Err(usage(name, "null is no text")),
            Err(why) => Err(usage(name, &why)),
        };
        self.given.get(name).into_iter().flatten().map(read).collect()
    }

    /// `--tags`.
    pub(super) fn tags(&self) -> Result<Option<Value>, Failure> {
        let Some(values) = self.given.get("--tags") else { return Ok(None) };
        let pairs = match self.reading {
            Reading::Shorthand => self.pairs("--tags")?,
            Reading::Plain => {
                let split = |text: &String| {
                    let (key, value) = text.split_once('=').unwrap_or((text, ""));
                    (key.to_owned(), value.to_owned())
                };
                values.iter().map(split).collect()
            }
        };
        Ok(Some(Value::Object(pairs.into_iter().map(|(key, value)| (key, json!(value))).collect())))
    }

    /// The group's ID.
    pub(super) fn group(&self) -> Result<String, Failure> {
        Ok(id::group_of_subscription(self.subscription(), &self.must("--resource-group")?))
    }

    /// The ID of a resource in the group, by the options that name it and its parents.
    pub(super) fn id(&self, kind: &str, names: &[&str]) -> Result<String, Failure> {
        let names = names.iter().map(|name| self.must(name)).collect::<Result<Vec<_>, _>>()?;
        Ok(id::resource(&self.group()?, kind, &names))
    }

    /// A resource that is given by its ID, or by its name when it is in the same group.
    pub(super) fn reference(&self, name: &str, kind: &str) -> Result<Option<Value>, Failure> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        if text.starts_with('/') {
            return Ok(Some(json!({ "id": text })));
        }
        Ok(Some(json!({ "id": id::resource(&self.group()?, kind, &[text]) })))
    }
}

fn usage(name: &str, why: &str) -> Failure {
    Failure::usage(format!("{name}: {why}"))
}

/// As Python's parser of arguments sees it: a dash, more than a dash, and no blank.
fn looks_like_an_option(word: &str) -> bool {
    let number = word.strip_prefix('-').is_some_and(|rest| rest.parse::<f64>().is_ok());
    word.starts_with('-') && word.len() > 1 && !word.contains(' ') && !number
}
