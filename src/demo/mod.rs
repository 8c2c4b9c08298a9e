//! Builds the reference series through the services, as its real people would, writes what was published to a folder and
//! says what is there. Must never touch a table: what the demonstration can do, everybody can do through the API.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::app::App;
use crate::clock::Clock;
use crate::db::{Db, Target};
use crate::features::FEATURES;
use crate::groups::solver::Quality;
use crate::http::page::Paging;
use crate::ids::Ids;
use crate::printing::Output;
use crate::problem::Problem;
use crate::reports::compile::style;

use crate::reports::{self, ReportState, folder};
use crate::reviews::{self, Review};
use crate::settings::Settings;
use crate::work::Credentials;

mod build;
mod content;
mod doors;
mod exports;

use content::Content;

/// What the demo is asked to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// Starts over.
    pub fresh: bool,
    /// Serves afterwards.
    pub serve: bool,
    /// Where the exports go.
    pub out: PathBuf,
}

/// Builds everything that is not there, writes the exports and prints what there is.
///
/// # Errors
/// What stands in the way, in words for whoever started it.
pub fn run(settings: Settings, options: &Options) -> Result<(), String> {
    let progress = Progress::begin();
    let app = open(settings, options.fresh)?;
    let content = Content::load(app.clock.now().utc())?;
    let (review, sign_ins, news) = match look(&app)? {
        State::Nothing => {
            let sign_ins = build::build(&told(&app), &content, &progress)?;
            (demo_review(&app)?, sign_ins, "The demonstration was built.")
        }
        State::Complete(review) => (
            *review,
            Vec::new(),
            "The demonstration is there already; nothing in the database was changed.",
        ),
        State::Unfinished => {
            return Err(
                "the demonstration was begun here and not finished: start over with --fresh"
                    .to_owned(),
            );
        }
        State::SomethingElse => {
            return Err(format!(
                "the {} database holds reviews that are not the demonstration's; give it a database of its own \
                 (RAPPORTEUR_DATA__FOLDER or DATABASE_URL)",
                app.db.target().name()
            ));
        }
    };
    progress.step("Exports");
    let series = exports::series(&app, &review)?;
    let written = exports::write(&app, &options.out, &series)?;
    let doors = doors::open(&app, &content)?;
    let summary =
        Summary { app: &app, review: &review, series: &series, sign_ins: &sign_ins, doors: &doors };
    let text = summary.text(news, &options.out, &written.first, options.serve)?;
    progress.end();
    print(&text)?;
    match written.failures.as_slice() {
        [] => Ok(()),
        failures => Err(format!("not everything could be made:\n  {}", failures.join("\n  "))),
    }
}

/// Prints; a reader who has read enough is no error.
fn print(text: &str) -> Result<(), String> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("cannot print: {error}"))
        }
        _ => Ok(()),
    }
}

/// Where the server is reached from here: a local address as it is bound, another as the outside knows it.
fn address(settings: &Settings) -> String {
    let bound = settings.server.bind.parse::<std::net::SocketAddr>();
    match bound.ok().filter(|bound| bound.ip().is_loopback()) {
        Some(bound) => format!("http://{bound}"),
        None => settings.server.public_url.clone(),
    }
}

/// What is in the database.
enum State {
    /// No review at all.
    Nothing,
    /// The demonstration, with its paper published.
    Complete(Box<Review>),
    /// A part of the demonstration.
    Unfinished,
    /// Somebody's reviews.
    SomethingElse,
}

fn look(app: &App) -> Result<State, String> {
    let found = app.read_blocking(&Credentials::Operator, |work| {
        let reviews = Paging::all(|paging| reviews::service::list(work, paging))?;
        let any = !reviews.is_empty();
        let Some(review) = reviews.into_iter().find(|one| one.code == build::REVIEW) else {
            return Ok(if any { State::SomethingElse } else { State::Nothing });
        };
        let papers = reports::service::papers_of(work, review.id)?;
        let complete = papers.iter().any(|paper| paper.state == ReportState::Published);
        Ok(if complete { State::Complete(Box::new(review)) } else { State::Unfinished })
    });
    found.map_err(at("looking at the database"))
}

