//! Writes a mail: a template's words with the values in them, as plain text and as HTML. Pure.

use maud::{DOCTYPE, Markup, html as markup};

use super::{About, LINK, Mail, SHOWN_LINK};
use crate::i18n::{Language, Placeholder, Template, mails, names, put};
use crate::problem::Problem;

/// What a mail is written from.
pub struct Letter<'a> {
    /// Which of our texts.
    pub template: Template,
    /// In which language.
    pub language: Language,
    /// Whom to.
    pub recipient: &'a str,
    /// What goes into it; an empty value is none. [`Placeholder::Link`] is not among them: it is the secret.
    pub values: Vec<(Placeholder, String)>,
    /// The recipient's own link.
    pub secret: Option<String>,
    /// What it is about.
    pub about: Option<About>,
}

impl Letter<'_> {
    /// The mail. 500 when a value is missing that its words must have, which is a fault of ours.
    pub fn write(self) -> Result<Mail, Problem> {
        let words = mails(self.language).mails.get(self.template.as_str());
        let words = words.ok_or_else(|| Problem::internal("a mail has no words"))?;
        self.check()?;
        let lines: Vec<(&str, String)> = self.each(one_line);
        let subject = one_line(&put(&words.subject, &borrowed(&lines)));
        let texts: Vec<(&str, String)> = self.each(|value| harmless(value.trim()));
        let values = borrowed(&texts);
        let paragraphs = words.paragraphs.iter().filter(|paragraph| self.is_whole(paragraph));
        let paragraphs: Vec<String> = paragraphs.map(|paragraph| put(paragraph, &values)).collect();
        let body = paragraphs.join("\n\n") + "\n";
        let html = html(self.language, &subject, &body, self.template.as_str());
        Ok(Mail {
            recipient: self.recipient.to_owned(),
            subject,
            body,
            template: self.template.as_str(),
            html: Some(html),
            language: self.language,
            secret: self.secret,
            about: self.about,
        })
    }

    fn check(&self) -> Result<(), Problem> {
        for placeholder in self.template.placeholders() {
            let there = match placeholder {
                Placeholder::Link => self.secret.is_some(),
                _ => placeholder.is_optional() || self.value(*placeholder).is_some(),
            };
            if !there {
                let (template, name) = (self.template, placeholder.as_str());
                return Err(Problem::internal(format!("the mail {template} has no {name}")));
            }
        }
        Ok(())
    }

    fn value(&self, wanted: Placeholder) -> Option<&str> {
        let found = self.values.iter().find(|(placeholder, _)| *placeholder == wanted);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.trim().is_empty())
    }

    /// The values by name. A name or a theme is one line everywhere; only what people write at length has several.
    fn each(&self, turn: impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
        let value = |(placeholder, value): &(Placeholder, String)| {
            use Placeholder::{Answer, Groups, Note, Text};
            let long = matches!(placeholder, Note | Answer | Groups | Text);
            let value = if long { turn(value) } else { harmless(&one_line(value)) };
            (placeholder.as_str(), value)
        };
        let link = (Placeholder::Link.as_str(), LINK.to_owned());
        self.values.iter().map(value).chain([link]).collect()
    }

    /// Whether everything that the paragraph names is there.
    fn is_whole(&self, paragraph: &str) -> bool {
        let named = names(paragraph).unwrap_or_default();
        let mut named = named.into_iter().filter_map(Placeholder::of);
        named.all(|one| !one.is_optional() || self.value(one).is_some())
    }
}

fn borrowed<'a>(values: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    values.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// A text that may stand in a subject line.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A value that cannot pass for the place of the personal link.
fn harmless(text: &str) -> String {
    text.replace(LINK, "(link)").replace(SHOWN_LINK, "(personal link)")
}

/// A text as it may stand in HTML.
pub fn escaped(text: &str) -> String {
    markup! { (text) }.into_string()
}

/// The HTML of a mail, made from its text: paragraphs, a button where the personal link stands alone, links where
/// addresses are. Nothing in it is fetched from anywhere.
pub fn html(language: Language, subject: &str, text: &str, template: &str) -> String {
    let words = mails(language);
    let button = words.mails.get(template).and_then(|mail| mail.button.as_deref());
    let button = button.unwrap_or(&words.common.open);
    let text = text.replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    let page = markup! {
        (DOCTYPE)
        html lang=(language) dir=(language.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (subject) }
            }
            body style="margin:0;padding:1.5em;background:#ffffff;color:#1a1a1a;font-family:sans-serif;font-size:16px;line-height:1.5" {
                main style="max-width:38em" {
                    h1 style="font-size:1.25em;line-height:1.3" { (subject) }
                    @for paragraph in paragraphs { (block(paragraph, button)) }
                }
            }
        }
    };
    // Lines that mail servers take, so that a person can read the file.
    let broken =
        [("<body", "\n<body"), ("</h1>", "</h1>\n"), ("</p>", "</p>\n"), ("<br>", "<br>\n")];
    broken.iter().fold(page.into_string(), |html, (tag, lines)| html.replace(tag, lines)) + "\n"
}

fn block(paragraph: &str, button: &str) -> Markup {
    if paragraph != LINK {
        let lines = paragraph.lines().enumerate();
        return markup! { p { @for (at, text) in lines { @if at > 0 { br; } (line(text)) } } };
    }
    markup! {
        p {
            a href=(LINK) style="display:inline-block;padding:0.7em 1.2em;background:#0b4f8a;color:#ffffff;text-decoration:none;border-radius:4px" {
                (button)
            }
        }
        p style="font-size:0.875em;word-break:break-all" { a href=(LINK) dir="ltr" { (LINK) } }
    }
}

/// A line in which addresses are links.
fn line(text: &str) -> Markup {
    // In Chinese an address follows what stands before it without a blank.
    let address =
        |word: &str| ["https://", "http://", LINK].iter().filter_map(|one| word.find(one)).min();
    markup! {
        @for (at, word) in text.split(' ').enumerate() {
            @if at > 0 { " " }
            @match address(word).and_then(|at| word.split_at_checked(at)) {
                Some((before, address)) => { (before) a href=(address) dir="ltr" { (address) } }
                None => (word),
            }
        }
    }
}

#[cfg(test)]
mod tests;
