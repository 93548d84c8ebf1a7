"""Habitual mistakes put right after the model, and nothing else touched."""

from __future__ import annotations

import pytest

from translate.sentences.english.mending import mend


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("Il aurait été vu à Nice.", "He would have been seen in Nice.", "He is said to have been seen in Nice."),
        ("Douze auraient été tués.", "Twelve would have been killed.", "Twelve are said to have been killed."),
        ("Le suspect aurait également fui.", "He would also have fled.", "He is also said to have fled."),
        ("Le navire se serait échoué.", "The ship would have run aground.", "The ship is said to have run aground."),
        ("Ils l'auraient frappé.", "They'd have hit him.", "They are said to have hit him."),
        ("Elle n'aurait pas été tuée là.", "She would not have been killed.", "She is said not to have been killed."),
        ("Publié le 16 octobre à 06:15", "Published on 16 October to 06:15", "Published on 16 October at 06:15"),
        ("Il est arrivé vers 05:00.", "He arrived to 05:00.", "He arrived at about 05:00."),
        ("Il est arrivé vers 05:00.", "He arrived at 05:00.", "He arrived at about 05:00."),
        ("La femme, 30 ans, aurait fui.", "The woman, 30, would have fled.", "The woman, 30, is said to have fled."),
        ("Le suspect serait en fuite.", "The suspect would be on the run.", "The suspect is said to be on the run."),
        ("Deux seraient toujours là.", "Two would still be there.", "Two are said to still be there."),
        ("Une tour de neuf étages", "A nine-stage tower", "A nine-storey tower"),
        ("Le maire, lui, refuse.", "The mayor, for him, refuses.", "The mayor, meanwhile, refuses."),
        ("Deux drones ont été abattus.", "Two drones were shot dead.", "Two drones were shot down."),
        ("Il n'a eu « aucun regret ».", 'He did not have "no regret".', 'He did not have "any regret".'),
        ("Me Karim Berton a fait appel.", "Me Karim Berton appealed.", "Karim Berton appealed."),
        ("Un lycée sur quatre.", "A high school on four.", "One high school in four."),
        ("Et un TGV sur trois est annulé.", "And a TGV in three is off.", "And one TGV in three is off."),
        ("Une quarantaine de morts.", "A quarantine of dead.", "About forty dead."),
        (
            "Il y a une vingtaine de pompiers.",
            "There are a twenty firefighters.",
            "There are about twenty firefighters.",
        ),
        ("Il est en recul de 1,6 point.", "It is down from 1.6 points.", "It is down by 1.6 points."),
        ("La 42e édition", "The 42th edition", "The 42nd edition"),
        ("Un but (82e, 90e+3)", "A goal (82e, 90e+3)", "A goal (82nd, 90th+3)"),
        ("Il était 21:15.", "He was 21:15.", "It was 21:15."),
        ("UNE DETTE DE 5 EUROS", "A debt of EUR 5", "A debt of €5"),
        ("Le 13e et le 21e", "The 13rd and 21th", "The 13th and 21st"),
        ("Les députés votent.", "MEPs vote.", "MPs vote."),
        ("Il vaut 3 milliards d'euros.", "It is worth EUR 3 billion.", "It is worth €3 billion."),
        ("EN DIRECT - Grève du métro", "Live - strike of the metro", "Live - Strike of the metro"),
    ],
)
def test_a_habit_is_put_right(source: str, text: str, expected: str) -> None:
    assert mend(text, source) == expected


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("S'il avait su, il aurait été là.", "If he had known, he would have been there."),
        ("Un tel accord aurait permis la paix.", "Such a deal would have allowed peace."),
        ("Cela aurait été une erreur.", "That would have been a mistake."),
        ("Il aurait pu venir.", "He would have been able to come."),
        ("Elle aurait eu 102 ans le 9 mars.", "She would have been 102 on 9 March."),
        ("Elle chante « Call Me Maybe ».", "She sings “Call Me Maybe”."),
        ("Me Too a libéré la parole.", "Me Too freed speech."),
        ("L'eurodéputée vote.", "The MEP votes."),
        ("Personne n'aurait cru cela.", "Nobody would have believed it."),
        ("La mesure serait encore plus chère.", "The measure would be even dearer."),
        ("En cas de crise, ils seraient soupçonnés.", "In a crisis, they would be suspected."),
        ("Le vol à deux étapes", "The two-stage house burglary"),
        ("Il est derrière.", "He was 10:05 behind."),
        ("Il n'a jamais dit « aucun commentaire ».", "He never said “no comment”."),
        ("Ce serait une erreur.", "It would be a mistake."),
        ("Si on l'attaque, ils seraient menacés.", "If attacked, they would be threatened."),
        ("Un soldat a été abattu.", "A soldier was shot dead."),
        ("Il n'a dit « aucun » mot.", 'He said "no" word.'),
        ("Il a dit qu'il aurait fini.", "He said he would have finished."),
        ("J'aurais aimé venir.", "I would have liked to come."),
        ("Il aurait été vu et il partira.", "He was seen and will leave."),
        ("Il est en quarantaine.", "He is in a quarantine."),
        ("Le taux est en hausse de 2 à 3 %.", "The rate is up from 2 to 3%."),
        ("La 11e et la 112e", "The 11th and 112th"),
        ("Les députés européens votent.", "MEPs vote."),
        ("Un chat sur le toit.", "A cat on the roof."),
        ("Ouvert de 09:00 à 17:00.", "Open from 09:00 to 17:00."),
        ("Ne me dis pas", "Tell Me not"),
        ("Le sigle EUR 3.", "The code EUR 3."),
    ],
)
def test_what_is_right_stays(source: str, text: str) -> None:
    assert mend(text, source) == text
