//! A browser without scripts: it follows redirects, keeps cookies by their path, and sends forms as browsers do.

use std::cell::RefCell;
use std::collections::HashMap;

use reqwest::{Method, Url};

use crate::crawl;
use crate::harness::{Answer, World};

/// Redirects that are followed at most.
const FURTHEST: usize = 5;

/// A cookie as it is kept: what it says, and where it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub value: String,
    pub path: String,
    /// `Set-Cookie` as it came.
    pub whole: String,
}

/// One browser, with a language that it asks for.
pub struct Browser<'w> {
    world: &'w World,
    client: reqwest::Client,
    language: &'static str,
    cookies: RefCell<HashMap<String, Kept>>,
    /// Where the last answer was found.
    at: RefCell<String>,
}

impl<'w> Browser<'w> {
    pub fn new(world: &'w World) -> Self {
        Self::in_language(world, "en")
    }

    pub fn in_language(world: &'w World, language: &'static str) -> Self {
        // Whoever reads for longer than the server keeps a connection would send the next form into a closed one.
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0);
        let cookies = RefCell::default();
        Self { world, client: client.build().unwrap(), language, cookies, at: RefCell::default() }
    }

    /// What it keeps by this name.
    pub fn cookie(&self, name: &str) -> Option<Kept> {
        self.cookies.borrow().get(name).cloned()
    }

    /// Keeps a cookie that somebody else put there.
    pub fn keep(&self, name: &str, kept: Kept) {
        self.cookies.borrow_mut().insert(name.to_owned(), kept);
    }

    /// Where the last answer was found: path and query.
    pub fn at(&self) -> String {
        self.at.borrow().clone()
    }

    /// Goes to a page, or follows a link to it.
    pub async fn get(&self, path: &str) -> Answer {
        self.go(Method::GET, path, None, "same-origin").await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from("same-origin", path, fields).await
    }

    /// Sends a form from a page of somebody else's.
    pub async fn post_from(&self, site: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = Url::parse_with_params("http://form.example", fields).unwrap();
        let body = body.query().unwrap_or_default().as_bytes().to_vec();
        let kind = "application/x-www-form-urlencoded".to_owned();
        self.go(Method::POST, path, Some(&(kind, body)), site).await
    }

    /// Sends a form that takes a file, with one of this name and type or without.
    pub async fn post_file(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &str, &[u8])>,
    ) -> Answer {
        let boundary = "----7d0f6f0e";
        let head =
            |name: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"");
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("{}\r\n\r\n{value}\r\n", head(name)).into_bytes());
        }
        if let Some((name, kind, bytes)) = file {
            let head = head("file");
            body.extend(
                format!("{head}; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n").into_bytes(),
            );
            body.extend(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{boundary}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        self.go(Method::POST, path, Some(&(kind, body)), "same-origin").await
    }

    async fn go(
        &self,
        method: Method,
        path: &str,
        body: Option<&(String, Vec<u8>)>,
        site: &str,
    ) -> Answer {
        let base = Url::parse(&self.world.base).unwrap();
        let mut url = base.join(path).unwrap();
        let (mut method, mut body) = (method, body);
        for _ in 0..=FURTHEST {
            let mut request = self.client.request(method.clone(), url.clone());
            request = request.header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
            request =
                request.header("Accept-Language", self.language).header("Sec-Fetch-Site", site);
            if let Some(cookies) = self.sent_to(url.path()) {
                request = request.header("Cookie", cookies);
            }
            if let Some((kind, body)) = body {
                request = request.header("Content-Type", kind).body(body.clone());
            }
            let answer = Answer::of(request.send().await.unwrap()).await;
            self.take(&answer);
            if answer.status != 303 {
                let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
                *self.at.borrow_mut() = format!("{}{query}", url.path());
                return answer;
            }
            url = url.join(answer.header("location")).unwrap();
            assert_eq!(url.host_str(), base.host_str(), "it leads out of the house");
            (method, body) = (Method::GET, None);
        }
        panic!("{path} leads round and round");
    }

    fn sent_to(&self, path: &str) -> Option<String> {
        let cookies = self.cookies.borrow();
        let fits = |kept: &&(&String, &Kept)| {
            let below = kept.1.path.trim_end_matches('/');
            path == below || path.strip_prefix(below).is_some_and(|rest| rest.starts_with('/'))
        };
        let mut sent: Vec<String> = cookies
            .iter()
            .collect::<Vec<_>>()
            .iter()
            .filter(fits)
            .map(|(name, kept)| format!("{name}={}", kept.value))
            .collect();
        sent.sort();
        (!sent.is_empty()).then(|| sent.join("; "))
    }

    fn take(&self, answer: &Answer) {
        for whole in answer.headers.get_all("set-cookie") {
            let whole = whole.to_str().unwrap().to_owned();
            let mut parts = whole.split("; ");
            let (name, value) = parts.next().unwrap().split_once('=').unwrap();
            let rest: Vec<&str> = parts.collect();
            let path = rest.iter().find_map(|part| part.strip_prefix("Path=")).unwrap_or("/");
            let mut cookies = self.cookies.borrow_mut();
            if rest.contains(&"Max-Age=0") {
                cookies.remove(name);
                continue;
            }
            let (value, path) = (value.to_owned(), path.to_owned());
            cookies.insert(name.to_owned(), Kept { value, path, whole: whole.clone() });
        }
    }
}

