//! Registrations out of tables: every cell that cannot be taken is told with its row and column, all or nobody is
//! registered, and five thousand at once are a matter of seconds.

use std::time::{Duration, Instant};

use rapporteur::jobs;
use serde_json::{Value, json};

use crate::harness::{Person, World, id};
use crate::jobs::{import, people, ran, registered, upload};
use crate::on_both;

async fn open(world: &World, capacity: Option<u32>, admission: &str) -> (Person, Value) {
    let (secretariat, _, consultation) = world.consultation(capacity, admission).await;
    world.phases(&secretariat, id(&consultation), &["open_call"]).await;
    (secretariat, consultation)
}

/// Starts an import, runs it, and gives the job as it ended.
async fn done(
    world: &World,
    by: &Person,
    consultation: &Value,
    query: &str,
    csv: impl Into<Vec<u8>>,
) -> Value {
    let job = import(world, by, consultation, query, csv).await;
    ran(world, by, &job).await
}

/// What is wrong, as `row column code`.
fn told(errors: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let one = |error: &Value| {
        format!("{} {} {}", error["row"], word(&error["column"]), word(&error["code"]))
    };
    errors.as_array().unwrap().iter().map(one).collect()
}

async fn export(world: &World, by: &Person, consultation: &Value) -> Vec<Value> {
    let path =
        format!("/api/v1/consultations/{}/registrations/export?format=ndjson", id(consultation));
    let lines = world.get(Some(by), &path).await.text;
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

on_both!(a_dry_run_tells_every_cell_that_is_wrong, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let group = json!({ "number": 1, "clusters": [[4, 8]], "min_size": 1, "max_size": 40, "languages": ["en"] });
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    world.make(&secretariat, &format!("{base}/working-groups"), group).await;
    let before =
        "email,name,sector,country,consent_processing\nknown@example.org,Known One,media,TH,yes\n";
    assert_eq!(
        done(&world, &secretariat, &consultation, "dry_run=false", before).await["state"],
        "done"
    );
    let file = "\
E-mail,Full name,Organisation,Sector,Country,Gender,Languages,Preferences,Age,T-shirt,Consent
good@example.org,Good One,,Academia,Viet Nam,female,English; fr,1,25-34,L,yes
bad@,Two Wrong,,media,Atlantis,woman,en,1,,M,yes
known@example.org,Known One,,media,TH,,en,,,,yes
good@example.org,Good Again,,media,TH,,en,,,,yes
five@example.org,,,media,TH,,en,,,,yes
six@example.org,Six,No Such Organization,media,TH,,en,,,,yes
seven@example.org,Seven,,knitting,TH,perhaps,Klingon,9,old,,maybe
eight@example.org,Eight,,un_entity,TH,,en,,,,no
nine@example.org,Nine,,,,,en,,under_18,,yes
";
    let job = done(&world, &secretariat, &consultation, "dry_run=true", file).await;
    assert_eq!(job["state"], "done", "{job}");
    let report = &job["result"];
    assert_eq!(
        (&report["dry_run"], &report["rows"], &report["good"]),
        (&json!(true), &json!(9), &json!(1)),
        "{report}"
    );
    let mut errors = told(&report["errors"]);
    errors.sort_by_key(|error| error.split(' ').next().unwrap().parse::<u32>().unwrap());
    let expected = [
        "3 E-mail invalid_email",
        "3 Country unknown_country",
        "4 E-mail already_registered",
        "5 E-mail duplicate",
        "6 - missing",
        "7 Organisation unknown_organization",
        "8 Sector unknown_sector",
        "8 Gender unknown_gender",
        "8 Languages unknown_language",
        "8 Preferences unknown_number",
        "8 Age unknown_age_band",
        "8 Consent not_yes_or_no",
        "9 Consent consent_missing",
    ];
    for one in expected {
        let found = errors
            .iter()
            .any(|error| error == one || (one == "6 - missing" && error == "6 Full name missing"));
        assert!(found, "no {one} in {errors:?}");
    }
    assert!(errors.iter().any(|error| error.starts_with("10 Sector")), "{errors:?}");
    assert!(errors.iter().any(|error| error.starts_with("10 Country")), "{errors:?}");
    let columns = report["columns"].as_array().unwrap();
    let field =
        |name: &str| columns.iter().find(|one| one["column"] == name).unwrap()["field"].clone();
    assert_eq!(
        (field("Organisation"), field("T-shirt"), field("Age")),
        (json!("organization"), Value::Null, json!("age_band"))
    );
    assert_eq!(
        registered(&world, &secretariat, &consultation).await,
        1,
        "a dry run writes nothing"
    );
    // The real run tells the same and registers nobody.
    let failed = done(&world, &secretariat, &consultation, "dry_run=false", file).await;
    assert_eq!(
        (&failed["state"], &failed["problem"]["code"]),
        (&json!("failed"), &json!("invalid_value")),
        "{failed}"
    );
    let pointers: Vec<_> = failed["problem"]["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].clone())
        .collect();
    assert!(pointers.contains(&json!("/rows/3/Country")), "{pointers:?}");
    assert_eq!(registered(&world, &secretariat, &consultation).await, 1);
});

on_both!(names_and_addresses_of_all_the_world_arrive_as_they_are, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let thai = "ก".repeat(300);
    let people: Vec<(&str, String)> = vec![
        ("formula@example.org", "=HYPERLINK(\"http://evil.example\",\"x\")".into()),
        ("rtl@example.org", "أحمد מאיר".into()),
        ("emoji@example.org", "Ada 👩🏽‍💻 Example".into()),
        ("plus+tag@example.org", "Plus Person".into()),
        ("idn@bücher.example", "Björk Þórsdóttir".into()),
        ("IDN2@xn--bcher-kva.example", "Second Form".into()),
        ("composed@example.org", "Nguyễn Thị Ánh".into()),
    ];
    let mut text = "\u{feff}email,name,sector,country\r\n".to_owned();
    for (email, name) in &people {
        text.push_str(&format!("{email},\"{}\",media,ไม่มี\r\n", name.replace('"', "\"\"")));
    }
    let wrong =
        done(&world, &secretariat, &consultation, "dry_run=true&consent_basis=Said", text.clone())
            .await;
    let all = told(&wrong["result"]["errors"]);
    assert!(
        all.len() == people.len()
            && all.iter().all(|error| error.ends_with(" country unknown_country")),
        "{all:?}"
    );
    let text = text.replace("ไม่มี", "Lao People's Democratic Republic");
    let job =
        done(&world, &secretariat, &consultation, "dry_run=false&consent_basis=Said", text).await;
    assert_eq!(
        (&job["state"], &job["result"]["read_as"]),
        (&json!("done"), &json!("utf-8")),
        "{job}"
    );
    let found = export(&world, &secretariat, &consultation).await;
    for (email, name) in &people {
        let email = email.to_lowercase().replace("bücher", "xn--bcher-kva");
        let one =
            found.iter().find(|one| one["email"] == email).unwrap_or_else(|| panic!("no {email}"));
        assert_eq!((&one["name"], &one["country"]), (&json!(name), &json!("LA")));
    }
    // A spreadsheet that opens the export computes nothing.
    let path =
        format!("/api/v1/consultations/{}/registrations/export?format=csv", id(&consultation));
    let csv = world.get(Some(&secretariat), &path).await.text;
    assert!(csv.contains(",\"'=HYPERLINK(") && !csv.contains(",\"=HYPERLINK("), "{csv}");
    // Three hundred characters: taken whole, or refused by row and column.
    let text = format!("email,name,sector,country\nlong@example.org,{thai},media,TH\n");
    let job =
        done(&world, &secretariat, &consultation, "dry_run=false&consent_basis=Said", text).await;
    match job["state"].as_str() {
        Some("done") => {
            let found = export(&world, &secretariat, &consultation).await;
            assert!(found.iter().any(|one| one["name"] == thai.as_str()));
        }
        _ => assert_eq!(job["problem"]["errors"][0]["pointer"], "/rows/2/name", "{job}"),
    }
});

