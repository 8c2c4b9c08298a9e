//! What is wrong is refused, with a pointer to what is wrong, and nothing is written.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Person, Request, World, id, registration, review};
use crate::on_both;

async fn raw(
    world: &World,
    person: &Person,
    path: &str,
    kind: &str,
    body: impl Into<reqwest::Body>,
) -> Answer {
    let sent = world
        .client
        .post(format!("{}{path}", world.base))
        .bearer_auth(&person.token)
        .header("content-type", kind)
        .body(body);
    let response = sent.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap_or_default();
    Answer { status, headers, json: serde_json::from_str(&text).unwrap_or(Value::Null), text }
}

on_both!(every_kind_of_bad_body_is_a_problem_and_writes_nothing, |world: World| async move {
    let (secretariat, first, consultation) = world.consultation(None, "vetted").await;
    let reviews = "/api/v1/reviews";
    let consultations = format!("/api/v1/reviews/{}/consultations", id(&first));

    raw(&world, &secretariat, reviews, "application/json", "{\"code\": ")
        .await
        .is_problem(400, "malformed_json");
    raw(&world, &secretariat, reviews, "text/plain", "hello")
        .await
        .is_problem(415, "unsupported_media_type");
    raw(&world, &secretariat, reviews, "application/json", vec![b' '; 10_000_000])
        .await
        .is_problem(413, "too_large");

    let mut body = review();
    body["colour"] = json!("blue");
    let unknown = world.post(&secretariat, reviews, body).await;
    unknown.is_problem(422, "unknown_field");
    unknown.points_to("/colour");

    let mut body = crate::harness::consultation();
    body["ordinal"] = json!(3);
    for (field, value, pointer) in [
        ("objectives", json!([4, 24]), "/objectives/1"),
        ("starts_at", json!("2020-11-19T11:00:00"), "/starts_at"),
        ("zone", json!("Asia/Atlantis"), "/zone"),
        ("capacity", json!(0), "/capacity"),
        ("mode", json!("telepathic"), "/mode"),
    ] {
        let mut body = body.clone();
        body[field] = value;
        let refused = world.post(&secretariat, &consultations, body).await;
        assert_eq!(refused.status, 422, "{field}: {}", refused.text);
        refused.points_to(pointer);
    }
    let again = world.post(&secretariat, &consultations, crate::harness::consultation()).await;
    again.is_problem(409, "already_exists");

    let registrations = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let mut other = registration("media", "TH");
    other["person"] = json!({ "email": "not an address", "name": "Nobody Example" });
    let refused = world.post(&secretariat, &registrations, other).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    refused.points_to("/person/email");

    let listed = world.get(Some(&secretariat), reviews).await;
    assert_eq!(listed.json["items"].as_array().unwrap().len(), 1);
    let listed = world.get(Some(&secretariat), &consultations).await;
    assert_eq!(listed.json["items"].as_array().unwrap().len(), 1);
    let listed = world.get(Some(&secretariat), &registrations).await;
    assert_eq!(listed.json["items"].as_array().unwrap().len(), 0);
});

on_both!(a_stale_version_is_refused_and_a_missing_one_asked_for, |world: World| async move {
    let (secretariat, review, _) = world.consultation(None, "vetted").await;
    let path = format!("/api/v1/reviews/{}", id(&review));
    let change = |version: Option<&str>| {
        let mut request = Request::new(Method::PATCH, &path)
            .by(Some(&secretariat))
            .body(json!({ "title": "Another title" }));
        if let Some(version) = version {
            request = request.header("If-Match", version);
        }
        world.send(request)
    };
    change(None).await.is_problem(428, "precondition_required");
    change(Some("seven")).await.is_problem(400, "invalid_header");
    let stale = change(Some("\"99\"")).await;
    stale.is_problem(412, "version_mismatch");
    assert_eq!(stale.header("etag"), "\"1\"");
    let null = Request::new(Method::PATCH, &path)
        .by(Some(&secretariat))
        .version(1)
        .body(json!({ "title": null }));
    let null = world.send(null).await;
    null.is_problem(422, "invalid_value");
    null.points_to("/title");
    assert_eq!(change(Some("\"1\"")).await.status, 200);
    change(Some("\"1\"")).await.is_problem(412, "version_mismatch");
    let list = world.get(None, "/api/v1/reviews").await;
    let known =
        Request::new(Method::GET, "/api/v1/reviews").header("If-None-Match", list.header("etag"));
    let known = world.send(known).await;
    assert_eq!((known.status, known.text.as_str()), (304, ""));
});