/// How long ago the story of the demonstration begins: what is contributed waits for its time, and the clock of the story runs on.
const STORY_DAYS: i64 = 7;

/// The same program with the clock of the story, which begins some days ago and is moved on by hand.
fn told(app: &App) -> App {
    let begins = app.clock.now().utc() - chrono::Duration::days(STORY_DAYS);
    app.clone().with_clock(Clock::fixed(begins))
}

fn demo_review(app: &App) -> Result<Review, String> {
    match look(app)? {
        State::Complete(review) => Ok(*review),
        _ => Err("the demonstration was built and is not there".to_owned()),
    }
}

/// Opens the database; to start over, empties one that holds the demonstration and nothing that is not known to be it.
fn open(settings: Settings, fresh: bool) -> Result<App, String> {
    let app = App::open(settings.clone(), Clock::System, Ids::System, FEATURES)?;
    if !fresh {
        return Ok(app);
    }
    match look(&app)? {
        State::Nothing | State::SomethingElse => return Ok(app),
        State::Complete(_) | State::Unfinished => {}
    }
    let (target, anchor) = (app.db.target().clone(), app.anchor.clone());
    drop(app);
    empty(&target, &settings)?;
    anchor.forget()?;
    App::open(settings, Clock::System, Ids::System, FEATURES)
}

fn empty(target: &Target, settings: &Settings) -> Result<(), String> {
    match target {
        Target::Sqlite(path) => {
            for end in ["", "-wal", "-shm"] {
                let mut name = path.clone().into_os_string();
                name.push(end);
                match std::fs::remove_file(&name) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(format!("cannot remove {}: {error}", name.display()));
                    }
                    _ => {}
                }
            }
            Ok(())
        }
        Target::Postgres(_) => {
            use diesel::connection::SimpleConnection;
            let db = Db::open(target.clone(), &settings.database)?;
            let done = db.write_blocking(|conn| {
                Ok(conn.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")?)
            });
            done.map_err(at("emptying the database"))
        }
    }
}

/// Turns a problem into an error in words, saying where it came up.
fn at(step: &str) -> impl Fn(Problem) -> String {
    move |problem| format!("{step}: {problem}")
}

/// Somebody who can sign in with a password.
struct SignIn {
    who: &'static str,
    email: String,
    password: String,
}

impl SignIn {
    fn new(who: &'static str, email: &str, password: String) -> Self {
        Self { who, email: email.to_owned(), password }
    }
}

/// Says on standard error what is being done.
struct Progress {
    begun: Instant,
}

impl Progress {
    fn begin() -> Self {
        Self { begun: Instant::now() }
    }

    fn step(&self, what: &str) {
        eprintln!("{:>6.1} s  {what}", self.begun.elapsed().as_secs_f64());
    }

    fn end(&self) {
        self.step("Done");
    }
}

/// What is printed at the end. Every figure comes from the database or from a published edition.
struct Summary<'a> {
    app: &'a App,
    review: &'a Review,
    series: &'a exports::Series,
    sign_ins: &'a [SignIn],
    doors: &'a doors::Doors,
}

