//! Holds the code to this: what the database could not do is never told as something else. A result of whoever is given the
//! connection keeps its failure; only a refusal may become another one, by `Problem::refused_as` and its like.
//!
//! Read by syntax: a result that is kept under a name first is known by that name, but not beyond its function.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};

use crate::floor_plan::SOURCES;

/// Methods of a result that forget its failure, or take it for a refusal.
const FORGETTING: &[&str] = &[
    "err",
    "is_err",
    "is_err_and",
    "is_ok",
    "is_ok_and",
    "map_or",
    "map_or_default",
    "ok",
    "or",
    "unwrap_or",
    "unwrap_or_default",
];
/// Those that forget it when what they are given does not look at it.
const LOOKING: &[&str] = &["map_err", "map_or_else", "or_else", "unwrap_or_else"];
/// Those whose result fails as it did before.
const PASSING: &[&str] = &[
    "and_then",
    "as_deref",
    "as_ref",
    "cloned",
    "copied",
    "flatten",
    "inspect",
    "inspect_err",
    "map",
    "map_err",
    "transpose",
];
/// What a refusal is known by. Whoever asks for it by hand forgets that there are failures besides, or has to say so each time.
const REFUSALS: &[&str] = &["Forbidden", "NotFound"];

/// Reads one file and notes what hides a failure.
#[derive(Default)]
struct Search {
    /// Names of the functions around, the innermost last.
    functions: Vec<String>,
    /// Names that hold a result which may be a failure, of the function that is read.
    held: BTreeSet<String>,
    found: Vec<String>,
}

impl Search {
    fn note(&mut self, what: impl std::fmt::Display) {
        let function = self.functions.last().map_or("", String::as_str);
        self.found.push(format!("{function}: {what}"));
    }

    /// Whether it is what somebody answered who was given the connection.
    fn may_fail(&self, asked: &syn::Expr) -> bool {
        match asked {
            syn::Expr::Await(one) => self.may_fail(&one.base),
            syn::Expr::Call(call) => call.args.iter().any(gives_connection),
            syn::Expr::Group(one) => self.may_fail(&one.expr),
            syn::Expr::MethodCall(call) => {
                call.args.iter().any(gives_connection)
                    || PASSING.contains(&call.method.to_string().as_str())
                        && self.may_fail(&call.receiver)
            }
            syn::Expr::Paren(one) => self.may_fail(&one.expr),
            syn::Expr::Path(one) => {
                one.path.get_ident().is_some_and(|name| self.held.contains(&name.to_string()))
            }
            syn::Expr::Reference(one) => self.may_fail(&one.expr),
            syn::Expr::Tuple(one) => one.elems.iter().any(|part| self.may_fail(part)),
            _ => false,
        }
    }

    fn function(&mut self, name: &syn::Ident, read: impl FnOnce(&mut Self)) {
        self.functions.push(name.to_string());
        let outer = std::mem::take(&mut self.held);
        read(self);
        self.held = outer;
        self.functions.pop();
    }
}

/// `work`, `&mut work`, `&mut *work`, `work.conn`, `conn`, or a closure that gets one of them.
fn gives_connection(argument: &syn::Expr) -> bool {
    match argument {
        syn::Expr::Closure(closure) => closure.inputs.iter().any(names_connection),
        syn::Expr::Field(field) => {
            matches!(&field.member, syn::Member::Named(name) if name == "conn")
        }
        syn::Expr::Path(one) => one.path.is_ident("conn") || one.path.is_ident("work"),
        syn::Expr::Reference(one) => gives_connection(&one.expr),
        syn::Expr::Unary(one) => gives_connection(&one.expr),
        _ => false,
    }
}

fn names_connection(pattern: &syn::Pat) -> bool {
    match pattern {
        syn::Pat::Ident(one) => one.ident == "conn" || one.ident == "work",
        syn::Pat::Type(one) => names_connection(&one.pat),
        _ => false,
    }
}

/// A closure that does not look at what it is given. A function's name (`Problem::internal`) is trusted.
fn looks_away(argument: &syn::Expr) -> bool {
    let syn::Expr::Closure(closure) = argument else { return false };
    closure.inputs.iter().any(|one| match one {
        syn::Pat::Wild(_) => true,
        syn::Pat::Ident(name) => name.ident.to_string().starts_with('_'),
        syn::Pat::Type(typed) => matches!(*typed.pat, syn::Pat::Wild(_)),
        _ => false,
    })
}

