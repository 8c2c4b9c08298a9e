//! The program `rapporteur`; all of it is in the library.

fn main() -> std::process::ExitCode {
    rapporteur::cli::main()
}
