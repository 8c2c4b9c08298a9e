//! Walks pages as a reader does: by their links, from page to page, as somebody who has a session or as nobody.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::harness::{Answer, World};

/// The languages of pages.
pub const LANGUAGES: [&str; 6] = ["ar", "en", "es", "fr", "ru", "zh"];
/// What must stand on a page as it was typed.
pub const HOSTILE: &str = "<script>alert(1)</script>\" onfocus=\"x ประเทศไทย";
/// Largest page but those to be read, in bytes: people look at it on bad connections.
pub const LARGEST: usize = 50_000;

/// A page or a file that a link led to.
#[derive(Debug)]
pub struct Visited {
    /// Its address.
    pub path: String,
    /// The page that linked to it first.
    pub from: String,
    /// What came.
    pub answer: Answer,
}

impl Visited {
    /// Whether it is a page rather than a file.
    pub fn is_page(&self) -> bool {
        self.answer.header("content-type").starts_with("text/html")
    }
}

/// Asks for a page, with the cookie of a session or without one. Follows where it is sent on to.
pub async fn look(world: &World, path: &str, cookie: Option<&str>) -> Answer {
    let mut request =
        world.client.get(format!("{}{path}", world.base)).header("Accept", "text/html");
    if let Some(cookie) = cookie {
        request = request.header("Cookie", cookie);
    }
    Answer::of(request.send().await.unwrap()).await
}

/// Everything that can be reached by links from these addresses, these included; each once, but for the language only those
/// are asked for that links name.
pub async fn everything(world: &World, starts: &[&str], cookie: Option<&str>) -> Vec<Visited> {
    let mut waiting: VecDeque<(String, String)> =
        starts.iter().map(|start| ((*start).to_owned(), "the test".to_owned())).collect();
    let mut known: BTreeSet<String> = starts.iter().map(|start| (*start).to_owned()).collect();
    let mut visited = Vec::new();
    while let Some((path, from)) = waiting.pop_front() {
        assert!(visited.len() < 2_000, "no end of pages: {path}");
        let answer = look(world, &path, cookie).await;
        let page = Visited { path, from, answer };
        if page.is_page() {
            for link in links(&page.answer.text) {
                let (there, _) = link.split_once('#').unwrap_or((&link, ""));
                let there = absolute(&page.path, there);
                if there.starts_with('/') && known.insert(there.clone()) {
                    waiting.push_back((there, page.path.clone()));
                }
            }
        }
        visited.push(page);
    }
    visited
}

/// Every link leads to something, and every link to a place in a page to a place that is there.
pub fn all_lead_somewhere(visited: &[Visited]) {
    let ids: BTreeMap<&str, BTreeSet<&str>> = visited
        .iter()
        .map(|page| (page.path.as_str(), values(&page.answer.text, " id=\"").collect()))
        .collect();
    for page in visited {
        let Visited { path, from, answer } = page;
        assert_eq!(answer.status, 200, "{path}, linked from {from}: {}", answer.text);
        for link in if page.is_page() { links(&answer.text) } else { Vec::new() } {
            let Some((there, id)) = link.split_once('#') else { continue };
            let there = absolute(path, there);
            let found = ids.get(there.as_str()).is_none_or(|ids| ids.contains(id));
            assert!(found, "{path}: {link} leads to no place in {there}");
        }
    }
}

/// What holds of every page of ours.
pub fn is_page(answer: &Answer, status: u16) {
    let text = &answer.text;
    assert_eq!(answer.status, status, "{text}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert!(text.starts_with("<!DOCTYPE html><html lang=\""), "{text}");
    for inline in ["<style", " style=\"", "<script>", "onclick", "javascript:"] {
        assert!(!text.contains(inline), "{inline}: {text}");
    }
    assert_eq!(text.matches("<h1").count(), 1, "{text}");
    let mut ids = BTreeSet::new();
    for id in values(text, " id=\"") {
        assert!(ids.insert(id), "{id} is there twice: {text}");
    }
    headings_in_order(text);
}

/// No heading skips a level.
fn headings_in_order(text: &str) {
    let mut before = 0;
    for part in text.split("<h").skip(1) {
        let level = part.chars().next().and_then(|digit| digit.to_digit(10));
        let Some(level) = level.filter(|level| (1..=6).contains(level)) else { continue };
        assert!(level <= before + 1, "h{level} after h{before}: {text}");
        before = level;
    }
}

/// Where a page's links lead, as they are written.
pub fn links(text: &str) -> Vec<String> {
    values(text, " href=\"").map(|link| link.replace("&amp;", "&")).collect()
}

/// What stands between `before` and the next quotation mark, each time.
pub fn values<'t>(text: &'t str, before: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next())
}

fn absolute(page: &str, link: &str) -> String {
    let path = page.split('?').next().unwrap();
    match link {
        "" => page.to_owned(),
        query if query.starts_with('?') => format!("{path}{query}"),
        other => other.to_owned(),
    }
}