/// `Ok(…)`, whatever stands in it, or something in which that stands.
fn is_ok(pattern: &syn::Pat) -> bool {
    match pattern {
        syn::Pat::Or(one) => one.cases.iter().any(is_ok),
        syn::Pat::Tuple(one) => one.elems.iter().any(is_ok),
        syn::Pat::TupleStruct(one) => one.path.is_ident("Ok"),
        _ => false,
    }
}

/// `Err(_)`, `Err(_problem)`, `Err(..)` or `_`: an arm that takes failures and does not look at them.
fn drops_failure(pattern: &syn::Pat) -> bool {
    match pattern {
        syn::Pat::Wild(_) => true,
        syn::Pat::Or(one) => one.cases.iter().any(drops_failure),
        syn::Pat::Tuple(one) => {
            one.elems.iter().any(|part| !matches!(part, syn::Pat::Wild(_)) && drops_failure(part))
        }
        syn::Pat::TupleStruct(one) if one.path.is_ident("Err") => {
            one.elems.iter().all(|inside| match inside {
                syn::Pat::Wild(_) | syn::Pat::Rest(_) => true,
                syn::Pat::Ident(name) => name.ident.to_string().starts_with('_'),
                _ => false,
            })
        }
        _ => false,
    }
}

/// `Err(problem)` whose arm goes on without handing it on, by `Err(…)`, `?` or one of the methods that look at it.
fn keeps_failure(arm: &syn::Arm) -> bool {
    let taken = |pattern: &syn::Pat| {
        let syn::Pat::TupleStruct(one) = pattern else { return false };
        one.path.is_ident("Err") && matches!(one.elems.first(), Some(syn::Pat::Ident(_)))
    };
    let mut handing = Handing(false);
    handing.visit_expr(&arm.body);
    taken(&arm.pat) && arm.guard.is_none() && !handing.0
}

/// Whether an expression hands a failure on.
struct Handing(bool);

impl<'ast> Visit<'ast> for Handing {
    fn visit_expr_path(&mut self, one: &'ast syn::ExprPath) {
        self.0 |= one.path.is_ident("Err");
        visit::visit_expr_path(self, one);
    }

    fn visit_expr_try(&mut self, one: &'ast syn::ExprTry) {
        self.0 = true;
        visit::visit_expr_try(self, one);
    }
}

