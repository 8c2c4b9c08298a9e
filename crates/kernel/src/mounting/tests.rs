//! What is mounted is found as if every pattern were tried in its turn.

use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::http::Method;
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, HttpRequest, web};

use super::tree::{Branch, Part};
use super::{Mounts, pattern_of};

/// As they are mounted in the house: some take what others have a name for, before these and after.
const PATTERNS: [&str; 14] = [
    "/",
    "/docs",
    "/docs/{_:.*}",
    "/things",
    "/things/new",
    "/things/{id}",
    "/things/{id}.{format}",
    "/things/{id}/parts/{number}",
    "/things/{id}/parts/last",
    "/things/{id}/draft.{format}",
    "/things/{id}/draft/returned",
    "/{any}/things",
    "/feeds/{token}.ics",
    "/ü/{id}",
];

const PATHS: [&str; 24] = [
    "/",
    "//",
    "/docs",
    "/docs/",
    "/docs/a/b",
    "/things",
    "/things/",
    "/things/new",
    "/things/new/",
    "/things/1",
    "/things/1.pdf",
    "/things/.pdf",
    "/things/1/parts/2",
    "/things/1/parts/last",
    "/things/1/parts/",
    "/things/1/draft.pdf",
    "/things/1/draft.",
    "/things/1/draft/returned",
    "/thing%73/n%65w",
    "/things/a%2Fb",
    "/things/things",
    "/feeds/.ics",
    "/%C3%BC/1",
    "/nothing?things=1",
];

fn take(pattern: &'static str) -> impl Fn(HttpRequest) -> std::future::Ready<String> + Clone {
    move |request: HttpRequest| {
        let id = request.match_info().get("id").unwrap_or_default();
        std::future::ready(format!("{pattern} {id}"))
    }
}

async fn answers(mount: impl FnOnce(&mut web::ServiceConfig)) -> Vec<(String, u16, String)> {
    let app = init_service(App::new().configure(mount)).await;
    let mut all = Vec::new();
    for path in PATHS {
        for method in [Method::GET, Method::POST, Method::HEAD, Method::OPTIONS, Method::DELETE] {
            let request = TestRequest::with_uri(path).method(method.clone()).to_request();
            let answer = app.call(request).await.unwrap();
            let status = answer.status().as_u16();
            let text = match status {
                200 => {
                    String::from_utf8(to_bytes(answer.into_body()).await.unwrap().to_vec()).unwrap()
                }
                _ => String::new(),
            };
            all.push((format!("{method} {path}"), status, text));
        }
    }
    all
}

#[actix_web::test]
async fn what_is_mounted_is_found_as_if_all_were_tried_in_turn() {
    let in_turn = answers(|cfg| {
        for (number, pattern) in PATTERNS.into_iter().enumerate() {
            let resource = web::resource(pattern).route(web::post().to(take(pattern)));
            match number % 2 {
                0 => cfg.route(pattern, web::get().to(take(pattern))),
                _ => cfg.service(resource.route(web::get().to(take(pattern)))),
            };
        }
    });
    let mut mounts = Mounts::default();
    for (number, pattern) in PATTERNS.into_iter().enumerate() {
        let (post, get) = (web::post().to(take(pattern)), web::get().to(take(pattern)));
        match number % 2 {
            0 => mounts.route(pattern, get),
            _ => mounts.resource(pattern, [post, get]),
        };
    }
    let expected = in_turn.await;
    let found = answers(|cfg| mounts.arrive(cfg)).await;
    assert!(expected.iter().any(|one| one.1 == 405), "some are refused");
    assert_eq!(found, expected);
}

#[actix_web::test]
async fn every_path_is_known_by_the_first_pattern_that_it_fits() {
    let told = |request: HttpRequest| {
        std::future::ready(pattern_of(&request).unwrap_or_else(|| "unknown".to_owned()))
    };
    let in_turn = |request: HttpRequest| {
        let fits = |pattern: &&&str| {
            actix_web::dev::ResourceDef::new(**pattern).is_match(request.match_info().as_str())
        };
        PATTERNS.iter().find(fits).map_or("unknown", |pattern| *pattern).to_owned()
    };
    let mut mounts = Mounts::default();
    for pattern in PATTERNS {
        mounts.route(pattern, web::delete().to(take(pattern)));
    }
    let app = App::new().configure(|cfg| {
        mounts.arrive(cfg);
        cfg.default_service(web::to(move |request: HttpRequest| {
            let both = (told(request.clone()).into_inner(), in_turn(request));
            async move { format!("{both:?}") }
        }));
    });
    let app = init_service(app).await;
    for path in PATHS {
        let answer = app.call(TestRequest::with_uri(path).to_request()).await.unwrap();
        let told = to_bytes(answer.into_body()).await.unwrap();
        let told = String::from_utf8(told.to_vec()).unwrap();
        let (one, other) = told.trim_matches(['(', ')']).split_once(", ").unwrap();
        assert_eq!(one, other, "{path}");
    }
}

#[test]
fn a_family_is_no_larger_than_it_must_be() {
    let all = |pattern: &str| Part::all(pattern);
    let meet = |one: &str, other: &str| Part::all_meet(&all(one), &all(other));
    assert!(meet("/a/{id}", "/a/new") && meet("/a/{b}.{c}", "/a/{b}") && meet("/d", "/d"));
    assert!(meet("/d/{_:.*}", "/d/a/b") && meet("/a/{b}.ics", "/a/x{b}"));
    assert!(
        !meet("/a/{id}", "/a") && !meet("/a/draft.{b}", "/a/draft") && !meet("/d/{_:.*}", "/d")
    );
    assert!(!meet("/a/draft.{b}", "/a/differences.{b}") && !meet("/a/{b}.ics", "/a/{b}.pdf"));
    let mut tree = Branch::default();
    tree.plant(all("/a/new/last"), 1);
    tree.plant(all("/a/{id}/first"), 2);
    let found = |path: &str| tree.family(path);
    assert_eq!(
        (found("/a/new/last"), found("/a/new/first"), found("/a/x/last")),
        (Some(1), Some(2), None)
    );
    assert_eq!((found("*"), found("/a"), found("/a/")), (None, None, None));
}
