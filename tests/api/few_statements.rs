//! What a registration asks of the database: as many statements as it needs to, whoever registered before. (On SQLite a program for tests
//! compares what it knows with what stands there, and is not counted.)

use serde_json::json;

use crate::drafts::{links, send};
use crate::harness::{Database, id, registration};
use crate::statements::{Statements, is_prepared};

/// For a registration of somebody who is signed in, with a key for retries.
const SIGNED_IN: usize = 9;
/// For one by a mailed link, whole: asked for, opened, saved and sent off.
const BY_LINK: usize = 27;

/// No database is made to understand the same again and again.
fn require_prepared(statements: &[String]) {
    let anew: Vec<_> = statements.iter().filter(|one| !is_prepared(one)).collect();
    assert!(anew.is_empty(), "parsed each time: {anew:#?}");
}

#[actix_web::test]
async fn a_registration_takes_few_statements() {
    let Some((world, statements)) = Statements::of(Database::Postgres) else { return };
    let (secretariat, _, consultation) = world.consultation(None, "automatic").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let mut last = Vec::new();
    for name in ["Ada Example", "Bo Example", "Cy Example"] {
        let person = world.person(name);
        statements.heard();
        world.make(&person, &format!("{base}/registrations"), registration("academia", "IN")).await;
        last = statements.heard();
    }
    println!("signed in: {}\n{}", last.len(), last.join("\n"));
    assert!(last.len() <= SIGNED_IN, "{}:\n{}", last.len(), last.join("\n"));
    require_prepared(&last);

    let form = json!({
        "name": "Somebody Example", "sector": "academia", "country": "IN", "languages": ["en"],
        "consents": { "processing": true }
    });
    for name in ["nok", "pia"] {
        statements.heard();
        let asked = json!({ "email": format!("{name}@example.org") });
        send(&world, &format!("{base}/registration-drafts"), None, asked).await;
        last = statements.heard();
        let token = links(&world, "registration_draft").pop().unwrap().1;
        statements.heard();
        for (step, version, body) in [
            ("open", None, json!({ "token": token })),
            ("save", Some(1), json!({ "token": token, "form": form })),
            ("submit", Some(2), json!({ "token": token })),
        ] {
            let path = format!("/api/v1/registration-drafts/{step}");
            let answer = send(&world, &path, version, body).await;
            assert_eq!(answer.status, 200, "{step}: {}", answer.text);
        }
        last.extend(statements.heard());
    }
    println!("by link: {}\n{}", last.len(), last.join("\n"));
    assert!(last.len() <= BY_LINK, "{}:\n{}", last.len(), last.join("\n"));
    require_prepared(&last);
}
