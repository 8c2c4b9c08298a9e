//! Holds public functions to this: two ids of one kind, or two yes-or-nos, do not stand side by side in a list of parameters, where
//! nobody sees that they were swapped. What is given up and what is left are fields of a struct.

use syn::visit::{self, Visit};

use crate::floor_plan::SOURCES;

/// Notes the functions of one file in which neighbours could be swapped.
#[derive(Default)]
struct Neighbours(Vec<String>);

impl Neighbours {
    fn look(&mut self, visibility: &syn::Visibility, signature: &syn::Signature) {
        if matches!(visibility, syn::Visibility::Inherited) {
            return;
        }
        let kinds: Vec<Option<String>> = signature.inputs.iter().map(kind).collect();
        let alike = kinds.windows(2).find(|pair| pair[0].is_some() && pair[0] == pair[1]);
        if let Some([Some(kind), _]) = alike {
            self.0.push(format!("{}: two neighbours are {kind}", signature.ident));
        }
    }
}

/// What a parameter is, if it is of a kind that is held to this.
fn kind(parameter: &syn::FnArg) -> Option<String> {
    let syn::FnArg::Typed(typed) = parameter else { return None };
    let mut of = &*typed.ty;
    while let syn::Type::Reference(reference) = of {
        of = &reference.elem;
    }
    let syn::Type::Path(path) = of else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    let held = name == "bool" || name == "Timestamp" || name == "Uuid" || name.ends_with("Id");
    held.then_some(name)
}

impl<'ast> Visit<'ast> for Neighbours {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.look(&item.vis, &item.sig);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.look(&item.vis, &item.sig);
        visit::visit_impl_item_fn(self, item);
    }
}

fn alike_in(text: &str) -> Vec<String> {
    let mut neighbours = Neighbours::default();
    neighbours.visit_file(&syn::parse_file(text).unwrap());
    neighbours.0
}

#[test]
fn nobody_can_swap_two_neighbours_unseen() {
    let read =
        SOURCES.iter().filter(|(file, _)| file.starts_with("src/") || file.starts_with("crates/"));
    let found: Vec<String> = read
        .flat_map(|(file, text)| {
            alike_in(text).into_iter().map(move |one| format!("{file}: {one}"))
        })
        .collect();
    assert!(found.is_empty(), "make these fields of a struct:\n{}", found.join("\n"));
}

#[test]
fn neighbours_that_are_alike_are_seen() {
    for seen in [
        "pub fn merge(conn: &mut Conn, from: AccountId, into: AccountId) {}",
        "pub(super) fn tell(by_sector: bool, by_region: bool) {}",
        "impl A { pub fn scope(&self, review: uuid::Uuid, consultation: Uuid) {} }",
        "pub fn claim(now: &Timestamp, until: Timestamp) {}",
    ] {
        assert_eq!(alike_in(seen).len(), 1, "{seen}");
    }
    for fine in [
        "pub fn merge(work: &mut Work, merged: AccountsMerged) {}",
        "pub fn find(consultation: ConsultationId, account: AccountId) {}",
        "fn private(from: AccountId, into: AccountId) {}",
        "pub fn apart(a: bool, name: &str, b: bool) {}",
    ] {
        assert!(alike_in(fine).is_empty(), "{fine}");
    }
}
