//! What every page has around it: language and direction, a style that works from 360 pixels up, and headers that let
//! nothing in from elsewhere. No scripts.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::i18n::Language;

const STYLE: &str = "body{font:1.05rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:42rem;padding:1rem;color:#1a1a1a;background:#fff}\
    h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.2rem}label,legend{font-weight:600}\
    fieldset{border:1px solid #767676;margin:1rem 0;padding:.5rem 1rem;min-width:0}.f{margin:1rem 0}\
    input:not([type=checkbox]):not([type=radio]),select,textarea{font:inherit;display:block;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #595959;border-radius:.2rem}\
    label.c{font-weight:400;display:block;padding:.4rem 0}button{font:inherit;padding:.6rem 1rem;margin:.3rem .3rem .3rem 0;border:2px solid #00558c;border-radius:.2rem;background:#fff;color:#00558c}\
    button.m{background:#00558c;color:#fff}.h{margin:.2rem 0;color:#505050}.e{margin:.2rem 0;color:#a80000;font-weight:600}\
    .b{border-inline-start:.4rem solid #a80000;padding:.1rem 1rem}.o{border-inline-start:.4rem solid #1b6e20;padding:.1rem 1rem}\
    :focus-visible{outline:3px solid #c75000;outline-offset:2px}nav button{border:0;text-decoration:underline;padding:.3rem}code{overflow-wrap:anywhere}";

/// Only this style, only forms that are sent here.
fn policy(style: &str) -> String {
    let style = STANDARD.encode(Sha256::digest(style));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
}

/// A page, not to be kept anywhere.
pub fn page(
    status: StatusCode,
    language: Language,
    title: &str,
    languages: Markup,
    content: Markup,
) -> HttpResponse {
    styled(status, language, title, STYLE, languages, content)
}

/// As [`page`], in another style: one that is printed.
pub fn styled(
    status: StatusCode,
    language: Language,
    title: &str,
    style: &str,
    languages: Markup,
    content: Markup,
) -> HttpResponse {
    let markup = html! {
        (DOCTYPE)
        html lang=(language) dir=(language.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                style { (PreEscaped(style)) }
            }
            body {
                (languages)
                main {
                    h1 { (title) }
                    (content)
                }
            }
        }
    };
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy(style)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(markup.into_string())
}
