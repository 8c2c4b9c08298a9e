//! Where everything is mounted, and how a request finds it: along the parts of its path, not by trying one pattern after the other.
//!
//! Addresses that one path can fit are a family: `/jobs/{id}` and `/jobs/new`. A tree tells the family of a path; only there does actix
//! try patterns and methods, in the order in which they were mounted. (`matchit` knows no part of a path with two names in it, as
//! `{number}.{format}` is, and one taker of a path, where here several may take one method each.)

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use actix_web::dev::{HttpServiceFactory, ResourceDef, Url};
use actix_web::guard::{Guard, GuardContext};
use actix_web::{HttpRequest, HttpResponse, Resource, Route, Scope, web};
use utoipa::openapi::{Components, Info, OpenApi, PathItem, Paths};
use utoipa_actix_web::OpenApiFactory;

use crate::problem::{Code, Problem};
use tree::{Branch, Part};

mod tree;

/// What features mount into: operations of the API, which are described at the same time, and pages.
pub struct Mounts {
    mounted: Vec<Mounted>,
    document: OpenApi,
}

/// Something at an address.
struct Mounted {
    pattern: String,
    /// Those of an operation; of what is no part of the API none are told.
    methods: Vec<&'static str>,
    put: Box<dyn FnOnce(Scope) -> Scope>,
}

impl Default for Mounts {
    fn default() -> Self {
        let mut document = OpenApi::new(Info::default(), Paths::new());
        document.components = Some(Components::new());
        Self { mounted: Vec::new(), document }
    }
}

impl Mounts {
    /// Mounts an operation.
    pub fn service<O: HttpServiceFactory + OpenApiFactory + 'static>(
        &mut self,
        operation: O,
    ) -> &mut Self {
        let (paths, mut schemas) = (operation.paths(), Vec::new());
        operation.schemas(&mut schemas);
        if let Some((pattern, item)) = paths.paths.first_key_value() {
            let put = Box::new(|scope: Scope| scope.service(operation));
            self.mounted.push(Mounted { pattern: pattern.clone(), methods: methods(item), put });
        }
        self.document.paths.merge(paths);
        self.document.components.get_or_insert_default().schemas.extend(schemas);
        self
    }

    /// Mounts a page that is looked at and nothing else; with any other method nothing is there.
    pub fn route(&mut self, pattern: &'static str, route: Route) -> &mut Self {
        self.put(pattern, move |scope| scope.route(pattern, route))
    }

    /// Mounts what takes each of these routes; it refuses any other method.
    pub fn resource<const N: usize>(
        &mut self,
        pattern: &'static str,
        routes: [Route; N],
    ) -> &mut Self {
        self.other(pattern, routes.into_iter().fold(web::resource(pattern), Resource::route))
    }

    /// Mounts what serves this address in a way of its own.
    pub fn other(
        &mut self,
        pattern: &'static str,
        service: impl HttpServiceFactory + 'static,
    ) -> &mut Self {
        self.put(pattern, |scope| scope.service(service))
    }

    /// Mounts what somebody else knows how to mount.
    pub fn configure(&mut self, mount: impl FnOnce(&mut Self)) -> &mut Self {
        mount(self);
        self
    }

    /// The description of all operations.
    pub fn into_document(self) -> OpenApi {
        self.document
    }

    /// The addresses of all that is mounted, in that order; those that several share as often.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.mounted.iter().map(|one| one.pattern.as_str())
    }

    /// Puts everything where requests arrive, and a problem at all other addresses.
    pub fn arrive(self, cfg: &mut web::ServiceConfig) {
        let addresses = Rc::new(Addresses::of(&self.mounted));
        let mut families: Vec<Vec<Mounted>> = Vec::new();
        families.resize_with(addresses.families.len(), Vec::new);
        for one in self.mounted {
            // Every pattern is a path that fits itself.
            if let Some(family) = addresses.tree.family(&one.pattern) {
                families[family].push(one);
            }
        }
        let scope =
            |families| web::scope("").guard(Among { addresses: addresses.clone(), families });
        // In two steps, each of which compares as many numbers.
        let step = families.len().isqrt().max(1);
        let mut families = families.into_iter().enumerate().peekable();
        while let Some(first) = families.peek().map(|(number, _)| *number) {
            let some = families.by_ref().take(step).fold(
                scope(first..first + step),
                |some, (number, family)| {
                    let one = scope(number..number + 1);
                    some.service(family.into_iter().fold(one, |one, mounted| (mounted.put)(one)))
                },
            );
            cfg.service(some);
        }
        cfg.app_data(addresses).default_service(web::to(nothing_here));
    }

    fn put(&mut self, pattern: &str, put: impl FnOnce(Scope) -> Scope + 'static) -> &mut Self {
        let (pattern, methods) = (pattern.to_owned(), Vec::new());
        self.mounted.push(Mounted { pattern, methods, put: Box::new(put) });
        self
    }
}

