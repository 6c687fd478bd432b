"""The promises of a card in every language with a table, and a clean lead in any other."""

import pytest

from bot.summary import summarise
from bot.summary.lexicon import lexicon
from bot.summary.quotes import balanced

#: Language: what must not open a card, what leans on it, and a story whose first sentence should.
STORIES = {
    "en": (
        ["Photo: Kay Lindqvist / Portside", "What will become of the pool in Ashford?"],
        "However, she called it careful.",
        "The town of Ashford will close its pool on 4 May, the council decided on Monday. "
        "Repairs would cost 2.3 million euros, according to the architect Jonas Weber. "
        "Mayor Ilse Brandt said: “The roof is not safe.” Clubs with 640 members will train in Millbrook.",
    ),
    "de": (
        ["Foto: Kay Lindqvist / Hafenbild", "Was wird aus dem Bad in Birkenau?"],
        "Allerdings nannte sie das vorsichtig.",
        "Die Stadt Birkenau schließt ihr Bad am 4. Mai, das hat der Rat am Montag beschlossen. "
        "Die Reparatur würde laut dem Architekten Jonas Weber 2,3 Millionen Euro kosten. "
        "Bürgermeisterin Ilse Brandt sagte: „Das Dach ist nicht sicher.“ Vereine mit 640 Mitgliedern üben in Norden.",
    ),
    "fr": (
        ["Photo : Kay Lindqvist / Portside", "Que va devenir la piscine de Valcourt ?"],
        "Cependant, elle a parlé de prudence.",
        "La ville de Valcourt fermera sa piscine le 4 mai, a décidé le conseil lundi. "
        "Les travaux coûteraient 2,3 millions d'euros, selon l'architecte Jean Morel. "
        "La maire Anne Brandt a déclaré : « Le toit n'est pas sûr. » Des clubs de 640 membres iront à Norville.",
    ),
    "es": (
        ["Foto: Kay Lindqvist / Portside", "¿Qué será de la piscina de Valcorta?"],
        "Sin embargo, ella habló de prudencia.",
        "La ciudad de Valcorta cerrará su piscina el 4 de mayo, decidió el consejo el lunes. "
        "Las obras costarían 2,3 millones de euros, según el arquitecto Juan Moral. "
        "La alcaldesa Ana Brandt dijo: «El techo no es seguro». Clubes con 640 miembros irán a Norvila.",
    ),
    "pt": (
        ["Foto: Kay Lindqvist / Portside", "O que será da piscina de Valcorta?"],
        "No entanto, ela falou em prudência.",
        "A cidade de Valcorta vai fechar a piscina no dia 4 de maio, decidiu o conselho na segunda-feira. "
        "As obras custariam 2,3 milhões de euros, segundo o arquiteto João Moral. "
        "A prefeita Ana Brandt disse: “O telhado não é seguro.” Clubes com 640 membros vão para Norvila.",
    ),
    "it": (
        ["Foto: Kay Lindqvist / Portside", "Che ne sarà della piscina di Valcorta?"],
        "Tuttavia, lei ha parlato di prudenza.",
        "La città di Valcorta chiuderà la piscina il 4 maggio, ha deciso il consiglio lunedì. "
        "I lavori costerebbero 2,3 milioni di euro, secondo l'architetto Gianni Morale. "
        "La sindaca Anna Brandt ha detto: «Il tetto non è sicuro». Società con 640 soci andranno a Norvilla.",
    ),
    "nl": (
        ["Foto: Kay Lindqvist / Portside", "Wat gebeurt er met het zwembad van Valkoort?"],
        "Maar zij noemde dat voorzichtig.",
        "De stad Valkoort sluit haar zwembad op 4 mei, besloot de raad maandag. "
        "De reparatie zou volgens architect Jan de Moor 2,3 miljoen euro kosten. "
        "Burgemeester Anna Brandt zei: “Het dak is niet veilig.” Clubs met 640 leden gaan naar Noordwijde.",
    ),
    "ja": (
        ["写真:林田圭", "市民プールはどうなるのか?"],
        "しかし、彼女は慎重だと述べた。",
        "芦辺市は市民プールを五月四日に閉鎖すると、市議会が月曜日に決定した。"
        "建築家の林田氏によると、屋根の修理には二億三千万円かかる見通しだ。"
        "市長は「屋根は安全ではない」と述べた。六百四十人の会員は隣の北野市で練習する予定だ。",
    ),
    "zh": (
        ["图片:林田", "市民游泳池会怎么样?"],
        "但是,她说这很谨慎。",
        "芦边市将于五月四日关闭唯一的游泳池,市议会星期一作出决定。"
        "据建筑师林田估计,屋顶的修理费用将达两百三十万元。"
        "市长表示:“屋顶不安全。”六百四十名会员将到邻近的北野市训练。",
    ),
}
FILLER = {
    "en": "The harbour of Ashford has quay number {n} and a shed for nets and old engines.",
    "de": "Der Hafen von Birkenau hat den Kai Nummer {n} und einen Schuppen für Netze.",
    "fr": "Le port de Valcourt a un quai numéro {n} et un hangar pour les filets.",
    "es": "El puerto de Valcorta tiene el muelle número {n} y un cobertizo para redes.",
    "pt": "O porto de Valcorta tem o cais número {n} e um armazém para redes.",
    "it": "Il porto di Valcorta ha il molo numero {n} e un capannone per le reti.",
    "nl": "De haven van Valkoort heeft kade nummer {n} en een loods voor netten.",
    "ja": "芦辺港には第{n}埠頭と網を入れる倉庫がある。",
    "zh": "芦边港有第{n}号码头和存放渔网的仓库。",
}


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("given", [True, False])
def test_a_card_begins_with_the_story_and_leans_on_nothing(language: str, given: bool) -> None:
    before, leaning, story = STORIES[language]
    rest = [FILLER[language].format(n=n) for n in range(3, 15)]
    text = "\n".join([*before, story, *rest[:6], leaning, *rest[6:]])

    summary = summarise("", text, language=language if given else None)

    shown = [one.text for one in (*summary.sentences, *summary.facts)]
    assert not summary.whole_text
    assert summary.sentences[0].start == text.index(story)
    assert not set(before) & set(shown)
    assert all(map(balanced, shown))
    words = lexicon(language)
    assert not [
        one for one in (summary.sentences[0].text, *(f.text for f in summary.facts)) if words.leans.match(one)
    ]
    assert leaning not in [fact.text for fact in summary.facts]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "fi",
            "Kaupunki {n} sulkee uimahallinsa toukokuussa, kertoi valtuusto maanantaina pitkän kokouksen jälkeen.",
        ),
        ("th", "เทศบาลเมืองที่ {n} จะปิดสระว่ายน้ำในเดือนพฤษภาคมตามมติของสภาเมื่อวันจันทร์"),
        ("ar", "قرر مجلس المدينة رقم {n} إغلاق المسبح في شهر مايو بعد نقاش طويل."),
    ],
)
@pytest.mark.parametrize("given", [True, False])
def test_another_language_gets_its_first_whole_sentences(language: str, sentence: str, given: bool) -> None:
    lines = [sentence.format(n=n) for n in range(40)]

    summary = summarise("", "\n".join(lines), language=language if given else None, max_chars=400)

    shown = [one.text for one in summary.sentences]
    assert shown
    assert shown == lines[: len(shown)]
    assert summary.facts == ()
