"""The names of months in many languages."""

from __future__ import annotations

import re
import unicodedata

# full names and abbreviations; an entry of a language is left out where another language has it already
_MONTH_NAMES = (
    "january jan januar jän jänner janvier janv enero ene gennaio gen janeiro januari ocak oca styczeń stycznia sty "
    "leden ledna január január ianuarie ian siječanj siječnja januára tammikuu tammikuuta sausio sausis "
    "январь января янв "
    "січень січня януари ιανουάριος ιανουαρίου يناير ינואר जनवरी januarie enero januaro",
    "february feb februar febr février fév févr febrero febbraio fevereiro fev februari şubat şub luty "
    "lutego lut únor února "
    "február februarie veljača veljače helmikuu helmikuuta vasario февраль февраля фев февр лютий лютого "
    "февруари φεβρουάριος "
    "φεβρουαρίου فبراير شباط פברואר फरवरी",
    "march mar märz mrz maerz mars marzo março maart mrt mart marca marzec březen března március márc "
    "martie ožujak ožujka "
    "maaliskuu maaliskuuta kovo март марта мар березень березня μάρτιος μαρτίου مارس آذار מרץ मार्च",
    "april apr avril avr abril abr aprile nisan nis kwiecień kwietnia kwi duben dubna április ápr "
    "aprilie travanj travnja "
    "huhtikuu huhtikuuta balandžio апрель апреля апр квітень квітня април απρίλιος απριλίου أبريل نيسان אפריל अप्रैल",
    "may mai mayo maggio mag maio mei mayıs maj maja květen května május máj svibanj svibnja toukokuu "
    "toukokuuta gegužės "
    "май мая травень травня μάιος μαΐου مايو أيار מאי मई mayo",
    "june jun juni juin junio giugno giu junho haziran haz czerwiec czerwca cze červen června június jún "
    "iunie lipanj lipnja "
    "kesäkuu kesäkuuta birželio июнь июня июн червень червня юни ιούνιος ιουνίου يونيو حزيران יוני जून",
    "july jul juli juillet juil julio luglio lug julho temmuz tem lipiec lipca červenec července július "
    "júl iulie srpanj "
    "srpnja heinäkuu heinäkuuta liepos июль июля июл липень липня юли ιούλιος ιουλίου يوليو تموز יולי जुलाई",
    "august aug août agosto ago augustus ağustos ağu sierpień sierpnia sie srpen augusztus kolovoz kolovoza augusti "
    "elokuu elokuuta rugpjūčio август августа авг серпень серпня αύγουστος αυγούστου أغسطس آب אוגוסט अगस्त",
    "september sep sept septembre septiembre settembre set sett setembro eylül eyl wrzesień września wrz "
    "září szeptember szept "
    "septembrie rujan rujna syyskuu syyskuuta rugsėjo сентябрь сентября сен сент вересень вересня "
    "септември σεπτέμβριος "
    "σεπτεμβρίου سبتمبر أيلول ספטמבר सितंबर",
    "october oct oktober okt octobre octubre ottobre ott outubro out ekim eki październik października "
    "paź říjen října "
    "október octombrie listopada lokakuu lokakuuta spalio октябрь октября окт жовтень жовтня октомври "
    "οκτώβριος οκτωβρίου "
    "أكتوبر אוקטובר अक्टूबर",
    "november nov novembre noviembre novembro kasım kas listopad listopadu noiembrie studeni studenoga marraskuu "
    "marraskuuta lapkričio ноябрь ноября ноя нояб листопада ноември νοέμβριος νοεμβρίου نوفمبر נובמבר नवंबर",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro aralık ara grudzień grudnia gru prosinec "
    "prosince decembrie prosinac prosinca desember des joulukuu joulukuuta gruodžio декабрь декабря дек "
    "грудень грудня "
    "декември δεκέμβριος δεκεμβρίου ديسمبر דצמבר दिसंबर",
)

#: A line (or two that are one text) for a language, January to December.
_YEARS = (
    "januari februari maret april mei juni juli agustus september oktober november desember",  # Indonesian
    "jan pebruari mac apr mei jun julai ogos sep okt nopember disember",  # Malay, and older Indonesian
    "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",  # Catalan
    "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",  # Galician
    "urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren irailaren urriaren "
    "azaroaren abenduaren",  # Basque
    "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",  # Icelandic
    "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",  # Estonian
    "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",  # Latvian
    "janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī decembrī",
    "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",  # Lithuanian
    "januar februar marec april maj junij julij avgust september oktober november december",  # Slovenian
    "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra",  # Serbian, Bosnian
    "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
    "јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра",
    "јануари февруари март април мај јуни јули август септември октомври ноември декември",  # Macedonian
    "януари февруари март април май юни юли август септември октомври ноември декември",  # Bulgarian
    "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня",  # Belarusian
    "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",  # Albanian
    "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",  # Azerbaijani
    "yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr",  # Uzbek
    "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",  # Kazakh
    "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი",  # Georgian
    "հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի "
    "դեկտեմբերի",  # Armenian
    "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου "
    "δεκεμβρίου",  # Greek
    "ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
    "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",  # Bengali
    "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्तूबर नवंबर दिसंबर",  # Hindi
    "जन फर मार्च अप्रै मई जून जुल अग सित अक्टू नव दिस",
    "जानेवारी फेब्रुवारी मार्च एप्रिल मे जून जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर",  # Marathi
    "ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்",  # Tamil
    "జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జులై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్",  # Telugu
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",  # Thai
    "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",  # Urdu
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",  # Persian, of the Gregorian year
    "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",  # Arabic of the Maghreb
    "كانونـالثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرينـالأول تشرينـالثاني كانونـالأول",  # of the Levant
    "januarie februarie maart april mei junie julie augustus september oktober november desember",  # Afrikaans
    "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",  # Swahili
    "enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre",  # Filipino
    "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",  # Welsh
)
_TWO_WORDS = re.compile("(كانون|تشرين) (?=ال)")


def plain(word: str) -> str:
    """Return *word* in small letters and without accents."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))


def spelled_in_one(text: str) -> str:
    """Return *text*, of the same length, with the Arabic months of two words as one."""
    return _TWO_WORDS.sub(r"\1ـ", text)


def _numbers() -> dict[str, int]:
    found: dict[str, int] = {}
    for number, names in enumerate(_MONTH_NAMES, 1):
        for name in names.split():
            found.setdefault(plain(name), number)
    for year in _YEARS:
        for number, name in enumerate(year.split(), 1):
            found.setdefault(plain(name), number)
    return found


MONTHS = _numbers()  #: the number of each month, by its plain() name
