//! Reader of Bicep files: the tree-sitter tree becomes the common form.

use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::{Node, Parser, Tree};

use crate::canon::{Canon, Resource, Template, group, id};

/// One Bicep file, parsed.
pub(crate) struct File {
    /// Its text.
    pub(crate) text: String,
    tree: Tree,
}

/// What stands at the top of a file, with the decorators before it.
pub(crate) struct Declaration<'a> {
    /// `resource_declaration`, `parameter_declaration` and so on.
    pub(crate) node: Node<'a>,
    /// Its name.
    pub(crate) name: String,
    /// Texts of its decorators.
    pub(crate) decorators: Vec<String>,
}

impl File {
    /// Parses a file; an error node fails the test.
    pub(crate) fn parse(text: &str, place: &str) -> File {
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_bicep::LANGUAGE.into()).unwrap();
        let tree = parser.parse(text, None).unwrap();
        let file = File { text: text.to_owned(), tree };
        file.walk(&mut |node| {
            assert!(!node.is_error() && !node.is_missing(), "{place}: {}", file.around(node));
        });
        assert!(!file.tree.root_node().has_error(), "{place} has an error");
        file
    }

    fn around(&self, node: Node<'_>) -> String {
        self.text.lines().skip(node.start_position().row.saturating_sub(1)).take(4).collect::<Vec<_>>().join("\n")
    }

    /// The text of a node.
    pub(crate) fn of(&self, node: Node<'_>) -> &str {
        &self.text[node.byte_range()]
    }

    /// Calls `visit` with every node.
    pub(crate) fn walk<'a>(&'a self, visit: &mut impl FnMut(Node<'a>)) {
        fn go<'a>(node: Node<'a>, visit: &mut impl FnMut(Node<'a>)) {
            visit(node);
            let mut cursor = node.walk();
            for child in node.children(&mut cursor).collect::<Vec<_>>() {
                go(child, visit);
            }
        }
        go(self.tree.root_node(), visit);
    }

    /// Every declaration, in order.
    pub(crate) fn declarations(&self) -> Vec<Declaration<'_>> {
        let mut list = Vec::new();
        let mut decorators = Vec::new();
        for node in children(self.tree.root_node()) {
            match node.kind() {
                "comment" | "diagnostic_comment" => {}
                "decorators" => decorators = children(node).into_iter().map(|d| self.of(d).to_owned()).collect(),
                "using_statement" => {}
                _ => {
                    let name = children(node).into_iter().find(|c| c.kind() == "identifier").unwrap();
                    let name = self.of(name).to_owned();
                    list.push(Declaration { node, name, decorators: std::mem::take(&mut decorators) });
                }
            }
        }
        list
    }
}

/// Named children.
pub(crate) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

/// The object of a resource or module, and its condition.
pub(crate) fn body<'a>(declaration: &Declaration<'a>) -> (Node<'a>, Option<Node<'a>>) {
    let last = *children(declaration.node).last().unwrap();
    if last.kind() == "if_statement" {
        let parts = children(last);
        return (parts[1], Some(children(parts[0])[0]));
    }
    (last, None)
}

/// Properties of an object: the node of the name and of the value.
pub(crate) fn properties(object: Node<'_>) -> Vec<(Node<'_>, Node<'_>)> {
    assert_eq!(object.kind(), "object");
    let pairs = children(object).into_iter().filter(|child| child.kind() == "object_property");
    pairs.map(|pair| children(pair)).map(|parts| (parts[0], parts[1])).collect()
}

/// Names of a file while it is read.
struct Reader<'a> {
    file: &'a File,
    ids: BTreeMap<String, String>,
    inline: BTreeMap<String, String>,
    parameters: BTreeSet<String>,
    variables: BTreeMap<String, Node<'a>>,
}

