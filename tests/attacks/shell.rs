//! Whoever has a shell on the machine: the log at its most talkative, figures, the queue of jobs, temporary files.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use rapporteur::jobs;
use reqwest::Method;
use serde_json::json;

use crate::crash::{Running, free_port, ready, serving};
use crate::crowd::{Crowd, word};
use crate::harness::{World, id};
use crate::on_both;
use crate::tell;
use crate::thief::{Row, dump, execute, folders, grep};

/// What the program says and counts, once it has no more to say.
async fn seen(running: &Running, metrics: &str, log: &Path) -> (String, String) {
    let mut last = String::new();
    loop {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let said = std::fs::read_to_string(log).unwrap();
        if said == last {
            let figures = running.client.get(metrics).send().await.unwrap().text().await.unwrap();
            return (figures, std::fs::read_to_string(log).unwrap());
        }
        last = said;
    }
}

/// Everything of the queue of jobs.
fn queue(world: &World) -> Vec<Row> {
    dump(world).into_iter().filter(|row| row.table.starts_with("job")).collect()
}

on_both!(
    nothing_that_the_program_leaves_behind_tells_of_a_contribution,
    |world: World| async move {
        let crowd = Crowd::gather(&world, 12).await;
        // The real program, over the same data.
        let folder = tempfile::tempdir().unwrap();
        let (log, temporary) = (folder.path().join("log"), folder.path().join("temporary"));
        std::fs::create_dir(&temporary).unwrap();
        let (port, metrics) = (free_port(), free_port());
        let url = world.database.as_ref().map(|database| database.url.as_str());
        let mut command = serving(&world.folder, url, port);
        command
            .env("RAPPORTEUR_METRICS__BIND", format!("127.0.0.1:{metrics}"))
            .env("RAPPORTEUR_LOG__FILTER", "trace")
            .env("TMPDIR", &temporary)
            .stderr(File::create(&log).unwrap());
        let running = ready(command, port).await;
        let metrics = format!("http://127.0.0.1:{metrics}/metrics");
        let send = async |receipt: &str,
                          method: Method,
                          what: &str,
                          body: Option<serde_json::Value>| {
            let path = format!("{}{}", running.base, crowd.of(what));
            let request = running.client.request(method, path).header("Receipt", receipt);
            let request = if let Some(body) = &body { request.json(body) } else { request };
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.json::<serde_json::Value>().await.unwrap_or_default())
        };
        let before = seen(&running, &metrics, &log).await;
        let mut linked = 0;
        for (number, member) in crowd.members.iter().enumerate() {
            let said = crowd.said(number);
            let (status, made) =
                send(&member.receipt, Method::POST, "contributions", Some(said)).await;
            assert_eq!(status, 201, "{made}");
            // It is looked at, changed and, one of them, taken back.
            let path = format!("contributions/{}", id(&made));
            let other = crowd.said(100 + number);
            let (changed, _) = send(&member.receipt, Method::PUT, &path, Some(other)).await;
            let (read, _) = send(&member.receipt, Method::GET, "contributions", None).await;
            let similar = json!({ "body": "Offices are far." });
            let (found, _) =
                send(&member.receipt, Method::POST, "contributions/similar", Some(similar)).await;
            assert_eq!((changed, read, found), (200, 200, 200));
            if number == 11 {
                assert_eq!(send(&member.receipt, Method::DELETE, &path, None).await.0, 204);
            }
        }
        let after = seen(&running, &metrics, &log).await;
        linked += usize::from(before.0 != after.0) + usize::from(before.1 != after.1);
        let waiting_jobs = queue(&world).len();
        // A fixed time comes for it, too.
        let zone: chrono_tz::Tz = crowd.consultation["zone"].as_str().unwrap().parse().unwrap();
        let now = rapporteur::clock::Clock::System.now().utc();
        let time = now.with_timezone(&zone).format("%H:%M");
        execute(&world, &format!("UPDATE mixings SET times = '[\"{time}\"]', seen_to = NULL"));
        let mut mixed = false;
        for _ in 0..400 {
            let (_, own) =
                send(&crowd.members[0].receipt, Method::GET, "contributions", None).await;
            mixed = own["contributions"][0]["waits"] == false;
            if mixed {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(mixed, "it was not mixed");
        let (_, said) = seen(&running, &metrics, &log).await;
        assert!(said.len() > 1000, "this log would not tell anything: {said}");
        drop(running);
        // Nothing of what anybody said stands in what was said on the way, nor what it is called by.
        let rows = dump(&world);
        let inputs = rows.iter().filter(|row| row.table == "inputs" || row.table == "input_voices");
        let ids = inputs.flat_map(|row| {
            let ids = row.text.split(['(', ',', '|', ' ']).map(|one| one.replace('-', ""));
            ids.filter(|one| one.len() == 32 && one.chars().all(|c| c.is_ascii_hexdigit()))
        });
        let texts = (0..12).chain(100..112).map(word);
        let of_crowd = [id(&crowd.consultation), id(&crowd.review), id(&crowd.category)];
        let of_crowd = of_crowd.map(|one| one.replace('-', ""));
        let receipts = crowd.members.iter().map(|member| member.receipt.to_lowercase());
        let bare = said.replace('-', "").to_lowercase();
        let wanted: Vec<String> =
            ids.chain(texts).chain(receipts).filter(|one| !of_crowd.contains(one)).collect();
        assert!(wanted.len() > 12 * 3, "{wanted:?}");
        let told = wanted.iter().filter(|one| bare.contains(&one.replace('-', ""))).count();
        let words: Vec<String> = (0..12).chain(100..112).map(word).collect();
        let left = grep(&temporary, &words).len() + std::fs::read_dir(&temporary).unwrap().count();
        // Of PostgreSQL the server's own log, too, which is shared.
        let database_log = folders(&world).into_iter().filter(|path| path.ends_with("log"));
        let in_log: usize = database_log.map(|path| grep(&path, &words).len()).sum();
        linked += told + left + in_log;
        // Nor does a queue hold any of it.
        linked += waiting_jobs + queue(&world).len();
        tell(&world, "by the log, the queue and what lies about", linked, 12);
        assert_eq!(
            (linked, before.0 == after.0, before.1 == after.1, told, left, in_log),
            (0, true, true, 0, 0, 0),
            "{:?}",
            queue(&world)
        );
    }
);

on_both!(a_job_keeps_nothing_of_the_file_that_it_was_given, |world: World| async move {
    let crowd = Crowd::gather(&world, 2).await;
    let speaker = "Victim No1";
    for (number, (query, good)) in [
        ("dry_run=true", true),
        ("dry_run=true", false),
        ("dry_run=false", true),
        ("dry_run=false", false),
    ]
    .into_iter()
    .enumerate()
    {
        let category = if good { crowd.category["code"].as_str().unwrap() } else { speaker };
        let word = word(number);
        let csv = format!(
            "body,objectives,category,told_by\r\n\"{speaker} asked for what {word} says.\",4,{category},one\r\n"
        );
        let path = format!("{}?{query}", crowd.of("inputs/imports"));
        let team = crowd.team(&world);
        let request = world.client.post(format!("{}{path}", world.base)).bearer_auth(&team.token);
        let sent = request.header("Content-Type", "text/csv").body(csv).send().await.unwrap();
        assert_eq!(sent.status(), 202, "{}", sent.text().await.unwrap());
        while jobs::runner::run_due(&world.app).await.unwrap() {}
    }
    let rows = queue(&world);
    assert_eq!(rows.iter().filter(|row| row.table == "jobs").count(), 4);
    let words: Vec<String> = (0..4).map(word).chain([speaker.to_owned()]).collect();
    let kept: Vec<&Row> =
        rows.iter().filter(|row| words.iter().any(|one| row.text.contains(one))).collect();
    tell(&world, "by what jobs keep", kept.len(), 4);
    assert!(kept.is_empty(), "{kept:?}");
});
