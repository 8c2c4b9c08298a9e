//! The command line: reads what is asked, calls the services as the operator, and says in one line what went wrong.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use uuid::Uuid;

use crate::access::{Role, ScopeKind};
use crate::accounts::{Account, Email, Grant, checked_password, passwords, roles, service};
use crate::app::{self, App};
use crate::clock::Clock;
use crate::features::FEATURES;
use crate::groups::instances::command;

use crate::http::page::Paging;
use crate::ids::Ids;
use crate::mailer::Mailer;
use crate::problem::Problem;
use crate::settings::{Log, Settings};
use crate::work::{Credentials, Work};
use crate::{demo, privacy, server, telemetry};

mod audit_log;
mod documents;

/// Runs stakeholder consultations and compiles what was said into numbered reports.
#[derive(Debug, Parser)]
#[command(name = "rapporteur", version)]
struct Cli {
    /// A TOML file of settings, over the defaults and under the environment.
    #[arg(long, global = true, value_name = "FILE", env = "RAPPORTEUR_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Migrate the database, make the administrator on first start, and serve (the default).
    Serve,
    /// Migrate the database, and nothing else.
    Migrate,
    /// Print the OpenAPI document.
    Openapi,
    /// Accounts and their roles.
    #[command(subcommand)]
    Account(AccountCommand),
    /// The audit log: whether it is as it was written, and where it ends.
    #[command(subcommand)]
    Audit(audit_log::Command),
    /// Forget what is kept for longer than it may be (the settings under [retention]).
    Purge {
        /// Only say what would be forgotten.
        #[arg(long)]
        dry_run: bool,
    },
    /// Write everything that was published of a review into a folder, in every format, with a page that lists it.
    Export(documents::ExportArguments),
    /// Write a document that is there as JSON in another format, without a server.
    Render(documents::RenderArguments),
    /// Solve an assignment problem in a file, without a server.
    Assign(command::Arguments),
    /// Build the reference series of consultations with its reports, then serve it.
    Demo(DemoArguments),
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Make an account, or give another role to the one that is there.
    Create(CreateArguments),
    /// Set a new password and sign the account out everywhere.
    Password {
        /// The address of the account.
        email: Email,
        /// Read the password from the first line of standard input; otherwise one is made and printed.
        #[arg(long)]
        stdin: bool,
    },
    /// Let the account sign in no more, and sign it out everywhere.
    Disable {
        /// The address of the account.
        email: Email,
    },
    /// List all accounts with their roles.
    List,
}

#[derive(Debug, Args)]
struct CreateArguments {
    /// The address; sign-in links go there.
    email: Email,
    /// What the person is called.
    #[arg(long)]
    name: Option<String>,
    /// A role: administrator, secretariat, co_organizer, co_host, moderator, focal_point, rapporteur, deputy.
    #[arg(long)]
    role: Option<Role>,
    /// What the role is held on: instance, review, consultation, working_group.
    #[arg(long, requires = "role")]
    scope_kind: Option<ScopeKind>,
    /// The id of the review, consultation or working group.
    #[arg(long, requires = "role")]
    scope_id: Option<Uuid>,
    /// The id of the organization whose deputy it is.
    #[arg(long, requires = "role")]
    organization_id: Option<Uuid>,
}

