//! The closed schema of the templates that this program writes, compiled into the program.

mod official;

pub use official::{Official, SchemasError, violations};

use serde_json::Value;

use super::EmitError;

#[jsonschema::validator(path = "src/emit/arm.schema.json", methods = { is_valid = true, validate = false, iter_errors = true })]
struct Template;

/// Refuses a template that holds anything this program is not known to write.
pub(super) fn check(template: &Value) -> Result<(), EmitError> {
    if Template::is_valid(template) {
        return Ok(());
    }
    let say = |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    Err(EmitError { violations: Template::iter_errors(template).map(say).collect() })
}