impl Summary<'_> {
    fn text(&self, news: &str, out: &Path, first: &Path, serve: bool) -> Result<String, String> {
        let mut text = format!("\n{news}\n{}\n\n", self.review.title);
        let out = std::fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
        let _ = writeln!(
            text,
            "Documents ({} of each), in {}",
            style::list(
                &Output::ALL.iter().map(|output| output.label().to_owned()).collect::<Vec<_>>()
            ),
            out.display()
        );
        let _ = writeln!(
            text,
            "  open first: {}\n  checksums:  {}\n",
            first.display(),
            folder::MANIFEST
        );
        self.figures(&mut text);
        self.assignments(&mut text)?;
        self.ways_in(&mut text, serve);
        Ok(text)
    }

    fn figures(&self, text: &mut String) {
        let names =
            ["people", "countries", "of the UN", "inputs", "used", "paragraphs", "footnotes"];
        let _ = write!(text, "{:<24}", "Document");
        names.iter().for_each(|name| column(text, name));
        text.push('\n');
        for (one, facts) in self.series.documents() {
            let _ = write!(text, "{:<24}", one.name);
            match facts {
                Some(facts) => {
                    let people = [facts.participants, facts.countries, facts.un_representatives];
                    people.iter().for_each(|figure| told_column(text, *figure));
                    [facts.inputs, facts.accepted].iter().for_each(|figure| column(text, figure));
                }
                None => (0..5).for_each(|_| column(text, &"")),
            }
            column(text, &one.paragraphs());
            column(text, &one.notes());
            text.push('\n');
        }
        text.push('\n');
    }

    /// How many are in which group, for the consultation with the most rounds.
    fn assignments(&self, text: &mut String) -> Result<(), String> {
        let Some(table) = exports::largest_assignment(self.app, self.review)? else {
            return Ok(());
        };
        let _ = write!(text, "Working groups of the {:<4}", table.consultation);
        for round in &table.rounds {
            let _ = write!(text, "{:>9} {round}", "round");
        }
        text.push('\n');
        for (group, sizes) in &table.groups {
            let _ = write!(text, "  group {group:<20}");
            sizes.iter().for_each(|size| told_column(text, *size));
            text.push('\n');
        }
        table.quality.iter().for_each(|quality| how_good(text, quality));
        text.push('\n');
        Ok(())
    }

    fn ways_in(&self, text: &mut String, serve: bool) {
        let settings = &self.app.settings;
        let url = address(settings);
        if self.sign_ins.is_empty() {
            text.push_str(
                "Who can sign in was printed when the demonstration was built. A new password for somebody:\n  \
                 rapporteur account password ",
            );
            let _ = writeln!(text, "{}\n", build::SECRETARIAT[0].1);
        } else {
            text.push_str("Who can sign in with a password (shown only now)\n");
            for one in self.sign_ins {
                let _ = writeln!(text, "  {:<30} {:<34} {}", one.who, one.email, one.password);
            }
            text.push('\n');
        }
        let mails = settings.data.folder.join("mail");
        let _ = writeln!(
            text,
            "Everybody else signs in at {url}/my with a link that is mailed to them\n\
             (written to {} unless a mail server is set)\n",
            mails.display()
        );
        text.push_str(
            "A second review, which is invented, is under way: one consultation is on, one is open for registration.\n\
             To look around in it as one of these, open (each works once, within a day):\n",
        );
        for (who, link) in &self.doors.people {
            let link = link.replace(&settings.server.public_url, &url);
            let _ = writeln!(text, "  {who:<30} {link}");
        }
        let how = if serve {
            format!("Serving at {url}: the API is described at {url}/docs. Stop with Ctrl+C.")
        } else {
            "Start with: rapporteur serve".to_owned()
        };
        if let Some(call) = &self.doors.call {
            let _ = writeln!(text, "  {:<30} {url}{call}", "Somebody new");
        }
        let _ = writeln!(text, "  {:<30} {url}/\n\n{how}", "Everybody");
    }
}

/// How good an assignment is, and how that is known.
fn how_good(text: &mut String, quality: &Quality) {
    let proof = match quality.gap() {
        Some(0) => format!("no plan is better, proved in {} steps", quality.work),
        Some(gap) => format!("another is at most {gap} better"),
        None => "changed by hand".to_owned(),
    };
    let _ = writeln!(text, "  {} points: {proof}", quality.value);
    let parts = quality.parts.named().into_iter().filter(|(_, points)| *points != 0);
    let parts: Vec<String> = parts.map(|(name, points)| format!("{name} {points}")).collect();
    if !parts.is_empty() {
        let _ = writeln!(text, "  of them {}", parts.join(", "));
    }
    let satisfaction = &quality.satisfaction;
    let (first, asked) = (satisfaction.first_choices, satisfaction.with_preferences);
    let worst = satisfaction.worst_rank.unwrap_or(0);
    let _ = writeln!(
        text,
        "  {first} of {asked} in their first choice at least once; nobody under choice {worst}"
    );
}

/// A figure about people, or a dash for one that was not told.
fn told_column(text: &mut String, figure: Option<u32>) {
    match figure {
        Some(figure) => column(text, &figure),
        None => column(text, &"–"),
    }
}

/// A cell of a table, to the right.
fn column(text: &mut String, cell: &impl std::fmt::Display) {
    let _ = write!(text, "{cell:>11}");
}
