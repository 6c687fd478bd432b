"""Lines that are no sentences of an article: a quick look at how they begin must not lose any."""

import pytest

from bot.article.bylines import is_byline_class
from bot.article.lines import is_junk, is_notice, is_pointer, is_telling, opens_author_box, opens_comment_form

JUNK = """
(c) Harbour Wire
© Ada Fielding
[Photo: Ada Fielding]
AFP via Getty Images
AP Photo
Advertentie
Advertisement
Anzeige
Article continues below this advertisement
Associated Press
Auch interessant
Aufmacherbild: Ada Fielding
Beeld: Ada Fielding
Beitragsbild: Ada Fielding
Bild: Ada Fielding
Bildquelle: Ada Fielding
Book now
Buy now
Cancel reply
Ceci peut vous intéresser
Cela peut vous intéresser
Click to share on Facebook
Copy link
Cover by Ada Fielding
Credit: Ada Fielding
Crédit photo : Ada Fielding
Ça peut vous intéresser
Das könnte Sie auch interessieren
Deixe um comentário
Deja un comentario
Dies könnte dich auch interessieren
Dit vind je misschien ook leuk
Do you have a story for us? Write to the desk.
E-mail (required)
Email
En savoir plus
Facebook
Featured image: the ferry
Find out more
Follow us on Twitter for more
For more stories like this, look at the harbour page
Foto: Ada Fielding
Get started
Getty Images
Got a tip?
Grafik: Ada Fielding
Have a story?
Header image: Ada Fielding
Illustration: Ada Fielding
Image: Ada Fielding
Imago Images
Immagine: Ada Fielding
Inhaltsverzeichnis
iStockphoto
Jetzt kaufen
Kommentar schreiben
Laisser un commentaire
Lascia un commento
Le puede interesar
Learn more
Leave a reply
Leer más
Lees meer
Leggi tutto
Les puede interesar
Like this:
LinkedIn
Lire la suite
Lo más leído
Loading...
Más información
Meest gelezen
Mehr erfahren
Meist-gelesen
Name (required)
No ratings yet
Noch keine Bewertungen
Notify me of new comments by email.
Pexels
Photo: Ada Fielding
Picture alliance
Pictured above: the ferry at dawn
Pin it
Pixabay
Please sign up for our daily newsletter
Post a comment
Potrebbe interessarti anche
Print
Pubblicità
Publicidad
Publicité
Quelle: Ada Fielding
Read more
Required fields are marked *
Reuters
Save my name, email and website in this browser
Schon gelesen?
Scopri di più
Screenshot: Ada Fielding
See more
Share this article
Shop now
Shutterstock
Sign up for our morning newsletter
Skip to content
Story continues below
Subscribe to our weekly newsletter
Table of contents
También te puede interesar
Te puede interesar
This article may contain affiliate links
Titelbild: Ada Fielding
Tweet
Twitter
Unsplash
Video: Ada Fielding
View all
Você pode gostar também
Vous aimerez aussi
Weiterlesen
Werbung
WhatsApp
Wikimedia Commons
Write a comment
You may also like
You must be logged in to post a comment.
Your email address will not be published.
コメントを残す
写真：港の船
Ada Fielding / Getty Images
""".strip().split("\n")

POINTERS = """
À lire aussi: the old cannery
Also read: the old cannery
Bekijk ook: the old cannery
Czytaj też: the old cannery
Don't miss: the old cannery
Guarda anche: the old cannery
Læs også: the old cannery
Lea también: the old cannery
Leia também: the old cannery
Les også: the old cannery
Lesen Sie auch: the old cannery
Lesetipp: the old cannery
Lire aussi: the old cannery
Listen: the old cannery
Mehr zum Thema: the old cannery
Mira: the old cannery
More: the old cannery
Potrebbe interessarti: the old cannery
Read also: the old cannery
Recommended: the old cannery
Related: the old cannery
Saiba mais: the old cannery
See also: the old cannery
Siehe auch: the old cannery
Veja também: the old cannery
Ver también: the old cannery
Watch: the old cannery
Zobacz też: the old cannery
Читайте также: the old cannery
関連記事：the old cannery
""".strip().split("\n")

NOTICES = """
*Correction: It was Monday.
Actualización: It was Monday.
Aggiornamento: It was Monday.
Aktualisiert: It was Monday.
Anmerkung der Redaktion: It was Monday.
Atualização: It was Monday.
Berichtigung: It was Monday.
Clarification: It was Monday.
Correctie: It was Monday.
Editor's note: It was Monday.
Errata corrige: It was Monday.
Fe de errores: It was Monday.
Hinweis der Redaktion: It was Monday.
Korrektur: It was Monday.
Mise à jour : It was Monday.
Naschrift: It was Monday.
Nota del editor: It was Monday.
Opdatering: It was Monday.
Oppdatering: It was Monday.
Précision : It was Monday.
Rättelse: It was Monday.
Rectificatie: It was Monday.
Rettelse: It was Monday.
Richtigstellung: It was Monday.
Sprostowanie: It was Monday.
This article was corrected on Monday.
Update: It was Monday.
Uppdatering: It was Monday.
【訂正】月曜日でした
追記：月曜日でした
""".strip().split("\n")

TAILS = """
About the author
À propos de l’auteur
Author bio
L'autore
Leave a reply
Over de auteur
Sobre el autor
Über die Autorin
Zur Person des Autors
""".strip().split("\n")


@pytest.mark.parametrize("line", JUNK)
def test_lines_of_the_frame_are_junk_and_seen_at_a_glance(line: str) -> None:
    assert is_junk(line)
    assert is_telling(line)


@pytest.mark.parametrize("line", POINTERS)
def test_pointers_to_other_articles_are_seen_at_a_glance(line: str) -> None:
    assert is_pointer(line, 1.0)
    assert is_telling(line)


@pytest.mark.parametrize("line", NOTICES)
def test_notices_are_seen_at_a_glance(line: str) -> None:
    assert is_notice(line)
    assert is_telling(line)


@pytest.mark.parametrize("line", TAILS)
def test_what_heads_the_tail_of_a_page_is_seen_at_a_glance(line: str) -> None:
    assert opens_author_box(line) or opens_comment_form(line)
    assert is_telling(line)


@pytest.mark.parametrize("line", ["The ferry left at dawn.", "“We saw it,” she said.", "1,200 people came."])
def test_prose_is_not_looked_at_twice(line: str) -> None:
    assert not is_telling(line)


@pytest.mark.parametrize(
    "name",
    """
    by-line byline bylines author post-authors autor autoren autorin verfasser writer journalist creator written-by
    writtenby posted-by postedby contributor byl reporter vcard auteur autore authorName article_byline storyAuthor
    """.split(),
)
def test_class_names_of_bylines_are_known(name: str) -> None:
    assert is_byline_class(f"row {name} small")
    assert not is_byline_class("row small")