on_both!(
    letters_that_are_guessed_are_shown_and_taken_once_they_are_said,
    |world: World| async move {
        let (secretariat, consultation) = open(&world, None, "vetted").await;
        let base = format!("/api/v1/consultations/{}", id(&consultation));
        let files = [
            (encoding_rs::WINDOWS_1252, "windows-1252", "Zoë Müller", "Müller"),
            (encoding_rs::WINDOWS_874, "windows-874", "สมชาย ตัวอย่าง", "ตัวอย่าง"),
            (encoding_rs::WINDOWS_1251, "windows-1251", "Иван Пример", "Пример"),
        ];
        for (at, (encoding, charset, name, word)) in files.into_iter().enumerate() {
            let text =
                format!("email;name;sector;country\r\nperson{at}@example.org;{name};media;TH\r\n");
            let (bytes, _, _) = encoding.encode(&text);
            for query in ["dry_run=true", "dry_run=false"] {
                let path = format!("{base}/registrations/imports?{query}&consent_basis=Said");
                let unsaid = upload(&world, &secretariat, &path, "text/csv", bytes.to_vec()).await;
                unsaid.is_problem(422, "unknown_letters");
                assert!(
                    unsaid.text.contains(word) && unsaid.text.contains(charset),
                    "{}",
                    unsaid.text
                );
                let kind = format!("text/csv; charset={charset}");
                let said = upload(&world, &secretariat, &path, &kind, bytes.to_vec()).await;
                let job = ran(&world, &secretariat, &said.json).await;
                let read = (&job["state"], &job["result"]["read_as"]);
                assert_eq!(read, (&json!("done"), &json!("as_said")), "{job}");
            }
            let found = export(&world, &secretariat, &consultation).await;
            assert!(found.iter().any(|one| one["name"] == name), "{found:?}");
            assert_eq!(found.len(), at + 1);
        }
    }
);

