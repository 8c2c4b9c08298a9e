//! The few words that a document prints by itself ("Summary", "Annex"), in the six official languages of the United
//! Nations. Must never hold a word that belongs to one kind of document; those come in as text.

use super::LanguageTag;

/// Words printed around the text of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    pub united_nations: &'static str,
    pub summary: &'static str,
    pub contents: &'static str,
    pub paragraphs: &'static str,
    pub footnotes: &'static str,
    pub footnote: &'static str,
    pub annex: &'static str,
    pub figure: &'static str,
    pub skip: &'static str,
    pub back: &'static str,
}

impl Words {
    /// The words in `language`, or in English when it is not an official language.
    #[must_use]
    pub fn of(language: &LanguageTag) -> &'static Self {
        match language.primary().as_str() {
            "ar" => &ARABIC,
            "zh" => &CHINESE,
            "fr" => &FRENCH,
            "ru" => &RUSSIAN,
            "es" => &SPANISH,
            _ => &ENGLISH,
        }
    }
}

const ENGLISH: Words = Words {
    united_nations: "United Nations",
    summary: "Summary",
    contents: "Contents",
    paragraphs: "Paragraphs",
    footnotes: "Footnotes",
    footnote: "Footnote",
    annex: "Annex",
    figure: "Figure",
    skip: "Skip to the document",
    back: "Back to reference",
};

const ARABIC: Words = Words {
    united_nations: "الأمم المتحدة",
    summary: "موجز",
    contents: "المحتويات",
    paragraphs: "الفقرات",
    footnotes: "الحواشي",
    footnote: "الحاشية",
    annex: "المرفق",
    figure: "الشكل",
    skip: "انتقل إلى الوثيقة",
    back: "العودة إلى موضع الحاشية",
};

const CHINESE: Words = Words {
    united_nations: "联合国",
    summary: "摘要",
    contents: "目录",
    paragraphs: "段次",
    footnotes: "脚注",
    footnote: "脚注",
    annex: "附件",
    figure: "图",
    skip: "跳至文件正文",
    back: "返回引用处",
};

const FRENCH: Words = Words {
    united_nations: "Nations Unies",
    summary: "Résumé",
    contents: "Table des matières",
    paragraphs: "Paragraphes",
    footnotes: "Notes de bas de page",
    footnote: "Note",
    annex: "Annexe",
    figure: "Figure",
    skip: "Aller au document",
    back: "Retour à l’appel de note",
};

const RUSSIAN: Words = Words {
    united_nations: "Организация Объединенных Наций",
    summary: "Резюме",
    contents: "Содержание",
    paragraphs: "Пункты",
    footnotes: "Сноски",
    footnote: "Сноска",
    annex: "Приложение",
    figure: "Диаграмма",
    skip: "Перейти к документу",
    back: "Назад к ссылке",
};

const SPANISH: Words = Words {
    united_nations: "Naciones Unidas",
    summary: "Resumen",
    contents: "Índice",
    paragraphs: "Párrafos",
    footnotes: "Notas",
    footnote: "Nota",
    annex: "Anexo",
    figure: "Gráfico",
    skip: "Ir al documento",
    back: "Volver a la llamada",
};
