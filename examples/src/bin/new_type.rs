//! What the schemas do not have: a type, an attribute and a property, each by its name.
//!
//! `Acme::Ledger::Account` stands for a type that an account registered for itself, and `Backup` for a property that
//! came out after the schemas. No type is checked there; everything around them is typed as ever.

use formwork::assembly::{Assembly, run};
use formwork::prelude::*;
use formwork_aws::{sqs, ssm};

const STACK: Stack<Inputs, Outputs> =
    Stack::new("new-type", "A type and a property that the schemas do not have", define);

/// What a launch fills in.
#[derive(Inputs)]
pub struct Inputs {
    /// Currency of the account.
    #[input(default = "EUR", pattern = "^[A-Z]{3}$", explain = "three letters, such as EUR")]
    pub currency: Input<String>,
}

/// What the console shows.
#[derive(Outputs)]
pub struct Outputs {
    /// The account.
    pub account_arn: Value<Arn>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let queue = sqs::Queue::new()
        .message_retention_period(1_209_600)
        .sqs_managed_sse_enabled(true)
        // A typed resource takes a raw property too.
        .set("Backup", object([("RetentionInDays", any(35)), ("Vault", any(pseudo::STACK_NAME))]))
        .except("FW1003", "`Backup` is newer than the schemas")
        .resource_metadata("cfn-lint", ignoring(["E3002"]))
        .retain();
    let queue = t.add("Bookings", queue);
    let account = Raw::new("Acme::Ledger::Account")
        .set("Currency", input.currency)
        .set("Bookings", queue.arn())
        .resource_metadata("cfn-lint", ignoring(["E3006"]))
        .retain();
    let account = t.add("Account", account);
    // An attribute that no schema lists fits wherever text does.
    let number = ssm::ParameterRequired {
        type_: ssm::ParameterType::String,
        value: account.raw_attribute("Number"),
    };
    t.add("AccountNumber", ssm::Parameter::new(number).name("/ledger/account-number"));
    Outputs { account_arn: val(account.raw_attribute("Arn")) }
}

/// cfn-lint has the same schemas, so what they lack it takes for a mistake: this is its own way to be told.
fn ignoring<const N: usize>(checks: [&'static str; N]) -> formwork::Object {
    object([("config", object([("ignore_checks", any(checks))]))])
}

/// Everything that this program writes.
#[must_use]
pub fn assembly() -> Assembly {
    Assembly::new().with(STACK.template())
}

fn main() -> std::process::ExitCode {
    run(&assembly())
}
