"""Names put right: letters the model lost or added, and nothing that English writes otherwise."""

import pytest

from translate.sentences.english.respelling import respell


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        (
            "Le barrage de l'Aubrette rouvre.",
            "The barrage of the Abubrette is reopening.",
            "The barrage of the Aubrette is reopening.",
        ),
        (
            "C'est ce qu'a dit Maryvonne Castelnau.",
            "This is what Marvonne Castelnau's office said.",
            "This is what Maryvonne Castelnau's office said.",
        ),
        (
            "Il a rencontré Ségolène Amiez à Arcachon, puis Ségolène seule.",
            "He met Segoolne Amez in Arachon, then Segoolne alone.",
            "He met Ségolène Amiez in Arcachon, then Ségolène alone.",
        ),
    ],
)
def test_a_misspelt_name_is_spelt_as_in_the_source(source: str, text: str, expected: str) -> None:
    assert respell(text, source) == expected


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Le président Poutine est à Moscou.", "President Putin is in Moscow."),
        ("Il vise le chef d'al-Qaïda.", "He is targeting the head of al-Qaeda."),
        ("Cela vient de Tchernobyl.", "That comes from Chernobyl."),
        ("La région d'Occitanie paie.", "The region of Occitania is paying."),
        ("C'est en Syrie et en Russie.", "That is in Syria and in Russia."),
        ("Elle a vu Marie hier.", "She saw Mary yesterday."),
        ("Il parle de Zélensky.", "He speaks of Zelensky."),
        ("Il parle de l'OTAN et de Macron.", "He speaks of NATO and of Macron."),
        ("Le maire a vu Durand et Durant.", "The mayor saw Durand and Durant."),
        ("", ""),
    ],
)
def test_what_english_writes_otherwise_stays(source: str, text: str) -> None:
    assert respell(text, source) == text


def test_a_name_that_resembles_two_goes_to_the_nearest() -> None:
    source = "Selon Castelnau et Castelnaudary, rien ne change."
    assert respell("According to Castelnaudry and Castelnau, nothing changes.", source) == (
        "According to Castelnaudary and Castelnau, nothing changes."
    )


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("Le pilote Romain Grosjean a gagné.", "Pilot Roman Grosjean won.", "Pilot Romain Grosjean won."),
        ("Seuls Zurich et Berne ont voté.", "Only Zurich and Bern voted.", "Only Zurich and Bern voted."),
        ("Marie Dupont et Rémi Garde.", "Mary Dupont and Remi Garde.", "Marie Dupont and Rémi Garde."),
        ("Noël Mamère a réagi.", "Christmas Mamère reacted.", "Noël Mamère reacted."),
        ("François Hollande est venu.", "Francis Hollande came.", "François Hollande came."),
        ("Le président Emmanuel Macron parle.", "President Macron speaks.", "President Macron speaks."),
        ("Jean-Paul II est mort.", "John Paul II died.", "John Paul II died."),
        ("Vladimir Poutine arrive.", "Vladimir Putin arrives.", "Vladimir Putin arrives."),
        ("La Nouvelle Zélande gagne.", "New Zealand wins.", "New Zealand wins."),
        ("En Syrie AFP", "In Syria AFP", "In Syria AFP"),
    ],
)
def test_first_names_stay_french(source: str, text: str, expected: str) -> None:
    assert respell(text, source) == expected
