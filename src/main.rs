//! The program `rapporteur`. All of it is in the library but the setting of PDF, so that nothing else is linked with Typst.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(feature = "pdf")]
    if let Some(done) = rapporteur_typeset::child::asked() {
        return done;
    }
    rapporteur::cli::main()
}
