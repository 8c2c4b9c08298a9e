//! Every request arrives at whoever answers it, and where nobody does it is told whether the address or the method is wrong.

use actix_web::dev::ResourceDef;
use reqwest::Method;

use crate::harness::{Answer, Request, World};
use crate::on_both;

const METHODS: [&str; 8] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];

/// Every address of the API, by name, with the methods that it takes.
fn addresses() -> Vec<(String, ResourceDef, Vec<&'static str>)> {
    let known = |path: String, item: utoipa::openapi::PathItem| {
        let there = [item.get, item.post, item.put, item.patch, item.delete];
        let methods = METHODS.into_iter().zip(there).filter(|(_, one)| one.is_some());
        let definition = ResourceDef::new(path.as_str());
        (path, definition, methods.map(|(name, _)| name).collect())
    };
    rapporteur::server::openapi()
        .paths
        .paths
        .into_iter()
        .map(|(path, item)| known(path, item))
        .collect()
}

async fn ask(world: &World, method: &str, path: &str) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    world.send(Request::new(method, path).header("Sec-Fetch-Site", "same-origin")).await
}

on_both!(every_operation_is_found_and_no_other_method_is_taken, |world: World| async move {
    let all = addresses();
    assert!(all.len() > 250);
    for (pattern, ..) in &all {
        let parts = pattern.split('/').map(|part| match part.split_once('{') {
            Some((before, rest)) => {
                let after = rest.rsplit_once('}').map_or("", |(_, after)| after);
                let two = rest.contains("}.{");
                format!("{before}{}{after}", if two { "x.y" } else { "x" })
            }
            None => part.to_owned(),
        });
        let path = parts.collect::<Vec<_>>().join("/");
        let fitting: Vec<_> = all.iter().filter(|(_, one, _)| one.is_match(&path)).collect();
        for method in METHODS {
            let answer = ask(&world, method, &path).await;
            if fitting.iter().any(|(.., methods)| methods.contains(&method)) {
                assert_ne!(answer.status, 405, "{method} {path}");
                assert!(!answer.text.contains("nothing at this address"), "{method} {path}");
            } else {
                assert_eq!(answer.status, 405, "{method} {path}: {}", answer.text);
                assert_eq!(answer.header("allow"), fitting[0].2.join(", "), "{method} {path}");
                assert_eq!(answer.header("content-type"), "application/problem+json");
            }
        }
        let beyond = ask(&world, "GET", &format!("{path}/")).await;
        beyond.is_problem(404, "not_found");
        assert!(beyond.text.contains("nothing at this address"), "{path}");
    }
});

on_both!(what_is_no_operation_is_found_as_well, |world: World| async move {
    let nothing = "0175db2d-9900-7012-8707-070707070707";
    let mut wrong = Vec::new();
    for (path, statuses) in [
        // GET, POST, HEAD, OPTIONS
        ("/", [200, 404, 404, 404]),
        ("/privacy", [200, 404, 404, 404]),
        ("/priv%61cy", [200, 404, 404, 404]),
        ("/privacy/", [404, 404, 404, 404]),
        ("//", [404, 404, 404, 404]),
        ("/my/sign-in", [200, 422, 405, 405]),
        (&format!("/reports/{nothing}/editions/1/paragraphs/1"), [404, 405, 405, 405]),
        (&format!("/say/{nothing}/draft"), [404, 404, 405, 405]),
        ("/health/live", [200, 404, 404, 404]),
        ("/openapi.json", [200, 404, 404, 404]),
        ("/problems", [200, 404, 404, 404]),
        ("/problems/not_found", [200, 404, 404, 404]),
        ("/problems/not_found/", [404, 404, 404, 404]),
        ("/api/v1", [404, 404, 404, 404]),
        ("/api/v1/reviews", [200, 415, 405, 405]),
        ("/api/v1/r%65views", [200, 415, 405, 405]),
        ("/api/v1/reviews/", [404, 404, 404, 404]),
        ("/api/v1//reviews", [404, 404, 404, 404]),
        ("/api/v1/frameworks/gcm/objectives", [200, 405, 405, 405]),
        ("/api/v1/frameworks/gc%6D/objectives", [200, 405, 405, 405]),
        ("/api/v1/frameworks/a%2Fb/objectives", [404, 405, 405, 405]),
    ] {
        let mut found = Vec::new();
        for method in ["GET", "POST", "HEAD", "OPTIONS"] {
            found.push(ask(&world, method, path).await.status);
        }
        if found != statuses {
            wrong.push(format!("{path}: {found:?}, not {statuses:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for path in ["/docs/", "/docs/swagger-ui.css"] {
        assert_eq!(ask(&world, "GET", path).await.status, 200, "{path}");
    }
});

on_both!(what_is_noted_names_the_address_and_no_id, |world: World| async move {
    let nothing = "0175db2d-9900-7012-8707-070707070707";
    world.get(None, &format!("/api/v1/consultations/{nothing}/programme")).await;
    world.get(None, &format!("/api/v1/nothing/{nothing}")).await;
    ask(&world, "GET", &format!("/reports/{nothing}")).await;
    ask(&world, "DELETE", &format!("/api/v1/consultations/{nothing}/programme")).await;
    let figures = world.app.metrics.text();
    for route in [
        r#"method="GET",route="/api/v1/consultations/{consultation_id}/programme",status="404""#,
        r#"method="DELETE",route="/api/v1/consultations/{consultation_id}/programme",status="405""#,
        r#"method="GET",route="/reports/{report_id}",status="404""#,
        r#"method="GET",route="unknown",status="404""#,
    ] {
        assert!(figures.contains(route), "{route}: {figures}");
    }
    assert!(!figures.contains(nothing));
});
