//! What the rest of the program knows of voices.

use super::counting::{service as counted, store as voices};
use super::vault::Vault;
use super::{by_two, contributions, feedback, mixing, observing, personal, privacy, receipts};
use crate::consultations::lifecycle::ActionsConsidered;
use crate::inputs::seal::{Seal, Voices};
use crate::problem::Problem;
use crate::proposals::Act;
use crate::registry::{Feature, Moved, Reaction, Reacts};
use crate::work::Work;

/// The feature.
pub const FEATURE: Feature = Feature {
    mount: |cfg| {
        receipts::http::mount(cfg);
        mixing::http::mount(cfg);
        contributions::http::mount(cfg);
        observing::http::mount(cfg);
        by_two::http::mount(cfg);
        feedback::http::mount(cfg);
    },
    open: |opening| {
        let vault = Vault::open(opening.keys, opening.db)?;
        opening.share(vault);
        opening.share(Seal::to(Voices {
            seal_lines: counted::seal_lines,
            turn: counted::turn,
            forget: |work, input| voices::delete_of(work.conn, input),
            bands: counted::bands,
            several: counted::several,
            is_sound: counted::is_sound,
            is_let_in: mixing::service::is_let_in,
        }));
        Ok(())
    },
    on_event: &[Reaction::to::<ActionsConsidered, Sealed>()],
    start: mixing::service::start,
    sweep: Some(|app| {
        Box::pin(async move {
            let done = tokio::task::spawn_blocking(move || mixing::service::mix_due(&app));
            done.await.map_err(Problem::internal)?
        })
    }),
    acts: &[
        (Act::RefuseVoice, by_two::service::refuse),
        (Act::DestroyKeys, by_two::service::destroy),
    ],
    clear: Some(feedback::service::tell_due),
    personal: personal::FIELDS,
    data_of: Some(privacy::data_of),
    erase: Some((5, privacy::erase)),
    ..Feature::named("voices")
};

struct Sealed;

impl Reacts<ActionsConsidered> for Sealed {
    /// Whoever is confirmed takes a receipt, and contributes by it as nobody.
    fn react(work: &mut Work, asked: &ActionsConsidered) -> Result<Moved, Problem> {
        if receipts::service::may_take(work, &asked.consultation)? {
            asked.add("take_receipt");
        }
        Ok(Moved::new())
    }
}
