//! The few words that a document prints by itself ("Summary", "Annex"), in the six official languages of the United
//! Nations. Must never hold a word that belongs to one kind of document; those come in as text.

use super::{Compared, LanguageTag};

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
    /// What the numbers that a chart shows are called.
    pub data: &'static str,
    pub skip: &'static str,
    pub back: &'static str,
    /// What two documents that are compared are told by, with `{from}` and `{to}`, and how the marks are to be read.
    pub differences: &'static str,
    pub legend: &'static str,
    /// What states of a document are called, with `{number}`.
    pub edition: &'static str,
    pub milestone: &'static str,
    pub draft: &'static str,
    /// Said before words that are marked, to whoever does not see how.
    pub inserted: &'static str,
    pub deleted: &'static str,
    /// Said behind them.
    pub end: &'static str,
    /// Said of what has moved, without and with the number of the paragraph, `{number}`.
    pub moved_here: (&'static str, &'static str),
    pub moved_away: (&'static str, &'static str),
}

impl Words {
    /// "Differences between edition 1 and edition 2".
    #[must_use]
    pub fn differences(&self, compared: &Compared) -> String {
        let named = self.differences.replace("{from}", compared.from.as_str());
        named.replace("{to}", compared.to.as_str())
    }

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
    data: "Data",
    skip: "Skip to the document",
    back: "Back to reference",
    differences: "Differences between {from} and {to}",
    legend: "Underlined words are new; words struck through are gone.",
    edition: "edition {number}",
    milestone: "milestone {number}",
    draft: "the draft",
    inserted: "inserted",
    deleted: "deleted",
    end: "end",
    moved_here: ("Moved here.", "Moved here; it was paragraph {number}."),
    moved_away: ("Moved elsewhere.", "Moved; it is paragraph {number} now."),
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
    data: "البيانات",
    skip: "انتقل إلى الوثيقة",
    back: "العودة إلى موضع الحاشية",
    differences: "الفروق بين {from} و{to}",
    legend: "الكلمات المسطَّرة جديدة؛ والكلمات المشطوبة محذوفة.",
    edition: "الطبعة {number}",
    milestone: "المرحلة {number}",
    draft: "المسودة",
    inserted: "مضاف",
    deleted: "محذوف",
    end: "نهاية",
    moved_here: ("نُقلت إلى هنا.", "نُقلت إلى هنا؛ وكانت الفقرة {number}."),
    moved_away: ("نُقلت إلى موضع آخر.", "نُقلت؛ وهي الآن الفقرة {number}."),
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
    data: "数据",
    skip: "跳至文件正文",
    back: "返回引用处",
    differences: "{from}与{to}的差异",
    legend: "下划线文字为新增，删除线文字为删除。",
    edition: "第{number}版",
    milestone: "第{number}阶段稿",
    draft: "草稿",
    inserted: "新增",
    deleted: "删除",
    end: "完",
    moved_here: ("移至此处。", "移至此处；原为第{number}段。"),
    moved_away: ("移至他处。", "已移动；现为第{number}段。"),
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
    data: "Données",
    skip: "Aller au document",
    back: "Retour à l’appel de note",
    differences: "Différences entre {from} et {to}",
    legend: "Les mots soulignés sont nouveaux ; les mots barrés ont disparu.",
    edition: "l’édition {number}",
    milestone: "l’étape {number}",
    draft: "le projet",
    inserted: "ajouté",
    deleted: "supprimé",
    end: "fin",
    moved_here: ("Déplacé ici.", "Déplacé ici ; c’était le paragraphe {number}."),
    moved_away: ("Déplacé ailleurs.", "Déplacé ; c’est maintenant le paragraphe {number}."),
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
    data: "Данные",
    skip: "Перейти к документу",
    back: "Назад к ссылке",
    differences: "Различия между {from} и {to}",
    legend: "Подчеркнутые слова добавлены; зачеркнутые слова удалены.",
    edition: "изданием {number}",
    milestone: "этапом {number}",
    draft: "проектом",
    inserted: "добавлено",
    deleted: "удалено",
    end: "конец",
    moved_here: ("Перенесено сюда.", "Перенесено сюда; прежде это был пункт {number}."),
    moved_away: ("Перенесено в другое место.", "Перенесено; теперь это пункт {number}."),
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
    data: "Datos",
    skip: "Ir al documento",
    back: "Volver a la llamada",
    differences: "Diferencias entre {from} y {to}",
    legend: "Las palabras subrayadas son nuevas; las tachadas se han suprimido.",
    edition: "la edición {number}",
    milestone: "la etapa {number}",
    draft: "el borrador",
    inserted: "añadido",
    deleted: "suprimido",
    end: "fin",
    moved_here: ("Trasladado aquí.", "Trasladado aquí; era el párrafo {number}."),
    moved_away: ("Trasladado a otro lugar.", "Trasladado; ahora es el párrafo {number}."),
};
