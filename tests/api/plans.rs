//! Assigning people to working groups: from rules to a plan, to what is in force, and out to those who hold the groups.

use rapporteur::jobs;
use serde_json::{Value, json};

use crate::harness::{Person, World, id};

/// Runs the job of a new plan and gives the plan. It searches no longer than a test may take.
pub async fn proposed(world: &World, person: &Person, base: &str, mut body: Value) -> Value {
    if body["work"].is_null() {
        body["work"] = json!(20_000_000);
    }
    let job = world.make(person, &format!("{base}/assignment-plans"), body).await;
    while jobs::runner::run_due(&world.app).await.unwrap() {}
    let job = world.get(Some(person), &format!("/api/v1/jobs/{}", id(&job))).await.json;
    let plan = job["result"]["plan_id"].as_str().unwrap_or_else(|| panic!("no plan: {job}"));
    world.get(Some(person), &format!("/api/v1/assignment-plans/{plan}")).await.json
}
