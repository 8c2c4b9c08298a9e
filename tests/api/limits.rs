//! How many requests are taken, and of whom.

use reqwest::Method;

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
