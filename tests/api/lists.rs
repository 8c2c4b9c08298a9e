//! The queries of lists: which part is wanted, beside the filters; and whatever is neither is refused.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::harness::{Person, World, id};
use crate::on_both;

/// Lists of several kinds, with what each says of a parameter that it does not know.
fn lists(consultation: &str) -> [(String, &'static str); 4] {
    let of = |list: &str| format!("/api/v1/consultations/{consultation}/{list}");
    [
        ("/api/v1/reviews".into(), "`limit` or `cursor`"),
        (of("access-codes"), "`limit` or `cursor`"),
        (of("co-organizing-offers"), "one of `state`, `limit`, `cursor`"),
        (of("assignments"), "one of `round`, `working_group`, `limit`, `cursor`"),
    ]
}

on_both!(what_a_list_cannot_read_is_refused_with_its_name, |world: World| async move {
    let (secretariat, _, consultation) = world.consultation(None, "vetted").await;
    for (list, expected) in lists(id(&consultation)) {
        let ask =
            async |query: &str| world.get(Some(&secretariat), &format!("{list}?{query}")).await;
        assert_eq!(ask("limit=200").await.status, 200, "{list}");
        assert_eq!(ask("").await.status, 200, "{list}");
        for (query, pointer, detail) in [
            (
                "limit=2&colour=blue",
                "?colour",
                format!("unknown field `colour`, expected {expected}"),
            ),
            (
                "colour=blue&limit=0",
                "?colour",
                format!("unknown field `colour`, expected {expected}"),
            ),
            ("limit=2&limit=3", "?limit", "duplicate field `limit`".into()),
            ("cursor=a&cursor=b", "?cursor", "duplicate field `cursor`".into()),
            ("limit=0", "?limit", "must be from 1 to 200".into()),
            ("limit=201", "?limit", "must be from 1 to 200".into()),
            ("limit=abc", "?", "invalid digit found in string".into()),
            ("limit=", "?", "cannot parse integer from empty string".into()),
        ] {
            let refused = ask(query).await;
            refused.is_problem(400, "invalid_query");
            refused.points_to(pointer);
            assert_eq!(refused.json["detail"], detail, "{list}?{query}");
        }
        let refused = ask("cursor=nonsense").await;
        refused.is_problem(400, "invalid_cursor");
        refused.points_to("?cursor");
    }
});

/// Where the list goes on.
async fn next(world: &World, person: &Person, path: &str) -> String {
    let page = world.get(Some(person), path).await;
    page.json["next"].as_str().unwrap_or_else(|| panic!("{path}: {}", page.text)).to_owned()
}

on_both!(a_cursor_continues_one_list_with_one_set_of_filters, |world: World| async move {
    let (secretariat, review, consultation) = world.consultation(None, "vetted").await;
    let consultations = format!("/api/v1/reviews/{}/consultations", id(&review));
    let mut body = crate::harness::consultation();
    body["ordinal"] = json!(3);
    let other = world.make(&secretariat, &consultations, body).await;
    let of =
        |one: &serde_json::Value, list: &str| format!("/api/v1/consultations/{}/{list}", id(one));
    for number in 0..3 {
        let invitation = json!({ "email": format!("someone.{number}@example.org"), "list": "UN" });
        world.make(&secretariat, &of(&consultation, "invitations"), invitation).await;
    }

    let invitations = of(&consultation, "invitations");
    let cursor = next(&world, &secretariat, &format!("{invitations}?state=prepared&limit=1")).await;
    let ask = async |path: &str| world.get(Some(&secretariat), path).await;
    // The order of the parameters is nobody's concern, and the limit may change.
    let page = ask(&format!("{invitations}?limit=2&cursor={cursor}&state=prepared")).await;
    assert_eq!(page.json["items"].as_array().map(Vec::len), Some(2), "{}", page.text);
    for elsewhere in [
        format!("{invitations}?cursor={cursor}"),
        format!("{invitations}?state=invited&cursor={cursor}"),
        format!("{invitations}?state=prepared&list=UN&cursor={cursor}"),
        format!("{}?state=prepared&cursor={cursor}", of(&other, "invitations")),
        format!("/api/v1/outbox?cursor={cursor}"),
        format!("/api/v1/reviews?cursor={cursor}"),
    ] {
        let refused = ask(&elsewhere).await;
        refused.is_problem(400, "invalid_cursor");
        refused.points_to("?cursor");
    }

    let cursor = next(&world, &secretariat, &format!("{consultations}?limit=1")).await;
    assert_eq!(ask(&format!("{consultations}?cursor={cursor}")).await.status, 200);
    ask(&format!("/api/v1/reviews?cursor={cursor}")).await.is_problem(400, "invalid_cursor");
});

/// The cursor with other sort values, as somebody would write it who has read how ours are made.
fn forged(cursor: &str, values: &serde_json::Value) -> String {
    let read = URL_SAFE_NO_PAD.decode(cursor).unwrap();
    let mut read: serde_json::Value = serde_json::from_slice(&read).unwrap();
    read["k"] = values.clone();
    URL_SAFE_NO_PAD.encode(read.to_string())
}

on_both!(a_cursor_that_was_not_given_is_refused_alike_everywhere, |world: World| async move {
    let (secretariat, review, consultation) = world.consultation(None, "vetted").await;
    let of = |list: &str| format!("/api/v1/consultations/{}/{list}", id(&consultation));
    let mut body = crate::harness::consultation();
    body["ordinal"] = json!(3);
    let consultations = format!("/api/v1/reviews/{}/consultations", id(&review));
    world.make(&secretariat, &consultations, body).await;
    for number in 0..2 {
        let invitation = json!({ "email": format!("someone.{number}@example.org"), "list": "UN" });
        world.make(&secretariat, &of("invitations"), invitation).await;
        let round = json!({ "number": number + 1 });
        world.make(&secretariat, &of("rounds"), round).await;
    }
    for list in [of("invitations"), of("rounds"), consultations] {
        let cursor = next(&world, &secretariat, &format!("{list}?limit=1")).await;
        for values in [
            json!(["\u{0}"]),
            json!(["\u{0}", "\u{0}"]),
            json!(["99999999999999999999", "0175db2d-9900-7012-8707-070707070707"]),
            json!(["-1", "0175db2d-9900-7012-8707-070707070707"]),
            json!(["0175db2d-9900-7012-8707-070707070707"]),
            json!([]),
        ] {
            let path = format!("{list}?limit=1&cursor={}", forged(&cursor, &values));
            let refused = world.get(Some(&secretariat), &path).await;
            refused.is_problem(400, "invalid_cursor");
            refused.points_to("?cursor");
        }
        let path = format!("{list}?limit=1&cursor={cursor}");
        assert_eq!(world.get(Some(&secretariat), &path).await.status, 200);
    }
});
