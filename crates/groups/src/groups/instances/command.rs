//! `rapporteur assign`: solves an instance in a file, without a server, and shows the plan with its quality in a report.
//! The caller of the solver who knows the clock. It must never know the database.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use uuid::Uuid;

use super::file::{self, InstanceFile};
use crate::groups::solver::{self, Aspect, Limits, Plan, Progress, Quality, Unmet};

/// What is to be solved.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The instance (`assign-instance/1`).
    #[arg(long, value_name = "FILE")]
    instance: PathBuf,
    /// Decides between equals, in place of the file's.
    #[arg(long)]
    seed: Option<u64>,
    /// The most steps of the search. The same steps give the same plan on every machine.
    #[arg(long, default_value_t = Limits::USUAL.work)]
    work: u64,
    /// The longest time, in seconds: the plan then depends on how fast the machine is.
    #[arg(long)]
    seconds: Option<u64>,
    /// Where the plan goes, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Solves the instance, tells of the progress on standard error, and gives the report. Ctrl-C ends the search, and the
/// report is about the best plan so far; once more, and the process ends.
pub fn run(arguments: &Arguments) -> Result<String, String> {
    let path = arguments.instance.display();
    let text =
        std::fs::read_to_string(&arguments.instance).map_err(|error| format!("{path}: {error}"))?;
    let mut file = file::read(&text).map_err(|error| format!("{path}: {error}"))?;
    file.instance.seed = arguments.seed.unwrap_or(file.instance.seed);
    let start = Instant::now();
    let until = arguments.seconds.map(Duration::from_secs);
    let interrupted = listen();
    let mut told = (i64::MAX, i64::MIN);
    let plan = solver::solve(&file.instance, &Limits { work: arguments.work }, &mut |now| {
        if told != (now.value, now.bound) {
            told = (now.value, now.bound);
            eprintln!("{}", line(now, start.elapsed()));
        }
        let is_over = until.is_some_and(|until| start.elapsed() >= until);
        if is_over || interrupted.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&plan).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(report(&file, &plan, start.elapsed()))
}

/// Becomes true at the first Ctrl-C; the second ends the process.
#[expect(clippy::exit, reason = "whoever asks twice does not want to wait for anything")]
fn listen() -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let told = interrupted.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        // Who cannot listen leaves Ctrl-C what it is: it ends the process.
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async {
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            told.store(true, Ordering::Relaxed);
            eprintln!("stopping with the best plan so far; Ctrl-C once more ends at once");
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        });
    });
    interrupted
}

fn line(now: &Progress, elapsed: Duration) -> String {
    let bound = if now.bound > i64::MIN { now.bound.to_string() } else { "–".to_owned() };
    let stage = format!("{:?}", now.stage).to_lowercase();
    format!("{:8.2} s  value {:>10}  bound {bound:>10}  {stage}", elapsed.as_secs_f64(), now.value)
}

/// The plan in a table: value, bound and parts, wishes, every group beside its bands, and what could not be met.
pub fn report(file: &InstanceFile, plan: &Plan, elapsed: Duration) -> String {
    let mut text = String::new();
    let name = |id: Uuid| file.names.get(&id).cloned().unwrap_or_else(|| id.to_string());
    let instance = &file.instance;
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "{}: {} people, {} groups, {} rounds\n",
        file.name,
        instance.people.len(),
        instance.groups.len(),
        instance.rounds.len()
    );
    write_value(&mut text, plan, elapsed);
    write_wishes(&mut text, plan);
    write_groups(&mut text, plan, &name);
    write_unmet(&mut text, file, plan, &name);
    text
}

fn write_value(text: &mut String, plan: &Plan, elapsed: Duration) {
    let quality = &plan.quality;
    let bound = quality.bound.unwrap_or_default();
    let _ = writeln!(text, "value {} · bound {bound} · {}", quality.value, how_near(quality));
    if let Some(broken) = how_broken(quality) {
        let _ = writeln!(text, "{broken}");
    }
    let _ = writeln!(text, "{} steps in {:.2} s\n", quality.work, elapsed.as_secs_f64());
    for (part, points) in quality.parts.named().into_iter().filter(|(_, points)| *points != 0) {
        let _ = writeln!(text, "  {part:<16}{points:>12}");
    }
}