#[derive(Debug, Args)]
struct DemoArguments {
    /// Start over: what the demo made before is deleted.
    #[arg(long)]
    fresh: bool,
    /// End when everything is built.
    #[arg(long)]
    no_serve: bool,
    /// Where the exports go.
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

/// How long threads that are still at something are waited for at the end.
const LAST: Duration = Duration::from_secs(2);

/// Runs the program: 0 when it went well, 1 when not, 2 when the command is not understood.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rapporteur: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), String> {
    let command = cli.command.unwrap_or(Command::Serve);
    match &command {
        Command::Openapi => return print(&server::openapi_text()),
        Command::Assign(arguments) => return print(&command::run(arguments)?),
        _ => {}
    }
    let settings = Settings::load(cli.config.as_deref())?;
    match command {
        Command::Serve => {
            telemetry::start(&settings.log);
            serve(settings)
        }
        Command::Demo(arguments) => {
            quiet(&settings);
            build_demo(settings, arguments)
        }
        Command::Migrate => {
            quiet(&settings);
            migrate(&settings)
        }
        Command::Account(command) => {
            quiet(&settings);
            account(settings, command)
        }
        Command::Audit(command) => {
            quiet(&settings);
            audit_log::run(&open(settings)?, command)
        }
        Command::Export(arguments) => {
            quiet(&settings);
            documents::export(settings, &arguments)
        }
        Command::Render(arguments) => documents::render(&settings, &arguments),
        Command::Purge { dry_run } => {
            quiet(&settings);
            purge(settings, dry_run)
        }
        Command::Openapi | Command::Assign(_) => Ok(()),
    }
}

/// Logs only what is wrong: these commands say themselves what they do.
fn quiet(settings: &Settings) {
    let format = settings.log.format;
    telemetry::start(&Log { format, filter: "warn".to_owned() });
}

fn print(text: &str) -> Result<(), String> {
    std::io::stdout().write_all(text.as_bytes()).map_err(|error| format!("cannot print: {error}"))
}

fn open(settings: Settings) -> Result<App, String> {
    App::open(settings, Clock::System, Ids::System, FEATURES)
}

fn serve(settings: Settings) -> Result<(), String> {
    let _alone = settings.target()?.serve_alone()?;
    serve_alone(settings)
}

