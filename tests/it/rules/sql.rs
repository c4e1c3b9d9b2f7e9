use std::path::{Path, PathBuf};
use syn::visit::Visit;
use tests::database::TestDatabase;

/// Every `sql!("…")` of a file, also inside other macros.
struct Statements(Vec<String>);

impl<'a> Visit<'a> for Statements {
    fn visit_macro(&mut self, found: &'a syn::Macro) {
        if found.path.segments.last().is_some_and(|s| s.ident == "sql")
            && let Ok(text) = found.parse_body::<syn::LitStr>()
        {
            self.0.push(text.value());
        } else if let Ok(file) = syn::parse2::<syn::File>(found.tokens.clone()) {
            self.visit_file(&file);
        }
    }
}

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[tokio::test]
async fn every_statement_prepares_against_a_fresh_schema() {
    let db = TestDatabase::create().await;
    let client = db.superuser().await;
    let schema: String = client
        .query_one("select schema_name from control.tenants where state = 'ready' limit 1", &[])
        .await
        .unwrap()
        .get(0);
    let paths = [format!("{schema}, shared"), "control, shared".to_owned(), "ops, shared".to_owned()];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut files, mut wrong, mut count) = (vec![], vec![], 0);
    for dir in ["core", "admin-api", "embed-edge"] {
        rust_files(&root.join(dir), &mut files);
    }
    for file in files {
        let mut statements = Statements(vec![]);
        statements.visit_file(&syn::parse_file(&std::fs::read_to_string(&file).unwrap()).unwrap());
        for text in statements.0 {
            count += 1;
            let mut why = String::new();
            for path in &paths {
                client.batch_execute(&format!("set search_path = {path}")).await.unwrap();
                match client.prepare(&text).await {
                    Ok(_) => {
                        why.clear();
                        break;
                    }
                    Err(error) => {
                        let message = error.as_db_error().map_or(error.to_string(), |e| e.message().to_owned());
                        why = if why.is_empty() { message } else { format!("{why} | {message}") };
                    }
                }
            }
            if !why.is_empty() {
                wrong.push(format!("{}: {why}\n    {text}", file.display()));
            }
        }
    }
    drop(client);
    db.drop().await;
    assert!(count > 20, "only {count} statements were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