/// Reads a file; `module` gives the file at a path.
pub(crate) fn read(file: &File, module: &dyn Fn(&str) -> File) -> Template {
    let mut reader = Reader {
        file,
        ids: BTreeMap::new(),
        inline: BTreeMap::new(),
        parameters: BTreeSet::new(),
        variables: BTreeMap::new(),
    };
    let mut template = Template::default();
    for one in &file.declarations() {
        match one.node.kind() {
            "parameter_declaration" => reader.parameter(one, &mut template),
            "variable_declaration" => {
                reader.variables.insert(one.name.clone(), *children(one.node).last().unwrap());
            }
            "resource_declaration" | "module_declaration" => reader.resource(one, module, &mut template),
            "output_declaration" => {
                let parts = children(one.node);
                let kind = file.of(parts[1]).to_owned();
                template.outputs.insert(one.name.clone(), (kind, reader.value(parts[2])));
            }
            other => panic!("unexpected {other}"),
        }
    }
    template
}

impl<'a> Reader<'a> {
    fn parameter(&mut self, one: &Declaration<'a>, template: &mut Template) {
        let parts = children(one.node);
        let mut kind = self.file.of(parts[1]).to_owned();
        let mut allowed = None;
        for decorator in &one.decorators {
            if decorator == "@secure()" {
                kind = format!("secure{kind}");
            } else if let Some(list) = decorator.strip_prefix("@allowed(") {
                let inner = File::parse(&format!("var x = {}", list.strip_suffix(')').unwrap()), "allowed");
                let value = *children(inner.declarations()[0].node).last().unwrap();
                allowed = Some(Reader { file: &inner, ..Reader::empty(&inner) }.value(value));
            }
        }
        let default = parts.get(2).map(|node| self.value(*node));
        self.parameters.insert(one.name.clone());
        template.parameters.insert(one.name.clone(), (kind, allowed, default));
    }

