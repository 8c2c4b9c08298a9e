//! What every page has around it: language and direction, the ways through the house, and headers that let nothing in from
//! elsewhere. One stylesheet and one small script, which are part of the program; every page works without the script.

use std::sync::LazyLock;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use crate::digest::sha256;
use crate::i18n::{ByLanguage, Language};
use crate::problem::{Code, Problem};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Only what comes from here, and only forms that are sent here.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A file whose name changes with what is in it, so that browsers may keep it for good.
struct Asset {
    path: String,
    kind: &'static str,
    text: &'static str,
}

static ASSETS: LazyLock<[Asset; 2]> = LazyLock::new(|| {
    let asset = |name: &str, kind, text| {
        let digest = sha256(text);
        let path = format!("/assets/{}.{name}", digest.get(..16).unwrap_or_default());
        Asset { path, kind, text }
    };
    [
        asset("css", "text/css; charset=utf-8", STYLE),
        asset("js", "text/javascript; charset=utf-8", SCRIPT),
    ]
});

/// `GET /assets/{name}`: the stylesheet or the script.
pub async fn asset(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let found = ASSETS.iter().find(|asset| asset.path == request.path());
    let asset = found.ok_or_else(|| Problem::not_found("file"))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, asset.kind))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(asset.text))
}

/// What stands around the pages of one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    skip: String,
    main: String,
    start: String,
    mine: String,
    languages: String,
    about: String,
    privacy: String,
    accessibility: String,
    in_languages: String,
    cannot: String,
    unknown: String,
    home: String,
}

static WORDS: LazyLock<ByLanguage<Words>> = LazyLock::new(|| {
    ByLanguage::of_toml(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../config/i18n/frame.toml"
    )))
});
static PROBLEMS: LazyLock<ByLanguage<std::collections::BTreeMap<String, String>>> =
    LazyLock::new(|| {
        ByLanguage::of_toml(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../config/i18n/problems.toml"
        )))
    });

/// What a problem is called for people, in their language: what happened and what to do.
pub fn sentence(code: Code, language: Language) -> &'static str {
    let known = PROBLEMS.of(language).get(code.kind().code);
    known.map_or(code.kind().explanation, String::as_str)
}

/// A page about to be made: in which language, and at which address.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The language that it is in.
    pub language: Language,
    /// The language that its address asks for, which its links keep.
    chosen: Option<Language>,
    /// Its address in any language: path, and query without the language.
    address: String,
    wide: bool,
    secret: bool,
    /// What programs look for in the page: names and values.
    fields: Vec<(&'static str, String)>,
    /// Where what is shown is to be had in another language.
    alternates: Vec<(Language, String)>,
}

impl Frame {
    /// For a request: in the language that its address asks for, else one that the browser prefers, else English.
    pub fn of(request: &HttpRequest) -> Self {
        Self::at(request, None)
    }

    /// As [`Frame::of`], with a language that comes before those that the browser prefers.
    pub fn at(request: &HttpRequest, own: Option<Language>) -> Self {
        let query = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
        let query = query.map(web::Query::into_inner).unwrap_or_default();
        let (asked, rest): (Vec<_>, Vec<_>) =
            query.into_iter().partition(|(name, _)| name == "lang");
        let chosen = asked.first().and_then(|(_, tag)| Language::of_tag(tag));
        let language = chosen.or(own).or_else(|| preferred(request)).unwrap_or(Language::English);
        let rest = serde_urlencoded::to_string(rest).unwrap_or_default();
        let question = if rest.is_empty() { "" } else { "?" };
        let address = format!("{}{question}{rest}", request.path());
        let (fields, alternates) = (Vec::new(), Vec::new());
        Self { language, chosen, address, wide: false, secret: false, fields, alternates }
    }

    /// In another language than the reader's own, when the address asks for none: the one that what is shown prefers.
    #[must_use]
    pub fn or_language(mut self, request: &HttpRequest, tags: &[String]) -> Self {
        if self.chosen.is_none() && preferred(request).is_none() {
            self.language = Language::choose(None, tags);
        }
        self
    }