/// `Code::NotFound` and the like.
fn is_refusal(path: &syn::Path) -> bool {
    let parts: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
    matches!(&parts[..], [.., code, name] if code == "Code" && REFUSALS.contains(&name.as_str()))
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|one| {
        one.path().is_ident("test")
            || one.path().is_ident("cfg")
                && one.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

impl<'ast> Visit<'ast> for Search {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_test(&item.attrs) {
            self.function(&item.sig.ident, |search| visit::visit_item_fn(search, item));
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig.ident, |search| visit::visit_impl_item_fn(search, item));
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        visit::visit_local(self, local);
        let Some(init) = &local.init else { return };
        let may_fail = self.may_fail(&init.expr);
        if may_fail && init.diverge.is_some() && is_ok(&local.pat) {
            self.note("let Ok(…) = … else");
        }
        let pattern = match &local.pat {
            syn::Pat::Type(typed) => &typed.pat,
            pattern => pattern,
        };
        if let syn::Pat::Ident(name) = pattern {
            let name = name.ident.to_string();
            if may_fail {
                self.held.insert(name);
            } else {
                self.held.remove(&name);
            }
        }
        if may_fail && matches!(pattern, syn::Pat::Wild(_)) {
            self.note("let _ = …");
        }
    }

    fn visit_expr_let(&mut self, one: &'ast syn::ExprLet) {
        if is_ok(&one.pat) && self.may_fail(&one.expr) {
            self.note("if let Ok(…) = …");
        }
        visit::visit_expr_let(self, one);
    }

    fn visit_expr_match(&mut self, one: &'ast syn::ExprMatch) {
        if self.may_fail(&one.expr)
            && one.arms.iter().any(|arm| is_ok(&arm.pat))
            && one.arms.iter().any(|arm| drops_failure(&arm.pat) || keeps_failure(arm))
        {
            self.note("match … { Err(_) => … }");
        }
        visit::visit_expr_match(self, one);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let method = call.method.to_string();
        let forgets = FORGETTING.contains(&method.as_str())
            || LOOKING.contains(&method.as_str()) && call.args.first().is_some_and(looks_away);
        if forgets && self.may_fail(&call.receiver) {
            self.note(format!(".{method}(…)"));
        }
        visit::visit_expr_method_call(self, call);
    }

    /// `Problem::new(problem.code(), …)` forgets that it is worth trying again.
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let asks_code = |one: &syn::Expr| matches!(one, syn::Expr::MethodCall(inner) if inner.method == "code" && inner.args.is_empty());
        if call.args.iter().any(asks_code) {
            self.note("a problem made anew from the code of another");
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_binary(&mut self, one: &'ast syn::ExprBinary) {
        let sides = [&one.left, &one.right];
        let named =
            |side: &syn::Expr| matches!(side, syn::Expr::Path(one) if is_refusal(&one.path));
        if matches!(one.op, syn::BinOp::Eq(_) | syn::BinOp::Ne(_))
            && sides.iter().any(|one| named(one))
        {
            self.note("a refusal known by its code");
        }
        visit::visit_expr_binary(self, one);
    }

    fn visit_pat(&mut self, pattern: &'ast syn::Pat) {
        if matches!(pattern, syn::Pat::Path(one) if is_refusal(&one.path)) {
            self.note("a refusal known by its code");
        }
        visit::visit_pat(self, pattern);
    }

    /// `matches!(store::find(work.conn), Ok(…))` is an `if let`.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if call.path.is_ident("matches") {
            let asked = call.parse_body_with(|input: syn::parse::ParseStream<'_>| {
                let asked: syn::Expr = input.parse()?;
                input.parse::<syn::Token![,]>()?;
                let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
                input.step(|rest| {
                    let mut rest = *rest;
                    while let Some((_, next)) = rest.token_tree() {
                        rest = next;
                    }
                    Ok(((), rest))
                })?;
                Ok((asked, pattern))
            });
            if let Ok((asked, pattern)) = asked
                && self.may_fail(&asked)
                && (is_ok(&pattern) || drops_failure(&pattern))
            {
                self.note("matches!(…, Ok(…))");
            }
        }
        visit::visit_macro(self, call);
    }
}

fn hidden_in(text: &str) -> Vec<String> {
    let mut search = Search::default();
    search.visit_file(&syn::parse_file(text).unwrap());
    search.found
}

/// Where codes are made and where they are known.
const TABLE: &str = "crates/kernel/src/problem.rs";
/// Crates that know no database: what is called `work` there is something else.
const PURE: &[&str] = &["assignment", "document", "intake", "typeset"];
/// What takes a failure and goes on, and why it may.
const ALLOWED: &[(&str, &str)] = &[
    // It is logged, and written down again half a second later.
    ("crates/kernel/src/jobs/runner.rs", "beat"),
    // It is logged, and what ended the job is told in place of it.
    ("crates/kernel/src/jobs/runner.rs", "left"),
    // What several wrote is undone for one of them, or each is done by itself: every one is told how it ended.
    ("crates/kernel/src/db/grouping.rs", "lead"),
    ("crates/kernel/src/db/grouping.rs", "in_savepoint"),
];

#[test]
fn no_failure_is_told_as_a_refusal() {
    let read = SOURCES.iter().filter(|(file, _)| {
        let ours = file.starts_with("src/") || file.starts_with("crates/");
        let pure = PURE.iter().any(|name| file.starts_with(&format!("crates/{name}/")));
        ours && !pure && file.as_str() != TABLE && !file.ends_with("/tests.rs")
    });
    let found: Vec<String> = read
        .flat_map(|(file, text)| {
            hidden_in(text).into_iter().map(move |one| format!("{file}: {one}"))
        })
        .collect();
    let names = |(file, function): &(&str, &str)| format!("{file}: {function}:");
    let (allowed, found): (Vec<String>, Vec<String>) = found
        .into_iter()
        .partition(|one| ALLOWED.iter().any(|allowed| one.starts_with(&names(allowed))));
    assert!(found.is_empty(), "these hide a failure:\n{}", found.join("\n"));
    let gone = |one: &&(&str, &str)| !allowed.iter().any(|found| found.starts_with(&names(one)));
    let gone: Vec<_> = ALLOWED.iter().filter(gone).collect();
    assert!(gone.is_empty(), "allowed and not there: {gone:?}");
}

