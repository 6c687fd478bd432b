"""A short news story of our own, in paragraphs, into which a test puts the sentence that it is about."""

STORY = [
    "The town of Ashford will close its only swimming pool on 4 May, the council decided on Monday.",
    "Repairs to the roof would cost 2.3 million euros, according to an estimate by the architect Jonas Weber.",
    "Mayor Ilse Brandt said the decision “hurts all of us”.",
    "Swimming clubs with 640 members will have to train in Millbrook, 18 kilometres away.",
    "A vote of the citizens on a new building is planned for September.",
    "The pool was opened in 1974 by the engineer Karl Amsel and has been repaired twice since.",
    "Entrance fees have not changed since 2012 and cover a fifth of the running costs.",
    "Parents in the district of Norden collected 3,100 signatures against the closure in March.",
    *(
        f"The harbour of Ashford has quay number {n} and a shed for nets, ropes and old engines."
        for n in range(5)
    ),
]
