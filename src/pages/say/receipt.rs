//! How a receipt is shown, once, and how one is entered.

use std::fmt::Write;

use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

use super::contributor::Contributor;
use super::i18n::{self, Words};
use super::service::Offer;
use super::unsent::Draft;
use crate::pages::visit::Signed;
use crate::problem::Problem;
use crate::voices::receipts::words;
use crate::ways;

/// Modules of white round a picture, by which it is found.
const QUIET: usize = 4;

/// What can be known of whoever contributes, and what not.
pub fn sentences(language: crate::i18n::Language) -> Markup {
    html! { ul { @for sentence in &words::of(language).sentences { li { (sentence) } } } }
}

/// What a receipt is, and the button that gives one.
pub fn offer(signed: &Signed, offer: &Offer, notice: Markup) -> Markup {
    let words = i18n::of(signed.language());
    let id = offer.consultation.id;
    html! {
        p .lead dir="auto" { (offer.consultation.theme) }
        (notice)
        p { (words.receipt_lead) }
        h2 { (words.what_known) }
        (sentences(signed.language()))
        @if !offer.confirmed { p .n { (words.only_confirmed) } }
        @else if !offer.open { p .n { (words.no_longer) } }
        @else if !offer.is_open() { p .n { (words.no_more) } }
        @else {
            @if offer.given > 0 { p .n { (words.given_before) } }
            form method="post" action=(signed.link(&ways::receipt(id))) {
                input type="hidden" name="given" value=(offer.given);
                button .m { (if offer.given > 0 { words.give_again } else { words.give }) }
            }
        }
        p { a href=(signed.link(&ways::say(id))) rel="noreferrer" { (words.have_one) } }
    }
}

/// The receipt, with what is needed to keep it, before anything is said with it.
pub fn given(signed: &Signed, offer: &Offer, receipt: &str) -> Markup {
    let words = i18n::of(signed.language());
    let way = ways::say(offer.consultation.id);
    // Behind `#`, which browsers send nowhere.
    let link = ways::page(&signed.app.settings.server.public_url, &way, signed.language());
    let picture = picture(&format!("{link}#{receipt}"), words.qr_label);
    html! {
        p .lead dir="auto" { (offer.consultation.theme) }
        p { strong { (words.keep_now) } }
        p #receipt .receipt dir="ltr" translate="no" { (receipt) }
        p .noprint hidden data-script {
            button type="button" data-copy="receipt" data-done=(words.copied) { (words.copy) }
            button type="button" data-print { (words.print) }
        }
        @if let Some(picture) = picture { details { summary { (words.qr) } (picture) } }
        form .noprint method="post" action=(signed.link(&way)) {
            h2 { (words.go_on_title) }
            input type="hidden" name="receipt" value=(receipt);
            (device(words))
            button .m name="action" value="enter" { (words.go_on) }
        }
    }
}

/// Whose the device is.
fn device(words: &Words) -> Markup {
    html! {
        fieldset {
            legend { (words.own_phone) }
            label .c { input type="radio" name="own" value="yes" required; (words.own_yes) }
            label .c { input type="radio" name="own" value="no" required; (words.own_no) }
        }
        p .h { (words.in_app) }
    }
}

/// Where a receipt is typed or pasted, with what was written before the browser lost it.
pub fn entrance(
    contributor: &Contributor,
    draft: Option<&Draft>,
    refused: Option<&Problem>,
) -> Markup {
    let words = i18n::of(contributor.language());
    html! {
        @if refused.is_some() {
            div .b role="alert" { p { (words.wrong_receipt) } }
        } @else if draft.is_some() {
            div .b role="alert" { p { (words.lost) } }
        }
        p .n #from-link hidden role="alert" { (words.from_link) }
        form method="post" action=(contributor.way()) {
            @if let Some(draft) = draft { (draft.hidden()) }
            div .f {
                label for="receipt" { (words.receipt) }
                p .h #receipt-h { (words.enter_text) }
                textarea #receipt name="receipt" rows="2" required dir="ltr" autocomplete="off" autocapitalize="characters" spellcheck="false"
                    translate="no" aria-describedby="receipt-h" aria-invalid=[refused.map(|_| "true")] data-fragment="from-link" {}
            }
            (device(words))
            button .m name="action" value="enter" { (words.go_on) }
        }
        h2 { (words.none_yet) }
        p { a href=(contributor.link(&ways::receipt(contributor.id))) { (words.ask_for_one) } }
    }
}

/// A QR code as one path; none when there is more in it than fits.
fn picture(text: &str, label: &str) -> Option<Markup> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        for (x, color) in row.iter().enumerate() {
            if *color == Color::Dark {
                // Writing to a string does not fail.
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    let size = width + 2 * QUIET;
    let frame = format!("0 0 {size} {size}");
    Some(html! {
        svg .qr viewBox=(frame) role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn a_picture_is_of_squares_within_its_frame() {
        let text = "https://consultations.example.org/say/0175db2d-9900-7012-8707-070707070707?lang=en#4RS7K-0G8QM";
        let shown = picture(text, "A picture").unwrap().into_string();
        assert!(shown.contains("role=\"img\" aria-label=\"A picture\""), "{shown}");
        assert!(!shown.contains("RS7K") && shown.len() < 20_000, "{}", shown.len());
        assert!(picture(&"x".repeat(5000), "").is_none());
    }
}
