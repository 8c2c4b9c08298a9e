//! Reads a list of addresses from a file: every row and cell with its error, all or nothing.

use serde_json::json;

use super::entering::{Entered, Plan};
use super::service::editable;
use super::{NewInvitation, check_list};
use crate::accounts::Email;
use crate::consultations::ConsultationId;
use crate::exchange::columns::{Columns, Field, Mapping};
use crate::exchange::report::ImportReport;
use crate::exchange::table::{Row, Table};
use crate::i18n::Language;
use crate::problem::{Checks, Problem};
use crate::work::Work;

/// Rows of one import at most.
const MOST_ROWS: usize = 20_000;

const fn field(name: &'static str, needed: bool, columns: &'static [&'static str]) -> Field {
    Field { name, columns, needed }
}

/// What a row can say, and what its column is called in the six languages.
const FIELDS: &[Field] = &[
    field(
        "email",
        true,
        &[
            "e-mail",
            "email address",
            "e-mail address",
            "mail",
            "address",
            "courriel",
            "adresse e-mail",
            "adresse électronique",
            "adresse courriel",
            "correo",
            "correo electrónico",
            "электронная почта",
            "адрес электронной почты",
            "эл. почта",
            "电子邮件",
            "电子邮箱",
            "邮箱",
            "البريد الإلكتروني",
        ],
    ),
    field(
        "name",
        false,
        &[
            "full name",
            "full_name",
            "contact",
            "contact name",
            "contact person",
            "participant",
            "nom complet",
            "nombre completo",
            "nombre y apellidos",
            "фио",
            "полное имя",
            "姓名",
            "الاسم",
            "الاسم الكامل",
        ],
    ),
    field(
        "given_name",
        false,
        &[
            "first name",
            "given name",
            "firstname",
            "forename",
            "prénom",
            "nombre",
            "имя",
            "名",
            "الاسم الأول",
        ],
    ),
    field(
        "family_name",
        false,
        &[
            "last name",
            "family name",
            "surname",
            "lastname",
            "nom",
            "nom de famille",
            "apellido",
            "apellidos",
            "фамилия",
            "姓",
            "اسم العائلة",
        ],
    ),
    field(
        "organization",
        false,
        &[
            "organisation",
            "organization name",
            "organisation name",
            "institution",
            "affiliation",
            "entity",
            "agency",
            "organismo",
            "organización",
            "organisme",
            "организация",
            "учреждение",
            "单位",
            "组织",
            "机构",
            "المنظمة",
            "المؤسسة",
        ],
    ),
    field(
        "language",
        false,
        &["lang", "preferred language", "langue", "idioma", "язык", "语言", "اللغة"],
    ),
    field(
        "list",
        false,
        &["source", "mailing list", "liste", "lista", "список", "名单", "القائمة"],
    ),
];

/// What to import, and how.
pub struct Import<'a> {
    /// The list that the rows come from, where the file has no column for it.
    pub list: Option<&'a str>,
    /// What the sender says of columns.
    pub mapping: &'a Mapping,
    /// Whether only to tell what would be done.
    pub dry_run: bool,
}

/// Reads a table into invitations. 422 with every row and cell that cannot be taken; a dry run reports them instead.
pub fn import(
    work: &mut Work,
    consultation: ConsultationId,
    table: &Table,
    how: &Import,
) -> Result<(ImportReport, Entered), Problem> {
    let consultation = editable(work, consultation)?;
    if table.rows.len() > MOST_ROWS {
        let detail =
            format!("has {} rows; at most {MOST_ROWS} are taken at once", table.rows.len());
        return Err(Problem::invalid("", detail));
    }
    let columns = Columns::find(table, FIELDS, &[], how.mapping)?;
    let list = how.list.map(str::trim).filter(|list| !list.is_empty());
    if list.is_none() && !columns.has("list") {
        let detail = "say which list these addresses come from, or give the file a column “list”";
        return Err(Problem::invalid("?list", detail));
    }
    if let Some(list) = list {
        let mut checks = Checks::new();
        check_list(&mut checks, list, "?list");
        checks.finish()?;
    }
    let mut report = ImportReport::new(table, columns.used(), how.dry_run);
    let reader = Reader { columns: &columns, list };
    let entries: Vec<NewInvitation> =
        table.rows.iter().filter_map(|row| reader.read(row, &mut report)).collect();
    let report = report.in_order();
    if !report.is_clean() && !how.dry_run {
        return Err(report.refusal());
    }
    let plan = Plan::of(work, &consultation, entries)?;
    if how.dry_run {
        return Ok((report, plan.entered));
    }
    let entered = plan.write(work)?;
    let details = json!({ "new": entered.new, "further": entered.further, "known": entered.known });
    work.audit_with("invitations.imported", "consultation", consultation.id, details);
    Ok((report, entered))
}

struct Reader<'a> {
    columns: &'a Columns,
    list: Option<&'a str>,
}

impl Reader<'_> {
    /// What the row says, when all of it can be taken; else the report says what cannot.
    fn read(&self, row: &Row, report: &mut ImportReport) -> Option<NewInvitation> {
        let email = self.email(row, report);
        let name = self.name(row);
        let language = self.language(row, report);
        let list = self.columns.get(row, "list").or(self.list);
        let Some(list) = list else {
            self.wrong(row, report, "list", "missing_list", "no list is named");
            return None;
        };
        let new = NewInvitation {
            email: email?,
            name,
            organization_name: self.columns.get(row, "organization").map(one_line),
            language,
            list: one_line(list),
        };
        if let Err(problem) = new.check() {
            for error in problem.errors() {
                let field = match error.pointer.trim_start_matches('/') {
                    "organization_name" => "organization",
                    "name" if !self.columns.has("name") => "family_name",
                    other => other,
                };
                self.wrong(row, report, field, &error.code, &error.detail);
            }
        }
        (!report.is_bad(row.number)).then_some(new)
    }

    fn email(&self, row: &Row, report: &mut ImportReport) -> Option<Email> {
        let Some(text) = self.columns.get(row, "email") else {
            self.wrong(row, report, "email", "missing_email", "an address is needed");
            return None;
        };
        let address = text.trim_start_matches("mailto:");
        match address.parse() {
            Ok(email) => Some(email),
            Err(why) => {
                self.wrong(row, report, "email", "invalid_email", &format!("is {why}"));
                None
            }
        }
    }

    /// The whole name, or its parts put together.
    fn name(&self, row: &Row) -> Option<String> {
        if let Some(name) = self.columns.get(row, "name") {
            return Some(one_line(name));
        }
        let parts = ["given_name", "family_name"].map(|part| self.columns.get(row, part));
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| one_line(&parts.join(" ")))
    }

    /// Mails are written in six languages. For another the consultation's is taken, and the report says so.
    fn language(&self, row: &Row, report: &mut ImportReport) -> Option<Language> {
        let text = self.columns.get(row, "language")?;
        let found = Language::of_name(text);
        if found.is_none() {
            let column = self.columns.name("language");
            let detail =
                format!("no mails are written in “{text}”: the consultation's language is taken");
            report.note(row.number, column, "other_language", detail);
        }
        found
    }

    fn wrong(&self, row: &Row, report: &mut ImportReport, field: &str, code: &str, detail: &str) {
        report.error(row.number, self.columns.name(field), code, detail);
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
