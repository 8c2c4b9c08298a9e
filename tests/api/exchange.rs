//! Registrations out of here as files: only the columns that the caller may see, audited, and good to be imported again.

use rapporteur::access::{Role, ScopeKind};
use rapporteur::exchange::table;
use serde_json::{Value, json};

use crate::harness::{Person, World, id, registration};
use crate::jobs::{import, ran, upload};
use crate::on_both;

struct Scene {
    secretariat: Person,
    admin: Person,
    review: Value,
    consultation: Value,
}

async fn scene(world: &World) -> Scene {
    let (secretariat, review, consultation) = world.consultation(None, "vetted").await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    let admin = world.person_with("Ada Admin", Role::Administrator, ScopeKind::Instance, "");
    let path = format!("/api/v1/consultations/{}/registrations", id(&consultation));
    for (number, name) in ["Asha Example", "=1+1", "أحمد"].into_iter().enumerate() {
        let mut body = registration("academia", "TH");
        body["person"] = json!({ "email": format!("p{number}@example.org"), "name": name });
        body["needs"] = json!({ "interpretation": ["fr"], "captioning": true, "accessibility": "A ramp, please" });
        body["gender"] = json!("woman");
        world.make(&secretariat, &path, body).await;
    }
    Scene { secretariat, admin, review, consultation }
}

impl Scene {
    fn path(&self, query: &str) -> String {
        format!("/api/v1/consultations/{}/registrations/export?{query}", id(&self.consultation))
    }
}

/// The bytes of a download.
async fn download(world: &World, by: &Person, path: &str) -> (reqwest::header::HeaderMap, Vec<u8>) {
    let sent = world.client.get(format!("{}{path}", world.base)).bearer_auth(&by.token);
    let answer = sent.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    (answer.headers().clone(), answer.bytes().await.unwrap().to_vec())
}

on_both!(the_three_formats_hold_the_same_table, |world: World| async move {
    let scene = scene(&world).await;
    let mut tables = Vec::new();
    for (format, kind) in [("csv", "text/csv; charset=utf-8"), ("xlsx", table::XLSX)] {
        let (headers, file) =
            download(&world, &scene.secretariat, &scene.path(&format!("format={format}"))).await;
        assert_eq!(headers["content-type"], kind);
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cache-control"], "no-store");
        let attachment = headers["content-disposition"].to_str().unwrap();
        assert!(
            attachment.starts_with("attachment; filename=\"registrations-")
                && attachment.ends_with(&format!(".{format}\""))
        );
        let read = table::read(&file, None).unwrap();
        assert_eq!(read.rows.len(), 3);
        tables.push(read);
    }
    let (csv, xlsx) = (&tables[0], &tables[1]);
    assert_eq!(csv.header, xlsx.header);
    let cell = |table: &table::Table, row: usize, name: &str| {
        table.rows[row].cells[table.column(name).unwrap()].clone()
    };
    for name in
        ["email", "name", "sector", "interpretation", "captioning", "accessibility", "state"]
    {
        assert_eq!(cell(csv, 1, name), cell(xlsx, 1, name), "{name}");
    }
    assert_eq!(
        (cell(xlsx, 1, "name"), cell(xlsx, 0, "accessibility")),
        ("=1+1".into(), "A ramp, please".into())
    );
    let (_, lines) =
        download(&world, &scene.secretariat, &scene.path("format=ndjson&state=submitted")).await;
    let first: Value =
        serde_json::from_slice(lines.split(|byte| *byte == b'\n').next().unwrap()).unwrap();
    assert_eq!(
        (&first["captioning"], &first["gender"], &first["guardian_name"]),
        (&json!(true), &json!("woman"), &Value::Null)
    );
    let (_, none) =
        download(&world, &scene.secretariat, &scene.path("format=ndjson&country=JP")).await;
    assert!(none.is_empty());
    let (_, marked) = download(&world, &scene.secretariat, &scene.path("mark=true")).await;
    assert!(marked.starts_with("\u{feff}email,".as_bytes()));
});

