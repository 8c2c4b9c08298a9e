//! The program `rapporteur`; all of it is in libraries.

fn main() -> std::process::ExitCode {
    rapporteur::cli::main()
}
