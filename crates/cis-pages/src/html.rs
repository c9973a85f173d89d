//! The one writer of HTML.
//!
//! Names of elements and attributes are of the program, and so are addresses. Data can become text, the
//! value of an attribute that only describes, a number in a style, or a block of JSON that nothing
//! runs. There is no other way in.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::visible::{is_unsafe, visible};

/// What browsers let every page do: show its own styles, and nothing else.
///
/// Source: <https://www.w3.org/TR/CSP3/>
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// What they let it do beside that where it has a script: run this one, which never makes markup of
/// text.
///
/// Source: <https://www.w3.org/TR/trusted-types/>
const OF_SCRIPTS: &str = "require-trusted-types-for 'script'; trusted-types 'none'";

/// What a page is made with. All of it is the program's own.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The title.
    pub title: &'static str,
    /// The style sheets.
    pub styles: &'static [&'static str],
    /// The script.
    pub script: Option<&'static str>,
}

impl Setting {
    fn policy(&self) -> String {
        match self.script {
            None => POLICY.to_string(),
            Some(script) => {
                let hash = STANDARD.encode(Sha256::digest(script));
                format!("{POLICY}; script-src 'sha256-{hash}'; {OF_SCRIPTS}")
            }
        }
    }
}

/// An attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Attribute<'a> {
    /// One of the program's own.
    Own(&'static str, &'static str),
    /// `aria-label`: what a screen reader says.
    Label(&'a str),
    /// `title`: what a pointer shows.
    Title(&'a str),
    /// `datetime`.
    Time(&'a str),
    /// `id`, of a kind of thing and its number.
    Id(&'static str, usize),
    /// `href`, to such a thing on the page.
    To(&'static str, usize),
    /// `aria-labelledby` such a thing.
    LabelledBy(&'static str, usize),
    /// A property of a style: per cent.
    Percent(&'static str, f64),
    /// A variable of the style sheet: a number.
    Number(&'static str, f64),
    /// `colspan` or `rowspan`.
    Span(&'static str, usize),
    /// `id`, of an account: its number. Other texts are none.
    Account(&'a str),
    /// `content`, of a `meta` element.
    Content(&'a str),
}

/// A page while it is written.
#[derive(Debug, Default)]
pub struct Html {
    out: String,
}

impl Html {
    /// A whole page.
    #[must_use]
    pub fn page(setting: &Setting, body: impl FnOnce(&mut Self)) -> String {
        [Self::begin(setting), Self::part(body), Self::end(setting)].concat()
    }

    /// A part of a body, of a page that is too large to be made at once.
    #[must_use]
    pub fn part(write: impl FnOnce(&mut Self)) -> String {
        let mut html = Self::default();
        write(&mut html);
        html.out
    }

    /// What stands before the body of a page.
    #[must_use]
    pub fn begin(setting: &Setting) -> String {
        let mut html = Self { out: String::from("<!DOCTYPE html>\n") };
        html.empty("html", &[Attribute::Own("lang", "en")]);
        html.element("head", &[], |html| {
            html.empty("meta", &[Attribute::Own("charset", "utf-8")]);
            let policy = Attribute::Own("http-equiv", "Content-Security-Policy");
            html.empty("meta", &[policy, Attribute::Content(&setting.policy())]);
            for (name, content) in [
                ("viewport", "width=device-width, initial-scale=1"),
                ("color-scheme", "light dark"),
                ("referrer", "no-referrer"),
            ] {
                html.empty("meta", &[Attribute::Own("name", name), Attribute::Content(content)]);
            }
            html.leaf("title", &[], setting.title);
            html.element("style", &[], |html| {
                setting.styles.iter().for_each(|style| html.out.push_str(style));
            });
        });
        html.empty("body", &[]);
        html.out
    }

    /// What stands after the body of a page.
    #[must_use]
    pub fn end(setting: &Setting) -> String {
        let mut html = Self::default();
        if let Some(script) = setting.script {
            html.element("script", &[], |html| html.out.push_str(script));
        }
        html.out.push_str("</body></html>\n");
        html.out
    }

    /// An element and what is in it.
    pub fn element(
        &mut self,
        name: &'static str,
        attributes: &[Attribute<'_>],
        content: impl FnOnce(&mut Self),
    ) {
        self.empty(name, attributes);
        content(self);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// An element of nothing but a text.
    pub fn leaf(&mut self, name: &'static str, attributes: &[Attribute<'_>], text: &str) {
        self.element(name, attributes, |html| html.text(text));
    }

    /// An element that has no end, or the beginning of one.
    fn empty(&mut self, name: &'static str, attributes: &[Attribute<'_>]) {
        self.out.push('<');
        self.out.push_str(name);
        let mut style = String::new();
        for attribute in attributes {
            match *attribute {
                Attribute::Own(name, value) => self.attribute(name, value),
                Attribute::Label(text) => self.attribute("aria-label", text),
                Attribute::Title(text) => self.attribute("title", text),
                Attribute::Time(text) => self.attribute("datetime", text),
                Attribute::Id(kind, number) => self.attribute("id", &format!("{kind}-{number}")),
                Attribute::To(kind, number) => self.attribute("href", &format!("#{kind}-{number}")),
                Attribute::LabelledBy(kind, number) => {
                    self.attribute("aria-labelledby", &format!("{kind}-{number}"));
                }
                Attribute::Percent(property, number) => {
                    let _written = write!(style, "{property}:{number:.3}%;");
                }
                Attribute::Number(variable, number) => {
                    let _written = write!(style, "--{variable}:{number:.3};");
                }
                Attribute::Span(name, number) => self.attribute(name, &number.to_string()),
                Attribute::Account(id) => {
                    if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) {
                        self.attribute("id", id);
                    }
                }
                Attribute::Content(text) => self.attribute("content", text),
            }
        }
        if !style.is_empty() {
            self.attribute("style", &style);
        }
        self.out.push('>');
    }

    fn attribute(&mut self, name: &'static str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.text(value);
        self.out.push('"');
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        for character in visible(text).chars() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                other => self.out.push(other),
            }
        }
    }

    /// An element of lines, which stay lines.
    pub fn lines(&mut self, name: &'static str, attributes: &[Attribute<'_>], text: &str) {
        self.element(name, attributes, |html| {
            for (index, line) in text.lines().enumerate() {
                if index > 0 {
                    html.out.push('\n');
                }
                html.text(line);
            }
        });
    }

    /// A JSON document that other programs can read from the page, and that no browser runs.
    ///
    /// Source: <https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements>
    pub fn data(&mut self, id: &'static str, json: &str) {
        self.begin_data(id);
        self.out.push_str(&escaped(json));
        self.end_data();
    }

    /// What stands before such a document that is written in parts, each of them [`escaped`].
    pub fn begin_data(&mut self, id: &'static str) {
        self.empty(
            "script",
            &[Attribute::Own("type", "application/json"), Attribute::Own("id", id)],
        );
    }

    /// What stands after it.
    pub fn end_data(&mut self) {
        self.out.push_str("</script>");
    }
}

/// JSON as it stands in a page. The characters that are escaped stand in strings only, where an escape
/// means the same.
#[must_use]
pub fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 16);
    for character in json.chars() {
        if matches!(character, '<' | '>' | '&') || is_unsafe(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _written = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn body(write: impl FnOnce(&mut Html)) -> String {
        Html::part(write)
    }

    #[test]
    fn only_digits_are_the_id_of_an_account() {
        let of = |id| body(|html| html.leaf("p", &[Attribute::Account(id)], ""));
        assert_eq!(of("111122223333"), "<p id=\"111122223333\"></p>");
        for other in ["", "answers", "1 2", "1\"><b>"] {
            assert_eq!(of(other), "<p></p>");
        }
    }

    #[test]
    fn a_page_runs_its_own_script_and_no_other() {
        let setting = Setting { title: "t", styles: &["p{}"], script: Some("1") };
        let page = Html::page(&setting, |html| html.text("x"));
        // What `printf 1 | openssl dgst -sha256 -binary | base64` says.
        let hash = "a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=";
        assert!(page.contains(&format!("script-src &#39;sha256-{hash}&#39;; require-")), "{page}");
        assert!(page.ends_with("<body>x<script>1</script></body></html>\n"), "{page}");
        let page = Html::page(&Setting { script: None, ..setting }, |_| ());
        assert!(!page.contains("script"), "{page}");
    }

    #[test]
    fn no_text_is_markup() {
        for text in
            ["</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'-x-'"]
        {
            let written = body(|html| {
                html.leaf("p", &[Attribute::Label(text), Attribute::Title(text)], text);
                html.data("d", &serde_json::to_string(text).unwrap_or_default());
            });
            assert_eq!(written.matches('<').count(), 4, "{written}");
            assert_eq!(written.matches('>').count(), 4, "{written}");
            assert!(written.starts_with("<p aria-label=\""), "{written}");
        }
    }

    #[test]
    fn numbers_are_styles_and_addresses_are_of_the_page() {
        let attributes = [
            Attribute::To("call", 3),
            Attribute::Percent("left", 12.34567),
            Attribute::Number("share", f64::NAN),
        ];
        assert_eq!(
            body(|html| html.leaf("a", &attributes, "x")),
            "<a href=\"#call-3\" style=\"left:12.346%;--share:NaN;\">x</a>"
        );
    }

    proptest! {
        #[test]
        fn a_text_is_read_back_as_it_is_shown(text in "[<>&\"'a-z\\u{0}-\\u{20}\\u{202e}\\u{e0041}]{0,40}") {
            let written = body(|html| html.text(&text));
            prop_assert!(!written.contains(['<', '>', '"', '\'']) && !written.chars().any(is_unsafe));
            let read = written
                .replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"")
                .replace("&#39;", "'").replace("&amp;", "&");
            prop_assert_eq!(read, visible(&text).into_owned());
        }

        #[test]
        fn data_is_read_back_as_it_was(text in "\\PC{0,20}[<>&\\u{0}-\\u{20}\\u{202e}/]{0,20}") {
            let json = serde_json::to_string(&text).unwrap();
            let written = body(|html| html.data("d", &json));
            let inner = written.strip_prefix("<script type=\"application/json\" id=\"d\">").unwrap();
            let inner = inner.strip_suffix("</script>").unwrap();
            prop_assert!(!inner.contains(['<', '>', '&']));
            prop_assert_eq!(serde_json::from_str::<String>(inner).unwrap(), text);
        }
    }
}