on_both!(addresses_beyond_ascii_are_taken_and_known_again, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let rows = "email,name,sector,country,consent_processing\n\
                üser@example.org,Local,Academia,Thailand,yes\n\
                plus+tag@example.org,Plus,Academia,Thailand,yes\n";
    let twice = format!("{rows}U\u{308}SER@example.org,Again,Academia,Thailand,yes\n");
    let path =
        format!("/api/v1/consultations/{}/registrations/imports?dry_run=false", id(&consultation));
    let refused = upload(&world, &secretariat, &path, "text/csv", twice.into_bytes()).await;
    let job = ran(&world, &secretariat, &refused.json).await;
    assert_eq!(job["state"], "failed", "{job}");
    let taken = upload(&world, &secretariat, &path, "text/csv", rows.as_bytes().to_vec()).await;
    let job = ran(&world, &secretariat, &taken.json).await;
    assert_eq!(job["state"], "done", "{job}");
    let found = export(&world, &secretariat, &consultation).await;
    assert!(found.iter().any(|one| one["email"] == "üser@example.org"), "{found:?}");
});

on_both!(somebody_must_say_that_people_consented, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let path =
        format!("/api/v1/consultations/{}/registrations/imports?dry_run=false", id(&consultation));
    let file = "email,name,sector,country\na@example.org,Ada,media,TH\n";
    let refused = upload(&world, &secretariat, &path, "text/csv", file).await;
    refused.is_problem(422, "invalid_value");
    refused.points_to("?consent_basis");
    let basis = "Box+7+of+the+form+of+October";
    let job = done(
        &world,
        &secretariat,
        &consultation,
        &format!("dry_run=false&consent_basis={basis}"),
        file,
    )
    .await;
    assert_eq!(job["state"], "done", "{job}");
    let admin = world.person_with(
        "Ada Admin",
        rapporteur::access::Role::Administrator,
        rapporteur::access::ScopeKind::Instance,
        "",
    );
    let log = world.get(Some(&admin), "/api/v1/audit?limit=200").await.text;
    assert!(
        log.contains("registrations.imported") && log.contains("Box 7 of the form of October"),
        "{log}"
    );
    assert!(!log.contains("a@example.org"), "the log has ids only");
});

