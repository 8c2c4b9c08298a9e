//! Pages for people. They do what the API does by the same services, and know no rule of their own; each is shown by a GET, each act
//! is a form that is sent and answered with a page to go to (below `/say` with the page itself). Everything works without a script. A
//! folder is a kind of reader.
//!
//! | address | who |
//! |---|---|
//! | `/` and below | everybody, without any cookie |
//! | `/register/{consultation}` | whoever wants to take part |
//! | `/in/{token}` | whoever was mailed a link |
//! | `/my` and below | whoever is signed in; the cookie of a session is sent there and nowhere else |
//! | `/say/{consultation}` and below | whoever has a receipt; no session reaches it |

use actix_web::web;

use crate::frame;
use crate::http::Mounts;
use crate::registry::Feature;

mod clearing;
mod compiling;
mod deciding;
mod fields;
mod links;
mod mine;
mod naming;
mod printed;
mod public;
mod recommended;
mod registering;
pub mod say;
mod team;
mod uploads;
mod visit;
mod words;
mod writing;

/// The feature.
pub const FEATURE: Feature = Feature { pages: mount, ..Feature::named("pages") };

/// Mounts the pages, beside the API.
fn mount(cfg: &mut Mounts) {
    cfg.route("/assets/{name}", web::get().to(frame::asset))
        .configure(links::mount)
        .configure(public::mount)
        .configure(recommended::mount)
        .configure(registering::mount)
        .configure(say::mount)
        .configure(mine::mount)
        .configure(writing::mount)
        .configure(compiling::mount)
        .configure(clearing::mount)
        .configure(deciding::mount);
}