on_both!(every_export_is_in_the_audit_log, |world: World| async move {
    let scene = scene(&world).await;
    download(&world, &scene.secretariat, &scene.path("format=xlsx")).await;
    let log = world.get(Some(&scene.admin), "/api/v1/audit?limit=200").await.json;
    let entries = log["items"].as_array().unwrap();
    let noted = entries.iter().find(|entry| entry["action"] == "registrations.exported").unwrap();
    assert_eq!(noted["details"], json!({ "count": 3, "format": "xlsx" }), "{noted}");
    let outsider = world.person("Pat Plain");
    world.get(Some(&outsider), &scene.path("format=csv")).await.is_problem(403, "forbidden");
    world
        .get(Some(&scene.secretariat), &scene.path("format=ods"))
        .await
        .is_problem(400, "invalid_query");
});

on_both!(what_was_exported_is_imported_again_and_means_the_same, |world: World| async move {
    let scene = scene(&world).await;
    let mut other = crate::harness::consultation();
    other["ordinal"] = json!(3);
    let path = format!("/api/v1/reviews/{}/consultations", id(&scene.review));
    let other = world.make(&scene.secretariat, &path, other).await;
    world.phases(&scene.secretariat, id(&other), &["open_call"]).await;
    let (_, csv) = download(&world, &scene.secretariat, &scene.path("format=csv&mark=true")).await;
    let job = import(&world, &scene.secretariat, &other, "dry_run=false", csv).await;
    let job = ran(&world, &scene.secretariat, &job).await;
    assert_eq!((&job["state"], &job["result"]["registered"]), (&json!("done"), &json!(3)), "{job}");
    let again = Scene { consultation: other, ..scene };
    let path = format!(
        "/api/v1/consultations/{}/registrations/export?format=csv",
        id(&again.consultation)
    );
    let (_, second) = download(&world, &again.secretariat, &path).await;
    let read = table::read(&second, None).unwrap();
    assert_eq!(read.rows[1].cells[read.column("name").unwrap()], "=1+1");
    assert_eq!(read.rows[0].cells[read.column("accessibility").unwrap()], "A ramp, please");
    // As a workbook too; everybody is registered by now, and each row says so.
    let (_, book) = download(&world, &again.secretariat, &path.replace("csv", "xlsx")).await;
    let path = format!("/api/v1/consultations/{}/registrations/imports", id(&again.consultation));
    let job = upload(&world, &again.secretariat, &path, table::XLSX, book).await;
    assert_eq!(job.status, 202, "{}", job.text);
    let job = ran(&world, &again.secretariat, &job.json).await;
    assert_eq!(
        (&job["result"]["read_as"], &job["result"]["errors_total"]),
        (&json!("xlsx"), &json!(3)),
        "{job}"
    );
    assert_eq!(job["result"]["errors"][0]["code"], "already_registered");
});

on_both!(
    a_co_organizer_sees_the_people_of_their_own_organization_only,
    |world: World| async move {
        let scene = scene(&world).await;
        let base = format!("/api/v1/consultations/{}", id(&scene.consultation));
        let own = json!({ "name": "Example Trust", "sector": "civil_society", "country": "TH" });
        let own = world.make(&scene.secretariat, "/api/v1/organizations", own).await;
        let part = json!({ "organization_id": id(&own), "kind": "stakeholder" });
        world.make(&scene.secretariat, &format!("{base}/co-organizers"), part).await;
        let cora = world.person_with(
            "Cora Co",
            Role::CoOrganizer,
            ScopeKind::Consultation,
            id(&scene.consultation),
        );
        for (email, name) in
            [("cora.co@example.org", "Cora Co"), ("mate@example.org", "Mate Sample")]
        {
            let body = json!({
                "person": { "email": email, "name": name }, "organization_id": id(&own), "languages": ["en"],
                "preferences": [], "consents": { "processing": true }, "needs": { "accessibility": "Nobody's business" }
            });
            world.make(&scene.secretariat, &format!("{base}/registrations"), body).await;
        }
        // Whoever only says that they come for it sees nobody: somebody must have confirmed that.
        let answer = world.get(Some(&cora), &scene.path("format=ndjson")).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""));
        let all = json!({ "filter": { "organization": id(&own) }, "decision": "confirm" });
        world.make(&scene.secretariat, &format!("{base}/registrations/decisions"), all).await;
        let answer = world.get(Some(&cora), &scene.path("format=ndjson")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let rows: Vec<Value> =
            answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Cora Co", "Mate Sample"], "{rows:?}");
        assert!(rows.iter().all(|row| row.as_object().unwrap().len() == 3), "{rows:?}");
        assert!(!answer.text.contains("business") && !answer.text.contains('@'));
    }
);