on_both!(files_of_indico_and_pretix_are_known_by_their_columns, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let trust = json!({ "name": "Example Trust", "acronym": "EXT", "sector": "civil_society", "country": "TH" });
    world.make(&secretariat, "/api/v1/organizations", trust).await;
    let indico = "\
ID,Name,First Name,Last Name,Email Address,Affiliation,Position,Country,Country,Registration date,Registration state
1,Asha Example,Asha,Example,asha@example.org,EXT,Director,Thailand,yes,2020-10-01,Completed
2,Boon Sample,Boon,Sample,boon@example.org,example trust,,\"Iran, Islamic Republic of\",,2020-10-01,Pending
3,Chan Gone,Chan,Gone,chan@example.org,EXT,,Thailand,,2020-10-01,Withdrawn
";
    let query = "dry_run=false&profile=indico&consent_basis=Indico+form";
    let job = done(&world, &secretariat, &consultation, query, indico).await;
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(
        (&job["result"]["registered"], &job["result"]["passed_over"]),
        (&json!(2), &json!(1))
    );
    let columns = job["result"]["columns"].as_array().unwrap();
    assert!(
        columns.iter().any(|one| one["column"] == "Country (2)" && one["field"].is_null()),
        "{columns:?}"
    );
    let pretix = "\
Order code;Position ID;Status;Email;Phone number;Product;Attendee name;Attendee name: Given name;Attendee name: Family name;Attendee email;Company;Country;Your sector;Company;Country
AB12C;1;paid;orders@example.org;;Ticket;Dara Example;Dara;Example;dara@example.org;New Network;KH;Civil society;Payer;TH
AB12C;2;paid;orders@example.org;;Ticket;Emi Example;Emi;Example;;;JP;Academia;Payer;TH
XY99Z;1;canceled;gone@example.org;;Ticket;Gone;;;;;JP;Academia;;
";
    let query = "profile=pretix&consent_basis=Shop&create_organizations=true&mapping=%7B%22Your+sector%22%3A%22sector%22%7D";
    let dry =
        done(&world, &secretariat, &consultation, &format!("dry_run=true&{query}"), pretix).await;
    assert_eq!(dry["result"]["new_organizations"], json!(["New Network"]), "{dry}");
    let job =
        done(&world, &secretariat, &consultation, &format!("dry_run=false&{query}"), pretix).await;
    assert_eq!((&job["state"], &job["result"]["registered"]), (&json!("done"), &json!(2)), "{job}");
    let found = export(&world, &secretariat, &consultation).await;
    let one = |email: &str| found.iter().find(|one| one["email"] == email).unwrap().clone();
    assert_eq!(one("asha@example.org")["organization"], "Example Trust");
    assert_eq!(one("boon@example.org")["country"], "IR");
    assert_eq!(
        (&one("dara@example.org")["organization"], &one("dara@example.org")["source"]),
        (&json!("New Network"), &json!("import"))
    );
    assert_eq!(
        one("orders@example.org")["name"],
        "Emi Example",
        "who has no address is reached by that of the order"
    );
    assert_eq!(found.len(), 4);
});

on_both!(answers_and_choices_come_along, |world: World| async move {
    let (secretariat, consultation) = open(&world, None, "vetted").await;
    let base = format!("/api/v1/consultations/{}", id(&consultation));
    let question = json!({
        "code": "topics", "kind": "many_of", "wording": { "en": { "prompt": "Which topics?" } },
        "options": [{ "code": "borders", "labels": { "en": "Borders" } }, { "code": "work", "labels": { "en": "Decent work" } }],
        "purpose": "To form groups", "legal_basis": "consent", "retention": "answers"
    });
    world.make(&secretariat, &format!("{base}/questions"), question).await;
    let file = "email,name,sector,country,Which topics?\na@example.org,Ada,media,TH,Borders; Decent work\nb@example.org,Bo,media,TH,Cake\n";
    let job =
        done(&world, &secretariat, &consultation, "dry_run=true&consent_basis=Said", file).await;
    assert_eq!(told(&job["result"]["errors"]), ["3 Which topics? invalid_answer"], "{job}");
    let file = file.replace("Cake", "work");
    let job =
        done(&world, &secretariat, &consultation, "dry_run=false&consent_basis=Said", file).await;
    assert_eq!(job["state"], "done", "{job}");
    let found = export(&world, &secretariat, &consultation).await;
    assert_eq!(
        (&found[0]["topics"], &found[1]["topics"]),
        (&json!("borders; work"), &json!("work"))
    );
});

