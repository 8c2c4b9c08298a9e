//! How many requests are taken, and of whom.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Database, Request, World};

#[actix_web::test]
async fn whoever_makes_tokens_up_counts_by_address() {
    let world = World::with(Database::Sqlite, |settings| settings.limits.requests_per_minute = 3);
    let world = world.unwrap();
    let asha = world.person("Asha Example");
    let mut statuses = Vec::new();
    for number in 0..5 {
        let request = Request::new(Method::GET, "/api/v1/reviews");
        let made_up = format!("Bearer made.up.{number}");
        statuses.push(world.send(request.header("Authorization", made_up)).await.status);
    }
    assert_eq!(statuses, [401, 401, 401, 429, 429]);
    let limited = world.get(None, "/api/v1/reviews").await;
    limited.is_problem(429, "too_many_requests");
    assert!(!limited.header("retry-after").is_empty());
    // Who is signed in is not kept out by others at the same address.
    for _ in 0..3 {
        assert_eq!(world.get(Some(&asha), "/api/v1/me").await.status, 200);
    }
    world.get(Some(&asha), "/api/v1/me").await.is_problem(429, "too_many_requests");
}

#[actix_web::test]
async fn who_writes_where_they_come_from_counts_by_what_the_proxy_saw() {
    let world = World::with(Database::Sqlite, |settings| {
        settings.limits.sign_in_per_minute = 3;
        settings.limits.trusted_proxies = "127.0.0.0/8, ::1".parse().unwrap();
    });
    let world = world.unwrap();
    let guess = |forwarded: String| {
        let body = json!({ "email": "ada@example.org", "password": "a guess at random" });
        let request = Request::new(Method::POST, "/api/v1/auth/sign-in").body(body);
        request.header("X-Forwarded-For", forwarded)
    };
    let mut taken = 0;
    for number in 0..60 {
        let answer = world.send(guess(format!("203.0.113.{number}, 198.51.100.7"))).await;
        taken += usize::from(answer.status != 429);
    }
    assert_eq!(taken, 3, "of sixty guesses from one address");
    // From elsewhere, and from the same network of IPv6.
    assert_ne!(world.send(guess("198.51.100.8".into())).await.status, 429);
    let mut taken = 0;
    for number in 0..10 {
        let answer = world.send(guess(format!("2001:db8:1:2::{number}"))).await;
        taken += usize::from(answer.status != 429);
    }
    assert_eq!(taken, 3, "of ten guesses from one network");
}

#[actix_web::test]
async fn who_is_signed_in_stays_so_whatever_others_at_the_address_try() {
    let world = World::with(Database::Sqlite, |settings| settings.limits.sign_in_per_minute = 3);
    let world = world.unwrap();
    for _ in 0..5 {
        let body = json!({ "refresh_token": "one that nobody was given" });
        let request = Request::new(Method::POST, "/api/v1/auth/refresh").body(body);
        assert_eq!(world.send(request).await.status, 401);
    }
}