on_both!(a_repeated_request_is_answered_as_the_first_was, |world: World| async move {
    let (secretariat, _, _) = world.consultation(None, "vetted").await;
    let send = |body: Value| {
        let request = Request::new(Method::POST, "/api/v1/reviews").by(Some(&secretariat));
        world.send(request.header("Idempotency-Key", "the-key").body(body))
    };
    let mut body = review();
    body["code"] = json!("second");
    let first = send(body.clone()).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let again = send(body.clone()).await;
    assert_eq!((again.status, &again.text), (201, &first.text));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("idempotency-replayed"), "true");
    body["code"] = json!("third");
    send(body).await.is_problem(422, "idempotency_key_reused");
    let listed = world.get(Some(&secretariat), "/api/v1/reviews").await;
    assert_eq!(listed.json["items"].as_array().unwrap().len(), 2);
});

on_both!(a_refused_request_may_be_repeated_with_its_key, |world: World| async move {
    let (secretariat, first, _) = world.consultation(None, "vetted").await;
    let path = format!("/api/v1/reviews/{}/consultations", id(&first));
    let taken =
        Request::new(Method::POST, &path).by(Some(&secretariat)).header("Idempotency-Key", "k");
    world.send(taken.body(crate::harness::consultation())).await.is_problem(409, "already_exists");
    let mut body = crate::harness::consultation();
    body["ordinal"] = json!(7);
    let free =
        Request::new(Method::POST, &path).by(Some(&secretariat)).header("Idempotency-Key", "k");
    assert_eq!(world.send(free.body(body)).await.status, 201);
});

on_both!(everything_else_that_goes_wrong_is_a_problem_too, |world: World| async move {
    world.get(None, "/api/nowhere").await.is_problem(404, "not_found");
    world.get(None, "/api/v1/reviews/not-an-id").await.is_problem(400, "invalid_path");
    let nothing = "00000000-0000-4000-8000-000000000000";
    for (path, code) in [
        ("reports/x/draft.json".to_owned(), 400),
        ("reports/x/differences.json".to_owned(), 400),
        (format!("reports/{nothing}/editions/x.json"), 400),
        (format!("reports/{nothing}/editions/x/changes.md"), 400),
        (format!("reports/{nothing}/editions/1.5/citation.bib"), 400),
        (format!("reports/{nothing}/editions/1/paragraphs/x"), 400),
        (format!("paragraphs/{nothing}/versions/x"), 400),
        (format!("reports/{nothing}/editions/-1.json"), 404),
        (format!("reports/{nothing}/editions/1/paragraphs/1"), 404),
    ] {
        let kind = if code == 400 { "invalid_path" } else { "not_found" };
        world.get(None, &format!("/api/v1/{path}")).await.is_problem(code, kind);
    }
    let waiver = Request::new(Method::DELETE, "/api/v1/reports/x/check-waivers/y");
    world.send(waiver).await.is_problem(400, "invalid_path");
    world.get(None, "/api/v1/reviews?limit=many").await.is_problem(400, "invalid_query");
    world.get(None, "/api/v1/reviews?limit=1000").await.is_problem(400, "invalid_query");
    world.get(None, "/api/v1/reviews?colour=blue").await.is_problem(400, "invalid_query");
    world.get(None, "/api/v1/reviews?cursor=nonsense").await.is_problem(400, "invalid_cursor");
    let wrong = world.send(Request::new(Method::DELETE, "/api/v1/reviews")).await;
    wrong.is_problem(405, "method_not_allowed");
    assert!(wrong.header("allow").contains("POST"), "{}", wrong.header("allow"));
    let nobody = world.send(Request::new(Method::POST, "/api/v1/reviews").body(review())).await;
    nobody.is_problem(401, "unauthenticated");
    let forged =
        Request::new(Method::GET, "/api/v1/me").header("Authorization", "Bearer not.a.token");
    assert_eq!(world.send(forged).await.status, 401);
    let basic = Request::new(Method::GET, "/api/v1/me").header("Authorization", "Basic eDp5");
    world.send(basic).await.is_problem(401, "unauthenticated");
    let page = world.get(None, "/problems/version_mismatch").await;
    assert!(page.text.contains("If-Match"), "{}", page.text);
});

on_both!(a_list_continues_where_it_stopped, |world: World| async move {
    let (secretariat, _, _) = world.consultation(None, "vetted").await;
    for number in 0..6 {
        let mut body = review();
        body["code"] = json!(format!("review-{number}"));
        world.make(&secretariat, "/api/v1/reviews", body).await;
    }
    let (mut seen, mut path) = (Vec::new(), "/api/v1/reviews?limit=3".to_owned());
    loop {
        let page = world.get(None, &path).await;
        seen.extend(page.json["items"].as_array().unwrap().iter().map(|item| id(item).to_owned()));
        let Some(next) = page.json["next"].as_str() else { break };
        let link = page.header("link");
        assert!(
            link.contains(next) && link.contains("rel=\"next\"") && link.contains("limit=3"),
            "{link}"
        );
        path = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
    }
    assert_eq!(seen.len(), 7);
    seen.dedup();
    assert_eq!(seen.len(), 7);
});