/// [`serve`], where no other server can be running.
fn serve_alone(settings: Settings) -> Result<(), String> {
    // A wrong mail setting is told now, not when the first mail waits.
    Mailer::open(&settings)?;
    let app = open(settings)?;
    if let Some(password) = service::ensure_administrator(&app).map_err(line)? {
        let email = &app.settings.accounts.admin_email;
        print(&format!(
            "The administrator {email} was made. Password, shown only now: {password}\n"
        ))?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start: {error}"))?;
    let served = runtime.block_on(server::serve(app));
    // A thread that waits for a database which does not answer keeps nobody from ending.
    runtime.shutdown_timeout(LAST);
    served
}

fn migrate(settings: &Settings) -> Result<(), String> {
    let (db, count) = app::database(settings)?;
    print(&format!(
        "{count} migrations were run; the {} database is up to date.\n",
        db.target().name()
    ))
}

fn build_demo(settings: Settings, arguments: DemoArguments) -> Result<(), String> {
    let DemoArguments { fresh, no_serve, out } = arguments;
    let options = demo::Options { fresh, serve: !no_serve, out };
    let _alone = settings.target()?.serve_alone()?;
    demo::run(settings.clone(), &options)?;
    if options.serve { serve_alone(settings) } else { Ok(()) }
}

fn account(settings: Settings, command: AccountCommand) -> Result<(), String> {
    let app = open(settings)?;
    let said = match command {
        AccountCommand::Create(arguments) => create(&app, &arguments),
        AccountCommand::Password { email, stdin } => set_password(&app, &email, stdin),
        AccountCommand::Disable { email } => disable(&app, &email),
        AccountCommand::List => list(&app),
    };
    app.stop();
    print(&said.map_err(line)?)
}

fn purge(settings: Settings, dry_run: bool) -> Result<(), String> {
    let app = open(settings)?;
    let expired = if dry_run {
        app.read_blocking(&Credentials::Operator, privacy::retention::preview)
    } else {
        privacy::retention::purge_all(&app, privacy::Occasion::Command)
    };
    app.stop();
    let verb = if dry_run { "would go" } else { "went" };
    let mut text = String::new();
    for one in expired.map_err(line)? {
        let counts: Vec<String> =
            one.counts.iter().map(|(table, count)| format!("{count} {table}")).collect();
        let counts = if counts.is_empty() { "nothing".to_owned() } else { counts.join(", ") };
        text.push_str(&format!("{} (held before {}): {counts} {verb}\n", one.class, one.before));
    }
    print(&text)
}

fn create(app: &App, arguments: &CreateArguments) -> Result<String, Problem> {
    let email = &arguments.email;
    let name = arguments.name.as_deref().unwrap_or(email.local_part());
    let account = app.write_blocking(&Credentials::Operator, |work| {
        let account = service::find_or_create(work, email, name)?;
        give(work, &account, arguments)?;
        Ok(account)
    })?;
    Ok(format!("{} {email}\n", account.id))
}

fn give(work: &mut Work, account: &Account, arguments: &CreateArguments) -> Result<(), Problem> {
    let Some(role) = arguments.role else { return Ok(()) };
    let scope_kind = arguments.scope_kind.unwrap_or_else(|| match arguments.scope_id {
        // A secretariat is held on the instance or, when an id is given, on a review.
        Some(_) => *role.scopes().last().unwrap_or(&ScopeKind::Instance),
        None => *role.scopes().first().unwrap_or(&ScopeKind::Instance),
    });
    let held = roles::service::grants_of(work, account.id)?;
    let id = arguments.scope_id.unwrap_or_default();
    let same =
        |grant: &Grant| (grant.role, grant.scope_kind, grant.scope_id) == (role, scope_kind, id);
    if held.iter().any(same) {
        return Ok(());
    }
    let (scope_id, organization_id) =
        (arguments.scope_id, arguments.organization_id.map(crate::db::types::Id::new));
    let new = roles::service::NewGrant { role, scope_kind, scope_id, organization_id };
    roles::service::grant(work, account.id, new).map(|_| ())
}

fn set_password(app: &App, email: &Email, stdin: bool) -> Result<String, Problem> {
    let password = if stdin { first_line()? } else { app.ids.secret() };
    checked_password(&password, "password")?;
    let hash = passwords::hash(&password, &app.ids)?;
    app.write_blocking(&Credentials::Operator, |work| {
        let account = known(work, email)?;
        service::set_password(work, account.id, &hash)
    })?;
    Ok(if stdin {
        "The password was set.\n".to_owned()
    } else {
        format!("Password, shown only now: {password}\n")
    })
}

fn first_line() -> Result<String, Problem> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(Problem::internal)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn disable(app: &App, email: &Email) -> Result<String, Problem> {
    app.write_blocking(&Credentials::Operator, |work| {
        let account = known(work, email)?;
        let change = service::Change { name: None, active: Some(false) };
        service::update(work, account.id, account.version, &change)
    })?;
    Ok(format!("{email} cannot sign in any more.\n"))
}

fn known(work: &mut Work, email: &Email) -> Result<Account, Problem> {
    service::by_email(work, email)?.ok_or_else(|| Problem::not_found("account"))
}

fn list(app: &App) -> Result<String, Problem> {
    app.read_blocking(&Credentials::Operator, |work| {
        let all = service::Filter::default();
        let accounts = Paging::all(|paging| service::list(work, &all, paging))?;
        accounts.iter().map(|account| row(work, account)).collect()
    })
}

fn row(work: &mut Work, account: &Account) -> Result<String, Problem> {
    let grants = roles::service::grants_of(work, account.id)?;
    let roles: Vec<_> = grants
        .iter()
        .map(|grant| match grant.scope_kind {
            ScopeKind::Instance => grant.role.to_string(),
            kind => format!("{} on {kind} {}", grant.role, grant.scope_id),
        })
        .collect();
    let state = if account.active { "active" } else { "disabled" };
    let Account { id, email, name, .. } = account;
    Ok(format!("{id}\t{email}\t{name}\t{state}\t{}\n", roles.join("; ")))
}

/// A problem in one line.
fn line(problem: Problem) -> String {
    let mut text = format!("{}: {}", problem.code().kind().title, problem.detail());
    for error in problem.errors().iter().filter(|error| error.detail != problem.detail()) {
        text.push_str(&format!(" ({} {})", error.pointer, error.detail));
    }
    text
}