#[test]
fn every_way_of_hiding_a_failure_is_seen() {
    for body in [
        "store::find(conn, id).ok()",
        "store::find(work.conn, id).is_ok()",
        "service::see(work, id).is_err()",
        "service::see(&mut work, id).unwrap_or_default()",
        "service::see(&mut *work, id).unwrap_or(None)",
        "service::see(work, id).unwrap_or_else(|_| None)",
        "service::see(work, id).map_err(|_| refused())?",
        "service::see(work, id).map_err(|_problem| refused())?",
        "service::see(work, id).map_err(|_: Problem| refused())?",
        "service::see(work, id).or_else(|_| other())?",
        "service::see(work, id).map(|one| one.name).map_err(|_| refused())?",
        "place.find(work.conn).map_or(false, |one| one.open)",
        "{ let Ok(one) = store::find(work.conn, id) else { return }; }",
        "if let Ok(one) = store::find(conn, id) {}",
        "while let Ok(one) = (store::find(conn, id)) {}",
        "match store::find(conn, id) { Ok(one) => one, Err(_) => return }",
        "match store::find(conn, id) { Ok(Some(one)) => one, _ => return }",
        "match store::find(conn, id) { Ok(one) => one, Ok(_) | Err(..) => return }",
        "match store::find(conn, id) { Ok(one) => one, Err(problem) => log(problem) }",
        "match (store::find(conn, id), a) { (Ok(one), _) => one, (Err(_), _) => return }",
        "matches!(store::find(conn, id), Ok(Some(one)) if one.open)",
        "f().map_err(|problem| Problem::new(problem.code(), \"Told otherwise.\"))",
        "{ let found = store::find(conn, id); found.is_ok() }",
        "{ let found: Result<A, Problem> = store::find(conn, id); if let Ok(a) = &found {} }",
        "{ let _ = store::delete(conn, id); }",
        "app.read(move |work| service::see(work, id)).await.ok()",
        "app.db.write(|conn: &mut Conn| store::delete(conn, id)).await.is_ok()",
        "match problem.code() { Code::NotFound => refused(), _ => problem }",
        "match f() { Err(problem) if problem.code() == Code::Forbidden => refused(), _ => g() }",
        "matches!(problem.code(), Code::Internal) || problem.code() != problem::Code::NotFound",
        "iter.map(|id| store::find(conn, id).ok())",
    ] {
        let text = format!("impl A {{ fn f(&self) {{ {body} }} }}");
        assert!(!hidden_in(&text).is_empty(), "not seen: {body}");
    }
    for body in [
        "store::find(conn, id)?.unwrap_or_default()",
        "store::find(conn, id)?.ok_or_else(|| refused())?",
        "store::find(conn, id).map_err(|problem| problem.refused_as(|_| refused()))?",
        "Problem::or_refused(store::find(conn, id))?.is_some()",
        "{ let found = store::find(conn, id); found? }",
        "{ let found = store::find(conn, id); let found = found?; found.is_ok() }",
        "match store::find(conn, id) { Ok(one) => one, Err(problem) => return Err(problem) }",
        "match store::find(conn, id)? { Some(one) => one, _ => return }",
        "match store::find(conn, id) { Ok(one) => take(one), Err(p) => refused.push(p.as_refusal()?) }",
        "text.parse().map_err(|_| refused())?",
        "rules.require_open(work.now).is_ok()",
        "Err(Problem::new(Code::NotFound, detail))",
        "app.db.read(move |conn| store::find(conn, id)).await.inspect_err(|p| log(p))?",
    ] {
        let text = format!("fn f() {{ {body} }}");
        assert!(hidden_in(&text).is_empty(), "seen and not there: {body}: {:?}", hidden_in(&text));
    }
    let tests =
        "#[cfg(test)] mod tests { fn f() { g(conn).ok(); } } #[test] fn f() { g(conn).ok(); }";
    assert!(hidden_in(tests).is_empty(), "tests may");
}
