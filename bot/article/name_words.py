"""Words that stand in and around names: agencies, occupations, titles, what systems write where nobody signed."""

from __future__ import annotations

PARTICLES = frozenset(
    "de del della der den van von vom zu zur la le da das dos du di el al bin ben ibn y af av ten ter te e i "
    "st san santa".split()
)
AGENCIES = frozenset(
    "afp ansa ap apa ats belga bbc cnn cp cna ddp dpa dts efe epd epa europapress reuters interfax "
    "itar-tass itar jiji "
    "kna kyodo ians lusa mti mdr ndr nos npr ntb orf ard zdf pa pap pti rai ria ritzau rtl sda sid srf stt tass "
    "tanjug tt ttn unian upi wdr xinhua yonhap keystone-sda bloomberg adnkronos agi anp aap nzherald presstext ots "
    "newsroom euronews onlinefocus ajansı ajans haber".split()
)
ORGANISATION_WORDS = AGENCIES | frozenset(
    "press presse news nachrichten staff team teams editors editorial redaktion redaktionsteam redaktionen redacción "
    "redaccion rédaction redaction redazione redactie redakcja redakce redaksi toimitus redaktionsnetzwerk agency "
    "agencia agência agenzia agence agentur agenturen agenturmeldung associated desk bureau magazin magazine zeitung "
    "zeitschrift online digital media medien network netzwerk foundation stiftung gmbh ag eg inc ltd llc "
    "verband verein "
    "university universität universitaet université universidad institut institute instituto istituto pressestelle "
    "pressemitteilung presseportal services service reports submissions ministerium ministry partei wikipedia "
    "community official blog gruppe group company corporation corp webteam verlag radio tv fernsehen ufficio "
    "comunicato comunicación times post journal daily herald tribune gazette guardian telegraph chronicle observer "
    "today zeitungen website webredaktion onlineredaktion sportredaktion wirtschaftsredaktion contributors "
    "correspondents reporters board e.v ev kg se plc council committee association society club partners labs lab "
    "studio studios store shop gov com net org tageblatt kurier anzeiger blatt rundschau wire publishing publisher "
    "administration department office church kirche gemeinde stadt amt polizei feuerwehr hochschule school "
    "programme program project projekt initiative trust fund fonds centre center zentrum "
    "academy akademie kammer bund bundesverband federation party alliance union newswire prnewswire "
    "編集部 編集局 新聞 新聞社 通信 デジタル オンライン 取材班 社 뉴스 편집부 편집국 신문 日报 报社 "
    "通讯社 新华社 记者站 "
    "редакция новости агентство тасс риа рбк ντοπιο σύνταξη συντακτική تحرير وكالة וואלה מערכת".split()
)
ROLES = frozenset(
    "editor editors reporter reporters writer writers correspondent correspondents columnist contributor contributing "
    "journalist journalists journalistin journaliste periodista giornalista redakteur redakteurin redakteure "
    "korrespondent korrespondentin autor autorin author authors staff producer director analyst phd ph.d "
    "md m.d senior "
    "junior chief professor fellow host intern deputy managing executive freelance freelancer special "
    "president ceo cto cfo "
    "founder co-founder leiter leiterin chefredakteur chefredakteurin ressortleiter ressortleiterin volontär "
    "volontärin praktikant praktikantin photographer fotograf fotografin reporterin mitarbeiter freier freie "
    "politics political business sports sport science health technology world national opinion investigations "
    "investigative assistant associate video digital news lead head coach moderator follow contact share "
    "stand aktualisiert uhr lesezeit minuten min read published updated update posted comments comment kommentare "
    "jetzt time am pm bio profile profil journaliste rédacteur rédactrice redactor redactora "
    "caporedattore editorialist "
    "kolumnist kolumnistin gastautor gastautorin publisher manager consultant spokesperson pressesprecher "
    "pressesprecherin chefreporter chefreporterin".split()
)
TITLES = frozenset(
    "dr prof mag mr mrs ms miss drs ing dipl dipl.-ing herr frau med phil rer nat jur habil".split()
)
NOBODY = frozenset(
    "admin admins administrator administrateur administrador amministratore root superuser super user "
    "user users webmaster "
    "editor editors editorial redaktion redacción redaccion redazione rédaction staff guest guests gast "
    "gastautor gastbeitrag "
    "anonymous anonym anonymus unknown unbekannt none null undefined na n/a nil test tester author "
    "authors autor autorin "
    "autoren verfasser verfasserin team newsroom contributor contributors writer zvg imago getty share "
    "follow subscribe "
    "more published updated posted comment comments kommentar kommentare facebook twitter instagram linkedin whatsapp "
    "youtube home startseite menu menü search suche about datenschutz impressum privacy login logout default system "
    "bot feed rss wordpress by von and und the mehr folgen contact kontakt email e-mail mail print drucken teilen "
    "profil profile website web newsletter abo abonnieren artikel article uhr video photo foto bild image images "
    "read us me you it news weiterlesen x tiktok telegram pinterest reddit copy link kopieren cookies anzeige "
    "werbung advertisement sponsored redirect source quelle quellen text next previous back zurück weiter oben top "
    "tags tag kategorien kategorie category categories politik wirtschaft kultur sport panorama wissen "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag monday tuesday wednesday thursday friday "
    "saturday sunday lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado "
    "lunedì martedì mercoledì giovedì venerdì".split()
)
#: The commonest family names of China, Taiwan, Korea (one character) and Japan (two): they begin a name.
EASTERN_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖田董"
    "袁潘于蒋蔣蔡余杜叶葉程苏蘇魏"
    "吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范金石廖贾賈夏韦韋方白邹鄒孟熊秦邱江尹薛段雷侯龙龍史陶黎贺賀顾顧毛"
    "郝龚龔邵万萬钱錢严嚴赖賴洪"
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함"
    "변염여추도소석선설마길연위표명기"
) | frozenset(
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 山本 中村 小林 加藤 吉田 山田 佐々 山口 松本 井上 木村 斎藤 清水 "
    "山崎 池田 橋本 阿部 石川 小川 前田 "
    "藤田 後藤 岡田 長谷 石井 村上 近藤 坂本 遠藤 青木 藤井 西村 福田 太田 三浦 藤原 岡本 松田 中島 中野 "
    "原田 小野 田村 竹内 金子 和田 中山 "
    "石田 上田 森田 柴田 宮崎 酒井 工藤 横山 宮本 内田 高木 安藤 島田 谷口 大野 丸山 今井 高田 河野 武田 "
    "藤本 上野 杉山 千葉 村田 増田 小島 "
    "大塚 平野 久保 渡部 松井 菊地 岩崎 桜井 野口 松尾 木下 野村 菊池 佐野 大西 杉本 新井 浜田 市川 古川 "
    "水野 小松 島崎".split()
)
