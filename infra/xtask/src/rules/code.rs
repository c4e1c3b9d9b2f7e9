//! Rules about Rust code, read with a real parser.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprCall, ImplItem, ItemFn, ItemImpl, ItemMod, LitStr, Macro};

use super::{Source, Violation, sql};

/// Longest body of an HTTP handler, in lines: it only translates, the verb is elsewhere.
const HANDLER_LINES: usize = 15;

/// Calls that belong to the kernel in every program, with what to use instead.
const KERNEL_ONLY: &[(&[&str], &str)] = &[
    (&["Utc", "now"], "tests own the time: use the clock of the context"),
    (&["Local", "now"], "tests own the time: use the clock of the context"),
    (&["SystemTime", "now"], "tests own the time: use the clock of the context"),
    (&["Uuid", "now_v7"], "ids follow the injected clock: use the kernel's ids"),
];

/// Calls that belong to the kernel in modules. A program may start its own listeners, and the edge calls the core.
const KERNEL_ONLY_FOR_MODULES: &[(&[&str], &str)] = &[
    (&["reqwest", "Client", "new"], "use kernel::outbound, it guards and records"),
    (&["reqwest", "Client", "builder"], "use kernel::outbound, it guards and records"),
    (&["tokio", "spawn"], "a detached task outlives tests and shutdown: use a job, or the kernel's tasks"),
];

pub(super) fn check(sources: &[Source]) -> Vec<Violation> {
    sources.iter().filter(|source| governed(&source.path)).flat_map(check_one).collect()
}

/// Shipped Rust code of the product, except the kernel, whose work these things are.
fn governed(path: &str) -> bool {
    let inside = ["core/", "admin-api/src/", "embed-edge/src/"].iter().any(|folder| path.starts_with(folder));
    inside && path.ends_with(".rs") && !path.starts_with("core/kernel/") && !path.contains("/tests/")
}

fn is_module(path: &str) -> bool {
    path.starts_with("core/") && !path.starts_with("core/server/")
}

/// SQL stands in `db.rs`, or in a folder `db` when there is much of it. The edge has no resources: it reads four views.
fn may_hold_sql(path: &str) -> bool {
    path.ends_with("/db.rs") || path.contains("/db/") || path.starts_with("embed-edge/")
}

fn check_one(source: &Source) -> Vec<Violation> {
    let file = match syn::parse_file(&source.text) {
        Ok(file) => file,
        // The compiler says it better.
        Err(_) => return Vec::new(),
    };
    let mut reader = Reader { source, found: Vec::new() };
    reader.visit_file(&file);
    reader.found
}

struct Reader<'a> {
    source: &'a Source,
    found: Vec<Violation>,
}

impl Reader<'_> {
    fn add(&mut self, rule: &'static str, span: Span, message: impl Into<String>) {
        self.found.push(self.source.violation(rule, span.start().line, message));
    }

    fn statement(&mut self, text: &str, span: Span) {
        for message in sql::check_statement(text) {
            self.add("sql", span, message);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {
        // Documentation may quote SQL.
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if item.attrs.iter().any(|attribute| last_segment(attribute) == "OpenApi") {
            for method in &item.items {
                if let ImplItem::Fn(method) = method
                    && method.attrs.iter().any(|attribute| last_segment(attribute) == "oai")
                {
                    let span = method.block.span();
                    let lines = span.end().line.saturating_sub(span.start().line + 1);
                    if lines > HANDLER_LINES {
                        let name = &method.sig.ident;
                        let message = format!(
                            "handler {name} has {lines} lines, at most {HANDLER_LINES}: move the work to a verb"
                        );
                        self.add("handler", method.sig.ident.span(), message);
                    }
                }
            }
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(path) = &*call.func {
            let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            let for_modules = if is_module(&self.source.path) { KERNEL_ONLY_FOR_MODULES } else { &[] };
            for (forbidden, instead) in KERNEL_ONLY.iter().chain(for_modules) {
                if names.len() >= forbidden.len() && names[names.len() - forbidden.len()..].iter().eq(forbidden.iter())
                {
                    self.add("kernel-only", call.span(), format!("{}: {instead}", forbidden.join("::")));
                }
            }
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        let name = item.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if name == "sql" {
            if !may_hold_sql(&self.source.path) {
                self.add("sql-place", item.span(), "SQL stands in db.rs");
            }
            if let Ok(text) = item.parse_body::<LitStr>() {
                self.statement(&text.value(), item.span());
            }
        }
        visit::visit_macro(self, item);
    }

    fn visit_lit_str(&mut self, literal: &'ast LitStr) {
        if !may_hold_sql(&self.source.path) && sql::looks_like_sql(&literal.value()) {
            self.add("sql-place", literal.span(), "this looks like SQL, which stands in db.rs, marked sql!");
        }
    }
}

fn last_segment(attribute: &Attribute) -> String {
    attribute.path().segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let test_only =
            attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|name| name == "test");
        test_only || last_segment(attribute) == "test"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<(&'static str, usize)> {
        let source = Source { path: path.into(), text: text.into() };
        check(&[source]).into_iter().map(|violation| (violation.rule, violation.line)).collect()
    }

    #[test]
    fn sql_has_one_place() {
        let marked = "fn a() {\n    sql!(\"select id from deals\");\n}\n";
        assert_eq!(rules("core/deals/src/deals/api.rs", marked), [("sql-place", 2)]);
        assert!(rules("core/deals/src/deals/db.rs", marked).is_empty());
        let plain = "/// select id from deals\nfn a() -> &'static str { \"delete from deals where id = $1\" }";
        assert_eq!(rules("core/deals/src/deals/actions.rs", plain), [("sql-place", 2)]);
        assert!(rules("core/kernel/src/jobs.rs", plain).is_empty());
        assert!(
            rules("core/deals/src/deals/actions.rs", "const A: &str = \"select a plan from the list\";").is_empty()
        );
        assert_eq!(rules("core/deals/src/deals/db.rs", "fn a() { sql!(\"select * from deals\"); }"), [("sql", 1)]);
    }

    #[test]
    fn handlers_are_short() {
        let body = "        let a = 1;\n".repeat(16);
        let text = format!(
            "#[OpenApi]\nimpl Api {{\n    #[oai(path = \"/x\", method = \"get\")]\n    async fn x(&self) {{\n{body}    }}\n    fn free() {{\n{body}    }}\n}}\n"
        );
        assert_eq!(rules("core/deals/src/deals/api.rs", &text), [("handler", 4)]);
    }

    #[test]
    fn the_clock_belongs_to_the_kernel() {
        let text = "fn a() { let _ = chrono::Utc::now(); tokio::spawn(x()); reqwest::Client::new(); }\n#[cfg(test)]\nmod tests { fn b() { Utc::now(); } }";
        assert_eq!(rules("core/deals/src/deals/jobs.rs", text).len(), 3);
        assert!(rules("core/kernel/src/clock.rs", text).is_empty());
        assert!(rules("core/deals/src/deals/model.rs", "fn a() { Client::new(); }").is_empty());
    }
}
