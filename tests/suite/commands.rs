//! Command lines that pages show: in the scripts of YAML, and behind the prompt of a console.

use serde_json::Value;

/// The fenced blocks of one language.
pub(crate) fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect()
}

/// Every command of a page, each as its words.
pub(crate) fn of_page(page: &str) -> Vec<Vec<String>> {
    let mut list = Vec::new();
    for block in blocks(page, "yaml") {
        let value = serde_saphyr::from_str(block).unwrap_or_else(|error| panic!("{error}\n{block}"));
        list.extend(of_yaml(&value));
    }
    for block in blocks(page, "console") {
        list.extend(block.lines().filter_map(|line| line.strip_prefix("$ ")).flat_map(of_shell));
    }
    list
}

/// Every command in the scripts of a document.
pub(crate) fn of_yaml(value: &Value) -> Vec<Vec<String>> {
    const SCRIPTS: [&str; 4] = ["entry", "inlineScript", "run", "script"];
    match value {
        Value::Array(list) => list.iter().flat_map(of_yaml).collect(),
        Value::Object(map) => {
            let one = |(key, value): (&String, &Value)| match value {
                Value::String(text) if SCRIPTS.contains(&key.as_str()) => of_shell(text),
                Value::Array(lines) if SCRIPTS.contains(&key.as_str()) => {
                    lines.iter().filter_map(Value::as_str).flat_map(of_shell).collect()
                }
                Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_)
                | Value::Array(_)
                | Value::Object(_) => of_yaml(value),
            };
            map.iter().flat_map(one).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// The commands of a short script. Redirections are no words; quotes are taken away, and what is quoted is kept whole.
fn of_shell(script: &str) -> Vec<Vec<String>> {
    let mut list = vec![Vec::new()];
    for line in script.replace("\\\n", " ").lines() {
        list.push(Vec::new());
        let mut words = words(line).into_iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "&&" | "||" | ";" | "|" => list.push(Vec::new()),
                ">" | ">>" | "<" => drop(words.next()),
                _ => list.last_mut().into_iter().for_each(|command| command.push(word.clone())),
            }
        }
    }
    list.into_iter().filter(|command| !command.is_empty()).collect()
}

fn words(line: &str) -> Vec<String> {
    let (mut list, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == '"' || c == '\'' => {
                word.get_or_insert_default();
                quote = Some(c);
            }
            None if c.is_whitespace() => list.extend(word.take()),
            None => word.get_or_insert_default().push(c),
        }
    }
    list.extend(word);
    list
}