on_both!(five_thousand_come_in_one_request_while_progress_is_seen, |world: World| async move {
    let (secretariat, consultation) = open(&world, Some(3000), "automatic").await;
    let mut file = people(0, 5000);
    file = file.replace(",TH,", ",Thailand,");
    let job = import(&world, &secretariat, &consultation, "dry_run=false", file).await;
    let (app, started) = (world.app.clone(), Instant::now());
    let running = tokio::spawn(async move { jobs::runner::run_due(&app).await.unwrap() });
    let path = format!("/api/v1/jobs/{}", id(&job));
    let mut seen = Vec::new();
    let ended = loop {
        let now = world.get(Some(&secretariat), &path).await.json;
        if ["done", "failed"].contains(&now["state"].as_str().unwrap()) {
            break now;
        }
        if now["progress"]["message"] == "Checking rows" {
            assert_eq!(now["progress"]["total"], 5000);
            seen.push(now["progress"]["done"].as_i64().unwrap());
        }
        assert!(started.elapsed() < Duration::from_secs(300), "{now}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    running.await.unwrap();
    println!("5,000 in {:?} (debug build)", started.elapsed());
    assert_eq!(ended["state"], "done", "{ended}");
    assert_eq!(ended["result"]["states"], json!({ "confirmed": 3000, "waitlisted": 2000 }));
    seen.dedup();
    assert!(seen.len() > 3 && seen.windows(2).all(|pair| pair[0] < pair[1]), "{seen:?}");
    let found = export(&world, &secretariat, &consultation).await;
    assert_eq!(found.len(), 5000);
    // The waiting list is in the order of the file.
    let waiting: Vec<_> = found.iter().filter(|one| one["state"] == "waitlisted").collect();
    assert_eq!(
        (waiting[0]["email"].as_str(), &waiting[0]["waiting_number"]),
        (Some("person3000@example.org"), &json!(1.0))
    );
    assert_eq!(waiting[1999]["waiting_number"], json!(2000.0));
});

on_both!(
    two_importers_at_once_register_nobody_twice_and_exceed_no_capacity,
    |world: World| async move {
        let (secretariat, consultation) = open(&world, Some(150), "automatic").await;
        // The second half of the one is the first half of the other.
        let one =
            import(&world, &secretariat, &consultation, "dry_run=false", people(0, 200)).await;
        let other =
            import(&world, &secretariat, &consultation, "dry_run=false", people(100, 200)).await;
        let third =
            import(&world, &secretariat, &consultation, "dry_run=false", people(1000, 100)).await;
        let run = |app: rapporteur::app::App| async move {
            while jobs::runner::run_due(&app).await.unwrap() {}
        };
        tokio::join!(run(world.app.clone()), run(world.app.clone()), run(world.app.clone()));
        let mut ended = Vec::new();
        for job in [&one, &other, &third] {
            ended.push(ran(&world, &secretariat, job).await);
        }
        assert_eq!(ended[2]["state"], "done", "{}", ended[2]);
        let mut states: Vec<_> =
            ended[..2].iter().map(|job| job["state"].as_str().unwrap()).collect();
        states.sort_unstable();
        assert_eq!(states, ["done", "failed"], "{ended:?}");
        let failed = ended.iter().find(|job| job["state"] == "failed").unwrap();
        assert_eq!(failed["problem"]["errors"][0]["code"], "already_registered", "{failed}");
        let found = export(&world, &secretariat, &consultation).await;
        let confirmed = found.iter().filter(|one| one["state"] == "confirmed").count();
        assert_eq!((found.len(), confirmed), (300, 150));
    }
);
