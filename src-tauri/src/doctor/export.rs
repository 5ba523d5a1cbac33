//! Findings in other programs' formats.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Finding, Severity};
use crate::markup::escaped;
use crate::words::Words;

/// One finding in words.
#[derive(Serialize)]
pub struct Told {
    pub rule: &'static str,
    pub severity: Severity,
    pub what: String,
    pub why: String,
    /// Where it stands, if in a file.
    pub path: Option<String>,
}

impl Told {
    pub fn of(finding: &Finding, words: &Words) -> Self {
        Self {
            rule: finding.rule.id,
            severity: finding.rule.severity,
            what: what(finding, words),
            why: words.say(&format!("why-{}", finding.rule.id), &[]),
            path: finding.values.get("path").cloned(),
        }
    }
}

/// A flaw that an adapter finds by itself has its sentence already.
fn what(finding: &Finding, words: &Words) -> String {
    let values: Vec<(&str, &str)> =
        finding.values.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let id = finding.rule.id;
    words.find(&format!("flaw-{id}"), &values).unwrap_or_else(|| words.say(&format!("rule-{id}"), &values))
}

/// Static Analysis Results Interchange Format 2.1.0 (OASIS), as code hosts read it.
pub fn sarif(findings: &[Told], version: &str) -> Value {
    let rules: Vec<Value> = findings.iter().map(rule).collect();
    let results: Vec<Value> = findings.iter().map(result).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "gateward doctor", "version": version, "rules": rules } },
            "results": results,
        }],
    })
}

fn rule(told: &Told) -> Value {
    json!({
        "id": told.rule,
        "shortDescription": { "text": told.what },
        "fullDescription": { "text": told.why },
    })
}

fn result(told: &Told) -> Value {
    let mut value = json!({
        "ruleId": told.rule,
        "level": told.severity.name(),
        "message": { "text": format!("{} {}", told.what, told.why) },
    });
    if let Some(path) = &told.path {
        let place = path.replace('\\', "/");
        value["locations"] = json!([{ "physicalLocation": { "artifactLocation": { "uri": place } } }]);
    }
    value
}

/// JUnit's XML, one test case for each rule; notes pass.
pub fn junit(findings: &[Told], rules: impl Iterator<Item = &'static str>) -> String {
    let cases: Vec<String> = rules.map(|rule| case(rule, findings)).collect();
    let failures = findings.iter().filter(|told| told.severity > Severity::Note).count();
    let suite =
        format!("<testsuite name=\"gateward doctor\" tests=\"{}\" failures=\"{failures}\">", cases.len());
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{suite}\n{}</testsuite>\n", cases.concat())
}

fn case(rule: &str, findings: &[Told]) -> String {
    let opening = format!("  <testcase classname=\"doctor\" name=\"{rule}\"");
    match findings.iter().find(|told| told.rule == rule && told.severity > Severity::Note) {
        Some(told) => format!(
            "{opening}><failure type=\"{}\" message=\"{}\">{}</failure></testcase>\n",
            told.severity.name(),
            escaped(&told.what),
            escaped(&told.why)
        ),
        None => format!("{opening}/>\n"),
    }
}
