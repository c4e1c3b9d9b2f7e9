//! A form's definition as it is stored per version and sent to the widget, and the settings around it.
//!
//! The types say what a definition may hold; [`super::check`] says whether it makes sense. In a definition `null` and
//! "absent" mean the same.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What visitors fill in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FormDefinition")]
pub struct Definition {
    /// Number of the published version; 0 in a draft.
    #[serde(default)]
    pub version: i32,
    /// Heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Text under the heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Label of the last button.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submit_label: Option<String>,
    /// Pages, in order.
    pub steps: Vec<Step>,
    /// What shows, hides, requires and jumps, in order: a later rule wins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Vec<Rule>>,
    /// What a visitor gets in the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// One page of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FormStep")]
pub struct Step {
    /// Unique among steps.
    pub key: String,
    /// Heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// In order.
    pub fields: Vec<Field>,
}

/// Kinds of field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "FormFieldType")]
pub enum FieldType {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
    /// Number.
    Number,
    /// Day, `YYYY-MM-DD`.
    Date,
    /// One option, from a list.
    Select,
    /// Any options.
    Multi,
    /// One option, all shown.
    Radio,
    /// Tick box.
    Checkbox,
    /// 1 to `max` stars.
    Rating,
    /// Uploaded files; the answer is their ids.
    File,
    /// Filled by the page, never drawn.
    Hidden,
    /// Agreement to a text.
    Consent,
    /// Text between fields; has no answer.
    Section,
}

impl FieldType {
    /// As written in a definition.
    pub const ALL: [(&'static str, FieldType); 15] = [
        ("text", FieldType::Text),
        ("long_text", FieldType::LongText),
        ("email", FieldType::Email),
        ("phone", FieldType::Phone),
        ("number", FieldType::Number),
        ("date", FieldType::Date),
        ("select", FieldType::Select),
        ("multi", FieldType::Multi),
        ("radio", FieldType::Radio),
        ("checkbox", FieldType::Checkbox),
        ("rating", FieldType::Rating),
        ("file", FieldType::File),
        ("hidden", FieldType::Hidden),
        ("consent", FieldType::Consent),
        ("section", FieldType::Section),
    ];

    /// The type of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, t)| *t)
    }

    /// Whether options belong to it.
    pub fn has_options(self) -> bool {
        matches!(self, FieldType::Select | FieldType::Multi | FieldType::Radio)
    }

    /// Default longest answer in Unicode scalar values, for the types typed by hand.
    pub fn longest(self) -> Option<usize> {
        match self {
            FieldType::Text => Some(200),
            FieldType::LongText => Some(5000),
            FieldType::Email => Some(320),
            FieldType::Phone => Some(40),
            _ => None,
        }
    }
}

/// What of a contact an answer fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "FormMapsTo")]
pub enum MapsTo {
    /// Given name.
    FirstName,
    /// Family name.
    LastName,
    /// Whole name.
    Name,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
    /// Company.
    Company,
}

impl MapsTo {
    /// As written in a definition.
    pub const NAMES: [&'static str; 6] = ["first_name", "last_name", "name", "email", "phone", "company"];
}

/// One field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FormField")]
pub struct Field {
    /// Unique in the form; the name of the answer.
    pub key: String,
    /// Kind.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// What is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// A hint under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// An example inside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// Must be answered, unless a rule says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// Not shown, unless a rule says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
    /// Choices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<Choice>>,
    /// Smallest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest number, most stars, most choices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Numbers are `min` plus a multiple of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<f64>,
    /// Shortest answer in Unicode scalar values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    /// Longest answer in Unicode scalar values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// MIME patterns such as `image/*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<Vec<String>>,
    /// Largest file in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// Most files; 1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_files: Option<usize>,
    /// Answer to begin with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// What is agreed to, or a section's body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Query parameter of the page that fills a hidden field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
    /// What of a contact it fills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maps_to: Option<MapsTo>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FormChoice")]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is read.
    pub label: String,
}

/// When something holds, do something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FormRule")]
pub struct Rule {
    /// Condition.
    pub when: Condition,
    /// Actions, in order.
    pub then: Vec<Action>,
}

/// A condition on answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "FormCondition")]
pub enum Condition {
    /// Every one holds; true when there is none.
    All(All),
    /// One of them holds.
    Any(Any),
    /// It does not hold.
    Not(Not),
    /// An answer compares.
    Test(Test),
}

/// Every part holds; true when there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FormAll")]
pub struct All {
    /// Parts.
    pub all: Vec<Condition>,
}

/// One of the parts holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FormAny")]
pub struct Any {
    /// Parts.
    pub any: Vec<Condition>,
}

/// A part does not hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FormNot")]
pub struct Not {
    /// What must not hold.
    pub not: Box<Condition>,
}

/// An answer compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FormTest")]
pub struct Test {
    /// Key of the field.
    pub field: String,
    /// How.
    pub op: Op,
    /// With what.
    #[serde(default)]
    pub value: Value,
}

/// How an answer is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "FormOperator")]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal, also when there is no answer.
    Ne,
    /// Equal to one of a list.
    In,
    /// A list holds it, or a text contains it.
    Contains,
    /// Greater; texts by Unicode scalar value.
    Gt,
    /// Greater or equal.
    Gte,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// No answer.
    Empty,
    /// An answer.
    Filled,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "FormAction")]
pub enum Action {
    /// Show a field.
    Show {
        /// Key of the field.
        target: String,
    },
    /// Hide a field.
    Hide {
        /// Key of the field.
        target: String,
    },
    /// Demand an answer.
    Require {
        /// Key of the field.
        target: String,
    },
    /// Demand no answer.
    Optional {
        /// Key of the field.
        target: String,
    },
    /// Go on with another step.
    Jump {
        /// Step it leaves.
        from: String,
        /// A later step, or `end`.
        target: String,
    },
}

/// What a visitor gets in the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schemars(rename = "FormOutcome")]
pub enum Outcome {
    /// A thank-you.
    Message {
        /// Heading.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
    },
    /// Another page.
    Redirect {
        /// An https or http address.
        url: String,
    },
}

/// How a definition is described in the API's document, under the name `FormDefinition`.
pub fn described() -> Value {
    let settings = schemars::generate::SchemaSettings::openapi3();
    settings.into_generator().into_root_schema_for::<Definition>().to_value()
}

impl Definition {
    /// Every field, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.steps.iter().flat_map(|step| &step.fields)
    }

    /// The field with this key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields().find(|field| field.key == key)
    }

    /// The rules, in order.
    pub fn rules(&self) -> &[Rule] {
        self.rules.as_deref().unwrap_or_default()
    }
}