/// The methods that are described.
fn methods(item: &PathItem) -> Vec<&'static str> {
    let of_item = [&item.get, &item.post, &item.put, &item.patch, &item.delete];
    METHODS
        .into_iter()
        .zip(of_item)
        .filter(|(_, there)| there.is_some())
        .map(|(name, _)| name)
        .collect()
}

/// The methods of operations, in the order in which they are told.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Lets those requests pass whose path is of one of these families.
struct Among {
    addresses: Rc<Addresses>,
    families: Range<usize>,
}

/// The family of a request's path, as it was found once.
#[derive(Clone, Copy)]
struct Family(Option<usize>);

impl Guard for Among {
    fn check(&self, context: &GuardContext<'_>) -> bool {
        let known = context.req_data().get::<Family>().copied();
        let Family(family) = known.unwrap_or_else(|| {
            let url = Url::new(context.head().uri.clone());
            let found = Family(self.addresses.tree.family(url.path()));
            context.req_data_mut().insert(found);
            found
        });
        family.is_some_and(|family| self.families.contains(&family))
    }
}

/// The pattern of the address at which a request arrives; none where there is nothing.
pub fn pattern_of(request: &HttpRequest) -> Option<String> {
    let addresses = request.app_data::<Rc<Addresses>>()?;
    Some(addresses.fitting(request).next()?.pattern.clone())
}

async fn nothing_here(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let addresses = request.app_data::<Rc<Addresses>>();
    let fitting = addresses.into_iter().flat_map(|all| all.fitting(&request));
    match fitting.filter(|one| !one.methods.is_empty()).min_by_key(|one| &one.pattern) {
        Some(address) => {
            let taken = |name: &&str| address.methods.contains(name);
            let methods = METHODS.into_iter().filter(taken).collect::<Vec<_>>().join(", ");
            let detail = format!("This address takes {methods}.");
            Err(Problem::new(Code::MethodNotAllowed, detail).with_header("Allow", methods))
        }
        None => Err(Problem::new(Code::NotFound, "There is nothing at this address.")),
    }
}

/// All addresses, by family, and the tree that leads there.
struct Addresses {
    families: Vec<Vec<Address>>,
    tree: Branch,
}

struct Address {
    pattern: String,
    definition: ResourceDef,
    methods: Vec<&'static str>,
}

impl Addresses {
    fn of(mounted: &[Mounted]) -> Self {
        let mut all: Vec<Address> = Vec::new();
        for one in mounted {
            match all.iter_mut().find(|known| known.pattern == one.pattern) {
                Some(known) => known.methods.extend(&one.methods),
                None => all.push(Address {
                    pattern: one.pattern.clone(),
                    definition: ResourceDef::new(one.pattern.as_str()),
                    methods: one.methods.clone(),
                }),
            }
        }
        let parts: Vec<Vec<Part>> = all.iter().map(|one| Part::all(&one.pattern)).collect();
        // The family of each is that of the first whom it, or one of its family, meets.
        let mut first: Vec<usize> = (0..all.len()).collect();
        for (later, _) in parts.iter().enumerate() {
            for earlier in 0..later {
                if first[earlier] != first[later] && Part::all_meet(&parts[earlier], &parts[later])
                {
                    let (old, new) =
                        (first[later].max(first[earlier]), first[later].min(first[earlier]));
                    first.iter_mut().filter(|one| **one == old).for_each(|one| *one = new);
                }
            }
        }
        let mut families: BTreeMap<usize, Vec<(Vec<Part>, Address)>> = BTreeMap::new();
        for ((first, parts), address) in first.into_iter().zip(parts).zip(all) {
            families.entry(first).or_default().push((parts, address));
        }
        let mut tree = Branch::default();
        let in_order = families.into_values().enumerate().map(|(number, family)| {
            let planted = family.into_iter().map(|(parts, address)| {
                tree.plant(parts, number);
                address
            });
            planted.collect()
        });
        Self { families: in_order.collect(), tree }
    }

    /// Those that the path of a request fits, in the order in which they were mounted.
    fn fitting<'a>(&'a self, request: &'a HttpRequest) -> impl Iterator<Item = &'a Address> {
        let path = request.match_info().as_str();
        let family = self.tree.family(path).map(|family| &self.families[family]);
        family.into_iter().flatten().filter(move |one| one.definition.is_match(path))
    }
}

#[cfg(test)]
mod tests;