    /// For tables rather than for reading.
    #[must_use]
    pub fn wide(self) -> Self {
        Self { wide: true, ..self }
    }

    /// With fields that programs look for, such as reference managers.
    #[must_use]
    pub fn with_fields(self, fields: Vec<(&'static str, String)>) -> Self {
        Self { fields, ..self }
    }

    /// Of something that is to be had in other languages, whatever language the page is in.
    #[must_use]
    pub fn with_alternates(self, alternates: Vec<(Language, String)>) -> Self {
        Self { alternates, ..self }
    }

    /// At an address that is a secret: no page learns where somebody came from, and no link repeats it.
    #[must_use]
    pub fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    /// The language that links keep, if the reader has chosen one.
    pub fn chosen(&self) -> Option<Language> {
        self.chosen
    }

    /// An address of ours, in the language that the reader has chosen.
    pub fn link(&self, path: &str) -> String {
        match self.chosen {
            Some(language) => in_language(path, language),
            None => path.to_owned(),
        }
    }

    /// The page, not to be kept anywhere.
    pub fn page(&self, status: StatusCode, title: &str, content: Markup) -> HttpResponse {
        self.headed(status, title, html! { h1 { (title) } (content) })
    }

    /// As [`Frame::page`], of content that has the `h1` in it: where the title is in other words or another language than the page.
    pub fn headed(&self, status: StatusCode, title: &str, content: Markup) -> HttpResponse {
        let markup = self.around(title, &content);
        let referrer = if self.secret { "no-referrer" } else { "same-origin" };
        answer(status, POLICY.to_owned(), referrer, &markup)
    }

    /// The page of what could not be done.
    pub fn refused(&self, problem: &Problem) -> HttpResponse {
        let status = StatusCode::from_u16(problem.code().kind().status);
        let words = WORDS.of(self.language);
        let title = if problem.is_missing() { &words.unknown } else { &words.cannot };
        let content = html! {
            p .lead { (sentence(problem.code(), self.language)) }
            p { a href=(self.link("/")) { (words.home) } }
        };
        let mut page =
            self.page(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), title, content);
        for (name, value) in problem.headers() {
            // What a program signs in with is nothing that a browser should ask for.
            if *name != "WWW-Authenticate"
                && let (Ok(name), Ok(value)) =
                    (header::HeaderName::try_from(*name), header::HeaderValue::from_str(value))
            {
                page.headers_mut().insert(name, value);
            }
        }
        page
    }

    /// A notice that something could not be done, to stand in a page.
    pub fn notice(&self, problem: &Problem) -> Markup {
        html! {
            div .b role="alert" {
                p { strong { (WORDS.of(self.language).cannot) } }
                p { (sentence(problem.code(), self.language)) }
            }
        }
    }

    fn around(&self, title: &str, content: &Markup) -> Markup {
        let (words, language) = (WORDS.of(self.language), self.language);
        let way = |path: &str, text: &str| {
            let here = self.address == path;
            html! { a href=(self.link(path)) aria-current=[here.then_some("page")] { (text) } }
        };
        let [style, script] = &*ASSETS;
        html! {
            (DOCTYPE)
            html lang=(language) dir=(language.direction()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width,initial-scale=1";
                    title { (title) " · Rapporteur" }
                    @for (name, value) in &self.fields { meta name=(name) content=(value); }
                    @for (other, path) in &self.alternates { link rel="alternate" hreflang=(other) href=(path); }
                    // Else a browser asks for one, which would be noted, also from where nothing is.
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href=(style.path);
                    script src=(script.path) defer {}
                }
                body class=[self.wide.then_some("wide")] {
                    a .skip href="#main" { (words.skip) }
                    header { div .in {
                        a .name href=(self.link("/")) { "Rapporteur" }
                        nav aria-label=(words.main) { (way("/", &words.start)) (way("/my", &words.mine)) }
                    } }
                    main #main tabindex="-1" { div .in { (content) } }
                    footer { div .in {
                        @if !self.secret {
                            nav aria-label=(words.languages) { ul { @for other in Language::ALL {
                                li { a href=(in_language(&self.address, *other)) lang=(other) hreflang=(other) rel="alternate"
                                    aria-current=[(*other == language).then_some("true")] { (own_name(*other)) } }
                            } } }
                        }
                        nav aria-label=(words.about) { ul {
                            li { (way("/privacy", &words.privacy)) }
                            li { (way("/accessibility", &words.accessibility)) }
                            li { (way("/languages", &words.in_languages)) }
                        } }
                    } }
                }
            }
        }
    }
}

