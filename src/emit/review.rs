//! The review document: Markdown, one self-contained HTML page, and the picture.
//!
//! Templates hold prose and receive one `page::Page`; every value in them is escaped by the registry of its target.
//! Style sheet, drawings and commands do not pass through a template: they are joined where a marker stands, which no
//! escaped text can contain.

mod added;
mod deploy;
mod life;
mod others;
mod page;
mod resources;
mod rows;
mod settings;

use std::fmt::Write;

use handlebars::{Context, Handlebars};
use rayon::prelude::*;

use super::{EmitError, FileSet, generated_from, picture, visible};
use crate::checks::Checked;
use page::Page;

/// The page's style sheet, and that of the drawings, which `topology.svg` carries alone.
const PAGE_CSS: &str = include_str!("../../templates/review.css");
const PICTURE_CSS: &str = include_str!("../../templates/picture.css");

/// Parsing takes time quadratic in a template's length, so that the page comes in parts. The first one says with markers
/// such as `<!--head-->` where the others stand, in this order: a partial of handlebars would copy all its data.
const HTML: &[(&str, &str)] = &[
    ("page", include_str!("../../templates/review.html.hbs")),
    ("head", include_str!("../../templates/review/head.html.hbs")),
    ("findings", include_str!("../../templates/review/findings.html.hbs")),
    ("waivers", include_str!("../../templates/review/waivers.html.hbs")),
    ("rules", include_str!("../../templates/review/rules.html.hbs")),
    ("deny", include_str!("../../templates/review/deny.html.hbs")),
    ("calendar", include_str!("../../templates/review/calendar.html.hbs")),
    ("off", include_str!("../../templates/review/off.html.hbs")),
    ("inbound", include_str!("../../templates/review/inbound.html.hbs")),
    ("expectations", include_str!("../../templates/review/expectations.html.hbs")),
    ("network", include_str!("../../templates/review/network.html.hbs")),
    ("cluster", include_str!("../../templates/review/cluster.html.hbs")),
    ("added", include_str!("../../templates/review/added.html.hbs")),
    ("deploy", include_str!("../../templates/review/deploy.html.hbs")),
];

const MARKDOWN: &[(&str, &str)] = &[
    ("page", include_str!("../../templates/review.md.hbs")),
    ("waivers", include_str!("../../templates/review/waivers.md.hbs")),
    ("rules", include_str!("../../templates/review/rules.md.hbs")),
    ("life", include_str!("../../templates/review/life.md.hbs")),
    ("network", include_str!("../../templates/review/network.md.hbs")),
    ("added", include_str!("../../templates/review/added.md.hbs")),
    ("deploy", include_str!("../../templates/review/deploy.md.hbs")),
];

pub(super) fn emit(checked: &Checked, files: &mut FileSet) -> Result<(), EmitError> {
    let page = Page::of(checked);
    let plan = &checked.plan;
    let commands = page.commands.join("\n");
    let topology = picture::topology(plan);
    let addresses = picture::addresses(plan);

    let (html, markdown) = rayon::join(|| render(HTML, html_text, &page), || render(MARKDOWN, markdown_text, &page));
    let (html, markdown) = (html?, markdown?);
    let html = join(
        &html,
        &[
            ("<!--style-->", &[PAGE_CSS, PICTURE_CSS]),
            ("<!--topology-->", &[&picture::inline(&topology, "topology", "Topology")]),
            ("<!--addresses-->", &[&picture::inline(&addresses, "addresses", "Address map")]),
            ("<!--commands-->", &[&html_text(&commands)]),
        ],
    );
    files.text("review.html", html);

    files.text("review.md", join(&markdown, &[("<!--commands-->", &[&visible_lines(&commands)])]));
    files.text("topology.svg", picture::standalone(plan, PICTURE_CSS, &generated_from(plan)));
    Ok(())
}

/// Renders the parts with the escaping of one target and joins them.
fn render(
    templates: &[(&'static str, &'static str)],
    escape: fn(&str) -> String,
    page: &Page,
) -> Result<String, EmitError> {
    let defect = |e: String| EmitError { violations: vec![e] };
    let data = Context::wraps(page).map_err(|e| defect(e.to_string()))?;
    let render = |(name, text): &(&'static str, &'static str)| {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_escape_fn(escape);
        registry.register_template_string(name, text).map_err(|e| defect(e.to_string()))?;
        let part = registry.render_with_context(name, &data).map_err(|e| defect(e.to_string()))?;
        Ok((format!("<!--{name}-->\n"), part))
    };
    let parts: Vec<(String, String)> = templates.par_iter().map(render).collect::<Result<_, EmitError>>()?;
    let Some(((_, page), parts)) = parts.split_first() else { return Ok(String::new()) };
    let places: Vec<_> = parts.iter().map(|(marker, part)| (marker.as_str(), [part.as_str()])).collect();
    let places: Vec<(&str, &[&str])> = places.iter().map(|(marker, part)| (*marker, &part[..])).collect();
    Ok(join(page, &places))
}

/// Puts each text where its marker stands, in one pass, so that no joined text is searched again.
fn join(text: &str, parts: &[(&str, &[&str])]) -> String {
    let extra: usize = parts.iter().flat_map(|(_, list)| list.iter()).map(|t| t.len()).sum();
    let mut out = String::with_capacity(text.len() + extra);
    let mut rest = text;
    for (marker, list) in parts {
        let Some((before, after)) = rest.split_once(marker) else {
            debug_assert!(false, "no place for {marker}, or not in this order");
            continue;
        };
        out.push_str(before);
        list.iter().for_each(|part| out.push_str(part));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Text for HTML, in content and in quoted attributes.
fn html_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
        }
        for c in visible::text(line).chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                c => out.push(c),
            }
        }
    }
    out
}

/// Text for the inside of a line or a table cell of Markdown.
fn markdown_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let shown = visible::text(text);
    let mut chars = shown.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '$' | '>' | '!' => {
                out.push('\\');
                out.push(c);
            }
            // Neither a bare address nor a name with @ becomes a link.
            ':' if chars.peek() == Some(&'/') => out.push_str("&#58;"),
            '@' => out.push_str("&#64;"),
            '.' if out.ends_with("www") => out.push_str("&#46;"),
            c => out.push(c),
        }
    }
    out
}

/// Lines of a code block; only line breaks between commands remain.
fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible::text).collect::<Vec<_>>().join("\n")
}

/// `65536` as `65,536`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        let _ = write!(out, "{digit}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_digits() {
        for (number, text) in [(0, "0"), (256, "256"), (1000, "1,000"), (16_777_216, "16,777,216")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn escapes_for_each_target() {
        assert_eq!(html_text("<a href='x\">&\u{202e}"), "&lt;a href=&#39;x&quot;&gt;&amp;[U+202E]");
        assert_eq!(markdown_text("a|b`c*d_e<f>\n# [x](y) ![z]"), r"a\|b\`c\*d\_e&lt;f\> \# \[x\](y) \!\[z\]");
        assert_eq!(markdown_text("https://a.b www.c.d @e"), "https&#58;//a.b www&#46;c.d &#64;e");
    }

    #[test]
    fn joins_at_markers_once() {
        assert_eq!(join("a<!--x-->b<!--y-->c", &[("<!--x-->", &["<!--y-->"]), ("<!--y-->", &["2"])]), "a<!--y-->b2c");
    }
}