    fn empty(file: &'a File) -> Reader<'a> {
        Reader {
            file,
            ids: BTreeMap::new(),
            inline: BTreeMap::new(),
            parameters: BTreeSet::new(),
            variables: BTreeMap::new(),
        }
    }

    fn resource(&mut self, one: &Declaration<'a>, module: &dyn Fn(&str) -> File, template: &mut Template) {
        let (object, condition) = body(one);
        let heading = self.file.of(children(one.node)[1]).trim_matches('\'').to_owned();
        let head = &self.file.text[one.node.start_byte()..object.start_byte()];
        let mut fields = BTreeMap::new();
        let (mut parent, mut scope, mut name, mut waits) = (None, None, None, BTreeSet::new());
        for (key, value) in properties(object) {
            match self.file.of(key) {
                "parent" => parent = Some(self.file.of(value).to_owned()),
                "scope" if value.kind() == "call_expression" => scope = Some(self.value(value).inline()),
                "scope" => scope = Some(self.ids[self.file.of(value)].clone()),
                "name" => name = Some(self.value(value)),
                "dependsOn" => waits.extend(children(value).into_iter().map(|n| self.ids[self.file.of(n)].clone())),
                _ => {
                    fields.insert(self.key(key), self.value(value));
                }
            }
        }
        if let Some(condition) = condition {
            fields.insert("condition".to_owned(), self.value(condition));
        }
        waits.extend(self.named(object));
        let (kind, inner) = match one.node.kind() {
            "module_declaration" => {
                let inner = module(&heading);
                ("Microsoft.Resources/deployments@2025-04-01".to_owned(), Some(read(&inner, module)))
            }
            _ => (heading, None),
        };
        let mut names = match &parent {
            Some(parent) => {
                let (group, names) = taken_apart(&self.ids[parent]);
                scope = scope.or(group);
                names
            }
            None => Vec::new(),
        };
        names.push(name.unwrap().inline());
        let own = id(scope.as_deref(), kind.split('@').next().unwrap(), &names);
        self.ids.insert(one.name.clone(), own.clone());
        if head.contains(" existing ") {
            // It stands inside its parent, and who names it waits for that; or it is nobody's to wait for.
            let inside =
                parent.map(|parent| self.ids[&parent].clone()).filter(|id| template.resources.contains_key(id));
            self.inline.insert(own, inside.unwrap_or_default());
            return;
        }
        template.order.push(own.clone());
        let resource = Resource { kind, fields, waits_for: waits, module: inner };
        assert!(template.resources.insert(own.clone(), resource).is_none(), "{own} twice");
    }

    /// IDs of the resources that a node names, those inside others replaced by them.
    fn named(&self, node: Node<'a>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        if node.kind() == "identifier"
            && let Some(id) = self.ids.get(self.file.of(node))
        {
            let waits = self.inline.get(id).unwrap_or(id);
            found.extend(Some(waits).filter(|id| !id.is_empty()).cloned());
        }
        let skip = if node.kind() == "object_property" { 1 } else { 0 };
        for child in children(node).into_iter().skip(skip) {
            found.extend(self.named(child));
        }
        if node.kind() == "object_property" {
            // A name may be an expression too.
            for part in children(children(node)[0]) {
                found.extend(self.named(part));
            }
        }
        found
    }

    fn key(&self, node: Node<'a>) -> String {
        match node.kind() {
            "string" => match self.string(node) {
                Canon::Text(text) => text,
                other => format!("\0{}", other.inline()),
            },
            _ => self.file.of(node).to_owned(),
        }
    }

    fn value(&self, node: Node<'a>) -> Canon {
        let text = self.file.of(node);
        match node.kind() {
            "string" => self.string(node),
            "number" | "boolean" | "null" => Canon::Plain(text.to_owned()),
            "array" => {
                let items = children(node).into_iter().filter(|n| !n.kind().ends_with("comment"));
                let (mut list, mut end) = (Vec::new(), 0);
                for item in items {
                    // The grammar takes an index behind an item for an item.
                    match list.pop() {
                        Some(before) if item.start_byte() == end => list.push(indexed(before, self.file.of(item))),
                        before => {
                            list.extend(before);
                            list.push(self.value(item));
                        }
                    }
                    end = item.end_byte();
                }
                Canon::List(list)
            }
            "object" => Canon::Map(
                properties(node).into_iter().map(|(key, value)| (self.key(key), self.value(value))).collect(),
            ),
            "identifier" => match self.variables.get(text) {
                Some(value) => self.value(*value),
                None => {
                    assert!(self.parameters.contains(text), "{text} is no parameter");
                    Canon::Expr(format!("param({text})"))
                }
            },
            "member_expression" | "subscript_expression" => match innermost(node) {
                choice if choice.kind() == "ternary_expression" => self.choice(choice, node),
                _ => self.member(text),
            },
            "call_expression" => self.call(node),
            "binary_expression" => {
                let parts = children(node);
                assert!(text.ends_with(" == false"), "{text}");
                Canon::Expr(format!("not({})", self.value(parts[0]).inline()))
            }
            other => panic!("unexpected {other}: {text}"),
        }
    }

    /// One of two values. The grammar takes the path behind the second for one behind the whole.
    fn choice(&self, choice: Node<'a>, whole: Node<'a>) -> Canon {
        let parts = children(choice);
        let [condition, first] = [parts[0], parts[1]].map(|part| self.value(part).inline());
        let second = self.member(&self.file.text[parts[2].start_byte()..whole.end_byte()]).inline();
        Canon::Expr(format!("if({condition}, {first}, {second})"))
    }

    fn member(&self, text: &str) -> Canon {
        let (symbol, path) = text.split_once('.').unwrap();
        let id = self.ids.get(symbol).unwrap_or_else(|| panic!("{symbol} is unknown or comes later"));
        if let Some(output) = path.strip_prefix("outputs.") {
            // Templates say in addition that it is the value that is wanted.
            let (name, index) = output.split_at(output.find('[').unwrap_or(output.len()));
            return Canon::Expr(format!("prop({id}, outputs.{name}.value{index})"));
        }
        match path.strip_prefix("properties.") {
            Some(path) if path.starts_with('?') => Canon::Expr(format!("maybe({id}, {})", &path[1..])),
            Some(path) => Canon::Expr(format!("prop({id}, {path})")),
            None => {
                assert_eq!(path, "id", "{text}");
                Canon::Expr(id.clone())
            }
        }
    }

    fn call(&self, node: Node<'a>) -> Canon {
        let name = self.file.of(node.child_by_field_name("function").unwrap());
        let arguments = children(node.child_by_field_name("arguments").unwrap());
        let values: Vec<Canon> = arguments.into_iter().map(|n| self.value(n)).collect();
        match name {
            "any" => values[0].clone(),
            "resourceGroup" => {
                let all: Vec<String> = values.iter().map(Canon::inline).collect();
                Canon::Expr(group(&all).unwrap())
            }
            "resourceId" => {
                let Canon::Text(kind) = &values[0] else { panic!("{values:?}") };
                let names: Vec<String> = values[1..].iter().map(Canon::inline).collect();
                Canon::Expr(id(None, kind, &names))
            }
            "concat" | "empty" | "guid" | "subscriptionResourceId" => {
                let all: Vec<String> = values.iter().map(Canon::inline).collect();
                Canon::Expr(format!("{name}({})", all.join(", ")))
            }
            other => panic!("unexpected call of {other}"),
        }
    }

    /// A string: literal text, one expression, or both joined.
    fn string(&self, node: Node<'a>) -> Canon {
        let mut cursor = node.walk();
        let holes: Vec<Node<'a>> = node.children(&mut cursor).filter(|n| n.kind() == "interpolation").collect();
        let mut parts = Vec::new();
        let mut at = node.start_byte() + 1;
        for hole in holes {
            push_text(&mut parts, &self.file.text[at..hole.start_byte()]);
            parts.push(Canon::Expr(self.value(children(hole)[0]).inline()));
            at = hole.end_byte();
        }
        push_text(&mut parts, &self.file.text[at..node.end_byte() - 1]);
        match parts.as_slice() {
            [] => Canon::Text(String::new()),
            [one] => one.clone(),
            many => Canon::Expr(format!("concat({})", many.iter().map(Canon::inline).collect::<Vec<_>>().join(", "))),
        }
    }
}

/// What a path begins with.
fn innermost(node: Node<'_>) -> Node<'_> {
    node.child_by_field_name("object").map_or(node, innermost)
}

/// An output with an index behind it.
fn indexed(output: Canon, index: &str) -> Canon {
    match output {
        Canon::Expr(text) if text.ends_with(".value)") => Canon::Expr(format!("{}{index})", &text[..text.len() - 1])),
        other => panic!("{other:?}{index}"),
    }
}

fn push_text(parts: &mut Vec<Canon>, raw: &str) {
    if !raw.is_empty() {
        parts.push(Canon::Text(unescape(raw)));
    }
}

/// The text that a Bicep string stands for.
pub(crate) fn unescape(raw: &str) -> String {
    let mut text = String::new();
    let mut rest = raw.chars();
    while let Some(c) = rest.next() {
        assert!(c != '\'' && !c.is_control(), "bare {c:?} in {raw}");
        if c != '\\' {
            text.push(c);
            continue;
        }
        match rest.next().unwrap() {
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'u' => {
                assert_eq!(rest.next(), Some('{'));
                let digits: String = rest.by_ref().take_while(|c| *c != '}').collect();
                text.push(char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap());
            }
            plain @ ('\\' | '\'' | '$') => text.push(plain),
            other => panic!("unknown escape \\{other} in {raw}"),
        }
    }
    text
}

/// The group of a resource, where it is another one, and its names.
fn taken_apart(id: &str) -> (Option<String>, Vec<String>) {
    let inner = id.strip_prefix("id(").and_then(|rest| rest.strip_suffix(')')).unwrap();
    let (group, own) = match inner.split_once(" + ") {
        Some((group, own)) => (Some(group.to_owned()), own),
        None => (None, inner),
    };
    (group, own.split(", ").skip(1).map(str::to_owned).collect())
}