/// What a browser prefers of the languages that pages are in.
pub fn preferred(request: &HttpRequest) -> Option<Language> {
    let tags = request.headers().get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    tags.split(',').find_map(|tag| Language::of_tag(tag.split(';').next().unwrap_or("").trim()))
}

fn in_language(address: &str, language: Language) -> String {
    let (address, fragment) =
        address.split_once('#').map_or((address, None), |(a, f)| (a, Some(f)));
    let joint = if address.contains('?') { '&' } else { '?' };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{address}{joint}lang={language}{fragment}")
}

/// What a language calls itself.
pub const fn own_name(language: Language) -> &'static str {
    match language {
        Language::Arabic => "العربية",
        Language::English => "English",
        Language::Spanish => "Español",
        Language::French => "Français",
        Language::Russian => "Русский",
        Language::Chinese => "中文",
    }
}

/// A page that is printed rather than walked through: nothing around it, and a style of its own.
pub fn printed(language: Language, title: &str, style: &str, content: &Markup) -> HttpResponse {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};
    let hash = STANDARD.encode(Sha256::digest(style));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; frame-ancestors 'none'; base-uri 'none'"
    );
    let markup = html! {
        (DOCTYPE)
        html lang=(language) dir=(language.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { (title) }
                style { (maud::PreEscaped(style)) }
            }
            body { main { h1 { (title) } (content) } }
        }
    };
    answer(StatusCode::OK, policy, "no-referrer", &markup)
}

fn answer(status: StatusCode, policy: String, referrer: &str, markup: &Markup) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, referrer))
        .insert_header(("cross-origin-opener-policy", "same-origin"))
        .insert_header((header::VARY, "Accept-Language, Cookie"))
        .body(markup.0.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_a_sentence_in_every_language_and_none_is_for_programs() {
        let all = PROBLEMS.all().unwrap();
        for language in Language::ALL {
            for code in Code::ALL {
                let sentence = all[language].get(code.kind().code).map(String::as_str);
                let sentence = sentence.unwrap_or_else(|| panic!("{language}: {code:?}"));
                let machine = ['_', '`', '{', '/'];
                assert!(
                    sentence.len() > 5 && !sentence.contains(machine),
                    "{language}: {sentence}"
                );
            }
            assert_eq!(all[language].len(), Code::ALL.len(), "{language}");
        }
        assert_eq!(WORDS.all().unwrap().len(), Language::ALL.len());
    }

    #[test]
    fn links_keep_the_language_that_was_chosen() {
        let at = |address: &str| {
            let request = actix_web::test::TestRequest::with_uri(address)
                .insert_header((header::ACCEPT_LANGUAGE, "tlh, fr-CH;q=0.9, en;q=0.1"))
                .to_http_request();
            Frame::of(&request)
        };
        let plain = at("/a?x=1");
        assert_eq!((plain.language, plain.link("/b")), (Language::French, "/b".to_owned()));
        let chosen = at("/a?lang=ar&x=1");
        assert_eq!(chosen.link("/b?c=d#e"), "/b?c=d&lang=ar#e");
        assert_eq!(in_language(&chosen.address, Language::Chinese), "/a?x=1&lang=zh");
    }
}
