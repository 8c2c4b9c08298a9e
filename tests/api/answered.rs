//! Which operations the tests saw succeed. Tests run in many threads, in an order of their own, and often only some of them, so no
//! test among them can tell what all of them did; but every server counts its answers by method, address and status, and every world
//! those to receipts, which no server counts. So a world adds its figures to a file where `RAPPORTEUR_ANSWERED` names one, and a
//! test that is run afterwards, alone, reads it:
//!
//! ```sh
//! export RAPPORTEUR_ANSWERED=$(mktemp)
//! cargo test --test api && cargo test --test api -- --ignored every_operation_was_seen_to_succeed
//! ```

use std::collections::BTreeSet;

use crate::access::operations;
use crate::harness::{ANSWERED, answer};

/// Tests that go through every operation and look at no more than the status: a sign-out that names no sign-in succeeds too.
const WALKS: &[&str] = &["access::", "contract::", "downloads::", "privacy::no_other_role"];

/// Method and address of everything that was answered with 2xx to a test that is about it.
fn succeeded(noted: &str) -> BTreeSet<(String, String)> {
    let succeeded = |line: &str| {
        let [test, status, method, route] = line.splitn(4, ' ').collect::<Vec<_>>()[..] else {
            return None;
        };
        let walks = WALKS.iter().any(|walk| test.starts_with(walk));
        (status.starts_with('2') && !walks).then(|| (method.to_owned(), route.to_owned()))
    };
    noted.lines().filter_map(succeeded).collect()
}

#[test]
#[ignore = "reads what a whole run of the others noted: see above"]
fn every_operation_was_seen_to_succeed() {
    let file = std::env::var(ANSWERED).unwrap_or_else(|_| panic!("{ANSWERED} names no file"));
    let succeeded = succeeded(&std::fs::read_to_string(file).unwrap());
    let seen = |method: &str, path: &str| succeeded.contains(&(method.to_owned(), path.to_owned()));
    let unseen: Vec<String> = operations()
        .into_iter()
        .filter(|(_, method, path)| !seen(method.as_str(), path))
        .map(|(name, method, path)| format!("{name}: {method} {path}"))
        .collect();
    assert!(unseen.is_empty(), "no test sees these succeed:\n{}", unseen.join("\n"));
}

#[test]
fn only_successes_of_tests_that_are_about_them_count() {
    let lines: String = [
        "rapporteur_http_requests_total{method=\"GET\",route=\"/api/v1/me\",status=\"200\"} 2",
        "rapporteur_http_requests_total{method=\"POST\",route=\"/api/v1/reviews\",status=\"403\"} 1",
        "rapporteur_http_request_seconds_sum 0.1",
    ]
    .iter()
    .filter_map(|line| answer("accounts::a_test::on_sqlite", line))
    .collect();
    assert!(lines.ends_with("accounts::a_test::on_sqlite 403 POST /api/v1/reviews\n"), "{lines}");
    let walked = "access::a_walk::on_sqlite 200 GET /api/v1/reviews\n";
    let found = succeeded(&(lines + walked));
    assert_eq!(found, BTreeSet::from([("GET".to_owned(), "/api/v1/me".to_owned())]));
}