/// What holds of every page of somebody's own, besides what holds of all.
pub fn is_page(answer: &Answer, status: u16) {
    crawl::is_page(answer, status);
    // What is public and has a mark is asked for again; nothing else is kept.
    let kept = if answer.header("etag").is_empty() { "no-store" } else { "no-cache" };
    assert_eq!(answer.header("cache-control"), kept);
    assert!(["same-origin", "no-referrer"].contains(&answer.header("referrer-policy")));
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"));
    assert!(answer.text.len() < crawl::LARGEST, "{} bytes", answer.text.len());
    // Every control has a label of its own, or stands in one.
    let labels = answer.text.matches("<label for=\"").count();
    let controls = ["<input id=\"", "<select id=\"", "<textarea id=\""];
    let controls: usize = controls.iter().map(|tag| answer.text.matches(tag).count()).sum();
    assert_eq!(labels, controls, "{}", answer.text);
}

/// The value of a hidden field.
pub fn hidden<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) =
        answer.text.split_once(&start).unwrap_or_else(|| panic!("no {name} in {}", answer.text));
    rest.split('"').next().unwrap()
}

/// Somebody at one page with forms.
pub struct Sitting<'w> {
    pub browser: Browser<'w>,
    /// The page's address.
    pub page: String,
}

impl Sitting<'_> {
    /// The page, with something behind its address.
    pub async fn look(&self, behind: &str) -> Answer {
        let answer = self.browser.get(&format!("{}{behind}", self.page)).await;
        is_page(&answer, 200);
        answer
    }

    /// Sends a form, and is told that it was done.
    pub async fn does(&self, fields: &[(&str, &str)], done: &str) -> Answer {
        let answer = self.browser.post(&self.page, fields).await;
        assert_eq!(answer.status, 200, "{fields:?}: {}", answer.text);
        is_page(&answer, 200);
        let told = format!("?done={done}");
        assert!(self.browser.at().contains(&told), "{fields:?} at {}", self.browser.at());
        assert!(answer.text.contains("role=\"status\""), "{done} is not told: {}", answer.text);
        answer
    }

    /// Sends a form that is refused, and is told so.
    pub async fn refused(&self, fields: &[(&str, &str)], status: u16) -> Answer {
        let answer = self.browser.post(&self.page, fields).await;
        is_page(&answer, status);
        assert!(answer.text.contains("role=\"alert\""), "{}", answer.text);
        answer
    }
}

/// All of this stands in an answer.
pub fn says(answer: &Answer, all: &[&str]) {
    for said in all {
        assert!(answer.text.contains(said), "{said}: {}", answer.text);
    }
}