/// How far from the best it can be, in points and, where only soft ones can be saved, as a part of these.
fn how_near(quality: &Quality) -> String {
    let gap = quality.gap().unwrap_or_default();
    if quality.is_optimal() {
        return "proved to be the best there is".to_owned();
    }
    if quality.unavoidable().is_none() {
        return format!("at most {gap} from the best");
    }
    let soft = quality.parts.soft().max(1);
    format!("at most {gap} from the best ({:.2} % of {soft})", 100.0 * gap as f64 / soft as f64)
}

/// What of the value broken rules are, and whether that can be avoided; nothing if all are kept.
fn how_broken(quality: &Quality) -> Option<String> {
    let (hard, soft) = (quality.parts.hard(), quality.parts.soft());
    let proof = match quality.unavoidable() {
        Some(_) => "no plan breaks rules for less, which is proved",
        None => "whether a plan can break rules for less is not known",
    };
    (hard > 0)
        .then(|| format!("{hard} of the value are for broken rules, {soft} for the rest: {proof}"))
}

fn write_wishes(text: &mut String, plan: &Plan) {
    let satisfaction = &plan.quality.satisfaction;
    let _ = writeln!(
        text,
        "\n{} of {} people with preferences are in their first choice at least once",
        satisfaction.first_choices, satisfaction.with_preferences
    );
    for (rank, count) in satisfaction.by_rank.iter().enumerate() {
        let _ = writeln!(text, "  choice {:<9}{count:>12} rounds of people", rank + 1);
    }
    let _ = writeln!(text, "  {:<16}{:>12}", "not ranked", satisfaction.not_ranked);
    let _ = writeln!(text, "  {:<16}{:>12}", "no preference", satisfaction.indifferent);
}

fn write_groups(text: &mut String, plan: &Plan, name: solver::Name<'_>) {
    let mut compositions: Vec<_> = plan.quality.groups.iter().collect();
    compositions.sort_by_key(|one| (name(one.round), name(one.group)));
    let mut round = None;
    for one in compositions {
        if round != Some(one.round) {
            round = Some(one.round);
            let _ = writeln!(text, "\nround {}", name(one.round));
        }
        let mut outside: BTreeMap<Aspect, Vec<String>> = BTreeMap::new();
        let mut kept = 0;
        for share in &one.shares {
            if share.distance() == 0 {
                kept += 1;
                continue;
            }
            let value = share.value.parse().map_or_else(|_| share.value.clone(), name);
            let words = format!("{value} {} (band {}–{})", share.count, share.from, share.to);
            outside.entry(share.aspect).or_default().push(words);
        }
        let words: Vec<String> = outside.into_values().flatten().collect();
        let words = if words.is_empty() { "none".to_owned() } else { words.join("; ") };
        let _ = writeln!(
            text,
            "  {:<10}{:>5} people (even {}–{}, limits {}–{})  in band {kept}, outside: {words}",
            name(one.group),
            one.size,
            one.even_from,
            one.even_to,
            one.min,
            one.max
        );
    }
}

fn write_unmet(text: &mut String, file: &InstanceFile, plan: &Plan, name: solver::Name<'_>) {
    if plan.unmet.is_empty() {
        let _ = writeln!(text, "\nevery rule is kept");
        return;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for unmet in &plan.unmet {
        *counts.entry(kind(unmet)).or_default() += 1;
    }
    let _ = writeln!(text, "\nnot met:");
    for (kind, count) in counts {
        let _ = writeln!(text, "  {kind:<24}{count:>6}");
    }
    for clash in solver::clashes(&file.instance) {
        let _ = writeln!(text, "  {}", clash.sentence(name));
    }
}

fn kind(unmet: &Unmet) -> &'static str {
    match unmet {
        Unmet::OverCapacity { .. } => "over_capacity",
        Unmet::NoLanguage { .. } => "no_language",
        Unmet::WrongLanguage { .. } => "wrong_language",
        Unmet::NotInRound { .. } => "not_in_round",
        Unmet::PinBroken { .. } => "pin_broken",
        Unmet::PinsExceedMax { .. } => "pins_exceed_max",
        Unmet::AboveMaximum { .. } => "above_maximum",
        Unmet::BelowMinimum { .. } => "below_minimum",
        Unmet::Repeat { .. } => "repeat",
        Unmet::NotApart { .. } => "not_apart",
        Unmet::NotTogether { .. } => "not_together",
        Unmet::TogetherDropped { .. } => "together_dropped",
        Unmet::PinIgnored { .. } => "pin_ignored",
    }
}
